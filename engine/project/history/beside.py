"""What edits changed in files beside photos: kept before it is done, so that it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine.project.history.changes import BESIDE, ChangeRow, changes_where, keep_changes
from engine.project.history.history import keep_edit
from engine.project.project import Project
from engine.project.storage.columns import Unsound
from engine.project.storage.schema import Change, Edit
from engine.wording import Sentence


@dataclass(frozen=True)
class FileBesideChange:
    """What one edit changes in the file beside a photo."""

    photo_id: int
    path: str
    """Relative to the photo folder, with `/`."""
    digest_before: str | None
    """Of the file's bytes; None where there was, or is then, no file."""
    digest_after: str | None
    ours_before: tuple[str, ...]
    ours_after: tuple[str, ...]
    splices: str
    """What was changed in the file, as the one who changed it can read it."""


def keep_beside(project: Project, edit_id: int | None, title: Sentence, files: Sequence[FileBesideChange]) -> int:
    """Keep what an edit is about to change in files beside photos, so that it can be taken back.

    Args:
        edit_id: the edit; None for a new one with this title.

    Returns:
        The edit.
    """
    changes = [
        ChangeRow(
            BESIDE,
            one.photo_id,
            None,
            None,
            [one.path, one.digest_before, list(one.ours_before)],
            [one.path, one.digest_after, list(one.ours_after), one.splices],
        )
        for one in files
    ]
    with project.writing() as connection:
        if edit_id is None:
            edit_id = keep_edit(connection, title, [], by=None).edit_id
        keep_changes(connection, changes, edit_id=edit_id)
    return edit_id


def beside_changes(project: Project, edit_id: int) -> tuple[bool, list[FileBesideChange]]:
    """What the edit that an undo or redo is of changed beside photos, and whether that is in force after it.

    Raises:
        UserError: it is not as `keep_beside` keeps it.
    """
    with project.reading() as connection:
        edit = connection.execute(select(Edit.kind, Edit.target_id).where(Edit.id == edit_id)).one_or_none()
        rows = [] if edit is None else changes_where(connection, Change.edit_id == (edit.target_id or edit_id))
        found = [_of_row(row) for row in rows if row.field == BESIDE]
    return edit is not None and edit.kind != "undo", found


def _of_row(row: ChangeRow) -> FileBesideChange:
    if row.photo_id is None or not row.old or not row.new or (len(row.old), len(row.new)) != (3, 4):
        raise Unsound("change.old or new", "what a file beside a photo was and became", row.new)
    path, digest_before, ours_before = row.old
    _, digest_after, ours_after, splices = row.new
    return FileBesideChange(
        row.photo_id, path, digest_before, digest_after, tuple(ours_before), tuple(ours_after), splices
    )
