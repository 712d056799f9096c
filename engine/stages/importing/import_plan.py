"""What an import is to do, and what it will do as things stand, told before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from engine.formats.known_labels import KnownLabels, ScoreTable
from engine.formats.registry import guess_format, reader_for
from engine.wording import Sentence


class TakeAs(StrEnum):
    """What labels are taken over as."""

    DECISIONS = "decisions"
    SUGGESTIONS = "suggestions"
    OPINION = "opinion"
    """A second opinion, which stands beside what suggests."""
    TRUTH = "truth"


class OnConflict(StrEnum):
    """Which side stays in force where a decision that is there says otherwise; both stay in the history."""

    KEEP = "keep"
    REPLACE = "replace"


class NewLabels(StrEnum):
    """Whether labels that the project has not join its label set, or are left out.

    With TREE all labels come to stand below what they stand below in the file, and that becomes labels as well. Else
    new ones do where that is a label.
    """

    ADD = "add"
    TREE = "tree"
    SKIP = "skip"


@dataclass(frozen=True)
class ImportChoice:
    """How a person wants labels to be taken over."""

    take_as: TakeAs = TakeAs.DECISIONS
    on_conflict: OnConflict = OnConflict.KEEP
    new_labels: NewLabels = NewLabels.ADD


@dataclass(frozen=True)
class Source:
    """What was read, and where from."""

    path: Path
    format_name: str
    known: KnownLabels | ScoreTable

    @property
    def photo_names(self) -> Sequence[str]:
        return self.known.file_names if isinstance(self.known, ScoreTable) else tuple(self.known.answers)

    @property
    def name(self) -> str:
        """Of the file or folder, as text that can be kept, whatever its bytes."""
        return self.path.name.encode("utf-8", "replace").decode()

    @property
    def only_suggests(self) -> bool:
        """Whether there is nothing in it that could be a decision or a truth."""
        return isinstance(self.known, ScoreTable) or not (any(self.known.answers.values()) or self.known.reviewed)


@dataclass(frozen=True)
class Conflict:
    """A photo and label that a person decided otherwise than the file says; True is yes."""

    photo: str
    label: str
    mine: bool
    theirs: bool


@dataclass(frozen=True)
class ImportPlan:
    """What an import will do, as things stand.

    `photos` of the project are named by the file, `photos_without` are not; `unmatched_photos` of the file have no
    readable photo in the project. `labels` of the file are in the project, `other_names` of them under another name
    (theirs, ours); `new_labels` will join the label set, `skipped_labels` have none there and are left out.
    """

    take_as: TakeAs
    format: str
    photos: int
    photos_without: int
    unmatched_photos: tuple[str, ...]
    labels: int
    other_names: tuple[tuple[str, str], ...]
    new_labels: tuple[str, ...]
    skipped_labels: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    """Names that an upload changed, each with the photo that it was taken for."""
    problems: tuple[Sentence, ...]
    """What is wrong with the first files and entries that were passed over, and what else should be known."""
    passed_over: int
    """How many files and entries were."""
    confirmed: int = 0
    """Labels that will be confirmed, where nothing was decided; likewise `rejected`."""
    rejected: int = 0
    reviewed: int = 0
    """Photos that will be marked as reviewed."""
    same: int = 0
    """Decisions that are there already."""
    conflicts: tuple[Conflict, ...] = ()
    replaces: bool = False
    """Whether the file's side is taken in conflicts."""
    parents: int = 0
    """How many labels will stand below others because they do in the file."""
    suggested: int = 0
    """Labels that will be suggested, or, as decisions are taken over, that are left out as they are only suggested."""
    there_already: bool = False
    """Whether the very same was taken over before."""

    @property
    def changes_nothing(self) -> bool:
        """Whether all of it is there already."""
        if self.take_as != TakeAs.DECISIONS:
            return self.there_already
        replaced = self.conflicts if self.replaces else ()
        return not (self.confirmed or self.rejected or self.reviewed or self.parents or replaced)

    def as_json(self) -> dict[str, Any]:
        """For machines; of the conflicts the first ones."""
        conflicts = [asdict(conflict) for conflict in self.conflicts[:1000]]
        return {**asdict(self), "conflicts": len(self.conflicts), "some_conflicts": conflicts}


@dataclass(frozen=True)
class Imported:
    """What an import did: its plan as things stood, and the edit, run or truth that it made, if any."""

    plan: ImportPlan
    edit: int | None = None
    run: int | None = None
    truth: str | None = None


def read_source(path: Path, format_name: str | None = None) -> Source:
    """Read labels in a format, by default in that which the file looks like.

    Raises:
        UserError: no such file, an unknown format, or what was read is not it; with the file and the place.
    """
    format_name = format_name or guess_format(path)
    return Source(path, format_name, reader_for(format_name, path).read(path))
