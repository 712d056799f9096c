"""The verbs: what is done with a project, from photos to labels."""
