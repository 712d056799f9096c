"""Where in a photo its labels come from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.method.stage_one import LabelMeans, probabilities
from engine.project import Project, ProjectError
from engine.project.embeddings import WHOLE
from engine.project.labels import label_set
from engine.project.runs import AGGREGATED, INITIAL, RunRow, is_scored, newest_run_with
from engine.project.similarities import SimilarityFile
from engine.project.thresholds import maybe_in_force, thresholds_in_force


@dataclass(frozen=True)
class Heatmap:
    """How strongly each snippet of a photo speaks for each label.

    `snippets`: for each grid n, n x n x labels probabilities over the labels, from 0 to 1. `whole`: the same for the
    whole photo. `label_ids`: the labels of the last axis.
    """

    label_ids: tuple[int, ...]
    suggested_from: dict[int, float]
    """By label id: the threshold of the pseudo labels, on the scale of these probabilities."""
    may_be_from: dict[int, float]
    """The same for what may be there; at most `suggested_from`."""
    whole: npt.NDArray[np.float32]
    snippets: dict[int, npt.NDArray[np.float32]]

    def of(self, label_id: int, grid: int | None = None) -> npt.NDArray[np.float32] | None:
        """One label's map, n x n, on one grid or the finest; None if the run did not know the label."""
        if label_id not in self.label_ids:
            return None
        values = self.snippets[max(self.snippets) if grid is None else grid]
        return values[:, :, self.label_ids.index(label_id)]

    @cached_property
    def by_label(self) -> dict[int, tuple[float, float]]:
        """By label id: the probability of the whole photo, and the highest of any snippet."""
        best = np.max([values.max(axis=(0, 1)) for values in self.snippets.values()], axis=0)
        return dict(zip(self.label_ids, zip(self.whole.tolist(), best.tolist(), strict=True), strict=True))

    def best_of_snippet(self, grid: int, row: int, column: int) -> list[tuple[int, float]]:
        """The five labels that a snippet of an n x n grid speaks for most: id and probability, the strongest first."""
        values = self.snippets[grid][row, column]
        best = np.argsort(-values, kind="stable")[:5]
        return [(self.label_ids[place], float(values[place])) for place in best]


class Heatmaps:
    """The heatmaps of photos, as the newest run scored them. What they share is read once: to be made anew where scores
    or thresholds are others."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, photo_id: int) -> Heatmap | None:
        """The heatmap of a photo; None before it was labelled."""
        run = self._run
        if run is None or not is_scored(self._project, run.id, INITIAL, photo_id):
            return None
        grids, temperature = run.settings["grids"], run.settings["temperature"]
        compete = len(run.label_ids) + run.settings.get("hidden", 0)
        try:
            file = SimilarityFile(self._project, run.id, (WHOLE, *grids), run.columns)
            similarities = file.load([photo_id])[0]
        except ProjectError:
            return None  # the file was deleted; the next run makes it again
        # Over the hidden competitors as well, which are then left out.
        together = slice(compete)
        means = self._means and self._means.of(together)
        of_all = probabilities(similarities[..., together], means, temperature)
        whole, snippets = (each[..., : len(run.label_ids)] for each in of_all)
        by_grid = {}
        start = 0
        for grid in grids:
            by_grid[grid] = snippets[start : start + grid * grid].reshape(grid, grid, -1)
            start += grid * grid
        return Heatmap(run.label_ids, *self._thresholds, whole, by_grid)

    @cached_property
    def _run(self) -> RunRow | None:
        run = newest_run_with(self._project, INITIAL)
        explained = run is not None and run.basis is not None and {"grids", "temperature"} <= run.settings.keys()
        return run if explained else None

    @cached_property
    def _means(self) -> LabelMeans | None:
        kept = self._run and self._run.settings.get("means")
        return LabelMeans(*(np.array(kept[part], np.float32) for part in ("whole", "snippets"))) if kept else None

    @cached_property
    def _thresholds(self) -> tuple[dict[int, float], dict[int, float]]:
        """From where each label is suggested, and may be there."""
        labels = label_set(self._project)
        # Where a detector was heard the pseudo labels are chances, and what the snippets say is the encoder's word
        # alone.
        initial, aggregated = (thresholds_in_force(self._project, stage, labels)[0] for stage in (INITIAL, AGGREGATED))
        heard = set(self._run.settings.get("heard", ())) if self._run else set()
        thresholds = np.where([label.id in heard for label in labels], aggregated, initial)
        maybe = np.fmin(thresholds, maybe_in_force(self._project, AGGREGATED, labels))
        likely_from, maybe_from = (
            {label.id: float(value) for label, value in zip(labels, values, strict=True)}
            for values in (thresholds, maybe)
        )
        return likely_from, maybe_from
