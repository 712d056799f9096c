"""What a file or folder of another program knows of photos: labels, or scores, in the one shape every reader gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.formats.files.reading import FormatError, KnownLabelsError, Place, in_place
from engine.formats.files.strict_json import shown
from engine.project.labels import MOST_LABELS, NewLabel, OtherName, check_label_set, other_name
from engine.project.printable import is_printable, of_unknown_encoding
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
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By name of a label, or of a level above one, the names of what it stands right below."""
    other_names: dict[str, tuple[OtherName, ...]] = field(default_factory=dict)
    """What else labels are called."""
    implied: dict[str, set[str]] = field(default_factory=dict)
    """Those of the present labels of a photo that nobody said: they follow from a label below."""
    problems: tuple[Sentence, ...] = ()
    """What is wrong with the first of the files and entries that were passed over, each with its place, and whatever
    else a person should know of how the labels were read."""
    passed_over: int = 0
    """How many files and entries were passed over."""
    original_names: dict[str, str] = field(default_factory=dict)
    """Of photos that an upload gave another name, what they were called before, where the file says so."""


@dataclass(frozen=True)
class ScoreTable:
    """Scores as a file has them: photos x labels, float32, from 0 to 1, nan where a cell is empty."""

    labels: tuple[str, ...]
    file_names: tuple[str, ...]
    values: npt.NDArray[np.float32]
    problems: tuple[Sentence, ...] = ()
    """As those of `KnownLabels`, like the next ones."""
    passed_over: int = 0
    original_names: dict[str, str] = field(default_factory=dict)


def label_name(text: object) -> str:
    """What a file calls a label as the name of one, without spaces around it; FormatError for what can be none."""
    if not isinstance(text, str):
        raise FormatError(Sentence("Expected the name of a label, but got {text}.").format(text=shown(text)))
    if len(text) > _MOST_LETTERS:
        raise FormatError(
            Sentence("Expected the name of a label, but got a text of {letters:,} letters.").format(letters=len(text))
        )
    text = of_unknown_encoding(text)
    try:
        check_label_set([NewLabel(text.strip())])
    except UserError as error:
        raise FormatError(error.sentence) from error
    return text.strip()


class _Entry:
    """While it is open, an entry is taken over; one that is odd is passed over."""

    def __init__(self, gathering: Gathering, file: Path, place: Place) -> None:
        self._gathering, self._file, self._place = gathering, file, place

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if error is None:
            return False
        try:
            with in_place(self._file, self._place):
                raise error
        except KnownLabelsError as known:
            self._gathering.pass_over(known.sentence)
            return True


