"""Scores against a truth, and one set of scores against another."""
