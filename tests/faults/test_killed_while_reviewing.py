"""A decision that was taken is there after a kill, and the history tells how everything came about."""

import random
from collections import Counter
from pathlib import Path
from threading import Timer

import paths
from killing import Killer, check_files, kills, run
from postgres import Server
from sqlalchemy import Connection, select

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.storage.schema import Change, Decision, Edit, Photo
from engine.stages.labelling.add_photos import add_photos

KILLS = kills(20)
KILLS_ON_A_SERVER = kills(8)


def test_review_killed_at_random_moments(labelled: Project, tmp_path: Path) -> None:
    labelled.close()
    photos, acknowledged = labelled.folder.parent, tmp_path / "acknowledged"
    _, seconds = run(paths.review, photos, None, acknowledged, 0)
    killer = Killer(paths.review, seconds, seed=3)
    first = 60
    while killer.kills < KILLS:
        killer.strike(photos, None, acknowledged, first)
        first += 60
        check_files(photos / ".cdul")
        check_nothing_is_lost(photos, None, acknowledged, killer.kills)


def test_on_a_server_reviewers_and_the_server_killed_at_random_moments(
    server: Server, photo_folder: Path, tmp_path: Path
) -> None:
    place, acknowledged = server.address(server.empty_database()), tmp_path / "acknowledged"
    with Project.open(photo_folder, place) as project:
        use_label_set(project, [NewLabel(name) for name in ("cat", "dog", "boat")])
        add_photos(project, Progress(), Cancellation())
    _, seconds = run(paths.review, photo_folder, place, acknowledged, 0)
    killer, moments = Killer(paths.review, seconds, seed=4), random.Random(5)
    for killed in range(1, KILLS_ON_A_SERVER + 1):
        first = 60 * killed
        if killed % 2:
            killer.strike(photo_folder, place, acknowledged, first)
        else:  # as when its machine goes down
            stopping = Timer(moments.uniform(0, seconds), server.stop)
            stopping.start()
            run(paths.review, photo_folder, place, acknowledged, first)
            stopping.join()
            server.start()
        check_nothing_is_lost(photo_folder, place, acknowledged, killed)


def check_nothing_is_lost(photos: Path, place: str | None, acknowledged: Path, kills: int) -> None:
    with Project.open(photos, place) as project, project.reading() as connection:
        told = acknowledged.read_text().splitlines()
        kept = [f"{kind} {title}" for kind, title in connection.execute(select(Edit.kind, Edit.title))]
        # Killed between a commit and its acknowledgement, one edit more may be there; never one less.
        assert not Counter(told) - Counter(kept)
        assert len(kept) - len(told) <= kills
        assert decisions(connection) == replayed(connection)


def decisions(connection: Connection) -> dict[tuple[int, int | None], int]:
    found = {
        (photo, None): 1 for (photo,) in connection.execute(select(Photo.id).where(Photo.reviewed_at.is_not(None)))
    }
    rows = connection.execute(select(Decision.photo_id, Decision.label_id, Decision.value))
    return found | {(photo, label): int(value) for photo, label, value in rows}


def replayed(connection: Connection) -> dict[tuple[int, int | None], int]:
    """What is in force, told from the history alone."""
    found: dict[tuple[int, int | None], int] = {}
    rows = connection.execute(select(Change.photo_id, Change.label_id, Change.old, Change.new).order_by(Change.id))
    for photo, label, old, new in rows:
        before = found.get((photo, label))
        assert before == old or (label is None and not before and not old)
        if new is None or (label is None and not new):
            found.pop((photo, label), None)
        else:
            found[photo, label] = new
    return found
