"""The encoder that comes with the program: EfficientNet-Lite2 and MiniLM."""
