"""Which labels to take over, from where, and as what; with a look at what will happen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cdul_gui.dialogs.importing.import_plan import ImportPlanView
from cdul_gui.look.controls import dialog_layout, form_layout, muted, push_button, resize_on_screen
from cdul_gui.look.drops import Line
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.import_preview import ImportPreview
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.wording import translated
from engine.formats.known_labels import KnownLabels, ScoreTable
from engine.formats.registry import READERS
from engine.stages.importing.import_plan import ImportChoice, ImportPlan, NewLabels, OnConflict, Source, TakeAs

_MILLISECONDS_OF_TYPING = 300


class ImportDialog(QDialog):
    """Asks what to import; `source` and `choice` are the answer once it was accepted."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import labels"))
        self.preview = ImportPreview(session, self)
        self._make_controls()
        self._lay_out()
        # While somebody types, every letter would be another file.
        self._typed = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_TYPING)
        self._typed.timeout.connect(self._read)
        self.path.textEdited.connect(self._type)
        self.format.currentIndexChanged.connect(self._read)
        for group in (self._as_group, self._conflict_group):
            group.buttonToggled.connect(lambda _button, checked: self._count() if checked else None)
        self.add_labels.toggled.connect(self._count)
        self.with_tree.toggled.connect(self._count)
        self.preview.was_read.connect(self._show_source)
        self.preview.planned.connect(self._show_plan)
        self.preview.failed.connect(self._show_failure)
        self._read()

    @property
    def source(self) -> Source | None:
        """What was read."""
        return self.preview.source

    @property
    def choice(self) -> ImportChoice:
        """How it is to be taken over."""
        take_as = next(kind for kind, button in self.take_as.items() if button.isChecked())
        return ImportChoice(
            take_as,
            OnConflict.REPLACE if self.replace.isChecked() else OnConflict.KEEP,
            self._new_labels,
        )

    @property
    def _new_labels(self) -> NewLabels:
        if not self.add_labels.isChecked():
            return NewLabels.SKIP
        return NewLabels.TREE if self.with_tree.isChecked() and self.with_tree.isEnabled() else NewLabels.ADD

    def look_at(self, path: str) -> None:
        """Read a file or folder."""
        self.path.setText(path)
        Settings().import_folder = Path(path).parent
        self._read()

    def _make_controls(self) -> None:
        self.path = Line(takes_files=True)
        self.path.setAccessibleName(self.tr("File or folder to import"))
        self.path.setPlaceholderText(self.tr("A file, or a folder of files"))
        self.file_button = push_button(self.tr("File…"), self._choose_file, name=self.tr("Choose a file"))
        self.folder_button = push_button(self.tr("Folder…"), self._choose_folder, name=self.tr("Choose a folder"))
        self.format = QComboBox()
        self.format.setAccessibleName(self.tr("Format"))
        self.format.addItem(self.tr("What it looks like"), None)
        for name, reader in READERS.items():
            self.format.addItem(translated(reader.description), name)
        self.take_as = {
            TakeAs.DECISIONS: QRadioButton(self.tr("Decisions, as if I had made them")),
            TakeAs.SUGGESTIONS: QRadioButton(self.tr("Suggestions, to be reviewed")),
            TakeAs.OPINION: QRadioButton(
                self.tr("A second opinion beside what suggests; where both differ is a queue")
            ),
            TakeAs.TRUTH: QRadioButton(self.tr("A truth to compare with; nothing is trained on it")),
        }
        self._as_group = self._group(list(self.take_as.values()))
        self.keep = QRadioButton(self.tr("Keep my decisions"))
        self.replace = QRadioButton(self.tr("Take what the file says"))
        self._conflict_group = self._group([self.keep, self.replace])
        self.add_labels = QCheckBox(self.tr("Add labels that this project does not have"))
        self.add_labels.setChecked(True)
        self.with_tree = QCheckBox(self.tr("Take the whole tree of the file"))
        self.with_tree.setToolTip(
            plain_tip(
                self.tr(
                    "What labels stand below, as Animals|pets for a cat, becomes labels as well, and the labels of "
                    "this project are put below it; without it only new labels are put below others that are labels"
                )
            )
        )
        self.plan = ImportPlanView()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.accept_button = self._buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setObjectName("primary")
        self.accept_button.setDefault(True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _group(self, buttons: list[QRadioButton]) -> QButtonGroup:
        group = QButtonGroup(self)
        for button in buttons:
            group.addButton(button)
        buttons[0].setChecked(True)
        return group

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.addWidget(self.path, 1)
        where.addWidget(self.file_button)
        where.addWidget(self.folder_button)
        take_as, conflicts = QVBoxLayout(), QHBoxLayout()
        take_as.setSpacing(4)
        conflicts.setSpacing(18)
        for button in self.take_as.values():
            take_as.addWidget(button)
        for button in (self.keep, self.replace):
            conflicts.addWidget(button)
        conflicts.addStretch(1)
        form = form_layout()
        form.addRow(self.tr("From"), where)
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("Take over as"), take_as)
        form.addRow(self.tr("In conflicts"), conflicts)
        form.addRow("", muted(self.tr("Both sides stay in the history.")))
        form.addRow(self.tr("New labels"), self.add_labels)
        form.addRow("", self.with_tree)
        layout = dialog_layout(self, 16)
        layout.addLayout(form)
        layout.addWidget(self.plan, 1)
        layout.addWidget(self._buttons)
        resize_on_screen(self, 640, 620)

    @Slot()
    def _choose_file(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Import labels"), str(Settings().import_folder))
        if file:
            self.look_at(file)

    @Slot()
    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Import labels"), str(Settings().import_folder))
        if folder:
            self.look_at(folder)

    @Slot()
    def _type(self) -> None:
        # What was read before is not what the line says now.
        self.preview.read(None, None)
        self.accept_button.setEnabled(False)
        self.plan.say(self.tr("Reading…"))
        self._typed.start()

    @Slot()
    def _read(self) -> None:
        text = self.path.text().strip()
        self.accept_button.setEnabled(False)
        if text:
            self.plan.say(self.tr("Reading…"))
        else:
            self.plan.say(self.tr("Choose a file or a folder; what will happen is told here before it does."))
        self.preview.read(Path(text).expanduser() if text else None, self.format.currentData())

    @Slot(Source)
    def _show_source(self, source: Source) -> None:
        # What holds no decisions can be nothing but suggestions, and a table of scores knows more labels than wanted.
        for kind, button in self.take_as.items():
            button.setEnabled(kind in (TakeAs.SUGGESTIONS, TakeAs.OPINION) or not source.only_suggests)
        if source.only_suggests:
            self.take_as[TakeAs.SUGGESTIONS].setChecked(True)
            self.add_labels.setChecked(not isinstance(source.known, ScoreTable))
        self._count()

    @Slot()
    def _count(self) -> None:
        choice = self.choice
        for button in (self.keep, self.replace):
            button.setEnabled(choice.take_as == TakeAs.DECISIONS)
        self.add_labels.setEnabled(choice.take_as != TakeAs.TRUTH)
        known = self.source.known if self.source is not None else None
        has_tree = isinstance(known, KnownLabels) and bool(known.parents)
        self.with_tree.setVisible(has_tree)
        self.with_tree.setEnabled(self.add_labels.isEnabled() and self.add_labels.isChecked())
        if self.source is not None:
            self.accept_button.setEnabled(False)
            self.plan.say(self.tr("Counting…"))
            self.preview.count(choice)

    @Slot(ImportPlan)
    def _show_plan(self, plan: ImportPlan) -> None:
        self.plan.show_plan(plan)
        self.accept_button.setEnabled(not plan.changes_nothing)

    @Slot(str)
    def _show_failure(self, sentence: str) -> None:
        self.plan.say(sentence)
        self.accept_button.setEnabled(False)
