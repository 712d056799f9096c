"""The dialog of rules."""
