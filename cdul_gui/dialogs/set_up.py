"""What to label with: label set, encoder, grid, preset and detector, in one small dialog."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, SignalInstance, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QWidget,
)

from cdul_gui.look.controls import dialog_layout, form_layout, muted, plain, push_button
from cdul_gui.look.detector_box import DetectorBox
from cdul_gui.look.doubt_line import DoubtLine, with_replaced
from cdul_gui.look.drops import Line
from cdul_gui.look.typed_labels import TypedLabels
from cdul_gui.session.encoders import Encoders, Stage
from cdul_gui.session.labelling import Proposal
from cdul_gui.session.session import Session
from cdul_gui.settings import LABELS_OF_PROJECT, LabellingChoice
from cdul_gui.wording import described, labels_in_words, photos_in_words, sentence_of, shown_name, translated
from engine.errors import UserError
from engine.models.encoders.catalog import EncoderInfo, title_of
from engine.project.labels import DEFAULT_PROMPT, NewLabel
from engine.stages.labelling.label_sets import BUILT_IN, resolve_label_set
from engine.stages.labelling.leaving_labels import leaving_labels
from engine.wording import Sentence

FILE, TYPED = "file", "typed"

_MOST_NAMED = 8
"""Labels that are named below those that are chosen."""

_MILLISECONDS_OF_TYPING = 600
"""Until what is typed is taken for words, not for their beginnings."""

_OF_LETTERS = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)

GRIDS = ((2,), (3,), (4,), (2, 3), (3, 5))


class _LabelSetBox(QComboBox):
    """The label sets. Its few entries are chosen with the arrows: letters are labels that somebody types."""

    typed = Signal(QKeyEvent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().strip() and event.text().isprintable() and event.modifiers() in _OF_LETTERS:
            self.typed.emit(event)
        else:
            super().keyPressEvent(event)


class SetUpDialog(QDialog):
    """Asks how to label; `choice` is the answer. Encoders are looked up in a worker while it is open.

    One that is not on this computer can be fetched from here; that goes on when the dialog is closed.
    """

    file_wanted = Signal()
    folder_wanted = Signal()
    another_wanted = Signal()
    others_wanted = Signal()
    """An encoder should be taken from elsewhere; the dialog is closed by then."""

    def __init__(self, session: Session, encoders: Encoders, proposal: Proposal, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._encoders = session, encoders
        self._proposal, self._before = proposal.choice, proposal.before
        self.setWindowTitle(self.tr("Label photos"))
        self.label_set = _LabelSetBox()
        self.label_set.setAccessibleName(self.tr("Label set"))
        self.label_set.typed.connect(self._type_on)
        self.file = Line(takes_files=True)
        self.file.setAccessibleName(self.tr("File with one label a line"))
        self.file.setPlaceholderText(self.tr("Text file with one label a line"))
        snapshot = session.snapshot
        self.typed = TypedLabels([label.name for label in snapshot.labels] if snapshot is not None else [])
        self.summary = muted(wraps=True)
        self.leaving = plain(wraps=True)
        self.encoder = QComboBox()
        self.encoder.setAccessibleName(self.tr("Encoder"))
        self.encoder_note = muted(wraps=True)
        self.get_encoder = push_button(run=self._get_encoder)
        self.other_encoders = push_button(self.tr("Others"))
        self.loss = plain(wraps=True)
        self.grid = QComboBox()
        self.grid.setAccessibleName(self.tr("Snippet grid"))
        self.preset = QComboBox()
        self.preset.setAccessibleName(self.tr("Preset"))
        heard = None if self._before is None else self._before.settings.detector
        self.detector = DetectorBox(heard, self._proposal.detector)
        self.doubt = DoubtLine()
        self._pause = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_TYPING)
        self._pause.timeout.connect(self._ask_about_typed)
        self.doubt.replaced.connect(self._type_english)
        self._labels_are_right = False
        # Once the layout knows what has been shown and hidden.
        self._grow = QTimer(self, singleShot=True, interval=0)
        self._grow.timeout.connect(self._grow_to_fit)
        self._fill()
        self._lay_out()
        self.label_set.currentIndexChanged.connect(self._show_label_set)
        self.label_set.activated.connect(self._go_on_where_one_types)
        self.file.textChanged.connect(self._show_label_set)
        self.typed.textChanged.connect(self._show_label_set)
        self.encoder.currentIndexChanged.connect(self._show_encoder)
        self.preset.currentIndexChanged.connect(self._show_detector)
        menu = QMenu(self.other_encoders)
        for text, wanted in (
            (self.tr("From a file…"), self.file_wanted),
            (self.tr("From a folder…"), self.folder_wanted),
            (self.tr("Another model of open_clip…"), self.another_wanted),
            (self.tr("All encoders…"), self.others_wanted),
        ):
            menu.addAction(text).triggered.connect(partial(self._leave_for, wanted))
        self.other_encoders.setMenu(menu)
        encoders.progressed.connect(self._show_encoder)
        encoders.download_changed.connect(self._look_up_encoders)
        self._show_label_set()
        self._go_on_where_one_types()
        self._look_up_encoders()

    @property
    def choice(self) -> LabellingChoice:
        """What the dialog says now."""
        return LabellingChoice(
            self._label_set_text(),
            self.encoder.currentData(),
            self._grids[self.grid.currentIndex()],
            self.preset.currentData(),
            self.detector.wish,
        )

    def _fill(self) -> None:
        snapshot = self._session.snapshot
        if snapshot is not None and snapshot.labels:
            count = len(snapshot.labels)
            self.label_set.addItem(
                self.tr("The labels of this project ({count})").format(count=count), LABELS_OF_PROJECT
            )
        for name, description in BUILT_IN.items():
            self.label_set.addItem(translated(description), name)
        self.label_set.addItem(self.tr("From a file…"), FILE)
        self.label_set.addItem(self.tr("Typed here…"), TYPED)
        kept = self._proposal.label_set
        place = self.label_set.findData(kept)
        if place < 0 and "," not in kept and Path(kept).is_file():
            self.file.setText(kept)
            place = self.label_set.findData(FILE)
        elif place < 0:
            self.typed.setPlainText(kept)
            place = self.label_set.findData(TYPED)
        self.label_set.setCurrentIndex(place)

        self._grids = list(dict.fromkeys([*GRIDS, self._proposal.grids]))
        for grids in self._grids:
            self.grid.addItem(self.tr(" and ").join(f"{n} × {n}" for n in grids))
        self.grid.setCurrentIndex(self._grids.index(self._proposal.grids))
        if self._before is not None:
            self.preset.addItem(self.tr("As before"), None)
        self.preset.addItem(self.tr("Best on real photos"), "default")
        self.preset.addItem(self.tr("As in the paper"), "paper")
        self.preset.setCurrentIndex(max(0, self.preset.findData(self._proposal.preset)))
        self.encoder.addItem(title_of(self._proposal.encoder), self._proposal.encoder)

    def _lay_out(self) -> None:
        browse = push_button(self.tr("Browse…"), self._browse, name=self.tr("Browse for a label set"))
        self._of_file = QWidget()
        line = QHBoxLayout(self._of_file)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.file, 1)
        line.addWidget(browse)
        self.typed.setFixedHeight(72)

        photos = len(self._session.snapshot) if self._session.snapshot is not None else 0
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = buttons.addButton(
            self.tr("Label {photos}").format(photos=photos_in_words(photos)), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.start.setObjectName("primary")
        self.start.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)

        form = form_layout()
        form.addRow(self.tr("Labels"), self.label_set)
        form.addRow("", self._of_file)
        form.addRow("", self.typed)
        form.addRow("", self.doubt)
        form.addRow("", self.summary)
        form.addRow("", self.leaving)
        of_encoder = QHBoxLayout()
        of_encoder.addWidget(self.encoder, 1)
        of_encoder.addWidget(self.other_encoders)
        form.addRow(self.tr("Encoder"), of_encoder)
        form.addRow("", self.encoder_note)
        form.addRow("", self.get_encoder)
        form.addRow("", self.loss)
        form.addRow(self.tr("Snippets"), self.grid)
        form.addRow(self.tr("Preset"), self.preset)
        form.addRow("", self.detector)
        layout = dialog_layout(self, 16)
        layout.addLayout(form)
        # Room that a warning needed is left below the questions once it is gone, not between them.
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(560)

    @Slot()
    def _grow_to_fit(self) -> None:
        """Texts in several lines are cut off where nobody makes room for them."""
        layout = self.layout()
        wanted = 0 if layout is None else layout.totalHeightForWidth(self.width())
        if wanted > self.height():
            self.resize(self.width(), wanted)

    def _label_set_text(self) -> str:
        kind = self.label_set.currentData()
        if kind == FILE:
            return self.file.text().strip()
        if kind == TYPED:
            return self.typed.labels_text
        return kind

    @Slot()
    def _show_label_set(self) -> None:
        kind = self.label_set.currentData()
        self._of_file.setVisible(kind == FILE)
        self.typed.setVisible(kind == TYPED)
        self.doubt.hide()
        self._pause.start()
        try:
            labels = self._labels(kind)
        except UserError as error:
            self.summary.setText(sentence_of(error))
            self._labels_are_right = False
        else:
            some = ", ".join(map(self._named, labels[:_MOST_NAMED])) + (" …" if len(labels) > _MOST_NAMED else "")
            self.summary.setText(self.tr("{labels}: {some}").format(labels=labels_in_words(len(labels)), some=some))
            self._labels_are_right = True
        self._say_what_leaves([label.name for label in labels] if self._labels_are_right else None)
        self._allow_start()

    def _named(self, label: NewLabel) -> str:
        """A label, and what it is asked for with where that was typed beside it."""
        if not label.prompts or self.label_set.currentData() != TYPED:
            return shown_name(label.name)
        own, _, after = DEFAULT_PROMPT.partition("{label}")
        others = [prompt.removeprefix(own).removesuffix(after) for prompt in label.prompts[1:]]
        return self.tr("{label} (also {others})").format(label=shown_name(label.name), others=", ".join(others))

    def _say_what_leaves(self, names: list[str] | None) -> None:
        snapshot = self._session.snapshot
        leaving = None if snapshot is None or names is None else leaving_labels(snapshot, names).sentence
        self.leaving.setText(translated(leaving) if leaving is not None else "")
        self.leaving.setVisible(leaving is not None)

    @Slot()
    def _go_on_where_one_types(self) -> None:
        """A person who chose to type, or a file, goes on there."""
        kind = self.label_set.currentData()
        if kind in (FILE, TYPED):
            (self.file if kind == FILE else self.typed).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QKeyEvent)
    def _type_on(self, event: QKeyEvent) -> None:
        """Who types at once means labels."""
        self.label_set.setCurrentIndex(self.label_set.findData(TYPED))
        self._go_on_where_one_types()
        QApplication.sendEvent(self.typed, event)

    def _allow_start(self) -> None:
        self._grow.start()
        info = self._info
        self.start.setEnabled(self._labels_are_right and (info is None or info.available))

    @Slot()
    def _ask_about_typed(self) -> None:
        if self.label_set.currentData() == TYPED:
            try:
                labels = self.typed.labels
            except UserError:
                return
            self.doubt.ask_about([label.name for label in labels if not label.prompts])
            self._grow.start()

    @Slot(object)
    def _type_english(self, instead: dict[str, str]) -> None:
        typed = self.typed.labels_text.removesuffix(",").split(", ")
        self.typed.setPlainText(", ".join(with_replaced(typed, instead)))

    def _labels(self, kind: str) -> list[NewLabel]:
        if kind == LABELS_OF_PROJECT and self._session.snapshot is not None:
            return [NewLabel(label.name) for label in self._session.snapshot.labels]
        text = self._label_set_text()
        if not text:
            raise UserError(Sentence("Choose a text file.") if kind == FILE else Sentence("Type at least one label."))
        return resolve_label_set(text)

    @Slot()
    def _browse(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self, self.tr("Label set"), self.file.text(), self.tr("Text files (*.txt *.tsv);;All files (*)")
        )
        if file:
            self.file.setText(file)

    @property
    def _info(self) -> EncoderInfo | None:
        """What is known of the encoder that is chosen; None while it is looked up, and for a file."""
        info = self.encoder.currentData(Qt.ItemDataRole.UserRole + 1)
        return info if isinstance(info, EncoderInfo) else None

    @Slot()
    def _look_up_encoders(self) -> None:
        self._encoders.look_up(self._show_encoders)

    @Slot(object)
    def _show_encoders(self, found: list[EncoderInfo]) -> None:
        chosen = self.encoder.currentData()
        self.encoder.blockSignals(True)
        self.encoder.clear()
        for one in found:
            if not (one.available or one.recommended or one.name == chosen):
                continue  # the others are a click away
            place = self.encoder.count()
            self.encoder.addItem(self._entry(one), one.name)
            self.encoder.setItemData(place, one, Qt.ItemDataRole.UserRole + 1)
        if self.encoder.findData(chosen) < 0:
            self.encoder.addItem(title_of(chosen), chosen)
        self.encoder.setCurrentIndex(self.encoder.findData(chosen))
        self.encoder.blockSignals(False)
        self._show_encoder()

    def _entry(self, one: EncoderInfo) -> str:
        if one.available:
            return one.title
        return self.tr("{encoder}  ·  not here, {size} MB").format(encoder=one.title, size=f"{one.size_mb:,}")

    @Slot()
    def _get_encoder(self) -> None:
        if self._info is not None:
            self._encoders.fetch(self._info.name)

    def _leave_for(self, wanted: SignalInstance, _checked: bool = False) -> None:
        self.reject()
        wanted.emit()

    @Slot()
    def _show_encoder(self) -> None:
        info, download = self._info, self._encoders.download
        self.encoder_note.setText("" if info is None else self._facts_of(info))
        self.get_encoder.setVisible(info is not None and not info.available)
        if info is not None and not info.available:
            coming = download is not None and download.name == info.name and download.stage == Stage.RUNNING
            if coming and download is not None:
                said = described(download.report) if download.report is not None else ""
                self.get_encoder.setText(said or self.tr("Looking for it…"))
            else:
                left = f"{max(1, (info.size_mb or 0) - info.begun_mb):,}"
                text = self.tr("Go on getting it · {size} MB left") if info.begun_mb else self.tr("Get it · {size} MB")
                self.get_encoder.setText(text.format(size=left))
            self.get_encoder.setEnabled(not coming)
        self._allow_start()
        self._show_detector()
        encoder = self.encoder.currentData()
        loss = self._before.loss_by(encoder) if self._before is not None and encoder is not None else None
        self.loss.setText(translated(loss) if loss is not None else "")
        self.loss.setVisible(loss is not None)

    @Slot()
    def _show_detector(self) -> None:
        self.detector.show_for(self.encoder.currentData(), self.preset.currentData())

    def _facts_of(self, info: EncoderInfo) -> str:
        facts = [translated(info.description)]
        if info.photos_a_minute is not None:
            known, guessed = self.tr("{count} photos a minute here."), self.tr("About {count} photos a minute here.")
            text = known if info.measured else guessed
            facts.append(text.format(count=f"{info.photos_a_minute:,}"))
        if info.licence:
            facts.append(self.tr("Licence: {licence}.").format(licence=info.licence))
        return " ".join(facts)
