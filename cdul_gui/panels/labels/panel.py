"""The label set: what is confirmed and likely of each, and which label is looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeView, QVBoxLayout, QWidget

from cdul_gui.look.controls import LineToLeave, muted
from cdul_gui.look.tables import SORT_ROLE, as_table
from cdul_gui.panels.labels.label_model import LabelColumn, LabelModel
from cdul_gui.panels.labels.saved_filters import SavedFilters
from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.kept_filters import KeptFilters
from cdul_gui.session.label_keys import free_keys
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session
from cdul_gui.wording import shown_name
from engine.project.filters.quoting import quoted
from engine.project.labels import LabelRow

_AROUND_TEXT = 10
"""Pixels on both sides of what stands in a column."""


class LabelsPanel(QWidget):
    """A click looks at a label and asks for its photos, another click for all of them again; so does Enter.

    The pointer shows its heatmap for as long. A double click shows the label's photos alone; with Ctrl a click narrows
    what is filtered to those with it. The context menu filters by what is confirmed, likely or rejected, leads to what
    is undecided, and gives the label a key.
    """

    photos_wanted = Signal(int)
    """The photos should be shown by the score of the label in this column of the snapshot."""
    photos_alone_wanted = Signal(int)
    """Only those with this label should be shown."""
    all_wanted = Signal()
    """What was shown before a label's photos should be shown again."""
    found = Signal()
    """The label that was typed is looked at: the keyboard should go back to the photos."""

    key_wanted = Signal(object, str)
    """A label of the label set should have this key, or none of its own."""
    undecided_wanted = Signal(int)
    """What is undecided of the label in this column of the snapshot is to be reviewed."""

    def __init__(
        self,
        session: Session,
        use: LabelUse,
        arrangement: Arrangement,
        kept_filters: KeptFilters,
    ) -> None:
        super().__init__()
        self._session, self._use, self._arrangement = session, use, arrangement
        self.find_box = LineToLeave()
        self.find_box.setClearButtonEnabled(True)
        self.find_box.setPlaceholderText(self.tr("Find a label"))
        self.find_box.setAccessibleName(self.tr("Find a label"))
        self.model = LabelModel(session, use, self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view = _LabelView()
        self.view.setModel(self._sorted)
        as_table(self.view, self.tr("Labels"))
        self._set_columns()
        self.saved = SavedFilters(session, arrangement, kept_filters)
        self._empty = muted(wraps=True)
        self._empty.setText(
            self.tr("No labels yet. Press Label to look for everyday ones, or choose others beside it.")
        )

        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.find_box)
        layout.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.saved)

        self.find_box.textChanged.connect(self._sorted.setFilterFixedString)
        self.find_box.returnPressed.connect(self._look_at_typed)
        self.find_box.left.connect(self.find_box.clear)
        self.view.clicked.connect(self._clicked)
        self.view.activated.connect(self._clicked)
        self.view.doubleClicked.connect(self._show_alone)
        self.view.clicked_with_ctrl.connect(self._narrow)
        self.view.customContextMenuRequested.connect(self._show_menu)
        self.view.entered.connect(self._point)
        self.view.left.connect(lambda: session.point_at_label(None))
        self.view.stepped.connect(self._look)
        session.label_changed.connect(self._show_label)
        session.snapshot_changed.connect(self._fit_columns)
        use.keys_changed.connect(self._fit_columns)
        session.snapshot_changed.connect(self._show_whether_empty)
        self._fit_columns()
        self._show_whether_empty()

    def _set_columns(self) -> None:
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(LabelColumn.NAME, QHeaderView.ResizeMode.Stretch)
        for column in (LabelColumn.CONFIRMED, LabelColumn.LIKELY, LabelColumn.KEY):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
        self.view.setSortingEnabled(True)
        header.setSortIndicatorClearable(True)
        # The order of the label set, until somebody asks for another.
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    @Slot()
    def _fit_columns(self) -> None:
        """Leave the names what headings and counts do not need, whatever is counted next."""
        snapshot, header = self._session.snapshot, self.view.header()
        most = len(snapshot) if snapshot is not None else 0
        for column, widest in (
            (LabelColumn.CONFIRMED, f"{most:,}"),
            (LabelColumn.LIKELY, f"+{most:,}"),
            (LabelColumn.KEY, "W"),
        ):
            heading = self.model.headerData(column, Qt.Orientation.Horizontal)
            text = max(self.fontMetrics().horizontalAdvance(one) for one in (widest, heading))
            header.resizeSection(column, text + _AROUND_TEXT)
        self.view.setColumnHidden(LabelColumn.KEY, not self._use.keys)

    @Slot()
    def _show_whether_empty(self) -> None:
        snapshot = self._session.snapshot
        empty = snapshot is None or not snapshot.labels
        self._empty.setVisible(empty and snapshot is not None)
        self.view.setVisible(not empty)
        self.find_box.setVisible(not empty)

    def _label_at(self, index: QModelIndex) -> int | None:
        return self._sorted.mapToSource(index).row() if index.isValid() else None

    @Slot()
    def _look_at_typed(self) -> None:
        """The label of this name; where none has it, the keyboard is on the nearest, which Enter chooses."""
        snapshot, typed = self._session.snapshot, self.find_box.text().strip().casefold()
        if snapshot is None or not typed:
            return
        indices = [self._sorted.index(row, 0) for row in range(self._sorted.rowCount())]
        for index in indices:
            column = self._label_at(index)
            name = snapshot.labels[column].name if column is not None else ""
            if typed in (name.casefold(), shown_name(name).casefold()):
                self._look(index)
                self.found.emit()
                return
        if not indices:
            told = self.tr("No label has “{text}” in its name. Words in the filter line are looked for in the photos.")
            self._session.said.emit(told.replace("{text}", self.find_box.text().strip()))
            return
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.selectionModel().setCurrentIndex(indices[0], QItemSelectionModel.SelectionFlag.NoUpdate)
        told = self.tr("No label is called “{text}”. Enter chooses {label}, the arrows lead to the others.")
        told = told.replace("{text}", self.find_box.text().strip())
        self._session.said.emit(told.replace("{label}", str(indices[0].data())))

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        column = self._label_at(index)
        if column is None or column == self._session.label:
            self._session.look_at_label(None)
            self.all_wanted.emit()
        else:
            self._session.look_at_label(column)
            self.photos_wanted.emit(column)

    @Slot(QModelIndex)
    def _look(self, index: QModelIndex) -> None:
        if index.isValid():
            self._session.look_at_label(self._label_at(index))

    @Slot(QModelIndex)
    def _show_alone(self, index: QModelIndex) -> None:
        column = self._label_at(index)
        if column is not None:
            self.photos_alone_wanted.emit(column)

    @Slot(QModelIndex)
    def _narrow(self, index: QModelIndex) -> None:
        column, snapshot = self._label_at(index), self._session.snapshot
        if column is not None and snapshot is not None:
            self._arrangement.narrow_by(f"label:{quoted(snapshot.labels[column].name)}")

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        column, snapshot = self._label_at(self.view.indexAt(place)), self._session.snapshot
        if column is None or snapshot is None:
            return
        name = snapshot.labels[column].name
        shown = shown_name(name).replace("&", "&&")
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, condition in (
            (self.tr("Photos with {label}"), "label:"),
            (self.tr("Photos without {label}"), "-label:"),
            (self.tr("Photos where {label} is likely"), "likely:"),
            (self.tr("Photos where {label} may be"), "maybe:"),
            (self.tr("Photos with {label} confirmed"), "confirmed:"),
            (self.tr("Photos with {label} rejected"), "rejected:"),
        ):
            menu.addAction(
                text.replace("{label}", shown),
                partial(self._arrangement.filter_by, condition + quoted(name)),
            )
        if self._session.writable:
            menu.addSeparator()
            undecided = menu.addAction(
                self.tr("Review what is undecided of {label}").replace("{label}", shown),
                partial(self.undecided_wanted.emit, column),
            )
            undecided.setEnabled(bool(snapshot.unsure([column]).any()))
            self._offer_keys(menu.addMenu(self.tr("Key")), snapshot.labels, column)
        menu.popup(self.view.viewport().mapToGlobal(place))

    def _offer_keys(self, menu: QMenu, labels: list[LabelRow], column: int) -> None:
        label = labels[column]
        if label.key:
            menu.addAction(self.tr("None of its own"), partial(self.key_wanted.emit, label, ""))
        free = free_keys(labels, self._use.taken_keys)
        # Those that are easy to remember come first.
        for key in sorted(free, key=lambda key: key not in shown_name(label.name).upper()):
            menu.addAction(key, partial(self.key_wanted.emit, label, key))

    @Slot(QModelIndex)
    def _point(self, index: QModelIndex) -> None:
        self._session.point_at_label(self._label_at(index))

    @Slot()
    def _show_label(self) -> None:
        column = self._session.label
        selection = self.view.selectionModel()
        if column is None:
            # The keyboard stays on its row.
            selection.clearSelection()
            return
        index = self._sorted.mapFromSource(self.model.index(column, 0))
        if index != self.view.currentIndex() or not selection.isSelected(index):
            self.view.setCurrentIndex(index)


class _LabelView(QTreeView):
    """A flat list with columns. `left`: the pointer left it; `stepped`: the keyboard chose a row."""

    clicked_with_ctrl = Signal(QModelIndex)
    left = Signal()
    stepped = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self._double_clicked = False
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The click itself decides what is selected, see LabelsPanel.
        self._double_clicked = False
        self.pressed.emit(self.indexAt(event.position().toPoint()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.clicked_with_ctrl.emit(index)
            elif not self._double_clicked:
                self.clicked.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Its release is no second click, which would take the first one back.
        self._double_clicked = True
        self.doubleClicked.emit(self.indexAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not self.selectionModel().hasSelection():
            self.stepped.emit(before)  # the first step is onto the row that the focus came to
            return
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.stepped.emit(self.currentIndex())
