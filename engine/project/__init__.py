"""What is kept: photos, labels, runs, scores, decisions and their history, in SQLite."""

from engine.project.failures import ProjectError
from engine.project.project import Project

__all__ = ["Project", "ProjectError"]
