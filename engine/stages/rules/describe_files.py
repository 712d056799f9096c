"""Reading what photos' files say of camera and places, of those that nobody has looked into yet."""

from __future__ import annotations

from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.descriptions import keep_descriptions, known_descriptions
from engine.project.photos import photo_files
from engine.project.rules import IN_THE_FILE, Description, rules

_AT_ONCE = 500


def describe_files(project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> None:
    """Read and keep; a file is read once for as long as it stays the same. Nothing in a project that is only read."""
    from engine.formats.photo_description import describe_photo  # XML's readers, which come with half of the network's

    if project.read_only:
        return
    there = [(path, size, at) for path, size, at, is_there in photo_files(project) if is_there]
    known = known_descriptions(project, there)
    missing = [file for file, said in zip(there, known, strict=True) if said is None]
    progress.start("Reading what photos say of themselves", total=len(missing))
    for start in range(0, len(missing), _AT_ONCE):
        found: dict[tuple[str, int, int], Description] = {}
        try:
            for file in missing[start : start + _AT_ONCE]:
                cancellation.check()
                found[file] = describe_photo(project.file_of(file[0]))
                progress.advance()
        finally:
            keep_descriptions(project, found)


def describe_files_for_rules(project: Project, progress: Progress = QUIET, cancellation: Cancellation = NEVER) -> None:
    """The same where a rule asks for it."""
    if any(rule.field in IN_THE_FILE for rule in rules(project)):
        describe_files(project, progress, cancellation)
