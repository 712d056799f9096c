"""Networks that learn: backbones, classifier, the training loop."""
