"""Figures as files: drawn without a screen, alike on every machine, and written whole or not at all."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import UserError
from engine.formats.files.whole_file import whole_file
from engine.project import Project
from engine.stages.exporting.exported_files import check_place, keep_as_ours
from engine.wording import Sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURES = {".svg": "svg", ".png": "png", ".pdf": "pdf"}
"""By suffix."""

INK, FAINT, LINE, ACCENT, MARK = "#181a1e", "#5c6169", "#c9ccd1", "#1f5fbf", "#b3470a"
"""Dark enough on white for small text; `MARK` differs from `ACCENT` in its shape as well wherever both are drawn."""

# Names of labels are text, whatever dollars or backslashes they hold; text in an SVG stays text, to be found and read.
_STYLE = {
    "text.usetex": False, "text.parse_math": False, "svg.fonttype": "none", "svg.hashsalt": "cdul", "savefig.dpi": 150,
    "font.size": 8, "axes.titlesize": 8, "axes.titlelocation": "left", "axes.edgecolor": LINE, "axes.labelcolor": FAINT,
    "axes.spines.top": False, "axes.spines.right": False, "axes.linewidth": 0.8, "axes.axisbelow": True,
    "xtick.color": LINE, "ytick.color": LINE, "xtick.labelcolor": FAINT, "ytick.labelcolor": FAINT, "text.color": INK,
    "grid.color": "#e6e8eb", "grid.linewidth": 0.6,
}  # fmt: skip


def write_picture(
    project: Project, file: Path, size: tuple[float, float], draw: Callable[[Figure], None], *, force: bool = False
) -> None:
    """Draw a figure and write it as SVG, PNG or PDF.

    Args:
        file: its suffix says in which format.
        size: width and height in inches.
        draw: fills an empty figure.
        force: a file in that place may be replaced, whoever made it; else only a picture of this project.

    Raises:
        WrongUsage: another suffix, or a place in the photo folder or of somebody else's file.
        UserError: Matplotlib is not installed, or the file cannot be written.
    """
    kind = check_place(project, file, PICTURES, force=force)
    try:
        from matplotlib import style
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise UserError(
            Sentence("Pictures of plots need Matplotlib ({why}). Install it with: pip install 'cdul[plots]'").format(
                why=error
            )
        ) from error
    with style.context(["default", _STYLE]), warnings.catch_warnings():
        # A letter that its font lacks is drawn as a box; in an SVG the reader's fonts have it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(size, layout="constrained")
        draw(figure)
        with whole_file(file) as stream:
            figure.savefig(stream, format=kind, metadata=_undated(kind))
            keep_as_ours(project, file, stream)


def shares(axes: Axes, *sides: str) -> None:
    """Let axes go from 0 to 1, with few ticks."""
    for side in sides:
        axes.set(**{f"{side}lim": (-0.03, 1.03), f"{side}ticks": (0, 0.5, 1), f"{side}ticklabels": ("0", ".5", "1")})
    axes.grid(visible=True)


def shortened(text: str, most: int) -> str:
    """A name with so many letters at most, in letters that any format can hold."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _undated(kind: str) -> dict[str, Any]:
    """The same figures make the same file."""
    return {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
