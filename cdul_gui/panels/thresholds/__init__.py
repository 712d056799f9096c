"""The thresholds dock and the sweep."""
