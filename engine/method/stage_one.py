"""From stored similarities to the scores of stage 1: arithmetic that never runs the encoder."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.method.aggregation import (
    aggregate_min_max,
    contrast_probabilities,
    initial_pseudo_labels,
    log_abundance,
)
from engine.method.arrays import Array, as_numpy, check_is_finite, is_tensor
from engine.method.reductions import LogSumExp
from engine.method.rerank import (
    LinearModel,
    SumsOverPhotos,
    log_probabilities,
    match_ranks,
    scale_by_abundance,
    unit_rows,
)
from engine.method.similarity import centre_by_label, class_probabilities

Values = npt.NDArray[np.float32]

_PHOTOS_THAT_TELL = 10
"""With as many photos as this, half of each label's mean is subtracted; with many more, all of it.

The mean over a handful of photos is mostly what these photos show, and must not be taken away from them.
"""

_LABELS_THAT_TELL_NOTHING = 5
"""So few labels keep too little company to learn from; with twice as many, what all labels say counts half as much."""

_SHARE_OF_ALL_LABELS = 2 / 3
"""How much what all labels say counts in the order of a label's photos, among very many labels."""


def pseudo_labels(
    similarities: Array,
    *,
    temperature: float,
    zeta: float = 0.0,
    centre: bool = True,
    rerank: bool = True,
    contrast: float = 0.0,
) -> Array:
    """Stage 1 as a whole: the initial pseudo labels of a collection, as `label` of the program makes them.

    With p the similarities, minus each label's mean over the photos where they are centred:
    S_global[c] = softmax_c(p[0, c] / tau), S_local[j, c] = softmax_c(p[j, c] / tau) for each snippet j,
    S_agg[c] = max_j S_local[j, c] if that is at least zeta, else min_j S_local[j, c], and
    S_init = (S_global + S_agg) / 2. The reranking then deals each label's values out to its photos anew.

    The published method (Abdelfattah et al., CDUL, ICCV 2023, arXiv 2307.16634, section 3.1) has
    `temperature=0.01, zeta=0.5, centre=False, rerank=False`; docs/results.md has what the rest gains.

    Args:
        similarities: photos x (1 + snippets) x labels, the whole photo first; cosines of CLIP, or any others. An
            array or a tensor.
        temperature: tau > 0, by which similarities are divided.
        zeta: the aggregator's threshold, from 0 to 1; with 0 the best snippet counts always.
        centre: subtract each label's mean, of the whole photos and of the snippets apart; less of it where the photos
            are few.
        rerank: order each label's photos by what all labels say of them; see `engine.method.rerank`. With
            five labels or fewer it changes nothing but by `contrast`.
        contrast: from 0, how much `contrast_probabilities` count in that order, where the whole photo and the
            aggregated snippets count 1; CLIP gains by 1.

    Returns:
        photos x labels, from 0 to 1, an array or a tensor as came in. Gradients flow through the tensor where nothing
        is ordered anew, the means taken as given.

    Raises:
        TypeError: `similarities` is neither an array nor a tensor.
        ValueError: another shape, values that are not finite, or a setting that is out of its range.

    >>> similarities = np.array([[[0.28, 0.22], [0.30, 0.20], [0.20, 0.26]], [[0.20, 0.30], [0.21, 0.31], [0.2, 0.3]]])
    >>> pseudo_labels(similarities, temperature=0.05, zeta=0.5, centre=False).round(2)
    array([[0.82, 0.5 ],
           [0.12, 0.88]])
    """
    check_is_finite("similarities", similarities)
    if similarities.ndim != 3 or similarities.shape[1] < 2 or similarities.shape[2] < 1:
        raise ValueError(
            "Expected argument `similarities` to be photos x (1 + snippets) x labels with at least one snippet and one "
            f"label, but got shape {tuple(similarities.shape)}."
        )
    if not 0 <= zeta <= 1:
        raise ValueError(f"Expected argument `zeta` to be from 0 to 1, but got {zeta}.")
    if not (math.isfinite(contrast) and contrast >= 0):
        raise ValueError(f"Expected argument `contrast` to be a number of at least 0, but got {contrast}.")
    means = None
    if centre:
        summed = MeansOfPhotos(similarities.shape[-1])
        summed.add(similarities)
        means = summed.means()
    scores = score(similarities, means, temperature, zeta, contrast)
    made: Any = scores.initial
    if rerank:
        initial = rerank_scores(StageScores(*(as_numpy(getattr(scores, each.name)) for each in fields(scores)))).initial
        made = similarities.new_tensor(initial) if is_tensor(similarities) else initial
    return made


