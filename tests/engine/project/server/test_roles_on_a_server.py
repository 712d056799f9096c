"""What the roles of a database may do, as the guide lets them in, and what they are told of the rest."""

from pathlib import Path

import pytest
from postgres import Server, let_in_by_the_guide

from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.failures import ProjectNotWritable
from engine.project.history.edit_labels import choose_label_set
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer, history, redo, undo
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ManualThreshold
from engine.stages.people.taking import take


def test_who_may_only_look_is_told_so_and_may(server: Server, project: Project, photo_folder: Path) -> None:
    server.sql("CREATE ROLE looker LOGIN")
    server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", database="photos")
    try:
        place = server.address("photos", "looker")
        with pytest.raises(ProjectNotWritable, match=r"The role looker may only look at .* Ask whoever looks after it"):
            Project.open(photo_folder, place)
        with Project.open(photo_folder, place, read_only=True) as opened:
            assert len(label_set(opened)) == 1
            with pytest.raises(ProjectError, match="for reading only"):
                answer(opened, "yes", [Answer(1, 1, True)])
    finally:
        server.sql("DROP OWNED BY looker", database="photos")
        server.sql("DROP ROLE looker")


def test_who_is_let_in_as_the_guide_says_may_answer(server: Server, project: Project, photo_folder: Path) -> None:
    with let_in_by_the_guide(server, "ben") as ben, Project.open(photo_folder, ben) as opened:
        assert answer(opened, "yes", [Answer(1, 1, True)]) is not None
        use_label_set(opened, [NewLabel("cat"), NewLabel("dog")])
        assert [edit.by for edit in history(opened)] == ["ben"]


def test_a_reviewer_of_the_guide_answers_and_leaves_the_labels_alone(
    server: Server, project: Project, photo_folder: Path
) -> None:
    with let_in_by_the_guide(server, "cora") as cora, Project.open(photo_folder, cora) as opened:
        photos = [FoundPhoto(f"{name}.jpg", 1, 1) for name in ("B", "a", "ä")]
        assert record_folder(opened, photos).total == 3  # as the window does, and nothing has changed
        assert answer(opened, "yes", [Answer(1, 1, True), Answer(1, None, True)]) is not None
        assert undo(opened) is not None
        assert redo(opened) is not None
        assert len(take(opened, take_snapshot(opened), 2).photo_ids) == 2
        set_thresholds(opened, [ManualThreshold(1, INITIAL, 0.4)])
        for wish, what in (
            (lambda: choose_label_set(opened, [NewLabel("cat"), NewLabel("dog")], "mine"), "change the label set"),
            (lambda: begin_run(opened, "initialise", label_ids=[1], settings={}), "label or train"),
        ):
            with pytest.raises(ProjectNotWritable, match=rf"cora may answer in .*, but not {what} .* Ask whoever"):
                wish()
        assert [label.name for label in label_set(opened)] == [label.name for label in label_set(project)]
        assert {edit.by for edit in history(opened)} == {"cora"}


def test_a_role_that_may_not_even_look_is_told_by_its_name(
    server: Server, project: Project, photo_folder: Path
) -> None:
    server.sql("CREATE ROLE guest LOGIN")
    try:
        with pytest.raises(ProjectError, match=r"The role guest may not do this in"):
            Project.open(photo_folder, f"postgresql:///photos?host={server.folder}&user=guest")
    finally:
        server.sql("DROP ROLE guest")


def test_a_role_that_may_do_nothing_is_told_whom_to_ask(server: Server, address: str, photo_folder: Path) -> None:
    server.sql("CREATE ROLE guest LOGIN")
    try:
        with pytest.raises(
            ProjectError, match=r"The role guest may not do this in .*permission denied for schema public"
        ):
            Project.open(photo_folder, server.address("photos", "guest"))
    finally:
        server.sql("DROP ROLE guest")
