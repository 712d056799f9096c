"""CDUL's window: everything that imports Qt."""
