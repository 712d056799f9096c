"""What a person asks to be handed over, as the command line and the dialog say it and a project remembers it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any

from engine.errors import WrongUsage
from engine.formats.format import OneFile, Writer
from engine.formats.registry import WRITERS
from engine.formats.xmp import SidecarName
from engine.project import Project, ProjectError
from engine.project.settings import keep_setting, setting
from engine.wording import Sentence

SPLITS = ("train", "val", "test")


class PhotosWanted(StrEnum):
    """Which photos, before any filter."""

    ALL = "all"
    REVIEWED = "reviewed"


class StatesWanted(StrEnum):
    """Which states of a label: what persons confirmed; that and what is likely; or that and what may be."""

    CONFIRMED = "confirmed"
    SUGGESTED = "suggested"
    MAYBE = "maybe"


class PhotoFiles(StrEnum):
    """What happens to the photos' files."""

    LEAVE = "leave"
    COPY = "copy"
    LINK = "link"


@dataclass(frozen=True)
class ExportRequest:
    """A format and which photos, labels and states go into it.

    Raises:
        WrongUsage: no such format, or a value that is none of its kind.
    """

    format_name: str = "coco"
    only: str = PhotosWanted.ALL
    filter_text: str = ""
    """In the filter language; empty for no filter."""
    labels: tuple[str, ...] = ()
    """Names of labels; empty for all."""
    states: str = StatesWanted.SUGGESTED
    implied: bool = True
    """Whether what follows from parents goes in: what confirmed labels imply, and what rejected ones rule out."""
    stage: str | None = None
    """Whose scores suggest labels; None for the best there is."""
    shares: tuple[int, ...] = ()
    """Percent of the photos for train, val and test; empty for no split."""
    seed: int = 0
    """Which of the splits with these shares."""
    photos: str = PhotoFiles.LEAVE
    beside: bool = False
    """Write a file beside each photo, in the photo folder itself."""
    sidecars: str = SidecarName.FULL
    """What XMP sidecars beside the photos are called."""
    names: tuple[str, ...] | None = None
    """The photos, by name, see `engine.photos.listed`; None for all. Not remembered with the project."""

    @cached_property
    def writer(self) -> Writer:
        """What writes the format; it is looked up here, and nowhere else on the way of an export."""
        if self.format_name not in WRITERS:
            raise WrongUsage(
                Sentence("Expected --format to be one of {known}, but got {name!r}.").format(
                    known=", ".join(WRITERS), name=self.format_name
                )
            )
        return WRITERS[self.format_name]

    @property
    def one_file(self) -> OneFile | None:
        """The one file that is asked for; None for a folder."""
        files = self.writer.files
        return files if isinstance(files, OneFile) and not self.shares and self.photos == PhotoFiles.LEAVE else None

    def __post_init__(self) -> None:
        kinds = {"only": PhotosWanted, "states": StatesWanted, "photos": PhotoFiles, "sidecars": SidecarName}
        for name, kind in kinds.items():
            if getattr(self, name) not in list(kind):
                raise WrongUsage(
                    Sentence("Expected --{option} to be one of {known}, but got {value!r}.").format(
                        option=name, known=", ".join(kind), value=getattr(self, name)
                    )
                )
        if self.shares and (len(self.shares) != len(SPLITS) or min(self.shares) < 0 or sum(self.shares) != 100):
            raise WrongUsage(
                Sentence(
                    "Expected --split to be the percentages of train, val and test, together 100, like 80/10/10, "
                    "but got {shares}."
                ).format(shares="/".join(map(str, self.shares)))
            )
        self.writer  # noqa: B018 - an unknown format is said at once
        if self.beside and (self.shares or self.photos != PhotoFiles.LEAVE):
            raise WrongUsage(
                Sentence("--beside neither splits nor copies the photos. Leave out --split and --photos, or --beside.")
            )


def shares_of(text: str) -> tuple[int, ...]:
    """Shares as they are typed, `80/10/10`; WrongUsage for what is no such thing."""
    try:
        return tuple(int(share) for share in text.split("/"))
    except ValueError as error:
        raise WrongUsage(
            Sentence("Expected --split to be percentages like 80/10/10, but got {text!r}.").format(text=text)
        ) from error


_SETTING = "export"


def keep_request(project: Project, request: ExportRequest) -> None:
    """Remember with the project what was asked for last; not where its disk is in trouble, which stops no export."""
    kept = asdict(request)
    del kept["names"]
    with suppress(ProjectError):
        keep_setting(project, _SETTING, kept)


def kept_request(project: Project) -> ExportRequest:
    """What was asked for last in this project, as far as it still can be."""
    kept = setting(project, _SETTING, {})
    try:
        known: dict[str, Callable[[Any], Any]] = {field.name: lambda value: value for field in fields(ExportRequest)}
        known |= {"labels": tuple, "shares": tuple}
        return ExportRequest(**{name: known[name](value) for name, value in kept.items() if name in known})
    except (WrongUsage, TypeError, ValueError):  # of another version of this program
        return ExportRequest()
