"""Edits: every one kept, undone and done again as a whole."""
