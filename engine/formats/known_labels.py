"""What a file or folder of another program knows of photos: labels, or scores, in the one shape every reader gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.formats.files.reading import FormatError, KnownLabelsError
from engine.project.labels import MOST_LABELS, NewLabel, check_label_set
from engine.project.printable import is_printable
from engine.project.truths import ABSENT, IGNORED, PRESENT
from engine.wording import Sentence

__all__ = ["ABSENT", "IGNORED", "PRESENT", "FormatError", "Gathering", "KnownLabels", "KnownLabelsError", "ScoreTable"]


@dataclass(frozen=True)
class KnownLabels:
    """Labels of photos as somebody knows them, to be compared with (a truth) or taken over.

    `answers[file_name][label]` is PRESENT, ABSENT or IGNORED; what is not there is ABSENT to a truth, and undecided
    to a person who takes the labels over.
    """

    labels: tuple[str, ...]
    answers: dict[str, dict[str, int]]
    photo_folder: Path | None = None
    """Where the photos lie that the names are of, where the format says so: to recognise photos by their content."""
    scores: dict[str, dict[str, float]] = field(default_factory=dict)
    """How sure a machine was, from 0 to 1. A label with a score and no answer is only suggested."""
    weak: dict[str, set[str]] = field(default_factory=dict)
    """Those of the suggested labels of a photo that may be there and are not likely."""
    reviewed: frozenset[str] = frozenset()
    """Photos that a person has looked through."""
    supercategories: dict[str, str] = field(default_factory=dict)
    """Of the labels that have one."""
    problems: tuple[Sentence, ...] = ()
    """Of files that were passed over."""


@dataclass(frozen=True)
class ScoreTable:
    """Scores as a file has them: photos x labels, float32, from 0 to 1, nan where a cell is empty."""

    labels: tuple[str, ...]
    file_names: tuple[str, ...]
    values: npt.NDArray[np.float32]


def label_name(text: object) -> str:
    """What a file calls a label as the name of one, without spaces around it; FormatError for what can be none."""
    if not isinstance(text, str):
        raise FormatError(Sentence("Expected the name of a label, but got {text}.").format(text=_short(text)))
    try:
        check_label_set([NewLabel(text.strip())])
    except UserError as error:
        raise FormatError(error.sentence) from error
    return text.strip()


class Gathering:
    """Known labels while they are read, one answer after the other.

    Its methods raise FormatError for what cannot be; readers add the file and the place.
    """

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, int]] = {}
        self._scores: dict[str, dict[str, float]] = {}
        self._weak: dict[str, set[str]] = {}
        self._reviewed: set[str] = set()
        self._names: dict[str, str] = {}
        """Label as the file writes it to its name."""
        self._supercategories: dict[str, str] = {}
        self._problems: list[Sentence] = []

    def photo(self, name: object, *, reviewed: bool = False) -> str:
        """A photo is named, maybe without any label; returns its name as it is kept."""
        if not isinstance(name, str) or not name.strip("/"):
            raise FormatError(Sentence("Expected the name of a photo, but got {name}.").format(name=_short(name)))
        name = name.removeprefix("./")
        self._answers.setdefault(name, {})
        if reviewed:
            self._reviewed.add(name)
        return name

    def label(self, text: object, supercategory: object = "") -> str:
        """A label is named, maybe on no photo; returns its name as it is kept."""
        name = self._names.get(text) if isinstance(text, str) else None
        if name is None:
            name = label_name(text)
            if len(self._names) == MOST_LABELS:
                raise FormatError(Sentence("Expected at most {most:,} labels.").format(most=MOST_LABELS))
            self._names[str(text)] = name
        if isinstance(supercategory, str) and supercategory.strip() and is_printable(supercategory):
            self._supercategories.setdefault(name, supercategory.strip())
        return name

    def answer(self, photo: str, label: str, answer: int) -> None:
        """A photo has a label, has it not, or it is not to be counted; of several answers a present one counts most."""
        answers = self._answers[photo]
        known = answers.setdefault(label, answer)
        if {known, answer} == {PRESENT, ABSENT}:
            raise FormatError(
                Sentence("{photo!r} is said both to have {label!r} and not to have it.").format(
                    photo=photo, label=label
                )
            )
        if answer == PRESENT or known == ABSENT:
            answers[label] = answer

    def score(self, photo: str, label: str, score: object, *, weak: bool = False) -> None:
        """A machine gave a label a score, and where it is `weak` says that the label may be there."""
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
            raise FormatError(
                Sentence("Expected a score from 0 to 1 for {label!r}, but got {score}.").format(
                    label=label, score=_short(score)
                )
            )
        scores = self._scores.setdefault(photo, {})
        scores[label] = max(float(score), scores.get(label, 0.0))
        if weak:
            self._weak.setdefault(photo, set()).add(label)

    def problem(self, sentence: Sentence) -> None:
        """A file was passed over, for a reason that a person should know."""
        self._problems.append(sentence)

    @property
    def known(self) -> KnownLabels:
        """What was gathered."""
        labels = tuple(dict.fromkeys(self._names.values()))
        return KnownLabels(
            labels,
            self._answers,
            scores=self._scores,
            weak=self._weak,
            reviewed=frozenset(self._reviewed),
            supercategories=self._supercategories,
            problems=tuple(self._problems),
        )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
