"""The two databases of a project, their schemas and migrations."""
