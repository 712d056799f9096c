"""Whether the detector is heard beside the starter."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from engine.models.encoders.known import STARTER


class DetectorBox(QCheckBox):
    """Ticked as the preset has it, or as the photos were labelled before, until somebody says otherwise."""

    def __init__(self, before: bool | None, wish: bool | None) -> None:
        """`before`: whether it was heard; None where the photos were never labelled. `wish`: what somebody said."""
        super().__init__(self.tr("Hear a detector of 80 everyday things as well"))
        self.setToolTip(
            self.tr(
                "NanoDet, which learnt from COCO's labels. Of these things more is found with it and less is wrong. "
                "Only the starter hears it."
            )
        )
        self._before, self._wish, self._usual = before, wish, True
        self.clicked.connect(self._hear)

    @property
    def wish(self) -> bool | None:
        """Whether it is to be heard; None as the preset has it, or as before."""
        return None if not self.isEnabled() or self.isChecked() == self._usual else self.isChecked()

    def show_for(self, encoder: str | None, preset: str | None) -> None:
        """Follow what is chosen beside it; preset None is as before."""
        self._usual = preset != "paper" if preset is not None or self._before is None else self._before
        self.setEnabled(encoder == STARTER)
        self.setChecked(self.isEnabled() and (self._usual if self._wish is None else self._wish))

    def _hear(self, ticked: bool) -> None:
        self._wish = ticked
