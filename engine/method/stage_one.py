"""From stored similarities to the scores of stage 1: arithmetic that never runs the encoder."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from engine.method import (
    aggregate_min_max,
    centre_by_label,
    class_probabilities,
    contrast_probabilities,
    initial_pseudo_labels,
    log_abundance,
    match_ranks,
    predict_from_all_labels,
    scale_by_abundance,
)

Values = npt.NDArray[np.float32]

_PHOTOS_THAT_TELL = 10
"""With as many photos as this, half of each label's mean is subtracted; with many more, all of it.

The mean over a handful of photos is mostly what these photos show, and must not be taken away from them.
"""

_LABELS_THAT_TELL_NOTHING = 5
"""So few labels keep too little company to learn from; with twice as many, what all labels say counts half as much."""

_SHARE_OF_ALL_LABELS = 2 / 3
"""How much what all labels say counts in the order of a label's photos, among very many labels."""


@dataclass(frozen=True)
class LabelMeans:
    """Mean similarity of each label over the whole photos and over their snippets, as far as it is to be subtracted."""

    whole: Values
    snippets: Values


class MeansOfPhotos:
    """Adds photos up to `LabelMeans`, part by part."""

    def __init__(self, labels: int) -> None:
        self._whole = np.zeros(labels)
        self._snippets = np.zeros(labels)
        self._photos = self._count = 0

    def add(self, similarities: Values) -> None:
        """Take in more photos: photos x snippets x labels, the whole photo first."""
        self._whole += similarities[:, 0].sum(axis=0, dtype=np.float64)
        self._snippets += similarities[:, 1:].sum(axis=(0, 1), dtype=np.float64)
        self._photos += len(similarities)
        self._count += similarities[:, 1:, 0].size

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
    whole, snippets = _centred(similarities, means)
    return class_probabilities(whole, temperature), class_probabilities(snippets, temperature)


def _centred(similarities: Values, means: LabelMeans | None) -> tuple[Values, Values]:
    whole, snippets = similarities[..., 0, :], similarities[..., 1:, :]
    if means is None:
        return whole, snippets
    return centre_by_label(whole, means.whole), centre_by_label(snippets, means.snippets)


def score(
    similarities: Values, means: LabelMeans | None, temperature: float, zeta: float, contrast: float = 0.0
) -> StageScores:
    """CDUL's stage 1 for photos x snippets x labels, the whole photo first.

    Args:
        contrast: how much `contrast_probabilities` count in the evidence, beside the whole photo and the aggregated
            snippets; see `Encoder.contrast`.
    """
    of_whole, of_snippets = _centred(similarities, means)
    whole = class_probabilities(of_whole, temperature)
    aggregated = aggregate_min_max(class_probabilities(of_snippets, temperature), zeta)
    initial = initial_pseudo_labels(whole, aggregated)
    evidence = initial
    if contrast:
        standing_out = contrast_probabilities(of_snippets, temperature)
        evidence = np.asarray((2 * initial + contrast * standing_out) / (2 + contrast), np.float32)
    return StageScores(whole, aggregated, initial, evidence, log_abundance(of_whole, of_snippets, temperature))


def rerank(scores: StageScores) -> StageScores:
    """The scores of a whole collection, reranked: the same initial pseudo labels, on other photos.

    Each label's photos are put in the order of the evidence and of what all labels make of it: of five labels nothing,
    of many two thirds.
    """
    share = _SHARE_OF_ALL_LABELS * max(0.0, 1 - _LABELS_THAT_TELL_NOTHING / max(1, scores.initial.shape[1]))
    order = scores.evidence
    if share:
        teacher = scale_by_abundance(scores.evidence, scores.log_abundance)
        order = predict_from_all_labels(teacher, scores.whole, scores.aggregated)
        order *= share
        order += (1 - share) * scores.evidence
    return replace(scores, initial=match_ranks(scores.initial, order))
