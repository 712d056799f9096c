"""Copying a project from one place to another: from a laptop to a server and back."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from engine.errors import UserError, WrongUsage
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project.folder import CACHE_FILE
from engine.project.project import open_database
from engine.project.storage.address import Place, name_of
from engine.project.storage.copy_rows import copy_rows, count_rows, tables_that_differ
from engine.wording import Sentence, n_decisions, n_photos

_FILES = re.compile(r"similarities-\d+\.f32|classifiers|training|search")
"""What belongs to a project beside its databases."""


@dataclass(frozen=True)
class Copied:
    """A project that was copied: how many rows of each table, and where to."""

    rows: Mapping[str, int]
    to: str

    @property
    def sentence(self) -> Sentence:
        """For people."""
        return Sentence("Copied to {place} and compared: {photos}, {decisions}.").format(
            place=self.to, photos=n_photos(self.rows["photo"]), decisions=n_decisions(self.rows["decision"])
        )


def _shown(place: Place) -> str:
    return str(place) if isinstance(place, Path) else name_of(place)


def copy_project(
    source: Place, target: Place, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> Copied:
    """Copy all that is known of photos to a place without a project, and compare what came with what was there.

    The photos stay where they are. Cancelled or failed, there is nothing at the other place.

    Raises:
        WrongUsage: it is the same place.
        UserError: there is no project, or there is one at the other place already, or it cannot be read or written.
        Cancelled: nothing was kept.
    """
    if source == target:
        raise WrongUsage(Sentence("Expected two places, but got {place} twice.").format(place=_shown(source)))
    with (
        closing(open_database(source, read_only=True, must_exist=True)) as old,
        old.reading() as reader,
        closing(open_database(target, read_only=False, must_exist=False)) as new,
        new.writing() as writer,
    ):
        if any(count_rows(writer).values()):
            raise UserError(
                Sentence("There is a project in {place} already. Name a place without one.").format(place=new.name)
            )
        rows = count_rows(reader)
        progress.start("Copying the project", total=sum(rows.values()), unit="rows")

        def on_rows(count: int) -> None:
            cancellation.check()
            progress.advance(count)

        copy_rows(reader, writer, on_rows)
        new.rows_were_put(writer)
        progress.start("Comparing both", total=sum(rows.values()), unit="rows")
        if differ := tables_that_differ(reader, writer, on_rows):
            raise UserError(
                Sentence("What came to {place} is not what was in {source} ({tables}). Nothing was kept.").format(
                    place=new.name, source=old.name, tables=", ".join(differ)
                )
            )
        _copy_files(old.folder, new.folder, cancellation)
    return Copied(rows, new.name)


def _copy_files(source: Path, target: Path, cancellation: Cancellation) -> None:
    """Embeddings, thumbnails and classifiers, so that nothing has to be made again."""
    if source == target:
        return
    try:
        if (source / CACHE_FILE).is_file() and not (target / CACHE_FILE).exists():
            # By SQLite, which knows what of it is still in the log.
            with (
                closing(sqlite3.connect(source / CACHE_FILE)) as old,
                closing(sqlite3.connect(target / CACHE_FILE)) as new,
            ):
                old.backup(new)
        for one in sorted(source.iterdir()):
            cancellation.check()
            if _FILES.fullmatch(one.name) and not one.is_symlink():
                if one.is_dir():
                    shutil.copytree(one, target / one.name, dirs_exist_ok=True)
                else:
                    shutil.copyfile(one, target / one.name)
    except (OSError, sqlite3.Error) as error:
        raise UserError(
            Sentence(
                "The embeddings and classifiers could not be copied to {folder} ({why}). Nothing was kept."
            ).format(folder=target, why=error)
        ) from error
