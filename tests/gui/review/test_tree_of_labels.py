"""The labels dock is a tree where labels stand below others; what follows from an answer is on the chips at once."""

import pytest
from acting import (
    CTRL,
    LABELS,
    click_chip,
    click_photo,
    open_dialog,
    press,
    settle,
    states_kept,
    states_shown,
    wait_until,
)
from filtering import be_active, shown_paths
from naming import nameless
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from cdul_gui.dialogs.place_of_label import PlaceOfLabelDialog
from cdul_gui.panels.labels.label_tree import LabelTree
from cdul_gui.window.main_window import MainWindow
from engine.project.history.edit_parents import put_below
from engine.project.labels import label_set


@pytest.fixture
def treed(window: MainWindow) -> MainWindow:
    """The cat stands below the dog, and below the boat."""
    project = window.session.project
    assert project is not None
    ids = {label.name: label.id for label in label_set(project)}
    put_below(project, [ids["cat"]], [ids["dog"], ids["boat"]])
    window.session.refresh()
    settle(window)
    return window


def listed(window: MainWindow) -> list[str]:
    """The labels of the dock, each behind as many dots as it is deep."""

    def below(parent: QModelIndex, depth: int) -> list[str]:
        found = []
        for row in range(tree.rowCount(parent)):
            index = tree.index(row, 0, parent)
            found += ["." * depth + str(index.data()), *below(index, depth + 1)]
        return found

    tree: LabelTree = window.desk.labels.tree
    return below(QModelIndex(), 0)


def under(window: MainWindow, child: str, parent: str) -> QModelIndex:
    """Where the dock lists a label under another one."""
    tree = window.desk.labels.tree
    row = LABELS.index(child)
    return next(index for index in tree.indices_of(row) if tree.above(index) == LABELS.index(parent))


def test_a_label_is_listed_under_each_that_it_stands_below(treed: MainWindow) -> None:
    assert listed(treed) == ["dog", ".cat", "boat", ".cat", "tree"]
    view = treed.desk.labels.view
    assert view.rootIsDecorated()
    assert view.isExpanded(treed.desk.labels.tree.index(0, 0))


def test_without_parents_it_is_a_list(window: MainWindow) -> None:
    assert listed(window) == list(LABELS)
    assert not window.desk.labels.view.rootIsDecorated()


def test_a_click_looks_at_a_label_where_it_was_clicked(treed: MainWindow) -> None:
    view = treed.desk.labels.view
    place = view.visualRect(under(treed, "cat", "boat")).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert treed.session.label == LABELS.index("cat")
    assert treed.desk.labels.tree.above(view.currentIndex()) == LABELS.index("boat")


def test_the_arrow_opens_and_closes_and_looks_at_nothing(treed: MainWindow) -> None:
    view, dog = treed.desk.labels.view, treed.desk.labels.tree.index(0, 0)
    place = QPoint(view.visualRect(dog).left() - 5, view.visualRect(dog).center().y())
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not view.isExpanded(dog)
    assert treed.session.label is None
    # It stays as it is when the labels are read anew.
    treed.session.refresh()
    settle(treed)
    assert not view.isExpanded(treed.desk.labels.tree.index(0, 0))


def test_a_confirmed_label_shows_what_follows_and_takes_it_back(treed: MainWindow) -> None:
    click_photo(treed, "city.png")
    click_chip(treed, "cat")
    assert states_shown(treed)["cat"] == "confirmed"
    assert {states_shown(treed)[name] for name in ("dog", "boat")} == {"implied"}
    settle(treed)
    assert treed.session.project is not None
    kept = {"cat": "confirmed", "dog": "implied", "boat": "implied"}
    assert states_kept(treed.session.project.photos, "city.png") == kept
    assert treed.session.snapshot is not None
    assert (treed.session.snapshot.decisions != 0).sum() == 1
    press(treed, Qt.Key.Key_Z, CTRL)
    assert "implied" not in states_shown(treed).values()


