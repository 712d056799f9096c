"""A project in a database on a server: what is said where it cannot be, and what many do at once."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from commands import Cdul
from postgres import Server
from sqlalchemy import select

from engine.errors import UserError, WrongUsage
from engine.person import current_user
from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.failures import ProjectInUse, ProjectNotWritable
from engine.project.history.history import answer, history, undo
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.storage import migration
from engine.project.storage.postgresql import _why_not_in
from engine.project.storage.schema import Change, Edit
from engine.project.take_snapshot import take_snapshot

SECRET = "correct-horse"  # noqa: S105


def test_it_is_opened_again_by_its_address(project: Project, photo_folder: Path) -> None:
    project.close()
    with Project.open(photo_folder, project.place) as opened:
        assert [label.name for label in label_set(opened)] == ["cat"]
    assert not (photo_folder / ".cdul").exists()


def test_a_labelling_tells_the_address_that_it_went_to(
    photo_folder: Path, address: str, tiny_clip: Path, cdul: Cdul
) -> None:
    told = cdul("label", photo_folder, "--labels", "cat, dog", "--encoder", tiny_clip, "--project", address, "--json")
    assert told.json["project"].startswith("postgresql://cdul@/photos")


def test_photos_are_in_the_order_that_they_have_on_a_laptop(project: Project) -> None:
    assert take_snapshot(project).paths == ["B.jpg", "a.jpg", "ä.jpg"]


def test_people_are_called_as_the_server_calls_them_unless_they_say_otherwise(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert current_user() == "cdul"
    answer(project, "yes", [Answer(1, 1, True)])
    monkeypatch.setenv("CDUL_USER", "Ada")
    answer(project, "no", [Answer(1, 1, False)])
    assert [edit.by for edit in history(project)] == ["Ada", "cdul"]


def test_two_write_at_once_and_see_each_other(project: Project, photo_folder: Path) -> None:
    with Project.open(photo_folder, project.place) as other:
        answer(other, "yes", [Answer(1, 1, True)])
        answer(project, "no", [Answer(2, 1, False)])
        assert take_snapshot(project).decisions.tolist() == take_snapshot(other).decisions.tolist() == [[1], [-1], [0]]


def test_one_reader_sees_one_state(project: Project, photo_folder: Path) -> None:
    with Project.open(photo_folder, project.place) as other, other.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one()
        answer(project, "yes", [Answer(1, 1, True)])
        assert connection.exec_driver_sql("SELECT count(*) FROM change").scalar_one() == before


def test_long_work_is_one_programs_at_a_time(project: Project, photo_folder: Path) -> None:
    with Project.open(photo_folder, project.place) as other:
        with project.working(), pytest.raises(ProjectInUse, match=r"Somebody else labels"), other.working():
            pass
        with other.working():
            assert answer(project, "yes", [Answer(1, 1, True)]) is not None


def test_reading_makes_no_project(address: str, photo_folder: Path) -> None:
    for how in ({"read_only": True}, {"must_exist": True}):
        with pytest.raises(ProjectError, match=r"There is no project in postgresql://cdul@/photos .* yet"):
            Project.open(photo_folder, address, **how)


def test_a_database_of_another_program(server: Server, address: str, photo_folder: Path) -> None:
    server.sql("CREATE TABLE recipes (name text)", database="photos")
    with pytest.raises(UserError, match=r"is a database, but not of this program. Choose another database"):
        Project.open(photo_folder, address)


def test_a_newer_project_is_refused(server: Server, project: Project, photo_folder: Path) -> None:
    server.sql("UPDATE alembic_version SET version_num = '9999'", database="photos")
    for read_only in (False, True):
        with pytest.raises(migration.NewerProject, match=r"its format is 9999"):
            Project.open(photo_folder, project.place, read_only=read_only)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            "postgresql://cdul@/nowhere?host={folder}",
            "The server has no database nowhere. Have it made: createdb nowhere",
        ),
        ("postgresql://nobody@/photos?host={folder}", "The server knows no role nobody."),
        ("postgresql://cdul@127.0.0.1:1/photos", r"cannot be reached \(Connection refused\). Check the address"),
        ("postgresql://cdul@/photos?host=/nowhere", r"cannot be reached \(No such file or directory\)"),
        (f"postgresql://ann:{SECRET}@/photos?host={{folder}}", "The server refused the password of ann for"),
        (f"postgresql://ann@/photos?host={{folder}}&password={SECRET}", "The server refused the password of ann for"),
        ("postgresql://ann@/photos?host={folder}", "The server wants a password of ann .* ~/.pgpass or the variable"),
        ("postgresql://eve@/photos?host={folder}", r"The server does not let you into .*pg_hba.*Ask whoever"),
        (f"postgresql://cdul:{SECRET}@/photos?host={{folder}}&nonsense=1", "cannot be opened|cannot be reached"),
    ],
)
def test_what_keeps_a_person_out_is_one_sentence_without_a_password(
    place: str, said: str, server: Server, address: str, photo_folder: Path, locked: None
) -> None:
    with pytest.raises(UserError, match=said) as told:
        Project.open(photo_folder, place.format(folder=server.folder))
    assert SECRET not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_role_named_by_a_variable_is_the_one_that_is_told(
    server: Server, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGUSER", "frank")
    with pytest.raises(ProjectError, match="The server knows no role frank"):
        Project.open(photo_folder, f"postgresql:///photos?host={server.folder}")


def test_a_server_that_is_just_starting_is_not_said_to_refuse() -> None:
    said = _why_not_in("FATAL:  the database system is starting up")
    assert str(said.format(name="postgresql://host/photos", why="", role="", database="")) == (
        "The server of postgresql://host/photos is just starting or stopping. Try again in a minute."
    )


def test_what_the_driver_says_to_itself_is_not_told(
    server: Server, project: Project, photo_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server.sql("CREATE ROLE cora LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO cora")
    server.sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO cora", "GRANT INSERT ON edit TO cora", database="photos")
    try:
        with Project.open(photo_folder, server.address("photos", "cora")) as opened:
            many = [FoundPhoto(f"{name}.jpg", 2, 2) for name in ("B", "a", "ä")]
            with pytest.raises(ProjectNotWritable, match="permission denied for table photo"):
                record_folder(opened, many)  # rows of one statement go through a pipeline
        assert not caplog.records
    finally:
        server.sql("DROP OWNED BY cora", database="photos")
        server.sql("DROP OWNED BY cora")
        server.sql("DROP ROLE cora")


def test_a_user_without_a_name_as_in_a_container_is_told_as_well(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr("getpass.getuser", unknown)
    with pytest.raises(UserError, match="cannot be reached"):
        Project.open(photo_folder, "postgresql://127.0.0.1:1/photos")


@pytest.fixture
def locked(server: Server) -> Iterator[None]:
    """A server that knows Ann, who has a password, and not Eve."""
    rules = server.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    server.sql("CREATE ROLE ann LOGIN PASSWORD 'another'", "CREATE ROLE eve LOGIN")
    rules.write_text("local all ann scram-sha-256\nlocal all eve reject\nlocal all all trust\n")
    server.stop()
    server.start()
    yield
    rules.write_text(before)
    server.stop()
    server.start()
    server.sql("DROP ROLE ann", "DROP ROLE eve")


@pytest.mark.parametrize(
    "place", [f"mysql://me:{SECRET}@host/name", "postgresql://host", f"postgresql://a:{SECRET}@h:x/n"]
)
def test_an_address_that_is_none_is_told_without_a_password(place: str, photo_folder: Path) -> None:
    with pytest.raises(WrongUsage, match=r"Expected a folder or an address such as postgresql://host/name") as told:
        Project.open(photo_folder, place)
    assert SECRET not in str(told.value)


def test_the_password_is_shown_nowhere(project: Project) -> None:
    from engine.project.storage.address import name_of, place_of

    place = place_of(f"postgresql://ann:{SECRET}@host/name?password={SECRET}")
    assert not isinstance(place, Path)
    assert name_of(place) == "postgresql://ann@host/name"


def test_a_server_that_goes_and_comes_back(server: Server, project: Project) -> None:
    server.stop()
    try:
        with pytest.raises(ProjectError, match=r"Nothing could be written to postgresql://.* what was there before"):
            answer(project, "yes", [Answer(1, 1, True)])
        with pytest.raises(ProjectError, match=r"Nothing could be read from postgresql://"):
            label_set(project)
    finally:
        server.start()
    assert answer(project, "yes", [Answer(1, 1, True)]) is not None
    assert len(history(project)) == 1


def test_somebody_who_writes_for_long_is_waited_for_and_then_told(
    project: Project, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.project.storage.postgresql.PATIENCE", 0.2)
    with (
        Project.open(photo_folder, project.place) as other,
        project.writing(),
        pytest.raises(ProjectError, match=r"Somebody else has been writing to .* Try again"),
    ):
        answer(other, "yes", [Answer(1, 1, True)])


def test_an_older_project_is_brought_up_to_date_or_left_as_it_was(
    project: Project, tomorrow: Path, photo_folder: Path
) -> None:
    project.close()
    tomorrow.write_text(tomorrow.read_text() + "    raise RuntimeError('power cut')\n")
    with pytest.raises(RuntimeError, match="power cut"):
        Project.open(photo_folder, project.place)
    tomorrow.write_text(tomorrow.read_text().replace("    raise RuntimeError('power cut')\n", ""))
    with pytest.raises(UserError, match=r"older version. Open it once for writing"):
        Project.open(photo_folder, project.place, read_only=True)
    with Project.open(photo_folder, project.place) as opened, opened.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM more").scalar_one() == 0
        assert [label.name for label in label_set(opened)] == ["cat"]


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migration that the program of tomorrow has besides."""
    new = f"{int(migration.NEWEST) + 1:04}"
    versions = tmp_path / "program" / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "env.py").write_text((Path(migration.__file__).parent / "migrations" / "env.py").read_text())
    for file in (Path(migration.__file__).parent / "migrations" / "versions").glob("0*.py"):
        (versions / file.name).write_text(file.read_text())
    (versions / f"{new}_more.py").write_text(
        f"from alembic import op\nrevision = '{new}'\ndown_revision = '{migration.NEWEST}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE more (id INTEGER PRIMARY KEY)')\n"
    )
    monkeypatch.setattr(migration, "__file__", str(tmp_path / "program" / "migration.py"))
    monkeypatch.setattr(migration, "NEWEST", new)
    return versions / f"{new}_more.py"


