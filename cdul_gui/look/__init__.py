"""Appearance, colours, chips, controls, tables."""
