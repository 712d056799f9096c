"""The dialog that takes in a truth."""
