"""The history dock."""
