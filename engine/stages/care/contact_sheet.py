"""A contact sheet: thumbnails of photos with their labels; beside each, where wanted, where its first label is from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from engine.errors import UserError
from engine.formats.files.whole_file import whole_file
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.photos.decode import PhotoProblem, decode_file
from engine.project import Project
from engine.project.snapshot import Snapshot
from engine.stages.exporting.exported_files import check_place, keep_as_ours
from engine.stages.labelling.explain import Heatmaps
from engine.stages.review.photo_labels import labels_of, marked_labels
from engine.stages.teaching.teaching import snapshot_in_force
from engine.wording import Sentence

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".pdf": "PDF"}
"""By suffix; a PDF has pages, the others are one picture."""
MOST = 1000
"""Photos of a sheet, which is made in memory, and no higher than a JPEG may be."""

_LINES_OF_PAGE = 6
_PHOTO = (260, 190)
_MARGIN = 14
_TEXT = 44
_PAPER, _INK, _FAINT = (250, 250, 248), (24, 26, 30), (110, 114, 122)
_HEAT = (255, 164, 18)


@dataclass(frozen=True)
class SheetLayout:
    """How many photos stand side by side, and whether each has its heatmap beside it."""

    columns: int = 3
    heatmaps: bool = True

    @property
    def tile(self) -> tuple[int, int]:
        """Width and height of a photo with its text, in pixels."""
        return ((2 * _PHOTO[0] + 4) if self.heatmaps else _PHOTO[0], _PHOTO[1] + _TEXT)

    def sheet(self, photos: int) -> Image.Image:
        """An empty sheet for so many photos."""
        lines = max(1, -(-photos // self.columns))
        width, height = self.tile
        size = (self.columns * (width + _MARGIN) + _MARGIN, lines * (height + _MARGIN) + _MARGIN)
        return Image.new("RGB", size, _PAPER)

    def place(self, at: int) -> tuple[int, int]:
        """Left and top of a photo, by its number on the sheet."""
        width, height = self.tile
        line, column = divmod(at, self.columns)
        return _MARGIN + column * (width + _MARGIN), _MARGIN + line * (height + _MARGIN)


def write_contact_sheet(
    project: Project,
    file: Path,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    snapshot: Snapshot | None = None,
    rows: Sequence[int] | None = None,
    layout: SheetLayout | None = None,
    most: int = 60,
    force: bool = False,
) -> int:
    """Write photos of a project with their labels as a PNG, JPEG or PDF, whole or not at all; returns how many.

    Below each photo stand its labels: confirmed ones with a yes, likely ones with their scores, and behind them those
    that may be, with a question mark. With heatmaps the same photo stands beside it with that of the first of these
    labels: the more orange, the more the snippet speaks for the label; the number is the snippet's probability in per
    cent.

    Args:
        file: its suffix says in which format.
        snapshot: with what answers taught, if somebody has it already.
        rows: of the snapshot, in this order; None for all that can be read.
        most: so many photos, up to `MOST`.
        force: a file in that place may be replaced, whoever made it; else only a sheet of this project.

    Raises:
        WrongUsage: another suffix, or a place in the photo folder or of somebody else's file.
        UserError: there is no photo, or the file cannot be written.
    """
    kind = check_place(project, file, FORMATS, force=force)
    layout = layout or SheetLayout()
    snapshot = snapshot or snapshot_in_force(project, progress, cancellation)
    wanted = range(len(snapshot)) if rows is None else rows
    shown = [row for row in wanted if snapshot.problems[row] is None][: min(most, MOST)]
    if not shown:
        raise UserError(Sentence("There is no photo to show: none is meant that can be read."))
    progress.start("Drawing photos", total=len(shown))
    of_page = layout.columns * _LINES_OF_PAGE if kind == "PDF" else len(shown)
    pages = list(_pages(project, snapshot, shown, layout, of_page, progress, cancellation))
    with whole_file(file) as stream:
        more = {"save_all": True, "append_images": pages[1:]} if kind == "PDF" else {}
        pages[0].save(stream, kind, **more)
        keep_as_ours(project, file, stream)
    return len(shown)


def _pages(
    project: Project,
    snapshot: Snapshot,
    rows: Sequence[int],
    layout: SheetLayout,
    of_page: int,
    progress: Progress,
    cancellation: Cancellation,
) -> Iterator[Image.Image]:
    heatmaps = Heatmaps(project) if layout.heatmaps else None
    for start in range(0, len(rows), of_page):
        on_page = rows[start : start + of_page]
        sheet = layout.sheet(len(on_page))
        for at, row in enumerate(on_page):
            cancellation.check()
            _draw_tile(sheet, layout, at, project, snapshot, row, heatmaps)
            progress.advance()
        yield sheet


def _draw_tile(
    sheet: Image.Image,
    layout: SheetLayout,
    at: int,
    project: Project,
    snapshot: Snapshot,
    row: int,
    heatmaps: Heatmaps | None,
) -> None:
    draw = ImageDraw.Draw(sheet)
    left, top = layout.place(at)
    width = layout.tile[0]
    try:
        photo = decode_file(project.file_of(snapshot.paths[row]), at_least=_PHOTO).picture
    except PhotoProblem as problem:
        draw.text((left, top), str(problem), fill=_FAINT, font=_font(13))
        return
    photo.thumbnail(_PHOTO)
    sheet.paste(photo, (left, top + (_PHOTO[1] - photo.height) // 2))
    below = top + _PHOTO[1] + 4
    labels = labels_of(snapshot, row)
    draw.text((left, below), _fitting(draw, marked_labels(snapshot, row), width), _INK, _font(15))
    draw.text((left, below + 20), _ending(draw, snapshot.paths[row], _PHOTO[0]), _FAINT, _font(12))
    if heatmaps is None:
        return
    scores = snapshot.scores[row]
    if np.isnan(scores).all():
        return
    best = snapshot.labels[labels[0][0] if labels else int(np.nanargmax(scores))]
    found = heatmaps.of(int(snapshot.photo_ids[row]))
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


def _ending(draw: ImageDraw.ImageDraw, path: str, width: int) -> str:
    """The end of a path that fits, in letters that can be drawn."""
    text = path.encode("utf-8", "replace").decode()
    shown = text
    while len(shown) > 1 and draw.textlength(shown, _font(12)) > width:
        shown = "…" + shown[2:]
    return shown


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
