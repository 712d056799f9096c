"""Questions to the person, each with what was answered last as the proposal."""
