"""One photo: zoom, snippet grid, heatmap."""
