"""The verbs of the history: what was done, by runs and by people, and taking it back."""