@dataclass(frozen=True)
class LabelMeans:
    """Mean similarity of each label over the whole photos and over their snippets, as far as it is to be subtracted."""

    whole: Values
    snippets: Values

    def of(self, columns: slice) -> LabelMeans:
        """Those of some labels."""
        return LabelMeans(self.whole[columns], self.snippets[columns])


class MeansOfPhotos:
    """Adds photos up to `LabelMeans`, part by part."""

    def __init__(self, labels: int) -> None:
        self._whole = np.zeros(labels)
        self._snippets = np.zeros(labels)
        self._photos = self._count = 0

    def add(self, similarities: Array) -> None:
        """Take in more photos: photos x snippets x labels, the whole photo first."""
        values = as_numpy(similarities)
        self._whole += values[:, 0].sum(axis=0, dtype=np.float64)
        self._snippets += values[:, 1:].sum(axis=(0, 1), dtype=np.float64)
        self._photos += len(values)
        self._count += values[:, 1:, 0].size

    def means(self) -> LabelMeans:
        """The means so far, drawn towards nothing while the photos are few."""
        trust = self._photos / (self._photos + _PHOTOS_THAT_TELL)
        whole, snippets = (
            (trust * total / max(count, 1)).astype(np.float32)
            for total, count in ((self._whole, self._photos), (self._snippets, self._count))
        )
        return LabelMeans(whole, snippets)


@dataclass(frozen=True)
class StageScores:
    """Scores of some photos: photos x labels each, float32, from 0 to 1.

    `evidence` is what reranking starts from: the initial pseudo labels and, as far as the encoder's contrast is
    worth something, that as well. `log_abundance` is photos x 1.
    """

    whole: Values
    aggregated: Values
    initial: Values
    evidence: Values
    log_abundance: Values

    @classmethod
    def room_for(cls, photos: int, labels: int) -> StageScores:
        """Scores of so many photos, to be filled in part by part."""
        return cls(*(np.empty((photos, columns), np.float32) for columns in (labels, labels, labels, labels, 1)))

    def __getitem__(self, rows: slice) -> StageScores:
        return StageScores(*(getattr(self, each.name)[rows] for each in fields(self)))

    def __setitem__(self, rows: slice, scores: StageScores) -> None:
        for each in fields(self):
            getattr(self, each.name)[rows] = getattr(scores, each.name)


def probabilities(similarities: Values, means: LabelMeans | None, temperature: float) -> tuple[Values, Values]:
    """Probabilities over the labels of the whole photos and of their snippets.

    Args:
        similarities: … x snippets x labels, the whole photo first.
        means: to centre by; None to leave the similarities as they are.

    Returns:
        … x labels, and … x (snippets - 1) x labels.
    """
    whole, snippets = centred(similarities, means)
    return class_probabilities(whole, temperature), class_probabilities(snippets, temperature)


def centred(similarities: Array, means: LabelMeans | None) -> tuple[Any, Any]:
    """The whole photos and their snippets, … x labels and … x (snippets - 1) x labels, less the means where given.

    Args:
        similarities: … x snippets x labels, the whole photo first.
        means: to centre by; None to leave the similarities as they are.
    """
    whole, snippets = similarities[..., 0, :], similarities[..., 1:, :]
    if means is None:
        return whole, snippets
    of_whole, of_snippets = means.whole, means.snippets
    if is_tensor(similarities):
        of_whole, of_snippets = similarities.new_tensor(of_whole), similarities.new_tensor(of_snippets)
    return centre_by_label(whole, of_whole), centre_by_label(snippets, of_snippets)


