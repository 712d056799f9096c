"""Leftovers are told and deleted; what a person decided, photos, and whatever is still needed stay."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from making import make_photo

from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.storage.cache_schema import thumbnail, thumbnail_key
from engine.project.take_snapshot import take_snapshot
from engine.stages.care.tidy import Leftovers, find_leftovers, tidy
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise

Cdul = Callable[..., Any]

LONG_AGO = time.time() - 40 * 24 * 3600


def put(file: Path, size: int = 1000, *, at: float | None = None) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(size))
    if at is not None:
        os.utime(file, (at, at))
    return file


def tidy_up(project: Project) -> Leftovers:
    add_photos(project, Progress(), Cancellation())
    found = find_leftovers(project)
    tidy(project, found, Progress(), Cancellation())
    return found


def keep_thumbnails(project: Project) -> None:
    snapshot = take_snapshot(project)
    with project.writing_cache() as connection:
        for path, size, modified in zip(snapshot.paths, snapshot.file_sizes, snapshot.modified_ns, strict=True):
            key = thumbnail_key(path, int(size), int(modified))
            connection.execute(thumbnail.insert().values(key=key, side=256, jpeg=bytes(5000)))


def test_after_labelling_there_is_nothing_to_tidy(labelled: Project) -> None:
    keep_thumbnails(labelled)
    assert not find_leftovers(labelled)


def test_files_of_killed_programs_and_forgotten_runs_go(labelled: Project) -> None:
    folder = labelled.folder
    gone = [
        put(folder / "training" / "run-77.safetensors"),
        put(folder / "similarities-0.f32"),
        put(folder / "project-before-0003-from-0001.sqlite", at=LONG_AGO - 1),
        put(folder / "project-before-0003-from-0002.partial", at=LONG_AGO),
        put(folder / "classifiers" / ".run-88.abcdefgh.partial" / "model.safetensors").parent,
    ]
    os.utime(gone[-1], (LONG_AGO, LONG_AGO))
    kept = [
        put(folder / "project-before-0003-from-0002.sqlite", at=LONG_AGO),
        put(folder / ".being-written.abcdefgh.partial"),
        put(folder / "classifiers" / "run-88" / "model.safetensors"),
        put(folder / "download of another program.partial", at=LONG_AGO),
        put(folder / "my notes.txt", at=LONG_AGO),
        *folder.glob("similarities-1.f32"),
    ]
    found = tidy_up(labelled)
    assert set(found.files) == set(gone)
    assert found.size == 5000
    assert not any(file.exists() for file in gone)
    assert len(kept) == 6
    assert all(file.exists() for file in kept)
    assert not tidy_up(labelled)


def test_what_the_cache_holds_of_a_photo_that_is_gone_goes_and_its_decisions_stay(labelled: Project) -> None:
    keep_thumbnails(labelled)
    snapshot = take_snapshot(labelled)
    row = snapshot.paths.index("beach.jpg")
    answer(labelled, "by hand", [Answer(int(snapshot.photo_ids[row]), snapshot.labels[0].id, True)])
    (labelled.photos / "beach.jpg").unlink()
    found = tidy_up(labelled)
    assert (len(found.thumbnails), len(found.embeddings)) == (1, 1)
    assert found.size > 5000
    after = take_snapshot(labelled)
    assert after.decisions[list(after.photo_ids).index(snapshot.photo_ids[row]), 0] == 1
    assert not find_leftovers(labelled)


def test_a_changed_photo_is_read_before_anything_of_it_is_forgotten(
    labelled: Project, tiny_clip_encoder: ClipEncoder
) -> None:
    make_photo(labelled.photos / "beach.jpg", seed=99)
    assert not tidy_up(labelled).embeddings
    initialise(labelled, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
    assert len(tidy_up(labelled).embeddings) == 1
    assert initialise(labelled, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation()).encoded == 0


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_are_not_followed(labelled: Project, tmp_path: Path) -> None:
    mine = put(tmp_path / "mine" / "run-5.safetensors")
    (labelled.folder / "training").symlink_to(mine.parent)
    (labelled.folder / ".link.abcdefgh.partial").symlink_to(mine)
    os.utime(labelled.folder / ".link.abcdefgh.partial", (LONG_AGO, LONG_AGO), follow_symlinks=False)
    assert not tidy_up(labelled)
    assert mine.exists()


def test_the_command_tells_first_and_then_deletes(labelled: Project, cdul: Cdul) -> None:
    photos = labelled.photos
    left = put(labelled.folder / "training" / "run-77.safetensors", 2_000_000)
    labelled.close()
    told = cdul("tidy", photos, "--dry-run")
    assert "2.0 MB would be freed: 1 file or folder, and what was kept of 0 photos" in told.out
    assert left.exists()
    done = cdul("tidy", photos, "--json").json
    assert (done["deleted"], done["bytes"], done["files"]) == (True, 2_000_000, [str(Path("training", left.name))])
    assert not left.exists()
