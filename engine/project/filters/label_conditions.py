"""What a filter can ask of a photo's labels, scores and review. It answers for all photos of a snapshot at once."""

from __future__ import annotations

import difflib
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.project.filters.filter import FilterError, Mask, ScoresOf, folded_paths, mask_of, negation_of
from engine.project.filters.quoting import quoted
from engine.project.label_names import english_names
from engine.project.label_state import IMPLIED, RULED_OUT, UNDECIDED, YES, LabelState
from engine.project.labels import called_otherwise
from engine.project.snapshot import Snapshot
from engine.wording import LabelWord, Sentence

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_NEAR = 1.25
_IN_WORDS = {
    ">=": Sentence("at least {number}"),
    "<=": Sentence("at most {number}"),
    ">": Sentence("above {number}"),
    "<": Sentence("below {number}"),
    "=": Sentence("exactly {number}"),
}
_COUNT_IN_WORDS = {**_IN_WORDS, ">": Sentence("more than {number}"), "<": Sentence("fewer than {number}")}
_HAS_LABEL = {
    ("label", False): Sentence("with {label}"),
    ("label", True): Sentence("without {label}"),
    ("confirmed", False): Sentence("with {label} confirmed"),
    ("confirmed", True): Sentence("without {label} confirmed"),
    ("likely", False): Sentence("with {label} likely"),
    ("likely", True): Sentence("without {label} likely"),
    ("maybe", False): Sentence("that may have {label}"),
    ("maybe", True): Sentence("without {label} as a maybe"),
    ("suggested", False): Sentence("with {label} suggested"),
    ("suggested", True): Sentence("without {label} suggested"),
    ("implied", False): Sentence("with {label} implied"),
    ("implied", True): Sentence("without {label} implied"),
    ("below", False): Sentence("with a label below {label}"),
    ("below", True): Sentence("without a label below {label}"),
    ("disagreed", False): Sentence("on which people disagree about {label}"),
    ("disagreed", True): Sentence("on which nobody disagrees about {label}"),
    ("rejected", False): Sentence("with {label} rejected"),
    ("rejected", True): Sentence("without {label} rejected"),
}


@dataclass(frozen=True)
class LabelName:
    """A label as the filter names it, whatever the capitals and the language, and where it does."""

    name: str
    position: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return quoted(self.name)

    def column(self, snapshot: Snapshot) -> int:
        return self.index_among([label.name for label in snapshot.labels], called_otherwise(snapshot.labels))

    def index_among(self, names: Sequence[str], called: Mapping[str, int] = MappingProxyType({})) -> int:
        """Place among these names, or of what is called so otherwise; FilterError with the nearest one for none."""
        folded = [name.casefold() for name in names]
        wanted = self.name.casefold()
        for name in (wanted, *english_names(self.name)):
            if name in folded:
                return folded.index(name)
        if wanted in called:
            return called[wanted]
        near = difflib.get_close_matches(wanted, folded, n=1)
        if near:
            sentence = Sentence("There is no label “{label}”. Did you mean “{near}”?").format(
                label=self.name, near=names[folded.index(near[0])]
            )
        else:
            sentence = Sentence("There is no label “{label}”. Choose one of the label set.").format(label=self.name)
        raise FilterError(sentence, self.position)


