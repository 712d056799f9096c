"""Whatever a file holds, reading it gives labels or one sentence that names the file; never more is read or written."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabels
from engine.formats.registry import READERS, guess_format
from engine.project.printable import is_printable

pytestmark = pytest.mark.fuzz

COCO = {
    "images": [{"id": 1, "file_name": "a.jpg", "reviewed": True, "neg_category_ids": [2]}],
    "categories": [{"id": 1, "name": "cat", "supercategory": "animal"}, {"id": 2, "name": "dog"}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "score": 0.5, "attributes": {"confirmed": False}}],
}
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/">'
    "<dc:subject><rdf:Bag><rdf:li>cat</rdf:li></rdf:Bag></dc:subject><lr:hierarchicalSubject><rdf:Bag>"
    "<rdf:li>animal|cat</rdf:li></rdf:Bag></lr:hierarchicalSubject></rdf:Description></rdf:RDF></x:xmpmeta>"
)
VOC_XML = "<annotation><filename>a.jpg</filename><object><name>cat</name><difficult>0</difficult></object></annotation>"

GOOD: dict[str, tuple[str, str]] = {
    "coco": ("in.json", json.dumps(COCO)),
    "csv": ("in.csv", 'file_name,label,score,state\r\na.jpg,cat,0.5,confirmed\r\n\'=b.jpg,"a,b",,rejected\r\n'),
    "csv-wide": ("in.csv", 'file_name,cat,"a,b"\r\na.jpg,1,0\r\nb.jpg,0.25,\r\n'),
    "scores": ("in.csv", "file_name,cat,dog\r\na.jpg,0.5,1e-3\r\nb.jpg,,1\r\n"),
    "huggingface": (
        "metadata.jsonl",
        '{"file_name": "a.jpg", "labels": ["cat", "dog"], "suggested": ["dog"], "rejected": []}\n',
    ),
    "fiftyone": (
        "labels.json",
        '{"classes": ["cat"], "labels": {"a": [0, {"label": "dog", "confidence": 0.5}], "b": null}}',
    ),
    "createml": ("in.json", '[{"image": "a.jpg", "annotations": ["cat", {"label": "dog"}]}]'),
    "labelme": ("in.json", '{"flags": {"cat": true, "dog": false}, "shapes": [{"label": "x"}], "imagePath": "a.jpg"}'),
    "text": ("in.txt", 'cat, "salt, pepper"\ndog\n'),
    "xmp": ("in.xmp", XMP),
    "voc": ("in.xml", VOC_XML),
    "voc lists": ("ImageSets/Main/cat_train.txt", "a  1\nb -1\nc  0\n"),
    "nus-wide": ("Groundtruth/AllLabels/Labels_cat.txt", "1\r\n0\r\n"),
    "nus-wide lists": ("ImageList/Imagelist.txt", "actor\\0001_1.jpg\r\nzoo\\0002_2.jpg\r\n"),
}
"""Format to a file of it that is right: its name and its content."""


def write_what_belongs_to(case: str, folder: Path) -> None:
    """NUS-WIDE is no single file: a list of photos, and the answers to it."""
    if case.startswith("nus-wide"):
        for name, content in (GOOD["nus-wide"], GOOD["nus-wide lists"]):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content, newline="")


ODD = [
    *("", "\0", "\r", "\n", '"', "'", ",", ";", "{", "}", "[", "]", "[" * 3000, '{"a":' * 3000, "<", ">", "&x;", "%"),
    *("NaN", "-Infinity", "1e999", "-1", "9" * 5000, "true", "null", "../../x", "/etc/passwd", "C:\\x", "\ufeff"),
    *("\ud800", "\\ud800", "é", "🐈", "a" * 200_000, "=1+1", '{"a": 1, "a": 2}', "<!DOCTYPE x>", "<!--", "<![CDATA["),
]


@st.composite
def damaged(draw: st.DrawFn, good: str) -> bytes:
    """A right file with some places replaced, doubled or cut; or any bytes; saved in any encoding."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    text = good
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 30)))
        odd = draw(st.sampled_from(ODD) | st.just(text[start:end] * 2) | st.text(max_size=5))
        text = text[:start] + odd + text[end:]
    encoding = draw(st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-be", "utf-32", "latin-1"]))
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


_opened: list[str] | None = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _opened is not None and isinstance(arguments[0], str | bytes):
        _opened.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note)


@contextlib.contextmanager
def only_opens_below(folder: Path) -> Iterator[None]:
    """Nothing of the machine is opened but what is in the folder, the program itself, and what it runs on."""
    global _opened
    _opened = []
    try:
        yield
        program = (str(folder), sys.prefix, sys.base_prefix, str(Path(__file__).parents[3]), "/usr", "/lib")
        assert [name for name in _opened if not name.startswith(program)] == []
    finally:
        _opened = None


@pytest.mark.parametrize("case", GOOD)
def test_the_files_that_are_damaged_below_are_right_before(case: str, tmp_path: Path) -> None:
    name, good = GOOD[case]
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    write_what_belongs_to(case, tmp_path)
    file.write_text(good, newline="")
    format_name = case.removesuffix(" lists")
    path = file if READERS[format_name].takes.name == "FILE" or case in ("voc", "fiftyone") else tmp_path
    assert READERS[format_name].read(path).labels
    assert guess_format(path) == format_name


@pytest.mark.parametrize("case", GOOD)
def test_labels_or_one_sentence(case: str, tmp_path: Path) -> None:
    name, good = GOOD[case]
    reader = READERS[case.removesuffix(" lists")]
    file = tmp_path / "in" / name
    file.parent.mkdir(parents=True)
    write_what_belongs_to(case, tmp_path / "in")
    path = tmp_path / "in" if not (reader.takes.name == "FILE" or case in ("voc", "fiftyone")) else file
    (tmp_path / "x").write_text("outside")

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(damaged(good))
    def survives(content: bytes) -> None:
        file.write_bytes(content)
        with contextlib.suppress(UserError):
            assert guess_format(path) in READERS
        with only_opens_below(tmp_path / "in"):
            known, said = None, ""
            try:
                known = reader.read(path)
            except UserError as error:
                said = str(error)
        if known is None:
            assert str(path) in said
            assert "\n" not in said
            return
        for label in known.labels:
            assert is_printable(label)
            assert label == label.strip() != ""
        if isinstance(known, KnownLabels):
            assert {*known.answers} >= {*known.scores} | known.reviewed
            for answers in known.answers.values():
                assert set(answers.values()) <= {PRESENT, ABSENT, IGNORED}
                assert set(answers) <= set(known.labels)
            for scores in known.scores.values():
                assert all(0 <= score <= 1 for score in scores.values())

    survives()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in", "x"]
    assert (tmp_path / "x").read_text() == "outside"
