"""What keeps a project from being opened, read or written, as a sentence that says what to do."""

from engine.errors import UserError


class ProjectError(UserError):
    """A project cannot be opened or written; the message says why and what to do."""


class ProjectInUse(ProjectError):
    """Another process has the project open for writing."""


class PhotosNotThere(ProjectError):
    """The photo folder of an open project is gone, e.g. with its drive, or cannot be read now."""


class ProjectNotWritable(ProjectError):
    """Nothing can be written where the project is."""
