"""Reading known labels from COCO JSON, also from broken files."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.formats.coco import read_coco
from engine.formats.known_labels import IGNORED, PRESENT, KnownLabelsError

GOOD: dict[str, Any] = {
    "images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b/c.jpg"}],
    "categories": [{"id": 7, "name": "cat"}, {"id": 9, "name": "dog"}],
    "annotations": [
        {"id": 1, "image_id": 1, "category_id": 7, "bbox": [0, 0, 5, 5], "area": 25, "iscrowd": 0},
        {"id": 2, "image_id": 1, "category_id": 7},
        {"id": 3, "image_id": 2, "category_id": 9, "ignore": 1},
        {"id": 4, "image_id": 1, "category_id": 9, "difficult": True},
        {"id": 5, "image_id": 1, "category_id": 9},
    ],
}


def write(tmp_path: Path, data: Any) -> Path:
    file = tmp_path / "truth.json"
    file.write_text(json.dumps(data))
    return file


def test_labels_of_boxes_and_of_whole_photos(tmp_path: Path) -> None:
    truth = read_coco(write(tmp_path, GOOD))
    assert truth.labels == ("cat", "dog")
    # Difficult in one box, but plain in another: the label is there.
    assert truth.answers == {"a.jpg": {"cat": PRESENT, "dog": PRESENT}, "b/c.jpg": {"dog": IGNORED}}


def test_the_order_of_boxes_does_not_matter(tmp_path: Path) -> None:
    reverse = {**GOOD, "annotations": GOOD["annotations"][::-1]}
    assert read_coco(write(tmp_path, reverse)) == read_coco(write(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"images": None}, "Expected a list under 'images', but got nothing"),
        ({"categories": {}}, "Expected a list under 'categories', but got an object"),
        ({"annotations": "no"}, "Expected a list under 'annotations', but got text"),
        ({"images": [{"id": 1}]}, r"images\[0\]: Expected a text under 'file_name', but got nothing"),
        ({"images": ["a.jpg"]}, r"images\[0\]: Expected an object"),
        ({"categories": [{"id": [], "name": "cat"}]}, r"categories\[0\]: Expected a number as id, but got a list"),
        ({"annotations": [{"image_id": 99, "category_id": 7}]}, r"\[0\]: The image_id 99 \(a number\) is not among"),
        ({"annotations": [{"image_id": "x", "category_id": 7}]}, r"\[0\]: The image_id 'x' \(text\) is not among"),
        (
            {"annotations": [{"image_id": 1, "category_id": True}]},
            r"category_id true \(true or false\) is not",
        ),
        ({"annotations": [{"image_id": [1], "category_id": 7}]}, r"\[0\]: The image_id a list is not among the images"),
        ({"annotations": [[]]}, r"annotations\[0\]: Expected an object, but got a list"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(KnownLabelsError, match=rf"truth\.json.*{said}"):
        read_coco(write(tmp_path, {**GOOD, **change}))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[1, 2]", b"null", b"[" * 100_000, b'{"images": NaN}'])
def test_what_is_no_coco_is_one_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "truth.json").write_bytes(data)
    with pytest.raises(KnownLabelsError, match=r"truth.json"):
        read_coco(tmp_path / "truth.json")


def test_a_missing_file_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(KnownLabelsError, match="cannot be read"):
        read_coco(tmp_path / "missing.json")
    with pytest.raises(KnownLabelsError, match="not a file that can be read"):
        read_coco(tmp_path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.sampled_from(["a.jpg", "cat", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "file_name", "name", "image_id", "category_id", "ignore"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damage=st.dictionaries(
        st.sampled_from(["images", "categories", "annotations"]), st.lists(json_values) | json_values
    )
)
def test_whatever_is_in_it_it_is_a_truth_or_one_sentence(damage: dict[str, Any], tmp_path: Path) -> None:
    file = write(tmp_path, {**GOOD, **damage})
    with contextlib.suppress(KnownLabelsError):
        truth = read_coco(file)
        assert all(answer in (PRESENT, IGNORED) for labels in truth.answers.values() for answer in labels.values())