def score(
    similarities: Array, means: LabelMeans | None, temperature: float, zeta: float, contrast: float = 0.0
) -> StageScores:
    """CDUL's stage 1 for photos x snippets x labels, the whole photo first.

    Args:
        contrast: how much `contrast_probabilities` count in the evidence, beside the whole photo and the aggregated
            snippets; see `Encoder.contrast`.
    """
    of_whole, of_snippets = centred(similarities, means)
    whole = class_probabilities(of_whole, temperature)
    aggregated = aggregate_min_max(class_probabilities(of_snippets, temperature), zeta)
    initial = initial_pseudo_labels(whole, aggregated)
    evidence: Any = initial
    if contrast:
        standing_out = contrast_probabilities(of_snippets, temperature)
        evidence = (2 * initial + contrast * standing_out) / (2 + contrast)
    return StageScores(whole, aggregated, initial, evidence, log_abundance(of_whole, of_snippets, temperature))


def rerank_scores(scores: StageScores) -> StageScores:
    """The scores of a whole collection, reranked: the same initial pseudo labels, on other photos.

    Each label's photos are put in the order of the evidence and of what all labels make of it: of five labels nothing,
    of many two thirds.
    """
    if not scores.initial.size:
        return scores
    usual = UsualScores(scores.initial.shape[1])
    usual.add(scores)
    said = usual.sums()
    usual.add_to(said, 0, scores)
    return replace(scores, initial=match_ranks(scores.initial, usual.order(scores, said.model())))


class UsualScores:
    """What must be known of a whole collection before its photos can be reranked, added up part by part.

    Three looks at all photos rerank as many as no memory holds: `add` is the first, `add_to` the second, `order` the
    third. Each label's values are then dealt out by `match_ranks`.
    """

    def __init__(self, labels: int) -> None:
        self._share = _SHARE_OF_ALL_LABELS * max(0.0, 1 - _LABELS_THAT_TELL_NOTHING / max(1, labels))
        self._labels, self._photos = labels, 0
        self._logs = np.zeros(2 * labels)
        self._abundance = LogSumExp()

    def add(self, scores: StageScores) -> None:
        """Take in more photos."""
        self._photos += len(scores.initial)
        if self._share:
            self._logs += log_probabilities(scores.whole, scores.aggregated).sum(axis=0, dtype=np.float64)
            self._abundance.add(scores.log_abundance)

    def merge(self, other: UsualScores) -> None:
        """Take in what was added up of other photos."""
        self._photos += other._photos
        self._logs += other._logs
        self._abundance.merge(other._abundance)

    def sums(self) -> SumsOverPhotos:
        """Where what all labels say is added up, nothing so far."""
        return SumsOverPhotos(self._photos, 2 * self._labels if self._share else 0, self._labels)

    def add_to(self, sums: SumsOverPhotos, first: int, scores: StageScores) -> None:
        """Take in more photos, once `add` has seen all.

        Args:
            first: the place of the first of them among all.
        """
        if self._share:
            log_mean = self._abundance.value - math.log(self._photos)
            teacher = scale_by_abundance(scores.evidence, scores.log_abundance, log_mean)
            sums.add(first, self._features(scores), teacher)

    def order(self, scores: StageScores, model: LinearModel) -> Values:
        """In which order each label's photos are, the last ones the surest: photos x labels."""
        if not self._share:
            return scores.evidence
        order: Values = model.predict(self._features(scores))
        order *= self._share
        order += (1 - self._share) * scores.evidence
        return order

    def _features(self, scores: StageScores) -> Values:
        means = (self._logs / self._photos).astype(scores.whole.dtype)
        return unit_rows(log_probabilities(scores.whole, scores.aggregated), means)
