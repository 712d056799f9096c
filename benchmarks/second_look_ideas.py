"""Ideas for the second look; `better_labels.py` compares them. None sees the truth.

What is used is `looked_at_twice`. All others differ from it in what their docstrings say.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from label_collections import Collection, Scores
from label_ideas import initial, with_contrast
from scipy.special import logsumexp

from engine.method import (
    contrast_probabilities,
    log_abundance,
    match_ranks,
    predict_from_all_labels,
    scale_by_abundance,
)
from engine.method.thresholds import shape_thresholds

SHARE = 2 / 3
PENALTY = 30


def looked_at_twice(
    photos: Collection,
    *,
    contrast: float | None = None,
    share: float = SHARE,
    power: float = 1,
    penalty: float = PENALTY,
) -> Scores:
    """`share`: of what all labels say, among very many labels. `power`: of the abundance, 0 to leave scores shared."""
    evidence = _evidence(photos, contrast)
    teacher = scale_by_abundance(evidence, power * _abundance(photos))
    return _in_order(photos, evidence, predict_from_all_labels(teacher, *_branches(photos), penalty=penalty), share)


def of_best_snippets_alone(photos: Collection) -> Scores:
    """Abundance is what the best snippets show, whatever the whole photo does."""
    best = logsumexp(photos.centred_snippets.max(axis=1) / photos.temperature, axis=1, keepdims=True)
    return _taught_by(photos, scale_by_abundance(_evidence(photos), best))


def of_labels_found(photos: Collection) -> Scores:
    """Abundance is what the first prediction adds up to."""
    evidence = _evidence(photos)
    first = predict_from_all_labels(scale_by_abundance(evidence, _abundance(photos)), *_branches(photos))
    return _taught_by(photos, scale_by_abundance(evidence, np.log(first.clip(1e-6).sum(axis=1, keepdims=True))))


def without_softmax(photos: Collection) -> Scores:
    """The teacher's order is that of exp(similarity / tau), with no competition among labels at all."""
    best, worst = photos.snippets.max(axis=1), photos.snippets.min(axis=1)
    latents = [photos.centred_whole, photos.centred_snippets.max(axis=1)]
    if photos.contrast:
        latents.append((best - worst) / np.sqrt(2))
    uncompeting = sum(np.exp((each - each.max()) / photos.temperature) for each in latents)
    return _taught_by(photos, match_ranks(_evidence(photos), uncompeting))


def no_competition_in_company(photos: Collection) -> Scores:
    """Labels that are suggested together more often than by chance compete less in the softmax."""
    evidence = _evidence(photos)
    suggested = (evidence >= shape_thresholds(evidence.astype(np.float32))).astype(float)
    together = suggested.T @ suggested + 1
    by_chance = np.outer(suggested.sum(axis=0), suggested.sum(axis=0)) / len(suggested) + 1
    company = (1 - by_chance / together).clip(0, 0.95)
    np.fill_diagonal(company, 0)

    def compete(similarities: Scores) -> Scores:
        exponentials = np.exp((similarities - similarities.max(axis=-1, keepdims=True)) / photos.temperature)
        return exponentials / np.maximum(exponentials, exponentials @ (1 - company).T)

    snippets = photos.centred_snippets if photos.every_snippet else photos.centred_snippets.max(axis=1)[:, None]
    whole, best = compete(photos.centred_whole), compete(snippets).max(axis=1)
    standing_out = contrast_probabilities(photos.snippets, photos.temperature)
    evidence = (whole + best + photos.contrast * standing_out) / (2 + photos.contrast)
    predicted = predict_from_all_labels(scale_by_abundance(evidence, _abundance(photos)), whole, best)
    return _in_order(photos, evidence, predicted)


def unshared_evidence(photos: Collection) -> Scores:
    """The evidence itself is unshared as well, a quarter as much."""
    evidence = _evidence(photos)
    predicted = predict_from_all_labels(scale_by_abundance(evidence, _abundance(photos)), *_branches(photos))
    return _in_order(photos, scale_by_abundance(evidence, _abundance(photos) / 4), predicted)


def a_third_look(photos: Collection) -> Scores:
    """What the first model predicts teaches a second one, mixed with its own teacher."""
    teacher = scale_by_abundance(_evidence(photos), _abundance(photos))
    return _taught_by(photos, (teacher + predict_from_all_labels(teacher, *_branches(photos))) / 2)


def taught_by_other_photos(photos: Collection, folds: int = 5) -> Scores:
    """Each fifth of the photos is predicted by a model that learnt from the others."""
    teacher, branches = scale_by_abundance(_evidence(photos), _abundance(photos)), _branches(photos)
    fold = np.random.default_rng(0).permutation(len(teacher)) % folds
    predicted = np.empty_like(teacher)
    features = _features(*branches)
    for each in range(folds):
        learnt = fold != each
        means = teacher[learnt].mean(axis=0)
        weights = _ridge(features[learnt], teacher[learnt] - means)
        predicted[~learnt] = means + features[~learnt] @ weights
    return _in_order(photos, _evidence(photos), predicted)


def without_its_own_numbers(photos: Collection) -> Scores:
    """Each label is predicted from all others alone."""
    teacher, features = scale_by_abundance(_evidence(photos), _abundance(photos)), _features(*_branches(photos))
    predicted = np.empty_like(teacher)
    for label, column in enumerate(teacher.T):
        others = np.arange(features.shape[1]) % teacher.shape[1] != label
        predicted[:, label] = column.mean() + features[:, others] @ _ridge(features[:, others], column - column.mean())
    return _in_order(photos, _evidence(photos), predicted)


