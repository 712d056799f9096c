"""Keywords that photo managers left in sidecars and in the photos come in as labels; the photos are only read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import smooth_photo
from PIL import PngImagePlugin

from engine.formats.files.splices import spliced
from engine.formats.files.xmp_packet import DIGIKAM, EMPTY, FLAT, LIGHTROOM, KeywordList, XmpPacket
from engine.formats.known_labels import PRESENT, KnownLabelsError
from engine.formats.xmp import read_photo_keywords, read_sidecars
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, read_source


def packet(keywords: dict[KeywordList, list[str]]) -> bytes:
    missing = [(which, text) for which, texts in keywords.items() for text in texts]
    return spliced(EMPTY, XmpPacket(EMPTY).with_keywords(missing, []))


def iptc(*keywords: bytes, utf_8: bool = False) -> bytes:
    """The segment of a JPEG that holds IPTC, as Photoshop writes it."""
    records = [(1, 90, b"\x1b%G")] if utf_8 else []
    records += [(2, 25, keyword) for keyword in keywords]
    data = b"".join(bytes((0x1C, *kind)) + len(text).to_bytes(2, "big") + text for *kind, text in records)
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)
    return b"\xff\xed" + (len(resource) + 2).to_bytes(2, "big") + resource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos with keywords: XMP in five formats, and IPTC of three kinds."""
    xmp = packet({FLAT: ["animal", "dog"], LIGHTROOM: ["animal|dog"]})
    photo = smooth_photo(1, (16, 16))
    for suffix in ("jpg", "webp", "avif", "heic"):
        photo.save(tmp_path / f"xmp.{suffix}", xmp=xmp)
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp.decode())
    photo.save(tmp_path / "xmp.png", pnginfo=info)
    photo.save(tmp_path / "xmp.tif", tiffinfo={700: xmp})
    photo.save(tmp_path / "none.jpg")
    plain = (tmp_path / "none.jpg").read_bytes()
    for name, segment in {
        "one": iptc(b"cat"),
        "utf": iptc("Köln".encode(), b"cat", utf_8=True),
        "latin": iptc("Köln".encode("latin-1")),
        "half": iptc(b"cat")[:30],
    }.items():
        (tmp_path / f"{name}.jpg").write_bytes(plain[:2] + segment + plain[2:])
    return tmp_path


def test_keywords_in_photos(folder: Path) -> None:
    before = {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}
    known = read_photo_keywords(folder)
    for suffix in ("jpg", "webp", "avif", "heic", "png", "tif"):
        assert known.answers[f"xmp.{suffix}"] == {"dog": PRESENT}, suffix
    assert known.answers["one.jpg"] == {"cat": PRESENT}
    assert known.answers["utf.jpg"] == {"Köln": PRESENT, "cat": PRESENT}
    assert known.answers["latin.jpg"] == {"Köln": PRESENT}
    assert known.supercategories == {"dog": "animal"}
    assert {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()} == before


def test_a_damaged_photo_does_not_end_the_reading(folder: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    (folder / "not.png").write_bytes(b"<x/>")
    known = read_photo_keywords(folder)
    assert {problem.partition(": ")[0].rpartition("/")[2] for problem in known.problems} >= {"broken.jpg", "not.png"}
    assert known.answers["one.jpg"] == {"cat": PRESENT}


def test_keywords_of_sidecars(tmp_path: Path) -> None:
    (tmp_path / "trip").mkdir()
    (tmp_path / "a.jpg.xmp").write_bytes(
        packet(
            {FLAT: ["places", "Rome", "two\n words "], LIGHTROOM: ["places|Italy|Rome"], DIGIKAM: ["places/Italy/Rome"]}
        )
    )
    (tmp_path / "trip" / "b.XMP").write_bytes(packet({DIGIKAM: ["places", "animal/dog/puppy"]}))
    (tmp_path / "bad.xmp").write_bytes(b"<!DOCTYPE x><x/>")
    (tmp_path / "none.xmp").write_bytes(packet({}))
    known = read_sidecars(tmp_path)
    assert known.answers == {
        "a.jpg": {"Rome": PRESENT, "two words": PRESENT},
        "trip/b": {"places": PRESENT, "puppy": PRESENT},
        "none": {},
    }
    assert known.supercategories == {"Rome": "places|Italy", "puppy": "animal|dog"}
    assert len(known.problems) == 1
    assert "bad.xmp: It has a DOCTYPE" in known.problems[0]


def test_they_come_in_as_decisions(folder: Path) -> None:
    with Project.open(folder) as project:
        source = read_source(folder, "keywords")
        plan = carry_out(project, source, ImportChoice(), Progress(), Cancellation()).plan
        assert (plan.confirmed, plan.new_labels) == (10, ("Köln", "cat", "dog"))


def test_what_exiv2_wrote_is_read(folder: Path) -> None:
    pyexiv2 = pytest.importorskip("pyexiv2", reason="pyexiv2 is not installed: nothing to compare with")
    with pyexiv2.Image(str(folder / "none.jpg")) as photo:
        photo.modify_iptc({"Iptc.Application2.Keywords": ["fox", "hen"]})
        photo.modify_xmp({"Xmp.dc.subject": ["hen", "owl"], "Xmp.digiKam.TagsList": ["bird/owl"]})
    assert read_photo_keywords(folder).answers["none.jpg"] == dict.fromkeys(("hen", "owl", "fox"), PRESENT)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about damaged metadata
def test_whatever_the_bytes_of_a_photo_it_is_keywords_or_a_problem(folder: Path) -> None:
    lone = folder / "lone"
    lone.mkdir()
    good = {name: (folder / name).read_bytes() for name in ("xmp.jpg", "utf.jpg", "xmp.png", "xmp.tif", "xmp.webp")}

    @settings(max_examples=100, deadline=None)
    @given(st.sampled_from(sorted(good)), st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=4)), max_size=6))
    def survives(name: str, changes: list[tuple[int, bytes]]) -> None:
        data = bytearray(good[name])
        for place, new in changes:
            data[place % len(data) : place % len(data) + len(new)] = new
        file = lone / name
        file.write_bytes(bytes(data))
        known = read_photo_keywords(lone)
        assert len(known.problems) + len(known.answers) >= 1
        assert all(str(file) in problem for problem in known.problems)
        file.unlink()

    survives()


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    for read in (read_photo_keywords, read_sidecars):
        with pytest.raises(KnownLabelsError, match="There is no folder"):
            read(tmp_path / "missing")
