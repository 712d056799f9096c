"""Files as other programs write them: what they say comes in, and an export beside the photos changes no byte."""

from __future__ import annotations

import base64
import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from making import make_photo

from engine.formats.registry import guess_format
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.failures import ProjectError
from engine.project.history.history import redo, undo
from engine.project.label_state import YES
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.take_snapshot import take_snapshot
from engine.stages.exporting.beside_files import WrittenBeside, follow_history
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, Imported, TakeAs, read_source
from engine.stages.labelling.add_photos import add_photos

XMP = """<x:xmpmeta xmlns:x='adobe:ns:meta/' x:xmptk='Image::ExifTool 12.57'>
<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
 <rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'
  xmlns:lr='http://ns.adobe.com/lightroom/1.0/' xmlns:digiKam='http://www.digikam.org/ns/1.0/'
  xmlns:xmpMM='http://ns.adobe.com/xap/1.0/mm/' xmlns:darktable='http://darktable.sf.net/'
  xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' darktable:xmp_version="5">
%s
 </rdf:Description>
</rdf:RDF></x:xmpmeta>
"""


def bag(name: str, *words: str, kind: str = "Bag") -> str:
    return f"  <{name}>\n   <rdf:{kind}>{''.join(f'<rdf:li>{word}</rdf:li>' for word in words)}</rdf:{kind}></{name}>"


def subject(*words: str) -> str:
    return bag("dc:subject", *words)


def lightroom(*words: str) -> str:
    return bag("lr:hierarchicalSubject", *words)


def digikam(*words: str) -> str:
    return bag("digiKam:TagsList", *words, kind="Seq")


def labelme(**more: Any) -> str:
    document = {"version": "5.4.1", "flags": {}, "shapes": [], "imagePath": "cat.jpg", "imageData": None, **more}
    return json.dumps(document, indent=2)


INNER = (
    "<xmpMM:Pantry><rdf:Bag><rdf:li rdf:parseType='Resource'>"
    + subject("giraffe")
    + "</rdf:li></rdf:Bag></xmpMM:Pantry><mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag>"
    "<rdf:li><rdf:Description><mwg-rs:Name>Rex</mwg-rs:Name>"
    + subject("a region's word")
    + "</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
)
SHAPE = {"label": "dog", "points": [[1, 1], [5, 5]], "group_id": None, "shape_type": "rectangle", "flags": {}}

