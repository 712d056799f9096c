"""What answers teach changes nothing on the photo that one looks at, and undo brings back what it changed elsewhere."""

from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, press, settle, states_shown, wait_until
from filtering import be_active
from PySide6.QtCore import Qt
from taught_cats import CAT, PHOTOS, likely_cats, say_cats, snapshot_of

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.answer import Answer
from engine.stages.teaching.teaching import snapshot_in_force

DOG = 1

NEWLY_LIKELY, NO_LONGER_LIKELY = 40, 28
"""Photos on which twelve answers make a cat likely and ten do not, and the other way round."""


@pytest.mark.parametrize("photo", [NEWLY_LIKELY, NO_LONGER_LIKELY])
@pytest.mark.parametrize("read_anew", [False, True])
def test_what_is_likely_stays_so_under_the_eyes_of_who_accepts(
    desk: MainWindow, cats: Path, photo: int, read_anew: bool
) -> None:
    say_cats(desk, np.arange(10))
    desk.session.look_at(photo)
    was_likely = photo in likely_cats(snapshot_of(desk))
    assert was_likely == (photo == NO_LONGER_LIKELY)
    say_cats(desk, np.arange(10, 12))
    if read_anew:
        desk.session.refresh()
        settle(desk)
    with Project.open(cats, read_only=True) as project:
        assert (photo in likely_cats(snapshot_in_force(project))) != was_likely
    assert (photo in likely_cats(snapshot_of(desk))) == was_likely
    assert ("cat" in states_shown(desk)) == was_likely
    desk.session.look_at(photo + 2)
    settle(desk)
    assert (photo in likely_cats(snapshot_of(desk))) != was_likely
    gallery = desk.desk.pages.gallery
    place = gallery.tile_rect(int(np.flatnonzero(desk.session.shown == photo)[0]))
    shown = gallery.viewport().grab(place).toImage()
    gallery.show_chances()
    settle(desk)
    assert gallery.viewport().grab(place).toImage() == shown


def test_the_photo_that_undo_leads_to_shows_what_undo_brought_back(desk: MainWindow) -> None:
    say_cats(desk, np.arange(10))
    before = likely_cats(snapshot_of(desk)).tolist()
    assert NEWLY_LIKELY not in before
    snapshot = snapshot_of(desk)
    label, dog = (snapshot.labels[column].id for column in (CAT, DOG))
    ids = snapshot.photo_ids.tolist()
    answers = [Answer(ids[row], label, row % 3 == 0) for row in (10, 11)]
    desk.session.edits.answer("many", [*answers, Answer(ids[NEWLY_LIKELY], dog, True)])
    settle(desk)
    assert NEWLY_LIKELY in likely_cats(snapshot_of(desk))
    desk.session.look_at(NEWLY_LIKELY)
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_Z, CTRL)
    settle(desk)
    assert desk.session.current == NEWLY_LIKELY
    assert likely_cats(snapshot_of(desk)).tolist() == before


def test_what_undo_brings_back_is_shown_also_where_one_label_after_the_other_is_learnt(desk: MainWindow) -> None:
    ids, labels = snapshot_of(desk).photo_ids.tolist(), [label.id for label in snapshot_of(desk).labels]
    say_cats(desk, np.arange(10))
    desk.session.edits.answer("dogs", [Answer(ids[row], labels[DOG], row % 2 == 0) for row in range(20, 34)])
    settle(desk)
    before = snapshot_of(desk).states().tolist()
    answers = [Answer(ids[row], labels[CAT], row % 3 == 0) for row in (10, 11)]
    desk.session.edits.answer("many", [*answers, Answer(ids[NEWLY_LIKELY], labels[DOG], True)])
    settle(desk)
    assert NEWLY_LIKELY in likely_cats(snapshot_of(desk))
    desk.session.look_at(NEWLY_LIKELY)
    desk.session.look_at_label(DOG)  # is learnt first and alone
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_Z, CTRL)
    settle(desk)
    assert snapshot_of(desk).states().tolist() == before


def test_undoing_an_answer_for_all_photos_brings_back_what_was_likely(desk: MainWindow) -> None:
    say_cats(desk, np.arange(20))
    desk.session.look_at(NEWLY_LIKELY)
    settle(desk)
    before = likely_cats(snapshot_of(desk)).tolist()
    assert NEWLY_LIKELY in before
    desk.session.select(np.arange(PHOTOS))
    desk.session.look_at_label(CAT)
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_Backspace, CTRL)
    press(desk, Qt.Key.Key_Return)
    be_active(desk)
    wait_until(lambda: not likely_cats(snapshot_of(desk)).size)
    settle(desk)
    press(desk, Qt.Key.Key_Z, CTRL)
    settle(desk)
    assert likely_cats(snapshot_of(desk)).tolist() == before


def test_what_is_let_go_of_is_shown_at_once(desk: MainWindow) -> None:
    """As after a start, when a photo is looked at before its labels were learnt, and an answer to it is undone."""
    say_cats(desk, np.arange(10))
    desk.session.look_at(NEWLY_LIKELY)
    say_cats(desk, np.arange(10, 12))
    assert "cat" not in states_shown(desk)
    desk.session.edits.went_back.emit([])
    settle(desk)
    assert states_shown(desk)["cat"] == "likely"
    assert desk.desk.use.count_of(CAT)[1] == len(likely_cats(snapshot_of(desk)))


def test_undo_after_a_restart_brings_back_what_was_likely(desk: MainWindow, cats: Path) -> None:
    say_cats(desk, np.arange(20))
    desk.session.go_to(NEWLY_LIKELY)
    settle(desk)
    assert NEWLY_LIKELY in likely_cats(snapshot_of(desk))
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_Space)
    assert NEWLY_LIKELY not in likely_cats(snapshot_of(desk))
    desk.desk.opening.close()
    desk.desk.opening.open_folder(cats)
    settle(desk)
    desk.desk.pages.gallery.setFocus()
    press(desk, Qt.Key.Key_Z, CTRL)
    settle(desk)
    assert desk.session.current == NEWLY_LIKELY
    assert NEWLY_LIKELY in likely_cats(snapshot_of(desk))
    assert desk.desk.use.count_of(CAT)[1] == len(likely_cats(snapshot_of(desk)))


def test_the_table_of_scores_does_not_contradict_what_stays(desk: MainWindow) -> None:
    say_cats(desk, np.arange(10))
    desk.session.look_at(NEWLY_LIKELY)
    say_cats(desk, np.arange(10, 12))
    assert "cat" not in states_shown(desk)
    model = desk.desk.inspector.scores.model()
    [cat] = [row for row in range(model.rowCount()) if model.index(row, 0).data() == "cat"]
    texts = [model.index(cat, column).data() for column in range(model.columnCount())]
    assert not any("≥" in text for text in texts)
    assert "Learnt since" in model.index(cat, 0).data(Qt.ItemDataRole.ToolTipRole)
