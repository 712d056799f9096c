"""Files that are no photos, or no longer, each get a reason."""

import contextlib
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import make_photo

from engine.photos import decode as decoding
from engine.photos.decode import PhotoProblem, decode, decode_file
from engine.photos.loader import load_batches

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes whose header says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def test_a_small_file_that_claims_to_be_gigantic_is_refused_unread() -> None:
    with pytest.raises(PhotoProblem, match=r"gigantic \(50000 x 50000 pixels\)"):
        decode(png_that_claims(50_000, 50_000))


def test_what_does_not_fit_into_memory_is_refused_unread() -> None:
    with pytest.raises(PhotoProblem, match=r"too large to decode \(15000 x 12000 pixels\)"):
        decode(png_that_claims(15_000, 12_000))


def test_a_truncated_photo(tmp_path: Path) -> None:
    data = make_photo(tmp_path / "photo.jpg", size=(200, 200)).read_bytes()
    with pytest.raises(PhotoProblem, match=r"damaged \(.*truncated"):
        decode(data[: len(data) // 2])


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(PhotoProblem, match="The file is empty"):
        decode_file(tmp_path / "empty.jpg")


def test_a_vanished_file(tmp_path: Path) -> None:
    with pytest.raises(PhotoProblem, match="no longer there"):
        decode_file(tmp_path / "gone.jpg")


def test_a_folder_with_the_name_of_a_photo(tmp_path: Path) -> None:
    (tmp_path / "folder.jpg").mkdir()
    with pytest.raises(PhotoProblem, match="cannot be read"):
        decode_file(tmp_path / "folder.jpg")


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(PhotoProblem, match="not a photo in a known format"):
        decode(b"%PDF-1.4 and so on")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_BYTES", 2**20)
    (tmp_path / "large.jpg").write_bytes(bytes(3 * 2**20))
    with pytest.raises(PhotoProblem, match="The file has 3 MB; at most 1 are read"):
        decode_file(tmp_path / "large.jpg")


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "gif", "avif", "bmp"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.data())
def test_whatever_the_damage_it_is_a_photo_or_a_problem(suffix: str, damage: st.DataObject, tmp_path: Path) -> None:
    data = bytearray(make_photo(tmp_path / f"photo.{suffix}", orientation=6 if suffix == "jpg" else None).read_bytes())
    for _ in range(damage.draw(st.integers(1, 5))):
        data[damage.draw(st.integers(0, len(data) - 1))] = damage.draw(st.integers(0, 255))
    with contextlib.suppress(PhotoProblem):
        assert decode(bytes(data), at_least=(10, 10)).rgb.ndim == 3


def test_a_bad_file_among_good_ones_keeps_its_place_and_ends_nothing(tmp_path: Path) -> None:
    files = [make_photo(tmp_path / f"{name}.jpg", seed) for seed, name in enumerate("abcde")]
    files[2].write_bytes(b"\xff\xd8\xff not a photo")
    files[3].unlink()
    loading = load_batches(enumerate(files), grids=[1, 3], side=8, is_encoded=lambda content: False)
    loaded = [photo.read for batch in loading for photo in batch.photos]
    assert [photo.photo_id for photo in loaded] == [0, 1, 2, 3, 4]
    assert [photo.problem is None for photo in loaded] == [True, True, False, False, True]
    assert loaded[3].problem == "The file is no longer there."
