"""Whatever of any format is given to any reader, and whatever lies beside a photo: labels or a sentence, soon.

`make fuzz` tries thousands of times as many files.
"""

from __future__ import annotations

import contextlib
import json
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_readers_survive import GOOD, XMP, damaged

from engine.errors import UserError
from engine.formats.beside import MergedFile, PhotoAtHand
from engine.formats.export_set import ExportedLabel, ExportedPhoto
from engine.formats.files.splices import spliced, taken_back
from engine.formats.known_labels import FormatError, KnownLabels
from engine.formats.labelme import merge_labelme
from engine.formats.registry import READERS, guess_format
from engine.formats.text import merge_text
from engine.formats.xmp import merge_xmp
from engine.project.label_state import LabelState

pytestmark = pytest.mark.fuzz

SECONDS = 30
"""More than any file here takes, on any machine."""

some_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats()
    | st.sampled_from(["a.jpg", "cat", "", "\x07", "\ud800", "9" * 50, "../x", "cb0618f6-cat.jpg", 10**400]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "file_name", "name", "image_id", "category_id", "label", "labels", "flags", "tags"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@contextlib.contextmanager
def soon() -> Iterator[None]:
    """Nothing hangs: what takes longer than any file here should is an error."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def late(_signal: int, _frame: object) -> None:
        raise AssertionError(f"took longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def places_in(value: Any) -> list[list[Any]]:
    """The ways to all values in a value of JSON."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [[], *([key, *way] for key, one in inner for way in places_in(one))]


@st.composite
def other_values(draw: st.DrawFn, text: str) -> bytes:
    """A right file of JSON with some of its values replaced by others, whatever their type."""
    value = json.loads(text)
    for _ in range(draw(st.integers(1, 3))):
        way = draw(st.sampled_from(places_in(value)))
        new = draw(some_values)
        if not way:
            value = new
            continue
        at = value
        for key in way[:-1]:
            at = at[key]
        at[way[-1]] = new
    return json.dumps(value).encode("utf-8", "surrogatepass")


def anything() -> st.SearchStrategy[bytes]:
    """A file of some format, damaged in some way."""
    texts = [text for _, text in GOOD.values()]
    trees = [text for text in texts if text.startswith(("{", "["))]
    return st.sampled_from(texts).flatmap(damaged) | st.sampled_from(trees).flatmap(other_values)


@pytest.mark.parametrize("format_name", READERS)
def test_any_reader_and_any_file(format_name: str, tmp_path: Path) -> None:
    reader = READERS[format_name]
    names = {
        "voc": "a.xml",
        "nus-wide": "Groundtruth/AllLabels/Labels_cat.txt",
        "yolo": "data.yaml",
        "xmp": "a.xmp",
        "labelme": "a.json",
        "fiftyone": "labels.json",
        "huggingface": "metadata.jsonl",
        "keywords": "a.jpg",
        "folders": "cat/a.jpg",
    }
    file = tmp_path / "in" / names.get(format_name, "a.txt")
    file.parent.mkdir(parents=True)
    (tmp_path / "in" / "boxes.txt").write_text("0 .5 .5 .1 .1\n")
    (tmp_path / "in" / "ImageList").mkdir()
    (tmp_path / "in" / "ImageList" / "Imagelist.txt").write_text("a.jpg\n")
    path = tmp_path / "in" if reader.takes.name == "FOLDER" else file

    @settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(anything())
    @pytest.mark.filterwarnings("ignore::UserWarning")
    def survives(content: bytes) -> None:
        file.write_bytes(content)
        with soon(), contextlib.suppress(UserError):
            with contextlib.suppress(UserError):
                assert guess_format(path) in READERS
            known = reader.read(path)
            assert isinstance(known, KnownLabels) is (format_name != "scores")
            assert bool(known.problems) >= bool(known.passed_over)

    survives()


NAMES = ("cat", "dog", 'a "b", c', "Löwe 🦁")
labels = st.lists(st.integers(0, 3), unique=True)


def photo_with(columns: list[int], rejected: list[int]) -> PhotoAtHand:
    confirmed = tuple(ExportedLabel(column, 1.0, "human", LabelState.CONFIRMED) for column in columns)
    left = tuple(column for column in rejected if column not in columns)
    return PhotoAtHand(ExportedPhoto(1, "a.jpg", "a", 4, 3, False, confirmed, left), NAMES)


def as_xmp(content: bytes | None, photo: PhotoAtHand, ours: Any) -> MergedFile:
    return merge_xmp(content, [(label, "animal|pet") for label in photo.labels], ours)


SIDE = json.dumps({"version": "5", "flags": {"cat": True}, "shapes": [{"label": "dog"}], "mine": [1.0, None]}, indent=1)
MERGES: dict[str, tuple[Callable[..., MergedFile], str]] = {
    "text": (merge_text, 'cat, "a ""b"", c" ,dog\n'),
    "labelme": (merge_labelme, SIDE),
    "xmp": (as_xmp, XMP),
}


@pytest.mark.parametrize("format_name", MERGES)
def test_whatever_lies_beside_a_photo_every_byte_of_it_stays(format_name: str) -> None:
    merge, good = MERGES[format_name]

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(damaged(good) | st.just(good.encode()), labels, labels, labels)
    def stays(content: bytes, wanted: list[int], rejected: list[int], later: list[int]) -> None:
        with soon():
            try:
                first = merge(content, photo_with(wanted, rejected), ("cat",) if format_name == "text" else ())
            except (FormatError, ValueError):
                return
            after = spliced(content, first.splices)
            assert spliced(after, taken_back(first.splices)) == content
            if first.gone or format_name == "text":
                return
            rest = iter(after)
            assert all(byte in rest for byte in content)  # nothing is taken from others
            # What is ours is known again, and goes without a trace of what it said.
            assert merge(after, photo_with(wanted, rejected), first.keywords).splices == ()
            second = merge(after, photo_with(later, []), first.keywords)
            last = merge(spliced(after, second.splices), photo_with([], []), second.keywords)
            assert last.keywords == ()

    stays()