@dataclass(frozen=True)
class HasLabel:
    """`label:` (confirmed or likely), `confirmed:`, `likely:`, `maybe:` or `rejected:` NAME; `suggested:` is likely.

    What follows from answers of labels below or above counts as confirmed or rejected; `implied:` is what follows
    alone. `below:` is any label below it that is confirmed or likely.
    """

    state: str
    label: LabelName

    def __str__(self) -> str:
        return f"{self.state}:{self.label}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        column = self.label.column(snapshot)
        known = snapshot.known[:, column]
        if self.state == "confirmed":
            return known > UNDECIDED
        if self.state == "disagreed":
            return _disagreed(snapshot)[:, column]
        if self.state == "rejected":
            return known < UNDECIDED
        if self.state == "implied":
            return (known == IMPLIED) | (known == RULED_OUT)
        if self.state == "below":
            # What is likely anywhere below is so right below, by what labels are lifted to; but what is confirmed is
            # not where somebody rejected a label between.
            confirmed = np.any(snapshot.decisions[:, snapshot.parents.below(column)] == YES, axis=1)
            return confirmed | np.any(_in_force(snapshot, snapshot.parents.right_below.get(column, [])), axis=1)
        if self.state in ("likely", "suggested"):
            return _likely(snapshot, [column])[:, 0]
        if self.state == "maybe":
            return _maybe(snapshot, [column])[:, 0]
        return _in_force(snapshot, [column])[:, 0]

    def phrase(self, *, negated: bool = False) -> Sentence:
        return _HAS_LABEL[self.state, negated].format(label=LabelWord(self.label.name))


@dataclass(frozen=True)
class ScoreIs:
    """`score(NAME) OP NUMBER`, or of one stage `score(NAME, STAGE) OP NUMBER`."""

    label: LabelName
    stage: str | None
    comparison: str
    value: float

    def __str__(self) -> str:
        stage = "" if self.stage is None else f", {self.stage}"
        return f"score({self.label}{stage}){self.comparison}{number(self.value)}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        column = self.label.column(snapshot)
        if self.stage is None:
            scores = snapshot.shown_scores_of(column)
        elif scores_of is not None:
            scores = scores_of(self.stage)[:, column]
        else:
            raise ValueError(f"Expected argument `scores_of`, because the filter asks for {self.stage} scores.")
        # What has no score is nan, for which no comparison holds.
        return COMPARISONS[self.comparison](scores, np.float32(self.value))

    def phrase(self, *, negated: bool = False) -> Sentence:
        how = _IN_WORDS[self.comparison].format(number=number(self.value))
        if self.stage is None:
            with_it, without_it = (
                Sentence("with a score for {label} {how}"),
                Sentence("without a score for {label} {how}"),
            )
        else:
            with_it = Sentence("with a {stage} score for {label} {how}")
            without_it = Sentence("without a {stage} score for {label} {how}")
        return (without_it if negated else with_it).format(label=LabelWord(self.label.name), stage=self.stage, how=how)


@dataclass(frozen=True)
class LabelCount:
    """`labels OP NUMBER`: how many labels are confirmed or likely."""

    comparison: str
    count: int

    def __str__(self) -> str:
        return f"labels{self.comparison}{self.count}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        counts = np.count_nonzero(_in_force(snapshot), axis=1)
        return COMPARISONS[self.comparison](counts, self.count)

    def phrase(self, *, negated: bool = False) -> Sentence:
        how = _COUNT_IN_WORDS[self.comparison].format(number=self.count)
        phrase = (Sentence("with {how} label") if self.count == 1 else Sentence("with {how} labels")).format(how=how)
        return negation_of(phrase) if negated else phrase


def _doubtful(snapshot: Snapshot) -> Mask:
    """Whether the odds s / (1 - s) of an undecided label are within a quarter of those of its threshold."""
    yes, no = snapshot.thresholds, 1 - snapshot.thresholds
    low, high = yes / (yes + _NEAR * no), _NEAR * yes / (_NEAR * yes + no)
    near = (snapshot.scores >= low) & (snapshot.scores <= high)
    return np.any(near & (snapshot.known == UNDECIDED), axis=1)


def _disagreed(snapshot: Snapshot) -> Mask:
    """photos x labels: one person says yes and another no."""
    if snapshot.opinions is None:
        return np.zeros(snapshot.decisions.shape, bool)
    return snapshot.opinions.disagreed


@dataclass(frozen=True)
class _Property:
    holds: Callable[[Snapshot], Any]
    phrase: Sentence
    negated: Sentence


