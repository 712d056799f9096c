"""CDUL's engine: from photos to labels. It knows no window and no Qt."""
