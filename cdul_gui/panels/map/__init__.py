"""The map dock."""