def taught_by_the_other_branch(photos: Collection) -> Scores:
    """The whole photo's model learns from the best snippets, and theirs from the whole photo (co-training)."""
    whole, best = _branches(photos)
    abundance = _abundance(photos)
    predicted = predict_from_all_labels(scale_by_abundance(best, abundance), whole)
    predicted += predict_from_all_labels(scale_by_abundance(whole, abundance), best)
    return _in_order(photos, _evidence(photos), predicted / 2)


def from_similarities(photos: Collection) -> Scores:
    """Learns from the similarities, not from the log probabilities."""
    # The logarithm of these probabilities is a similarity and a photo's own constant, which does not matter here.
    branches = [
        np.exp(each / photos.temperature) for each in (photos.centred_whole, photos.centred_snippets.max(axis=1))
    ]
    teacher = scale_by_abundance(_evidence(photos), _abundance(photos))
    return _in_order(photos, _evidence(photos), predict_from_all_labels(teacher, *branches))


def in_few_dimensions(photos: Collection, kept: float) -> Scores:
    """The prediction is the evidence's logarithm in its largest principal components."""
    logs = np.log(_evidence(photos))
    left, values, right = np.linalg.svd(logs - logs.mean(axis=0), full_matrices=False)
    count = round(kept * len(values))
    predicted = np.exp((left[:, :count] * values[:count]) @ right[:count] + logs.mean(axis=0))
    return _in_order(photos, _evidence(photos), predicted)


def things_add_up(photos: Collection) -> Scores:
    """A photo's similarities are the sum of those of the things it shows, and noise; labels by mean field.

    Each label's similarities and the noise's covariance are estimated from the evidence (one step of EM), the
    evidence's scale is that which makes as many photos likely as the evidence adds up to.
    """
    evidence = _evidence(photos)
    seen = np.hstack([photos.centred_whole, photos.centred_snippets.max(axis=1)])
    seen = (seen - seen.mean(axis=0)) / seen.std()
    latents = np.log(evidence / (1 - evidence).clip(1e-6))
    rank = (len(latents) - evidence.sum(axis=0).round().clip(1)).astype(int)
    likely = 1 / (1 + np.exp(-2 * (latents - np.take_along_axis(np.sort(latents, axis=0), rank[None], axis=0))))
    shows = likely.mean(axis=0).clip(1 / len(likely), 0.9)
    things = np.linalg.solve(likely.T @ likely + np.eye(likely.shape[1]), likely.T @ seen)
    noise = np.cov(seen - likely @ things, rowvar=False)
    noise = (noise + np.eye(len(noise)) * np.trace(noise) / len(noise)) / 2
    filters = np.linalg.solve(noise, things.T)
    overlap = things @ filters
    own = np.diag(overlap).copy()
    for _ in range(8):
        explained = likely @ overlap - likely * own
        latent = 0.1 * (seen @ filters - explained - own / 2) + np.log(shows / (1 - shows))
        likely = (likely + 1 / (1 + np.exp(-latent))) / 2
    return _in_order(photos, evidence, likely)


def _evidence(photos: Collection, contrast: float | None = None) -> Scores:
    return with_contrast(photos, photos.contrast if contrast is None else contrast)


def _abundance(photos: Collection) -> Scores:
    best = photos.centred_snippets.max(axis=1, keepdims=True)
    return log_abundance(photos.centred_whole, best, photos.temperature)


def _branches(photos: Collection) -> tuple[Scores, Scores]:
    return photos.global_(), photos.local()


def _taught_by(photos: Collection, teacher: Scores) -> Scores:
    return _in_order(photos, _evidence(photos), predict_from_all_labels(teacher, *_branches(photos)))


def _in_order(photos: Collection, evidence: Scores, predicted: Scores, share: float = SHARE) -> Scores:
    share *= max(0, 1 - 5 / evidence.shape[1])
    return match_ranks(initial(photos), (1 - share) * evidence + share * predicted)


def _features(*branches: Scores) -> Scores:
    logs = np.log(np.hstack(branches))
    logs -= logs.mean(axis=0)
    return logs / np.linalg.norm(logs, axis=1, keepdims=True)


def _ridge(features: Scores, targets: Scores) -> Scores:
    return np.linalg.solve(features.T @ features + PENALTY * np.eye(features.shape[1]), features.T @ targets)


IDEAS: dict[str, Callable[[Collection], Scores]] = {
    "scores shared, share 0.5": partial(looked_at_twice, power=0, share=0.5),
    "scores shared": partial(looked_at_twice, power=0),
    "**second look (used)**": looked_at_twice,
    **{f"the same, contrast {value}": partial(looked_at_twice, contrast=value) for value in (0, 0.5, 1)},
    **{f"the same, abundance to the {value}": partial(looked_at_twice, power=value) for value in (0.5, 1.5, 2)},
    **{f"the same, share {value}": partial(looked_at_twice, share=value) for value in (0.5, 0.75, 0.8)},
    **{f"the same, penalty {value}": partial(looked_at_twice, penalty=value) for value in (3, 10, 60, 100, 300)},
    "abundance of the best snippets alone": of_best_snippets_alone,
    "abundance of the labels found": of_labels_found,
    "a teacher without softmax": without_softmax,
    "no competition in company": no_competition_in_company,
    "evidence unshared as well": unshared_evidence,
    "a third look": a_third_look,
    "taught by other photos": taught_by_other_photos,
    "without its own numbers": without_its_own_numbers,
    "taught by the other branch": taught_by_the_other_branch,
    "from similarities": from_similarities,
    **{f"in {kept:.0%} of the dimensions": partial(in_few_dimensions, kept=kept) for kept in (0.25, 0.5)},
    "things add up": things_add_up,
}
