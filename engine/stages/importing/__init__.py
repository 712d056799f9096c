"""Labels of other programs in."""