def test_others_learn_of_what_was_kept_and_nobody_of_what_is_his_own(project: Project, photo_folder: Path) -> None:
    with Project.open(photo_folder, project.place) as other, other.changes_of_others() as wait:
        assert not wait(0)
        answer(project, "yes", [Answer(1, 1, True)])
        assert wait(10)
        assert answer(project, "again", [Answer(1, 1, True)]) is None
        answer(other, "own", [Answer(2, 1, True)])
        assert not wait(0.2)


def test_what_somebody_put_into_a_table_by_hand_is_left_out_and_told(server: Server, project: Project) -> None:
    server.sql("UPDATE photo SET orientation = 99 WHERE id = 1", database="photos")
    server.sql("UPDATE photo SET path = '' WHERE id = 2", database="photos")
    assert take_snapshot(project).paths == ["B.jpg", "ä.jpg"]
    assert take_snapshot(project).orientations.tolist() == [1, 1]
    [first, second] = project.left_out.values()
    assert "postgresql://cdul@/photos" in first
    assert "photo.path of 2" in first + second
    assert "photo.orientation of 1" in first + second


def test_two_who_make_a_project_at_once_have_one(address: str, photo_folder: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(lambda _number: Project.open(photo_folder, address), range(4)))
    use_label_set(opened[0], [NewLabel("cat")])
    assert [[label.name for label in label_set(one)] for one in opened] == [["cat"]] * 4
    for one in opened:
        one.close()


