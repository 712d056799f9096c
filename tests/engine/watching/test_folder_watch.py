"""A watched folder: what comes is labelled once and whole, and nothing is missing because its disk was away."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_photo

from engine.jobs import Cancellation, Cancelled, Progress
from engine.photos.arrivals import SECONDS_OF_PATIENCE, SECONDS_TO_SETTLE
from engine.project import Project
from engine.project.answer import Answer
from engine.project.filters import parse
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import runs
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.review.queues import NEW, queue
from engine.stages.watching.folder_watch import FolderWatch, Step


class Watch:
    """A watch whose clock the test moves."""

    def __init__(self, project: Project, encoder: Any) -> None:
        self.project, self.now = project, 1000.0
        self._watch = FolderWatch(open_encoder=lambda _name: encoder, clock=lambda: self.now)

    def look(self, after: float = SECONDS_TO_SETTLE, cancellation: Cancellation | None = None) -> Step:
        self.now += after
        return self._watch.step(self.project, Progress(), cancellation or Cancellation())

    def look_until_all_is_labelled(self) -> set[str]:
        """Paths of the photos that came."""
        came: set[str] = set()
        for _ in range(20):
            step = self.look()
            snapshot = take_snapshot(self.project)
            came |= {snapshot.paths[snapshot.row_of(photo)] for photo in step.came}
            if not (step.waiting or step.left):
                return came
        raise AssertionError("what came is never labelled")

    @property
    def paths(self) -> set[str]:
        """Of the photos that are there as far as the project knows."""
        snapshot = take_snapshot(self.project)
        return {path for path, problem in zip(snapshot.paths, snapshot.problems, strict=True) if problem is None}


@pytest.fixture
def watch(labelled: Project, tiny_clip_encoder: Any) -> Watch:
    """Of the eight photos that are labelled already."""
    watch = Watch(labelled, tiny_clip_encoder)
    watch.look()
    return watch


def in_folder(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and ".cdul" not in file.parts
    }


def test_what_comes_is_labelled_and_new(watch: Watch, photo_folder: Path) -> None:
    make_photo(photo_folder / "sent" / "bird.jpg", 21)
    make_photo(photo_folder / "cow.png", 22)
    assert watch.look_until_all_is_labelled() == {"sent/bird.jpg", "cow.png"}
    snapshot = take_snapshot(watch.project)
    new = [snapshot.paths.index(path) for path in ("cow.png", "sent/bird.jpg")]
    assert not np.isnan(snapshot.scores).any()
    assert np.flatnonzero(parse("state:new").rows(snapshot)).tolist() == new
    assert sorted(queue(watch.project, snapshot, NEW)[:2].tolist()) == new
    # Once reviewed, a photo is no longer new.
    answer(watch.project, "looked at", [Answer(int(snapshot.photo_ids[new[0]]), None, True)])
    assert np.flatnonzero(parse("state:new").rows(take_snapshot(watch.project))).tolist() == new[1:]


def test_scores_are_as_if_all_had_come_at_once(watch: Watch, photo_folder: Path, tiny_clip_encoder: Any) -> None:
    for seed in range(3):
        make_photo(photo_folder / f"later{seed}.jpg", 30 + seed)
        watch.look_until_all_is_labelled()
    # The history has one run of the watch, beside the one from before.
    assert len(runs(watch.project)) == 2
    with Project.open(photo_folder, photo_folder.parent / "another") as another:
        use_label_set(another, [NewLabel(name) for name in ("cat", "dog", "boat")])
        add_photos(another)
        initialise(another, tiny_clip_encoder, InitialiseSettings())
        bit_by_bit, at_once = (take_snapshot(project) for project in (watch.project, another))
    assert bit_by_bit.paths == at_once.paths
    # But for rounding: other photos were encoded side by side.
    np.testing.assert_allclose(bit_by_bit.scores, at_once.scores, rtol=1e-5)


def test_a_copy_in_progress_is_waited_for(watch: Watch, photo_folder: Path) -> None:
    whole = make_photo(photo_folder.parent / "elsewhere.jpg", 23, size=(400, 300)).read_bytes()
    there = photo_folder / "slow.jpg"
    for end in range(0, len(whole), len(whole) // 4):
        there.write_bytes(whole[:end])
        assert watch.look().waiting == 1
    # The copy stalls: nothing changes any more, and yet it is no photo.
    assert watch.look(10).waiting == 1
    assert watch.look(10).waiting == 1
    assert "slow.jpg" not in watch.paths
    there.write_bytes(whole)
    assert watch.look_until_all_is_labelled() == {"slow.jpg"}
    assert "slow.jpg" in watch.paths


def test_a_file_that_is_made_as_large_as_it_will_be_is_waited_for(watch: Watch, photo_folder: Path) -> None:
    whole = make_photo(photo_folder.parent / "elsewhere.jpg", 23, size=(400, 300)).read_bytes()
    there = photo_folder / "slow.jpg"
    there.write_bytes(whole[: len(whole) // 2].ljust(len(whole), b"\0"))
    for _ in range(3):
        assert watch.look().waiting == 1
    there.write_bytes(whole)
    assert watch.look_until_all_is_labelled() == {"slow.jpg"}


def test_a_damaged_file_is_said_to_be_so_in_the_end(watch: Watch, photo_folder: Path) -> None:
    (photo_folder / "broken.jpg").write_bytes(b"no photo at all")
    watch.look()
    assert watch.look().waiting == 1
    watch.look(SECONDS_OF_PATIENCE)
    watch.look_until_all_is_labelled()
    snapshot = take_snapshot(watch.project)
    assert "not a photo" in str(snapshot.problems[snapshot.paths.index("broken.jpg")])


def test_a_photo_that_is_edited_stays_while_it_is_written(watch: Watch, photo_folder: Path) -> None:
    photo = take_snapshot(watch.project).photo_ids[0]
    edited = make_photo(photo_folder.parent / "edited.jpg", 24, size=(90, 60)).read_bytes()
    # As editors save: half of it, away, and back under its name.
    (photo_folder / "beach.jpg").write_bytes(edited[:200])
    watch.look()
    assert "beach.jpg" in watch.paths
    (photo_folder / "beach.jpg").unlink()
    watch.look(0.1)
    assert "beach.jpg" in watch.paths
    (photo_folder / "beach.jpg").write_bytes(edited)
    watch.look_until_all_is_labelled()
    assert take_snapshot(watch.project).photo_ids[0] == photo
    assert not np.isnan(take_snapshot(watch.project).scores).any()


def test_renamed_photos_keep_their_answers(watch: Watch, photo_folder: Path) -> None:
    snapshot = take_snapshot(watch.project)
    photo, label = int(snapshot.photo_ids[0]), snapshot.labels[0].id
    answer(watch.project, "cat", [Answer(photo, label, True)])
    (photo_folder / "trip" / "beach.jpg").write_bytes(b"")  # a name that is taken, for a moment
    (photo_folder / "beach.jpg").rename(photo_folder / "trip" / "sand.jpg")
    (photo_folder / "trip" / "beach.jpg").unlink()
    step = watch.look()
    assert step.change is not None
    assert (step.change.moved, step.change.gone, step.change.added) == (1, 0, 0)
    after = take_snapshot(watch.project)
    assert after.decisions[after.row_of(photo), 0] == YES
    assert after.paths[after.row_of(photo)] == "trip/sand.jpg"


def test_a_deleted_photo_is_gone_after_two_looks(watch: Watch, photo_folder: Path) -> None:
    (photo_folder / "zebra.bmp").unlink()
    watch.look()
    assert "zebra.bmp" in watch.paths
    step = watch.look()
    assert step.change is not None
    assert step.change.gone == 1


@pytest.mark.parametrize("how", ["renamed", "empty place"])
def test_nothing_is_missing_while_the_disk_is_away(watch: Watch, photo_folder: Path, how: str) -> None:
    before = watch.paths
    away = photo_folder.parent / "away"
    # The project stays open, as it does in the window.
    photo_folder.rename(away)
    if how == "empty place":
        photo_folder.mkdir()
        (photo_folder / ".cdul").symlink_to(away / ".cdul")
    make_photo(away / "meanwhile.jpg", 25)
    for _ in range(3):
        assert watch.look(SECONDS_OF_PATIENCE).away
    if how == "empty place":
        shutil.rmtree(photo_folder)
    away.rename(photo_folder)
    assert watch.look_until_all_is_labelled() == {"meanwhile.jpg"}
    assert watch.paths == {*before, "meanwhile.jpg"}


def test_a_copy_that_the_disk_went_amid_is_waited_for_once_it_is_back(watch: Watch, photo_folder: Path) -> None:
    before, away = watch.paths, photo_folder.parent / "away"
    whole = make_photo(photo_folder.parent / "elsewhere.jpg", 23, size=(400, 300)).read_bytes()
    there = photo_folder / "cut off.jpg"
    there.write_bytes(whole[: len(whole) // 2])
    assert watch.look().waiting == 1
    photo_folder.rename(away)
    assert watch.look(SECONDS_OF_PATIENCE).away
    away.rename(photo_folder)
    assert watch.look().waiting == 1
    assert set(take_snapshot(watch.project).paths) == before
    there.write_bytes(whole)
    assert watch.look_until_all_is_labelled() == {"cut off.jpg"}
    assert watch.paths == {*before, "cut off.jpg"}


def test_whoever_needs_the_machine_goes_first(watch: Watch, photo_folder: Path) -> None:
    make_photo(photo_folder / "late.jpg", 26)
    watch.look()
    other_work = Cancellation()
    other_work.cancel()
    with pytest.raises(Cancelled):
        watch.look(cancellation=other_work)
    assert watch.look_until_all_is_labelled() == {"late.jpg"}


def test_where_nothing_suggests_labels_photos_are_only_added(project: Project, photo_folder: Path) -> None:
    watch = Watch(project, None)
    assert len(watch.look_until_all_is_labelled()) == 8
    assert runs(project) == []
    assert watch.paths == in_folder(photo_folder)


def test_comes_and_goes_at_random(watch: Watch, photo_folder: Path, tmp_path: Path) -> None:
    chance = random.Random(1)
    before = _ids(watch.project)
    source = tmp_path / "card"
    for seed in range(40):
        make_photo(source / f"{seed:02}.jpg", 100 + seed, size=(60, 40 + seed))
    half: dict[Path, bytes] = {}
    away = tmp_path / "away"
    for photo in sorted(source.iterdir()):
        data, there = photo.read_bytes(), photo_folder / "card" / photo.name
        there.parent.mkdir(exist_ok=True)
        match chance.randrange(4):
            case 0:
                there.write_bytes(data)
            case 1:
                there.write_bytes(data[: len(data) // 2])
                half[there] = data
            case 2:  # put in by renaming
                shutil.copy2(photo, there.with_suffix(".part"))
                there.with_suffix(".part").rename(there)
            case 3:
                shutil.copy2(photo, there)
                watch.look(chance.random())
                there.rename(photo_folder / f"renamed {photo.name}")
        if chance.random() < 0.3 and half:
            finished = chance.choice(sorted(half))
            finished.write_bytes(half.pop(finished))
        if chance.random() < 0.1:
            photo_folder.rename(away)
            watch.look(chance.random())
            away.rename(photo_folder)
        watch.look(chance.random())
    for finished, data in half.items():
        finished.write_bytes(data)
    watch.look_until_all_is_labelled()
    assert watch.paths == in_folder(photo_folder)
    after = _ids(watch.project)
    assert len(after) == len(before) + 40  # none twice: not even one that is gone
    assert {path: after[path] for path in before} == before
    assert not np.isnan(take_snapshot(watch.project).scores).any()


def _ids(project: Project) -> dict[str, int]:
    snapshot = take_snapshot(project)
    return dict(zip(snapshot.paths, snapshot.photo_ids.tolist(), strict=True))
