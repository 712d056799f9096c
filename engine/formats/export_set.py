"""What is handed over: photos with their labels, the same for every format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from engine.project.labels import LabelRow
from engine.project.snapshot import NO, YES, LabelState
from engine.wording import Sentence

HUMAN, RULE = "human", "rule"
"""Who says so, where a person does."""

MAYBE = "maybe"
"""Under this name formats that hold states say which suggestions are weak."""

STATE_WORDS = {LabelState.CONFIRMED: "confirmed", LabelState.LIKELY: "suggested", LabelState.MAYBE: MAYBE}
"""Words for the states of a label that a photo has, as a table writes them."""


@dataclass(frozen=True)
class ExportedLabel:
    """A label that a photo has: `column` among the labels, score from 0 to 1, and who says so."""

    column: int
    score: float
    source: str
    """`HUMAN`, `RULE`, or the stage that suggests it."""
    state: LabelState
    """CONFIRMED, LIKELY or MAYBE."""

    @property
    def confirmed(self) -> bool:
        return self.state == LabelState.CONFIRMED


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
    """photos x labels: YES, NO or UNDECIDED."""
    scores: npt.NDArray[np.float32]
    """photos x labels, nan where there are none."""
    suggested: npt.NDArray[np.bool_]
    """photos x labels: undecided, and handed over as a suggestion."""
    maybe: npt.NDArray[np.bool_]
    """photos x labels: those of the suggestions that are weak."""
    stage: str
    """Whose scores these are."""
    by_rule: npt.NDArray[np.bool_] | None = None
    """photos x labels: those of the suggestions that a rule makes, not a score; None where there are none."""
    split: str = ""
    """train, val or test; empty where photos are not split."""
    left_out: list[Sentence] = field(default_factory=list)
    """Why nothing was written for some photos and labels, or under another name; parts of the photos add to it."""

    def __len__(self) -> int:
        return len(self.paths)

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

    def source_of(self, row: int, column: int, *, confirmed: bool) -> str:
        """Who says that a photo has a label: `HUMAN`, `RULE`, or the stage that suggests it."""
        if confirmed:
            return HUMAN
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
            by_rule=None if self.by_rule is None else self.by_rule[rows],
            split=split,
        )

    def photos(self) -> Iterator[ExportedPhoto]:
        """The photos with their labels, one by one."""
        present, scores = self.present, self.shown_scores
        states = np.full(present.shape, LabelState.LIKELY, np.int8)
        states[self.maybe], states[self.decisions == YES] = LabelState.MAYBE, LabelState.CONFIRMED
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
                        self.source_of(row, column, confirmed=states[row, column] == LabelState.CONFIRMED),
                        LabelState(states[row, column]),
                    )
                    for column in np.flatnonzero(present[row]).tolist()
                ),
                rejected=tuple(np.flatnonzero(self.decisions[row] == NO).tolist()),
            )


def rounded(score: float) -> float:
    """A score as formats that are no tables of scores write it."""
    return round(score, 6)
