"""What a label's context menu offers."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from cdul_gui.session.label_keys import free_keys
from cdul_gui.wording import shown_name
from engine.project.filters.quoting import quoted
from engine.project.labels import LabelRow
from engine.project.snapshot import Snapshot


class LabelMenu(QMenu):
    """Leads to a label's photos, and to what can be changed about it. It is gone once it is left."""

    filter_wanted = Signal(str)
    """Photos should be shown that fulfil this."""
    undecided_wanted = Signal(int)
    """What is undecided of the label in this column of the snapshot is to be reviewed."""
    sweep_wanted = Signal(int)
    """Photos should be shown by the score of the label in this column, with its threshold."""
    key_wanted = Signal(object, str)
    """The label should have this key, or none of its own."""
    move_wanted = Signal(object, object, object)
    """The label should stand below another one (None: none) in place of what it stood below there."""
    place_wanted = Signal(object)
    """What the label stands below should be chosen."""
    edit_wanted = Signal(int)
    """The label in this column is to be changed in the label set."""
    names_wanted = Signal(object)
    """What else the label is called should be written."""
    split_wanted = Signal(object)
    """Of the label two should be made."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def offer_photos(self, snapshot: Snapshot, column: int) -> None:
        """Offer to filter by what the label is to photos."""
        name = snapshot.labels[column].name
        for text, condition in (
            (self.tr("Photos with {label}"), "label:"),
            (self.tr("Photos without {label}"), "-label:"),
            (self.tr("Photos where {label} is likely"), "likely:"),
            (self.tr("Photos where {label} may be"), "maybe:"),
            (self.tr("Photos with {label} confirmed"), "confirmed:"),
            (self.tr("Photos with {label} rejected"), "rejected:"),
            *([(self.tr("Photos with a label below {label}"), "below:")] if snapshot.parents.below(column) else []),
        ):
            self.addAction(_with(text, name), partial(self.filter_wanted.emit, condition + quoted(name)))

    def offer_changes(self, snapshot: Snapshot, column: int, above: int | None, taken_keys: Collection[str]) -> None:
        """Offer to review the label, to give it a key, and to change its place and names.

        Args:
            above: the column of what it is listed below, None for nothing.
            taken_keys: keys that no label may have.
        """
        label = snapshot.labels[column]
        self.addSeparator()
        undecided = self.addAction(
            _with(self.tr("Review what is undecided of {label}"), label.name),
            partial(self.undecided_wanted.emit, column),
        )
        sweep = self.addAction(_with(self.tr("Sweep {label}"), label.name), partial(self.sweep_wanted.emit, column))
        sweep.setEnabled(snapshot.stage is not None)
        undecided.setEnabled(bool(snapshot.unsure([column]).any()))
        self._offer_keys(self.addMenu(self.tr("Key")), snapshot.labels, label, taken_keys)
        self.addSeparator()
        self.addAction(self.tr("Put under…"), partial(self.place_wanted.emit, label))
        if above is not None:
            over = snapshot.labels[above]
            self.addAction(
                _with(self.tr("Take out of {label}"), over.name), partial(self.move_wanted.emit, label, over, None)
            )
        self.addAction(self.tr("Rename, merge or remove…"), partial(self.edit_wanted.emit, column))
        self.addAction(self.tr("Other names…"), partial(self.names_wanted.emit, label))
        self.addAction(self.tr("Split…"), partial(self.split_wanted.emit, label))

    def _offer_keys(self, keys: QMenu, labels: list[LabelRow], label: LabelRow, taken: Collection[str]) -> None:
        if label.key:
            keys.addAction(self.tr("None of its own"), partial(self.key_wanted.emit, label, ""))
        # Those that are easy to remember come first.
        for key in sorted(free_keys(labels, taken), key=lambda key: key not in shown_name(label.name).upper()):
            keys.addAction(key, partial(self.key_wanted.emit, label, key))


def _with(text: str, label: str) -> str:
    return text.replace("{label}", shown_name(label).replace("&", "&&"))
