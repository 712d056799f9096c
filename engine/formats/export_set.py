"""What is handed over: photos with their labels, the same for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.project.label_state import NO, THERE, YES, LabelState
from engine.project.labels import LabelRow
from engine.wording import Sentence

HUMAN, RULE = "human", "rule"
"""Who says so, where a person does."""

MAYBE = "maybe"
"""Under this name formats that hold states say which suggestions are weak."""

IMPLIED = "implied"
"""Likewise of labels that follow from a label below them, which somebody confirmed."""

STATE_WORDS = {
    LabelState.CONFIRMED: "confirmed",
    LabelState.IMPLIED: IMPLIED,
    LabelState.LIKELY: "suggested",
    LabelState.MAYBE: MAYBE,
}
"""Words for the states of a label that a photo has, as a table writes them."""


@dataclass(frozen=True)
class ExportedLabel:
    """A label that a photo has: `column` among the labels, score from 0 to 1, and who says so."""

    column: int
    score: float
    source: str
    """`HUMAN`, `IMPLIED`, `RULE`, or the stage that suggests it."""
    state: LabelState
    """CONFIRMED, IMPLIED, LIKELY or MAYBE."""

    @property
    def confirmed(self) -> bool:
        return self.state in THERE


@dataclass(frozen=True)
class ExportedPhoto:
    """A photo with the labels it has (confirmed or suggested) and the columns of those it has not (`rejected`)."""

    id: int
    name: str
    stem: str
    width: int
    height: int
    reviewed: bool
    labels: tuple[ExportedLabel, ...]
    rejected: tuple[int, ...]


@dataclass(frozen=True)
class ExportSet:
    """Readable photos in order of their paths, with the labels that were chosen."""

    photo_ids: npt.NDArray[np.int64]
    paths: list[str]
    """In the photo folder."""
    names: list[str]
    """What the photos are called in the export: as in the photo folder, unless they are copied or linked."""
    stems: list[str]
    """The names without suffixes, made unique, see `portable_names.stems`, as the format can hold them."""
    sizes: npt.NDArray[np.int32]
    """photos x 2: stored width and height in pixels."""
    reviewed: npt.NDArray[np.bool_]
    labels: list[LabelRow]
    decisions: npt.NDArray[np.int8]
    """photos x labels: YES, NO or UNDECIDED; with what follows from other answers where that is asked for."""
    scores: npt.NDArray[np.float32]
    """photos x labels, nan where there are none."""
    suggested: npt.NDArray[np.bool_]
    """photos x labels: undecided, and handed over as a suggestion."""
    maybe: npt.NDArray[np.bool_]
    """photos x labels: those of the suggestions that are weak."""
    stage: str
    """Whose scores these are."""
    implied: npt.NDArray[np.bool_] | None = None
    """photos x labels: those of the decisions that nobody made and that follow from others; None for none."""
    parents: Sequence[Sequence[str]] = ()
    """Of each label the names of those that it stands right below, chosen or not; empty where none does."""
    ways_down: Sequence[Sequence[str]] = ()
    """Of each label the ways down to it, each with the levels above it and `|` between; empty where it has no parents
    and no label of the label set has: then there is its supercategory."""
    by_rule: npt.NDArray[np.bool_] | None = None
    """photos x labels: those of the suggestions that a rule makes, not a score; None where there are none."""
    left_alone: npt.NDArray[np.bool_] | None = None
    """photos x labels: what nobody answered on photos that are reviewed, and that counts as not there, see
    `Snapshot.answers`; None for none."""
    split: str = ""
    """train, val or test; empty where photos are not split."""
    left_out: list[Sentence] = field(default_factory=list)
    """Why nothing was written for some photos and labels, or under another name; parts of the photos add to it."""

    def __len__(self) -> int:
        return len(self.paths)

    def parents_of(self, column: int) -> Sequence[str]:
        """The names of what a label stands right below."""
        return self.parents[column] if self.parents else ()

    @property
    def present(self) -> npt.NDArray[np.bool_]:
        """photos x labels: confirmed or suggested."""
        return (self.decisions == YES) | self.suggested

    @property
    def shown_scores(self) -> npt.NDArray[np.float32]:
        """photos x labels: the scores, and 1 where a person said yes, or a rule does and there is none."""
        certain = self.decisions == YES
        if self.by_rule is not None:
            certain = certain | (self.by_rule & np.isnan(self.scores))
        return np.where(certain, np.float32(1), self.scores)

    def source_of(self, row: int, column: int, state: LabelState) -> str:
        """Who says that a photo has a label: `HUMAN`, `IMPLIED`, `RULE`, or the stage that suggests it."""
        if state in THERE:
            return HUMAN if state == LabelState.CONFIRMED else IMPLIED
        return RULE if self.by_rule is not None and self.by_rule[row, column] else self.stage

    def take(self, rows: npt.NDArray[np.int64], split: str = "") -> ExportSet:
        """These photos alone."""
        return replace(
            self,
            photo_ids=self.photo_ids[rows],
            paths=[self.paths[row] for row in rows],
            names=[self.names[row] for row in rows],
            stems=[self.stems[row] for row in rows],
            sizes=self.sizes[rows],
            reviewed=self.reviewed[rows],
            decisions=self.decisions[rows],
            scores=self.scores[rows],
            suggested=self.suggested[rows],
            maybe=self.maybe[rows],
            implied=None if self.implied is None else self.implied[rows],
            by_rule=None if self.by_rule is None else self.by_rule[rows],
            left_alone=None if self.left_alone is None else self.left_alone[rows],
            split=split,
        )

    def photos(self) -> Iterator[ExportedPhoto]:
        """The photos with their labels, one by one."""
        present, scores = self.present, self.shown_scores
        states = np.full(present.shape, LabelState.LIKELY, np.int8)
        states[self.maybe], states[self.decisions == YES] = LabelState.MAYBE, LabelState.CONFIRMED
        rejected = self.decisions == NO
        if self.implied is not None:
            states[self.implied & (self.decisions == YES)] = LabelState.IMPLIED
            rejected &= ~self.implied
        for row, name in enumerate(self.names):
            width, height = self.sizes[row].tolist()
            yield ExportedPhoto(
                id=int(self.photo_ids[row]),
                name=name,
                stem=self.stems[row],
                width=width,
                height=height,
                reviewed=bool(self.reviewed[row]),
                labels=tuple(
                    ExportedLabel(
                        column,
                        rounded(float(scores[row, column])),
                        self.source_of(row, column, LabelState(states[row, column])),
                        LabelState(states[row, column]),
                    )
                    for column in np.flatnonzero(present[row]).tolist()
                ),
                rejected=tuple(np.flatnonzero(rejected[row]).tolist()),
            )


def rounded(score: float) -> float:
    """A score as formats that are no tables of scores write it."""
    return round(score, 6)
