"""From photos to pseudo labels: adding photos, encoding, stage 1."""
