"""Photos become snippets, in their order, whatever their shape."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from making import make_photo, smooth_photo
from PIL import Image

from engine.method.snippets import grid_boxes
from engine.photos.decode import content_digest
from engine.photos.loader import FittedPhotos, LoadedPhoto, PhotoBatch, cut_snippets, load_batches


def load_photos(photos: Iterable[tuple[int, Path]], **wanted: Any) -> Iterator[LoadedPhoto]:
    """Photo by photo."""
    return (photo for batch in load_batches(photos, **wanted) for photo in batch.photos)


def test_snippets_of_all_grids_one_after_the_other(tmp_path: Path) -> None:
    file = make_photo(tmp_path / "photo.png", 1, size=(60, 30))
    [(loaded, snippets, _)] = load_photos([(7, file)], grids=[1, 2, 3], side=16, is_encoded=lambda content: False)
    assert loaded.photo_id == 7
    assert snippets.shape == (1 + 4 + 9, 16, 16, 3)
    assert loaded.content == content_digest(file.read_bytes())
    with Image.open(file) as photo:
        first_of_the_nine = photo.crop((0, 0, 20, 10)).resize((16, 16), Image.Resampling.BICUBIC)
    np.testing.assert_allclose(snippets[5].astype(int), np.asarray(first_of_the_nine), atol=1)


@pytest.mark.parametrize("size", [(640, 480), (1000, 750), (50, 300)])
def test_snippets_are_those_of_pillow(size: tuple[int, int]) -> None:
    photo = smooth_photo(3, size)
    whole, first, *_, last = cut_snippets(photo, [1, 2], side=64)
    half = size[0] // 2, size[1] // 2
    for snippet, box in ((whole, (0, 0, *size)), (first, (0, 0, *half)), (last, (*half, *size))):
        expected = photo.crop(box).resize((64, 64), Image.Resampling.BICUBIC)
        np.testing.assert_allclose(snippet.astype(int), np.asarray(expected), atol=2)


def test_the_whole_snippet_is_resized_not_cropped() -> None:
    halves = np.zeros((10, 100, 3), np.uint8)
    halves[:, :50] = 255
    [whole] = cut_snippets(Image.fromarray(halves), [1], side=8)
    assert whole[:, :3].min() == 255
    assert whole[:, 5:].max() == 0


@pytest.mark.parametrize("size", [(640, 480), (500, 333), (60, 301)])
def test_cropped_snippets_are_those_of_clip(size: tuple[int, int]) -> None:
    """As OpenAI's CLIP prepares a photo: the shorter side resized, the middle cut out."""
    from open_clip import image_transform

    photo = smooth_photo(3, size)
    prepare = image_transform(64, is_train=False, mean=(0, 0, 0), std=(1, 1, 1))
    for snippet, box in zip(cut_snippets(photo, [1, 2], side=64, crop=True), boxes_of(size), strict=True):
        expected = prepare(photo.crop(box)).permute(1, 2, 0).numpy() * 255
        np.testing.assert_allclose(snippet.astype(float), expected, atol=2)


def test_of_a_very_long_photo_the_middle_is_found_without_filling_the_memory() -> None:
    long = np.zeros((2, 40_001, 3), np.uint8)
    long[:, 19_994:20_007] = 255
    [middle] = cut_snippets(Image.fromarray(long), [1], side=448, crop=True)
    assert middle.min() == 255


