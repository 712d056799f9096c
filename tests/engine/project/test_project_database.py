"""The project on disk: opened twice, read-only, damaged, newer than the program, or not there."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.project import Project, ProjectError
from engine.project.failures import ProjectInUse
from engine.project.folder import default_folder
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.settings import keep_setting, setting
from engine.project.storage.migration import NewerProject


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture
def closed(project: Project) -> Path:
    """The folder of a project with one label that nobody has open."""
    use_label_set(project, [NewLabel("cat")])
    project.close()
    return project.folder


def test_a_project_lies_beside_its_photos_and_keeps_what_it_is_told(photo_folder: Path) -> None:
    with Project.open(photo_folder) as project:
        assert project.folder == photo_folder / ".cdul"
        use_label_set(project, [NewLabel("cat")])
        keep_setting(project, "threshold", 0.3)
    with Project.open(photo_folder) as project:
        assert [label.name for label in label_set(project)] == ["cat"]
        assert setting(project, "threshold") == 0.3
        assert setting(project, "never kept", default="so") == "so"


def test_another_folder_can_be_named(photo_folder: Path, tmp_path: Path) -> None:
    with Project.open(photo_folder, tmp_path / "elsewhere"):
        assert (tmp_path / "elsewhere" / "project.sqlite").is_file()
    assert not (photo_folder / ".cdul").exists()


def test_photos_that_cannot_be_written_beside_have_their_project_in_the_users_data(
    photo_folder: Path, machine_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The person who runs the tests may be one whom no permission stops.
    monkeypatch.setattr("engine.project.folder._can_write", lambda folder: False)
    folder = default_folder(photo_folder)
    assert folder.is_relative_to(machine_of_its_own)
    assert folder.name.startswith("photos-")
    assert folder != default_folder(photo_folder / "trip")


def test_opened_twice(project: Project) -> None:
    with pytest.raises(ProjectInUse, match=r"is open in another window or command. Close that one"):
        Project.open(project.photos)


def test_read_beside_a_writer_without_writing(project: Project) -> None:
    use_label_set(project, [NewLabel("cat")])
    with Project.open(project.photos, read_only=True) as reader:
        assert [label.name for label in label_set(reader)] == ["cat"]
        use_label_set(project, [NewLabel("dog")])
        assert [label.name for label in label_set(reader)] == ["dog"]
        with pytest.raises(ProjectError, match="open for reading only"):
            use_label_set(reader, [NewLabel("horse")])
        with pytest.raises(ProjectError, match="open for reading only"), reader.writing_cache():
            pass


def test_reading_leaves_the_files_as_they_are(closed: Path) -> None:
    before = {file.name: file.read_bytes() for file in closed.glob("*.sqlite")}
    with Project.open(closed.parent, read_only=True) as reader:
        assert len(label_set(reader)) == 1
    assert {file.name: file.read_bytes() for file in closed.glob("*.sqlite")} == before


def test_a_closed_project_can_be_opened_again(project: Project) -> None:
    project.close()
    Project.open(project.photos).close()


@pytest.mark.parametrize("how", [{"read_only": True}, {"must_exist": True}])
def test_reading_makes_no_project(how: dict[str, bool], photo_folder: Path) -> None:
    with pytest.raises(ProjectError, match=r"There is no project in .* yet. Label the photos first"):
        Project.open(photo_folder, **how)
    assert not (photo_folder / ".cdul").exists()


def test_no_such_photo_folder(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"There is no folder .*nowhere. Choose the folder that holds your photos"):
        Project.open(tmp_path / "nowhere")


def test_a_project_folder_that_cannot_be_made(photo_folder: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be written"):
        Project.open(photo_folder, photo_folder / "beach.jpg")


@pytest.mark.parametrize("name", ["what? 100% #1", "ümläut", "it's; DROP TABLE photo"])
def test_folders_with_awkward_names(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with Project.open(tmp_path / name) as project:
        use_label_set(project, [NewLabel("cat")])
    with Project.open(tmp_path / name, read_only=True) as project:
        assert len(label_set(project)) == 1


@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_project_is_one_sentence_and_left_as_it_is(closed: Path, read_only: bool) -> None:
    (closed / "project.sqlite").write_bytes(b"not a database at all" * 500)
    with pytest.raises(UserError, match=r"project.sqlite is damaged .* Put back a backup copy"):
        Project.open(closed.parent, read_only=read_only)
    assert (closed / "project.sqlite").read_bytes() == b"not a database at all" * 500


def test_a_truncated_project_is_one_sentence(closed: Path) -> None:
    file = closed / "project.sqlite"
    file.write_bytes(file.read_bytes()[:10_000])
    with pytest.raises(UserError, match=r"damaged|cannot be read"), Project.open(closed.parent) as project:
        label_set(project)


def test_damage_found_while_reading_is_one_sentence(closed: Path) -> None:
    file = closed / "project.sqlite"
    pages = bytearray(file.read_bytes())
    pages[4096:] = b"\xa5" * (len(pages) - 4096)
    file.write_bytes(pages)
    with pytest.raises(UserError, match=r"damaged|cannot be read"), Project.open(closed.parent) as project:
        label_set(project)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_tables_name_that_is_no_text_is_one_sentence(closed: Path, read_only: bool) -> None:
    file = closed / "project.sqlite"
    file.write_bytes(file.read_bytes().replace(b"tablelabel", b"tablelab\x80l"))
    with pytest.raises(ProjectError, match=r"project.sqlite is damaged .* Put back a backup copy"):
        Project.open(closed.parent, read_only=read_only)


def test_a_table_that_is_missing_is_one_sentence(closed: Path) -> None:
    execute(closed / "project.sqlite", "DROP TABLE label")
    with (
        Project.open(closed.parent) as project,
        pytest.raises(ProjectError, match=r"project.sqlite is damaged \(no such table: label\). Put back a backup"),
    ):
        label_set(project)


@pytest.mark.parametrize("name", ["project.sqlite", "cache.sqlite"])
def test_a_folder_in_the_place_of_a_file_is_one_sentence(name: str, closed: Path) -> None:
    (closed / name).unlink()
    (closed / name).mkdir()
    for _ in range(2):
        with pytest.raises(ProjectError, match=r"cannot be opened \(.+\)\. Check that"):
            Project.open(closed.parent)


def test_a_newer_project_is_refused_and_left_as_it_is(closed: Path) -> None:
    execute(closed / "project.sqlite", "UPDATE alembic_version SET version_num = '9999'")
    before = (closed / "project.sqlite").read_bytes()
    with pytest.raises(NewerProject, match=r"written by a newer version of CDUL \(its format is 9999"):
        Project.open(closed.parent)
    assert (closed / "project.sqlite").read_bytes() == before
    with pytest.raises(NewerProject):
        Project.open(closed.parent, read_only=True)


def test_a_failed_opening_lets_go_of_the_lock(closed: Path) -> None:
    execute(closed / "project.sqlite", "UPDATE alembic_version SET version_num = '9999'")
    for _ in range(2):
        with pytest.raises(NewerProject):
            Project.open(closed.parent)


def test_a_database_of_another_program(photo_folder: Path) -> None:
    (photo_folder / ".cdul").mkdir()
    execute(photo_folder / ".cdul" / "project.sqlite", "CREATE TABLE recipes (name TEXT)")
    with pytest.raises(UserError, match="is a database, but not of this program"):
        Project.open(photo_folder)


def test_a_full_disk_is_one_sentence_and_keeps_what_was_there(project: Project) -> None:
    use_label_set(project, [NewLabel("cat")])
    with project.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    project._database.engine.dispose()

    from sqlalchemy import event

    @event.listens_for(project._database.engine, "connect")
    def small_disk(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(ProjectError, match=r"Nothing could be written to .* Check that the disk has room"):
        use_label_set(project, [NewLabel(f"dog {at} " + "x" * 400) for at in range(500)])
    assert [label.name for label in label_set(project)] == ["cat"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_a_photo_folder_whose_name_is_not_utf8(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    with Project.open(folder) as project:
        use_label_set(project, [NewLabel("cat")])
    with Project.open(folder, read_only=True) as project:
        assert len(label_set(project)) == 1


def test_who_looks_on_learns_of_what_is_written(project: Project) -> None:
    with Project.open(project.photos, read_only=True) as reader, reader.changes_of_others() as wait:
        assert not wait(0)
        use_label_set(project, [NewLabel("cat")])
        assert wait(0)
        assert not wait(0)
    with project.changes_of_others() as wait:
        use_label_set(project, [NewLabel("dog")])
        assert not wait(0)
