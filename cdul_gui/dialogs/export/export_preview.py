"""The beginning of what would be exported, how much it is, and what stays out and why."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from cdul_gui.look.controls import heading, muted
from cdul_gui.wording import labels_in_words, nobody_looked_at, photos_in_words
from engine.stages.exporting.export import Preview
from engine.stages.exporting.selection import ExportCounts, LeftOut

_MOST_LETTERS = 20_000
_MOST_LETTERS_OF_A_LINE = 400
"""A text view takes long for lines of any length."""


class ExportPreview(QWidget):
    """Shows a `Preview`, or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = muted(wraps=True)
        self.file = muted()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("The beginning of what is exported"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumSize(380, 200)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading(self.tr("Goes in")))
        layout.addWidget(self.counts)
        layout.addWidget(heading(self.tr("Preview")))
        layout.addWidget(self.file)
        layout.addWidget(self.text, 1)

    def show_preview(self, preview: Preview) -> None:
        """Show the beginning and the counts."""
        counts = preview.counts
        going_in = [self.tr("{photos}, with the scores of all labels").format(photos=photos_in_words(counts.photos))]
        if not preview.of_all:
            going_in = self._going_in(counts)
        left_out = {**counts.photos_left_out, **({} if preview.of_all else counts.labels_left_out)}
        self.counts.setText("\n".join([*going_in, *self._staying_out(left_out)]))
        self.file.setText(preview.file)
        self.file.setVisible(bool(preview.file))
        lines = preview.text[:_MOST_LETTERS].splitlines()
        self.text.setPlainText(
            "\n".join(
                line if len(line) <= _MOST_LETTERS_OF_A_LINE else f"{line[:_MOST_LETTERS_OF_A_LINE]} …"
                for line in lines
            )
        )

    def show_problem(self, sentence: str) -> None:
        """Say why there is nothing to show."""
        self.counts.setText(sentence)
        self.file.hide()
        self.text.clear()

    def _going_in(self, counts: ExportCounts) -> list[str]:
        said = [
            self.tr("{photos}; labels: {confirmed} confirmed, {likely} likely, {maybe} maybe").format(
                photos=photos_in_words(counts.photos),
                confirmed=f"{counts.confirmed:,}",
                likely=f"{counts.likely:,}",
                maybe=f"{counts.maybe:,}",
            )
        ]
        if counts.implied:
            implied = labels_in_words(counts.implied)
            said.append(self.tr("Of the confirmed ones implied by labels below them: {labels}").format(labels=implied))
        if counts.rejected:
            said.append(self.tr("Said to be not there: {labels}").format(labels=labels_in_words(counts.rejected)))
        if counts.unconfirmed:
            said.append(nobody_looked_at(counts.unconfirmed, counts.labels))
        if counts.without_label:
            told = self.tr("Without a label: {photos}")
            if counts.unseen:
                told = self.tr("Without a label: {photos}, reviewed by nobody: {unseen}")
            photos = photos_in_words(counts.without_label)
            said.append(told.format(photos=photos, unseen=f"{counts.unseen:,}"))
        return said

    def _staying_out(self, left_out: Mapping[LeftOut, int]) -> list[str]:
        reasons = {
            LeftOut.UNREADABLE: self.tr("Left out, as they cannot be read: {photos}"),
            LeftOut.UNREVIEWED: self.tr("Left out, as not reviewed: {photos}"),
            LeftOut.FILTERED: self.tr("Left out by the filter: {photos}"),
            LeftOut.NOT_NAMED: self.tr("Left out, as not named: {photos}"),
            LeftOut.NOT_CHOSEN: self.tr("Left out, as not chosen: {labels}"),
            LeftOut.ONLY_SUGGESTED: self.tr("Left out, as not confirmed: {labels}"),
            LeftOut.ONLY_MAYBE: self.tr("Left out, as maybe and not likely: {labels}"),
            LeftOut.REJECTED: self.tr("Left out, as rejected: {labels}"),
            LeftOut.IMPLIED: self.tr("Left out, as implied by labels below them: {labels}"),
        }
        return [
            reasons[reason].format(photos=photos_in_words(count), labels=labels_in_words(count))
            for reason, count in left_out.items()
        ]
