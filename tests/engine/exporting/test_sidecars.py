"""Labels become keywords that photo managers show; what others wrote stays, and the photo is only read."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from making import make_photo

from engine.formats.files.whole_file import WriteError
from engine.formats.files.xmp_packet import DIGIKAM, FLAT, LIGHTROOM, XmpPacket
from engine.formats.known_labels import PRESENT
from engine.formats.xmp import SidecarName, read_sidecars
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.stages.exporting.beside_files import WrittenBeside, write_beside
from engine.stages.exporting.export_beside import PhotoKeywords, sidecars_of
from engine.stages.labelling.add_photos import add_photos
from engine.wording import Sentence

DOG, CAT, SUN = ("dog", "animal"), ("cat", "animal"), ("sun", "")

DIGIKAMS = """<?xml version="1.0" encoding="UTF-8"?>
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<!-- mine -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:digiKam="http://www.digikam.org/ns/1.0/"
    xmlns:odd="urn:odd"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
   digiKam:PickLabel="2" odd:thing="&lt;kept&gt;">
   <digiKam:TagsList>
    <rdf:Seq>
     <rdf:li>animal/dog</rdf:li>
     <rdf:li>Places/Rome</rdf:li>
    </rdf:Seq>
   </digiKam:TagsList>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>dog</rdf:li>
     <rdf:li>Rome</rdf:li>
    </rdf:Bag>
   </dc:subject>
   <odd:tree><odd:leaf odd:x="1">text <odd:b/> tail</odd:leaf></odd:tree>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


@pytest.fixture
def with_photos(project: Project) -> Project:
    add_photos(project, Progress(), Cancellation())
    return project


def write(
    project: Project,
    labels: dict[str, Sequence[tuple[str, str]]],
    name: SidecarName = SidecarName.FULL,
) -> WrittenBeside:
    snapshot = take_snapshot(project)
    ids = dict(zip(snapshot.paths, map(int, snapshot.photo_ids), strict=True))
    photos = [PhotoKeywords(ids[path], path, ours) for path, ours in labels.items()]
    files = list(sidecars_of(project, photos, name))
    return write_beside(project, files, Sentence("wrote them"), Progress(), Cancellation())


def lists(file: Path) -> dict[str, list[str]]:
    packet = XmpPacket(file.read_bytes())
    return {str(which): packet.keywords(which) for which in (FLAT, LIGHTROOM, DIGIKAM)}


def state(file: Path) -> tuple[bytes, int]:
    return file.read_bytes(), file.stat().st_mtime_ns


def test_flat_and_hierarchical_keywords(with_photos: Project) -> None:
    result = write(with_photos, {"trip/boat.jpg": [DOG, SUN], "beach.jpg": []})
    assert (result.changed, result.left_alone) == (1, ())
    assert lists(with_photos.photos / "trip" / "boat.jpg.xmp") == {
        "dc:subject": ["dog", "sun"],
        "lr:hierarchicalSubject": ["animal|dog", "sun"],
        "digiKam:TagsList": ["animal/dog", "sun"],
    }
    assert not (with_photos.photos / "beach.jpg.xmp").exists()


def test_a_name_that_holds_a_separator_is_flat_alone(with_photos: Project) -> None:
    write(with_photos, {"beach.jpg": [("AC/DC", "band"), ("a|b", ""), ("<&\"'>", "")]})
    assert lists(with_photos.photos / "beach.jpg.xmp") == {
        "dc:subject": ["AC/DC", "a|b", "<&\"'>"],
        "lr:hierarchicalSubject": ["band|AC/DC", "<&\"'>"],
        "digiKam:TagsList": ["a|b", "<&\"'>"],
    }


def test_what_others_wrote_stays(with_photos: Project) -> None:
    file = with_photos.photos / "beach.jpg.xmp"
    file.write_text(DIGIKAMS, "utf-8")
    write(with_photos, {"beach.jpg": [DOG, CAT]})
    # The dog is there already, wherever it is listed.
    assert lists(file) == {
        "dc:subject": ["dog", "Rome", "cat"],
        "lr:hierarchicalSubject": ["animal|cat"],
        "digiKam:TagsList": ["animal/dog", "Places/Rome", "animal/cat"],
    }
    write(with_photos, {"beach.jpg": []})
    assert file.read_text("utf-8") == DIGIKAMS


