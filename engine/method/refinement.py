"""How the pseudo labels learn from the classifier: CDUL's step B, and the losses of step A.

Abdelfattah et al., CDUL, ICCV 2023 (arXiv 2307.16634), section 3.2. y_u is the pseudo label vector of a photo,
yhat_u = log(y_u / (1 - y_u)) its latent, y_p the prediction of the classifier. Step A holds y_u and moves the
classifier towards it; step B holds the classifier and moves yhat_u:

    yhat_u <- yhat_u - eta * psi(y_u) * dL/dy_u

The loss L is `kl`, the paper's, for a classifier whose predictions sum to 1 over the labels (softmax), or `bce`,
for one that answers for each label alone (sigmoid), as several labels a photo ask for.

The labels of a photo need not sum to 1, and the predictions of a softmax always do. Over all y_p of sum 1 step A's
loss, -sum of y_u log(y_p), is least at y_p = y_u / s with s = sum of y_u. So `kl` compares y_u / s with y_p in step B
as well: both steps then go down one loss, and rest at y_u = s y_p whatever s is. Compared as they are, labels and
predictions would never agree, and each epoch would draw the labels of a photo towards a sum of 1.

`reverse-kl` compares the same two the other way round, as a public reproduction does: the divergence of y_u / s from
y_p. Where the reproduction leaves out s, its gradient, -y_p / y_u, never draws a label down.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from engine.method.arrays import Array, check_is_finite, check_same_shape, is_tensor
from engine.method.latent import SMALLEST, from_latent, held_inside, to_latent

Objective = Literal["kl", "reverse-kl", "bce"]

KNEE = 0.9
"""Where `scale_to_top` bends; 0.7 to 0.9 do about as well, see docs/results.md."""


def psi(labels: Array, sigma: float) -> Array:
    """The Gaussian that lets undecided labels (near 0.5) move most and decided ones least.

    psi(y) = exp(-((y - 0.5) / sigma)^2 / 2) / (sigma * sqrt(2 pi)). With sigma = 1 it is almost flat from 0 to 1
    (0.35 to 0.40); it tells decided from undecided labels only with a sigma of 0.1 to 0.3.

    Args:
        labels: y of any shape, from 0 to 1.
        sigma: the width, above 0.

    >>> psi(np.array([0.5, 0.7, 1.0]), sigma=0.2).round(2)
    array([1.99, 1.21, 0.09])
    """
    if not (math.isfinite(sigma) and sigma > 0):
        raise ValueError(f"Expected argument `sigma` to be a number above 0, but got {sigma}.")
    exponent = -(((labels - 0.5) / sigma) ** 2) / 2
    height = 1 / (sigma * math.sqrt(2 * math.pi))
    return height * (exponent.exp() if is_tensor(exponent) else np.exp(exponent))


def typical_top(labels: Array, rank: int = 5) -> Array:
    """The `rank`-th highest score of each label over the photos: photos x labels to labels.

    Above 1, so that one outlier does not set it. Where the photos are fewer than `rank`, the lowest score counts.

    >>> typical_top(np.array([[0.9], [0.4], [0.3], [0.1]]), rank=2)
    array([0.4])
    """
    if rank < 1:
        raise ValueError(f"Expected argument `rank` to be at least 1, but got {rank}.")
    if labels.ndim != 2 or len(labels) == 0:
        raise ValueError(
            f"Expected argument `labels` to be photos x labels with at least one photo, "
            f"but got shape {tuple(labels.shape)}."
        )
    ascending = labels.sort(0).values if is_tensor(labels) else np.sort(labels, axis=0)
    return ascending[max(len(labels) - rank, 0)].clip(SMALLEST)


def scale_to_top(labels: Array, top: Array) -> Array:
    """Divide the scores of each label by its typical top score, bent so that none reaches 1.

    A softmax over the labels leaves some labels with low scores even on their clearest photos; step B would take
    all of those for absent. With s = y / top: s up to `KNEE`, and 1 - (1 - k)^2 / (s - 2 k + 1) from there on, which
    goes on in the same direction and always rises. So the order of a label's photos stays. After the division by a
    typical top score in CCD (CVPR 2025).

    Args:
        labels: … x labels, from 0 to 1.
        top: labels, above 0, see `typical_top`.

    Returns:
        … x labels, from 0 to below 1.

    >>> scale_to_top(np.array([0.1, 0.2, 0.4, 0.8]), np.array([0.4])).round(2)
    array([0.25, 0.5 , 0.95, 0.99])
    """
    scaled = labels / top
    above = 1 - (1 - KNEE) ** 2 / (scaled.clip(KNEE, None) - 2 * KNEE + 1)
    return above.where(scaled >= KNEE, scaled) if is_tensor(labels) else np.where(scaled < KNEE, scaled, above)


def loss(labels: Array, prediction: Array, objective: Objective) -> Array:
    """L(y_u, y_p) of each photo, summed over its labels: … x labels to ….

    `kl`: sum of y_u log(y_u / (s y_p)) with s = sum of y_u: s times the Kullback-Leibler divergence of y_p from
    y_u / s, and step A's loss but for what does not depend on the classifier.
    `reverse-kl`: sum of y_p log(s y_p / y_u), the divergence of y_u / s from y_p.
    `bce`: sum of -y_u log(y_p) - (1 - y_u) log(1 - y_p).

    >>> float(loss(np.array([1.0, 0.0]), np.array([0.8, 0.4]), "bce").round(2))
    0.73
    """
    check_same_shape("labels", labels, "prediction", prediction)
    y, p = held_inside(labels), held_inside(prediction)
    if _checked(objective) == "kl":
        return (y * _log(y / (_sums(y) * p))).sum(-1)
    if objective == "reverse-kl":
        return (p * _log(_sums(y) * p / y)).sum(-1)
    return -(y * _log(p) + (1 - y) * _log(1 - p)).sum(-1)


def loss_gradient(labels: Array, prediction: Array, objective: Objective) -> Array:
    """dL/dy_u of each photo's own `loss`, never divided by the size of a batch: … x labels.

    `kl`: log(y_u / (s y_p)), which draws a label's share to the prediction. `reverse-kl`: 1 / s - y_p / y_u, which does
    so as well, and most of all with labels that are nearly absent. `bce`: log((1 - y_p) / y_p), which draws
    a label to the side of 0.5 on which the prediction lies.

    >>> loss_gradient(np.array([0.5, 0.5]), np.array([0.8, 0.2]), "bce").round(2)
    array([-1.39,  1.39])
    """
    check_same_shape("labels", labels, "prediction", prediction)
    if _checked(objective) == "kl":
        y = held_inside(labels)
        return _log(y / (_sums(y) * held_inside(prediction)))
    if objective == "reverse-kl":
        y, p = held_inside(labels), held_inside(prediction)
        return _sums(p) / _sums(y) - p / y
    return -to_latent(prediction)


def unexplained(labels: Array, prediction: Array, objective: Objective) -> float:
    """How much of what there is to learn of the labels a classifier has not learnt: 0 for all of it, 1 for nothing.

    The divergence of the predictions from the labels over that of how frequent each label is, which is where a
    classifier begins; above 1 for one that is worse. 0 where all photos have the same labels.

    Args:
        labels: y_u, photos x labels, from 0 to 1.
        prediction: y_p, likewise.
        objective: the loss L; of `bce` what is least, the labels' own entropy, is subtracted.

    >>> labels = np.array([[0.9, 0.1], [0.1, 0.9]])
    >>> round(unexplained(labels, np.array([[0.7, 0.3], [0.3, 0.7]]), "bce"), 2)
    0.32
    """
    frequent = labels.mean(0)
    if _checked(objective) != "bce":
        frequent = frequent / frequent.sum()
    nothing = labels * 0 + frequent
    own = labels if objective == "bce" else labels / _sums(held_inside(labels))
    least = float(loss(labels, own, objective).sum())
    to_learn = float(loss(labels, nothing, objective).sum()) - least
    return (float(loss(labels, prediction, objective).sum()) - least) / to_learn if to_learn > 1e-9 else 0.0


def update_pseudo_labels(
    labels: Array,
    prediction: Array,
    *,
    sigma: float,
    step_size: float,
    known: Any = None,
    objective: Objective = "bce",
) -> Array:
    """Step B as a whole: the pseudo labels after one step towards what the classifier says.

    y_u <- sigmoid(yhat_u - eta * psi(y_u) * dL/dy_u) with yhat_u = log(y_u / (1 - y_u)), see the top of this file.

    Args:
        labels: y_u, photos x labels, from 0 to 1. An array or a tensor, as all others.
        prediction: y_p of the classifier, which is held, photos x labels, from 0 to 1.
        sigma: the width of `psi`, above 0: 1 in the paper; 0.2 lets undecided labels move most.
        step_size: eta, at least 0: 1 in the paper, 0.15 in the program.
        known: photos x labels of bool, true where a person has decided. These labels stay as they are, also 0 and 1.
        objective: the loss L.

    Returns:
        photos x labels, from 0 to 1. What is not known is held 1e-6 from both ends.

    Raises:
        TypeError: the labels or the predictions are neither an array nor a tensor.
        ValueError: shapes that differ, or a value out of its range.

    >>> labels, prediction = np.array([[0.5, 0.5, 1.0]]), np.array([[0.9, 0.1, 0.1]])
    >>> update_pseudo_labels(labels, prediction, sigma=0.2, step_size=0.15, known=labels == 1).round(2)
    array([[0.66, 0.34, 1.  ]])
    """
    for name, values in (("labels", labels), ("prediction", prediction)):
        check_is_finite(name, values)
        if 0 not in tuple(values.shape) and not (values.min() >= 0 and values.max() <= 1):
            raise ValueError(
                f"Expected argument `{name}` to be from 0 to 1, but got {float(values.min())} to {float(values.max())}."
            )
    if known is None:
        known = labels != labels  # nowhere
    check_same_shape("labels", labels, "prediction", prediction)
    check_same_shape("labels", labels, "known", known)
    moved = update_latent(
        to_latent(labels), prediction, sigma=sigma, step_size=step_size, known=known, objective=objective
    )
    refined = from_latent(moved)
    return labels.where(known, refined) if is_tensor(labels) else np.where(known, labels, refined)


def update_latent(
    latent: Array,
    prediction: Array,
    *,
    sigma: float,
    step_size: float,
    known: Any,
    objective: Objective = "bce",
) -> Array:
    """Step B: yhat_u - eta * psi(y_u) * dL/dy_u, as a new array.

    Args:
        latent: yhat_u, photos x labels.
        prediction: y_p of the classifier, which is held, photos x labels, from 0 to 1.
        sigma: the width of `psi`.
        step_size: eta, 1 in the paper.
        known: photos x labels of bool, true where a person has decided. These labels never move.
        objective: the loss L.

    Returns:
        photos x labels.

    >>> latent, nobody = np.zeros((1, 2)), np.zeros((1, 2), bool)
    >>> update_latent(latent, np.array([[0.9, 0.1]]), sigma=0.2, step_size=0.15, known=nobody).round(2)
    array([[ 0.66, -0.66]])
    """
    check_same_shape("latent", latent, "prediction", prediction)
    check_same_shape("latent", latent, "known", known)
    if not (math.isfinite(step_size) and step_size >= 0):
        raise ValueError(f"Expected argument `step_size` to be a number of at least 0, but got {step_size}.")
    labels = from_latent(latent)
    moved = latent - step_size * psi(labels, sigma) * loss_gradient(labels, prediction, objective)
    return latent.where(known, moved) if is_tensor(latent) else np.where(known, latent, moved)


def _sums(labels: Array) -> Array:
    """… x labels to … x 1."""
    return labels.sum(-1)[..., None]


def _checked(objective: str) -> str:
    if objective not in ("kl", "reverse-kl", "bce"):
        raise ValueError(f"Expected argument `objective` to be kl, reverse-kl or bce, but got {objective!r}.")
    return objective


def _log(values: Array) -> Array:
    return values.log() if is_tensor(values) else np.log(values)
