"""The cache may go at any time: it is made again."""

from pathlib import Path

import numpy as np
import pytest

from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.project import Project, ProjectError
from engine.project.embeddings import contents_with_embeddings, load_embeddings, store_embeddings
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, load_scores
from engine.stages.labelling.initialise import InitialiseSettings, initialise


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:6000])


def overwrite(file: Path) -> None:
    file.write_bytes(b"not a database" * 1000)


def overwrite_all_but_the_header(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def of_another_version(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[60:64] = (99).to_bytes(4, "big")  # where SQLite keeps `user_version`
    file.write_bytes(data)


@pytest.mark.parametrize(
    "harm", [Path.unlink, cut_short, overwrite, overwrite_all_but_the_header, of_another_version, Path.touch]
)
def test_a_cache_that_is_gone_or_damaged_is_made_again(
    harm: object, labelled: Project, tiny_clip_encoder: ClipEncoder
) -> None:
    before = load_scores(labelled, INITIAL).values
    labelled.close()
    harm(labelled.folder / "cache.sqlite")  # type: ignore[operator]
    with Project.open(labelled.photos) as again:
        np.testing.assert_array_equal(load_scores(again, INITIAL).values, before)
        use_label_set(again, [NewLabel("horse"), NewLabel("dog")])
        result = initialise(again, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
        assert result.labelled == 8
        assert result.encoded == (0 if harm is Path.touch else 8)


def test_a_project_without_a_cache_can_be_read(labelled: Project) -> None:
    labelled.close()
    (labelled.folder / "cache.sqlite").unlink()
    with Project.open(labelled.photos, read_only=True) as reader:
        assert load_scores(reader, INITIAL).values.shape == (8, 3)
        found, vectors = load_embeddings(reader, "clip", [b"content"], [1], 4)
        assert found.tolist() == [False]
        assert vectors.shape == (0, 1, 4)
    assert not (labelled.folder / "cache.sqlite").exists()


def test_embeddings_come_back_by_content_encoder_and_grid(project: Project) -> None:
    values = {grid: np.random.default_rng(grid).random((grid * grid, 4)).astype(np.float16) for grid in (1, 2, 3)}
    one, other = b"a" * 15 + b"\0", b"b" * 16
    store_embeddings(project, "clip", {one: values, other: {1: values[1]}})
    assert contents_with_embeddings(project, "clip", [1]) == {one, other}
    assert contents_with_embeddings(project, "clip", [1, 3]) == {one}
    assert contents_with_embeddings(project, "other", [1]) == set()
    found, loaded = load_embeddings(project, "clip", [b"c", one, other, one], [3, 1], dimension=4)
    assert found.tolist() == [False, True, False, True]
    np.testing.assert_array_equal(loaded, [np.concatenate([values[3], values[1]])] * 2)


def test_damage_found_on_the_way_is_one_sentence(labelled: Project) -> None:
    contents = [bytes([at]) * 16 for at in range(200)]
    store_embeddings(labelled, "other", {content: {1: np.zeros((1, 2000), np.float16)} for content in contents})
    labelled.close()
    file = labelled.folder / "cache.sqlite"
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = b"\xa5" * (len(data) - len(data) // 2)
    file.write_bytes(data)
    with (
        Project.open(labelled.photos) as again,
        pytest.raises(ProjectError, match=r"cache.sqlite is damaged .* Delete it: it is made again"),
    ):
        load_embeddings(again, "other", contents, [1], dimension=2000)
