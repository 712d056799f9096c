"""The sheet of the keys is scrolled one way alone, however small the screen and however long the texts."""

from acting import command, open_dialog, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from cdul_gui.window.main_window import MainWindow


def test_no_key_is_beside_what_can_be_seen(window: MainWindow) -> None:
    # As wide as other languages need.
    action = command(window, "accept")
    action.setText("Everything that is suggested is accepted, and the next photo of the collection is shown")
    command(window, "queue-undecided-of-label").setText(action.text())
    press(window, Qt.Key.Key_F1)
    dialog = open_dialog(window)
    QApplication.sendPostedEvents()
    area = dialog.findChild(QScrollArea)
    assert area is not None
    assert area.horizontalScrollBar().maximum() == 0
    assert dialog.width() <= dialog.screen().availableSize().width()
    dialog.close()