def test_ours_goes_when_it_is_rejected_and_theirs_stays(with_photos: Project) -> None:
    file = with_photos.photos / "beach.jpg.xmp"
    file.write_text(DIGIKAMS, "utf-8")
    write(with_photos, {"beach.jpg": [DOG, SUN]})
    write(with_photos, {"beach.jpg": [CAT]})
    # The dog was digiKam's before.
    assert lists(file) == {
        "dc:subject": ["dog", "Rome", "cat"],
        "lr:hierarchicalSubject": ["animal|cat"],
        "digiKam:TagsList": ["animal/dog", "Places/Rome", "animal/cat"],
    }


@pytest.mark.parametrize("name", SidecarName)
def test_nothing_is_written_when_nothing_changes(name: SidecarName, with_photos: Project) -> None:
    file = with_photos.photos / ("beach.jpg.xmp" if name == SidecarName.FULL else "beach.xmp")
    file.write_bytes(DIGIKAMS.replace("\n", "\r\n").encode("utf-16"))
    assert write(with_photos, {"beach.jpg": []}, name=name).changed == 0
    assert file.read_bytes() == DIGIKAMS.replace("\n", "\r\n").encode("utf-16")
    write(with_photos, {"beach.jpg": [DOG]}, name=name)
    before = state(file)
    again = write(with_photos, {"beach.jpg": [DOG]}, name=name)
    assert again.changed == 0
    assert state(file) == before


def test_photos_are_never_touched(with_photos: Project) -> None:
    before = {path: state(with_photos.photos / path) for path in take_snapshot(with_photos).paths}
    write(with_photos, {path: [DOG] for path in before})
    assert {path: state(with_photos.photos / path) for path in before} == before


def test_adobes_name_and_photos_that_share_a_stem(with_photos: Project) -> None:
    make_photo(with_photos.photos / "beach.png", 9)
    add_photos(with_photos, Progress(), Cancellation())
    write(with_photos, {"beach.jpg": [DOG], "beach.png": [CAT], "trip/boat.jpg": [SUN]}, name=SidecarName.STEM)
    written = {file.name for file in with_photos.photos.rglob("*.xmp")}
    assert written == {"beach.jpg.xmp", "beach.png.xmp", "boat.xmp"}
    assert read_sidecars(with_photos.photos).answers == {
        "beach.jpg": {"dog": PRESENT},
        "beach.png": {"cat": PRESENT},
        "trip/boat": {"sun": PRESENT},
    }


