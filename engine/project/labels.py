"""The label set: which labels, in which order, asked for with which prompts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import UserError, WrongUsage
from engine.ordinary_file import read_ordinary
from engine.project.parents import find_circle
from engine.project.printable import is_printable
from engine.project.project import Project
from engine.project.storage.schema import Label
from engine.wording import LabelWord, Sentence

DEFAULT_PROMPT = "a photo of a {label}"

MOST_LABELS = 10_000
MOST_CHARACTERS = 500
"""Of a label's name, which is shown in one line."""
MOST_BYTES = 4 * 2**20

_MARKS = ("<", "=")
"""Of the text of a label set: what begins with the first is a parent, with the second another name."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})?")


class LabelSetError(UserError):
    """A label set cannot be read or used; the message says why."""


class WrongLabels(LabelSetError, WrongUsage):
    """What was named can be no label set."""


class OtherName(NamedTuple):
    """What else a label is called; `language`: such as "de", empty for none in particular."""

    name: str
    language: str = ""

    @property
    def text(self) -> str:
        """As a label set writes it: `Spatz` or `de:Spatz`."""
        return f"{self.language}:{self.name}" if self.language else self.name


def other_name(text: str) -> OtherName:
    """An other name as it is typed: `Spatz`, or with its language `de:Spatz`."""
    language, colon, name = text.partition(":")
    if colon and name.strip() and _LANGUAGE.fullmatch(language.strip()):
        return OtherName(name.strip(), language.strip())
    return OtherName(text.strip())


@dataclass(frozen=True)
class NewLabel:
    """A label as a label set gives it; without prompts it gets the default prompt. `parents`: their names."""

    name: str
    supercategory: str = ""
    prompts: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    other_names: tuple[OtherName, ...] = ()


@dataclass(frozen=True)
class LabelRow:
    """A label of the project's label set, with the id that stays."""

    id: int
    name: str
    supercategory: str = ""
    prompts: tuple[str, ...] = field(default=())
    colour: str | None = None
    key: str | None = None
    parents: tuple[int, ...] = ()
    """Ids of the labels of the label set that it stands right below."""
    other_names: tuple[OtherName, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The prompts for the encoder, the default one where none was given."""
        return texts_of(self.name, self.prompts)


def texts_of(name: str, prompts: Sequence[str]) -> tuple[str, ...]:
    """What the encoder is asked for, by a label's name and prompts."""
    return tuple(prompts) or (DEFAULT_PROMPT.format(label=name),)


def label_set(project: Project) -> list[LabelRow]:
    """The labels in force, in order."""
    with project.reading() as connection:
        columns = (Label.id, Label.name, Label.supercategory, Label.prompts, Label.colour, Label.key, Label.position)
        kin = (Label.parents, Label.other_names)
        in_set = Label.position.is_not(None)
        rows = project.rows(connection, select(*columns, *kin).where(in_set).order_by(Label.position))
        left = select(Label.id, Label.parents).where(~in_set)
        elsewhere = {row.id: row.parents for row in project.rows(connection, left) if row.parents}
    ids = {row.id for row in rows}
    return [
        LabelRow(
            row.id,
            row.name,
            row.supercategory,
            tuple(row.prompts),
            row.colour,
            row.key,
            _in_set(row.parents, ids, elsewhere),
            tuple(OtherName(*one) for one in row.other_names),
        )
        for row in rows
    ]


def _in_set(parents: Sequence[int], ids: set[int], elsewhere: Mapping[int, Sequence[int]]) -> tuple[int, ...]:
    """Parents in the label set; in place of one that left it what that one stands below."""
    found = dict.fromkeys(parents)
    waiting = list(found)
    for one in waiting:
        if one not in ids:
            more = [other for other in elsewhere.get(one, ()) if other not in found]
            found |= dict.fromkeys(more)
            waiting += more
    return tuple(one for one in found if one in ids)


def all_names(labels: Sequence[LabelRow]) -> list[str]:
    """The labels' names and, behind them, what else they are called."""
    return [*(label.name for label in labels), *(one.name for label in labels for one in label.other_names)]


def called_otherwise(labels: Sequence[LabelRow]) -> dict[str, int]:
    """Places of labels by what else they are called, case-folded; a name of a label is nobody's other name."""
    names = {label.name.casefold() for label in labels}
    found: dict[str, int] = {}
    for place, label in enumerate(labels):
        for one in label.other_names:
            if one.name.casefold() not in names:
                found.setdefault(one.name.casefold(), place)
    return found


def labels_by_id(project: Project) -> dict[int, LabelWord]:
    """Names of all labels ever used, by id; ready to be filled into sentences."""
    with project.reading() as connection:
        return {row.id: LabelWord(row.name) for row in project.rows(connection, select(Label.id, Label.name))}


def use_label_set(project: Project, labels: Sequence[NewLabel]) -> list[LabelRow]:
    """Make these the labels in force, in this order.

    Labels known by name keep their id, decisions, colour and key, and their prompts where none are given now.
    Labels that are left out stay in the project with their decisions and come back when they are named again.

    Raises:
        LabelSetError: no labels, or one name twice.
    """
    check_label_set(labels)
    with project.session() as session:
        put_in_force(session, labels)
    return label_set(project)


def put_in_force(session: Session, labels: Sequence[NewLabel]) -> None:
    """The same as `use_label_set`, as a part of a transaction."""
    known = {label.name.casefold(): label for label in session.scalars(select(Label))}
    for label in known.values():
        label.position = None
    for position, new in enumerate(labels):
        label = known.get(new.name.casefold()) or Label(name=new.name, prompts=[], supercategory="")
        session.add(label)
        label.name, label.position = new.name, position
        if new.prompts:
            label.prompts = list(new.prompts)
        if new.supercategory:
            label.supercategory = new.supercategory
        if new.other_names:
            label.other_names = [list(one) for one in new.other_names]
    session.flush()
    put_parents(session, labels)


def put_parents(session: Session, labels: Sequence[NewLabel]) -> None:
    """Have labels stand below what they name as parents, in place of what they stood below; others stay where they are.

    Raises:
        LabelSetError: a parent is no label, or a label would stand below itself.
    """
    if not any(new.parents for new in labels):
        return
    known = {label.name.casefold(): label for label in session.scalars(select(Label))}
    for new in labels:
        if new.parents:
            missing = [parent for parent in new.parents if parent.casefold() not in known]
            if missing:
                raise LabelSetError(
                    Sentence("{label} is to stand below {parent}, which is no label. Add it first.").format(
                        label=LabelWord(new.name), parent=LabelWord(missing[0])
                    )
                )
            parents = [known[parent.casefold()].id for parent in new.parents]
            known[new.name.casefold()].parents = list(dict.fromkeys(parents))
    check_no_circle({label.id: label.parents for label in known.values()}, {one.id: one.name for one in known.values()})
    session.flush()


def check_no_circle(above: Mapping[int, Iterable[int]], names: Mapping[int, str]) -> None:
    """Raise LabelSetError, with the circle, where a label would stand below itself."""
    if circle := find_circle(above):
        told: str = LabelWord(names.get(circle[0], "?"))
        for one in circle[1:]:
            told = Sentence("{label} < {above}").format(label=told, above=LabelWord(names.get(one, "?")))
        raise LabelSetError(
            Sentence("A label cannot stand below itself: {circle}. Take one of these out first.").format(circle=told)
        )


def add_label(session: Session, name: str) -> Label:
    """Put one more label at the end of the label set, or bring it back if it was there before.

    Raises:
        LabelSetError: its name is too long.
    """
    if len(name) > MOST_CHARACTERS:
        raise LabelSetError(_too_long(name))
    taken = {label.name.casefold(): label for label in session.scalars(select(Label))}
    label = taken.get(name.casefold())
    if label is None:
        label = Label(name=name, prompts=[], supercategory="")
        session.add(label)
    if label.position is None:
        label.position = max((other.position for other in taken.values() if other.position is not None), default=-1) + 1
    session.flush()
    return label


def _too_long(name: str) -> Sentence:
    return Sentence("Expected a label's name to have at most {most} characters, but got {count:,}: {name} …").format(
        most=MOST_CHARACTERS, count=len(name), name=name[:40]
    )


def check_label_set(labels: Sequence[NewLabel]) -> None:
    """Raise WrongLabels unless there are labels, each with a name of its own."""
    if not labels:
        raise WrongLabels(Sentence("The label set is empty. Name at least one label."))
    if len(labels) > MOST_LABELS:
        raise WrongLabels(
            Sentence("Expected at most {most} labels, but got {count}.").format(most=MOST_LABELS, count=len(labels))
        )
    seen: set[str] = set()
    for label in labels:
        name = label.name
        if len(name) > MOST_CHARACTERS:
            raise WrongLabels(_too_long(name))
        if not name.strip() or name != name.strip() or not is_printable(name):
            raise WrongLabels(
                Sentence(
                    "Expected a label's name to be printable text without spaces around it, but got {name!r}."
                ).format(name=name)
            )
        if name.casefold() in seen:
            raise WrongLabels(
                Sentence("The label {name!r} is there twice. Names must differ by more than capitals.").format(
                    name=name
                )
            )
        seen.add(name.casefold())
        for other in (*label.parents, *(one.name for one in label.other_names)):
            check_name(other)


def check_name(name: str) -> None:
    """Raise WrongLabels unless it can be the name of a label."""
    check_label_set([NewLabel(name)])


def parse_label_set(text: str) -> list[NewLabel]:
    """Read a label set: one label a line, after a tab its supercategory, after further tabs its prompts.

    Behind further tabs `< bird` says what it stands right below, and `= de:Spatz` what else it is called. Empty lines
    and lines that begin with `#` are passed over.
    """
    labels = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name, supercategory, *more = [*(part.strip() for part in line.split("\t")), ""]
            if supercategory[:1] in _MARKS:
                supercategory, more = "", [supercategory, *more]
            parents, others = ([one[1:].strip() for one in more if one.startswith(mark)] for mark in _MARKS)
            labels.append(
                NewLabel(
                    name,
                    supercategory,
                    tuple(one for one in more if one and one[0] not in _MARKS),
                    tuple(filter(None, parents)),
                    tuple(map(other_name, filter(None, others))),
                )
            )
    check_label_set(labels)
    return labels


def label_set_text(labels: Sequence[LabelRow]) -> str:
    """Labels as `parse_label_set` reads them."""
    names = {label.id: label.name for label in labels}
    below, called = _MARKS
    lines = (
        "\t".join(
            [
                label.name,
                label.supercategory,
                *label.prompts,
                *(f"{below} {names[one]}" for one in label.parents if one in names),
                *(f"{called} {one.text}" for one in label.other_names),
            ]
        ).rstrip("\t")
        for label in labels
    )
    return "".join(f"{line}\n" for line in lines)


def read_label_set(file: Path) -> list[NewLabel]:
    """Read a label set from a text file, see `parse_label_set`."""
    try:
        return parse_label_set(str(read_ordinary(file, MOST_BYTES), "utf-8"))
    except UnicodeDecodeError as error:
        raise LabelSetError(
            Sentence("The label set {file} is not UTF-8 text ({reason} at byte {start}).").format(
                file=file, reason=error.reason, start=error.start
            )
        ) from error
    except OSError as error:
        raise LabelSetError(
            Sentence("The label set {file} cannot be read ({why}).").format(file=file, why=error.strerror)
        ) from error
    except LabelSetError as error:
        raise LabelSetError(Sentence("{file}: {error}").format(file=file, error=error)) from error
    except ValueError as error:
        raise LabelSetError(
            Sentence("The label set {file} is larger than {most} MB. Is it a list of labels?").format(
                file=file, most=MOST_BYTES >> 20
            )
        ) from error
