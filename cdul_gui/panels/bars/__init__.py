"""The lines above and below the photos."""