CASES: dict[str, tuple[str, str | bytes, set[str]]] = {
    "exiftool": ("cat.jpg.xmp", XMP % subject("cat"), {"cat"}),
    "Lightroom": (
        "cat.xmp",
        XMP % (subject("Animals", "cat", "pets") + lightroom("Animals|pets|cat")),
        {"cat"},
    ),
    "digiKam": (
        "cat.jpg.xmp",
        XMP
        % (
            subject("cat", "Paris", "France")
            + lightroom("Animals|pets|cat", "Places|Europe|France|Paris")
            + digikam("Animals/pets/cat", "Places/Europe/France/Paris")
        ),
        {"cat", "Paris"},
    ),
    "a keyword that has others below it": (
        "cat.jpg.xmp",
        XMP % digikam("Places", "Places/Europe", "Places/Europe/France"),
        {"Places", "Europe", "France"},
    ),
    "one word under several parents": (
        "cat.jpg.xmp",
        XMP % (subject("Paris") + lightroom("Places|Paris", "People|Hilton|Paris", "Paris|Texas")),
        {"Paris", "Texas"},
    ),
    "twelve levels": ("cat.jpg.xmp", XMP % lightroom("|".join("abcdefghijkl")), {"l"}),
    "digiKam's own": (
        "cat.jpg.xmp",
        XMP
        % (
            subject("cat", "Color Label Red")
            + digikam("_Digikam_Internal_Tags_/Color Label Red", "_Digikam_root_tag_/Animals/cat")
        ),
        {"cat"},
    ),
    "darktable": (
        "cat.jpg.xmp",
        XMP
        % (
            bag("dc:subject", "cat", "changed", "jpg", kind="Seq")
            + bag("lr:hierarchicalSubject", "animals|cat", "darktable|changed", "darktable|format|jpg", kind="Seq")
        ),
        {"cat"},
    ),
    "structures": ("cat.jpg.xmp", XMP % (INNER + subject("cat")), {"cat"}),
    "structures alone": ("cat.jpg.xmp", XMP % INNER, set()),
    "other prefixes": (
        "cat.jpg.xmp",
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description xmlns="http://purl.org/dc/elements'
        '/1.1/"><subject><r:Bag><r:li>cat</r:li><r:li/><r:li><![CDATA[R&B]]></r:li></r:Bag></subject></r:Description>'
        "</r:RDF>",
        {"cat", "R&B"},
    ),
    "UTF-16 with CRLF": ("cat.jpg.xmp", (XMP % subject("cat")).replace("\n", "\r\n").encode("utf-16"), {"cat"}),
    "UTF-8 with a mark": ("cat.jpg.xmp", (XMP % subject("Käse")).encode("utf-8-sig"), {"Käse"}),
    "Latin-1": (
        "cat.jpg.xmp",
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + XMP % subject("Käse")).encode("latin-1"),
        {"Käse"},
    ),
    "labelme": ("cat.json", labelme(flags={"cat": True, "blurred": False}, shapes=[SHAPE]), {"cat", "dog"}),
    "labelme with the photo": (
        "cat.json",
        labelme(shapes=[SHAPE], imageData=base64.b64encode(os.urandom(13 * 2**20)).decode()),
        {"dog"},
    ),
    "labelme with what nobody reads": (
        "cat.json",
        '{"flags":{"cat":true},"shapes":[],"mine":[NaN,1e400,-Infinity,' + "9" * 5000 + '],"mine":1}',
        {"cat"},
    ),
    "X-AnyLabeling": ("cat.json", labelme(version="4.0.0", checked=True, tags=["Cat", "indoors"]), {"Cat", "indoors"}),
    "kohya": ("cat.txt", "1girl, solo, looking at viewer, cat", {"1girl", "solo", "looking at viewer", "cat"}),
    "YOLO": ("cat.txt", "0 0.716797 0.395833 0.216406 0.147222\n1 0.1 0.1 0.2 0.1 0.2 0.2\n", {"cat", "dog"}),
    "a diary": ("cat.txt", "We went to the zoo. It rained, and\nthe cat slept.\n", set()),
    "a caption": ("cat.txt", "a photo of a cat that sleeps on a red mat", set()),
    "nothing": ("cat.txt", "", set()),
}
"""Program to the name of its file beside `cat.jpg`, what it holds, and the labels that the photo has by it."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two photos, cat.jpg and dog.jpg, and labels that differ by capitals from what others write."""
    folder = tmp_path / "photos"
    for seed, name in enumerate(("cat.jpg", "dog.jpg")):
        make_photo(folder / name, seed)
    with Project.open(folder) as opened:
        use_label_set(opened, [NewLabel("cat"), NewLabel("dog")])
        add_photos(opened, Progress(), Cancellation())
        yield opened


def take(project: Project, path: Path, format_name: str | None = None) -> Imported:
    source = read_source(path, format_name)
    take_as = TakeAs.SUGGESTIONS if source.only_suggests else TakeAs.DECISIONS
    return carry_out(project, source, ImportChoice(take_as), Progress(), Cancellation())


def write(project: Project, format_name: str, **more: Any) -> WrittenBeside:
    request = ExportRequest(format_name, states="confirmed", beside=True, **more)
    result = export(project, request, None, Progress(), Cancellation())
    assert result.beside is not None
    return result.beside


def decided(project: Project, value: int = YES) -> dict[str, set[str]]:
    snapshot = take_snapshot(project)
    return {
        path: {label.name for label, one in zip(snapshot.labels, row, strict=True) if one == value}
        for path, row in zip(snapshot.paths, snapshot.decisions, strict=True)
    }


