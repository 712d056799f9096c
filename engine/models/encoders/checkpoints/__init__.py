"""Weights from anywhere: reading their tensors without running anything, and fitting them into a network."""
