"""The commands, a module for each kind; everything heavy is imported inside the functions."""