def test_space_says_the_same_whether_or_not_what_is_likely_was_implied_before(treed: MainWindow) -> None:
    """On dog.webp dog and cat are likely, and cat stands below dog and boat."""
    click_photo(treed, "dog.webp")
    click_chip(treed, "cat")
    assert states_shown(treed)["dog"] == "implied"
    press(treed, Qt.Key.Key_Space)
    press(treed, Qt.Key.Key_Left)
    click_chip(treed, "cat", Qt.MouseButton.RightButton)
    assert states_shown(treed)["cat"] == "rejected"
    assert states_shown(treed)["dog"] == "confirmed"


def test_answers_that_do_not_go_together_are_kept_and_it_is_said(treed: MainWindow) -> None:
    review = treed.desk.review
    click_photo(treed, "city.png")
    review.toggle_rejected(LABELS.index("dog"))
    settle(treed)
    assert treed.said.text() == "dog rejected on city.png"
    review.confirm(LABELS.index("cat"))
    settle(treed)
    told = "cat stands below dog, which is rejected on city.png. Both answers are kept."
    assert treed.said.text() == told
    click_photo(treed, "beach.jpg")
    review.confirm(LABELS.index("cat"))
    review.toggle_rejected(LABELS.index("boat"))
    settle(treed)
    assert treed.said.text() == "cat stands below boat, which is rejected on beach.jpg. Both answers are kept."


def test_what_is_pasted_or_repeated_may_not_go_together_with_what_was_said_either(treed: MainWindow) -> None:
    review = treed.desk.review
    click_photo(treed, "beach.jpg")
    review.confirm(LABELS.index("cat"))
    press(treed, Qt.Key.Key_C, CTRL)
    settle(treed)
    click_photo(treed, "city.png")
    for parent in ("dog", "boat"):
        review.toggle_rejected(LABELS.index(parent))
    press(treed, Qt.Key.Key_V, CTRL)
    settle(treed)
    told = (
        "cat stands below dog, which is rejected on city.png. Both answers are kept. So it is with other labels, too."
    )
    assert treed.said.text() == told


def test_a_dragged_label_stands_below_the_other_one_and_undo_puts_it_back(treed: MainWindow) -> None:
    labels = treed.desk.labels
    labels.view.dropped.emit(under(treed, "cat", "dog"), QModelIndex(), False)
    settle(treed)
    assert listed(treed) == ["dog", "boat", ".cat", "tree"]
    labels.view.dropped.emit(labels.tree.index(0, 0), under(treed, "cat", "boat"), False)
    settle(treed)
    assert listed(treed) == ["boat", ".cat", "..dog", "tree"]
    for _ in range(2):
        press(treed, Qt.Key.Key_Z, CTRL)
        settle(treed)
    assert listed(treed) == ["dog", ".cat", "boat", ".cat", "tree"]


def test_a_circle_is_refused_with_a_sentence(treed: MainWindow) -> None:
    labels = treed.desk.labels
    noticed: list[str] = []
    treed.session.noticed.connect(noticed.append)
    labels.view.dropped.emit(labels.tree.index(0, 0), under(treed, "cat", "dog"), False)
    settle(treed)
    assert noticed
    assert noticed[0].startswith("A label cannot stand below itself: ")
    assert listed(treed) == ["dog", ".cat", "boat", ".cat", "tree"]


