"""The label set: which labels, in which order, asked for with which prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import UserError, WrongUsage
from engine.ordinary_file import read_ordinary
from engine.project.printable import is_printable
from engine.project.project import Project
from engine.project.storage.schema import Label
from engine.wording import Sentence

DEFAULT_PROMPT = "a photo of a {label}"

MOST_LABELS = 10_000
MOST_CHARACTERS = 500
"""Of a label's name, which is shown in one line."""
MOST_BYTES = 4 * 2**20


class LabelSetError(UserError):
    """A label set cannot be read or used; the message says why."""


class WrongLabels(LabelSetError, WrongUsage):
    """What was named can be no label set."""


@dataclass(frozen=True)
class NewLabel:
    """A label as a label set gives it; without prompts it gets the default prompt."""

    name: str
    supercategory: str = ""
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class LabelRow:
    """A label of the project's label set, with the id that stays."""

    id: int
    name: str
    supercategory: str = ""
    prompts: tuple[str, ...] = field(default=())
    colour: str | None = None
    key: str | None = None

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
        rows = project.rows(connection, select(*columns).where(Label.position.is_not(None)).order_by(Label.position))
        return [LabelRow(row.id, row.name, row.supercategory, tuple(row.prompts), row.colour, row.key) for row in rows]


def labels_by_id(project: Project) -> dict[int, str]:
    """Names of all labels ever used, by id."""
    with project.reading() as connection:
        return {row.id: row.name for row in project.rows(connection, select(Label.id, Label.name))}


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
    session.flush()


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


def parse_label_set(text: str) -> list[NewLabel]:
    """Read a label set: one label a line, after a tab its supercategory, after further tabs its prompts.

    Empty lines and lines that begin with `#` are passed over.
    """
    labels = []
    for line in text.removeprefix("\ufeff").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            name, supercategory, *prompts = [*(part.strip() for part in line.split("\t")), ""]
            labels.append(NewLabel(name, supercategory, tuple(prompt for prompt in prompts if prompt)))
    check_label_set(labels)
    return labels


def label_set_text(labels: Sequence[LabelRow]) -> str:
    """Labels as `parse_label_set` reads them."""
    lines = ("\t".join([label.name, label.supercategory, *label.prompts]).rstrip("\t") for label in labels)
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
