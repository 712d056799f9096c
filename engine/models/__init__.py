"""Networks: image-text encoders, and the classifier that is trained on their labels."""