def test_links_are_left_alone(with_photos: Project, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path / "secret.xmp"
    secret.write_text(DIGIKAMS, "utf-8")
    (with_photos.photos / "beach.jpg.xmp").symlink_to(secret)
    result = write(with_photos, {"beach.jpg": [CAT]})
    assert result.changed == 0
    assert "beach.jpg.xmp was left as it is. It is a link" in result.left_alone[0]
    assert secret.read_text("utf-8") == DIGIKAMS
    assert (with_photos.photos / "beach.jpg.xmp").is_symlink()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (with_photos.photos / "trip").rename(elsewhere / "trip")
    (with_photos.photos / "trip").symlink_to(elsewhere / "trip")
    result = write(with_photos, {"trip/boat.jpg": [CAT], "city.png": [CAT]})
    assert (result.changed, len(result.left_alone)) == (1, 1)
    assert not list(elsewhere.rglob("*.xmp"))
    assert read_sidecars(with_photos.photos).answers == {"city.png": {"cat": PRESENT}}


ENTITIES = "".join(f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in pairwise("abcdefghi"))
LAUGHS = f"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">{ENTITIES}]><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&i;</rdf:RDF></x:xmpmeta>"""
OUTSIDE = LAUGHS.replace('<!ENTITY a "lol">', '<!ENTITY i SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS.encode(), "It has a DOCTYPE"),
        (LAUGHS.encode("utf-16"), "It has a DOCTYPE"),
        (LAUGHS.replace('"1.0"', '"1.0" encoding="utf-32"').encode("utf-32"), "It has a DOCTYPE"),
        (OUTSIDE.encode(), "It has a DOCTYPE"),
        (b"", "It is not XML"),
        (b"\xff\xd8\xff", "It is not XML"),
        (b"<a>" * 5000, "It is not XML"),
        (b"<a/>", "It is not XMP: there is no rdf:RDF in it"),
        (DIGIKAMS.replace("rdf:Bag", "odd:Bag").encode(), "Its dc:subject is not a list"),
    ],
)
def test_what_is_no_xmp_is_left_as_it_is(content: bytes, said: str, with_photos: Project) -> None:
    file = with_photos.photos / "beach.jpg.xmp"
    file.write_bytes(content)
    before = state(file)
    result = write(with_photos, {"beach.jpg": [CAT], "city.png": [CAT]})
    assert (result.changed, len(result.left_alone)) == (1, 1)
    assert re.search(f"beach.jpg.xmp was left as it is. {said}", result.left_alone[0])
    assert state(file) == before


def test_a_full_disk_leaves_the_sidecar_as_it_was_and_ours_known(
    with_photos: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = with_photos.photos / "city.png.xmp"
    write(with_photos, {"beach.jpg": [SUN], "city.png": [SUN]})
    before = state(file)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match="No space left on device"):
        write(with_photos, {"city.png": [CAT]})
    monkeypatch.undo()
    assert state(file) == before
    assert [one.name for one in with_photos.photos.glob(".*partial")] == []
    write(with_photos, {"city.png": []})
    assert lists(file)["dc:subject"] == []


def test_exiv2_reads_what_is_written(with_photos: Project) -> None:
    pyexiv2 = pytest.importorskip("pyexiv2", reason="pyexiv2 is not installed: nothing to compare with")
    file = with_photos.photos / "beach.jpg.xmp"
    tree = next(line for line in DIGIKAMS.splitlines() if "odd:tree" in line)
    file.write_text(DIGIKAMS.replace(tree, ""), "utf-8")  # mixed content is no RDF
    write(with_photos, {"beach.jpg": [DOG, CAT], "city.png": [("日本 🐈", "AC,DC")]})
    with pyexiv2.Image(str(file)) as sidecar:
        xmp = sidecar.read_xmp()
    assert xmp["Xmp.dc.subject"] == ["dog", "Rome", "cat"]
    assert xmp["Xmp.lr.hierarchicalSubject"] == ["animal|cat"]
    assert xmp["Xmp.digiKam.TagsList"] == ["animal/dog", "Places/Rome", "animal/cat"]
    assert xmp["Xmp.digiKam.PickLabel"] == "2"
    with pyexiv2.Image(str(with_photos.photos / "city.png.xmp")) as sidecar:
        assert sidecar.read_xmp()["Xmp.lr.hierarchicalSubject"] == ["AC,DC|日本 🐈"]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed: nothing to compare with")
def test_exiftool_reads_what_is_added_to_what_it_wrote(with_photos: Project) -> None:
    file = with_photos.photos / "beach.jpg.xmp"
    theirs = ("-XMP-dc:Subject=Rome", "-XMP-lr:HierarchicalSubject=Places|Italy|Rome", "-XMP-xmp:Rating=4")
    subprocess.run(["exiftool", "-q", *theirs, str(file)], check=True, timeout=60)
    before = file.read_bytes()
    assert read_sidecars(with_photos.photos).answers["beach.jpg"] == {"Rome": PRESENT}
    assert write(with_photos, {"beach.jpg": [("Rome", "Places|Italy")]}).changed == 0
    assert file.read_bytes() == before
    write(with_photos, {"beach.jpg": [DOG], "city.png": [("R&B <日本 🐈>", "")]})
    rest = iter(file.read_bytes())
    assert all(byte in rest for byte in before)
    read = subprocess.run(
        ["exiftool", "-json", "-XMP:all", str(file), f"{with_photos.photos}/city.png.xmp"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    beach, city = json.loads(read.stdout)
    assert (beach["Subject"], beach["Rating"]) == (["Rome", "dog"], 4)
    assert beach["HierarchicalSubject"] == ["Places|Italy|Rome", "animal|dog"]
    assert beach["TagsList"] == "animal/dog"
    assert city["Subject"] == "R&B <日本 🐈>"
    assert "Warning" not in beach | city
