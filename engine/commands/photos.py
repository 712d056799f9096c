"""Which photos a command is about: the options for that, and what they mean."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.commands.console import AnyFolder, folder_named, open_project, path_of
from engine.commands.saying import as_bytes, one_line, say, warn
from engine.commands.streams import is_stream, read_stream
from engine.errors import UserError
from engine.wording import Sentence, n_photos

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.project import Project
    from engine.project.snapshot import Snapshot
    from engine.project.storage.address import Place

SomePhotos = Annotated[
    list[AnyFolder],
    typer.Argument(
        help="The photo folder; or a folder in it, or photos, for these alone.", metavar="PHOTOS", parser=folder_named
    ),
]
PhotoList = Annotated[
    Path | None,
    typer.Option(
        "--list",
        help="Only the photos that this file names, one a line or with NULs between; - for standard input. Names may "
        "lead there from the photo folder or from here, with or without suffix.",
        show_default="all",
        metavar="FILE",
        parser=path_of,
    ),
]
FilterText = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help="Only these, in the filter language of the window: 'label:dog -label:cat' are those with a dog and "
        "without a cat. May be repeated, for those that pass all.",
        show_default="all",
        metavar="FILTER",
    ),
]
JustPaths = Annotated[bool, typer.Option("--paths", help="Print nothing but where the photos are.")]
Nul = Annotated[
    bool, typer.Option("--null", "-0", help="Like --paths, with a NUL behind each in place of a line break.")
]


def one_filter(given: Sequence[str] | None) -> str:
    """Several filters as one, which passes what all of them pass."""
    filters = [text for text in given or () if text.strip()]
    return filters[0] if len(filters) == 1 else " ".join(f"({text})" for text in filters)


def names_listed(photo_list: Path | None) -> tuple[str, ...] | None:
    """The names of a list of photos, from its file or standard input; None where there is no list."""
    from engine.photos.listed import names_in
    from engine.stages.labelling.photo_list import read_photo_list

    if photo_list is not None and is_stream(photo_list):
        return names_in(read_stream(photo_list).decode("utf-8-sig", "surrogateescape"))
    return None if photo_list is None else read_photo_list(photo_list)


class Chosen:
    """An open project, and what of it a command is about."""

    def __init__(self, project: Project, names: tuple[str, ...] | None, filter_text: str, shown_in: AnyFolder) -> None:
        self.project = project
        self._names, self._filter, self._shown_in = names, filter_text, shown_in

    @property
    def are_all(self) -> bool:
        """Whether all photos of the project are meant."""
        return self._names is None and not self._filter.strip()

    def rows(self, snapshot: Snapshot, *, all_must_be_there: bool = False) -> npt.NDArray[np.int64]:
        """The rows of the photos that are meant; names of no photo are told, or are an error."""
        from engine.stages.finding.chosen_photos import chosen_rows

        rows, missing = chosen_rows(self.project, snapshot, filter_text=self._filter, names=self._names)
        if missing and all_must_be_there:
            raise UserError(
                Sentence(
                    "Of what is named, not in the project: {photos}, such as {name!r}. Nothing was changed."
                ).format(photos=n_photos(len(missing)), name=missing[0])
            )
        tell_unlisted(missing)
        return rows

    def print_paths(self, paths: Sequence[str], *, nul: bool) -> None:
        """Paths of photos of the project, see `print_paths`."""
        print_paths(self._shown_in, paths, nul=nul)


@contextmanager
def open_chosen(
    photos: Sequence[AnyFolder],
    folder: Place | None,
    *,
    photo_list: Path | None = None,
    filter_text: Sequence[str] | None = None,
    to_read: bool = True,
) -> Iterator[Chosen]:
    """The project that photos are in, which must be there, and those of them that are meant."""
    place, names = names_given(photos, folder, photo_list)
    with open_project(place, folder, must_exist=True, to_read=to_read) as project:
        yield Chosen(project, names, one_filter(filter_text), _as_given(place, photos))


def _as_given(folder: AnyFolder, photos: Sequence[AnyFolder]) -> AnyFolder:
    """The photo folder that was found, from here where photos were named from here."""
    if not isinstance(folder, Path):
        return folder
    if not folder.is_absolute() or any(isinstance(photo, Path) and photo.is_absolute() for photo in photos):
        return folder
    return Path(os.path.relpath(folder))


def print_paths(folder: AnyFolder, paths: Sequence[str], *, nul: bool) -> None:
    """Paths of photos as they lead there from here, byte by byte, so that any program can take them."""
    if sys.stdout.isatty():
        for path in paths:
            say(one_line((folder / path).as_posix()))
        return
    end = b"\0" if nul else b"\n"
    for path in paths:
        shown = (folder / path).as_posix()
        sys.stdout.buffer.write(as_bytes(shown if nul else one_line(shown)) + end)
    sys.stdout.flush()


def names_given(
    photos: Sequence[AnyFolder], folder: Place | None, photo_list: Path | None, *, makes_project: bool = False
) -> tuple[AnyFolder, tuple[str, ...] | None]:
    """The photo folder that photos are in, and the names of those that are meant; None for all.

    Args:
        makes_project: a folder is a photo folder then, though it lie in one that has a project.
    """
    from engine.stages.finding.chosen_photos import GivenPhotos, given_photos

    listed = names_listed(photo_list)
    is_folder = makes_project and len(photos) == 1 and not (isinstance(photos[0], Path) and photos[0].is_file())
    given = GivenPhotos(photos[0]) if is_folder else given_photos(photos, folder)
    return given.folder, given.names if listed is None else (*(given.names or ()), *listed)


def tell_unlisted(names: Sequence[str]) -> None:
    """Say which names of a list are no photo, if there are any."""
    if names:
        more = ", …" if len(names) > 5 else ""
        some = ", ".join(name.strip() for name in names[:5])
        warn(f"Of the list, not in the folder: {n_photos(len(names))} ({some}{more})")
