"""A contact sheet: each photo with its labels, and beside it where its first label comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from engine.formats.files.whole_file import whole_file
from engine.photos.decode import PhotoProblem, decode_file
from engine.project import Project
from engine.project.snapshot import LabelState, Snapshot
from engine.stages.labelling.explain import heatmap
from engine.stages.teaching.teaching import snapshot_in_force

_MOST, _COLUMNS = 60, 3
_PHOTO = (260, 190)
_MARGIN = 14
_TEXT = 44
_PAPER, _INK, _FAINT = (250, 250, 248), (24, 26, 30), (110, 114, 122)
_HEAT = (255, 164, 18)


def write_contact_sheet(project: Project, file: Path) -> int:
    """Write a PNG with the first photos of a project, at most 60; returns how many it shows.

    Below each photo stand its labels: confirmed ones with a yes, likely ones with their scores, and behind them those
    that may be, with a question mark. Beside it stands the same photo with the heatmap of the first of these labels:
    the more orange, the more the snippet speaks for the label; the number is the snippet's probability in per cent.
    """
    snapshot = snapshot_in_force(project)
    rows = [row for row, problem in enumerate(snapshot.problems) if problem is None][:_MOST]
    tile = (2 * _PHOTO[0] + 4, _PHOTO[1] + _TEXT)
    lines = -(-len(rows) // _COLUMNS)
    sheet = Image.new(
        "RGB", (_COLUMNS * (tile[0] + _MARGIN) + _MARGIN, max(1, lines) * (tile[1] + _MARGIN) + _MARGIN), _PAPER
    )
    for place, row in enumerate(rows):
        left = _MARGIN + (place % _COLUMNS) * (tile[0] + _MARGIN)
        top = _MARGIN + (place // _COLUMNS) * (tile[1] + _MARGIN)
        _draw_tile(sheet, left, top, project, snapshot, row)
    with whole_file(file) as stream:
        sheet.save(stream, "PNG")
    return len(rows)


def labels_of(snapshot: Snapshot, row: int) -> list[tuple[int, LabelState]]:
    """The columns of the labels that a photo has or is suggested: confirmed ones, likely ones, those that may be."""
    states, scores = snapshot.states([row])[0], snapshot.scores[row]
    # Scores and probabilities, which answers teach, cannot be compared: the state goes first.
    return [
        (int(column), state)
        for state in (LabelState.CONFIRMED, LabelState.LIKELY, LabelState.MAYBE)
        for column in sorted(np.flatnonzero(states == state), key=lambda column: -np.nan_to_num(scores[column]))
    ]


def marked_labels(snapshot: Snapshot, row: int) -> list[str]:
    """The labels of a photo with what is known of them, best first, such as `dog yes`, `cat 0.87` and `boat 0.31?`."""
    marks = {LabelState.CONFIRMED: " yes", LabelState.LIKELY: " {:.2f}", LabelState.MAYBE: " {:.2f}?"}
    return [
        snapshot.labels[column].name + marks[state].format(snapshot.scores[row, column])
        for column, state in labels_of(snapshot, row)
    ]


def _draw_tile(sheet: Image.Image, left: int, top: int, project: Project, snapshot: Snapshot, row: int) -> None:
    draw = ImageDraw.Draw(sheet)
    try:
        photo = decode_file(project.file_of(snapshot.paths[row]), at_least=_PHOTO).picture
    except PhotoProblem as problem:
        draw.text((left, top), str(problem), fill=_FAINT, font=_font(13))
        return
    photo.thumbnail(_PHOTO)
    sheet.paste(photo, (left, top + (_PHOTO[1] - photo.height) // 2))
    below = top + _PHOTO[1] + 4
    labels = labels_of(snapshot, row)
    draw.text((left, below), _fitting(draw, marked_labels(snapshot, row), 2 * _PHOTO[0]), _INK, _font(15))
    draw.text((left, below + 20), snapshot.paths[row], _FAINT, _font(12))
    scores = snapshot.scores[row]
    if np.isnan(scores).all():
        return
    best = snapshot.labels[labels[0][0] if labels else int(np.nanargmax(scores))]
    found = heatmap(project, int(snapshot.photo_ids[row]))
    values = found.of(best.id) if found else None
    if values is not None:
        right = left + _PHOTO[0] + 4
        sheet.paste(_heated(photo, values), (right, top + (_PHOTO[1] - photo.height) // 2))
        draw.text((right, below + 20), f"where: {best.name}", _FAINT, _font(12))


def _fitting(draw: ImageDraw.ImageDraw, labels: Sequence[str], width: int) -> str:
    """As many labels as fit into one line, best first."""
    parts = list(labels)
    while len(parts) > 1 and draw.textlength(", ".join(parts), _font(15)) > width:
        parts.pop()
    return ", ".join(parts) or "no label that is likely or may be"


def _heated(photo: Image.Image, values: npt.NDArray[np.float32]) -> Image.Image:
    """The photo with each snippet tinted by its value, relative to the photo's best snippet."""
    strength = values / max(float(values.max()), 1e-6)
    mask = Image.fromarray((170 * strength).astype(np.uint8)).resize(photo.size, Image.Resampling.NEAREST)
    heated = Image.composite(Image.new("RGB", photo.size, _HEAT), photo, mask)
    draw = ImageDraw.Draw(heated)
    rows, columns = values.shape
    for line in range(rows):
        for column in range(columns):
            at = (photo.width * column // columns + 4, photo.height * line // rows + 3)
            draw.text(at, f"{100 * values[line, column]:.0f}", "white", _font(13), stroke_width=1, stroke_fill="black")
    return heated


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
