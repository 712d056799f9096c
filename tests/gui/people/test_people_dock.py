"""Two people at one window: who reviews, how far they agree, which answer is in force, and who has which photos."""

from pathlib import Path

from acting import click_photo, press, settle, states_kept, wait_until
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

from cdul_gui.window.main_window import MainWindow
from engine import person
from engine.project.history.settlement import MAJORITY, Settlement


def be(window: MainWindow, name: str) -> None:
    window.desk.people.be(name)
    wait_until(lambda: person.current_user() == name)
    settle(window)


def answer_as_two(window: MainWindow) -> None:
    """Ada accepts the photo of the beach, with boat and tree; Ben rejects its labels."""
    be(window, "Ada")
    click_photo(window, "beach.jpg")
    press(window, Qt.Key.Key_Space)
    settle(window)
    be(window, "Ben")
    window.desk.session.look_at_label(None)
    columns = [label.name for label in window.session.snapshot.labels]
    click_photo(window, "beach.jpg")
    window.desk.review.toggle_rejected(columns.index("boat"))
    settle(window)


def test_who_reviews_is_said_and_asked(window: MainWindow) -> None:
    assert not window.reviewer.isVisible()  # one person alone
    window.desk.ask_people.who_reviews()
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    dialog.setTextValue("Ada")
    dialog.accept()
    wait_until(lambda: window.reviewer.isVisible())
    assert window.reviewer.text() == "Reviewing as Ada"
    assert person.current_user() == "Ada"


def test_agreement_and_the_photos_they_disagree_on(window: MainWindow, scored_photos: Path) -> None:
    answer_as_two(window)
    window.desk.show_people()
    panel = window.desk.people_panel
    wait_until(lambda: panel.table.labels.things)
    rows = {row.label: (row.agreed.answered, row.agreed.differ) for row in panel.table.labels.things}
    assert rows["boat"] == (1, 1)
    assert "Ada: 1 photo" in panel.summary.text()
    window.desk.queues.start("disagreed")
    wait_until(lambda: window.desk.queues.name == "disagreed")
    assert [window.session.snapshot.paths[row] for row in window.session.shown] == ["beach.jpg"]

    def tip_of_boat() -> str:
        return next(chip.toolTip() for chip in window.desk.inspector.chips.chips() if chip.text() == "boat")

    wait_until(lambda: "Ada says yes" in tip_of_boat())
    panel.show_photos.click()
    wait_until(lambda: window.desk.finding.choice is not None)
    assert [window.session.snapshot.paths[row] for row in window.session.shown] == ["beach.jpg"]


def test_who_reviews_alone_is_told_in_full_why_there_is_nothing_to_compare(window: MainWindow) -> None:
    window.resize(1024, 700)
    window.desk.show_people()
    panel = window.desk.people_panel
    wait_until(lambda: panel.empty.text() != "")
    assert panel.empty.isVisible()
    assert panel.empty.height() >= panel.empty.heightForWidth(panel.empty.width())
    assert not panel.table.isVisible()


def test_the_majority_decides_and_undo_is_ones_own(window: MainWindow, scored_photos: Path) -> None:
    answer_as_two(window)
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "rejected"  # the newest
    window.desk.people.set_settlement(Settlement(MAJORITY))
    settle(window)
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "likely"  # one against one is open
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)  # the rule was Ben's edit
    settle(window)
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "confirmed"
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(window)
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "confirmed"  # which is Ada's


def test_photos_are_taken_and_reviewed_blind(window: MainWindow) -> None:
    answer_as_two(window)
    be(window, "Cyd")
    window.desk.people.take(3, 0.0)
    wait_until(lambda: window.desk.queues.name == "taken")
    assert len(window.session.shown) == 3
    window.desk.show_people()
    panel = window.desk.people_panel
    wait_until(lambda: panel.in_hand.text() == "Cyd: 0 of 3 done")
    panel.give_back.click()
    wait_until(lambda: panel.in_hand.text() == "")
