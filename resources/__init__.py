"""Files the program ships: label sets, sample photos, icons."""
