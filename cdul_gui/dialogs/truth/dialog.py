"""Importing a truth: which file, in which format, under which name, and what its labels mean here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QWidget,
)

from cdul_gui.dialogs.truth.meaning_table import MeaningTable
from cdul_gui.look.controls import dialog_layout, form_layout, muted, push_button, resize_on_screen
from cdul_gui.look.drops import Line
from cdul_gui.session.evaluating import Evaluating
from cdul_gui.session.jobs import Failure, Latest
from cdul_gui.session.session import Session
from cdul_gui.wording import labels_in_words, photos_in_words, translated
from engine.formats.known_labels import PRESENT, KnownLabels
from engine.formats.registry import READERS, guess_format
from engine.project import Project
from engine.project.labels import called_otherwise, label_set
from engine.project.truths import TruthRow, load_truth
from engine.stages.importing.import_truth import read_truth
from engine.stages.matching import match_labels

_MILLISECONDS_BEFORE_READING = 300
"""After the last key, so that not every half-typed path is tried."""


@dataclass(frozen=True)
class _Read:
    """A truth as it was read, with the label that each of its labels seems to mean, and on how many photos it is."""

    known: KnownLabels
    format_name: str
    meaning: dict[str, str | None]
    photos: list[int]


class TruthDialog(QDialog):
    """Reads the file in a worker as soon as it is named, and shows what its labels seem to mean."""

    def __init__(self, session: Session, evaluating: Evaluating, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import a truth"))
        self._session, self._evaluating = session, evaluating
        self._reading = Latest(self)
        self._read: _Read | None = None
        self.file = Line(takes_files=True)
        self.file.setAccessibleName(self.tr("File or folder"))
        self.file.setMinimumWidth(300)
        one_file = push_button(self.tr("File…"), lambda: self._browse(QFileDialog.FileMode.ExistingFile))
        folder = push_button(self.tr("Folder…"), lambda: self._browse(QFileDialog.FileMode.Directory))
        self.format = QComboBox()
        self.format.setAccessibleName(self.tr("Format"))
        self.format.addItem(self.tr("Recognised automatically"), None)
        for name, reader in READERS.items():
            if name != "scores":
                self.format.addItem(translated(reader.description), name)
        self.name = Line()
        self.name.setAccessibleName(self.tr("Name"))
        self.said = muted(
            self.tr("It is kept beside the labels, to compare with. Nothing is ever trained on it."), wraps=True
        )
        self.table = MeaningTable()
        self.table.setMinimumHeight(220)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.take = buttons.addButton(self.tr("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.setObjectName("primary")

        where = QHBoxLayout()
        where.addWidget(self.file, 1)
        where.addWidget(one_file)
        where.addWidget(folder)
        form = form_layout()
        form.addRow(self.tr("File or folder"), where)
        form.addRow(self.tr("Format"), self.format)
        form.addRow(self.tr("Name"), self.name)
        layout = dialog_layout(self, 12)
        layout.addLayout(form)
        layout.addWidget(self.said)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 620, 520)

        self._soon = QTimer(self, singleShot=True, interval=_MILLISECONDS_BEFORE_READING)
        self._soon.timeout.connect(self._begin)
        self.file.textChanged.connect(self._wait)
        self.format.currentIndexChanged.connect(self._wait)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.take.setEnabled(False)

    def accept(self) -> None:
        """Import what was read."""
        read = self._read
        if read is not None:
            file = Path(self.file.text().strip()).expanduser()
            name = self.name.text().strip() or file.stem
            self._evaluating.take_in(read.known, file, read.format_name, name, self.table.meaning)
        super().accept()

    def _browse(self, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, self.tr("Import a truth"), self.file.text())
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()

    @Slot()
    def _wait(self) -> None:
        self._read = None
        self.take.setEnabled(False)
        self._soon.start()

    @Slot()
    def _begin(self) -> None:
        text, project = self.file.text().strip(), self._session.project
        if not text or project is None:
            return
        path, chosen = Path(text).expanduser(), self.format.currentData()
        self.said.setText(self.tr("Reading…"))
        job = self._session.workers.read(lambda: _read(project, path, chosen))
        self._reading.follow(job, self._show, self._fail)

    def _show(self, read: _Read) -> None:
        self._read = read
        labels = self._session.snapshot.labels if self._session.snapshot is not None else []
        self.table.show_meaning(read.meaning, read.photos, [label.name for label in labels])
        if not self.name.text().strip():
            self.name.setText(Path(self.file.text().strip()).stem)
        matched = sum(label is not None for label in read.meaning.values())
        self.said.setText(
            self.tr("{photos} and {labels}, {matched} of which are known here. Correct the others below.").format(
                photos=photos_in_words(len(read.known.answers)),
                labels=labels_in_words(len(read.meaning)),
                matched=matched,
            )
        )
        self.take.setEnabled(True)

    def _fail(self, failure: Failure) -> None:
        self.table.setRowCount(0)
        self.said.setText(failure.sentence)


class MeaningDialog(QDialog):
    """What the labels of a truth that is kept mean here."""

    def __init__(
        self, session: Session, evaluating: Evaluating, truth: TruthRow, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Labels of the truth {name}").format(name=truth.name))
        self._evaluating = evaluating
        self.table = MeaningTable()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setEnabled(False)
        layout = dialog_layout(self, 12)
        words = muted(
            self.tr("Say what each label of the truth means here. The truth is not read again for it."), wraps=True
        )
        layout.addWidget(words)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 560, 460)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        project = session.project
        assert project is not None
        job = session.workers.read(lambda: _photos_with(project, truth))
        labels = session.snapshot.labels if session.snapshot is not None else []
        names = {label.id: label.name for label in labels}
        meaning = {
            category: names.get(label) if label is not None else None
            for category, label in zip(truth.categories, truth.label_ids, strict=True)
        }

        def show(photos: list[int]) -> None:
            self.table.show_meaning(meaning, photos, list(names.values()))
            self.save.setEnabled(True)

        Latest(self).follow(job, show, session.failed.emit)
        self._meaning = meaning

    def accept(self) -> None:
        """Keep what was changed."""
        changed = {name: label for name, label in self.table.meaning.items() if label != self._meaning[name]}
        if changed:
            self._evaluating.mend(changed)
        super().accept()


def _read(project: Project, path: Path, format_name: str | None) -> _Read:
    chosen = format_name or guess_format(path)
    known = read_truth(path, chosen)
    own = label_set(project)
    labels = [label.name for label in own]
    matched = match_labels(known.labels, labels, called_otherwise(own))
    meaning = {name: None if at is None else labels[at] for name, at in zip(known.labels, matched, strict=True)}
    photos = dict.fromkeys(known.labels, 0)
    for answers in known.answers.values():
        for label, answer in answers.items():
            photos[label] += answer == PRESENT
    return _Read(known, chosen, meaning, list(photos.values()))


def _photos_with(project: Project, truth: TruthRow) -> list[int]:
    return (load_truth(project, truth).answers == PRESENT).sum(axis=0).tolist()
