"""Rules: labels suggested by what a photo's folder, name, date, camera and places are, whatever is seen in it.

They are computed whenever the project is read, and suggest as scores do: no rule ever decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from engine.errors import WrongUsage
from engine.kinds import list_of
from engine.project.label_names import english_names
from engine.project.labels import called_otherwise, check_name, label_set
from engine.project.patterns import is_called, is_in_folder, is_of_days, matches
from engine.project.project import Project
from engine.project.settings import setting
from engine.project.storage.kinds import is_rule
from engine.project.storage.rows import replace_rows
from engine.project.storage.schema import Setting
from engine.wording import Sentence

FOLDER, NAME, CAMERA, PLACE, TAKEN = FIELDS = ("folder", "name", "camera", "place", "taken")
"""What a rule can ask of a photo."""

IN_THE_FILE = (CAMERA, PLACE)
"""What only the photo's file tells, see `engine.project.descriptions`."""

_SETTING = "rules"


class Rule(NamedTuple):
    """Photos on which `field` is as `pattern` says have the label."""

    label_id: int
    field: str
    pattern: str

    @property
    def condition(self) -> str:
        """As it is typed, such as `folder:Dogs*`."""
        return f"{self.field}:{self.pattern}"


class Description(NamedTuple):
    """What a photo's file says of where it comes from; empty where it says nothing."""

    camera: str
    """Maker and model."""
    places: tuple[str, ...]
    """From the nearest to the country."""


@dataclass(frozen=True)
class PhotosToMatch:
    """What rules look at; everything is in the order of the photos."""

    paths: Sequence[str]
    taken_at: Sequence[datetime | None]
    descriptions: Sequence[Description | None]
    """None where nobody has looked into the file yet."""


def parse_condition(text: str) -> tuple[str, str]:
    """Field and pattern of a condition as it is typed; WrongUsage where it is none."""
    field, colon, pattern = text.partition(":")
    field, pattern = field.strip().casefold(), pattern.strip()
    if not colon or field not in FIELDS or not pattern:
        raise WrongUsage(
            Sentence("Expected one of {fields} and a pattern, like 'folder:Dogs*', but got {came!r}.").format(
                fields=", ".join(f"{one}:" for one in FIELDS), came=text
            )
        )
    if field == TAKEN:
        is_of_days(pattern)
    return field, pattern


def label_of_rule(project: Project, name: str) -> str:
    """The label that is meant, by its name, what else it is called, or in German; the name itself where there is none
    such.

    Raises:
        WrongLabels: it is no name for a label.
    """
    check_name(name)
    labels = label_set(project)
    places = called_otherwise(labels) | {one.name.casefold(): at for at, one in enumerate(labels)}
    meant = (name.casefold(), *(one.casefold() for one in english_names(name)))
    return next((labels[places[one]].name for one in meant if one in places), name)


def rules(project: Project) -> list[Rule]:
    """All rules, in the order in which they were made."""
    return [Rule(*one) for one in setting(project, _SETTING, [])]


def rules_in(connection: Connection) -> list[Rule]:
    """The same, within a transaction; damaged ones are none."""
    found = connection.execute(select(Setting.value).where(Setting.name == _SETTING)).scalar()
    return [Rule(*one) for one in found] if found is not None and list_of(is_rule)(found) else []


def keep_rules(connection: Connection, kept: Sequence[Rule]) -> None:
    """Put rules in force in place of those there were; the history is the business of whoever calls."""
    replace_rows(connection, Setting, [{"name": _SETTING, "value": [list(one) for one in kept]}])


def photos_of_rule(field: str, pattern: str, photos: PhotosToMatch) -> npt.NDArray[np.bool_]:
    """Which photos a rule is about."""
    if field == TAKEN:
        is_meant = is_of_days(pattern)
        return _mask([taken is not None and is_meant(taken.date()) for taken in photos.taken_at])
    if field in IN_THE_FILE:
        is_it = matches(pattern)
        return _each(photos.descriptions, lambda one: one is not None and any(map(is_it, _said(one, field))))
    # In one call, which is several times faster than one for each; no path holds a NUL.
    folded = "\0".join(photos.paths).casefold().split("\0") if photos.paths else []
    if field == FOLDER:
        return _each([path.rpartition("/")[0] for path in folded], is_in_folder(pattern))
    fits = is_called(pattern)
    return _mask([fits(path.rpartition("/")[2]) for path in folded])


def suggested_by_rules(
    kept: Sequence[Rule], columns: Mapping[int, int], photos: PhotosToMatch
) -> dict[int, npt.NDArray[np.int16]]:
    """By column, of labels that rules suggest: for each photo the place of the first rule that does, -1 for none."""
    found: dict[int, npt.NDArray[np.int16]] = {}
    for place, rule in reversed(list(enumerate(kept))):
        if (column := columns.get(rule.label_id)) is None:
            continue
        of_label = found.setdefault(column, np.full(len(photos.paths), -1, np.int16))
        of_label[photos_of_rule(rule.field, rule.pattern, photos)] = place
    return found


def _said(description: Description, field: str) -> list[str]:
    if field == PLACE:
        return [place.casefold() for place in description.places]
    # Whoever writes a model need not know who made it.
    camera = description.camera.casefold()
    return [one for one in (camera, camera.partition(" ")[2]) if one]


def _each(values: Sequence[Any], is_meant: Callable[[Any], bool]) -> npt.NDArray[np.bool_]:
    """For many photos with few values."""
    known = {value: is_meant(value) for value in set(values)}
    return _mask([known[value] for value in values])


def _mask(answers: Sequence[bool]) -> npt.NDArray[np.bool_]:
    return np.array(answers, bool)
