"""One snippet of the photo that is shown, and what it speaks for."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QRectF

from cdul_gui.wording import as_score, shown_name
from engine.project.snapshot import Snapshot
from engine.stages.labelling.explain import Heatmap


@dataclass(frozen=True)
class Snippet:
    """A cell of an n x n grid over a photo, counted from its top left corner."""

    grid: int
    row: int
    column: int

    def rect_in(self, photo: QRectF) -> QRectF:
        """Where it is in the photo."""
        width, height = photo.width() / self.grid, photo.height() / self.grid
        return QRectF(photo.left() + self.column * width, photo.top() + self.row * height, width, height)


def told_of_snippet(snippet: Snippet, found: Heatmap, snapshot: Snapshot, title: str) -> str:
    """The snippet's best labels as rich text; those that would be suggested for it alone are bold."""
    names = {label.id: shown_name(label.name) for label in snapshot.labels}
    lines = []
    for label, value in found.best_of_snippet(snippet.grid, snippet.row, snippet.column):
        # A label may have left the label set since.
        if label in names:
            name = escape(names[label])
            if value >= found.suggested_from.get(label, 1.0):
                name = f"<b>{name}</b>"
            lines.append(f"<tr><td>{name}</td><td align='right'>&nbsp;&nbsp;{as_score(value)}</td></tr>")
    return f"<p>{escape(title)}</p><table>{''.join(lines)}</table>"
