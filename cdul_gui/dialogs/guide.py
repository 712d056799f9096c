"""The guide, as it comes with the program: a list of its pages, and the one that is read."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from cdul_gui.look.controls import resize_on_screen
from cdul_gui.wording import language_of_window
from engine.resources import document

FIRST = {"de": "guide/erste_minuten.md"}
"""The first page by the window's language, where it is not the English one."""

PAGES = (
    "guide/first_minutes.md",
    "guide/review.md",
    "guide/thresholds.md",
    "guide/training.md",
    "guide/truth.md",
    "guide/clip.md",
    "guide/people.md",
    "guide/server.md",
    "guide/exchange.md",
    "guide/command_line.md",
    "guide/python.md",
    "guide/scale.md",
    "guide/trouble.md",
    "formats.md",
    "glossary.md",
    "command_line.md",
)
_PICTURE = re.compile(r"^!\[[^\]]*\]\([^)]*\)\n", re.MULTILINE)
_WIDEST_LIST = 250


class GuideDialog(QDialog):
    """Stays open beside the window, so that one can do what one reads."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Guide"))
        first = FIRST.get(language_of_window(), PAGES[0])
        # One language is enough for the first page.
        self._pages = [path for name in (first, *PAGES[1:]) if (path := document(*name.split("/"))).is_file()]
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages of the guide"))
        self.list.setMaximumWidth(_WIDEST_LIST)
        self.list.addItems([_title_of(path) for path in self._pages])
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("Page of the guide"))
        self.text.setOpenLinks(False)
        self.text.document().setDocumentMargin(16)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.addWidget(self.list)
        parts.addWidget(self.text)
        parts.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(parts, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 920, 640)
        self.list.currentRowChanged.connect(self._show)
        self.text.anchorClicked.connect(self._follow)
        self.list.setCurrentRow(0)

    @Slot(int)
    def _show(self, place: int) -> None:
        # The pictures, of a window on light and on dark, are on the screen already.
        self.text.setMarkdown(_PICTURE.sub("", self._pages[place].read_text("utf-8")))
        self.text.verticalScrollBar().setValue(0)

    @Slot(QUrl)
    def _follow(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)
            return
        there = (self._pages[self.list.currentRow()].parent / link.path()).resolve()
        if link.path() and there in self._pages:
            self.list.setCurrentRow(self._pages.index(there))


def _title_of(page: Path) -> str:
    with page.open(encoding="utf-8") as lines:
        return next(lines, "").lstrip("# ").strip()
