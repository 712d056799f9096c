"""The tables of `project.sqlite`. A change here needs a migration in `engine/project/storage/migrations`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from engine.project.storage.database import Json, PhotoPath, Vector


class Base(DeclarativeBase):
    """What is kept for good."""


class Photo(Base):
    """A photo of the folder. It stays when its file goes, with its decisions."""

    __tablename__ = "photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(PhotoPath, unique=True)
    """Relative to the photo folder, with `/`."""
    size: Mapped[int]
    """Of the file, in bytes; with `modified_ns` it tells whether the file changed."""
    modified_ns: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    """Digest of the file's bytes, None until they were first read."""
    width: Mapped[int | None]
    """Stored pixels, before any EXIF rotation; likewise `height`."""
    height: Mapped[int | None]
    orientation: Mapped[int] = mapped_column(default=1)
    """EXIF orientation, 1 to 8."""
    taken_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    """Why the photo cannot be read, a sentence; None when it can."""
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]


class Label(Base):
    """A label with its prompts. Labels that left the label set stay (position None), with their decisions."""

    __tablename__ = "label"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int | None]
    """Place in the label set, from 0."""
    prompts: Mapped[list[str]] = mapped_column(JSON)
    """Texts for the encoder; empty for the default prompt."""
    supercategory: Mapped[str] = mapped_column(default="")
    colour: Mapped[str | None]
    """As `#rrggbb`; None for one by position."""
    key: Mapped[str | None]
    """The key that toggles it in review."""


class Run(Base):
    """One run of a stage over the photos, with everything needed to repeat it."""

    __tablename__ = "run"

    id: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[str]
    """initialise, refine, predict or import."""
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    label_ids: Mapped[list[int]] = mapped_column(JSON)
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
    vector: Mapped[bytes] = mapped_column(Vector)


class Decision(Base):
    """A person's yes or no for one photo and label."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("value IN (0, 1)", name="yes_or_no"),
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


class Change(Base):
    """What a step of the history, an edit or a run, changed: one field of a photo, of a label, or of both."""

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("(edit_id IS NULL) <> (run_id IS NULL)", name="of_an_edit_or_a_run"),
        Index("change_of_edit", "edit_id"),
        Index("change_of_run", "run_id", sqlite_where=text("run_id IS NOT NULL")),
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


class Threshold(Base):
    """A threshold that a person set, which is in force."""

    __tablename__ = "threshold"

    id: Mapped[int] = mapped_column(primary_key=True)
    label_id: Mapped[int | None] = mapped_column(ForeignKey("label.id", ondelete="CASCADE"))
    """None for all labels that have none of their own."""
    stage: Mapped[str]
    """Whose scores it is a threshold of; empty for those of every stage."""
    value: Mapped[float] = mapped_column(Float)


class Truth(Base):
    """What somebody else knows of the photos. It is compared with, and never trained on."""

    __tablename__ = "truth"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    """The file or folder it was read from, for people."""
    format: Mapped[str]
    imported_at: Mapped[datetime]
    categories: Mapped[list[str]] = mapped_column(JSON)
    """Its own names of what it knows, in the order of the answers."""
    label_ids: Mapped[list[int | None]] = mapped_column(JSON)
    """The label that each of its categories means; None for one that the project has no label for."""


class TruthAnswers(Base):
    """A truth's answers for one photo: categories, int8: 1 present, 0 absent, -1 not to be counted."""

    __tablename__ = "truth_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    truth_id: Mapped[int] = mapped_column(ForeignKey("truth.id", ondelete="CASCADE"), primary_key=True)
    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    answers: Mapped[bytes] = mapped_column(LargeBinary)


class WrittenKeywords(Base):
    """The keywords that this program wrote beside one photo, so that it takes back its own and nobody else's."""

    __tablename__ = "written_keywords"

    photo_id: Mapped[int] = mapped_column(ForeignKey("photo.id", ondelete="CASCADE"), primary_key=True)
    sidecar: Mapped[str] = mapped_column(PhotoPath, primary_key=True)
    """Relative to the photo folder, with `/`."""
    keywords: Mapped[list[str]] = mapped_column(JSON)


class Setting(Base):
    """One of the project's settings, by name."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
