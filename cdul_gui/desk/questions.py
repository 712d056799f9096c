"""What a person is asked before something is done: the dialogs that commands open, but for encoders and people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMainWindow, QMessageBox

from cdul_gui.desk.asking import Asking
from cdul_gui.desk.encoder_questions import EncoderQuestions
from cdul_gui.gallery import GalleryView
from cdul_gui.session.activities import Activities
from cdul_gui.session.labelling import Proposal
from cdul_gui.settings import Settings
from cdul_gui.wording import files_in_words, photos_in_words, shown_name
from engine.project.labels import LabelRow, other_name
from engine.stages.care.tidy import Leftovers


class Questions(Asking):
    """Opens dialogs over the window, and does what is answered."""

    evaluation_wanted = Signal()
    """How well the scores agree with a truth should be shown."""
    keys_wanted = Signal()
    """Which key does what should be changed."""

    def __init__(
        self, activities: Activities, gallery: GalleryView, window: QMainWindow, encoders: EncoderQuestions
    ) -> None:
        super().__init__(activities, gallery, window)
        self._encoders = encoders

    def choose_folder(self) -> None:
        """Ask for a folder of photos and open it."""
        recent = Settings().recent
        nearby = recent[0].parent if recent else Path.home()
        dialog = QFileDialog(self._window, self.tr("Open a folder of photos"), str(nearby))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self._activities.opening.open_folder(Path(folder)))
        self._show(dialog)

    def open_address(self) -> None:
        """Ask for the address of photos, or of a project on a server, and open it."""
        from cdul_gui.dialogs.open_address import OpenAddressDialog

        dialog = OpenAddressDialog(self._window)
        dialog.accepted.connect(lambda: self._activities.opening.open_folder(dialog.photos, dialog.project))
        self._show(dialog)

    def set_up_and_label(self) -> None:
        """Ask what to label with, and label."""
        from cdul_gui.dialogs.set_up import SetUpDialog

        def ask(proposal: Proposal) -> None:
            dialog = SetUpDialog(self._session, self._activities.encoders, proposal, self._window)
            dialog.file_wanted.connect(self._encoders.take_encoder_file)
            dialog.folder_wanted.connect(self._encoders.take_encoder_folder)
            dialog.another_wanted.connect(self._encoders.choose_another_encoder)
            dialog.others_wanted.connect(self._encoders.show_encoders)
            dialog.accepted.connect(lambda: self._activities.labelling.label(dialog.choice))
            self._show(dialog)

        self._activities.labelling.propose(ask)

    def edit_label_set(self, column: int | None = None) -> None:
        """Show the label set, to change it; at the label in this column, if any."""
        from cdul_gui.dialogs.label_set.dialog import LabelSetDialog

        use, editing = self._activities.use, self._activities.label_set
        dialog = LabelSetDialog(self._session, use, editing, self._gallery.thumbnails, self._window)
        dialog.words_wanted.connect(self.describe_photos)
        if column is not None:
            dialog.choose(column)
            dialog.view.setFocus(Qt.FocusReason.OtherFocusReason)
        # What the dialog asked for took the place of what the gallery wants.
        dialog.finished.connect(lambda _result: self._gallery.viewport().update())
        self._show(dialog)

    def choose_place_of(self, label: LabelRow) -> None:
        """Ask what a label stands below."""
        from cdul_gui.dialogs.place_of_label import PlaceOfLabelDialog

        snapshot, editing = self._session.snapshot, self._activities.label_set
        if snapshot is None:
            return
        dialog = PlaceOfLabelDialog(snapshot.labels, snapshot.column_of(label.id), snapshot.parents, self._window)
        dialog.accepted.connect(lambda: editing.set_parents([label], dialog.chosen, dialog.new_name))
        self._show(dialog)

    def write_other_names(self, label: LabelRow) -> None:
        """Ask what else a label is called."""
        shown = shown_name(label.name)
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Other names of {label}").replace("{label}", shown))
        dialog.setLabelText(self.tr("One a line; with its language, where it has one, as de:Spatz"))
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue("\n".join(one.text for one in label.other_names))
        dialog.textValueSelected.connect(
            lambda text: self._activities.label_set.set_other_names(
                label, [other_name(line) for line in text.splitlines() if line.strip()]
            )
        )
        self._show(dialog)

    def split(self, label: LabelRow) -> None:
        """Ask for the name of a second label, which the selected photos have in place of this one."""
        session, snapshot = self._session, self._session.snapshot
        if snapshot is None:
            return
        photos = {int(photo) for photo in snapshot.photo_ids[session.selection]}
        confirmed = np.count_nonzero(snapshot.decisions[session.selection, snapshot.column_of(label.id)] > 0)
        if confirmed:
            text = self.tr(
                "Name of the second label, which takes the place of {label} on the selected photos "
                "that have it confirmed ({photos}):"
            ).replace("{photos}", photos_in_words(int(confirmed)))
        else:
            text = self.tr("On none of the selected photos is {label} confirmed.") + " "
            # What was merged into it left its name, and comes back whatever is selected.
            if not label.other_names:
                text += self.tr("Select those that the second label is meant for.")
                session.noticed.emit(text.replace("{label}", shown_name(label.name)))
                return
            text += self.tr("A label that was merged into it comes back with its answers under its name:")
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Make two labels of {label}").replace("{label}", shown_name(label.name)))
        dialog.setLabelText(text.replace("{label}", shown_name(label.name)))
        dialog.setTextValue(label.other_names[0].name if label.other_names else "")
        dialog.textValueSelected.connect(
            lambda name: self._activities.label_set.split(label, name, photos) if name.strip() else None
        )
        self._show(dialog)

    def describe_photos(self) -> None:
        """Offer words that are in the photos, to make labels of."""
        from cdul_gui.dialogs.words.dialog import WordsDialog

        activities = self._activities
        thumbnails = self._gallery.thumbnails
        dialog = WordsDialog(self._session, activities.describing, activities.label_set, thumbnails, self._window)
        dialog.label_wanted.connect(lambda: activities.labelling.label())
        # What the dialog asked for took the place of what the gallery wants.
        dialog.finished.connect(lambda _result: self._gallery.viewport().update())
        self._show(dialog)

    def edit_rules(self) -> None:
        """Show the rules, to try, make and take back."""
        from cdul_gui.dialogs.rules.dialog import RulesDialog

        dialog = RulesDialog(self._session, self._activities.rules, self._gallery.thumbnails, self._window)
        # What the dialog asked for took the place of what the gallery wants.
        dialog.finished.connect(lambda _result: self._gallery.viewport().update())
        self._show(dialog)

    def export(self) -> None:
        """Ask for format and file, and export."""
        from cdul_gui.dialogs.export.dialog import ExportDialog

        dialog = ExportDialog(self._session, self._activities.exporting, self._window)

        def begin() -> None:
            self._activities.exporting.export(dialog.request, dialog.out, replace=dialog.replace.isChecked())

        dialog.accepted.connect(begin)
        self._show(dialog)

    def import_labels(self, file: Path | None = None) -> None:
        """Ask what to import, or how to take over this file, show what will happen, and import it."""
        from cdul_gui.dialogs.importing.dialog import ImportDialog

        dialog = ImportDialog(self._session, self._window)

        def begin() -> None:
            if dialog.source is not None:
                self._activities.importing.carry_out(dialog.source, dialog.choice)

        dialog.accepted.connect(begin)
        self._show(dialog)
        if file is not None:
            dialog.look_at(str(file))

    def import_truth(self) -> None:
        """Ask for a truth, and compare with it."""
        from cdul_gui.dialogs.truth.dialog import TruthDialog

        dialog = TruthDialog(self._session, self._activities.evaluating, self._window)
        dialog.accepted.connect(self.evaluation_wanted)
        self._show(dialog)

    def mend_truth(self) -> None:
        """Show which label each label of the truth means, to change it."""
        from cdul_gui.dialogs.truth.dialog import MeaningDialog

        evaluating = self._activities.evaluating
        if evaluating.truth is not None:
            self._show(MeaningDialog(self._session, evaluating, evaluating.truth, self._window))

    def write_report(self) -> None:
        """Ask for a file, and write the comparison with a truth there."""
        if self._activities.evaluating.evaluation is None:
            self.evaluation_wanted.emit()
            self._session.said.emit(self.tr("There is nothing to report yet: compare with a truth first."))
            return
        dialog = QFileDialog(self._window, self.tr("Write a report"), str(Settings().export_folder / "report.html"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("html")
        dialog.fileSelected.connect(lambda file: self._activities.evaluating.write_report(Path(file)))
        self._show(dialog)

    def save_filter(self) -> None:
        """Ask for a name and keep the filter in force under it."""
        arrangement, text = self._activities.arrangement, self._activities.arrangement.text
        if not arrangement.filtered or arrangement.error is not None:
            self._session.said.emit(self.tr("There is no filter to save: type one first."))
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Save this filter"))
        dialog.setLabelText(self.tr("Name (a saved filter of the same name is replaced):"))
        dialog.setTextValue(text)
        dialog.textValueSelected.connect(
            lambda name: self._activities.kept_filters.save(name.strip(), text) if name.strip() else None
        )
        self._show(dialog)

    def tidy(self, leftovers: Leftovers) -> None:
        """Say what the project no longer needs, and delete it if that is wanted."""
        project = self._session.project
        assert project is not None
        files, photos = files_in_words(len(leftovers.files)), photos_in_words(leftovers.photos)
        goes = []
        if leftovers.files:
            goes.append(self.tr("Left half-written, outdated, or of runs that are over: {files}").format(files=files))
        if leftovers.photos:
            text = self.tr("Thumbnails and embeddings of photos that changed or are gone: {photos}")
            goes.append(text.format(photos=photos))
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Tidy up"), "", parent=self._window)
        box.setText(self.tr("Tidying up frees {size} MB.").format(size=f"{leftovers.size / 1e6:,.1f}"))
        kept = self.tr("No photo and no decision is lost.")
        box.setInformativeText("\n\n".join([*goes, kept]))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setDetailedText("\n".join(str(file.relative_to(project.folder)) for file in leftovers.files))
        button = box.addButton(self.tr("Tidy up"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(button)
        button.clicked.connect(lambda: self._activities.tidying.tidy(leftovers))
        self._show(box)

    def answer_many(self, what: str, go_on: Callable[[], object]) -> None:
        """Ask whether more is meant than is on the screen. Enter says so: a key that answers does not."""
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Many photos"), "", parent=self._window)
        box.setText(self.tr("Not all of this is on the screen. Is it meant?"))
        # What was done is said in the same words afterwards.
        box.setInformativeText(self.tr("Would be done: {what}").replace("{what}", what))
        box.setTextFormat(Qt.TextFormat.PlainText)
        button = box.addButton(self.tr("Do all of it"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(button)
        button.clicked.connect(go_on)
        self._show(box)
        # On a button Space, of which the photos may be given a second one in haste, would press it.
        box.setFocus()

    def show_keys(self) -> None:
        """Show which key does what."""
        from cdul_gui.dialogs.keys import KeysDialog

        snapshot, keys = self._session.snapshot, self._activities.use.keys
        names = {key: shown_name(snapshot.labels[column].name) for column, key in keys.items()} if snapshot else {}
        dialog = KeysDialog(self._window.menuBar(), names, self._window)
        dialog.change_wanted.connect(self.keys_wanted)
        self._show(dialog)

    def show_guide(self) -> None:
        """Show the guide beside the window."""
        from cdul_gui.dialogs.guide import GuideDialog

        dialog = GuideDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def show_about(self) -> None:
        """Say what this program is."""
        from importlib.metadata import version

        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("About CDUL"))
        box.setText(self.tr("CDUL {version}").format(version=version("cdul")))
        box.setInformativeText(
            self.tr(
                "Labels photo collections on your own machine: an image-text encoder proposes several labels a photo, "
                "you decide, COCO comes out. Apache License 2.0."
            )
        )
        self._show(box)
