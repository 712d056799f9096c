"""The label set, to look at and to change: each edit is written at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QMessageBox,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.dialogs.label_set.label_set_model import LabelSetColumn, LabelSetModel
from cdul_gui.dialogs.label_set.prompts_editor import PromptsEditor
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.look.colours import label_colour
from cdul_gui.look.controls import IconButton, dialog_layout, muted, push_button, resize_on_screen, warning
from cdul_gui.look.doubt_line import DoubtLine
from cdul_gui.look.drops import Line
from cdul_gui.look.tables import as_table
from cdul_gui.session.label_set import LabelSetEditing
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.wording import photos_in_words, shown_name
from engine.project.history.edit_labels import use_of_label
from engine.project.history.merging import Merge
from engine.project.labels import LabelRow


class LabelSetDialog(QDialog):
    """A table of the labels, and beside it the prompts of the chosen one."""

    words_wanted = Signal()
    """Words should be offered that are in the photos."""

    def __init__(
        self,
        session: Session,
        use: LabelUse,
        editing: LabelSetEditing,
        thumbnails: ThumbnailSource,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._editing = session, editing
        self.setWindowTitle(self.tr("Label set"))
        self.model = LabelSetModel(session, use, editing, self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        as_table(self.view, self.tr("Labels"))
        self.new = Line()
        self.new.setPlaceholderText(self.tr("Name of a new label"))
        self.new.setAccessibleName(self.tr("Name of a new label"))
        self.doubt = DoubtLine()
        self.add = push_button(self.tr("Add"), self._add)
        self.up = self._icon_button("fa6s.arrow-up", self.tr("Move up (Alt+Up)"), lambda: self._move(-1))
        self.down = self._icon_button("fa6s.arrow-down", self.tr("Move down (Alt+Down)"), lambda: self._move(1))
        self.colour = push_button(self.tr("Colour…"), self._choose_colour)
        self.merge = push_button(self.tr("Merge…"), self._choose_merge)
        self.remove = push_button(self.tr("Remove…"), self._ask_remove)
        self.message = warning()
        self.message.hide()
        self.prompts = PromptsEditor(session, editing, thumbnails)
        self._wanted: int | None = None
        self._set_columns()
        self._lay_out()
        for standard, go_back in (
            (QKeySequence.StandardKey.Undo, session.edits.undo),
            (QKeySequence.StandardKey.Redo, session.edits.redo),
        ):
            QShortcut(QKeySequence(standard), self, lambda go_back=go_back: go_back())
        for key, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(key), self, lambda by=by: self._move(by))
        self.new.returnPressed.connect(self._add)
        self.new.textEdited.connect(self.doubt.hide)
        self.doubt.replaced.connect(self._add_english)
        self.view.selectionModel().currentRowChanged.connect(self._choose)
        self.model.modelReset.connect(self._keep_chosen)
        editing.refused.connect(self._refuse)
        editing.joined.connect(self._want)
        self.finished.connect(editing.end)
        editing.begin()
        self._chosen_id: int | None = None
        self._chosen_row = 0
        self.choose(session.label if session.label is not None else 0)

    @property
    def chosen(self) -> LabelRow | None:
        """The label that is edited."""
        row = self.view.currentIndex().row()
        return self.model.labels[row] if 0 <= row < len(self.model.labels) else None

    def choose(self, row: int) -> None:
        """Edit the label of a row."""
        self.view.setCurrentIndex(self.model.index(row, 0))
        self._choose()

    def _icon_button(self, icon: str, text: str, run: object) -> IconButton:
        button = IconButton(icon, text)
        button.clicked.connect(run)
        return button

    def _set_columns(self) -> None:
        header = self.view.header()
        header.setStretchLastSection(False)
        digit = self.fontMetrics().horizontalAdvance("0")
        for column, digits in (
            (LabelSetColumn.NAME, 20),
            (LabelSetColumn.KEY, 4),
            (LabelSetColumn.KIND, 13),
            (LabelSetColumn.CONFIRMED, 5),
            (LabelSetColumn.LIKELY, 6),
        ):
            header.resizeSection(column, digits * digit + 12)
        header.setSectionResizeMode(LabelSetColumn.PROMPTS, QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        adding = QHBoxLayout()
        adding.addWidget(self.new, 1)
        adding.addWidget(self.add)
        adding.addWidget(push_button(self.tr("What is in these photos?"), self.words_wanted.emit))
        tools = QHBoxLayout()
        for widget in (self.up, self.down, self.colour, self.merge, self.remove):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(push_button(self.tr("Import…"), self._import))
        tools.addWidget(push_button(self.tr("Export…"), self._export))
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(adding)
        left.addWidget(self.doubt)
        left.addWidget(self.view, 1)
        left.addLayout(tools)
        columns = QHBoxLayout()
        columns.setSpacing(18)
        columns.addLayout(left, 3)
        columns.addWidget(self.prompts, 2)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        bottom = QHBoxLayout()
        told = self.tr(
            "F2 or a double click renames a label. Ctrl+Z undoes every change. A label that was removed comes back "
            "when it is named again."
        )
        bottom.addWidget(muted(told, wraps=True), 1)
        bottom.addWidget(buttons)
        layout = dialog_layout(self, 12)
        layout.addWidget(self.message)
        layout.addLayout(columns, 1)
        layout.addLayout(bottom)
        resize_on_screen(self, 1080, 600)

    # Which label

    @Slot()
    def _choose(self) -> None:
        chosen = self.chosen
        self._chosen_id = chosen.id if chosen is not None else None
        self._chosen_row = max(0, self.view.currentIndex().row())
        self.prompts.show_label(chosen)
        for button in (self.up, self.down, self.colour, self.merge, self.remove):
            button.setEnabled(chosen is not None)

    @Slot(object)
    def _want(self, label_id: int) -> None:
        self._wanted = label_id

    @Slot()
    def _keep_chosen(self) -> None:
        row = self.model.row_of(self._wanted) if self._wanted is not None else None
        if row is not None:
            self._wanted = None
        elif self._chosen_id is not None:
            row = self.model.row_of(self._chosen_id)
        # Where it is gone, the one that stands in its place.
        self.choose(min(self._chosen_row, len(self.model.labels) - 1) if row is None else row)

    # Edits

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.show()

    @Slot()
    def _add(self) -> None:
        self.message.hide()
        name = self.new.text().strip()
        # What is doubtful joins when it is asked for a second time.
        if not name or (self.doubt.isHidden() and self.doubt.ask_about([name])):
            return
        self._editing.add(name)
        self.new.clear()
        self.doubt.hide()

    @Slot(object)
    def _add_english(self, instead: dict[str, str]) -> None:
        self._editing.add(*instead.values())
        self.new.clear()

    def _move(self, by: int) -> None:
        self.message.hide()
        if self.chosen is not None:
            self._editing.move(self.chosen, by)

    @Slot()
    def _choose_colour(self) -> None:
        label = self.chosen
        if label is None:
            return
        dialog = QColorDialog(label_colour(label), self)
        dialog.setWindowTitle(self.tr("Colour of {label}").format(label=shown_name(label.name)))
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.colorSelected.connect(lambda colour: self._editing.set_colour(label, QColor(colour).name()))
        self._ask(dialog)

    @Slot()
    def _ask_remove(self) -> None:
        label, snapshot = self.chosen, self._session.snapshot
        if label is None or snapshot is None:
            return
        use = use_of_label(snapshot, snapshot.column_of(label.id))
        text = self.tr(
            "It is confirmed on {confirmed}, rejected on {rejected} and likely on {photos}. These "
            "decisions stay in the project, but are not exported until the label is added again."
        ).format(confirmed=f"{use.confirmed:,}", rejected=f"{use.rejected:,}", photos=photos_in_words(use.suggested))
        title = self.tr("Remove {label} from the label set?").format(label=shown_name(label.name))
        self._confirm(title, text, self.tr("Remove"), lambda: self._editing.remove(label))

    @Slot()
    def _choose_merge(self) -> None:
        label = self.chosen
        others = [one for one in self.model.labels if one is not label]
        if label is None or not others:
            return
        dialog = QInputDialog(self)
        dialog.setWindowTitle(self.tr("Merge"))
        dialog.setLabelText(self.tr("Merge {label} into").format(label=shown_name(label.name)))
        # Nothing is chosen at first: a hasty Enter merges nothing.
        dialog.setComboBoxItems(["", *(shown_name(one.name) for one in others)])

        def chosen(name: str) -> None:
            if not name:
                return
            into = next(one for one in others if shown_name(one.name) == name)
            self._editing.plan_merge(label, into, lambda merge: self._ask_merge(label, into, merge))

        dialog.textValueSelected.connect(chosen)
        self._ask(dialog)

    def _ask_merge(self, label: LabelRow, into: LabelRow, merge: Merge) -> None:
        text = self.tr(
            "Answers that move to {into}: {yes} yes, {no} no. Answers that are there already: {agreed}."
        ).format(
            yes=f"{merge.moved - merge.moved_no:,}",
            no=f"{merge.moved_no:,}",
            into=shown_name(into.name),
            agreed=f"{merge.agreed:,}",
        )
        if merge.moved_no:
            text += "\n\n" + self.tr(
                "A photo without {label} is then one without {into}. That is right where both mean the same; what is a "
                "kind of the other is better put under it."
            ).replace("{label}", shown_name(label.name)).replace("{into}", shown_name(into.name))
        snapshot = self._session.snapshot
        if merge.conflicts and snapshot is not None:
            some = ", ".join(snapshot.paths[snapshot.row_of(photo)] for photo in merge.conflicts[:5])
            text += "\n\n" + self.tr(
                "Where one is confirmed and the other rejected, {into} stays as it is. Photos: {count}, {photos}"
            ).format(
                count=f"{len(merge.conflicts):,}",
                into=shown_name(into.name),
                photos=some + (" …" if merge.conflicts[5:] else ""),
            )
        title = self.tr("Merge {label} into {into}?").format(label=shown_name(label.name), into=shown_name(into.name))

        def merge_them() -> None:
            self._want(into.id)
            self._editing.merge(label, into)

        self._confirm(title, text, self.tr("Merge"), merge_them)

    @Slot()
    def _import(self) -> None:
        dialog = self._file_dialog(self.tr("Import labels"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.fileSelected.connect(lambda file: self._editing.import_file(Path(file)))
        self._ask(dialog)

    @Slot()
    def _export(self) -> None:
        dialog = self._file_dialog(self.tr("Export labels"), QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile("labels.txt")
        dialog.fileSelected.connect(lambda file: self._editing.export_file(Path(file)))
        self._ask(dialog)

    def _file_dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self, title, str(Settings().export_folder))
        dialog.setAcceptMode(mode)
        dialog.setNameFilter(self.tr("Text files (*.txt *.tsv);;All files (*)"))
        return dialog

    def _confirm(self, title: str, text: str, yes: str, run: object) -> None:
        box = QMessageBox(self)
        box.setWindowTitle(self.windowTitle())
        box.setText(title)
        box.setInformativeText(text)
        box.setTextFormat(Qt.TextFormat.PlainText)
        button = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(button)
        button.clicked.connect(run)
        self._ask(box)

    def _ask(self, dialog: QDialog) -> None:
        self.message.hide()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
