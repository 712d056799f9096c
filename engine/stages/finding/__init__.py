"""Photos by words, by likeness, near-duplicates, and the map."""
