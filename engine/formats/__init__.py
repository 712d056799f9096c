"""What comes in and goes out: one file a format, listed in `registry`; what they share in `files`."""
