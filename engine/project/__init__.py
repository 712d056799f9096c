"""What is kept: photos, labels, runs, scores, decisions and their history, in SQLite."""

from engine.project.project import Project, ProjectError

__all__ = ["Project", "ProjectError"]
