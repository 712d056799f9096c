"""What others do to a project meanwhile comes to the window: on a server, and where one only looks at a laptop's."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import click_photo, press, settle, wait_until
from postgres import Server, let_in_by_the_guide
from PySide6.QtCore import Qt

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_labels import rename_label
from engine.project.history.history import answer, history, undo
from engine.project.label_state import NO, YES
from engine.project.storage.address import Place, folder_of, place_of
from engine.stages.care.copy_project import copy_project


@pytest.fixture
def address(scored_photos: Path, server: Server) -> Place:
    """Of the project of the scored photos, on a server."""
    there = place_of(server.address(server.empty_database()))
    copy_project(scored_photos / ".cdul", there)
    return there


@pytest.fixture
def another(scored_photos: Path, address: Place, empty_window: MainWindow) -> Iterator[Project]:
    """What somebody else has open while the window has; both are at rest."""
    empty_window.desk.opening.open_folder(scored_photos, address)
    settle(empty_window)
    with Project.open(scored_photos, address) as opened:
        yield opened


def said(window: MainWindow, photo: int, label: int) -> int:
    snapshot = window.session.snapshot
    assert snapshot is not None
    return int(snapshot.decisions[snapshot.row_of(photo), snapshot.column_of(label)])


def test_answers_of_others_are_there_within_a_second(empty_window: MainWindow, another: Project) -> None:
    assert not empty_window.session.project.read_only
    for value, shown in ((True, YES), (False, NO)):
        answer(another, "from afar", [Answer(2, 1, value)], by="Ada")
        began = time.monotonic()
        wait_until(lambda shown=shown: said(empty_window, 2, 1) == shown)
        assert time.monotonic() - began < 1


def test_other_labels_come_as_well(empty_window: MainWindow, another: Project) -> None:
    rename_label(another, 1, "kitten")
    wait_until(lambda: empty_window.session.snapshot.labels[0].name == "kitten")


def test_both_answer_and_each_undoes_what_is_their_own(
    empty_window: MainWindow, another: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    click_photo(empty_window, "city.png")
    press(empty_window, Qt.Key.Key_1)
    settle(empty_window)
    [mine] = history(another)
    photo = empty_window.session.snapshot.photo_ids[empty_window.session.snapshot.paths.index("city.png")]
    monkeypatch.setenv("CDUL_USER", "Ada")
    answer(another, "of Ada", [Answer(int(photo), 2, True)])
    undo(another)
    monkeypatch.delenv("CDUL_USER")
    assert [(one.by, one.undone) for one in history(another) if one.kind == "edit"] == [("Ada", True), ("cdul", False)]
    assert mine.by == "cdul"
    empty_window.session.edits.undo()
    settle(empty_window)
    assert [one.undone for one in history(another) if one.kind == "edit"] == [True, True]


def test_a_server_that_goes_and_comes_back_is_followed_again(
    empty_window: MainWindow, another: Project, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdul_gui.session.following._SECONDS_UNTIL_BACK", 0.1)
    server.stop()
    server.start()
    answer(another, "meanwhile", [Answer(2, 1, True)], by="Ada")
    wait_until(lambda: said(empty_window, 2, 1) == YES)


def test_the_window_says_that_the_server_is_away_what_was_not_kept_and_that_it_is_back(
    empty_window: MainWindow, another: Project, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdul_gui.session.following._SECONDS_UNTIL_BACK", 0.1)
    text = empty_window.messages.text
    server.stop()
    try:
        wait_until(lambda: "The project's server cannot be reached." in text.text())
        click_photo(empty_window, "city.png")
        press(empty_window, Qt.Key.Key_1)
        settle(empty_window)
        assert text.text().startswith("What you did last was not kept. ")  # whatever else could not be read since
    finally:
        server.start()
    wait_until(lambda: "is there again" in text.text())
    assert history(another) == []


def test_who_only_looks_sees_what_another_program_writes(empty_window: MainWindow, scored_photos: Path) -> None:
    with Project.open(scored_photos) as writer:
        empty_window.desk.opening.open_folder(scored_photos)
        settle(empty_window)
        answer(writer, "yes", [Answer(2, 1, True)])
        began = time.monotonic()
        wait_until(lambda: said(empty_window, 2, 1) == YES)
        assert time.monotonic() - began < 1.5


def test_the_window_says_who_may_only_look(
    empty_window: MainWindow, scored_photos: Path, server: Server, address: Place
) -> None:
    server.sql("CREATE ROLE looker LOGIN")
    server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", database="photos")
    try:
        empty_window.desk.opening.open_folder(scored_photos, place_of(server.address("photos", "looker")))
        settle(empty_window)
        assert "Ask whoever looks after the project's database" in empty_window.messages.text.text()
        empty_window.desk.opening.close()
        settle_closed(empty_window)
    finally:
        server.sql("DROP OWNED BY looker", database="photos")
        server.sql("DROP ROLE looker")


def test_a_reviewer_of_the_guide_with_a_copy_of_the_photos_is_told_of_nothing_that_went_wrong(
    empty_window: MainWindow, scored_photos: Path, server: Server, address: Place, tmp_path: Path
) -> None:
    copy = shutil.copytree(scored_photos, tmp_path / "copy", ignore=shutil.ignore_patterns(".cdul"))
    for file in copy.rglob("*.*"):
        os.utime(file, (1, 1))
    shutil.copy(copy / "city.png", copy / "another.png")
    shutil.rmtree(folder_of(address))  # it is another machine
    with let_in_by_the_guide(server, "cora") as cora:
        empty_window.desk.opening.open_folder(copy, place_of(cora))
        settle(empty_window)
        assert empty_window.messages.isHidden()
        assert len(empty_window.session.snapshot) == 8
        empty_window.desk.opening.close()
        settle_closed(empty_window)


def settle_closed(window: MainWindow) -> None:
    wait_until(lambda: window.session.project is None and not window.session.workers.busy)
