"""The history tells which thresholds an edit changed, and to what."""

import pytest

from engine.project.history.edit_thresholds import title_for_all, title_of
from engine.wording import Sentence


@pytest.mark.parametrize(
    ("thresholds", "title"),
    [
        ({"cat": 0.31}, "threshold of cat set to 0.31"),
        ({"cat": None}, "threshold of cat taken back"),
        ({"cat": 0.3, "dog": 0.12345}, "thresholds set: cat 0.3, dog 0.123"),
        ({"cat": None, "dog": None}, "thresholds taken back: cat, dog"),
        ({"cat": 0.3, "dog": None, "boat": 0.0}, "thresholds set: cat 0.3, boat 0; taken back: dog"),
        (
            {f"label {number}": 0.5 for number in range(80)},
            "thresholds set: label 0 0.5, label 1 0.5, label 2 0.5 and 77 more",
        ),
    ],
)
def test_which_labels_and_to_what(thresholds: dict[str, float | None], title: str) -> None:
    assert title_of(thresholds) == title
    assert Sentence.of_kept(title_of(thresholds).kept) == title


def test_one_for_all() -> None:
    assert title_for_all(0.25) == "one threshold for all labels set to 0.25"
    assert title_for_all(None) == "one threshold for all labels taken back"
