"""Stage 1 from a folder of photos to stored pseudo labels, and what a second run does again."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from making import make_photo, make_tiny_clip

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.method.stage_one import LabelMeans, score
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.photos.decode import decode_file
from engine.photos.loader import cut_snippets
from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.history.history import answer, withdraw_run
from engine.project.label_state import YES
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, load_scores, newest_run_with, runs
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseResult, initialise
from engine.stages.labelling.initialise_settings import InitialiseSettings, preset

pytestmark = pytest.mark.both_databases


class Counting:
    """An encoder that counts what the real one behind it is asked to encode."""

    def __init__(self, encoder: ClipEncoder) -> None:
        self._encoder = encoder
        self.snippets = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        self.snippets += len(snippets)
        return self._encoder.encode_snippets(snippets)


@pytest.fixture
def encoder(tiny_clip_encoder: ClipEncoder) -> Counting:
    return Counting(tiny_clip_encoder)


def label(
    project: Project,
    encoder: Counting,
    labels: Sequence[NewLabel | str] = ("cat", "dog", "boat"),
    settings: InitialiseSettings | None = None,
) -> InitialiseResult:
    use_label_set(project, [NewLabel(one) if isinstance(one, str) else one for one in labels])
    add_photos(project, Progress(), Cancellation())
    return initialise(project, encoder, settings or InitialiseSettings(), Progress(), Cancellation())


def test_every_photo_gets_the_scores_of_the_method(project: Project, encoder: Counting) -> None:
    result = label(
        project,
        encoder,
        settings=InitialiseSettings(centre=False, zeta=0.34, temperature=0.02, rerank=False, company=False),
    )
    assert (result.labelled, result.encoded, result.unreadable) == (8, 8, ())
    assert encoder.snippets == 8 * 10
    snapshot = take_snapshot(project)
    prompts = [[f"a photo of a {name}"] for name in ("cat", "dog", "boat")]
    for row, path in enumerate(snapshot.paths):
        snippets = cut_snippets(decode_file(project.file_of(path)).picture, [1, 3], encoder.input_size)
        cosines = encoder.encode_snippets(snippets).astype(np.float16) @ encoder.encode_labels(prompts).vectors.T
        expected = score(cosines[np.newaxis], None, temperature=0.02, zeta=0.34)
        for stage, values in ((GLOBAL, expected.whole), (AGGREGATED, expected.aggregated), (INITIAL, expected.initial)):
            np.testing.assert_allclose(snapshot.matrix_of(project, stage)[row], values[0], atol=2e-3)


def test_what_the_encoder_saw_of_a_photo_is_kept_apart(project: Project, encoder: Counting) -> None:
    label(project, encoder)
    whole = load_scores(project, INITIAL).values
    cropped = InitialiseSettings(crop=True)
    assert label(project, encoder, settings=cropped).encoded == 8
    assert not np.allclose(load_scores(project, INITIAL).values, whole, atol=1e-5)
    assert label(project, encoder).encoded == label(project, encoder, settings=cropped).encoded == 0


def test_all_photos_together_are_looked_at_twice(project: Project, encoder: Counting) -> None:
    label(project, encoder, settings=InitialiseSettings(rerank=False))
    once = load_scores(project, INITIAL).values
    label(project, encoder)
    twice = load_scores(project, INITIAL).values
    assert not np.allclose(once, twice)
    np.testing.assert_allclose(np.sort(twice, axis=0), np.sort(once, axis=0), rtol=1e-4)


def test_photos_that_differ_get_scores_that_differ(labelled: Project) -> None:
    initial = load_scores(labelled, INITIAL).values
    assert initial.shape == (8, 3)
    assert len(np.unique(initial, axis=0)) == 8
    assert initial.min() >= 0
    assert initial.max() <= 1


def test_a_second_run_encodes_only_new_photos(project: Project, encoder: Counting) -> None:
    label(project, encoder)
    make_photo(project.photos / "new.jpg", 77)
    encoder.snippets = 0
    result = label(project, encoder)
    assert encoder.snippets == 10
    assert (result.labelled, result.encoded) == (9, 1)


def test_a_second_run_with_nothing_new_is_the_same_run(project: Project, encoder: Counting) -> None:
    first = label(project, encoder)
    second = label(project, encoder)
    assert second.run_id == first.run_id
    assert len(runs(project)) == 1
    assert second.encoded == 0


def test_a_newer_program_that_compares_otherwise_scores_again_without_encoding(
    project: Project, encoder: Counting
) -> None:
    first = label(project, encoder)
    encoder.comparison = "cosine to more prompts"
    second = label(project, encoder)
    assert second.run_id != first.run_id
    assert second.encoded == 0


def test_labelling_after_a_run_was_withdrawn_brings_its_suggestions_back(project: Project, encoder: Counting) -> None:
    first = label(project, encoder)
    withdraw_run(project, first.run_id)
    assert np.isnan(take_snapshot(project).scores).all()
    encoder.snippets = 0
    second = label(project, encoder)
    assert second.run_id != first.run_id
    assert not np.isnan(take_snapshot(project).scores).any()
    assert encoder.snippets == 0


@pytest.mark.parametrize(
    "again",
    [
        {"labels": ["cat", "dog", "boat", "horse"]},
        {"labels": ["dog"]},
        {"labels": [NewLabel("cat", prompts=("a sleepy cat", "a kitten")), "dog", "boat"]},
        {"settings": InitialiseSettings(temperature=0.5)},
        {"settings": InitialiseSettings(zeta=0.5)},
        {"settings": InitialiseSettings(centre=False)},
    ],
    ids=["label added", "labels left out", "prompt", "temperature", "zeta", "centring"],
)
def test_other_labels_prompts_or_settings_encode_nothing(again: dict, project: Project, encoder: Counting) -> None:
    label(project, encoder)
    before = load_scores(project, INITIAL).values
    encoder.snippets = 0
    result = label(project, encoder, **again)
    assert encoder.snippets == result.encoded == 0
    after = load_scores(project, INITIAL).values
    assert result.labelled == len(after) == 8
    assert after.shape != before.shape or not np.allclose(after, before)


def test_grids_that_the_cache_covers_encode_nothing(project: Project, encoder: Counting) -> None:
    label(project, encoder, settings=InitialiseSettings(grids=(2, 3)))
    encoder.snippets = 0
    label(project, encoder, settings=InitialiseSettings(grids=(3,)))
    label(project, encoder, settings=InitialiseSettings(grids=(2,)))
    label(project, encoder, settings=InitialiseSettings(grids=(2, 3)))
    assert encoder.snippets == 0


def test_only_the_grid_that_is_missing_is_encoded(project: Project, encoder: Counting) -> None:
    label(project, encoder, settings=InitialiseSettings(grids=(3,)))
    encoder.snippets = 0
    label(project, encoder, settings=InitialiseSettings(grids=(2, 3)))
    assert encoder.snippets == 8 * 4


def test_other_weights_encode_again(project: Project, encoder: Counting, tmp_path: Path) -> None:
    label(project, encoder)
    (tmp_path / "other").mkdir()
    other = Counting(ClipEncoder.open(str(make_tiny_clip(tmp_path / "other", seed=2)), device="cpu"))
    assert label(project, other).encoded == 8
    assert other.snippets == 80
    encoder.snippets = 0
    label(project, encoder)
    assert encoder.snippets == 0


def test_a_moved_photo_keeps_its_decisions_and_is_not_encoded_again(project: Project, encoder: Counting) -> None:
    label(project, encoder)
    before = take_snapshot(project)
    photo_id = int(before.photo_ids[before.paths.index("trip/boat.jpg")])
    answer(project, "confirmed boat", [Answer(photo_id, before.labels[2].id, True)])
    (project.photos / "elsewhere").mkdir()
    (project.photos / "trip" / "boat.jpg").rename(project.photos / "elsewhere" / "ship.jpg")
    encoder.snippets = 0
    result = label(project, encoder)
    after = take_snapshot(project)
    assert encoder.snippets == 0
    assert result.labelled == 8
    assert result.unreadable == ()
    row = after.paths.index("elsewhere/ship.jpg")
    assert after.photo_ids[row] == photo_id
    assert after.decisions[row].tolist() == [0, 0, YES]
    np.testing.assert_array_equal(after.scores[row], before.scores[before.row_of(photo_id)])


def test_a_copy_of_a_photo_is_a_photo_of_its_own_and_not_encoded_again(project: Project, encoder: Counting) -> None:
    label(project, encoder)
    shutil.copy(project.photos / "beach.jpg", project.photos / "beach copy.jpg")
    encoder.snippets = 0
    result = label(project, encoder)
    assert encoder.snippets == 0
    assert (result.labelled, result.encoded) == (9, 0)
    snapshot = take_snapshot(project)
    np.testing.assert_array_equal(
        snapshot.scores[snapshot.paths.index("beach copy.jpg")], snapshot.scores[snapshot.paths.index("beach.jpg")]
    )


def test_a_photo_that_was_only_touched_is_not_encoded_again(project: Project, encoder: Counting) -> None:
    label(project, encoder)
    os.utime(project.photos / "dog.webp", ns=(1, 1))
    encoder.snippets = 0
    assert label(project, encoder).labelled == 8
    assert encoder.snippets == 0


def test_an_edited_photo_is_scored_anew(project: Project, encoder: Counting) -> None:
    label(project, encoder)
    before = take_snapshot(project)
    make_photo(project.photos / "beach.jpg", 99, size=(70, 70))
    encoder.snippets = 0
    label(project, encoder)
    after = take_snapshot(project)
    assert encoder.snippets == 10
    assert after.sizes[0].tolist() == [70, 70]
    assert not np.allclose(after.scores[0], before.scores[0])


def test_a_removed_photo_keeps_its_row_and_comes_back(project: Project, encoder: Counting, tmp_path: Path) -> None:
    label(project, encoder)
    (project.photos / "city.png").rename(tmp_path / "away.png")
    gone = label(project, encoder)
    assert gone.labelled == 7
    assert gone.unreadable == (("city.png", "The file is no longer there."),)
    (tmp_path / "away.png").rename(project.photos / "city.png")
    encoder.snippets = 0
    back = label(project, encoder)
    assert (back.labelled, back.unreadable, encoder.snippets) == (8, (), 0)


def test_unreadable_photos_are_recorded_and_end_nothing(project: Project, encoder: Counting) -> None:
    (project.photos / "corrupt.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    (project.photos / "empty.png").touch()
    result = label(project, encoder)
    assert result.labelled == 8
    assert [path for path, _reason in result.unreadable] == ["corrupt.jpg", "empty.png"]
    assert all(reason for _path, reason in result.unreadable)


def test_a_photo_that_vanishes_during_the_run_is_recorded(project: Project, encoder: Counting) -> None:
    use_label_set(project, [NewLabel("cat")])
    add_photos(project, Progress(), Cancellation())
    (project.photos / "zebra.bmp").unlink()
    result = initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
    assert result.labelled == 7
    assert result.unreadable == (("zebra.bmp", "The file is no longer there."),)


def test_only_unreadable_photos(tmp_path: Path, encoder: Counting) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "bad.jpg").write_bytes(b"bad")
    with Project.open(tmp_path / "photos") as project:
        assert label(project, encoder).labelled == 0


def test_photos_whose_bytes_could_not_be_read_are_tried_again(project: Project, encoder: Counting) -> None:
    hidden, photo = project.photos / "hidden", project.photos / "beach.jpg"
    use_label_set(project, [NewLabel("cat")])
    add_photos(project, Progress(), Cancellation())
    # A file that cannot be opened for a while, whoever runs the tests: a folder stands in its place.
    photo.rename(hidden)
    photo.mkdir()
    first = initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
    photo.rmdir()
    hidden.rename(photo)
    assert [path for path, _reason in first.unreadable] == ["beach.jpg"]
    assert label(project, encoder).labelled == 8


def test_a_photo_folder_that_went_away_changes_nothing(project: Project, encoder: Counting, tmp_path: Path) -> None:
    with Project.open(project.photos, tmp_path / "project elsewhere") as elsewhere:
        label(elsewhere, encoder)
        elsewhere.photos.rename(tmp_path / "unplugged")
        with pytest.raises(ProjectError, match=r"is not there. Is its drive connected\? Nothing was changed"):
            add_photos(elsewhere, Progress(), Cancellation())
        assert take_snapshot(elsewhere).problems == [None] * 8


def test_no_labels_are_one_sentence(project: Project, encoder: Counting) -> None:
    add_photos(project, Progress(), Cancellation())
    with pytest.raises(UserError, match="There are no labels to look for"):
        initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())


def test_no_photos(tmp_path: Path, encoder: Counting) -> None:
    (tmp_path / "none").mkdir()
    with Project.open(tmp_path / "none") as project:
        result = label(project, encoder)
        assert (result.labelled, result.encoded) == (0, 0)
        assert take_snapshot(project).scores.shape == (0, 3)


def test_one_label_without_company_is_certain_everywhere(project: Project, encoder: Counting) -> None:
    label(project, encoder, labels=["cat"], settings=InitialiseSettings(company=False))
    np.testing.assert_array_equal(load_scores(project, INITIAL).values, np.ones((8, 1)))


def test_the_run_keeps_everything_needed_to_repeat_it(project: Project, encoder: Counting) -> None:
    label(project, encoder, settings=InitialiseSettings(grids=(2, 3), zeta=0.1))
    run = newest_run_with(project, INITIAL)
    assert run.finished_at is not None
    kept = {name: run.settings[name] for name in ("grids", "zeta", "centre", "temperature", "encoder")}
    assert kept == {
        "grids": [2, 3],
        "zeta": 0.1,
        "centre": True,
        "temperature": encoder.default_temperature,
        "encoder": encoder.name,
    }
    assert LabelMeans(**run.settings["means"]).whole != [0, 0, 0]


def test_only_the_newest_runs_keep_their_scores(project: Project, encoder: Counting) -> None:
    for temperature in (0.1, 0.2, 0.3, 0.4, 0.5):
        label(project, encoder, settings=InitialiseSettings(temperature=temperature))
    assert len(runs(project)) == 5
    assert (
        sum(
            load_scores(project, INITIAL, run) is not None and len(load_scores(project, INITIAL, run).values) > 0
            for run in runs(project)
        )
        == 3
    )


def test_the_presets(encoder: Counting) -> None:
    paper = preset("paper", encoder)
    assert (paper.temperature, paper.zeta, paper.centre, paper.grids) == (encoder.temperature, 0.5, False, (3,))
    assert not any((paper.rerank, paper.company, paper.detector))
    default = preset("default", encoder)
    assert (default.temperature, default.zeta, default.centre) == (encoder.default_temperature, 0, True)
    assert default.rerank
    assert default.company
    assert default.detector
    with pytest.raises(UserError, match="preset named default or paper, but got 'best'"):
        preset("best", encoder)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"temperature": 0.0}, "temperature"),
        ({"zeta": 1.5}, "zeta"),
        ({"grids": (1,)}, "grids"),
        ({"grids": ()}, "grids"),
    ],
)
def test_settings_out_of_range_are_named(wrong: dict, named: str) -> None:
    with pytest.raises(ValueError, match=f"`{named}`"):
        replace(InitialiseSettings(), **wrong)
