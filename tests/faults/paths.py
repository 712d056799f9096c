"""What is killed: each path as the window and the command line take it, in a process that says when it begins."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import nullcontext, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

# The engine imports these only when it needs them: here at once, or each process would first spend a second on them,
# and most kills would hit nothing else.
import alembic.command  # noqa: F401
import open_clip  # noqa: F401
from making import TINY_NETWORK
from PIL import Image
from torch import nn

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.training.backbones import empty_backbone
from engine.models.training.classifier import Classifier
from engine.models.training.saved_classifier import ClassifierDescription
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.answer import Answer
from engine.project.embeddings import contents_with_embeddings
from engine.project.failures import ProjectInUse
from engine.project.history.history import answer, redo, undo
from engine.stages.care.tidy import find_leftovers, tidy
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.importing.import_labels import carry_out
from engine.stages.importing.import_plan import ImportChoice, OnConflict, read_source
from engine.stages.labelling import encoding
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.training.refine import RefineSettings, refine

Image.init()

LABELS = "cat,dog,boat"
TRAINING = TrainingSettings(epochs=8, warm_up=2, update_every=2, batch=8, patience=0)


def open_encoder(folder: Path) -> ClipEncoder:
    return ClipEncoder.open(str(folder), device="cpu", precision="float32")


def label(tell: Connection, photos: Path, encoder: Path, repeats: Path) -> None:
    """Label, committing after every group of photos; what is committed a second time is told to a file."""
    encoding._SECONDS_BETWEEN_COMMITS = 0.0
    store = encoding.store_embeddings

    def watched(project: Project, encoder_id: str, by_content: dict[bytes, dict]) -> None:
        for content in by_content.keys() & contents_with_embeddings(project, encoder_id, [1]):
            append(repeats, content.hex())
        store(project, encoder_id, by_content)

    encoding.store_embeddings = watched
    tell.send(True)
    with Project.open(photos) as project:
        label_photos(project, LabelRequest(LABELS, str(encoder)), Progress(), Cancellation())


def train(tell: Connection, photos: Path, weights: Path) -> None:
    tell.send(True)
    with Project.open(photos) as project:
        refine(project, RefineSettings(TRAINING, TINY_NETWORK, weights, "head"), Progress(), Cancellation())


def review(tell: Connection, photos: Path, place: str | None, acknowledged: Path, first: int) -> None:
    """Decide one photo after the other, with an undo and a redo now and then; what is committed is acknowledged.

    On a server, until that goes away.
    """
    if place is not None:  # the server may go before the project is open
        tell.send(True)
    with suppress(UserError) if place else nullcontext(), Project.open(photos, place) as project:
        if place is None:
            tell.send(True)
        for step in range(first, first + 60):
            photo, label_id, value = 1 + step % 7, 1 + step % 3, step % 2 == 0
            outcome = answer(project, f"step {step}", [Answer(photo, label_id, value), Answer(photo, None, True)])
            if outcome is None:
                continue
            append(acknowledged, f"edit step {step}")
            if step % 5 == 0:
                undo(project)
                append(acknowledged, f"undo step {step}")
                redo(project)
                append(acknowledged, f"redo step {step}")


def hand_over(tell: Connection, photos: Path, out: Path) -> None:
    with Project.open(photos) as project:
        tell.send(True)
        for _ in range(20):
            export(project, ExportRequest("coco"), out, Progress(), Cancellation())


def migrate(tell: Connection, photos: Path) -> None:
    tell.send(True)
    Project.open(photos).close()


def tidy_up(tell: Connection, photos: Path) -> None:
    with Project.open(photos) as project:
        tell.send(True)
        tidy(project, find_leftovers(project), Progress(), Cancellation())


def undo_all(tell: Connection, photos: Path, acknowledged: Path) -> None:
    """Undo every edit and do it again, over and over; what is committed is acknowledged."""
    with Project.open(photos) as project:
        tell.send(True)
        for _ in range(5):
            for kind, verb in (("undo", undo), ("redo", redo)):
                while (outcome := verb(project)) is not None:
                    append(acknowledged, f"{kind} {outcome.title}")


def put_away(tell: Connection, folder: Path, number: int) -> None:
    """Write classifiers, each in place of the one before."""
    backbone = empty_backbone(TINY_NETWORK)
    described = ClassifierDescription(("cat", "dog"), "bce", (0.5, 0.5), {"number": number})
    classifier = Classifier(backbone, nn.Linear(backbone.dimension, 2), described)
    tell.send(True)
    for _ in range(20):
        classifier.save(folder)


def import_once(tell: Connection, photos: Path, table: Path, told: Path) -> None:
    """Take labels of another program over, as `cdul import` does; told is whether it was done or refused."""
    tell.send(True)
    try:
        with Project.open(photos) as project:
            take_over(project, table, told)
    except ProjectInUse as error:
        append(told, f"refused {error}")


def edit_and_import(tell: Connection, photos: Path, tables: Path, told: Path, acknowledged: Path, first: int) -> None:
    """Decide one photo after the other while labels are taken over, as in a window."""
    with Project.open(photos) as project:

        def import_all() -> None:
            for _ in range(1000):
                for table in sorted(tables.iterdir()):
                    take_over(project, table, told)

        Thread(target=import_all, daemon=True).start()
        tell.send(True)
        for step in range(first, first + 1000):
            changed = [Answer(1 + step % 7, 1 + step % 3, step // 21 % 2 == 0)]
            if answer(project, f"step {step}", changed) is not None:
                append(acknowledged, f"edit step {step}")


def take_over(project: Project, table: Path, told: Path) -> None:
    done = carry_out(project, read_source(table), ImportChoice(on_conflict=OnConflict.REPLACE))
    if done.edit is not None:
        append(told, f"import {done.edit}")


def hold(tell: Connection, photos: Path) -> None:
    """Have the project open for writing, with one decision made."""
    project = Project.open(photos)
    answer(project, "confirmed", [Answer(1, 1, True)])
    tell.send(True)
    signal.pause()


def block(tell: Connection, database: Path) -> None:
    """Hold a database as another program would that writes to it and does not come to an end."""
    connection = sqlite3.connect(database)
    connection.execute("BEGIN IMMEDIATE")
    tell.send(True)
    signal.pause()


def keep_out(tell: Connection, database: Path) -> None:
    """Hold a database so that nobody else may even read it."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    tell.send(True)
    signal.pause()


def append(file: Path, line: str) -> None:
    """One line, in the file whole or not at all, even if the process dies right after."""
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)
