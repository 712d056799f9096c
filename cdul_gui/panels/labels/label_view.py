"""The view of the labels dock: its clicks are the panel's, and labels are dragged below others."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QStyleOptionViewItem, QTreeView, QWidget

from cdul_gui.look.tables import Index

_MIME = "application/x-cdul-label"


class LabelView(QTreeView):
    """A list or a tree with columns. `left`: the pointer left it; `stepped`: the keyboard chose a row; `dropped`: one
    was dragged onto another, or onto none, and whether it stays where it was as well (Ctrl)."""

    clicked_with_ctrl = Signal(QModelIndex)
    left = Signal()
    stepped = Signal(QModelIndex)
    dropped = Signal(QModelIndex, QModelIndex, bool)

    def __init__(self) -> None:
        super().__init__()
        self._double_clicked = self._on_arrow = False
        self._pressed_at = QPoint()
        self._dragged = self._onto = QPersistentModelIndex()
        self.setIndentation(14)
        self.setAcceptDrops(True)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent) and event.reason() == QContextMenuEvent.Reason.Keyboard:
            # Qt names a place in the view, headings included: that would be the row below.
            self.customContextMenuRequested.emit(self.visualRect(self.currentIndex()).center())
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (chosen := self.selectionModel().selectedRows()) and event.size().height() < event.oldSize().height():
            self.scrollTo(chosen[0])  # as where a dock comes below it

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():  # labels were listed anew: where the keyboard is is to be seen
            self.go_to(self.model().index(0, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The click itself decides what is selected, see LabelsPanel.
        self._double_clicked = False
        self._pressed_at = event.position().toPoint()
        index = self.indexAt(self._pressed_at)
        self._dragged = QPersistentModelIndex(index)
        self._on_arrow = self._is_arrow(index, self._pressed_at)
        self.pressed.emit(index)

    def _is_arrow(self, index: QModelIndex, place: QPoint) -> bool:
        """Whether that is where a line is opened and closed."""
        if not index.isValid() or index.column() or not self.model().hasChildren(index):
            return False
        left = self.visualRect(index).left()
        return left - self.indentation() <= place.x() < left

    def go_to(self, index: QModelIndex) -> None:
        """Put the keyboard's mark on a row, which is not chosen by that."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if event.buttons() == Qt.MouseButton.LeftButton and self._dragged.isValid() and far:
            self._drag()
            return
        super().mouseMoveEvent(event)

    def _drag(self) -> None:
        name = self._dragged.sibling(self._dragged.row(), 0)
        data = QMimeData()
        data.setData(_MIME, b"")
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(_named(self, str(name.data())))
        drag.exec(Qt.DropAction.MoveAction | Qt.DropAction.CopyAction, Qt.DropAction.MoveAction)
        self._dragged = QPersistentModelIndex()
        self._show_onto(QModelIndex())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.source() is self and event.mimeData().hasFormat(_MIME):
            self._show_onto(self.indexAt(event.position().toPoint()).siblingAtColumn(0))
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._show_onto(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        onto = self.indexAt(event.position().toPoint()).siblingAtColumn(0)
        keeps = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        event.acceptProposedAction()
        self.dropped.emit(self._dragged.sibling(self._dragged.row(), 0), onto, keeps)

    def _show_onto(self, index: QModelIndex) -> None:
        if index != self._onto:
            self._onto = QPersistentModelIndex(index)
            self.viewport().update()

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().drawRow(painter, option, index)
        if self._onto.isValid() and index.sibling(index.row(), 0) == self._onto:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), 4, 4)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._dragged = QPersistentModelIndex()
        if self._on_arrow:
            if event.button() == Qt.MouseButton.LeftButton:
                self.setExpanded(index, not self.isExpanded(index))
            return
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.clicked_with_ctrl.emit(index)
            elif not self._double_clicked:
                self.clicked.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Its release is no second click, which would take the first one back.
        if self._is_arrow(self.indexAt(event.position().toPoint()), event.position().toPoint()):
            self.mousePressEvent(event)
            return
        self._double_clicked = True
        self.doubleClicked.emit(self.indexAt(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        at_first = before.isValid() and not self.selectionModel().isSelected(before)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and at_first:
            self.stepped.emit(before)  # the first step is onto the row that the focus came to
            return
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self.stepped.emit(self.currentIndex())


def _named(widget: QWidget, name: str) -> QPixmap:
    """What hangs on the pointer while a label is dragged."""
    text = widget.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 200)
    size = widget.fontMetrics().size(0, text)
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(int((size.width() + 16) * ratio), int((size.height() + 8) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(widget.palette().color(QPalette.ColorRole.Highlight))
    painter = QPainter(pixmap)
    painter.setFont(widget.font())
    painter.setPen(widget.palette().color(QPalette.ColorRole.HighlightedText))
    painter.drawText(8, 4 + widget.fontMetrics().ascent(), text)
    painter.end()
    return pixmap
