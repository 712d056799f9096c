"""Other keys for the commands: what would give one key to two commands is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from cdul_gui.commands.every_command import COMMANDS
from cdul_gui.commands.shortcuts import Keys, ShortcutError, keep_keys, keys_in_force, read_keys, text_of, write_keys
from cdul_gui.look.controls import dialog_layout, push_button, resize_on_screen, warning
from cdul_gui.look.tables import as_table
from cdul_gui.settings import Settings
from cdul_gui.wording import sentence_of
from engine.errors import UserError
from engine.project.labels import LabelRow
from engine.wording import LabelWord, Sentence


class ShortcutsDialog(QDialog):
    """A table of the commands; the keys typed below it go to the chosen one."""

    changed = Signal()
    """Commands have other keys now."""

    def __init__(self, labels: list[LabelRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self.setWindowTitle(self.tr("Change keys"))
        self.table = QTreeWidget()
        self.table.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        as_table(self.table, self.tr("Commands and their keys"))
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._lines = [QTreeWidgetItem([text_of(command), ""]) for command in COMMANDS]
        self.table.addTopLevelItems(self._lines)
        self.table.setCurrentItem(self._lines[0])
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        self.keys.setAccessibleName(self.tr("New key"))
        self.keys.setAccessibleDescription(self.tr("Takes the next key that is pressed"))
        self.set_key = push_button(self.tr("Set"), self._set)
        self.no_key = push_button(self.tr("No key"), self._clear)
        self.default = push_button(self.tr("Reset"), self._reset)
        self.message = warning()
        self.message.hide()
        self._lay_out()
        self.table.currentItemChanged.connect(lambda _now, _before: self.keys.clear())
        self._show_keys()

    @property
    def chosen(self) -> str:
        """The id of the command whose keys are changed."""
        return COMMANDS[self.table.currentIndex().row()].id

    def choose(self, command_id: str) -> None:
        """Change the keys of this command."""
        self.table.setCurrentItem(self._lines[[command.id for command in COMMANDS].index(command_id)])

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(QLabel(self.tr("New key")))
        line.addWidget(self.keys, 1)
        for button in (self.set_key, self.no_key, self.default):
            line.addWidget(button)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        bottom = QHBoxLayout()
        for text, run in (
            (self.tr("Reset all"), self._reset_all),
            (self.tr("Import…"), self._import),
            (self.tr("Export…"), self._export),
        ):
            bottom.addWidget(push_button(text, run))
        bottom.addStretch(1)
        bottom.addWidget(buttons)
        layout = dialog_layout(self, 12)
        layout.addWidget(self.message)
        layout.addWidget(self.table, 1)
        layout.addLayout(line)
        layout.addLayout(bottom)
        resize_on_screen(self, 620, 560)

    def _show_keys(self) -> None:
        native = QKeySequence.SequenceFormat.NativeText
        for line, keys in zip(self._lines, keys_in_force().values(), strict=True):
            written = "  ".join(dict.fromkeys(QKeySequence(key).toString(native) for key in keys))
            line.setText(1, written)

    def _keep(self, keys: Keys) -> None:
        """Give the commands these keys, or say why not."""
        self.message.hide()
        try:
            self._check_labels(keys)
            keep_keys(keys)
        except UserError as error:
            self._refuse(error)
            return
        self._show_keys()
        self.keys.clear()
        self.changed.emit()

    def _check_labels(self, keys: Keys) -> None:
        own = {label.key.upper(): label for label in self._labels if label.key}
        for typed in (QKeySequence(key).toString() for of_command in keys.values() for key in of_command):
            if typed in own:
                raise ShortcutError(
                    Sentence("{key} belongs to the label “{label}”. Choose another key.").format(
                        key=typed, label=LabelWord(own[typed].name)
                    )
                )

    def _refuse(self, error: UserError) -> None:
        self.message.setText(sentence_of(error))
        self.message.show()

    @Slot()
    def _set(self) -> None:
        typed = self.keys.keySequence().toString()
        if typed:
            self._keep({**keys_in_force(), self.chosen: (typed,)})

    @Slot()
    def _clear(self) -> None:
        self._keep({**keys_in_force(), self.chosen: ()})

    @Slot()
    def _reset(self) -> None:
        own = next(command.keys for command in COMMANDS if command.id == self.chosen)
        self._keep({**keys_in_force(), self.chosen: own})

    @Slot()
    def _reset_all(self) -> None:
        self._keep({command.id: command.keys for command in COMMANDS})

    @Slot()
    def _import(self) -> None:
        dialog = self._file_dialog(self.tr("Import keys"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.fileSelected.connect(lambda file: self.import_file(Path(file)))
        dialog.open()

    @Slot()
    def _export(self) -> None:
        dialog = self._file_dialog(self.tr("Export keys"), QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile("keys.json")
        dialog.fileSelected.connect(lambda file: self.export_file(Path(file)))
        dialog.open()

    def import_file(self, file: Path) -> None:
        """Take the keys of a file over."""
        try:
            keys = read_keys(file)
        except UserError as error:
            self._refuse(error)
        else:
            self._keep(keys)

    def export_file(self, file: Path) -> None:
        """Write the keys in force to a file."""
        try:
            write_keys(file)
        except UserError as error:
            self._refuse(error)

    def _file_dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self, title, str(Settings().export_folder), "*.json")
        dialog.setAcceptMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog
