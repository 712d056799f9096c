"""The tables of a project. A change here needs a migration in `engine/project/storage/migrations`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from engine.kinds import MOST_IN_A_NAME, is_list_of_names, is_list_of_other_names
from engine.project.storage.columns import (
    Bytes,
    Document,
    Fraction,
    Json,
    Moment,
    PhotoPath,
    Text,
    Whole,
    YesNo,
    is_id,
    is_list_of_ids,
)
from engine.project.storage.kinds import is_settings_of_a_run

_Name = Text(MOST_IN_A_NAME)
_Names = Document("a list of names", is_list_of_names, kept_in_mind=True)
_OtherNames = Document("a list of names, each with its language", is_list_of_other_names, kept_in_mind=True)
_Ids = Document("a list of ids", is_list_of_ids, kept_in_mind=True)
_Side = Whole(0, 2**31 - 1)


def where(condition: str) -> dict[str, Any]:
    """What has an index hold some of the rows alone; in PostgreSQL as well, see `postgresql`."""
    return {"sqlite_where": text(condition)}


class Base(DeclarativeBase):
    """What is kept for good. Each column has a type that looks at what is read, see `columns`."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: Whole(),
        bool: YesNo(),
        str: Text(),
        bytes: Bytes(),
        datetime: Moment(),
    }


class Photo(Base):
    """A photo of the folder. It stays when its file goes, with its decisions."""

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(PhotoPath, unique=True)
    """Relative to the photo folder, with `/`."""
    size: Mapped[int] = mapped_column(Whole(0, 2**63 - 1))
    """Of the file, in bytes; with `modified_ns` it tells whether the file changed."""
    modified_ns: Mapped[int] = mapped_column(Whole(-(2**63), 2**63 - 1))
    content: Mapped[bytes | None] = mapped_column(Bytes(), index=True)
    """Digest of the file's bytes, None until they were first read."""
    width: Mapped[int | None] = mapped_column(_Side.or_else(None))
    """Stored pixels, before any EXIF rotation; likewise `height`."""
    height: Mapped[int | None] = mapped_column(_Side.or_else(None))
    orientation: Mapped[int] = mapped_column(Whole(1, 8).or_else(1), default=1)
    """EXIF orientation, 1 to 8."""
    taken_at: Mapped[datetime | None] = mapped_column(Moment().or_else(None))
    problem: Mapped[str | None]
    """Why the photo cannot be read, a sentence; None when it can."""
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None] = mapped_column(Text().or_else(None))


class Label(Base):
    """A label with its prompts. Labels that left the label set stay (position None), with their decisions."""

    __tablename__ = "label"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(_Name, unique=True)
    position: Mapped[int | None]
    """Place in the label set, from 0."""
    prompts: Mapped[list[str]] = mapped_column(_Names.or_else([]))
    """Texts for the encoder; empty for the default prompt."""
    supercategory: Mapped[str] = mapped_column(_Name.or_else(""), default="")
    colour: Mapped[str | None] = mapped_column(_Name.or_else(None))
    """As `#rrggbb`; None for one by position."""
    key: Mapped[str | None] = mapped_column(_Name.or_else(None))
    """The key that toggles it in review."""
    parents: Mapped[list[int]] = mapped_column(_Ids.or_else([]), default=list, server_default="[]")
    """Ids of the labels that it stands right below: a photo with it has these as well."""
    other_names: Mapped[list[list[str]]] = mapped_column(_OtherNames.or_else([]), default=list, server_default="[]")
    """What else it is called, each with the language that it is called so in; empty for none in particular."""


class Run(Base):
    """One run of a stage over the photos, with everything needed to repeat it."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str]
    """initialise, refine, predict or import."""
    settings: Mapped[dict[str, Any]] = mapped_column(
        Document("the settings of a run", is_settings_of_a_run, kept_in_mind=True)
    )
    label_ids: Mapped[list[int]] = mapped_column(_Ids)
    """The labels of this run's vectors, in their order."""
    basis: Mapped[str | None]
    """Of an `initialise` run: a digest of what its similarities depend on (encoder, grids, labels and prompts)."""
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    """When a person took the run's suggestions back."""
    by: Mapped[str]


class Score(Base):
    """One stage's scores of one photo in one run: labels, float32."""

    __tablename__ = "score"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    """global, aggregated, initial, refined or classifier."""
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    vector: Mapped[bytes] = mapped_column(Bytes())


class Decision(Base):
    """A person's yes or no for one photo and label."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("value IN (0, 1)", name="yes_or_no").ddl_if(dialect="sqlite"),
        Index("decision_by_label", "label_id", "value"),
        {"sqlite_with_rowid": False},
    )

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("label.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[bool]
    decided_at: Mapped[datetime]
    decided_by: Mapped[str]


class Edit(Base):
    """One step of history: append-only, undo and redo are edits too."""

    __tablename__ = "edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """edit, undo or redo."""
    target_id: Mapped[int | None] = mapped_column(ForeignKey("edit.id"))
    """For undo and redo: the edit that was undone or redone."""
    title: Mapped[str]
    """For people, e.g. `rejected cat on 12 photos`."""
    at: Mapped[datetime]
    by: Mapped[str]
    """Who says so."""
    done_by: Mapped[str | None] = mapped_column(Text().or_else(None))
    """Who did it, where that is another: the person who took over what a file says."""


class Change(Base):
    """What a step of the history, an edit or a run, changed: one field of a photo, of a label, or of both."""

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("(edit_id IS NULL) <> (run_id IS NULL)", name="of_an_edit_or_a_run"),
        Index("change_of_edit", "edit_id"),
        Index("change_of_run", "run_id", **where("run_id IS NOT NULL")),
        Index("change_of_photo", "photo_id", "label_id", **where("photo_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edit_id: Mapped[int | None] = mapped_column(ForeignKey("edit.id", ondelete="CASCADE"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))
    field: Mapped[str]
    """`decision` of a photo and label, `reviewed` of a photo, `threshold` of a label's scores of a stage or of all, a
    column of the label, or `joined`: its position, which it got for the sake of this step alone."""
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"))
    label_id: Mapped[int | None] = mapped_column(ForeignKey("label.id", ondelete="CASCADE"))
    stage: Mapped[str | None]
    old: Mapped[Any] = mapped_column(Json, nullable=True)
    """The value before, as the field has it: a decision is 1 (yes), 0 (no) or None (undecided)."""
    new: Mapped[Any] = mapped_column(Json, nullable=True)


class Claim(Base):
    """A photo that a person has taken to review, for a time."""

    __tablename__ = "claim"
    __table_args__ = ({"sqlite_with_rowid": False},)

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(_Name, primary_key=True)
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    """When it is anybody's again, unless the person goes on."""
    second: Mapped[bool]
    """Whether it is to be a second opinion, so that what others said is not shown before the person has answered."""


class Threshold(Base):
    """A threshold that a person set, which is in force."""

    __tablename__ = "threshold"

    id: Mapped[int] = mapped_column(primary_key=True)
    label_id: Mapped[int | None] = mapped_column(ForeignKey("label.id", ondelete="CASCADE"))
    """None for all labels that have none of their own."""
    stage: Mapped[str]
    """Whose scores it is a threshold of; empty for those of every stage."""
    value: Mapped[float] = mapped_column(Fraction())


class Truth(Base):
    """What somebody else knows of the photos. It is compared with, and never trained on."""

    __tablename__ = "truth"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(_Name, unique=True)
    source: Mapped[str]
    """The file or folder it was read from, for people."""
    format: Mapped[str]
    imported_at: Mapped[datetime]
    categories: Mapped[list[str]] = mapped_column(_Names)
    """Its own names of what it knows, in the order of the answers."""
    label_ids: Mapped[list[int | None]] = mapped_column(
        Document(
            "a list of ids and gaps",
            lambda value: isinstance(value, list) and all(v is None or is_id(v) for v in value),
        )
    )
    """The label that each of its categories means; None for one that the project has no label for."""


class TruthAnswers(Base):
    """A truth's answers for one photo: categories, int8: 1 present, 0 absent, -1 not to be counted."""

    __tablename__ = "truth_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    truth_id: Mapped[int] = mapped_column(ForeignKey("truth.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    answers: Mapped[bytes]


class WrittenKeywords(Base):
    """The keywords that this program wrote beside one photo, so that it takes back its own and nobody else's."""

    __tablename__ = "written_keywords"

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    sidecar: Mapped[str] = mapped_column(PhotoPath, primary_key=True)
    """Relative to the photo folder, with `/`."""
    keywords: Mapped[list[str]] = mapped_column(_Names)


class Setting(Base):
    """One of the project's settings, by name."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(Document())
