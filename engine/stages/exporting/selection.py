"""Which photos and labels of a project are handed over, under which names, and why the others are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt

from engine.errors import WrongUsage
from engine.formats.export_set import ExportSet
from engine.formats.files.portable_names import MOST_BYTES, portable, shortened, stems
from engine.project import Project
from engine.project.filters import parse
from engine.project.label_state import IMPLIED, NO, RULED_OUT, UNDECIDED, YES, LabelState
from engine.project.runs import INITIAL, no_scores_yet
from engine.project.snapshot import Snapshot
from engine.project.thresholds import maybe_in_force, thresholds_in_force
from engine.stages.exporting.export_request import ExportRequest, PhotoFiles, PhotosWanted, StatesWanted
from engine.stages.finding.chosen_photos import chosen_rows
from engine.wording import Sentence

_ADDED = len(".json")
"""Bytes that a format may add to a photo's name."""


class LeftOut(StrEnum):
    """Why a photo, or a label of a photo, stays out."""

    UNREADABLE = "cannot be read"
    UNREVIEWED = "not reviewed"
    FILTERED = "not in the filter"
    NOT_NAMED = "not named"
    NOT_CHOSEN = "of labels that were not chosen"
    ONLY_SUGGESTED = "suggested, not confirmed"
    ONLY_MAYBE = "maybe, not likely"
    REJECTED = "rejected"
    IMPLIED = "implied by labels below"


@dataclass(frozen=True)
class ExportCounts:
    """How many photos and labels of photos go in, and how many stay out for which reason."""

    photos: int
    without_label: int
    """Of the photos that go in."""
    unseen: int
    """Of those without a label: photos that nobody reviewed, so that nobody said that nothing is on them."""
    confirmed: int
    """By a person, or implied by what is."""
    likely: int
    maybe: int
    implied: int = 0
    """Of the confirmed ones."""
    rejected: int = 0
    """Labels that go in as not there, besides; where the format says no."""
    photos_left_out: dict[LeftOut, int] = field(default_factory=dict)
    labels_left_out: dict[LeftOut, int] = field(default_factory=dict)
    """Labels of photos that go in."""

    @property
    def labels(self) -> int:
        """Labels that go in."""
        return self.confirmed + self.likely + self.maybe

    @property
    def unconfirmed(self) -> int:
        """Labels that go in and that nobody has confirmed."""
        return self.likely + self.maybe


@dataclass(frozen=True)
class Selection:
    """What is handed over, which rows of the snapshot that is, and how much it is."""

    export: ExportSet
    rows: npt.NDArray[np.int64]
    counts: ExportCounts
    unlisted: tuple[str, ...] = ()
    """Names that were asked for and are no photo's."""


def select(project: Project, snapshot: Snapshot, request: ExportRequest) -> Selection:
    """Choose photos, labels and states, and the names under which photos are handed over.

    Raises:
        UserError: nothing was labelled by that stage, no such label, a filter that cannot be understood, or a path
            that leads out of the photo folder, as only a forged project's would.
    """
    rows, photos_left_out, unlisted = _rows(project, snapshot, request)
    columns = _columns(snapshot, request.labels)
    seen = snapshot
    if request.stage is not None:
        if request.stage == snapshot.stage:
            scores, thresholds = snapshot.untaught_scores(), snapshot.untaught_thresholds()
        else:
            scores = snapshot.matrix_of(project, request.stage)
            thresholds, _ = thresholds_in_force(project, request.stage, snapshot.labels)
        maybe_from = maybe_in_force(project, request.stage, snapshot.labels)
        seen = snapshot.suggested_by(scores, thresholds, maybe_from)
    if request.stage is not None and np.isnan(seen.scores).all():
        raise no_scores_yet(request.stage)

    chosen = np.zeros(len(snapshot.labels), bool)
    chosen[columns] = True
    known = snapshot.known[rows]
    follows = (known == IMPLIED) | (known == RULED_OUT)
    decisions = np.sign(known) if request.implied else snapshot.decisions[rows]
    states = seen.states(rows)
    likely, maybe = (states == state for state in (LabelState.LIKELY, LabelState.MAYBE))
    goes_in = {
        StatesWanted.CONFIRMED: np.zeros_like(likely),
        StatesWanted.SUGGESTED: likely,
        StatesWanted.MAYBE: likely | maybe,
    }[StatesWanted(request.states)]
    names = [snapshot.paths[row] for row in rows]
    names_of_labels = [label.name for label in snapshot.labels]
    project.check_paths(names)  # files are written and copied by these names
    export = ExportSet(
        photo_ids=snapshot.photo_ids[rows],
        paths=names,
        names=names,
        stems=names,
        sizes=snapshot.sizes[rows],
        reviewed=snapshot.reviewed[rows],
        labels=[snapshot.labels[column] for column in columns],
        decisions=decisions[:, columns],
        scores=seen.scores[rows][:, columns],
        suggested=goes_in[:, columns],
        maybe=(maybe & goes_in)[:, columns],
        stage=request.stage or snapshot.stage or INITIAL,
        implied=follows[:, columns] if request.implied and snapshot.parents else None,
        parents=[[names_of_labels[one] for one in snapshot.parents.right_above.get(column, ())] for column in columns],
        ways_down=_ways_down(snapshot, columns) if snapshot.parents else (),
        by_rule=_by_rule(seen, rows)[:, columns] & goes_in[:, columns] if seen.of_rules else None,
        left_alone=((known == UNDECIDED) & (snapshot.answers(rows=rows) == NO) & ~goes_in)[:, columns],
    )
    rejected = (decisions == NO) & ~follows & chosen
    bare = ~export.present.any(axis=1)
    counts = ExportCounts(
        photos=len(rows),
        without_label=int(bare.sum()),
        unseen=int((bare & ~export.reviewed).sum()),
        confirmed=int((export.decisions == YES).sum()),
        likely=int((export.suggested & ~export.maybe).sum()),
        maybe=int(export.maybe.sum()),
        implied=0 if export.implied is None else int((export.implied & (export.decisions == YES)).sum()),
        rejected=int(rejected.sum()) if request.writer.writes_no else 0,
        photos_left_out=photos_left_out,
        labels_left_out=_counted(
            {
                LeftOut.NOT_CHOSEN: ((decisions == YES) | likely | goes_in) & ~chosen,
                LeftOut.ONLY_SUGGESTED: likely & ~goes_in & chosen,
                LeftOut.ONLY_MAYBE: maybe & ~goes_in & chosen,
                LeftOut.REJECTED: np.zeros_like(likely) if request.writer.writes_no else rejected,
                LeftOut.IMPLIED: np.zeros_like(likely) if request.implied else (known == IMPLIED) & chosen,
            }
        ),
    )
    return Selection(_named(export, request), rows, counts, unlisted)


