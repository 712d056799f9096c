"""Training a classifier on the labels, and labelling with it."""
