"""Variants of what other programs write: each says what its own program means by it, or a sentence what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import UserError
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, FormatError, KnownLabels
from engine.formats.registry import READERS, guess_format
from engine.formats.xmp import merge_xmp

YES, NO, NEITHER = PRESENT, ABSENT, IGNORED
Files = dict[str, Any]


def known(folder: Path, files: Files, chosen: str = "") -> KnownLabels:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = folder / chosen
    found = READERS[guess_format(path)].read(path)
    assert isinstance(found, KnownLabels)
    return found


def xmp(inside: str = "", attributes: str = "") -> str:
    return (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:lr='http://ns.adobe.com/lightroom/1.0/' xmlns:digiKam='http://www.digikam.org/ns/1.0/'"
        " xmlns:MicrosoftPhoto='http://ns.microsoft.com/photo/1.0/' xmlns:acdsee='http://ns.acdsee.com/iptc/1.0/'"
        " xmlns:mediapro='http://ns.iview-multimedia.com/mediapro/1.0/'"
        " xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/'"
        f" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def listed(name: str, *words: str, kind: str = "Bag") -> str:
    return f"<{name}><rdf:{kind}>{''.join(f'<rdf:li>{word}</rdf:li>' for word in words)}</rdf:{kind}></{name}>"


CATEGORIES = (
    '<Categories><Category Assigned="0">Animals<Category Assigned="1">cat</Category></Category>'
    '<Category Assigned="0">Places</Category></Categories>'
)
ESCAPED = CATEGORIES.replace("<", "&lt;").replace('"', "&quot;")
REGION = (
    "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description "
    "mwg-rs:Name='Rex' mwg-rs:Type='Pet'/></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
)
SIDECARS: dict[str, tuple[str | bytes, dict[str, str]]] = {
    "an attribute": (xmp(attributes="dc:subject='cat'"), {"cat": ""}),
    "Lightroom's as an attribute": (xmp(attributes="lr:hierarchicalSubject='Animals|cat'"), {"cat": "Animals"}),
    "a text": (xmp("<dc:subject>cat</dc:subject>"), {"cat": ""}),
    "a text in CDATA": (xmp("<dc:subject><![CDATA[R&B]]></dc:subject>"), {"R&B": ""}),
    "Seq": (xmp(listed("dc:subject", "cat", "dog", kind="Seq")), {"cat": "", "dog": ""}),
    "Alt": (xmp(listed("dc:subject", "cat", "dog", kind="Alt")), {"cat": "", "dog": ""}),
    "with qualifiers": (
        xmp(listed("dc:subject", "<rdf:value>cat</rdf:value><dc:type>x</dc:type>")),
        {"cat": ""},
    ),
    "levels with spaces": (xmp(listed("lr:hierarchicalSubject", " Animals | big  cat ")), {"big cat": "Animals"}),
    "a slash in a name": (
        xmp(
            listed("digiKam:TagsList", "Music/AC/DC", kind="Seq")
            + listed("lr:hierarchicalSubject", "Music|AC/DC")
            + listed("dc:subject", "AC/DC")
        ),
        {"AC/DC": "Music"},
    ),
    "Windows": (xmp(listed("MicrosoftPhoto:LastKeywordXMP", "Animals/cat", "dog")), {"cat": "Animals", "dog": ""}),
    "Windows beside a plain list": (
        xmp(listed("dc:subject", "Animals", "cat") + listed("MicrosoftPhoto:LastKeywordXMP", "Animals/cat")),
        {"cat": "Animals"},
    ),
    "Media Pro": (xmp(listed("mediapro:CatalogSets", "Animals|cat")), {"cat": "Animals"}),
    "ACDSee": (xmp(attributes=f'acdsee:categories="{ESCAPED}"'), {"cat": "Animals"}),
    "ACDSee, as an element": (xmp(f"<acdsee:categories>{ESCAPED}</acdsee:categories>"), {"cat": "Animals"}),
    "ACDSee, damaged": (xmp(attributes='acdsee:categories="&lt;Categories"') , {}),
    "ACDSee's keywords": (xmp(listed("acdsee:keywords", "cat")), {"cat": ""}),
    "regions": (xmp(REGION + listed("dc:subject", "cat")), {"cat": ""}),
    "UTF-16": (xmp(listed("dc:subject", "Käse")).encode("utf-16"), {"Käse": ""}),
}  # fmt: skip


@pytest.mark.parametrize("kind", SIDECARS)
def test_sidecars(kind: str, tmp_path: Path) -> None:
    content, labels = SIDECARS[kind]
    found = known(tmp_path, {"cat.jpg.xmp": content})
    assert found.answers == {"cat.jpg": dict.fromkeys(labels, YES)}
    assert {label: found.supercategories.get(label, "") for label in labels} == labels
    # What is said already is not written again.
    data = content if isinstance(content, bytes) else content.encode()
    assert merge_xmp(data, [(label, "") for label in labels], ()).splices == ()


@pytest.mark.parametrize("kind", ["an attribute", "a text", "a text in CDATA"])
def test_a_keyword_that_is_no_list_is_left_alone(kind: str) -> None:
    content = SIDECARS[kind][0]
    assert isinstance(content, str)
    with pytest.raises(FormatError, match="Its dc:subject is not a list"):
        merge_xmp(content.encode(), [("horse", "")], ())


IMAGES = [{"id": 1, "file_name": "cat.jpg"}, {"id": 2, "file_name": "dog.jpg"}]
NAMES = [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
TWO = {"cat.jpg": {"cat": YES}, "dog.jpg": {"dog": YES}}


def ids(one: Any, two: Any, key: str = "file_name", names: tuple[str, str] = ("cat.jpg", "dog.jpg")) -> list[Any]:
    return [{"id": one, key: names[0]}, {"id": two, key: names[1]}]


def notes(one: Any, two: Any, **more: Any) -> list[Any]:
    return [{"image_id": one, "category_id": 1, **more}, {"image_id": two, "category_id": 2, **more}]


COCO: dict[str, tuple[dict[str, Any], dict[str, Any], int]] = {
    "images by texts": ({"images": ids("1", "2")}, TWO, 0),
    "annotations by texts": ({"annotations": notes("1", "2.0")}, TWO, 0),
    "with noughts before": ({"annotations": notes("000001", "000002")}, TWO, 0),
    "fractions": ({"images": ids(1.0, 2.0)}, TWO, 0),
    "huge": ({"images": ids(10**400, 2**63), "annotations": notes(10**400, str(2**63))}, TWO, 0),
    "true is no number": ({"images": ids(True, 2)}, {"dog.jpg": {"dog": YES}}, 2),
    "1 and '1' are two": (
        {"images": [*IMAGES, {"id": "1", "file_name": "x.jpg"}], "annotations": notes("1", "01")},
        {"cat.jpg": {}, "dog.jpg": {}, "x.jpg": {"cat": YES}},
        1,
    ),
    "an entry twice": ({"images": [*IMAGES, IMAGES[0]], "categories": [*NAMES, NAMES[1]]}, TWO, 0),
    "two photos of one id": (
        {"images": [*IMAGES, {"id": 1, "file_name": "x.jpg"}]},
        {"cat.jpg": {}, "dog.jpg": {"dog": YES}, "x.jpg": {}},
        2,
    ),
    "two labels of one id": (
        {"categories": [*NAMES, {"id": 1, "name": "cow"}]},
        {"cat.jpg": {}, "dog.jpg": {"dog": YES}},
        2,
    ),
    "two ids of one label": (
        {"categories": [NAMES[0], {"id": 2, "name": "cat"}]},
        {"cat.jpg": {"cat": YES}, "dog.jpg": {"cat": YES}},
        0,
    ),
    "LVIS without names": (
        {"images": ids(1, 2, "coco_url", ("http://x/train2017/cat.jpg", "http://x/train2017/dog.jpg"))},
        {"http://x/train2017/cat.jpg": {"cat": YES}, "http://x/train2017/dog.jpg": {"dog": YES}},
        0,
    ),
    "masks": ({"annotations": notes(1, 2, segmentation={"counts": "abc`1", "size": [5, 5]}, iscrowd=1)}, TWO, 0),
    "panoptic": (
        {"annotations": [{"image_id": 1, "segments_info": [{"category_id": 1}, {"category_id": 2}, 7]}]},
        {"cat.jpg": {"cat": YES, "dog": YES}, "dog.jpg": {}},
        1,
    ),
}


@pytest.mark.parametrize("kind", COCO)
def test_coco(kind: str, tmp_path: Path) -> None:
    change, answers, passed_over = COCO[kind]
    whole = {"images": IMAGES, "categories": NAMES, "annotations": notes(1, 2), **change}
    found = known(tmp_path, {"in.json": json.dumps(whole, default=str).encode("utf-8-sig")}, "in.json")
    assert (found.answers, found.passed_over) == (answers, passed_over)


BOX, BOX_1 = "0 0.5 0.5 0.1 0.1\n", "1 0.5 0.5 0.1 0.1\n"
TWO_BOXES = {"labels/cat.txt": BOX, "labels/dog.txt": BOX_1}
PHOTOS = {"images/cat": {"cat": YES}, "images/dog": {"dog": YES}}
YOLO: dict[str, tuple[Files, dict[str, Any]]] = {
    "names in a list of their own": ({**TWO_BOXES, "data.yaml": "names: n.txt", "n.txt": "cat\ndog\n"}, PHOTOS),
    "numbered names": ({**TWO_BOXES, "classes.txt": "0: cat\n1: dog\n"}, PHOTOS),
    "Roboflow's Darknet": ({**TWO_BOXES, "_darknet.labels": "cat\ndog\n"}, PHOTOS),
    "another YAML": ({**TWO_BOXES, "data.yaml": "names: [cat, dog]", "a.yaml": "names: [x, y]"}, PHOTOS),
    "classes of each folder": (
        {"a/cat.txt": BOX, "a/classes.txt": "cat\ndog", "b/dog.txt": BOX, "b/classes.txt": "dog\ncat"},
        {"a/cat": {"cat": YES}, "b/dog": {"dog": YES}},
    ),
    "a class of 5000 digits": (
        {"labels/cat.txt": f"{BOX}{'9' * 5000} 1 1 1 1\n", "classes.txt": "cat"},
        {"images/cat": {"cat": YES}},
    ),
    "outlines and points": (
        {"labels/cat.txt": "0 .1 .1 .2 .1 .2 .2\n", "labels/dog.txt": "1 .5 .5 .2 .2 .1 .1 2 .2 .2 1\n",
         "data.yaml": "names: {0: cat, 1: dog}\nkpt_shape: [2, 3]"},
        PHOTOS,
    ),
    "a readme of Roboflow": ({**TWO_BOXES, "classes.txt": "cat\ndog", "README.roboflow.txt": "Made by us\n"}, PHOTOS),
}  # fmt: skip


@pytest.mark.parametrize("kind", YOLO)
def test_yolo(kind: str, tmp_path: Path) -> None:
    files, answers = YOLO[kind]
    assert known(tmp_path, files).answers == answers


OBJECT = "<annotation{}><filename>cat.jpg</filename><object><name>{}</name></object></annotation>"
VOC: dict[str, tuple[str, bytes, str]] = {
    "beside the photo": ("cat.xml", OBJECT.format("", "cat").encode(), "cat"),
    "capitals": ("Annotations/cat.XML", OBJECT.format("", "cat").encode(), "cat"),
    "a namespace": ("cat.xml", OBJECT.format(" xmlns='http://x/y'", "cat").encode(), "cat"),
    "GBK": ("cat.xml", ("<?xml version='1.0' encoding='GBK'?>" + OBJECT.format("", "猫")).encode("gbk"), "猫"),
    "Shift JIS": (
        "cat.xml",
        ("<?xml version='1.0' encoding='Shift_JIS'?>" + OBJECT.format("", "猫")).encode("shift_jis"),
        "猫",
    ),
    "UTF-16 that calls itself UTF-8": (
        "cat.xml",
        ("<?xml version='1.0' encoding='utf-8'?>" + OBJECT.format("", "Käse")).encode("utf-16"),
        "Käse",
    ),
    "Windows-1252 that says nothing": ("cat.xml", OBJECT.format("", "Käse").encode("cp1252"), "Käse"),
    "difficult in words": (
        "cat.xml",
        OBJECT.format("", "cat").replace("</name>", "</name><difficult>False</difficult>").encode(),
        "cat",
    ),
}


@pytest.mark.parametrize("kind", VOC)
def test_voc(kind: str, tmp_path: Path) -> None:
    name, content, label = VOC[kind]
    found = known(tmp_path, {name: content})
    assert found.answers == {"cat.jpg": {label: YES}}
    assert len(found.problems) == (kind == "Windows-1252 that says nothing")


SHAPE = {"label": "dog", "points": [], "group_id": 3, "shape_type": "rectangle", "flags": {"x": True}}
LABELME: dict[str, tuple[str, dict[str, int], int]] = {
    "numbers": (json.dumps({"flags": {"cat": 1, "dog": 0, "cow": 0.5}}), {"cat": YES, "dog": NO, "cow": NEITHER}, 1),
    "null": (json.dumps({"flags": {"cat": None, "dog": True}}), {"cat": NEITHER, "dog": YES}, 1),
    "a list of flags": (json.dumps({"flags": ["cat"], "shapes": [SHAPE]}), {"dog": YES}, 1),
    "shapes that are none": (json.dumps({"flags": {"cat": True}, "shapes": {"0": SHAPE}}), {"cat": YES}, 1),
    "a flag twice": ('{"flags": {"cat": true, "dog": true, "cat": false}, "shapes": []}', {"dog": YES}, 1),
}


@pytest.mark.parametrize("kind", LABELME)
def test_labelme(kind: str, tmp_path: Path) -> None:
    content, answers, passed_over = LABELME[kind]
    (tmp_path / "cat.json").write_text(content)
    found = READERS["labelme"].read(tmp_path)
    assert isinstance(found, KnownLabels)
    assert (found.answers, found.passed_over) == ({"cat": answers}, passed_over)


TEXTS: dict[str, tuple[str, set[str]]] = {
    "escaped brackets": ("cat \\(animal\\), big_cat", {"cat (animal)", "big_cat"}),
    "spaces and underscores": ("1girl long_hair smile", {"1girl", "long_hair", "smile"}),
    "semicolons": ("cat; sun", {"cat", "sun"}),
    "Japanese": ("猫、室内", {"猫", "室内"}),
    "years": ("2024, cat, 3", {"2024", "cat", "3"}),
}


@pytest.mark.parametrize("suffix", [".txt", ".caption"])
@pytest.mark.parametrize("kind", TEXTS)
def test_texts(kind: str, suffix: str, tmp_path: Path) -> None:
    text, labels = TEXTS[kind]
    assert known(tmp_path, {f"cat{suffix}": text}).answers == {"cat": dict.fromkeys(labels, YES)}


@pytest.mark.parametrize("text", ["0 nan nan 0.1 0.1", "0,0.5,0.5,0.1,0.1", "0", "cat 0.5 0.5 0.1 0.1", "7 8"])
def test_boxes_of_any_kind_are_no_labels(text: str, tmp_path: Path) -> None:
    (tmp_path / "cat.txt").write_text(text)
    with pytest.raises(UserError):
        guess_format(tmp_path)
    found = READERS["text"].read(tmp_path)
    assert isinstance(found, KnownLabels)
    assert (found.labels, found.passed_over) == ((), 1)


CAT = {"cat.jpg": {"cat": YES, "dog": NO}}
TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "bars": ("file_name|cat|dog\ncat.jpg|1|0\n", CAT),
    "single quotes": ("'file_name','cat','dog'\n'cat.jpg','1','0'\n", CAT),
    "commas behind": ("file_name,cat,dog\ncat.jpg,1,0,\n", CAT),
    "an empty column": ("file_name,cat,dog,\ncat.jpg,1,0,\n", CAT),
    "crosses": ("file_name,cat,dog\ncat.jpg,x,\ndog.jpg,,X\n", TWO),
    "letters": ("file_name,cat,dog\ncat.jpg,Y,n\n", CAT),
    "German": ("Datei;cat;dog\ncat.jpg;ja;nein\n", CAT),
    "French": ("fichier;cat;dog\ncat.jpg;VRAI;FAUX\n", CAT),
    "ticks": ("file_name,cat,dog\ncat.jpg,✓,✗\n", CAT),
    "both said": ("file_name,cat,dog\ncat.jpg,1,0\ncat.jpg,0,0\ncat.jpg,1,0\n",
        {"cat.jpg": {"cat": NEITHER, "dog": NO}}),
    "several in a cell": ('file_name,tags\ncat.jpg,"cat, dog"\ndog.jpg,dog|cat\n', {
        "cat.jpg": {"cat": YES, "dog": YES}, "dog.jpg": {"cat": YES, "dog": YES}}),
    "lists of Python": ("file_name,labels\ncat.jpg,\"['cat', 'dog']\"\n", {"cat.jpg": {"cat": YES, "dog": YES}}),
    "Label Studio": (
        "image,id,choice,annotator,created_at\n/upload/0-cat.jpg,1,\"{\"\"choices\"\": [\"\"cat\"\"]}\",1,2024\n",
        {"/upload/0-cat.jpg": {"cat": YES}},
    ),
    "Open Images by persons": ("ImageID,Source,LabelName,Confidence\n00a,verification,cat,1\n00a,verification,dog,0\n",
        {"00a": {"cat": YES, "dog": NO}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_tables(kind: str, tmp_path: Path) -> None:
    text, answers = TABLES[kind]
    assert known(tmp_path, {"in.csv": text}, "in.csv").answers == answers


def test_what_machines_say_is_only_suggested(tmp_path: Path) -> None:
    table = "ImageID,Source,LabelName,Confidence\n00a,machine,/m/01,0.7\n00a,machine,/m/02,1\n"
    names = {"class-descriptions.csv": "/m/01,cat\n"}
    found = known(tmp_path, {"in.csv": table, **names}, "in.csv")
    assert (found.answers, found.scores) == ({"00a": {}}, {"00a": {"cat": 0.7, "/m/02": 1.0}})
    assert "Put Open Images' class-descriptions.csv beside it" in found.problems[0]
    found = known(tmp_path, {"in.csv": "file_name;label;score\ncat.jpg;cat;0,85\n"}, "in.csv")
    assert found.scores == {"cat.jpg": {"cat": 0.85}}


def test_hugging_faces_tables(tmp_path: Path) -> None:
    table = 'file_name,labels\n{},"cat|dog"\n'
    files = {f"{split}/metadata.csv": table.format(f"{split}.jpg") for split in ("train", "test")}
    both = {"cat": YES, "dog": YES}
    assert known(tmp_path, files).answers == {"train/train.jpg": both, "test/test.jpg": both}


ADVICE: dict[str, tuple[str, str | bytes, str]] = {
    "gzip": ("in.json.gz", b"\x1f\x8b\x08\0", "is packed. Unpack it"),
    "a zip by another name": ("in.csv", b"PK\x03\x04", "is packed. Unpack it"),
    "a spreadsheet": ("in.xlsx", b"PK\x03\x04", "Save it as CSV"),
    "Parquet": ("metadata.parquet", b"PAR1", "Save it as CSV"),
    "CVAT": ("annotations.xml", "<annotations><version>1.1</version><image/></annotations>", "Have CVAT export it as"),
    "Label Studio": ("in.json", '[{"data": {}, "annotations": [{"result": []}]}]', "Have Label Studio export it"),
    "VIA": ("in.json", '{"cat.jpg1": {"filename": "cat.jpg", "regions": []}}', "Have VIA export it as COCO"),
    "Datumaro": ("in.json", '{"categories": {}, "items": [{"annotations": []}]}', "Have Datumaro export it"),
    "FiftyOne's own": ("samples.json", '{"samples": [{"filepath": "x"}]}', "Have FiftyOne export it"),
    "results of COCO": ("in.json", '[{"image_id": 1, "category_id": 1}]', "holds results of COCO"),
    "one of labelme's": ("cat.json", '{"flags": {}, "imagePath": "cat.jpg"}', "Choose the folder that holds it"),
    "one of YOLO's": ("data.yaml", "names: [cat]", "Choose the folder that holds it"),
    "no header": ("in.csv", "cat.jpg,1,0\ndog.jpg,0,1\n", "The first line names a photo"),
    "columns of no labels": ("in.csv", "filename,region_count,region_id\ncat.jpg,1,0\n", "a column for each label"),
    "photos without labels": ("in.json", '[{"image": "cat.jpg", "choice": "cat"}]', "one of the keys annotations"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ADVICE)
def test_what_is_not_read_is_told_with_what_to_do(kind: str, tmp_path: Path) -> None:
    name, content, said = ADVICE[kind]
    with pytest.raises(UserError, match=said):
        known(tmp_path, {name: content}, name)
