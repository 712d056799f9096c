"""What is to be imported, matched with a project: its photos, its labels, and which of them are new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import UserError
from engine.formats.known_labels import ABSENT, PRESENT, KnownLabels, KnownLabelsError
from engine.jobs import Cancellation
from engine.project import Project
from engine.project.labels import (
    LabelSetError,
    NewLabel,
    add_label,
    called_otherwise,
    check_label_set,
    check_no_circle,
    label_set,
)
from engine.project.parents import Parents
from engine.project.photos import readable_photos
from engine.project.storage.schema import Label
from engine.stages.importing.import_plan import ImportChoice, ImportPlan, NewLabels, Source, TakeAs
from engine.stages.importing.parents_of_source import parents_to_be
from engine.stages.matching import match_changed_names, match_labels, match_photos, match_photos_by_content
from engine.wording import Sentence


@dataclass(frozen=True)
class MatchedSource:
    """What of a source the project has.

    `photos`: name in the source to id. `labels`: label of the source to its name in the project, where it has one or
    will have one. `label_ids`: the ids of those that it has. `new_labels`, `skipped_labels`: those that it has not.
    """

    source: Source
    photos: dict[str, int]
    paths: dict[int, str]
    """Of all readable photos, by id."""
    labels: dict[str, str]
    label_ids: dict[str, int]
    new_labels: tuple[str, ...]
    skipped_labels: tuple[str, ...]
    renamed: tuple[str, ...]
    """Names in the source that an upload changed, and that were found all the same."""
    parents: dict[str, tuple[str, ...]]
    """By name in the project, what labels will stand right below because they do in the source."""
    parents_there: dict[str, tuple[str, ...]]
    """Likewise what they stand right below already."""

    def plan(self, take_as: TakeAs, **more: object) -> ImportPlan:
        """The part of a plan that is the same whatever the labels are taken over as."""
        photos = len(set(self.photos.values()))
        known = [(theirs, ours) for theirs, ours in self.labels.items() if ours in self.label_ids]
        return ImportPlan(
            take_as=take_as,
            format=self.source.format_name,
            photos=photos,
            photos_without=len(self.paths) - photos,
            unmatched_photos=tuple(name for name in self.source.photo_names if name not in self.photos),
            labels=len({ours for _, ours in known}),
            other_names=tuple((theirs, ours) for theirs, ours in known if theirs != ours),
            new_labels=self.new_labels,
            skipped_labels=self.skipped_labels,
            renamed=tuple((name, self.paths[self.photos[name]]) for name in self.renamed),
            parents=len(self.parents),
            problems=self.source.known.problems,
            passed_over=self.source.known.passed_over,
            **more,  # type: ignore[arg-type]
        )

    def with_new_labels(self, project: Project) -> dict[str, int]:
        """Put the new labels into the label set; returns the ids of all labels that are taken over, by name."""
        known = self.source.known
        supercategories = known.supercategories if isinstance(known, KnownLabels) else {}
        ids = dict(self.label_ids)
        if self.new_labels:
            with project.session() as session:
                for name in self.new_labels:
                    label = add_label(session, name)
                    if name not in self.parents:
                        label.supercategory = label.supercategory or supercategories.get(name, "")
                    label.other_names = label.other_names or self._other_names(name)
                    ids[name] = label.id
        return ids

    def follows(self, label: str, answers: Mapping[str, int]) -> bool:
        """Whether an answer will be implied by one of a label below or above, once these of a photo are taken over."""
        name = self.labels.get(label, "")
        own = self.above.get(name, frozenset())
        for theirs, value in answers.items():
            other = self.labels.get(theirs, "")
            if value == answers[label] and (
                name in self.above.get(other, ()) if value == PRESENT else value == ABSENT and other in own
            ):
                return True
        return False

    @cached_property
    def above(self) -> dict[str, frozenset[str]]:
        """By name in the project, all that labels will stand below."""
        right = {
            name: [*self.parents_there.get(name, ()), *self.parents.get(name, ())] for name in self.labels.values()
        }
        right |= {name: [*self.parents_there.get(name, ()), *more] for name, more in self.parents.items()}
        right = {**{name: [*above] for name, above in self.parents_there.items()}, **right}
        names = list(dict.fromkeys([*right, *(one for above in right.values() for one in above)]))
        places = {name: place for place, name in enumerate(names)}
        tree = Parents(len(names), {places[name]: [places[one] for one in above] for name, above in right.items()})
        return {name: frozenset(names[one] for one in tree.above(place)) for name, place in places.items()}

    def put_in_tree(self, session: Session) -> None:
        """Have labels stand below others as they do in the source, beside what they stand below already."""
        labels = {label.name: label for label in session.scalars(select(Label))}
        for name, parents in self.parents.items():
            above = [labels[parent].id for parent in parents if parent in labels]
            if name in labels:
                labels[name].parents = list(dict.fromkeys([*labels[name].parents, *above]))
        check_no_circle(
            {label.id: label.parents for label in labels.values()}, {one.id: name for name, one in labels.items()}
        )

    def _other_names(self, name: str) -> list[list[str]]:
        known = self.source.known
        names = known.other_names.get(name, ()) if isinstance(known, KnownLabels) else ()
        taken = {label.casefold() for label in self.labels.values()}
        return [list(one) for one in names if one.name.casefold() not in taken]


def match_source(project: Project, source: Source, choice: ImportChoice, cancellation: Cancellation) -> MatchedSource:
    """Find photos by relative path, file name or content (see `match_photos`), labels by name (see `match_labels`).

    Photos that are left are looked for by what they were called before an upload (see `match_changed_names`).

    A project without labels gets the file's, whatever the choice. No label is taken for another one that the file
    knows as well.

    Raises:
        UserError: no photo, or no label of the file, is in the project.
    """
    photos = readable_photos(project)
    index = match_photos([photo.path for photo in photos], source.photo_names)
    found = {name: photos[at].id for name, at in index.items()}
    folder = source.known.photo_folder if isinstance(source.known, KnownLabels) else None
    if folder is not None and len(found) < len(source.photo_names):
        left = [name for name in source.photo_names if name not in found]
        found |= match_photos_by_content(project, left, folder, cancellation)
    left = [name for name in source.photo_names if name not in found]
    changed = match_changed_names([photo.path for photo in photos], left, source.known.original_names)
    found |= {name: photos[at].id for name, at in changed.items()}
    if not found:
        raise UserError(
            Sentence("{file} names no photo that is in {folder}. Is it the right file for these photos?").format(
                file=source.path, folder=project.photos
            )
        )
    named = _match_names(project, source.known.labels)
    in_set = label_set(project)
    elsewhere = _labels_elsewhere(source.known, found) if isinstance(source.known, KnownLabels) else set()
    unknown: dict[str, str] = {}
    for theirs, ours in named.items():
        if ours is None and theirs not in elsewhere:
            unknown.setdefault(theirs.casefold(), theirs)
    _check_names(source, list(unknown.values()))
    adding = choice.take_as != TakeAs.TRUTH and (choice.new_labels != NewLabels.SKIP or not in_set)
    labels = {theirs: ours for theirs, ours in named.items() if ours is not None}
    if adding:
        labels |= {theirs: unknown[theirs.casefold()] for theirs, ours in named.items() if theirs.casefold() in unknown}
    if source.known.labels and not labels:
        raise UserError(
            Sentence(
                "No label of {file} ({label}, …) is in the project. Choose to add new labels, or another file."
            ).format(file=source.path, label=source.known.labels[0])
        )
    new = tuple(unknown.values()) if adding else ()
    ids = {label.id: label.name for label in in_set}
    parents: dict[str, tuple[str, ...]] = {}
    if adding and isinstance(source.known, KnownLabels):
        whole = choice.new_labels == NewLabels.TREE
        parents, levels = parents_to_be(source.known, labels, in_set, new, whole=whole)
        new += levels
    return MatchedSource(
        source,
        found,
        {photo.id: photo.path for photo in photos},
        labels,
        {label.name: label.id for label in in_set},
        new,
        () if adding else tuple(unknown.values()),
        tuple(changed),
        parents,
        {label.name: tuple(ids[one] for one in label.parents) for label in in_set},
    )


def _labels_elsewhere(known: KnownLabels, found: dict[str, int]) -> set[str]:
    """Labels that are said of nothing but photos that are not in the project; a text file may be no list of labels."""
    here: set[str] = set()
    all_said: set[str] = set()
    for name in known.answers:
        said = known.answers[name].keys() | known.scores.get(name, {}).keys()
        all_said |= said
        if name in found:
            here |= said
    return all_said - here


def _check_names(source: Source, names: list[str]) -> None:
    try:
        if names:
            check_label_set([NewLabel(name) for name in names])
    except LabelSetError as error:
        raise KnownLabelsError(Sentence("{file}: {why}").format(file=source.path, why=error.sentence)) from error


def _match_names(project: Project, names: tuple[str, ...]) -> dict[str, str | None]:
    """Each name with that of the label that it means; None where the label set has none."""
    labels = label_set(project)
    ours = [label.name for label in labels]
    matched = match_labels(names, ours, called_otherwise(labels))
    spelt = {name.casefold() for name in names}
    meant: dict[str, str | None] = {}
    for name, at in zip(names, matched, strict=True):
        label = None if at is None else ours[at]
        taken = label is not None and label.casefold() != name.casefold() and label.casefold() in spelt
        meant[name] = None if taken else label
    return meant
