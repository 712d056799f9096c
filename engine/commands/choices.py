"""What options may be, where that is a closed list: `--help` shows it, and shells complete it.

The engine has these lists as well, in files whose import takes longer than an answer to Tab may; a test holds the two
together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import typer

FormatOut = Literal[
    "coco",
    "coco-labels",
    "voc",
    "open-images",
    "csv",
    "csv-wide",
    "scores",
    "huggingface",
    "fiftyone",
    "createml",
    "text",
    "labelme",
    "xmp",
]
FormatIn = Literal[
    "coco",
    "coco-labels",
    "csv",
    "csv-wide",
    "scores",
    "huggingface",
    "fiftyone",
    "createml",
    "voc",
    "nus-wide",
    "yolo",
    "labelme",
    "xmp",
    "text",
    "folders",
    "keywords",
]
Stage = Literal["global", "aggregated", "initial", "refined", "classifier", "second"]
SuggestingStage = Literal["initial", "refined", "classifier"]
Only = Literal["all", "reviewed"]
States = Literal["confirmed", "suggested", "maybe"]
PhotoFiles = Literal["leave", "copy", "link"]
Sidecars = Literal["full", "stem"]
TakeAs = Literal["decisions", "suggestions", "opinion", "truth"]
OnConflict = Literal["keep", "replace"]
NewLabels = Literal["add", "tree", "skip"]
Difficult = Literal["ignore", "negative"]
EngineName = Literal["local", "ray"]
PresetName = Literal["default", "paper"]
Picture = Literal["png", "jpg", "pdf"]
Train = Literal["head", "full"]
Objective = Literal["kl", "reverse-kl", "bce"]
Optimizer = Literal["adam", "sgd"]
Augment = Literal["crop", "mirror", "none"]
Start = Literal["frequency", "random"]

LABEL_SETS = ("everyday", "coco", "voc", "nus-wide")
DEVICES = ("auto", "cpu", "cuda", "mps")
SIDES = ("in-force", "global", "aggregated", "initial", "refined", "classifier", "second")


def _of_format(known: Sequence[str]) -> dict[str, Any]:
    """What typer is told of an option that names a format: one that comes with the program, or a plug-in's.

    Which plug-ins there are is looked up for a name that is not known, as it takes longer than Tab may.
    """

    def name_of(text: str) -> str:
        from engine.plug_ins import named

        if text not in known and text not in named("cdul.formats"):
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(map(repr, known))}.")
        return text

    return {"parser": name_of, "metavar": f"<{'|'.join(known)}>", "autocompletion": among(known)}


def encoder_names(incomplete: str) -> list[str]:
    """Completes the name of an encoder by those that are known well."""
    from engine.models.encoders.known import KNOWN_ENCODERS, STARTER

    return among([STARTER, *(one.name for one in KNOWN_ENCODERS)])(incomplete)


def among(values: Sequence[str]) -> Callable[[str], list[str]]:
    """Completes an option that may be something else as well."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


OF_FORMAT_OUT, OF_FORMAT_IN = _of_format(get_args(FormatOut)), _of_format(get_args(FormatIn))
"""For `typer.Option`."""
