"""The label set: what is confirmed and likely of each, and which label is looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from cdul_gui.look.controls import IconButton, LineToLeave, muted, push_button
from cdul_gui.look.pointing import Pointing
from cdul_gui.look.tables import as_table
from cdul_gui.look.tips import plain_tip
from cdul_gui.panels.labels.label_columns import LabelColumns
from cdul_gui.panels.labels.label_menu import LabelMenu
from cdul_gui.panels.labels.label_model import LabelModel
from cdul_gui.panels.labels.label_tree import LabelTree
from cdul_gui.panels.labels.label_view import LabelView
from cdul_gui.panels.labels.saved_filters import SavedFilters
from cdul_gui.session.arrangement import Arrangement
from cdul_gui.session.kept_filters import KeptFilters
from cdul_gui.session.kept_label_order import KeptLabelOrder, LabelOrder
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session
from cdul_gui.wording import shown_name
from engine.project.filters.quoting import quoted
from engine.project.labels import LabelRow


class LabelsPanel(QWidget):
    """A click looks at a label and asks for its photos, another click for all of them again; so does Enter. So does who
    steps onto it by a key.

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

    words_wanted = Signal()
    """Words should be offered that are in the photos."""
    key_wanted = Signal(object, str)
    """A label of the label set should have this key, or none of its own."""
    sweep_wanted = Signal(int)
    """Photos should be shown by the score of the label in this column, with its threshold."""
    undecided_wanted = Signal(int)
    """What is undecided of the label in this column of the snapshot is to be reviewed."""
    move_wanted = Signal(object, object, object)
    """A label should stand below another one (None: none) in place of what it stood below there (None: nothing)."""
    place_wanted = Signal(object)
    """What a label stands below should be chosen."""
    edit_wanted = Signal(int)
    """The label in this column is to be changed in the label set."""
    names_wanted = Signal(object)
    """What else a label is called should be written."""
    split_wanted = Signal(object)
    """Of a label two should be made, the second one for the selected photos."""

    def __init__(
        self,
        session: Session,
        use: LabelUse,
        arrangement: Arrangement,
        kept_filters: KeptFilters,
        order: KeptLabelOrder,
    ) -> None:
        super().__init__()
        self._session, self._use, self._arrangement, self._order = session, use, arrangement, order
        self.find_box = LineToLeave()
        self.find_box.setClearButtonEnabled(True)
        self.find_box.setPlaceholderText(self.tr("Find a label"))
        self.find_box.setAccessibleName(self.tr("Find a label"))
        self.model = LabelModel(session, use, self)
        self.tree = LabelTree(self.model, lambda: session.snapshot.parents if session.snapshot else None, self)
        self.view = LabelView()
        self.view.setModel(self.tree)
        as_table(self.view, self.tr("Labels"))
        self._scrolled: int | None = None
        """Where the list is to be again, while labels are read anew."""
        self._shown_new: frozenset[int] = frozenset()
        self._added_elsewhere: set[str] = set()
        """Names of labels that were added to a photo, by whom the list is not looked at."""
        self._opened: dict[int, bool] = {}
        """By label, whether a person opened or closed what stands below it."""
        self._columns = LabelColumns(self.view, self.model, session, use, self)
        self.order_button = self._order_button()
        self._to_order = False
        """Whether the labels are to be ordered once no hand is on them."""
        self.saved = SavedFilters(session, arrangement, kept_filters)
        self.words = push_button(self.tr("What is in these photos?"), self.words_wanted.emit)
        # A click leaves the keyboard where it is.
        self.words.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.words.setToolTip(plain_tip(self.tr("Everyday words that tell these photos apart, to make labels of")))
        self._empty = muted(wraps=True)
        self._empty.setText(
            self.tr("No labels yet. Press Label to look for everyday ones, or choose others beside it.")
        )

        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.find_box, 1)
        top.addWidget(self.order_button)
        layout.addLayout(top)
        layout.addWidget(self._empty, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.words)
        layout.addWidget(self.saved)

        order.changed.connect(self._put_in_order)
        session.job_changed.connect(self._order_after_work)
        session.snapshot_changed.connect(self._order_if_nobody_is_there)
        session.left_unchanged.connect(self._order_if_nobody_is_there)
        self.view.left.connect(self._order_if_nobody_is_there)
        self.find_box.textChanged.connect(self.tree.look_for)
        self.model.modelAboutToBeReset.connect(self._remember_place)
        self.tree.modelReset.connect(self._open_lines)
        session.opened.connect(self._begin)
        self.view.expanded.connect(partial(self._remember_opened, is_open=True))
        self.view.collapsed.connect(partial(self._remember_opened, is_open=False))
        self.view.dropped.connect(self._drop)
        self.find_box.returnPressed.connect(self._look_at_typed)
        self.find_box.left.connect(self.find_box.clear)
        self.find_box.went_down.connect(self._go_to_first)
        self.view.clicked.connect(self._clicked)
        self.view.activated.connect(self._clicked)
        self.view.doubleClicked.connect(self._show_alone)
        self.view.clicked_with_ctrl.connect(self._narrow)
        self.view.customContextMenuRequested.connect(self._show_menu)
        Pointing(self.view, lambda index: session.point_at_label(self._label_at(index)))
        self.view.stepped.connect(self._choose)
        session.label_changed.connect(self._show_label)
        session.snapshot_changed.connect(self._show_whether_empty)
        session.job_changed.connect(self._show_whether_empty)
        self._show_whether_empty()

    def _order_button(self) -> IconButton:
        button = IconButton("fa6s.arrow-down-short-wide", self.tr("Order of the labels"))
        button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for order, text in (
            (LabelOrder.IN_USE, self.tr("Labels on photos first")),
            (LabelOrder.LABEL_SET, self.tr("As in the label set")),
            (LabelOrder.PHOTOS, self.tr("Most photos first")),
            (LabelOrder.NAME, self.tr("By name")),
        ):
            action = menu.addAction(text, partial(self._order.choose, order))
            action.setCheckable(True)
            action.setData(order)
            group.addAction(action)
        menu.aboutToShow.connect(self._check_order)
        button.setMenu(menu)
        return button

    @Slot()
    def _check_order(self) -> None:
        for action in self.order_button.menu().actions():
            action.setChecked(action.data() == self._order.order)

    @Slot()
    def _put_in_order(self) -> None:
        self._to_order = False
        self.tree.order = self._order.order
        # A heading that was sorted by is so no longer.
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.tree.list_again()

    @Slot()
    def _order_after_work(self) -> None:
        # Counts change with each photo that is labelled; the order follows once all are.
        self._to_order |= self._session.job is None

    @Slot()
    def _order_if_nobody_is_there(self) -> None:
        by_heading = self.view.header().sortIndicatorSection() >= 0
        if self._to_order and self._session.job is None and not self.view.underMouse() and not by_heading:
            self._to_order = False
            self._remember_place()
            self.tree.list_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._columns.fit_soon()  # the list in it has its new width only then

    @Slot()
    def _show_whether_empty(self) -> None:
        snapshot = self._session.snapshot
        empty = snapshot is None or not snapshot.labels
        self._empty.setVisible(empty and snapshot is not None)
        self.view.setVisible(not empty)
        self.find_box.setVisible(not empty)
        self.order_button.setVisible(not empty)
        self.words.setVisible(snapshot is not None and self._session.writable)
        if self._session.job is not None and self.words.hasFocus():
            self.view.setFocus()  # what is disabled loses the keyboard to nobody
        self.words.setEnabled(self._session.job is None)

    def _label_at(self, index: QModelIndex) -> int | None:
        return self.tree.row_at(index)

    @Slot()
    def _look_at_typed(self) -> None:
        """The label of this name; where none has it, the keyboard is on the nearest, which Enter chooses."""
        snapshot, typed = self._session.snapshot, self.find_box.text().strip().casefold()
        if snapshot is None or not typed:
            return
        indices = [self.tree.index(row, 0) for row in range(self.tree.rowCount())]
        for index in indices:
            column = self._label_at(index)
            label = snapshot.labels[column] if column is not None else None
            if label is not None and typed in _names(label):
                self._choose(index)
                self.found.emit()
                return
        if not indices:
            told = self.tr("No label has “{text}” in its name. Words in the filter line are looked for in the photos.")
            self._session.said.emit(told.replace("{text}", self.find_box.text().strip()))
            return
        self._go_to_first()
        told = self.tr("No label is called “{text}”. Enter chooses {label}, the arrows lead to the others.")
        told = told.replace("{text}", self.find_box.text().strip())
        self._session.said.emit(told.replace("{label}", str(indices[0].data())))

    @Slot()
    def _go_to_first(self) -> None:
        self.view.go_to(self.tree.index(0, 0))
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if self._label_at(index) in (None, self._session.label):
            self._session.look_at_label(None)
            self.all_wanted.emit()
        else:
            self._choose(index)

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        # It is chosen where it was clicked, whatever else it is listed under.
        self.view.go_to(index.siblingAtColumn(0))
        column = self._label_at(index)
        self._session.look_at_label(column)
        self._session.point_at_label(None)  # wherever the pointer rests meanwhile
        self.photos_wanted.emit(column)

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
        index, snapshot = self.view.indexAt(place), self._session.snapshot
        column = self._label_at(index)
        if column is None or snapshot is None:
            return
        menu = LabelMenu(self)
        menu.filter_wanted.connect(self._arrangement.filter_by)
        menu.offer_photos(snapshot, column)
        if self._session.writable:
            menu.undecided_wanted.connect(self.undecided_wanted)
            menu.sweep_wanted.connect(self.sweep_wanted)
            menu.key_wanted.connect(self.key_wanted)
            menu.move_wanted.connect(self.move_wanted)
            menu.place_wanted.connect(self.place_wanted)
            menu.edit_wanted.connect(self.edit_wanted)
            menu.names_wanted.connect(self.names_wanted)
            menu.split_wanted.connect(self.split_wanted)
            menu.offer_changes(snapshot, column, self.tree.above(index), self._use.taken_keys)
        menu.popup(self.view.viewport().mapToGlobal(place))

    @Slot()
    def _show_label(self) -> None:
        column = self._session.label
        selection = self.view.selectionModel()
        if column is None:
            # The keyboard stays on its row.
            selection.clearSelection()
            return
        # Under whichever of the labels that it stands below it was chosen.
        indices = self.tree.indices_of(column)
        current = self.view.currentIndex().siblingAtColumn(0)
        index = current if current in indices else next(iter(indices), QModelIndex())
        if index != self.view.currentIndex() or not selection.isSelected(index):
            self.view.setCurrentIndex(index)

    @Slot()
    def _open_lines(self) -> None:
        """Show the tree open as it was, and at first open where it is small."""
        snapshot = self._session.snapshot
        self.view.setRootIsDecorated(self.tree.is_tree)
        self.view.blockSignals(True)
        for index in self.tree.lines() if snapshot is not None else ():
            row = self.tree.row_at(index)
            if row is not None and snapshot is not None and row < len(snapshot.labels):
                self.view.setExpanded(index, self._opened.get(snapshot.labels[row].id, self.tree.opens))
        self.view.blockSignals(False)
        self._show_label()
        if self._scrolled is not None:
            self.view.verticalScrollBar().setValue(self._scrolled)
            self._scrolled = None
            self._show_new()

    @Slot()
    def _begin(self) -> None:
        self.tree.order = self._order.order
        self._to_order = False
        self._shown_new = frozenset()
        self._added_elsewhere = set()
        self.view.scrollToTop()

    def stay_for(self, name: str) -> None:
        """A label was added to a photo: the list stays where it is when it joins."""
        self._added_elsewhere.add(name)

    @Slot()
    def _remember_place(self) -> None:
        self._scrolled = self.view.verticalScrollBar().value()

    def _show_new(self) -> None:
        """Scroll to the first of the labels that have just joined the label set, unless they were added to a photo."""
        joined, self._shown_new = self.model.new - self._shown_new, self.model.new
        added = self._added_elsewhere
        rows = [row for row, label in self.model.things if label.id in joined and label.name not in added]
        indices = [index for row in rows[:1] for index in self.tree.indices_of(row)[:1]]
        for index in indices:
            self.view.scrollTo(index)

    def _remember_opened(self, index: QModelIndex, *, is_open: bool) -> None:
        column, snapshot = self._label_at(index), self._session.snapshot
        if column is not None and snapshot is not None:
            self._opened[snapshot.labels[column].id] = is_open

    @Slot(QModelIndex, QModelIndex, bool)
    def _drop(self, dragged: QModelIndex, onto: QModelIndex, keeps: bool) -> None:
        """A label was dragged onto another one, or where none is: out of what it is listed under."""
        snapshot = self._session.snapshot
        column, parent, before = self._label_at(dragged), self._label_at(onto), self.tree.above(dragged)
        if snapshot is None or column is None or not self._session.writable or parent in (column, before):
            return
        labels = snapshot.labels
        was = None if before is None or keeps else labels[before]
        if parent is not None or was is not None:
            self.move_wanted.emit(labels[column], was, None if parent is None else labels[parent])


def _names(label: LabelRow) -> set[str]:
    return {name.casefold() for name in (label.name, shown_name(label.name), *(one.name for one in label.other_names))}
