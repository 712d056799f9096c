"""A decision that was taken is there after a kill, and the history tells how everything came about."""

from collections import Counter
from pathlib import Path

import paths
from killing import Killer, check_files, kills, run
from sqlalchemy import Connection, select

from engine.project import Project
from engine.project.storage.schema import Change, Decision, Edit, Photo

KILLS = kills(50)


def test_review_killed_at_random_moments(labelled: Project, tmp_path: Path) -> None:
    labelled.close()
    photos, acknowledged = labelled.photos, tmp_path / "acknowledged"
    _, seconds = run(paths.review, photos, acknowledged, 0)
    killer = Killer(paths.review, seconds, seed=3)
    first = 60
    while killer.kills < KILLS:
        killer.strike(photos, acknowledged, first)
        first += 60
        check_files(photos / ".cdul")
        with Project.open(photos) as project, project.reading() as connection:
            told = acknowledged.read_text().splitlines()
            kept = [f"{kind} {title}" for kind, title in connection.execute(select(Edit.kind, Edit.title))]
            # Killed between a commit and its acknowledgement, one edit more may be there; never one less.
            assert not Counter(told) - Counter(kept)
            assert len(kept) - len(told) <= killer.kills
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
