"""Photos that show the same are found, photos that do not are not, on real photos and by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from engine.jobs import Cancellation, Cancelled, Progress
from engine.method.near_duplicates import Evidence, layout_vectors, near_duplicate_groups
from engine.models.encoders.fingerprint import Fingerprint, sharpness
from engine.project import Project
from engine.project.take_snapshot import take_snapshot
from engine.stages.care.samples import copy_sample_photos
from engine.stages.finding import duplicates
from engine.stages.labelling.add_photos import add_photos

Change = Callable[[Image.Image], Image.Image]


def cropped(photo: Image.Image, kept: float) -> Image.Image:
    width, height = photo.size
    left, top = round(width * (1 - kept) / 2), round(height * (1 - kept) / 2)
    return photo.crop((left, top, width - left, height - top))


CHANGES: dict[str, Change] = {
    "half the size": lambda photo: photo.resize((photo.width // 2, photo.height // 2)),
    "a margin cut off": lambda photo: cropped(photo, 0.96),
    "brighter": lambda photo: ImageEnhance.Brightness(photo).enhance(1.25),
    "grey": lambda photo: photo.convert("L").convert("RGB"),
    "blurred": lambda photo: photo.filter(ImageFilter.GaussianBlur(2)),
    "mirrored": lambda photo: photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    """Four real photos, all different."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for file in sorted(copy_sample_photos(tmp_path / "samples").glob("*.jpg"))[:4]:
        shutil.copy(file, folder)
    return folder


@pytest.fixture
def project(samples: Path) -> Iterator[Project]:
    with Project.open(samples) as opened:
        yield opened


def groups_by_path(project: Project) -> dict[str, int]:
    add_photos(project, Progress(), Cancellation())
    snapshot = take_snapshot(project)
    groups = duplicates.near_duplicate_groups(project, snapshot)
    return dict(zip(snapshot.paths, groups.tolist(), strict=True))


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_a_near_duplicate(project: Project, samples: Path, change: str) -> None:
    original = sorted(samples.glob("*.jpg"))[1]
    with Image.open(original) as photo:
        CHANGES[change](photo.convert("RGB")).save(samples / "zz_copy.jpg", quality=60)
    groups = groups_by_path(project)
    assert groups["zz_copy.jpg"] == groups[original.name]
    assert len(set(groups.values())) == 4


def test_different_photos_are_alone(project: Project) -> None:
    groups = groups_by_path(project)
    assert list(groups.values()) == [0, 1, 2, 3]


def test_copies_are_one_group_and_a_photo_that_cannot_be_read_is_alone(project: Project, samples: Path) -> None:
    first = min(samples.glob("*.jpg"))
    shutil.copy(first, samples / "zz_copy.jpg")
    (samples / "zz_damaged.jpg").write_bytes(b"no photo")
    groups = groups_by_path(project)
    assert groups["zz_copy.jpg"] == groups[first.name] == 0
    assert groups["zz_damaged.jpg"] == 5


def test_fingerprints_are_taken_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = groups_by_path(project)
    taken: list[int] = []
    monkeypatch.setattr(Fingerprint, "encode_snippets", lambda self, snippets: taken.append(len(snippets)))
    assert groups_by_path(project) == before
    assert not taken


def test_cancelled_in_the_middle_raises(project: Project) -> None:
    add_photos(project, Progress(), Cancellation())
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        duplicates.near_duplicate_groups(project, take_snapshot(project), Progress(), cancellation)


