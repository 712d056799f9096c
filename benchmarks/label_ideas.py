"""Ideas for pseudo labels from the same similarities; `better_labels.py` compares them. None sees the truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from label_collections import Collection, Scores

from engine.method import class_probabilities, contrast_probabilities
from engine.method.latent import from_latent, to_latent


def initial(
    photos: Collection, temperature: float = 1.0, local_temperature: float = 0.0, weight: float = 0.5
) -> Scores:
    local = photos.local(local_temperature or temperature)
    return (1 - weight) * photos.global_(temperature) + weight * local


def not_centred(photos: Collection) -> Scores:
    tau = photos.temperature
    snippets = photos.snippets if photos.every_snippet else photos.snippets.max(axis=1)[:, None]
    return (class_probabilities(photos.whole, tau) + class_probabilities(snippets, tau).max(axis=1)) / 2


def geometric_mean(photos: Collection) -> Scores:
    return np.sqrt(photos.global_() * photos.local())


def better_of_both(photos: Collection) -> Scores:
    return np.maximum(photos.global_(), photos.local())


def mean_latent(photos: Collection) -> Scores:
    return from_latent((to_latent(photos.global_()) + to_latent(photos.local())) / 2)


def ranks(photos: Collection) -> Scores:
    """Each branch's ranks over the photos instead of its probabilities."""
    return sum(each.argsort(axis=0).argsort(axis=0) for each in (photos.global_(), photos.local())) / (
        2 * len(photos.truth)
    )


def standardised_by_label(photos: Collection) -> Scores:
    """All labels with the same deviation over the photos."""
    return _from_both(photos, lambda each: each / each.std(axis=tuple(range(each.ndim - 1))) * each.std())


def standardised_by_photo(photos: Collection) -> Scores:
    """All photos and snippets with the same deviation over the labels, as in SPARC."""
    return _from_both(photos, lambda each: each / each.std(axis=-1, keepdims=True) * each.std(axis=-1).mean())


def whitened(photos: Collection) -> Scores:
    """Similarities without what labels have in common over the photos (ZCA, shrunk by half)."""
    covariance = np.cov(photos.centred_whole, rowvar=False)
    values, vectors = np.linalg.eigh(covariance)
    undo = (vectors * np.sqrt(values.mean() / (values + values.mean()))) @ vectors.T
    return _from_both(photos, lambda each: each @ undo)


def less_competition(photos: Collection) -> Scores:
    """Only 0.8 of the softmax's denominator."""
    scores = []
    for each in (photos.centred_whole, photos.centred_snippets):
        latents = each / photos.temperature
        scores.append(np.exp(latents - 0.8 * np.log(np.exp(latents).sum(axis=-1, keepdims=True))))
    mixed = scores[0] + scores[1].max(axis=1)
    return mixed / mixed.max()


def best_before_softmax(photos: Collection) -> Scores:
    """Labels compete with each other's best snippets, not within a snippet."""
    return (photos.global_() + class_probabilities(photos.centred_best, photos.temperature)) / 2


def power_mean(photos: Collection, power: float) -> Scores | None:
    if not photos.every_snippet:
        return None
    return (photos.global_() + (photos.snippet_probabilities() ** power).mean(axis=1) ** (1 / power)) / 2


def best_two_snippets(photos: Collection) -> Scores | None:
    if not photos.every_snippet:
        return None
    return (photos.global_() + np.sort(photos.snippet_probabilities(), axis=1)[:, -2:].mean(axis=1)) / 2


def equal_shares(photos: Collection) -> Scores:
    """Probabilities that add up to the same for all labels (Sinkhorn)."""
    return _from_both(photos, lambda each: each - photos.temperature * _surplus(each, photos.temperature))


def with_contrast(photos: Collection, weight: float) -> Scores:
    standing_out = contrast_probabilities(photos.snippets, photos.temperature)
    return (2 * initial(photos) + weight * standing_out) / (2 + weight)


def with_neighbours(photos: Collection, share: float, count: int = 10) -> Scores:
    """Each photo's scores mixed with those of the photos most like it in the logs of both branches."""
    scores = initial(photos)
    features = np.log(np.hstack([photos.global_(), photos.local()]))
    features -= features.mean(axis=0)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    likeness = features @ features.T
    np.fill_diagonal(likeness, -np.inf)
    nearest = np.argpartition(-likeness, count, axis=1)[:, :count]
    return (1 - share) * scores + share * scores[nearest].mean(axis=1)


def with_company(photos: Collection, share: float) -> Scores:
    """Each label's scores mixed with those of the labels it occurs with."""
    scores = initial(photos)
    together = scores.T @ scores
    together /= np.sqrt(np.outer(np.diag(together), np.diag(together)))
    np.fill_diagonal(together, 0)
    mixed = (scores + share * scores @ together).clip(0)
    return mixed / mixed.max()


def _from_both(photos: Collection, change: Callable[[Scores], Scores]) -> Scores:
    snippets = photos.centred_snippets if photos.every_snippet else photos.centred_best[:, None]
    whole, local = (class_probabilities(change(each), photos.temperature) for each in (photos.centred_whole, snippets))
    return (whole + local.max(axis=1)) / 2


def _surplus(similarities: Scores, temperature: float) -> Scores:
    surplus = np.zeros(similarities.shape[-1])
    for _ in range(50):
        shares = class_probabilities(similarities - temperature * surplus, temperature)
        surplus += np.log(shares.mean(axis=tuple(range(shares.ndim - 1))) * len(surplus))
    return surplus


IDEAS: dict[str, Callable[[Collection], Scores | None]] = {
    "global alone": Collection.global_,
    "initial, not centred": not_centred,
    "**initial, centred (CDUL, zeta 0)**": initial,
    **{f"tau x {factor}": partial(initial, temperature=factor) for factor in (0.5, 0.67, 1.5, 2.0)},
    "global tau x 0.67, local x 1.5": partial(initial, temperature=0.67, local_temperature=1.5),
    "global tau x 1.5, local x 0.67": partial(initial, temperature=1.5, local_temperature=0.67),
    **{f"local weighs {weight}": partial(initial, weight=weight) for weight in (0.4, 0.6)},
    "geometric mean": geometric_mean,
    "mean latent": mean_latent,
    "better of both": better_of_both,
    "ranks": ranks,
    "standardised by label": standardised_by_label,
    "standardised by photo (SPARC)": standardised_by_photo,
    "whitened over labels": whitened,
    "less competition": less_competition,
    "equal shares (Sinkhorn)": equal_shares,
    "best snippet before softmax": best_before_softmax,
    "power mean 4 of snippets": partial(power_mean, power=4),
    "best two snippets": best_two_snippets,
    **{f"contrast weighs {weight}": partial(with_contrast, weight=weight) for weight in (0.5, 1)},
    **{f"company x {share}": partial(with_company, share=share) for share in (-0.05, 0.05)},
    **{f"10 neighbours x {share}": partial(with_neighbours, share=share) for share in (0.1, 0.3)},
}