def boxes_of(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The photo, and its 2 x 2 snippets."""
    return [(0, 0, *size), *grid_boxes(*size, 2)]


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 2), (3, 1000), (5, 7)])
def test_tiny_and_narrow_photos(size: tuple[int, int], tmp_path: Path) -> None:
    Image.new("RGB", size, (9, 99, 200)).save(tmp_path / "narrow.png")
    [(loaded, snippets, _)] = load_photos(
        [(1, tmp_path / "narrow.png")], grids=[1, 3, 8], side=32, is_encoded=lambda content: False
    )
    assert loaded.problem is None
    assert (snippets.reshape(-1, 3) == (9, 99, 200)).all()


def test_what_is_encoded_already_is_measured_but_not_cut(tmp_path: Path) -> None:
    file = make_photo(tmp_path / "photo.jpg", size=(40, 20), orientation=8)
    [(loaded, snippets, _)] = load_photos([(1, file)], grids=[1, 3], side=16, is_encoded=lambda content: True)
    assert snippets is None
    assert (loaded.width, loaded.height, loaded.orientation) == (40, 20, 8)


def test_order_is_kept_and_no_more_is_loaded_than_asked_for(tmp_path: Path) -> None:
    files = [make_photo(tmp_path / f"{at:02}.jpg", at, size=(8 + 40 * (at % 3), 8)) for at in range(12)]
    asked_for: list[int] = []

    def photos():
        for at, file in enumerate(files):
            asked_for.append(at)
            yield at, file

    loading = load_photos(photos(), grids=[1], side=8, is_encoded=lambda content: False, threads=2, ahead=3)
    assert next(loading)[0].photo_id == 0
    assert len(asked_for) == 3
    assert [photo.photo_id for photo, *_ in loading] == list(range(1, 12))


def test_nothing_to_load() -> None:
    assert list(load_photos([], grids=[1], side=8, is_encoded=lambda content: False)) == []


def test_batches_have_no_gaps_where_photos_are_known_or_broken(tmp_path: Path) -> None:
    files = [make_photo(tmp_path / f"{at}.png", at, size=(30, 20)) for at in range(7)]
    files[1].write_bytes(b"broken")
    known = {content_digest(files[at].read_bytes()) for at in (0, 4)}
    seen = {content_digest(files[2].read_bytes())}
    loading = load_batches(
        enumerate(files),
        grids=[1, 2],
        side=8,
        is_encoded=known.__contains__,
        fitted=FittedPhotos(16, seen.__contains__),
        at_once=lambda: 5,
    )
    cut, fitted, ids = [], [], []
    for batch in loading:
        assert len(batch.snippets) == 5 * sum(photo.snippets is not None for photo in batch.photos)
        cut.append(batch.snippets.copy())
        fitted.append(batch.fitted.copy())
        ids.extend(photo.read.photo_id for photo in batch.photos)
        batch.release()
    assert ids == list(range(7))
    expected = [
        one.snippets for one in load_photos(enumerate(files), grids=[1, 2], side=8, is_encoded=known.__contains__)
    ]
    np.testing.assert_array_equal(np.concatenate(cut), np.concatenate([one for one in expected if one is not None]))
    assert [len(one) for one in fitted] == [3, 2]


def test_room_that_was_released_is_used_again(tmp_path: Path) -> None:
    files = [make_photo(tmp_path / f"{at}.png", at, size=(30, 20)) for at in range(20)]
    made: list[tuple[int, ...]] = []

    def room(shape: tuple[int, ...]) -> np.ndarray:
        made.append(shape)
        return np.empty(shape, np.uint8)

    batches: list[PhotoBatch] = []
    for batch in load_batches(
        enumerate(files), grids=[1], side=8, is_encoded=lambda _: False, at_once=lambda: 2, ahead=4, room=room
    ):
        batches.append(batch)
        batch.release()
    assert len(batches) == 10
    assert made.count((2, 1, 8, 8, 3)) <= 3


@pytest.mark.parametrize("size", [(640, 480), (641, 479), (100, 1001)])
def test_snippets_of_a_batch_are_those_that_are_cut_one_by_one(size: tuple[int, int]) -> None:
    """Resized at once or each by itself, not a bit differs: stored embeddings stay right."""
    from torch import from_numpy
    from torch.nn.functional import interpolate

    photo = smooth_photo(5, size)
    pixels = np.array(photo)
    boxes = [box for grid in (1, 3) for box in grid_boxes(*size, grid)]
    for snippet, box in zip(cut_snippets(photo, [1, 3], 40), boxes, strict=True):
        part = from_numpy(pixels[box.top : box.bottom, box.left : box.right].copy()).unsqueeze(0).permute(0, 3, 1, 2)
        resized = interpolate(part, (40, 40), mode="bicubic", antialias=True)
        np.testing.assert_array_equal(snippet, resized[0].permute(1, 2, 0).numpy())