def files_in(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


@pytest.mark.parametrize("program", CASES)
def test_import_then_export_changes_no_byte(program: str, project: Project) -> None:
    name, content, labels = CASES[program]
    file = project.photos / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    if program == "YOLO":
        (project.photos / "classes.txt").write_text("cat\ndog\n")
    before = files_in(project.photos)
    if labels:
        wanted = {".xmp": "xmp", ".json": "labelme", ".txt": "yolo" if program == "YOLO" else "text"}
        assert guess_format(project.photos) == wanted[file.suffix]
        take(project, project.photos)
        names = {label.name.casefold() for label in label_set(project)}
        assert {one.casefold() for one in decided(project)["cat.jpg"]} == {one.casefold() for one in labels}
        assert names == {"cat", "dog"} | {one.casefold() for one in labels} | ({"blurred"} & names)
    for beside in ("text", "xmp", "labelme"):
        write(project, beside, sidecars="stem" if name == "cat.xmp" else "full")
        assert (project.photos / name).read_bytes() == before[name], beside


def test_what_is_in_structures_is_not_the_photos(project: Project) -> None:
    file = project.photos / "cat.jpg.xmp"
    file.write_text(XMP % INNER)
    use_label_set(project, [NewLabel("giraffe")])
    take(project, _table(project, "cat.jpg,giraffe"))
    assert write(project, "xmp").changed == 1
    text = file.read_text()
    # One of the document in the pantry, which stays, and those of the photo.
    assert text.count("<rdf:li>giraffe</rdf:li>") == 4
    before, added = XMP % INNER, len(text) - len(XMP % INNER)
    place = next(at for at, (one, other) in enumerate(zip(text, before, strict=False)) if one != other)
    assert text[:place] + text[place + added :] == before
    assert text[place:].startswith("<dc:subject>")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_what_is_added_is_all_that_changes(encoding: str, newline: str, project: Project) -> None:
    declared = "<?xml version='1.0' encoding='ISO-8859-1'?>\n" if encoding == "latin-1" else ""
    before = (declared + XMP % (subject("Käse") + "\n" + digikam("a/b"))).replace("\n", newline).encode(encoding)
    file = project.photos / "cat.jpg.xmp"
    file.write_bytes(before)
    use_label_set(project, [NewLabel("Löwe 🦁"), NewLabel("cat")])
    take(project, _table(project, "cat.jpg,Löwe 🦁"))
    assert write(project, "xmp").changed == 1
    after = file.read_bytes()
    rest = iter(after)
    assert all(byte in rest for byte in before)
    assert "Löwe" in after.decode(encoding)
    assert take(project, project.photos, "xmp").plan.same == 1
    undo(project)
    undone = undo(project)
    assert undone is not None
    follow_history(project, undone.edit_id, Progress(), Cancellation())
    assert file.read_bytes() == before


def test_a_label_within_a_path_gets_the_path_up_to_it(project: Project) -> None:
    file = project.photos / "cat.jpg.xmp"
    file.write_text(XMP % (subject("Paris", "France") + lightroom("Places|Europe|France|Paris")))
    use_label_set(project, [NewLabel("France")])
    take(project, _table(project, "cat.jpg,France"))
    write(project, "xmp")
    assert "<rdf:li>Places|Europe|France</rdf:li>" in file.read_text()
    assert "<rdf:li>France</rdf:li></rdf:Bag>" in file.read_text()  # as it was, and nowhere else
    assert file.read_text().count(">France<") == 2  # in the flat list, and digiKam's, which had none


def test_a_tree_of_tags_is_the_same_on_other_photos(project: Project) -> None:
    (project.photos / "cat.jpg.xmp").write_text(XMP % lightroom("Animals|pets|cat"))
    use_label_set(project, [NewLabel("dog")])
    take(project, project.photos, "xmp")
    take(project, _table(project, "dog.jpg,cat"))
    write(project, "xmp")
    text = (project.photos / "dog.jpg.xmp").read_text()
    assert "<rdf:li>Animals|pets|cat</rdf:li>" in text
    assert "<rdf:li>Animals/pets/cat</rdf:li>" in text


@pytest.mark.parametrize("beside", ["text", "labelme", "xmp"])
def test_undo_takes_every_byte_back_and_redo_writes_it_again(beside: str, project: Project) -> None:
    theirs = {"text": None, "labelme": ("dog.json", labelme(shapes=[SHAPE])), "xmp": ("dog.jpg.xmp", XMP % "")}[beside]
    if theirs:
        (project.photos / theirs[0]).write_text(theirs[1])
    take(project, _table(project, "cat.jpg,cat", "dog.jpg,cat"))
    before = files_in(project.photos)
    assert write(project, beside).changed == 2
    written = files_in(project.photos)
    undone = undo(project)
    assert undone is not None
    assert undone.files_changed
    assert undone.title == f"wrote labels beside the photos as {beside}"
    for _ in range(2):  # a second time, e.g. after a kill, there is nothing left to do
        follow_history(project, undone.edit_id, Progress(), Cancellation())
        assert files_in(project.photos) == before
    assert decided(project)["cat.jpg"] == {"cat"}  # an edit of its own
    redone = redo(project)
    assert redone is not None
    follow_history(project, redone.edit_id, Progress(), Cancellation())
    assert files_in(project.photos) == written
    assert write(project, beside).changed == 0


def test_undo_leaves_what_somebody_changed_since(project: Project) -> None:
    take(project, _table(project, "cat.jpg,cat", "dog.jpg,cat"))
    write(project, "text")
    (project.photos / "cat.txt").write_text("cat, on the sofa")
    undone = undo(project)
    assert undone is not None
    back = follow_history(project, undone.edit_id, Progress(), Cancellation())
    assert back.left_alone == ("cat.txt was left as it is. It was changed since.",)
    assert (project.photos / "cat.txt").read_text() == "cat, on the sofa"
    assert not (project.photos / "dog.txt").exists()


def test_a_name_that_is_too_long_is_named_and_the_rest_is_written(project: Project, tmp_path: Path) -> None:
    long = f"{'é' * 125}x.jpg"
    assert len(os.fsencode(long)) == 255
    make_photo(project.photos / long, 7)
    add_photos(project, Progress(), Cancellation())
    take(project, _table(project, "cat.jpg,cat", f"{long},cat"))
    for beside, suffix in (("xmp", ".jpg.xmp"), ("labelme", ".json")):
        written = write(project, beside)
        out = export(project, ExportRequest(beside, states="confirmed"), tmp_path / beside, Progress(), Cancellation())
        assert (project.photos / f"cat{suffix}").is_file()
        assert (tmp_path / beside / f"cat{suffix}").is_file()
        for left in (written.left_alone, out.left_out):
            assert len(left) == (1 if len(os.fsencode(long.removesuffix(".jpg") + suffix)) > 255 else 0)
            assert all("its name is too long for this disk" in sentence and "ééé" in sentence for sentence in left)


def _table(project: Project, *rows: str) -> Path:
    file = project.photos.parent / "table.csv"
    file.write_text("\n".join(["file_name,label", *rows]))
    return file


@pytest.mark.parametrize("forged", ["[1]", '["../../x.txt", null, []]', '["cat.txt", null, [], "not compressed"]', "7"])
def test_a_forged_history_of_files_is_damage_and_changes_nothing(forged: str, project: Project) -> None:
    take(project, _table(project, "cat.jpg,cat"))
    write(project, "text")
    undone = undo(project)
    assert undone is not None
    with project.writing() as connection:
        column = "old" if forged.count(",") == 2 else "new"
        connection.exec_driver_sql(f"UPDATE change SET {column} = ? WHERE field = 'beside'", (forged,))  # noqa: S608
    before = files_in(project.photos)
    with contextlib.suppress(ProjectError):
        back = follow_history(project, undone.edit_id, Progress(), Cancellation())
        assert len(back.left_alone) == 1
    assert files_in(project.photos) == before