_MOST_WAYS = 20
"""Down to one label; a tree in which there are more tells as much by these."""


def _ways_down(snapshot: Snapshot, columns: Sequence[int]) -> list[list[str]]:
    """Of labels all that stands above each, level by level with `|` between, by each of the ways down to it."""
    found: dict[int, list[str]] = {}
    for column in snapshot.parents.from_the_top:
        label = snapshot.labels[column]
        ways = [
            f"{way}|{snapshot.labels[parent].name}".lstrip("|")
            for parent in snapshot.parents.right_above.get(column, ())
            for way in found[parent]
        ]
        found[column] = ways[:_MOST_WAYS] or [label.supercategory]
    return [found[column] for column in columns]


def _rows(
    project: Project, snapshot: Snapshot, request: ExportRequest
) -> tuple[npt.NDArray[np.int64], dict[LeftOut, int], tuple[str, ...]]:
    unlisted: tuple[str, ...] = ()
    kept = np.ones(len(snapshot), bool)
    left_out = {}
    conditions = {LeftOut.UNREADABLE: np.array([problem is None for problem in snapshot.problems], bool)}
    if request.only == PhotosWanted.REVIEWED:
        conditions[LeftOut.UNREVIEWED] = snapshot.reviewed
    if request.names is not None:
        named, unlisted = chosen_rows(project, snapshot, names=request.names)
        conditions[LeftOut.NOT_NAMED] = np.isin(np.arange(len(snapshot)), named)
    if request.filter_text.strip():
        wanted = parse(request.filter_text)
        conditions[LeftOut.FILTERED] = wanted.rows(snapshot, partial(snapshot.matrix_of, project))
    for reason, condition in conditions.items():
        left_out[reason] = kept & ~condition
        kept &= condition
    return np.flatnonzero(kept), _counted(left_out), unlisted


def _columns(snapshot: Snapshot, names: Sequence[str]) -> list[int]:
    columns = {label.name.casefold(): column for column, label in enumerate(snapshot.labels)}
    unknown = [name for name in names if name.casefold() not in columns]
    if unknown:
        raise WrongUsage(
            Sentence("There is no label {name!r}. Choose among the labels of the project.").format(name=unknown[0])
        )
    return sorted({columns[name.casefold()] for name in names}) if names else list(columns.values())


def _named(export: ExportSet, request: ExportRequest) -> ExportSet:
    """What the photos are called in the export; left where they are they keep their names."""
    writer = request.writer
    if request.photos == PhotoFiles.LEAVE:
        found = stems(export.paths)
        written = [portable(stem, writer.escapes) for stem in found] if writer.escapes else found
        return replace(export, names=export.paths, stems=written)
    whole = [portable(path, writer.escapes) for path in export.paths]
    most = MOST_BYTES - (_ADDED if writer.beside or writer.by_stem else 0)
    names = [shortened(name, most) for name in whole]
    for path, name, before in zip(export.paths, names, whole, strict=True):
        if name != before:
            export.left_out.append(
                Sentence("{photo} is called {name} there: its name is too long for most disks.").format(
                    photo=path, name=name
                )
            )
    found = stems(names)
    if writer.by_stem:
        names = [stem + PurePosixPath(name).suffix for stem, name in zip(found, names, strict=True)]
    return replace(export, names=names, stems=found)


def _counted(masks: dict[LeftOut, npt.NDArray[np.bool_]]) -> dict[LeftOut, int]:
    return {reason: count for reason, mask in masks.items() if (count := int(mask.sum()))}


def _by_rule(snapshot: Snapshot, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Labels that rules suggest and their scores do not: photos x labels."""
    return snapshot.ruled(rows) & ~(snapshot.scores[rows] >= snapshot.thresholds)
