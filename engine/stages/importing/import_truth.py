"""A truth is taken into the project as a thing of its own, to compare with; nothing is ever trained on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import UserError, WrongUsage
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabels
from engine.formats.registry import guess_format, reader_for
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.labels import LabelRow, called_otherwise, label_set
from engine.project.photos import readable_photos
from engine.project.truths import TruthRow, TruthTable, keep_truth, load_truth, truths
from engine.stages.labelling.add_photos import add_some_photos
from engine.stages.matching import match_changed_names, match_labels, match_photos, match_photos_by_content
from engine.wording import Sentence, n_labels, n_photos

IGNORE, NEGATIVE = "ignore", "negative"
"""What a label is to a photo where VOC calls all its objects difficult."""


@dataclass(frozen=True)
class MatchedTruth:
    """A truth whose photos and labels were found again in a project.

    `by_content`: how many names were matched by the bytes of the truth's own photos. `unmatched_photos`: names
    without a readable photo in the project.
    """

    table: TruthTable
    by_content: int
    unmatched_photos: tuple[str, ...]


@dataclass(frozen=True)
class ImportedTruth:
    """What an import kept, and what found no place."""

    truth: TruthRow
    by_content: int
    unmatched_photos: tuple[str, ...]
    unmatched_labels: tuple[str, ...]
    problems: tuple[Sentence, ...] = ()
    """Of its file, as those of `KnownLabels`."""
    passed_over: int = 0

    @property
    def sentence(self) -> Sentence:
        """For people."""
        matched = len(self.truth.categories) - len(self.unmatched_labels)
        return Sentence(
            "Kept the truth {name!r}: {photos} ({by_content} by their content), {matched} of its {labels}. "
            "It is compared with and never trained on."
        ).format(
            name=self.truth.name,
            photos=n_photos(self.truth.photos),
            by_content=self.by_content,
            matched=matched,
            labels=n_labels(len(self.truth.categories)),
        )


def match_truth(
    project: Project,
    known: KnownLabels,
    name: str = "truth",
    *,
    synonyms: Mapping[str, str | None] | None = None,
    photo_folder: Path | None = None,
    cancellation: Cancellation | None = None,
) -> MatchedTruth:
    """Find the photos and labels of a truth in a project, without keeping anything.

    Photos are matched by relative path, then by file name where it is unique on both sides, then by content where the
    truth's own photos are at hand; labels by name (see `match_labels`). Where several names are the same photo, any
    of them that has a label decides, then any that ignores it.

    Args:
        synonyms: a label of the truth to the label of the project that it means (None: none), before all else.
        photo_folder: where the truth's own photos lie; by default where its format says.

    Raises:
        WrongUsage: a synonym that names no label.
        UserError: no photo or no label matches.
    """
    labels = label_set(project)
    label_ids = _meant(known.labels, labels, synonyms or {})
    photos = readable_photos(project)
    index = match_photos([photo.path for photo in photos], list(known.answers))
    found = {photo_name: photos[at].id for photo_name, at in index.items()}
    folder, by_content = photo_folder or known.photo_folder, 0
    # By name all was found that lies in the photo folder itself; the rest of it is none of the project's photos.
    its_own = isinstance(project.photos, Path) and folder is not None and folder.resolve() == project.photos.resolve()
    if folder is not None and len(found) < len(known.answers) and not its_own:
        left = [photo_name for photo_name in known.answers if photo_name not in found]
        matched = match_photos_by_content(project, left, folder, cancellation)
        by_content = len(matched)
        found |= matched
    left = [photo_name for photo_name in known.answers if photo_name not in found]
    changed = match_changed_names([photo.path for photo in photos], left, known.original_names)
    found |= {photo_name: photos[at].id for photo_name, at in changed.items()}
    if not found or not any(label is not None for label in label_ids):
        raise UserError(
            Sentence("No label of the truth has the name of a label of the project. Is it the right file?")
            if found
            else Sentence("No photo of the truth has the name of a photo of the project. Is it the right file?")
        )

    photo_ids = np.unique(np.array(list(found.values()), np.int64))
    rows = {int(photo): row for row, photo in enumerate(photo_ids)}
    columns = {label: column for column, label in enumerate(known.labels)}
    answers = np.full((len(photo_ids), len(columns)), ABSENT, np.int8)
    for photo_name, photo in found.items():
        of_photo = answers[rows[photo]]
        # What a machine only suggests is neither known to be there nor known not to be.
        suggested = dict.fromkeys(known.scores.get(photo_name, ()), IGNORED)
        for label, answer in (suggested | known.answers[photo_name]).items():
            if answer == PRESENT or (answer == IGNORED and of_photo[columns[label]] == ABSENT):
                of_photo[columns[label]] = answer
    return MatchedTruth(
        TruthTable(name, known.labels, label_ids, photo_ids, answers),
        by_content,
        tuple(photo_name for photo_name in known.answers if photo_name not in found),
    )


def open_truth(
    project: Project,
    name_or_file: str,
    *,
    format_name: str | None = None,
    synonyms: Mapping[str, str | None] | None = None,
    photo_folder: Path | None = None,
    difficult: str = IGNORE,
) -> MatchedTruth:
    """A truth to compare with: one that is kept, by its name, or a file or folder, which is not kept.

    Raises:
        UserError: neither, or a file that is no truth or matches nothing.
    """
    kept = {row.name: row for row in truths(project)}
    if name_or_file in kept:
        return MatchedTruth(load_truth(project, kept[name_or_file]), 0, ())
    path = Path(name_or_file).expanduser()
    if not path.exists():
        there = (
            Sentence("Its truths are {names}.").format(names=", ".join(map(repr, kept)))
            if kept
            else Sentence("It has none yet.")
        )
        raise UserError(
            Sentence("The project has no truth named {name!r}, and there is no such file. {there}").format(
                name=name_or_file, there=there
            )
        )
    known = read_truth(path, format_name or guess_format(path), difficult)
    return match_truth(project, known, path.stem, synonyms=synonyms, photo_folder=photo_folder)


def read_truth(path: Path, format_name: str, difficult: str = IGNORE) -> KnownLabels:
    """Read a file or folder as a truth, in one of the formats of `engine.formats.READERS`.

    Args:
        difficult: `ignore` what VOC calls difficult, as VOC does, or take it for `negative`, as much of the
            literature's code does.

    Raises:
        UserError: an unknown format, or not to be read, or a table of scores, which tells nothing for sure.
    """
    reader = reader_for(format_name, path)
    if difficult not in (IGNORE, NEGATIVE):
        raise WrongUsage(
            Sentence("Expected --difficult to be {first} or {second}, but got {value!r}.").format(
                first=IGNORE, second=NEGATIVE, value=difficult
            )
        )
    read = reader.read if difficult == IGNORE else reader.read_difficult_as_absent
    if read is None:
        raise WrongUsage(
            Sentence("--difficult {value} is for a truth of VOC, but {file} is of the format {format}.").format(
                value=difficult, file=path, format=format_name
            )
        )
    known = read(path)
    if not isinstance(known, KnownLabels):
        raise UserError(
            Sentence(
                "{file} holds scores, which say what a machine believes. Choose a file of answers as truth."
            ).format(file=path)
        )
    return known


def import_truth(
    project: Project,
    known: KnownLabels,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    source: Path,
    format_name: str,
    name: str | None = None,
    synonyms: Mapping[str, str | None] | None = None,
    photo_folder: Path | None = None,
) -> ImportedTruth:
    """Keep a truth in the project under a name, by default that of its file. See `match_truth`.

    Raises:
        UserError: nothing matches, or the name is taken; nothing is kept.
    """
    add_some_photos(project, progress, cancellation)
    progress.start("Matching photos", total=None)
    matched = match_truth(
        project,
        known,
        name if name is not None else _free_name(project, source.stem),
        synonyms=synonyms,
        photo_folder=photo_folder,
        cancellation=cancellation,
    )
    kept = keep_truth(project, matched.table, source=str(source), format_name=format_name)
    return ImportedTruth(
        kept,
        matched.by_content,
        matched.unmatched_photos,
        matched.table.without_label,
        known.problems,
        known.passed_over,
    )


def label_meant(project: Project, category: str) -> LabelRow | None:
    """The label that a truth's category means by its name alone, as after its import; None for none."""
    labels = label_set(project)
    (place,) = match_labels([category], [label.name for label in labels], called_otherwise(labels))
    return None if place is None else labels[place]


def _meant(
    categories: tuple[str, ...], labels: list[LabelRow], synonyms: Mapping[str, str | None]
) -> tuple[int | None, ...]:
    """The id of the label that each category means."""
    by_name = {label.name: label.id for label in labels}
    for category, label in synonyms.items():
        if category not in categories:
            raise WrongUsage(
                Sentence("Expected a synonym LABEL-OF-THE-TRUTH=LABEL, but the truth has no label {label!r}.").format(
                    label=category
                )
            )
        if label is not None and label not in by_name:
            raise WrongUsage(
                Sentence("Expected a synonym LABEL-OF-THE-TRUTH=LABEL, but the project has no label {label!r}.").format(
                    label=label
                )
            )
    matched = match_labels(categories, [label.name for label in labels])
    return tuple(
        by_name.get(synonyms[category] or "") if category in synonyms else None if at is None else labels[at].id
        for category, at in zip(categories, matched, strict=True)
    )


def _free_name(project: Project, wanted: str) -> str:
    taken = {row.name for row in truths(project)}
    numbered = (f"{wanted} {number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *numbered) if name not in taken)
