"""Where a person types next, whichever of the program's windows is in front."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget


def give_keyboard(widget: QWidget, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
    """Have a widget take what is typed, also where a dock that floats had the keyboard, or the widget's is closed.

    Other programs keep it, and so does a dialog.
    """
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QDockWidget) and not above.isVisible():
            above.show()
            above.raise_()  # from behind another one
        above = above.parentWidget()
    active = QApplication.activeWindow()
    if active is not None and active is not widget.window() and QApplication.activeModalWidget() is None:
        if (popup := QApplication.activePopupWidget()) is not None:
            popup.close()  # the list below a line would go on taking what is typed
        widget.window().activateWindow()
    widget.setFocus(reason)