PROPERTIES: dict[str, dict[str, _Property]] = {
    "state": {
        "reviewed": _Property(lambda s: s.reviewed.copy(), Sentence("reviewed"), Sentence("not reviewed")),
        "unreviewed": _Property(lambda s: ~s.reviewed, Sentence("not reviewed"), Sentence("reviewed")),
        "new": _Property(
            lambda s: s.is_new(),
            Sentence("that came later and are not reviewed"),
            Sentence("that are not new"),
        ),
        "unreadable": _Property(
            lambda s: np.array([problem is not None for problem in s.problems], bool),
            Sentence("that cannot be read"),
            Sentence("that can be read"),
        ),
        "labelled": _Property(
            lambda s: np.any(_in_force(s), axis=1), Sentence("with a label"), Sentence("without any label")
        ),
        "unlabelled": _Property(
            lambda s: ~np.any(_in_force(s), axis=1), Sentence("without any label"), Sentence("with a label")
        ),
        "likely": _Property(
            lambda s: np.any(_likely(s), axis=1), Sentence("with a likely label"), Sentence("without a likely label")
        ),
        "maybe": _Property(
            lambda s: np.any(_maybe(s), axis=1),
            Sentence("with a label that may be there"),
            Sentence("without a label that may be there"),
        ),
        "disagreed": _Property(
            lambda s: np.any(_disagreed(s), axis=1),
            Sentence("with a label that people disagree about"),
            Sentence("without a label that people disagree about"),
        ),
        "doubtful": _Property(_doubtful, Sentence("with a doubtful label"), Sentence("without a doubtful label")),
    },
    "source": {
        "person": _Property(
            lambda s: np.any(s.decisions == YES, axis=1),
            Sentence("with a label from a person"),
            Sentence("without a label from a person"),
        ),
        "model": _Property(
            lambda s: np.any(_likely(s), axis=1),
            Sentence("with a label from the model"),
            Sentence("without a label from the model"),
        ),
        "rule": _Property(
            lambda s: np.any((s.known == UNDECIDED) & s.ruled(), axis=1),
            Sentence("with a label from a rule"),
            Sentence("without a label from a rule"),
        ),
    },
}
"""By what comes before the colon and what may come after it."""


@dataclass(frozen=True)
class HasProperty:
    """`state:` or `source:` and one of a few words, see `PROPERTIES`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        return PROPERTIES[self.kind][self.name].holds(snapshot)

    def phrase(self, *, negated: bool = False) -> Sentence:
        found = PROPERTIES[self.kind][self.name]
        return found.negated if negated else found.phrase


@dataclass(frozen=True)
class Mentions:
    """A word, or words in quotes: a part of the path or of the name of a label in force, whatever the capitals."""

    text: str

    def __str__(self) -> str:
        return quoted(self.text)

    def rows(self, snapshot: Snapshot, scores_of: ScoresOf | None = None) -> Mask:
        text = self.text.casefold()
        meant = english_names(self.text)
        names = [label.name.casefold() for label in snapshot.labels]
        called = {place for name, place in called_otherwise(snapshot.labels).items() if text in name}
        columns = [column for column, name in enumerate(names) if text in name or name in meant or column in called]
        return mask_of([text in path for path in folded_paths(snapshot)]) | np.any(_in_force(snapshot, columns), axis=1)

    def phrase(self, *, negated: bool = False) -> Sentence:
        with_it, without_it = (
            Sentence("with “{text}” in the path or a label"),
            Sentence("without “{text}” in the path or a label"),
        )
        return (without_it if negated else with_it).format(text=self.text)


def number(value: float) -> str:
    """Digits that read back as the same number, without an exponent."""
    return np.format_float_positional(value, trim="-")


# As `Snapshot.states` has it, of the columns alone that are asked for.


def _likely(snapshot: Snapshot, columns: Sequence[int] | slice = slice(None)) -> Mask:
    return snapshot.states(columns=columns) == LabelState.LIKELY


def _maybe(snapshot: Snapshot, columns: Sequence[int] | slice = slice(None)) -> Mask:
    return snapshot.states(columns=columns) == LabelState.MAYBE


def _in_force(snapshot: Snapshot, columns: Sequence[int] | slice = slice(None)) -> Mask:
    return (snapshot.known[:, columns] > UNDECIDED) | _likely(snapshot, columns)
