"""What a classifier's folder says of it, read without the networks' library, which takes seconds to load."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.kinds import is_fraction, is_list_of_names, is_name, is_number
from engine.ordinary_file import read_ordinary
from engine.project.printable import is_printable
from engine.wording import Sentence

WEIGHTS, DESCRIPTION, CARD = "model.safetensors", "classifier.json", "README.md"
VERSION = 1

_MOST_BYTES = 16 * 2**20
_MOST_LABELS = 10_000
_MOST_PIXELS = 4096
"""Along a side of what a network takes."""


@dataclass(frozen=True)
class Preprocessing:
    """How a photo becomes the input: squashed (bicubic) to a square of `input_size` pixels, RGB, then normalised.

    `mean` and `std` are of pixels from 0 to 1, one for each colour.
    """

    input_size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


class ClassifierUnreadable(UserError):
    """A folder is no classifier, or a damaged one; the message says why."""


@dataclass(frozen=True)
class ClassifierDescription:
    """What a person must know of a classifier to use it.

    `labels`: in the order of its outputs. `objective`: kl (softmax) or bce (sigmoid). `thresholds`: one for each
    label, from which a score is a suggestion. `made`: how it was made, for the card; anything that JSON can hold.
    """

    labels: tuple[str, ...]
    objective: str
    thresholds: tuple[float, ...]
    made: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.objective not in ("kl", "bce"):
            raise ValueError(f"Expected `objective` to be kl or bce, but got {self.objective!r}.")
        if not self.labels or len(self.thresholds) != len(self.labels):
            raise ValueError(
                "Expected at least one label and a threshold for each, "
                f"but got {len(self.labels)} labels and {len(self.thresholds)} thresholds."
            )


@dataclass(frozen=True)
class SavedClassifier:
    """What a classifier's folder says of it, without its weights. `backbone`: timm's name."""

    folder: Path
    backbone: str
    preprocessing: Preprocessing
    description: ClassifierDescription

    @classmethod
    def read(cls, folder: Path) -> SavedClassifier:
        """ClassifierUnreadable where the description is missing, damaged, or of a newer version."""
        if not (folder / DESCRIPTION).is_file():
            raise ClassifierUnreadable(
                Sentence(
                    "{folder} cannot be opened as a classifier: there is no {file} in it. "
                    "Choose the folder that a training wrote."
                ).format(folder=folder, file=DESCRIPTION)
            )
        try:
            document = json.loads(read_ordinary(folder / DESCRIPTION, _MOST_BYTES))
            if document["format"] != "cdul-classifier" or document["version"] > VERSION:
                raise ClassifierUnreadable(
                    Sentence(
                        "{file} is of version {version}, and this program knows {known}. Use a newer program."
                    ).format(file=folder / DESCRIPTION, version=document["version"], known=VERSION)
                )
            _check(document)
            shape = document["preprocessing"]
            return cls(
                folder,
                document["backbone"],
                Preprocessing(shape["input_size"], tuple(shape["mean"]), tuple(shape["std"])),
                ClassifierDescription(
                    tuple(document["labels"]), document["objective"], tuple(document["thresholds"]), document["made"]
                ),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ClassifierUnreadable(
                Sentence("{folder} cannot be opened as a classifier: {error}").format(folder=folder, error=error)
            ) from error


def _check(document: dict[str, Any]) -> None:
    """ValueError for the first thing in a classifier's description that is not of its kind."""
    shape, labels = document["preprocessing"], document["labels"]
    kinds = {
        "backbone": is_name(document["backbone"]),
        "labels": is_list_of_names(labels) and len(labels) <= _MOST_LABELS and all(map(is_printable, labels)),
        "thresholds": isinstance(document["thresholds"], list) and all(map(is_fraction, document["thresholds"])),
        "objective": is_name(document["objective"]),
        "made": isinstance(document["made"], dict),
        "input_size": type(shape["input_size"]) is int and 1 <= shape["input_size"] <= _MOST_PIXELS,
        "mean": _are_three(shape["mean"]),
        "std": _are_three(shape["std"]) and min(shape["std"]) > 0,
    }
    for name, is_sound in kinds.items():
        if not is_sound:
            raise ValueError(f"`{name}` is not what a training writes")


def _are_three(values: object) -> bool:
    return isinstance(values, list) and len(values) == 3 and all(map(is_number, values))
