"""The verbs of several people: how far they agree."""
