"""Photos become snippets, in their order, whatever their shape."""

from pathlib import Path

import numpy as np
import pytest
from making import make_photo, smooth_photo
from PIL import Image

from engine.method.snippets import grid_boxes
from engine.photos.decode import content_digest
from engine.photos.loader import cut_snippets, load_photos


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
        # Where the middle is half a pixel off, so is what is cut out.
        np.testing.assert_allclose(snippet.astype(float), expected, atol=6)


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
