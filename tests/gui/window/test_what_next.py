"""After long work one bar says what was done, what is doubtful, and offers the one thing to do next."""

from functools import partial
from pathlib import Path
from threading import Event

import pytest
from acting import LABELS, command, current_path, press, settle, wait_until
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from cdul_gui.session.offers import Choice, Done, Offer
from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.stages.review.left_to_do import left_to_do

LEFT = Qt.MouseButton.LeftButton


def told(window: MainWindow, sentence: str = "") -> tuple[str, list[str]]:
    """What the bar says after work that did this, and its buttons."""
    window.session.done.emit(Done(sentence))
    window.session.refresh()
    settle(window)
    assert window.messages.isVisible()
    return window.messages.text.text(), [one.text() for one in window.messages.choices]


def answer_all(window: MainWindow) -> None:
    for _ in range(8):
        press(window, Qt.Key.Key_Space)


def test_after_labelling_one_press_reviews_what_is_doubtful(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    Settings().labelling = LabellingChoice("coco", str(tiny_clip), (2,))
    window = empty_window
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    QTest.mouseClick(window.label_button, LEFT)
    settle(window)
    with Project.open(photo_folder, read_only=True) as project:
        left = left_to_do(project, take_snapshot(project))
    assert left.doubtful  # a network of random weights is never sure
    assert f"{left.suggestions:,} suggestion" in window.messages.text.text()
    assert "something is doubtful" in window.messages.text.text()
    (review,) = window.messages.choices
    assert review.text() == "Review what is doubtful"
    QTest.mouseClick(review, LEFT)
    settle(window)
    assert (window.desk.queues.name, window.desk.queues.total) == ("undecided", left.doubtful)
    assert not window.messages.isVisible()
    assert window.desk.pages.gallery.hasFocus()


def test_of_many_doubtful_photos_a_stretch_with_an_end_is_reviewed(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdul_gui.desk.what_next.AT_ONCE", 2)
    window.desk.queues.start("new", most=2)
    settle(window)
    assert window.desk.queues.total == 2
    assert window.desk.queue_bar.title.text() == "Doubtful"  # not the name of another queue of the menu
    press(window, Qt.Key.Key_Space)
    window.session.refresh()  # what was answered asks for no more photos than that
    settle(window)
    assert window.desk.queues.total == 2


def test_where_nearly_all_is_doubtful_the_bar_says_with_which_photos_to_begin(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdul_gui.desk.what_next.AT_ONCE", 2)
    sentence, buttons = told(window, "Made up.")
    assert sentence == "Made up. 11 suggestions on 7 photos without an answer. Next: the 2 most doubtful photos."
    assert buttons == ["Review the 2 most doubtful"]


def test_where_nothing_is_doubtful_the_label_with_most_suggestions_is_swept(window: MainWindow) -> None:
    press(window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(window, Qt.Key.Key_M)  # what is reviewed asks nothing more by itself
    QTest.mouseClick(window.messages.close_button, LEFT)  # it told what that means
    sentence, buttons = told(window, "Made up.")
    assert sentence == "Made up. 11 suggestions on 7 photos, none of them doubtful."
    assert buttons == ["Sweep cat"]
    QTest.mouseClick(window.messages.choices[0], LEFT)
    settle(window)
    assert window.session.label == LABELS.index("cat")
    assert window.desk.pages.gallery.threshold_line is not None


def test_who_sweeps_needs_the_room_of_what_is_next(window: MainWindow) -> None:
    told(window, "Made up.")
    window.session.look_at_label(LABELS.index("cat"))
    command(window, "sweep").trigger()
    settle(window)
    assert not window.messages.isVisible()


def test_buttons_come_back_after_a_message_that_has_none(window: MainWindow) -> None:
    told(window, "Made up.")
    window.session.noticed.emit("Made up, with nothing to press.")
    settle(window)
    assert not window.messages.controls.isVisible()
    told(window, "Made up.")
    assert all(choice.isVisible() for choice in window.messages.choices)
    undone: list[str] = []
    window.session.noticed.emit("Made up, with nothing to press.")
    window.session.undoable.emit("Made up.", partial(undone.append, "taken back"))
    settle(window)
    assert window.messages.undo.isVisible()
    QTest.mouseClick(window.messages.undo, LEFT)
    assert undone == ["taken back"]


def test_a_bar_that_offers_to_undo_goes_when_just_that_is_undone_by_the_key(window: MainWindow) -> None:
    ctrl = Qt.KeyboardModifier.ControlModifier
    editing = window.desk.label_set
    editing.set_parents(editing.labels[:1], editing.labels[1:2])
    settle(window)
    assert window.messages.undo.isVisible()
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Z, ctrl)
    assert window.messages.isVisible()  # another edit was undone
    press(window, Qt.Key.Key_Z, ctrl)
    assert not window.messages.isVisible()


def test_what_ended_is_said_beside_what_can_still_be_undone(window: MainWindow) -> None:
    undone: list[str] = []
    window.session.undoable.emit("Cat put below animal.", partial(undone.append, "taken back"))
    told(window, "Trained on 8 photos.")
    assert [line.split(".")[0] for line in window.messages.text.text().splitlines()] == [
        "Cat put below animal",
        "Trained on 8 photos",
    ]
    QTest.mouseClick(window.messages.undo, LEFT)
    assert undone == ["taken back"]
    assert window.messages.text.text().startswith("Trained on 8 photos.")
    assert not window.messages.undo.isVisible()
    assert all(choice.isVisible() for choice in window.messages.choices)


def test_that_a_label_is_new_is_said_beside_what_ended_meanwhile_and_after_what_went_wrong(window: MainWindow) -> None:
    window.desk.review.join_and_confirm("garden party")
    settle(window)
    look = "Look for it on all photos"
    sentence, buttons = told(window, "8 photos labelled.")
    assert sentence.startswith("8 photos labelled.")
    assert sentence.splitlines()[-1].startswith("garden party is a new label")
    assert buttons == ["Review what is doubtful", look]
    for _ in range(2):
        window.session.noticed.emit("A photo could not be read.")
        assert window.messages.choices == []
        window.session.refresh()
        settle(window)
        assert window.messages.text.text() == "A photo could not be read."
        QTest.mouseClick(window.messages.close_button, LEFT)
        assert window.messages.text.text().startswith("garden party is a new label")
        assert [one.text() for one in window.messages.choices] == [look]
    window.session.noticed.emit("A photo could not be read.")
    command(window, "undo").trigger()  # there is no such label any more
    settle(window)
    QTest.mouseClick(window.messages.close_button, LEFT)
    assert not window.messages.isVisible()


def test_what_is_next_is_no_longer_said_while_other_work_runs(window: MainWindow, tiny_clip: Path) -> None:
    told(window, "102 suggestions of before.")
    window.desk.labelling.label_with(str(tiny_clip))
    wait_until(lambda: window.session.job is not None)
    assert not window.messages.isVisible()
    settle(window)


def test_where_all_is_answered_the_next_thing_is_to_export(window: MainWindow) -> None:
    answer_all(window)
    sentence, buttons = told(window)
    assert sentence == "No suggestion waits for an answer."
    assert buttons == ["Export…"]


def test_that_all_is_reviewed_is_no_longer_said_once_that_is_taken_back(window: MainWindow) -> None:
    answer_all(window)
    wait_until(lambda: window.messages.text.text().startswith("8 photos reviewed: that is all of them."))
    command(window, "undo").trigger()
    settle(window)
    assert not window.messages.isVisible()


@pytest.mark.parametrize("key", [None, Qt.Key.Key_Space], ids=["click", "Space"])
def test_undo_in_the_bar_leaves_the_keyboard_with_the_photos(window: MainWindow, key: Qt.Key | None) -> None:
    gallery = window.desk.pages.gallery
    gallery.setFocus()
    window.session.undoable.emit("Made up.", lambda: None)
    if key is None:
        QTest.mouseClick(window.messages.undo, LEFT)
    else:
        window.messages.undo.setFocus()
        press(window, key)
    settle(window)
    assert not window.messages.isVisible()
    assert gallery.hasFocus()


def test_the_end_of_a_queue_is_said_with_what_comes_then(window: MainWindow) -> None:
    window.desk.queues.start("new", most=2)
    settle(window)
    press(window, Qt.Key.Key_Space)
    assert not window.messages.isVisible()
    press(window, Qt.Key.Key_Space)
    assert window.messages.text.text().startswith("The queue is done: 2 photos reviewed, ")
    assert [one.text() for one in window.messages.choices] == ["Review what is doubtful"]
    # Taken back and done again it is said again.
    command(window, "undo").trigger()
    settle(window)
    window.messages.close_button.click()
    press(window, Qt.Key.Key_Space)
    assert window.messages.isVisible()


def test_what_is_left_is_counted_anew_after_answers(window: MainWindow) -> None:
    sentence, _buttons = told(window, "Made up.")
    assert sentence == "Made up. 11 suggestions on 7 photos without an answer; on 7 photos something is doubtful."
    press(window, Qt.Key.Key_Space)
    wait_until(lambda: window.messages.text.text().startswith("Made up. 9 suggestions on "))
    window.messages.close_button.click()
    press(window, Qt.Key.Key_Space)
    window.desk.what_next._soon.timeout.emit()
    settle(window)
    assert not window.messages.isVisible()  # what was read stays away


def test_what_to_do_next_is_no_longer_said_to_who_reviews(window: MainWindow) -> None:
    told(window, "Made up.")
    window.session.offered.emit(Offer("There is better.", (Choice("Get it", print),), waits=True))
    window.desk.queues.start("new")
    settle(window)
    assert window.messages.text.text() == "There is better."
    assert [one.text() for one in window.messages.choices] == ["Get it"]


def test_the_bar_covers_not_the_photo_that_is_looked_at(window: MainWindow) -> None:
    gallery = window.desk.pages.gallery
    window.resize(1000, 700)
    settle(window)
    gallery.setFocus()
    last = gallery.visible_places()[-1]
    window.session.go_to(int(window.session.shown[last]))
    gallery.scrollTo(gallery.currentIndex())
    told(window, "Made up.")
    QTest.qWait(50)
    assert gallery.viewport().rect().contains(gallery.tile_rect(last))


def test_what_else_could_be_had_is_offered_beside_what_to_do_next(window: MainWindow) -> None:
    session, messages, done = window.session, window.messages, []

    def offer(sentence: str, *texts: str, waits: bool = True) -> None:
        choices = tuple(Choice(text, partial(done.append, text)) for text in texts)
        session.offered.emit(Offer(sentence, choices, waits=waits))

    def shown() -> tuple[str, list[str]]:
        return messages.text.text(), [one.text() for one in messages.choices]

    offer("20 suggestions.", "Review", waits=False)
    offer("There is better.", "Get it", "Not now")
    assert shown() == ("20 suggestions.\nThere is better.", ["Review", "Get it", "Not now"])
    QTest.mouseClick(messages.choices[0], LEFT)
    assert (done, shown()) == (["Review"], ("There is better.", ["Get it", "Not now"]))
    QTest.mouseClick(messages.choices[1], LEFT)
    assert done == ["Review", "Not now"]
    assert not messages.isVisible()
    # What is no offer is read by itself first.
    session.noticed.emit("A photo could not be read.")
    offer("First.")
    offer("Second.")
    assert messages.text.text() == "A photo could not be read."
    QTest.mouseClick(messages.close_button, LEFT)
    assert messages.text.text() == "First.\nSecond."
    QTest.mouseClick(messages.close_button, LEFT)
    assert not messages.isVisible()


def test_the_photo_that_is_looked_at_stays_until_the_button_is_pressed(window: MainWindow) -> None:
    press(window, Qt.Key.Key_N)
    before = current_path(window)
    told(window)
    assert current_path(window) == before
    wait_until(lambda: window.desk.pages.gallery.hasFocus())


def test_of_several_things_to_do_one_stands_out(window: MainWindow) -> None:
    window.session.offered.emit(Offer("Made up.", tuple(Choice(text, print) for text in ("One", "Two", "Three"))))
    assert [one.objectName() for one in window.messages.choices] == ["primary", "", ""]


def test_who_has_reviewed_the_last_photo_is_told_so_and_what_to_do_next(window: MainWindow) -> None:
    for _photo in range(7):
        press(window, Qt.Key.Key_Space)
    assert not window.messages.isVisible()
    press(window, Qt.Key.Key_Space)
    settle(window)
    assert window.messages.text.text().startswith("8 photos reviewed: that is all of them.")
    assert "Export…" in [one.text() for one in window.messages.choices]


def test_the_last_photo_of_a_queue_may_be_the_last_of_all(window: MainWindow) -> None:
    for _photo in range(6):
        press(window, Qt.Key.Key_Space)
    window.desk.queues.start("new")
    settle(window)
    press(window, Qt.Key.Key_Space)
    press(window, Qt.Key.Key_Space)
    settle(window)
    said = window.messages.text.text()
    assert said.startswith("The queue is done: 2 photos reviewed, ")
    assert "8 photos reviewed: that is all of them." in said
    assert "Export…" in [one.text() for one in window.messages.choices]
    # Space goes on, to what there is to do then.
    press(window, Qt.Key.Key_Space)
    settle(window)
    assert window.messages.text.text().startswith("8 photos reviewed: that is all of them.")
    assert "Export…" in [one.text() for one in window.messages.choices]


def test_the_end_of_a_queue_is_said_while_long_work_goes_on(window: MainWindow) -> None:
    goes_on = Event()
    window.session.run_job("Made up", lambda _progress, _cancellation: goes_on.wait(30), lambda _result: None)
    try:
        window.desk.queues.start("new", most=1)
        wait_until(lambda: window.desk.queues.name is not None)
        QTest.keyClick(window.desk.pages.gallery, Qt.Key.Key_Space)
        wait_until(window.messages.isVisible, seconds=10)
        assert window.session.job is not None
        assert window.messages.text.text().startswith("The queue is done: 1 photo reviewed, ")
    finally:
        goes_on.set()
    settle(window)


def test_what_an_import_did_is_no_longer_said_once_it_is_taken_back(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Space)
    window.session.done.emit(Done("Made up, and undo takes it back.", undoable=True))
    window.session.refresh()
    settle(window)
    assert window.messages.isVisible()
    command(window, "undo").trigger()
    settle(window)
    assert not window.messages.isVisible()


def test_a_bar_with_two_lines_and_buttons_stands_beside_them_where_there_is_room(window: MainWindow) -> None:
    window.resize(1366, 768)
    settle(window)
    window.session.offered.emit(Offer("One thing was done.\nAnother one as well.", (Choice("Go on", print),)))
    settle(window)
    lines = window.messages.text.fontMetrics().lineSpacing()
    assert window.messages.controls.y() <= window.messages.text.y() + lines
    assert window.messages.height() < 4 * lines


def test_the_x_of_a_bar_is_as_high_as_the_bar(window: MainWindow) -> None:
    window.resize(1366, 768)
    settle(window)
    buttons = (Choice("Review what is doubtful", print), Choice("Get better labels", print))
    window.session.offered.emit(Offer("20 suggestions wait for an answer.\nThere is better.", buttons))
    settle(window)
    messages = window.messages
    # Where the x of a bar of one line stands.
    at = QPoint(messages.close_button.geometry().center().x(), messages.height() - 15)
    QTest.mouseClick(window.windowHandle(), LEFT, pos=messages.mapTo(window, at))
    assert not messages.isVisible()