class Gathering:
    """Known labels while they are read, one answer after the other.

    Its methods raise FormatError for what cannot be. Readers take every entry over within `entry`: what is odd is
    passed over, counted, and told with its place, and what is right beside it counts.
    """

    def __init__(self) -> None:
        self._answers: dict[str, dict[str, int]] = {}
        self._scores: dict[str, dict[str, float]] = {}
        self._weak: dict[str, set[str]] = {}
        self._reviewed: set[str] = set()
        self._names: dict[str, str] = {}
        """Label as the file writes it to its name."""
        self._supercategories: dict[str, str] = {}
        self._parents: dict[str, dict[str, None]] = {}
        self._other_names: dict[str, dict[str, OtherName]] = {}
        self._implied: dict[str, set[str]] = {}
        self._problems: list[Sentence] = []
        self._passed_over = 0
        self._original_names: dict[str, str] = {}
        self._contradicted: set[tuple[str, str]] = set()
        self._guessed: str | None = None
        """A label whose letters had to be guessed."""

    def entry(self, file: Path, place: Place = "") -> _Entry:
        """Where an entry of a file is taken over."""
        return _Entry(self, file, place)

    def pass_over(self, sentence: Sentence) -> None:
        """A file or an entry was passed over, for a reason that a person should know."""
        self._passed_over += 1
        self.tell(sentence)

    def tell(self, sentence: Sentence) -> None:
        """Something a person should know of how the labels were read."""
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(sentence)

    def doubt(self, photo: str, label: str) -> None:
        """What is said of a photo and label could not be read: neither a yes nor a no."""
        self._answers[photo].setdefault(label, IGNORED)

    def called_before(self, photo: str, name: object) -> None:
        """A photo had another name before it was uploaded, says the file."""
        if isinstance(name, str) and name.strip("/"):
            self._original_names[photo] = name

    def photo(self, name: object, *, reviewed: bool = False) -> str:
        """A photo is named, maybe without any label; returns its name as it is kept."""
        if not isinstance(name, str) or not name.strip("/"):
            raise FormatError(Sentence("Expected the name of a photo, but got {name}.").format(name=shown(name)))
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
            if name != str(text).strip():
                self._guessed = self._guessed or name
        if isinstance(supercategory, str) and supercategory.strip() and is_printable(supercategory):
            self._supercategories.setdefault(name, supercategory.strip())
        return name

    def stands_below(self, label: str, parent: object) -> None:
        """A label stands right below something, which need be no label; what cannot be one's name is passed over."""
        if isinstance(parent, str) and parent.strip() and parent.strip() != label and is_printable(parent):
            above = self._parents.setdefault(label, {})
            if len(above) < _MOST_PARENTS and len(parent) <= _MOST_LETTERS:
                above[parent.strip()] = None

    def called(self, label: str, name: object, language: object = "") -> None:
        """A label has another name; what can be none is passed over."""
        if not isinstance(name, str) or not name.strip() or len(name) > _MOST_LETTERS or not is_printable(name):
            return
        known = self._other_names.setdefault(label, {})
        if name.strip().casefold() != label.casefold() and len(known) < _MOST_PARENTS:
            tongue = language if isinstance(language, str) else ""
            known.setdefault(
                name.strip().casefold(), other_name(f"{tongue}:{name.strip()}" if tongue else name.strip())
            )

    def implied(self, photo: str, label: str) -> None:
        """That the label is present follows from another one, says the file."""
        self._implied.setdefault(photo, set()).add(label)

    def forget_label(self, text: str) -> None:
        """What was named as a label is none."""
        self._names.pop(text, None)

    def answer(self, photo: str, label: str, answer: int) -> None:
        """A photo has a label, has it not, or it is not to be counted; of several answers a present one counts most.

        Where both are said, neither counts.
        """
        answers = self._answers[photo]
        known = answers.setdefault(label, answer)
        if {known, answer} == {PRESENT, ABSENT} or (photo, label) in self._contradicted:
            answers[label] = IGNORED
            self._contradicted.add((photo, label))
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
                    label=label, score=shown(score)
                )
            )
        scores = self._scores.setdefault(photo, {})
        scores[label] = max(float(score), scores.get(label, 0.0))
        if weak:
            self._weak.setdefault(photo, set()).add(label)

    @property
    def known(self) -> KnownLabels:
        """What was gathered."""
        labels = tuple(dict.fromkeys(self._names.values()))
        problems = self._problems
        if self._guessed is not None:
            guessed = Sentence(
                "It is not UTF-8. Letters were read as those of Windows-1252, as in {label!r}; if they are others, "
                "save it as UTF-8 first."
            )
            problems = [guessed.format(label=self._guessed), *problems]
        return KnownLabels(
            labels,
            self._answers,
            scores=self._scores,
            weak=self._weak,
            reviewed=frozenset(self._reviewed),
            supercategories=self._supercategories,
            parents={label: tuple(above) for label, above in self._parents.items()},
            other_names={label: tuple(names.values()) for label, names in self._other_names.items() if names},
            implied=self._implied,
            problems=tuple(problems),
            passed_over=self._passed_over,
            original_names=self._original_names,
        )

    @property
    def some(self) -> KnownLabels:
        """What was gathered from one file, which must say something of a photo.

        Raises:
            KnownLabelsError: entries were passed over, and there is nothing else; it says what is wrong with the first.
        """
        said = any(answer != IGNORED for answers in self._answers.values() for answer in answers.values())
        if self._passed_over and not said and not self._scores and not self._reviewed:
            raise KnownLabelsError(self._problems[0])
        return self.known


_MOST_LETTERS = 1000
"""Of the name of a label."""
_MOST_PARENTS = 100
"""Of a label; likewise of its other names."""
_MOST_PROBLEMS = 100
"""That are told one by one."""
