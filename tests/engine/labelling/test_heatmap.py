"""Where in a photo its labels come from, out of what the newest run compared."""

import numpy as np
import pytest
from sqlalchemy import Engine, event

from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.project import Project, ProjectError
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, load_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.explain import Heatmaps
from engine.stages.labelling.initialise import InitialiseSettings, initialise


def test_the_best_snippet_of_the_heatmap_is_the_score_of_the_aggregator(labelled: Project) -> None:
    snapshot = take_snapshot(labelled)
    aggregated, whole = snapshot.matrix_of(labelled, AGGREGATED), snapshot.matrix_of(labelled, GLOBAL)
    for row, photo_id in enumerate(snapshot.photo_ids):
        shown = Heatmaps(labelled).of(int(photo_id))
        assert list(shown.snippets) == [3]
        assert shown.snippets[3].shape == (3, 3, 3)
        np.testing.assert_allclose(shown.snippets[3].max(axis=(0, 1)), aggregated[row], rtol=1e-6)
        np.testing.assert_allclose(shown.whole, whole[row], rtol=1e-6)


def test_what_all_photos_share_is_read_once(labelled: Project) -> None:
    heatmaps, asked = Heatmaps(labelled), []
    heatmaps.of(1)

    @event.listens_for(Engine, "before_cursor_execute")
    def ask(*told: object) -> None:
        asked.append(told[2])

    try:
        assert heatmaps.of(2) is not None
    finally:
        event.remove(Engine, "before_cursor_execute", ask)
    assert len([one for one in asked if str(one).startswith("SELECT")]) == 1


def test_each_grid_has_its_map(labelled: Project, tiny_clip_encoder: ClipEncoder) -> None:
    initialise(labelled, tiny_clip_encoder, InitialiseSettings(grids=(2, 3)), Progress(), Cancellation())
    shown = Heatmaps(labelled).of(1)
    assert {grid: values.shape for grid, values in shown.snippets.items()} == {2: (2, 2, 3), 3: (3, 3, 3)}
    dog = shown.label_ids[1]
    np.testing.assert_array_equal(shown.of(dog), shown.snippets[3][:, :, 1])
    np.testing.assert_array_equal(shown.of(dog, grid=2), shown.snippets[2][:, :, 1])


def test_a_label_that_the_run_did_not_know_has_no_map(labelled: Project) -> None:
    new = use_label_set(labelled, [NewLabel("horse")])[0]
    assert Heatmaps(labelled).of(1).of(new.id) is None


def test_no_heatmap_before_labelling(project: Project) -> None:
    assert Heatmaps(project).of(1) is None


def test_without_the_file_of_similarities_there_is_no_heatmap_until_the_next_run(
    labelled: Project, tiny_clip_encoder: ClipEncoder
) -> None:
    [file] = labelled.folder.glob("similarities-*")
    file.unlink()
    assert Heatmaps(labelled).of(1) is None
    initialise(labelled, tiny_clip_encoder, InitialiseSettings(temperature=0.5), Progress(), Cancellation())
    assert Heatmaps(labelled).of(1) is not None


def test_only_the_newest_run_keeps_its_similarities(labelled: Project, tiny_clip_encoder: ClipEncoder) -> None:
    [before] = labelled.folder.glob("similarities-*")
    initialise(labelled, tiny_clip_encoder, InitialiseSettings(grids=(2,)), Progress(), Cancellation())
    [after] = labelled.folder.glob("similarities-*")
    assert after != before
    # A place for each of the eight photos and the unused number 0: 5 snippets x (3 labels, 77 hidden ones), float32.
    assert after.stat().st_size == 9 * 5 * 80 * 4


def test_a_photo_that_the_run_under_way_has_not_come_to_has_no_heatmap(labelled: Project) -> None:
    with labelled.writing() as connection:
        connection.exec_driver_sql("DELETE FROM score WHERE photo_id = 2")
    assert Heatmaps(labelled).of(2) is None
    assert Heatmaps(labelled).of(3) is not None


def test_similarities_that_cannot_be_written_end_the_run_with_a_sentence(
    labelled: Project, tiny_clip_encoder: ClipEncoder
) -> None:
    before = load_scores(labelled, INITIAL)
    (labelled.folder / "similarities-2.f32").mkdir()
    with pytest.raises(ProjectError, match=r"Nothing could be written .* Check that the disk has room"):
        initialise(labelled, tiny_clip_encoder, InitialiseSettings(temperature=0.5), Progress(), Cancellation())
    after = load_scores(labelled, INITIAL)
    assert before is not None
    assert after is not None
    np.testing.assert_array_equal(after.values, before.values)
