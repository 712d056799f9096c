"""What a person is asked about encoders: which one, from where, and how it is to be used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog

from cdul_gui.desk.asking import Asking
from cdul_gui.session.offers import Choice, Offer
from engine.models.encoders.catalog import EncoderInfo, title_of
from engine.models.encoders.known import STARTER


class EncoderQuestions(Asking):
    """Has encoders chosen, fetched and taken from files."""

    def show_encoders(self) -> None:
        """Show all encoders, to fetch one or label with it."""
        from cdul_gui.dialogs.encoders.dialog import EncodersDialog

        dialog = EncodersDialog(self._session, self._activities.encoders, self._window)
        dialog.label_wanted.connect(self._activities.labelling.label_with)
        dialog.file_wanted.connect(self.take_encoder_file)
        dialog.folder_wanted.connect(self.take_encoder_folder)
        dialog.another_wanted.connect(self.choose_another_encoder)
        dialog.source_wanted.connect(self.choose_source_of_encoders)
        self._activities.encoders.named.connect(dialog.reject)
        self._show(dialog)

    def take_encoder_file(self) -> None:
        """Ask for a file of weights that are on this computer, and offer to label with them."""
        kinds = self.tr("Weights (*.safetensors *.bin *.pt *.pth *.ckpt);;All files (*)")
        dialog = QFileDialog(self._window, self.tr("An encoder's weights"), str(Path.home()), kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda file: self._activities.encoders.take(file, self._ask_how_to_use))
        self._show(dialog)

    def take_encoder_folder(self) -> None:
        """Ask for a folder with weights and their configuration, and offer to label with them."""
        dialog = QFileDialog(self._window, self.tr("A folder with an encoder"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self._activities.encoders.take(folder, self._ask_how_to_use))
        self._show(dialog)

    def _ask_how_to_use(self, file: str, names: list[str]) -> None:
        """Weights do not say what they were trained with; those they are like do."""
        shown = {title_of(name): name for name in names}
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("What weights are these?"))
        dialog.setLabelText(
            self.tr("{file} does not say how it is to be used. Choose what it comes from:").format(file=Path(file).name)
        )
        dialog.setComboBoxItems(list(shown))
        dialog.textValueSelected.connect(lambda text: self._activities.encoders.use_own(shown[text]))
        self._show(dialog)

    def choose_another_encoder(self) -> None:
        """Ask for any published model by its name, and fetch it, or offer to label with it if it is here."""
        from cdul_gui.dialogs.encoders.name_dialog import NameDialog

        def ask(found: list[EncoderInfo]) -> None:
            here = {one.name for one in found if one.available}
            names = sorted(one.name for one in found if one.name != STARTER)
            dialog = NameDialog(
                self.tr("Another model of open_clip"),
                self.tr("Its name: the network, a colon, and what its weights were trained on."),
                names,
                self.tr("Get it"),
                self._window,
            )
            encoders = self._activities.encoders
            dialog.accepted.connect(lambda: (encoders.use if dialog.name in here else encoders.fetch)(dialog.name))
            self._show(dialog)

        self._activities.encoders.look_up_all(ask)

    def ask_for_second_opinion(self) -> None:
        """Ask which of the other encoders that are here should have an opinion as well."""

        def ask(names: list[str]) -> None:
            shown = {title_of(name): name for name in names}
            if not shown:
                get = Choice(self.tr("Encoders…"), self.show_encoders)
                said = self.tr("No other encoder is here that could be asked. Get one first.")
                self._session.offered.emit(Offer(said, (get,)))
                return
            dialog = QInputDialog(self._window)
            dialog.setWindowTitle(self.tr("A second opinion"))
            dialog.setLabelText(
                self.tr(
                    "It scores all photos beside the encoder that suggests, and changes nothing. Where both differ can "
                    "be reviewed. Others are under Photos, Encoders. Ask:"
                )
            )
            dialog.setComboBoxItems(list(shown))
            dialog.textValueSelected.connect(lambda text: self._activities.second_opinion.ask(shown[text]))
            self._show(dialog)

        self._activities.second_opinion.look_up(ask)

    def choose_source_of_encoders(self) -> None:
        """Ask for a mirror that encoders are fetched from, and a proxy."""
        from cdul_gui.dialogs.encoders.source_dialog import SourceDialog

        self._show(SourceDialog(self._activities.encoders, self._window))

    def choose_weights_folder(self) -> None:
        """Ask where encoders should be put, and go on with the one that is fetched."""
        dialog = QFileDialog(self._window, self.tr("A folder for encoders, with more room"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self._activities.encoders.fetch_into(Path(folder)))
        self._show(dialog)
