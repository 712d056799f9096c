"""Thresholds and probabilities from the answers of a person."""
