"""Where in a photo its labels come from, out of stored similarities."""

import numpy as np

from engine.jobs import Control, Progress
from engine.models.clip_encoder import ClipEncoder
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import AGGREGATED, GLOBAL
from engine.project.snapshot import take_snapshot
from engine.stages.explain import heatmap
from engine.stages.initialise import InitialiseSettings, initialise


def test_the_best_snippet_of_the_heatmap_is_the_score_of_the_aggregator(labelled: Project) -> None:
    snapshot = take_snapshot(labelled)
    aggregated, whole = snapshot.matrix_of(labelled, AGGREGATED), snapshot.matrix_of(labelled, GLOBAL)
    for row, photo_id in enumerate(snapshot.photo_ids):
        shown = heatmap(labelled, int(photo_id))
        assert list(shown.snippets) == [3]
        assert shown.snippets[3].shape == (3, 3, 3)
        np.testing.assert_allclose(shown.snippets[3].max(axis=(0, 1)), aggregated[row], rtol=1e-6)
        np.testing.assert_allclose(shown.whole, whole[row], rtol=1e-6)


def test_each_grid_has_its_map(labelled: Project, tiny_clip_encoder: ClipEncoder) -> None:
    initialise(labelled, tiny_clip_encoder, InitialiseSettings(grids=(2, 3)), Progress(), Control())
    shown = heatmap(labelled, 1)
    assert {grid: values.shape for grid, values in shown.snippets.items()} == {2: (2, 2, 3), 3: (3, 3, 3)}
    dog = shown.label_ids[1]
    np.testing.assert_array_equal(shown.of(dog), shown.snippets[3][:, :, 1])
    np.testing.assert_array_equal(shown.of(dog, grid=2), shown.snippets[2][:, :, 1])


def test_a_label_that_the_run_did_not_know_has_no_map(labelled: Project) -> None:
    new = use_label_set(labelled, [NewLabel("horse")])[0]
    assert heatmap(labelled, 1).of(new.id) is None


def test_no_heatmap_before_labelling(project: Project) -> None:
    assert heatmap(project, 1) is None
