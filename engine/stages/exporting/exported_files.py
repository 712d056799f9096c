"""Which files this project exported, so that a new export takes the place of an earlier one and of nothing else."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from engine.errors import WrongUsage
from engine.project import Project, ProjectError
from engine.project.settings import keep_setting, setting
from engine.wording import Sentence

_SETTING, _MOST = "exported files", 100


def is_ours(project: Project, file: Path) -> bool:
    """Whether a file holds, byte for byte, what this project exported there."""
    digests = _exported(project).get(_name(file), [])
    return bool(digests) and _digest_of(file) in digests


def check_place(project: Project, file: Path, known: Mapping[str, str], *, force: bool) -> str:
    """The format of a picture to be written, by its suffix, if it may be written there.

    Raises:
        WrongUsage: another suffix than the `known` ones, or a place in the photo folder or, without `force`, of a file
            that this project did not write.
    """
    kind = known.get(file.suffix.lower())
    if kind is None:
        raise WrongUsage(
            Sentence("Expected the name of the picture to end in {known}, but got {file}.").format(
                known=", ".join(known), file=file.name
            )
        )
    if isinstance(project.photos, Path) and file.resolve().is_relative_to(project.photos.resolve()):
        raise WrongUsage(
            Sentence("The photo folder {photos} is only read. Choose a folder outside of it.").format(
                photos=project.photos
            )
        )
    if not force:
        check_is_ours(project, file)
    return kind


def check_is_ours(project: Project, file: Path) -> None:
    """Raise WrongUsage for a file that is there and that this project did not write, or that was changed since."""
    if file.is_file() and file.stat().st_size and not is_ours(project, file):
        raise WrongUsage(
            Sentence(
                "{file} is there already, and it is not what this project exported last. Choose another place, or say "
                "that it may be replaced (--force)."
            ).format(file=file)
        )


def keep_as_ours(project: Project, file: Path, stream: IO[bytes]) -> None:
    """Remember what is about to be put in a place.

    Not in a project that is only read, or whose disk is in trouble: labels can be rescued to another disk, and the next
    export there asks.

    What was there before is still known: a kill at this moment leaves it there.
    """
    if not project.read_only:
        stream.flush()
        stream.seek(0)
        kept = _exported(project)
        before = [digest for digest in kept.pop(_name(file), []) if digest == _digest_of(file)]
        newest = dict(list(kept.items())[1 - _MOST :])
        with suppress(ProjectError):
            keep_setting(project, _SETTING, {**newest, _name(file): [_digest(stream), *before]})
        stream.seek(0, os.SEEK_END)


def _exported(project: Project) -> dict[str, list[str]]:
    kept = setting(project, _SETTING, {})
    return {name: digests for name, digests in kept.items() if isinstance(digests, list)} if kept else {}


def _name(file: Path) -> str:
    # Bytes as characters, since a name may be no text.
    return str(file.resolve()).encode("utf-8", "surrogateescape").decode("latin-1")


def _digest_of(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return _digest(stream)
    except OSError:
        return None


def _digest(stream: IO[bytes]) -> str:
    return hashlib.file_digest(stream, "blake2b").hexdigest()  # type: ignore[arg-type]
