"""What to look at next, and what changed since."""
