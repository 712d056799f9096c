"""Labels out, into a file, a folder, or beside the photos."""