def test_four_people_at_once_leave_what_they_would_one_after_another(
    project: Project, photo_folder: Path, tmp_path: Path
) -> None:
    """Each under a name of their own, on the same three photos; every fifth step takes the last one of theirs back."""

    def review(name: str) -> None:
        chance = random.Random(name)
        with Project.open(photo_folder, project.place) as opened:
            for number in range(25):
                if number % 5 == 4:
                    undo(opened, last_of(opened, name))
                else:
                    answer(opened, name, [Answer(chance.randint(1, 3), 1, chance.choice([True, False, None]))], by=name)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(review, ("Ada", "Ben", "Cyd", "Dan")))
    edits = steps(project)
    assert len([step for step in edits if step[1] == "undo"]) >= 4
    with Project.open(tmp_path, tmp_path / "laptop") as laptop:
        use_label_set(laptop, [NewLabel("cat")])
        record_folder(laptop, [FoundPhoto(f"{name}.jpg", 1, 1) for name in ("B", "a", "ä")])
        for _id, kind, by, target, photo, label, _old, new in edits:
            if kind == "undo":
                undo(laptop, target)
            else:
                answer(laptop, by, [Answer(photo, label, None if new is None else bool(new))], by=by)
        assert [step[:2] + step[3:] for step in steps(laptop)] == [step[:2] + step[3:] for step in edits]
        assert (take_snapshot(laptop).decisions == take_snapshot(project).decisions).all()


def last_of(project: Project, name: str) -> int:
    return next(edit.id for edit in history(project) if edit.kind == "edit" and edit.by == name and not edit.undone)


def steps(project: Project) -> list[tuple[Any, ...]]:
    """All edits, each with what it changed."""
    columns = (Edit.id, Edit.kind, Edit.by, Edit.target_id, Change.photo_id, Change.label_id, Change.old, Change.new)
    with project.reading() as connection:
        joined = select(*columns).join(Change, Change.edit_id == Edit.id, isouter=True)
        return [tuple(row) for row in connection.execute(joined.order_by(Edit.id, Change.id))]