def test_what_a_label_stands_below_is_ticked_in_a_list(treed: MainWindow) -> None:
    snapshot = treed.session.snapshot
    assert snapshot is not None
    labels = {label.name: label for label in snapshot.labels}
    treed.desk.labels.place_wanted.emit(labels["cat"])
    dialog = open_dialog(treed)
    assert isinstance(dialog, PlaceOfLabelDialog)
    assert nameless(dialog) == []
    assert [label.name for label in dialog.chosen] == ["dog", "boat"]
    dialog.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    dialog.accept()
    settle(treed)
    assert listed(treed) == ["dog", "boat", ".cat", "tree"]
    treed.desk.labels.place_wanted.emit(labels["boat"])
    dialog = open_dialog(treed)
    assert isinstance(dialog, PlaceOfLabelDialog)
    free = {
        dialog.list.item(row).text(): bool(dialog.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled) for row in (0, 1)
    }
    assert free == {"cat": False, "dog": True}
    # From the line Enter ticks what is found, and only then is OK.
    dialog.find_box.setFocus()
    QTest.keyClicks(dialog.find_box, "do")
    QTest.keyClick(dialog.find_box, Qt.Key.Key_Return)
    assert [label.name for label in dialog.chosen] == ["dog"]
    assert dialog.find_box.text() == ""
    assert dialog.isVisible()
    QTest.keyClicks(dialog.find_box, "animal")
    [new] = dialog.list.findItems("New label “animal”", Qt.MatchFlag.MatchExactly)
    assert not new.isHidden()
    dialog.find_box.clear()
    assert new.isHidden()
    QTest.keyClicks(dialog.find_box, "boat")  # the label itself
    assert new.isHidden()
    dialog.find_box.clear()
    QTest.keyClick(dialog.find_box, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.list
    dialog.reject()


def test_a_label_to_stand_below_is_made_where_there_is_none(treed: MainWindow) -> None:
    snapshot = treed.session.snapshot
    assert snapshot is not None
    treed.desk.labels.place_wanted.emit(snapshot.labels[LABELS.index("tree")])
    dialog = open_dialog(treed)
    assert isinstance(dialog, PlaceOfLabelDialog)
    dialog.activateWindow()
    wait_until(dialog.isActiveWindow)
    dialog.find_box.setFocus()
    QTest.keyClicks(dialog.find_box, "plant")
    QTest.keyClick(dialog.find_box, Qt.Key.Key_Return)
    assert dialog.find_box.text() == ""
    assert dialog.new_name == "plant"
    QTest.keyClick(dialog.find_box, Qt.Key.Key_Return)
    settle(treed)
    assert listed(treed)[-2:] == ["plant", ".tree"]
    be_active(treed)
    press(treed, Qt.Key.Key_Z, CTRL)
    press(treed, Qt.Key.Key_Z, CTRL)
    assert "plant" not in listed(treed)
    assert "tree" in listed(treed)


def test_other_names_are_written_and_found(treed: MainWindow) -> None:
    snapshot = treed.session.snapshot
    assert snapshot is not None
    treed.desk.labels.names_wanted.emit(snapshot.labels[LABELS.index("boat")])
    dialog = open_dialog(treed)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("de:Kahn\nship")
    dialog.accept()
    settle(treed)
    treed.desk.labels.find_box.setText("kahn")
    assert listed(treed) == ["boat"]
    press_on_find(treed)
    assert treed.session.label == LABELS.index("boat")


def press_on_find(window: MainWindow) -> None:
    QTest.keyClick(window.desk.labels.find_box, Qt.Key.Key_Return)


def test_where_answers_contradict_each_other_is_said_when_a_label_is_put_under_another(window: MainWindow) -> None:
    for path in ("dog.webp", "trip/turned.jpg"):
        click_photo(window, path)
        click_chip(window, "cat")
        click_chip(window, "dog", Qt.MouseButton.RightButton)
    click_photo(window, "city.png")
    click_chip(window, "cat")
    cat, dog, boat, _tree = window.desk.label_set.labels
    window.desk.label_set.move_below(cat, None, boat)
    settle(window)
    assert "rejected" not in window.messages.text.text()
    window.desk.label_set.set_parents([cat], [dog, boat])
    settle(window)
    assert window.messages.text.text().splitlines() == [
        "Done: cat put under dog, boat",
        "cat stands below dog, which is rejected on 2 photos. Both answers are kept.",
    ]
    (show,) = window.messages.choices
    QTest.mouseClick(show, Qt.MouseButton.LeftButton)
    settle(window)
    assert shown_paths(window) == ["dog.webp", "trip/turned.jpg"]
    window.desk.label_set.set_parents([cat], [boat])
    settle(window)
    window.desk.label_set.set_parents([cat], [dog])
    settle(window)
    press(window, Qt.Key.Key_Z, CTRL)
    assert "rejected" not in window.messages.text.text() or not window.messages.isVisible()
