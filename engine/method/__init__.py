"""CDUL's mathematics: pure functions on arrays and tensors, with no file, model or database.

`pseudo_labels` is stage 1 as a whole, `update_pseudo_labels` step B of stage 2; the others are what they are made of.
Arrays of NumPy come out where such went in, tensors of torch where tensors did; for arrays torch is never imported.
"""

from engine.method.aggregation import (
    aggregate_min_max,
    contrast_probabilities,
    initial_pseudo_labels,
    log_abundance,
)
from engine.method.latent import from_latent, to_latent
from engine.method.metrics import MeanAveragePrecision, average_precision, mean_average_precision
from engine.method.refinement import (
    loss,
    loss_gradient,
    psi,
    scale_to_top,
    typical_top,
    update_latent,
    update_pseudo_labels,
)
from engine.method.rerank import match_ranks, predict_from_all_labels, scale_by_abundance
from engine.method.similarity import centre_by_label, class_probabilities, label_means
from engine.method.snippets import Box, check_grids, grid_boxes
from engine.method.stage_one import pseudo_labels

__all__ = [
    "Box",
    "MeanAveragePrecision",
    "aggregate_min_max",
    "average_precision",
    "centre_by_label",
    "check_grids",
    "class_probabilities",
    "contrast_probabilities",
    "from_latent",
    "grid_boxes",
    "initial_pseudo_labels",
    "label_means",
    "log_abundance",
    "loss",
    "loss_gradient",
    "match_ranks",
    "mean_average_precision",
    "predict_from_all_labels",
    "pseudo_labels",
    "psi",
    "scale_by_abundance",
    "scale_to_top",
    "to_latent",
    "typical_top",
    "update_latent",
    "update_pseudo_labels",
]
