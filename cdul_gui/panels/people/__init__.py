"""The people who review, and how far they agree."""
