"""Photos in an object store: labelled, looked at, exported; a real fsspec, whose store is this process's memory."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Cdul
from making import make_photo

from engine.errors import UserError, WrongUsage
from engine.jobs import Cancellation, Progress
from engine.photos.decode import PhotoProblem, decode_file, read_file
from engine.photos.find import find_photos
from engine.project import Project, ProjectError
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import readable_photos, unreadable_photos
from engine.remote import RemoteFile, RemoteFolder, StoreUnreachable
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import initialise
from engine.stages.labelling.initialise_settings import InitialiseSettings

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install 'cdul[cluster]'")

ADDRESS = "memory://bucket/photos"
NAMES = ("a.jpg", "day 1/b.jpg", "day 1/c.png")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    """Three photos, and what is no photo."""
    memory = fsspec.filesystem("memory")
    for place, name in enumerate(NAMES):
        file = make_photo(tmp_path / "made" / Path(name).name, size=(64, 48), seed=place)
        memory.pipe_file(f"/bucket/photos/{name}", file.read_bytes())
    for name in (".hidden/d.jpg", "notes.txt", "day 1/.e.jpg"):
        memory.pipe_file(f"/bucket/photos/{name}", b"something else")
    yield ADDRESS
    memory.rm("/bucket", recursive=True)


def test_they_are_listed_as_a_folder_s_are(store: str) -> None:
    found = find_photos(RemoteFolder(store))
    assert [photo.path for photo in found] == [*NAMES]
    assert all(photo.size > 100 and photo.modified_ns > 0 for photo in found)


def test_they_are_read_and_decoded_and_what_is_not_there_is_told(store: str) -> None:
    folder = RemoteFolder(store)
    assert decode_file(folder / "day 1/b.jpg").rgb.shape == (48, 64, 3)
    with pytest.raises(PhotoProblem, match="no longer there"):
        read_file(folder / "gone.jpg")
    sent = pickle.loads(pickle.dumps(folder / "a.jpg"))  # noqa: S301 (our own, as to another machine)
    assert isinstance(sent, RemoteFile)
    assert read_file(sent) == read_file(folder / "a.jpg")
    assert sent.key == (folder / "a.jpg").key != (folder / "day 1/b.jpg").key


@pytest.mark.parametrize("address", ["http://host/photos", "s3://", "file:///etc", "simplecache::s3://bucket/photos"])
def test_an_address_of_no_store_is_told(address: str) -> None:
    with pytest.raises(WrongUsage, match=r"Expected a folder or an address such as s3://bucket/photos"):
        Project.open(address)


def test_a_store_whose_reader_is_missing_or_that_has_nothing_is_told(store: str) -> None:
    with pytest.raises(ProjectError, match=r"There is no folder memory://bucket/others"):
        Project.open("memory://bucket/others")
    if not _is_installed("gcsfs"):
        with pytest.raises(StoreUnreachable, match=r"pip install gcsfs"):
            RemoteFolder("gs://bucket/photos").is_there()


def test_they_are_labelled_kept_up_to_date_and_never_written(store: str, tiny_clip_encoder) -> None:  # type: ignore[no-untyped-def]
    memory = fsspec.filesystem("memory")
    before = {name: memory.cat_file(name) for name in memory.find("/bucket")}
    with Project.open(store) as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        assert project.folder.name.startswith("photos-")
        assert add_photos(project, Progress(), Cancellation()).added == 3
        result = initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert (result.labelled, result.encoded) == (3, 3)
        assert {name: memory.cat_file(name) for name in memory.find("/bucket")} == before
        memory.pipe_file("/bucket/photos/new.jpg", b"no photo at all")
        memory.mv("/bucket/photos/a.jpg", "/bucket/photos/moved.jpg")
        change = add_photos(project, Progress(), Cancellation())
        assert (change.added, change.moved, change.gone) == (1, 1, 0)
        again = initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert again.labelled == 3
        assert [path for path, _ in unreadable_photos(project)] == ["new.jpg"]
        assert {photo.path for photo in readable_photos(project)} == {"moved.jpg", *NAMES[1:]}
        with pytest.raises(UserError, match=r"The photos are in memory://bucket/photos. That can be done with photos"):
            project.file_on_disk("moved.jpg")


def test_a_store_that_is_away_says_nothing_about_its_photos(store: str, tiny_clip_encoder) -> None:  # type: ignore[no-untyped-def]
    with Project.open(store) as project:
        use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
        add_photos(project, Progress(), Cancellation())
        fsspec.filesystem("memory").rm("/bucket", recursive=True)
        with pytest.raises(ProjectError, match=r"memory://bucket/photos is not there"):
            initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert len(readable_photos(project)) == 3
        fsspec.filesystem("memory").makedirs("/bucket/photos")


def test_the_command_line_takes_the_address(store: str, cdul: Cdul, tiny_clip: Path, tmp_path: Path) -> None:
    assert cdul("label", store, "--labels", "cat, dog", "--encoder", tiny_clip).code == 0
    listed = cdul("list", store, "--paths").out.splitlines()
    assert listed == [f"{store}/{name}" for name in NAMES]
    assert cdul("set", listed[1], "--confirm", "cat").code == 0
    assert cdul("set", store, listed[0], NAMES[2], "--reject", "cat").code == 0
    assert cdul("set", store, "memory://bucket/others/a.jpg", "--reject", "cat").code == 2
    assert cdul("list", store, "--filter", "confirmed:cat", "--paths").out.splitlines() == [listed[1]]
    assert cdul("doctor", store).code == 0
    assert cdul("project", "copy", store, tmp_path / "copied").code == 0
    assert cdul("list", store, "--project", tmp_path / "copied", "--filter", "confirmed:cat", "--paths").out == (
        f"{listed[1]}\n"
    )
    out = tmp_path / "out"
    exported = cdul("export", store, "--format", "coco", "--out", out, "--photos", "copy")
    assert exported.code == 0, exported.err
    [copied] = out.rglob("b.jpg")
    assert copied.read_bytes() == read_file(RemoteFolder(store) / NAMES[1])
    [annotations] = out.rglob("instances*.json")
    assert len(json.loads(annotations.read_text("utf-8"))["images"]) == 3
    beside = cdul("export", store, "--format", "xmp", "--beside")
    assert beside.code != 0
    assert "That can be done with photos in a folder alone." in beside.err


def _is_installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None