def test_the_largest_and_sharpest_of_a_group_is_best(project: Project, samples: Path) -> None:
    original = min(samples.glob("*.jpg"))
    with Image.open(original) as photo:
        rgb = photo.convert("RGB")
        rgb.resize((rgb.width // 2, rgb.height // 2)).save(samples / "a_small.jpg", quality=95)
        rgb.filter(ImageFilter.GaussianBlur(3)).save(samples / "b_blurred.jpg", quality=95)
    groups_by_path(project)
    snapshot = take_snapshot(project)
    groups = duplicates.near_duplicate_groups(project, snapshot)
    best = duplicates.best_of_groups(project, snapshot, groups)
    assert [path for path, is_best in zip(snapshot.paths, best, strict=True) if is_best] == [original.name]


def test_a_photo_saved_once_more_is_not_better_at_the_first_look_or_later(project: Project, samples: Path) -> None:
    originals = sorted(samples.glob("*.jpg"))[:4]
    for original in originals:
        with Image.open(original) as photo:
            photo.convert("RGB").save(samples / f"a_{original.name}", quality=50)
            photo.convert("RGB").resize((photo.width // 2, photo.height // 2)).save(
                samples / f"b_{original.name}", quality=100, subsampling=0
            )
    add_photos(project, Progress(), Cancellation())
    snapshot = take_snapshot(project)  # no photo was read yet
    for _ in range(2):
        groups = duplicates.near_duplicate_groups(project, snapshot)
        best = duplicates.best_of_groups(project, snapshot, groups)
        found = {path for path, is_best in zip(snapshot.paths, best, strict=True) if is_best}
        assert found == {original.name for original in originals}
        snapshot = take_snapshot(project)


def test_an_empty_project_has_no_groups(tmp_path: Path) -> None:
    with Project.open(tmp_path) as empty:
        snapshot = take_snapshot(empty)
        groups = duplicates.near_duplicate_groups(empty, snapshot)
        assert groups.shape == (0,)
        assert duplicates.best_of_groups(empty, snapshot, groups).shape == (0,)


def test_a_layout_by_hand() -> None:
    # Steps to the right: 1, 4; down: 9, 12. Their square roots, of unit length.
    expected = np.sqrt([1, 4, 9, 12])
    layout = layout_vectors(np.array([[[0, 1], [9, 13]]], np.float32))
    np.testing.assert_allclose(layout[0], expected / np.linalg.norm(expected), rtol=1e-6)


def test_a_layout_does_not_depend_on_brightness_and_contrast() -> None:
    cells = np.random.default_rng(1).uniform(0, 255, (3, 16, 16)).astype(np.float32)
    np.testing.assert_allclose(layout_vectors(0.4 * cells + 30), layout_vectors(cells), atol=1e-5)


def test_a_photo_of_one_colour_is_like_no_other() -> None:
    assert near_duplicate_groups(np.zeros((3, 16, 16), np.float32)).tolist() == [0, 1, 2]


def test_embeddings_find_what_the_layout_alone_does_not() -> None:
    random = np.random.default_rng(2)
    cells = random.normal(size=(200, 16, 16)).astype(np.float32)
    embeddings = random.normal(size=(200, 64)).astype(np.float32)
    # Photo 120 shows what 7 shows a little differently, and photo 121 only has the same subject.
    cells[120] = cells[7] + random.normal(size=(16, 16))
    embeddings[120] = embeddings[121] = embeddings[7] + 0.1 * random.normal(size=64)
    assert near_duplicate_groups(cells)[120] == 120
    groups = near_duplicate_groups(cells, embeddings)
    assert groups[120] == 7
    assert groups[121] == 121


def test_a_long_chain_of_small_steps_is_not_one_group() -> None:
    ends = np.random.default_rng(3).normal(size=(2, 16, 16))
    angles = np.linspace(0, 1.5 * np.pi, 90)
    chain = np.cos(angles)[:, None, None] * ends[0] + np.sin(angles)[:, None, None] * ends[1]
    layouts = layout_vectors(chain)
    assert (layouts[:-1] * layouts[1:]).sum(axis=1).min() > 0.9  # each is like the next
    groups = near_duplicate_groups(chain)
    like_the_first = {group: layouts[groups == group] @ layouts[group] >= 0.7 for group in np.unique(groups)}
    assert len(like_the_first) >= 3
    for group, is_like in like_the_first.items():
        members = layouts[groups == group]
        assert (members @ members[is_like].T >= 0.7).any(axis=1).all()


def test_groups_are_the_same_however_the_work_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(4)
    cells = random.normal(size=(40, 16, 16)).astype(np.float32).repeat(3, axis=0)[random.permutation(120)]
    cells += 0.02 * random.normal(size=cells.shape)
    at_once = near_duplicate_groups(cells)
    monkeypatch.setattr("engine.method.near_duplicates._MOST_ROWS_AT_ONCE", 1)
    told: list[int] = []
    assert near_duplicate_groups(cells, compared=told.append).tolist() == at_once.tolist()
    assert len(np.unique(at_once)) == 40
    assert told == [1] * 120


def made_up_collection(photos: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Smooth pictures and 300 subjects; every fifth photo is another a little changed, some mirrored."""
    random = np.random.default_rng(6)
    waves = np.cos(np.pi * np.arange(16)[:, None] * (np.arange(16) + 0.5) / 16) / (1 + np.arange(16))[:, None]
    cells = waves.T @ random.normal(size=(photos, 16, 16)) @ waves
    subject, embeddings = random.integers(0, 300, photos), random.normal(size=(photos, 96))
    embeddings += 1.5 * random.normal(size=(300, 96))[subject]
    copies, originals = random.permutation(photos)[: 2 * (photos // 5)].reshape(2, -1)
    strengths = random.uniform(0, 0.4, (len(copies), 1, 1)) * cells.std(axis=(1, 2))[originals][:, None, None]
    cells[copies] = cells[originals] + strengths * random.normal(size=(len(copies), 16, 16))
    cells[copies[::3]] = cells[copies[::3], :, ::-1]
    embeddings[copies] = embeddings[originals] + random.uniform(0, 0.8, (len(copies), 1)) * random.normal(size=(1, 96))
    embeddings[::50] = 0  # not labelled yet
    return cells.astype(np.float32), embeddings.astype(np.float32)


def test_few_pairs_are_missed_where_not_every_photo_is_compared_with_every_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brightness, embeddings = made_up_collection(2_500)

    def found() -> tuple[set[tuple[int, int]], list[int]]:
        ones, others = Evidence(brightness, embeddings).alike(np.arange(2_500), np.ones(2_500, bool))
        pairs = set(zip(ones.tolist(), others.tolist(), strict=True))
        return pairs, near_duplicate_groups(brightness, embeddings).tolist()

    every, groups_of_all = found()
    monkeypatch.setattr("engine.method.nearby._FEW", 1_000)
    some, groups = found()
    assert len(every) > 400
    assert some <= every
    assert len(some) >= 0.995 * len(every)
    assert (np.array(groups) == groups_of_all).mean() >= 0.999


def test_groups_are_those_of_the_rule_worked_out_photo_by_photo() -> None:
    brightness, embeddings = made_up_collection(1_000)
    ones, others = Evidence(brightness, embeddings).alike(np.arange(1_000), np.ones(1_000, bool))
    assert (others < ones).all()
    alike = {row: sorted(set(others[ones == row].tolist())) for row in range(1_000)}
    groups, steps = list(range(1_000)), [0] * 1_000
    for row in range(1_000):
        nearest = min(alike[row], key=lambda other: steps[other], default=row)
        if nearest != row and steps[nearest] < 2:
            groups[row], steps[row] = groups[nearest], steps[nearest] + 1
    assert near_duplicate_groups(brightness, embeddings).tolist() == groups


def test_thousands_of_the_same_photo_are_one_group_soon() -> None:
    cells = np.random.default_rng(7).normal(size=(6_000, 16, 16)).astype(np.float32)
    cells[100:] = cells[0]
    assert near_duplicate_groups(cells).tolist() == [*range(100), *([0] * 5_900)]


@pytest.mark.parametrize("shape", [(3, 8, 8), (3, 16)])
def test_another_grid_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="Expected argument `brightness` to be photos x 16 x 16"):
        near_duplicate_groups(np.zeros(shape, np.float32))


def test_embeddings_of_another_number_of_photos_are_refused() -> None:
    with pytest.raises(ValueError, match="Expected argument `embeddings` to have 3 rows, but got 2"):
        near_duplicate_groups(np.zeros((3, 16, 16), np.float32), np.zeros((2, 4), np.float32))


def test_sharpness_falls_with_blur_and_not_with_brightness() -> None:
    grey = np.random.default_rng(5).uniform(0, 200, (64, 64)).astype(np.float32)
    blurred = (grey[:-1, :-1] + grey[1:, :-1] + grey[:-1, 1:] + grey[1:, 1:]) / 4
    assert sharpness(blurred) < sharpness(grey) / 2
    assert sharpness(grey + 40) == pytest.approx(sharpness(grey), rel=1e-4)
    assert sharpness(np.full((64, 64), 7, np.float32)) == 0
