"""Rules: labels by folders, names, dates, cameras and places, in a small table that says what each does."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from cdul_gui.gallery.photo_strip import PhotoStrip
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.look.controls import dialog_layout, heading, muted, plain, push_button, resize_on_screen, warning
from cdul_gui.look.drops import Line
from cdul_gui.session.jobs import Latest
from cdul_gui.session.rules import RuleEditing
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words, shown_name, shown_names, translated
from engine.project.rules import CAMERA, FOLDER, NAME, PLACE, TAKEN, Rule
from engine.stages.rules.effect import RuleEffect
from engine.wording import Sentence

_MILLISECONDS_AFTER_TYPING = 300
_WHERE, _PATTERN, _LABEL, _PHOTOS, _NEW = range(5)
_NO_SCORE = float("nan")
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RulesDialog(QDialog):
    """The rules there are, and one to be tried. Nothing is done before Add; every step can be undone."""

    def __init__(
        self, session: Session, editing: RuleEditing, thumbnails: ThumbnailSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._editing = session, editing
        self._looking, self._trying = Latest(self), Latest(self)
        self.rules: list[Rule] = []
        self.setWindowTitle(self.tr("Rules"))
        self._fields = {
            FOLDER: self.tr("Folder"),
            NAME: self.tr("File name"),
            CAMERA: self.tr("Camera"),
            PLACE: self.tr("Place"),
            TAKEN: self.tr("Date"),
        }
        self._examples = {
            FOLDER: self.tr("Dogs*, or holidays/2024"),
            NAME: "IMG_*",
            CAMERA: "*EOS 5D*",
            PLACE: self.tr("Rome, as the photo's file names it"),
            TAKEN: self.tr("2024, 2024-05, *-12 or 2024-05-01..2024-05-14"),
        }
        self.table = QTableWidget(0, 5)
        self.field = QComboBox()
        self.pattern, self.label = Line(), Line()
        self.add = push_button(self.tr("Add"), self._add)
        self.remove = push_button(self.tr("Take the rule back"), self._remove)
        self.said = muted(wraps=True)
        self.message = warning()
        self.strip = PhotoStrip(session, thumbnails, lines=1)
        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_AFTER_TYPING)
        self._soon.timeout.connect(self._try)
        self._lay_out()
        editing.refused.connect(self._refuse)
        session.snapshot_changed.connect(self.look)
        self.finished.connect(self._looking.drop)
        self.finished.connect(self._trying.drop)
        self._show_selection()
        self._choose_field()
        self.look()

    def _lay_out(self) -> None:
        self.table.setHorizontalHeaderLabels(
            [self.tr("Where"), self.tr("Is"), self.tr("Label"), self.tr("Photos"), self.tr("Suggested by it alone")]
        )
        self.table.setAccessibleName(self.tr("Rules"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in (_PHOTOS, _NEW):
            self.table.model().setHeaderData(column, Qt.Orientation.Horizontal, _RIGHT, _ALIGNMENT)
        for column in range(5):
            stretches = column in (_PATTERN, _LABEL)
            mode = QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        self.table.itemSelectionChanged.connect(self._show_selection)
        for field, title in self._fields.items():
            self.field.addItem(title, field)
        self.field.currentIndexChanged.connect(self._choose_field)
        self.field.setAccessibleName(self.tr("What the rule asks"))
        self.pattern.setAccessibleName(self.tr("Pattern"))
        self.label.setAccessibleName(self.tr("Label that is suggested"))
        self.label.setPlaceholderText(self.tr("label"))
        snapshot = self._session.snapshot
        completer = QCompleter(shown_names(snapshot.labels) if snapshot is not None else [], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.label.setCompleter(completer)
        for line in (self.pattern, self.label):
            line.textChanged.connect(self._typed)
            line.returnPressed.connect(self._add)
        typed = QHBoxLayout()
        parts: list[tuple[QWidget, int]] = [
            (self.field, 0),
            (plain(self.tr("is")), 0),
            (self.pattern, 3),
            (plain("→"), 0),
            (self.label, 2),
            (self.add, 0),
        ]
        for part, room in parts:
            typed.addWidget(part, room)
        told = self.tr("Rules suggest; you decide. They hold for photos that come later as well.")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        bottom = QHBoxLayout()
        bottom.addWidget(self.remove)
        bottom.addWidget(muted(told, wraps=True), 1)
        bottom.addWidget(buttons)
        layout = dialog_layout(self, 10)
        layout.addWidget(self.table, 1)
        layout.addWidget(heading(self.tr("A new rule")))
        layout.addLayout(typed)
        for widget in (self.said, self.message, self.strip):
            layout.addWidget(widget)
        layout.addLayout(bottom)
        self.strip.setMinimumHeight(self.strip.sizeHint().height())
        self.message.hide()
        self.add.setAutoDefault(False)
        self.remove.setAutoDefault(False)
        resize_on_screen(self, 820, 560)
        self.pattern.setFocus()

    @property
    def condition(self) -> str:
        """As it is typed."""
        return f"{self.field.currentData()}:{self.pattern.text().strip()}"

    # The rules there are

    @Slot()
    def look(self) -> None:
        """Count anew what each rule does."""
        job = self._editing.look()
        if job is not None:
            self._looking.follow(job, self._show, lambda failure: self._refuse(failure.sentence))

    def _show(self, found: list[tuple[Rule, RuleEffect]]) -> None:
        self.rules = [rule for rule, _effect in found]
        self.table.setRowCount(len(found))
        for row, (rule, effect) in enumerate(found):
            cells = (
                self._fields[rule.field],
                rule.pattern,
                shown_name(effect.label),
                f"{effect.photos:,}",
                f"{effect.suggested:,}",
            )
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if column in (_PHOTOS, _NEW):
                    item.setTextAlignment(_RIGHT)
                self.table.setItem(row, column, item)
        self._show_selection()

    @Slot()
    def _show_selection(self) -> None:
        self.remove.setEnabled(bool(self.table.selectedItems()))

    @Slot()
    def _remove(self) -> None:
        row = self.table.currentRow()
        if 0 <= row < len(self.rules):
            self._editing.remove(self.rules[row])

    # A new rule

    @Slot()
    def _choose_field(self) -> None:
        self.pattern.setPlaceholderText(self._examples[self.field.currentData()])
        self._typed()

    @Slot()
    def _typed(self) -> None:
        self.add.setEnabled(False)
        self._wanted = False
        self._trying.drop()
        if self.pattern.text().strip():
            self._soon.start()
        else:
            self._tell(self.tr("* stands for any letters, ? for one. What a rule would do is shown here first."))

    @Slot()
    def _try(self) -> None:
        job = self._editing.try_rule(self.label.text().strip(), self.condition)
        if job is not None:
            self.said.setText(self.tr("Looking for the photos…"))
            self._trying.follow(job, self._show_trial, lambda failure: self._refuse(failure.sentence))

    def _show_trial(self, tried: RuleEffect | Sentence) -> None:
        if isinstance(tried, Sentence):
            self._tell("", translated(tried))
            return
        label = self.label.text().strip()
        said = [self.tr("Matches: {photos}.").format(photos=photos_in_words(tried.photos))]
        if label:
            said.append(
                self.tr("{label} would be suggested on {new} where it is not likely yet.").format(
                    label=shown_name(label), new=photos_in_words(tried.suggested)
                )
            )
            if tried.confirmed or tried.rejected:
                said.append(
                    self.tr("You confirmed it on {yes} and rejected it on {no} of them; that stays.").format(
                        yes=f"{tried.confirmed:,}", no=f"{tried.rejected:,}"
                    )
                )
        self._tell(" ".join(said))
        snapshot = self._session.snapshot
        if snapshot is not None:
            rows = {path: row for row, path in enumerate(snapshot.paths)}
            self.strip.show_photos([(rows[path], _NO_SCORE) for path in tried.examples if path in rows])
        self.add.setEnabled(bool(label))
        if self._wanted:
            self._add()

    def _tell(self, said: str, wrong: str = "") -> None:
        self.said.setText(said)
        self.message.setText(wrong)
        self.message.setVisible(bool(wrong))
        self.strip.show_photos([])

    @Slot()
    def _add(self) -> None:
        # Who presses Enter at once sees what it does afterwards.
        self._wanted = not self.add.isEnabled() and (self._soon.isActive() or self._trying.busy)
        if self.add.isEnabled():
            self._editing.add(self.label.text().strip(), self.condition)
            self.pattern.clear()
            self.pattern.setFocus()

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self._tell("", sentence)
