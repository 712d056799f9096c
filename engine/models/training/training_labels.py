"""What a training learns from: pseudo labels, what people decided, and which decisions are kept to measure by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FEWEST_HELD_OUT = 100
"""Fewer held-out decisions say too little to stop by: with 60, a training stopped too early, see docs/results.md."""


@dataclass(frozen=True)
class TrainingLabels:
    """What is to be learnt, photos x labels.

    `values`: from 0 to 1; 1 or 0 where a person has decided. `known`: where a person has decided; step B never
    moves these. `held_out`: decisions kept from the training to measure it by, 1 or 0, nan elsewhere; `values` has
    the pseudo label there. `thresholds`: one for each label, in the scale of `values`.
    """

    values: npt.NDArray[np.float32]
    known: npt.NDArray[np.bool_]
    held_out: npt.NDArray[np.float32]
    thresholds: npt.NDArray[np.float32]

    @classmethod
    def merge(
        cls,
        pseudo_labels: npt.ArrayLike,
        decisions: npt.ArrayLike | None = None,
        thresholds: npt.ArrayLike = 0.5,
        *,
        hold_out: float = 0.0,
        seed: int = 0,
    ) -> TrainingLabels:
        """Pseudo labels where nobody has decided, 1 and 0 where somebody has.

        Args:
            pseudo_labels: photos x labels, from 0 to 1.
            decisions: photos x labels: 1 yes, 0 no, nan where nobody has decided.
            thresholds: one for each label, or one for all.
            hold_out: share of the decisions to hold out, from 0 to 0.5; none where they would be fewer than
                `FEWEST_HELD_OUT`.
            seed: chooses which.
        """
        values = np.array(pseudo_labels, np.float32)
        decided = np.full(values.shape, np.nan, np.float32) if decisions is None else np.asarray(decisions, np.float32)
        if values.ndim != 2 or 0 in values.shape:
            raise ValueError(
                "Expected argument `pseudo_labels` to be photos x labels with at least one of each, "
                f"but got shape {values.shape}."
            )
        if not ((values >= 0) & (values <= 1)).all():
            raise ValueError("Expected argument `pseudo_labels` to hold numbers from 0 to 1, but got others.")
        if decided.shape != values.shape:
            raise ValueError(f"Expected argument `decisions` to be of shape {values.shape}, but got {decided.shape}.")
        known = ~np.isnan(decided)
        if not np.isin(decided[known], (0, 1)).all():
            raise ValueError("Expected argument `decisions` to hold 1, 0 and nan only, but got other numbers.")
        if not 0 <= hold_out <= 0.5:
            raise ValueError(f"Expected argument `hold_out` to be from 0 to 0.5, but got {hold_out}.")

        held_out = np.full_like(values, np.nan)
        chosen = np.random.default_rng(seed).permutation(np.flatnonzero(known))[: int(hold_out * known.sum())]
        if chosen.size >= FEWEST_HELD_OUT:
            held_out.flat[chosen] = decided.flat[chosen]
            known.flat[chosen] = False
        values[known] = decided[known]
        return cls(values, known, held_out, np.broadcast_to(np.asarray(thresholds, np.float32), values.shape[1:]))
