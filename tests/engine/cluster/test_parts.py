"""Parts keep what networks made of photos, whoever asks for it and wherever they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_photo

from engine.cluster.parts import Looked, PartStore, key_of
from engine.cluster.ray_runner import RayRunner, _parts
from engine.errors import UserError
from engine.remote import AnyFile
from engine.stages.labelling.encode_files import EncodedPhoto, Networks, encode_files

pytest.importorskip("pyarrow", reason="the extra `cluster` is not installed")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [make_photo(tmp_path / "photos" / f"{at}.jpg", at, size=(40, 30)) for at in range(4)]
    broken = tmp_path / "photos" / "broken.jpg"
    broken.write_bytes(b"no photo")
    return [*made, broken]


@pytest.fixture
def networks(tiny_clip_encoder: Any) -> Networks:
    return Networks(tiny_clip_encoder, (1, 3), ())


def encoded(files: Sequence[Path], networks: Networks) -> list[EncodedPhoto]:
    return [photo for group in encode_files(enumerate(files), networks, lambda: None) for photo in group]


def read(store: PartStore, name: str, files: Sequence[Path]) -> list[EncodedPhoto]:
    ids = {key_of(file): at for at, file in enumerate(files)}
    return [photo for group in store.read(name, ids) for photo in group]


def check_same(found: Sequence[EncodedPhoto], made: Sequence[EncodedPhoto]) -> None:
    assert [photo.read for photo in found] == [photo.read for photo in made]
    for one, other in zip(found, made, strict=True):
        assert (one.snippets is None) == (other.snippets is None)
        if one.snippets is not None and other.snippets is not None:
            assert one.snippets.tobytes() == other.snippets.tobytes()


def test_a_part_gives_back_what_was_made_of_each_file(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    store = PartStore(str(tmp_path / "parts"), Looked.by(networks))
    made = encoded(files, networks)
    assert made[-1].read.problem is not None
    name = store.write([key_of(file) for file in files], made)
    check_same(read(store, name, files), made)
    assert list(store.parts_with([key_of(files[1]), b"another"])) == [name]


def test_a_file_that_was_changed_is_not_in_the_part(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    store = PartStore(str(tmp_path / "parts"), Looked.by(networks))
    name = store.write([key_of(file) for file in files], encoded(files, networks))
    make_photo(files[0], 9, size=(60, 40))
    assert [photo.read.photo_id for photo in read(store, name, files)] == [1, 2, 3, 4]


def test_what_is_damaged_counts_as_not_made(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    looked = Looked.by(networks)
    store = PartStore(str(tmp_path / "parts"), looked)
    made = encoded(files, networks)
    name = store.write([key_of(file) for file in files], made)
    (part,) = (tmp_path / "parts" / looked.digest).iterdir()
    part.write_bytes(part.read_bytes()[:-200])
    assert read(store, name, files) == []
    assert list(store.parts_with([key_of(files[0])])) == []
    # And vectors that are no numbers, or too few.
    no_numbers = np.full_like(made[0].snippets, np.nan)
    half = made[1].snippets[:5] if made[1].snippets is not None else None
    wrong = [EncodedPhoto(made[0].read, no_numbers, None), EncodedPhoto(made[1].read, half, None), *made[2:]]
    name = store.write([key_of(file) for file in files], wrong)
    assert [photo.read.photo_id for photo in read(store, name, files)] == [2, 3, 4]


def test_other_networks_have_a_place_of_their_own(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    store = PartStore(str(tmp_path / "parts"), Looked.by(networks))
    store.write([key_of(file) for file in files], encoded(files, networks))
    cropped = PartStore(str(tmp_path / "parts"), Looked.by(Networks(networks.encoder, (1, 3), (), crop=True)))
    assert cropped.names() == []


def test_an_address_that_nothing_reads_is_told(networks: Networks) -> None:
    with pytest.raises(UserError, match="nowhere://bucket"):
        PartStore("nowhere://bucket/parts", Looked.by(networks))


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_parts_lie_in_an_object_store_as_well(
    files: list[Path], networks: Networks, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    server = pytest.importorskip("moto.server", reason="moto's object store is not installed")
    here = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    here.start()
    try:
        host, port = here.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of a test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of a test")
        import s3fs

        s3fs.S3FileSystem().mkdir("bucket")
        store = PartStore("s3://bucket/parts", Looked.by(networks))
        made = encoded(files, networks)
        name = store.write([key_of(file) for file in files], made)
        check_same(read(PartStore("s3://bucket/parts", Looked.by(networks)), name, files), made)
    finally:
        here.stop()


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("count", [0, 1, 15, 100, 40_000])
def test_every_file_is_in_one_part_and_the_last_ones_are_small(count: int, workers: int) -> None:
    files = [str(at) for at in range(count)]
    parts = [*_parts(files, workers)]
    assert [file for part in parts for file in part] == files
    assert all(0 < len(part) <= 1000 for part in parts)
    assert all(len(part) <= 16 for part in parts[:workers] + parts[-workers:])


class Elsewhere(RayRunner):
    """Workers that look into another folder, as on a machine where the photos are not mounted."""

    def _encode(self, files: list[AnyFile], networks: Networks, check: Callable[[], None]) -> Iterator[str]:
        there = [Path(str(file).replace("/photos/", "/elsewhere/")) for file in files]
        yield PartStore(self.store, Looked.by(networks)).write(
            [key_of(file) for file in there], encoded(there, networks)
        )


def test_photos_that_workers_do_not_find_are_told(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the same paths"):
        list(Elsewhere(str(tmp_path / "parts"))(enumerate(files), networks, lambda: None))
    # One that went meanwhile is nobody's fault.
    for file in files[1:]:
        file.unlink()
    made = encoded(files[:1], networks)
    PartStore(str(tmp_path / "parts"), Looked.by(networks)).write([key_of(files[0])], made)
    (found,) = Elsewhere(str(tmp_path / "parts"))([(0, files[0])], networks, lambda: None)
    check_same(found, made)


def test_a_store_that_cannot_be_written_is_told(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    (tmp_path / "parts").write_text("a file")
    store = PartStore(str(tmp_path / "parts"), Looked.by(networks))
    with pytest.raises(UserError, match="Nothing can be kept"):
        store.write([key_of(file) for file in files], encoded(files, networks))


def test_what_could_not_be_read_is_tried_again(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    store = PartStore(str(tmp_path / "parts"), Looked.by(networks))
    store.write([key_of(file) for file in files], encoded(files, networks))

    class Asked(RayRunner):
        def _encode(self, files: list[AnyFile], networks: Networks, check: Callable[[], None]) -> Iterator[str]:
            asked.extend(files)
            return iter([store.names()[0]])

    asked: list[AnyFile] = []
    runner = Asked(str(tmp_path / "parts"))
    found = [photo for group in runner(enumerate(files), networks, lambda: None) for photo in group]
    assert asked == [files[-1]]
    assert {photo.read.photo_id for photo in found} == set(range(len(files)))


def test_what_lies_ready_is_told_from_what_was_made(files: list[Path], networks: Networks, tmp_path: Path) -> None:
    store = PartStore(str(tmp_path / "parts"), Looked.by(networks))
    ready, made = files[:-2], files[-2:-1]
    store.write([key_of(file) for file in ready], encoded(ready, networks))

    class Worker(RayRunner):
        def _encode(self, files: list[AnyFile], networks: Networks, check: Callable[[], None]) -> Iterator[str]:
            yield store.write([key_of(file) for file in made], encoded(made, networks))

    groups = Worker(str(tmp_path / "parts"))(enumerate([*ready, *made]), networks, lambda: None)
    found = {photo.read.photo_id: photo.from_store for group in groups for photo in group}
    assert found == {at: at < len(ready) for at in range(len(ready) + len(made))}
