"""CDUL's mathematics: pure functions on arrays and tensors, with no file, model or database."""

from engine.method.aggregation import (
    aggregate_min_max,
    contrast_probabilities,
    initial_pseudo_labels,
    log_abundance,
)
from engine.method.metrics import MeanAveragePrecision, average_precision, mean_average_precision
from engine.method.rerank import match_ranks, predict_from_all_labels, scale_by_abundance
from engine.method.similarity import centre_by_label, class_probabilities, label_means
from engine.method.snippets import Box, check_grids, grid_boxes

__all__ = [
    "Box",
    "MeanAveragePrecision",
    "aggregate_min_max",
    "average_precision",
    "centre_by_label",
    "check_grids",
    "class_probabilities",
    "contrast_probabilities",
    "grid_boxes",
    "initial_pseudo_labels",
    "label_means",
    "log_abundance",
    "match_ranks",
    "mean_average_precision",
    "predict_from_all_labels",
    "scale_by_abundance",
]
