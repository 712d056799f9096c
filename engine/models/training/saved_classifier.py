"""What a classifier's folder says of it, read without the networks' library, which takes seconds to load."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import UserError
from engine.wording import Sentence

WEIGHTS, DESCRIPTION, CARD = "model.safetensors", "classifier.json", "README.md"
VERSION = 1


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
            document = json.loads((folder / DESCRIPTION).read_text("utf-8"))
            if document["format"] != "cdul-classifier" or document["version"] > VERSION:
                raise ClassifierUnreadable(
                    Sentence(
                        "{file} is of version {version}, and this program knows {known}. Use a newer program."
                    ).format(file=folder / DESCRIPTION, version=document["version"], known=VERSION)
                )
            shape = document["preprocessing"]
            return cls(
                folder,
                document["backbone"],
                Preprocessing(int(shape["input_size"]), tuple(shape["mean"]), tuple(shape["std"])),
                ClassifierDescription(
                    tuple(document["labels"]), document["objective"], tuple(document["thresholds"]), document["made"]
                ),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ClassifierUnreadable(
                Sentence("{folder} cannot be opened as a classifier: {error}").format(folder=folder, error=error)
            ) from error
