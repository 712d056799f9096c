"""The prompts of one label, with what they do to the current photo and which photos then score best."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cdul_gui.gallery.photo_strip import PhotoStrip
from cdul_gui.gallery.thumbnails import ThumbnailSource
from cdul_gui.look.controls import heading, muted, plain, push_button
from cdul_gui.session.jobs import Latest
from cdul_gui.session.label_set import LabelSetEditing
from cdul_gui.session.session import Session
from engine.project.labels import DEFAULT_PROMPT, LabelRow
from engine.stages.labelling.prompt_effect import PromptEffect

_MILLISECONDS_OF_A_PAUSE = 300
"""In typing, before the effect is computed."""

_IN_STRIP = 12


class PromptsEditor(QWidget):
    """One prompt a line; nothing is kept until it is applied."""

    shown = Signal()
    """The effect of the prompts as they are typed is shown."""

    def __init__(
        self,
        session: Session,
        editing: LabelSetEditing,
        thumbnails: ThumbnailSource,
    ) -> None:
        super().__init__()
        self._session, self._editing = session, editing
        self._label: LabelRow | None = None
        self._looking = Latest(self)
        self.prompts = QPlainTextEdit()
        self.prompts.setAcceptDrops(False)  # it would take a dropped file for text, and as moved
        self.prompts.setTabChangesFocus(True)
        self.prompts.setAccessibleName(self.tr("Prompts, one a line"))
        self.prompts.setFixedHeight(5 * self.fontMetrics().lineSpacing() + 14)
        self._note = muted(
            self.tr("One text a line, also synonyms; their mean is what the encoder looks for."), wraps=True
        )
        self.on_photo = plain(wraps=True)
        self.strip = PhotoStrip(session, thumbnails)
        self.strip.setAccessibleName(self.tr("Photos with the best scores"))
        self.apply = push_button(self.tr("Apply"), self._apply)
        self.apply.setToolTip(self.tr("Keep these prompts and score all photos anew"))
        self.revert = push_button(self.tr("Back to what is kept"), self._show_kept)
        self._pause = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_A_PAUSE)
        self._lay_out()
        self.prompts.textChanged.connect(self._typed)
        self._pause.timeout.connect(self._look)
        session.job_changed.connect(self._enable)
        self.show_label(None)

    def show_label(self, label: LabelRow | None) -> None:
        """Edit the prompts of a label; what was typed for it and not applied stays while it is the same one."""
        same = label is not None and self._label is not None and label.id == self._label.id
        typing = same and self._changed()
        self._label = label
        self.setEnabled(label is not None and self._session.writable)
        if not typing:
            self._show_kept()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.revert)
        buttons.addStretch(1)
        buttons.addWidget(self.apply)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading(self.tr("Prompts")))
        layout.addWidget(self.prompts)
        layout.addWidget(self._note)
        layout.addLayout(buttons)
        layout.addSpacing(8)
        layout.addWidget(heading(self.tr("The photo you look at")))
        layout.addWidget(self.on_photo)
        layout.addSpacing(8)
        layout.addWidget(heading(self.tr("Best scores with these prompts")))
        layout.addWidget(self.strip, 1)

    def _typed_prompts(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.prompts.toPlainText().splitlines() if line.strip())

    def _changed(self) -> bool:
        return self._label is not None and self._typed_prompts() != self._label.prompts

    @Slot()
    def _show_kept(self) -> None:
        label = self._label
        # With dots, since the prompt is the encoder's and knows no "an".
        prompt = DEFAULT_PROMPT.format(label="…")
        self.prompts.setPlaceholderText(f"{prompt}  ({label.name})" if label is not None else "")
        self.prompts.setPlainText("\n".join(label.prompts) if label is not None else "")
        self._typed()

    @Slot()
    def _typed(self) -> None:
        self._enable()
        self._pause.start()

    @Slot()
    def _enable(self) -> None:
        changed = self._changed()
        self.apply.setEnabled(changed and self._session.job is None)
        self.revert.setEnabled(changed)

    @Slot()
    def _look(self) -> None:
        self._looking.drop()
        if self._label is None:
            self.strip.show_photos(())
            self.on_photo.clear()
            return
        job = self._editing.look_at_effect(self._label, self._typed_prompts())
        if job is not None:
            if not self.on_photo.text():
                # The encoder may have to be opened first, which takes seconds.
                self.on_photo.setText(self.tr("Looking…"))
            self._looking.follow(job, self._show, lambda _failure: self.on_photo.clear())

    def _show(self, effect: PromptEffect | None) -> None:
        snapshot, row = self._session.snapshot, self._session.current
        if snapshot is None:
            return
        on_photo = effect.on(int(snapshot.photo_ids[row])) if effect is not None and row is not None else None
        if on_photo is None:
            self.on_photo.setText(self.tr("There are no scores yet. Press Label to score the photos first."))
        else:
            before, after = on_photo
            text = (
                self.tr("Score {before} → {after}") if f"{before:.2f}" != f"{after:.2f}" else self.tr("Score {after}")
            )
            self.on_photo.setText(text.format(before=f"{before:.2f}", after=f"{after:.2f}"))
        best = effect.best(_IN_STRIP) if effect is not None else []
        self.strip.show_photos([(snapshot.row_of(photo), score) for photo, score in best])
        self.shown.emit()

    @Slot()
    def _apply(self) -> None:
        if self._label is not None:
            self._editing.set_prompts(self._label, self._typed_prompts())
