"""What appears by itself moves neither a photo nor a button that somebody is about to click."""

from __future__ import annotations

from acting import click_chip, click_photo, command, settle
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from cdul_gui.session.offers import Choice, Offer
from cdul_gui.window.main_window import MainWindow


def on_the_screen(window: MainWindow, place: int) -> QPoint:
    """Where a photo of the gallery is."""
    gallery = window.desk.pages.gallery
    return gallery.viewport().mapToGlobal(gallery.tile_rect(place).center())


def test_a_message_that_appears_leaves_the_photos_where_they_are(window: MainWindow) -> None:
    click_photo(window, "city.png")
    before = [on_the_screen(window, place) for place in range(8)]
    for tell in (
        lambda: window.session.offered.emit(Offer("A sentence. " * 30, (Choice("Do it", print),))),
        lambda: window.session.undoable.emit("Done.", print),
        lambda: window.session.noticed.emit("A note."),
    ):
        tell()
        settle(window)
        QApplication.sendPostedEvents()
        assert window.messages.isVisible()
        assert [on_the_screen(window, place) for place in range(8)] == before
    window.messages.close_button.click()
    settle(window)
    assert [on_the_screen(window, place) for place in range(8)] == before


def test_a_click_lands_on_the_photo_it_was_meant_for(window: MainWindow) -> None:
    gallery = window.desk.pages.gallery
    aimed = gallery.viewport().mapTo(window, gallery.tile_rect(2).center())
    window.session.undoable.emit("Done. " * 40, print)
    QApplication.sendPostedEvents()
    under = window.childAt(aimed)
    assert under is gallery.viewport()
    QTest.mouseClick(under, Qt.MouseButton.LeftButton, pos=gallery.viewport().mapFrom(window, aimed))
    assert window.session.current == 2


def test_the_tools_stay_in_their_places_after_the_first_answer(window: MainWindow) -> None:
    def places() -> dict[str, QPoint]:
        buttons = {name: window.toolbar.widgetForAction(command(window, name)) for name in TOOLS}
        return {name: button.pos() for name, button in buttons.items() if isinstance(button, QToolButton)}

    before = places()
    assert len(before) == len(TOOLS)
    click_photo(window, "city.png")
    click_chip(window, "cat")
    QApplication.sendPostedEvents()
    refine = window.toolbar.widgetForAction(command(window, "refine"))
    assert isinstance(refine, QToolButton)
    assert refine.text() == "Learn from my corrections"
    assert places() == before


TOOLS = ("open", "add-label", "export", "undo", "redo", "refine")
