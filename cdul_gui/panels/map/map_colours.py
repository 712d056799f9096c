"""What the colours of the map's dots mean: a label's state, its score, how doubtful that is, or the photo's folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import takewhile

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QPalette

from cdul_gui.look.appearance import is_dark
from cdul_gui.look.chips import chip_colours
from cdul_gui.session.snapshot_reading import Rows
from cdul_gui.session.thresholds import chances_of
from cdul_gui.wording import QT_TRANSLATE_NOOP, as_score, shown_name
from engine.method.review_order import chances, doubt
from engine.project.label_state import UNDECIDED, LabelState
from engine.project.snapshot import Snapshot

# Of the map of colours "viridis" (perceptually even, for colour-blind eyes too) what stands out from the ground, and
# most where the value is highest: from .3 to 1 on dark ground, from .75 to 0 on light one.
_SCALE = {
    True: (
        "#35608d", "#2d708e", "#277f8e", "#218e8d", "#1e9d89", "#26ad81",
        "#3bbb75", "#5ac864", "#80d34e", "#a9dc33", "#d4e21a", "#fde725",
    ),
    False: (
        "#5dc863", "#3bbb75", "#25ab82", "#1e9b8a", "#228b8d", "#297a8e",
        "#306a8e", "#38598c", "#404588", "#46307e", "#481a6c", "#440154",
    ),
}  # fmt: skip
STEPS = len(_SCALE[True])
"""Colours of a scale."""
DULL = {True: "#6a7482", False: "#8b939f"}

# Told apart by colour-blind eyes (after Okabe and Ito, 2008), with a contrast of 3 : 1 or more to the ground.
FOLDERS = {
    True: ("#e69f00", "#56b4e9", "#00a87a", "#f0e442", "#d98cbb", "#e8702a"),
    False: ("#b87800", "#2f8fce", "#007a59", "#1f3f8f", "#c04f94", "#d55e00"),
}


class ColourBy(StrEnum):
    """What the colour of a dot tells."""

    STATE = "state"
    SCORE = "score"
    DOUBT = "doubt"
    FOLDER = "folder"


@dataclass(frozen=True)
class Colouring:
    """`groups`: for each photo which of the `colours` it has; the later ones lie on top.

    Of a scale `ends` says what its lowest and highest colour mean. `names` are those of the other colours by group.
    """

    groups: npt.NDArray[np.int8]
    colours: tuple[QColor, ...]
    names: dict[int, str]
    ends: tuple[str, str] | None = None
    caption: str = ""
    """What they are colours of."""


def colouring(snapshot: Snapshot, rows: Rows, column: int | None, by: ColourBy, palette: QPalette) -> Colouring | None:
    """The colours of these photos; None where a label has to be chosen first."""
    if by == ColourBy.FOLDER:
        found = _by_folder([snapshot.paths[row] for row in rows], palette)
    elif column is None:
        return None
    elif by == ColourBy.STATE:
        found = _by_state(snapshot.states(rows)[:, column], palette)
    elif by == ColourBy.SCORE:
        found = _by_score(snapshot, snapshot.scores[rows, column], column, palette)
    else:
        found = _by_doubt(snapshot, rows, column, palette)
    label = "" if column is None else shown_name(snapshot.labels[column].name)
    caption = _CHANCE if by == ColourBy.SCORE and found.ends == _PERCENT else _CAPTIONS[by]
    return replace(found, caption=_tr(caption).replace("{label}", label))


def _by_doubt(snapshot: Snapshot, rows: Rows, column: int, palette: QPalette) -> Colouring:
    scores = snapshot.scores[rows, column]
    answered = snapshot.answers(column)[rows] != UNDECIDED
    values = doubt(scores[:, None], snapshot.thresholds[[column]], answered[:, None])
    values = np.where(answered | np.isnan(scores), np.nan, values)
    return _on_scale(values, (_tr(_CLEAR), _tr(_DOUBTFUL)), _tr(_ANSWERED), palette)


def dull_colour(palette: QPalette) -> QColor:
    """Of dots that tell nothing."""
    return QColor(DULL[is_dark(palette)])


def _by_state(states: npt.NDArray[np.int8], palette: QPalette) -> Colouring:
    # The muted colour of a chip is strong enough for a few pixels.
    colours = [dull_colour(palette), *(chip_colours(state, palette).muted for state in list(LabelState)[1:])]
    return Colouring(
        states,
        tuple(colours),
        {int(state): _tr(name) for state, name in _STATES.items() if (states == state).any() or state in _ALWAYS_NAMED},
    )


def _by_score(snapshot: Snapshot, scores: npt.NDArray[np.float32], column: int, palette: QPalette) -> Colouring:
    likely = chances_of(snapshot, scores, column)
    if not np.isnan(likely).all():
        return _on_scale(likely, _PERCENT, _tr(_NO_SCORE), palette)
    known = scores[~np.isnan(scores)]
    if not len(known):
        return _on_scale(scores, ("", ""), _tr(_NO_SCORE), palette)
    # Scores of a softmax over many labels crowd near 0; about the threshold they spread out.
    spread = chances(scores[:, None], snapshot.thresholds[[column]])[:, 0]
    lowest, highest = float(np.nanmin(spread)), float(np.nanmax(spread))
    ends = as_score(float(known.min())), as_score(float(known.max()))
    return _on_scale((spread - lowest) / max(highest - lowest, 1e-9), ends, _tr(_NO_SCORE), palette)


def _by_folder(paths: Sequence[str], palette: QPalette) -> Colouring:
    folders = [path.rpartition("/")[0] for path in paths]
    names = _short_names(set(folders))
    numbers = {name: number for number, name in enumerate(sorted(set(names.values())))}
    of_photos = np.array([numbers[names[folder]] for folder in folders], np.int64)
    counts = np.bincount(of_photos, minlength=len(numbers))
    colours = tuple(map(QColor, FOLDERS[is_dark(palette)]))
    largest = np.sort(np.argsort(-counts, kind="stable")[: len(colours)])
    groups = np.zeros(len(numbers), np.int8)
    groups[largest] = np.arange(1, len(largest) + 1)
    legend = {int(groups[number]): name or _tr(_IN_NO_FOLDER) for name, number in numbers.items() if groups[number]}
    if len(largest) < len(numbers):
        legend[0] = _tr(_OTHERS)
    return Colouring(groups[of_photos], (dull_colour(palette), *colours[: len(largest)]), legend)


def _short_names(folders: set[str]) -> dict[str, str]:
    """Of each folder the first one on the way to it that not all of them share; "" for the one that all are in."""
    ways = {folder: folder.split("/") if folder else [] for folder in folders}
    first, last = min(ways.values(), default=[]), max(ways.values(), default=[])
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return {folder: way[shared] if len(way) > shared else "" for folder, way in ways.items()}


def _on_scale(values: npt.NDArray[np.floating], ends: tuple[str, str], without: str, palette: QPalette) -> Colouring:
    """From 0 to 1; what is nan is dull and called `without`."""
    known = ~np.isnan(values)
    steps = np.minimum(np.where(known, values, 0) * STEPS, STEPS - 1).astype(np.int8)
    names = {} if known.all() else {0: without}
    return Colouring(
        np.where(known, steps + 1, 0).astype(np.int8),
        (dull_colour(palette), *map(QColor, _SCALE[is_dark(palette)])),
        names,
        ends,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("MapColours", text)


_STATES = {
    LabelState.ABSENT: QT_TRANSLATE_NOOP("MapColours", "not suggested"),
    LabelState.CONFIRMED: QT_TRANSLATE_NOOP("MapColours", "confirmed"),
    LabelState.LIKELY: QT_TRANSLATE_NOOP("MapColours", "likely"),
    LabelState.MAYBE: QT_TRANSLATE_NOOP("MapColours", "maybe"),
    LabelState.REJECTED: QT_TRANSLATE_NOOP("MapColours", "rejected"),
    LabelState.IMPLIED: QT_TRANSLATE_NOOP("MapColours", "implied"),
    LabelState.RULED_OUT: QT_TRANSLATE_NOOP("MapColours", "ruled out"),
}
_ALWAYS_NAMED = (LabelState.CONFIRMED, LabelState.LIKELY, LabelState.MAYBE, LabelState.REJECTED)
_CAPTIONS = {
    ColourBy.STATE: QT_TRANSLATE_NOOP("MapColours", "{label}:"),
    ColourBy.SCORE: QT_TRANSLATE_NOOP("MapColours", "Score of {label}:"),
    ColourBy.DOUBT: QT_TRANSLATE_NOOP("MapColours", "Doubt about {label}:"),
    ColourBy.FOLDER: QT_TRANSLATE_NOOP("MapColours", "Folder:"),
}
_CHANCE = QT_TRANSLATE_NOOP("MapColours", "Chance of {label}:")
_PERCENT = ("0 %", "100 %")
_CLEAR = QT_TRANSLATE_NOOP("MapColours", "clear")
_DOUBTFUL = QT_TRANSLATE_NOOP("MapColours", "doubtful")
_ANSWERED = QT_TRANSLATE_NOOP("MapColours", "answered")
_NO_SCORE = QT_TRANSLATE_NOOP("MapColours", "no score")
_IN_NO_FOLDER = QT_TRANSLATE_NOOP("MapColours", "in no folder")
_OTHERS = QT_TRANSLATE_NOOP("MapColours", "others")
