"""The label set dialog."""
