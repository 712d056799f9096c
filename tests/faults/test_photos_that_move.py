"""Whatever is done to a folder with equal photos in it, each decision follows its photo, or waits where it last was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fuzzing import examples
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import event, select

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import GONE, FoundPhoto, path_when_last_seen, readable_photos, record_folder, record_read
from engine.project.storage.schema import Decision, Photo
from engine.read_photo import ReadPhoto

PATHS = [f"{folder}{name}.jpg" for folder in ("", "a/", "b/", "a/x/", "b/x/") for name in ("1", "2", "1 (1)")]
MOST = 6
"""Photos with a decision; each is confirmed for a label of its own."""


@dataclass(frozen=True)
class File:
    content: int
    time: int

    @property
    def size(self) -> int:
        return 100 + self.content % 3


class Folder(RuleBasedStateMachine):
    """A folder as the person sees it, and the project that looks at it now and then."""

    project: Project
    labels: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, File] = {}
        self.deleted: list[tuple[str, File]] = []
        self.clock = self.contents = 0
        self.seen: dict[int, tuple[str, File]] = {}
        """Of each decided photo: where it was when it was last seen, and as what."""
        self.lost: set[int] = set()

    def tick(self) -> int:
        self.clock += 1
        return self.clock

    def pick(self, number: int) -> str | None:
        return sorted(self.files)[number % len(self.files)] if self.files else None

    @initialize(contents=st.lists(st.integers(0, 2), min_size=2, max_size=MOST), same_time=st.booleans())
    def decide(self, contents: list[int], same_time: bool) -> None:
        for place, content in enumerate(contents):
            self.files[PATHS[place * 2]] = File(content, 0 if same_time else self.tick())
        self.contents = 3
        with self.project.writing() as connection:
            connection.exec_driver_sql("DELETE FROM photo")
            connection.exec_driver_sql("DELETE FROM edit")
        self.list_and_read()
        ids = {photo.path: photo.id for photo in readable_photos(self.project)}
        said = [Answer(ids[path], label, True) for path, label in zip(sorted(self.files), self.labels, strict=False)]
        answer(self.project, "decided", said)
        self.seen = {label: (path, self.files[path]) for path, label in zip(sorted(ids), self.labels, strict=False)}

    @rule(number=st.integers(0, 50), place=st.sampled_from(PATHS))
    def rename(self, number: int, place: str) -> None:
        if (path := self.pick(number)) and place not in self.files:
            self.files[place] = self.files.pop(path)

    @rule(numbers=st.lists(st.integers(0, 50), min_size=2, max_size=4))
    def exchange_names(self, numbers: list[int]) -> None:
        paths = list(dict.fromkeys(path for number in numbers if (path := self.pick(number))))
        moved = [self.files[path] for path in paths]
        self.files |= dict(zip(paths[1:] + paths[:1], moved, strict=True))

    @rule(folders=st.sampled_from([("a/", "b/"), ("b/", "a/"), ("a/x/", "b/x/"), ("a/", "c/"), ("c/", "a/")]))
    def rename_a_folder(self, folders: tuple[str, str]) -> None:
        old, new = folders
        moved = {path: file for path, file in self.files.items() if path.startswith(old)}
        if not any(path.startswith(new) for path in self.files):
            kept = {path: file for path, file in self.files.items() if path not in moved}
            self.files = kept | {new + path.removeprefix(old): file for path, file in moved.items()}

    @rule(number=st.integers(0, 50), place=st.sampled_from(PATHS), same_time=st.booleans())
    def copy(self, number: int, place: str, same_time: bool) -> None:
        if (path := self.pick(number)) and place not in self.files:
            file = self.files[path]
            self.files[place] = file if same_time else File(file.content, self.tick())

    @rule(number=st.integers(0, 50))
    def delete(self, number: int) -> None:
        if path := self.pick(number):
            self.deleted.append((path, self.files.pop(path)))

    @rule(number=st.integers(0, 50), elsewhere=st.none() | st.sampled_from(PATHS))
    def bring_back(self, number: int, elsewhere: str | None) -> None:
        if self.deleted:
            path, file = self.deleted[number % len(self.deleted)]
            if (elsewhere or path) not in self.files:
                self.files[elsewhere or path] = file
                self.deleted.remove((path, file))

    @rule(number=st.integers(0, 50))
    def touch(self, number: int) -> None:
        if path := self.pick(number):
            self.files[path] = File(self.files[path].content, self.tick())

    @rule(number=st.integers(0, 50))
    def edit_in_place(self, number: int) -> None:
        if path := self.pick(number):
            self.contents += 1
            self.files[path] = File(self.contents, self.tick())

    @rule()
    def look(self) -> None:
        known = self.known_files()
        known_contents = Counter(content for content, _time in known.elements())
        self.list_and_read()
        decided = self.decided()
        assert decided.keys() == self.seen.keys(), "a decision is nowhere"
        there = Counter(file.content for file in self.files.values())
        for label, (path, file) in self.seen.items():
            (place, is_lost), same = decided[label], list(self.files.values()).count(file)
            if is_lost:
                # All files with its bytes are others that were known; and it is told where it was.
                assert place == path
                assert there[file.content] < known_contents[file.content]
                assert self.files.get(path) != file
                self.lost.add(label)
            else:
                if self.files[place].content != file.content:
                    # What has other bytes is the photo if it has kept its name, and its own are nowhere to be found.
                    assert place == path
                    assert label not in self.lost
                    assert same < known[file.content, file.time]
                elif same == known[file.content, file.time] == 1:
                    assert self.files[place] == file, "the very file is there, and another one was taken for it"
                self.lost.discard(label)
                self.seen[label] = (place, self.files[place])

    def decided(self) -> dict[int, tuple[str, bool]]:
        """By label, the photo that it is confirmed for: where it is told to be or to have been, and if it is lost."""
        told = select(Decision.label_id, Photo.path, Photo.problem).join(Photo, Photo.id == Decision.photo_id)
        with self.project.reading() as connection:
            rows = connection.execute(told.where(Decision.value)).all()
        return {label: (path_when_last_seen(path), problem == GONE) for label, path, problem in rows}

    def known_files(self) -> Counter[tuple[int, int]]:
        """How many photos, lost ones and those without a decision among them, have each content and time."""
        with self.project.reading() as connection:
            rows = connection.execute(select(Photo.content, Photo.modified_ns)).all()
        return Counter((int.from_bytes(content), time) for content, time in rows if content is not None)

    def list_and_read(self) -> None:
        """As labelling does, which reads what is new or has changed."""
        found = [FoundPhoto(path, file.size, file.time) for path, file in self.files.items()]
        record_folder(self.project, found, lambda path: self.files[path].content.to_bytes(2))
        unread = [photo for photo in readable_photos(self.project) if photo.content is None]
        record_read(
            self.project,
            [ReadPhoto(photo.id, self.files[photo.path].content.to_bytes(2), 8, 8) for photo in unread],
        )
        assert sorted(photo.path for photo in readable_photos(self.project)) == sorted(self.files)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path) as opened:
        # Nothing here is about power cuts, and there are thousands of commits.
        event.listen(
            opened._database.engine, "connect", lambda driver, _record: driver.execute("PRAGMA synchronous = OFF")
        )
        opened._database.engine.dispose()
        yield opened


@pytest.mark.fuzz
def test_each_decision_follows_its_photo(project: Project) -> None:
    labels = use_label_set(project, [NewLabel(f"label {number}") for number in range(MOST)])
    machine = type("Folder", (Folder,), {"project": project, "labels": tuple(label.id for label in labels)})
    run_state_machine_as_test(machine, settings=examples(30, stateful_step_count=25))
