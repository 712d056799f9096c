"""Image-text encoders behind one protocol."""
