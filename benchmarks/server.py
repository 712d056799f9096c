"""A project on a PostgreSQL server against one on a laptop, and several people who review it at once. Prints JSON.

    python benchmarks/server.py postgresql://host/empty_database
                                [--photos 100000] [--people 4] [--edits 500] [--pause 0]

The database has to be empty, and is left with what was made up. How long opening takes is the time until photos,
decisions and scores can be shown, the best of three. An answer is in force once the database says that it is kept.
Then each of the people, a process of their own under a name of their own, answers the same 50 cells (a photo and a
label each) after a pause of so many seconds on average, and takes every tenth answer back. Then the same edits are made
one after another, on a laptop, in the order that the server has them in: history and decisions have to be the same, and
nobody may have undone what another did. Last, how soon another program knows what was answered.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import numpy as np
from machine import print_report
from sqlalchemy import select

from engine.errors import UserError
from engine.person import VARIABLE, be
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, undo
from engine.project.history.news import Mark, mark, news_since
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.storage.schema import Change, Edit
from engine.project.take_snapshot import take_snapshot

LABELS, CELLS, AT_ONCE = 80, 50, 5000


def make(folder: Path, place: str | None, photos: int) -> float:
    """A project of made-up photos, scores and decisions; returns how long storing the scores took."""
    drawn = np.random.default_rng(1)
    with Project.open(folder, place) as project:
        labels = use_label_set(project, [NewLabel(f"label {number}") for number in range(LABELS)])
        record_folder(project, [FoundPhoto(f"{number:07}.jpg", 1, 1) for number in range(photos)])
        ids = take_snapshot(project).photo_ids
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
        began = time.perf_counter()
        for start in range(0, photos, AT_ONCE):
            some = ids[start : start + AT_ONCE]
            store_scores(
                project, run, INITIAL, some.tolist(), drawn.beta(0.5, 8, (len(some), LABELS)).astype(np.float32)
            )
        stored = time.perf_counter() - began
        finish_run(project, run)
        answer(project, "a tenth", [Answer(int(photo), labels[0].id, True) for photo in ids[::10]])
        return stored


def opening(folder: Path, place: str | None) -> float:
    """Seconds until a project can be shown, the best of three."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        with Project.open(folder, place) as project:
            take_snapshot(project)
        times.append(time.perf_counter() - began)
    return min(times)


def answering(folder: Path, place: str | None, times: int = 200) -> list[float]:
    """Seconds until each of some answers of one person is in force."""
    taken = []
    with Project.open(folder, place) as project:
        for number in range(times):
            began = time.perf_counter()
            answer(project, "alone", [Answer(1 + number % CELLS, 2, bool(number // CELLS % 2))])
            taken.append(time.perf_counter() - began)
    return taken


def reviewing(folder: Path, place: str, name: str, edits: int, pause: float) -> tuple[list[float], list[str]]:
    """One person's review: seconds of each answer, and all errors that were shown."""
    os.environ[VARIABLE] = name
    chance, taken, errors = random.Random(name), [], []
    with Project.open(folder, place) as project:
        for number in range(edits):
            time.sleep(chance.uniform(0, 2 * pause))
            began = time.perf_counter()
            try:
                if number % 10 == 9:
                    undo(project)
                else:
                    cell = chance.randrange(CELLS)
                    answer(project, f"{name} {number}", [Answer(1 + cell, 3, chance.choice([True, False, None]))])
            except UserError as error:
                errors.append(str(error))
            taken.append(time.perf_counter() - began)
    return taken, errors


def kept(project: Project) -> list[tuple[object, ...]]:
    """All edits in the order in which they came into force, each with what it changed."""
    columns = (Edit.id, Edit.kind, Edit.by, Edit.target_id, Change.photo_id, Change.label_id, Change.old, Change.new)
    with project.reading() as connection:
        rows = select(*columns).join(Change, Change.edit_id == Edit.id, isouter=True).order_by(Edit.id, Change.id)
        return [tuple(row) for row in connection.execute(rows.where(Edit.title != "a tenth"))]


def not_as_one_after_another(folder: Path, place: str, photos: int) -> int:
    """Rows of the history, and decisions, that are not what the same edits make on a laptop, one after another."""
    with Project.open(folder, place) as project:
        edits, decisions = kept(project), take_snapshot(project).decisions
    with tempfile.TemporaryDirectory() as elsewhere:
        make(Path(elsewhere), None, photos)
        with Project.open(elsewhere) as project:
            for _id, kind, by, _target, photo, label, _old, new in edits:
                be(str(by))
                if kind == "undo":
                    undo(project)
                else:
                    answer(project, "again", [Answer(photo, label, None if new is None else bool(new))])
            be(None)
            again, decided = kept(project), take_snapshot(project).decisions
    differ = sum(one != other for one, other in zip(edits, again, strict=False)) + abs(len(edits) - len(again))
    return differ + int((decisions != decided).sum())


def undos_of_others(folder: Path, place: str) -> int:
    """How many undos took back what another did."""
    with Project.open(folder, place) as project:
        edits = kept(project)
    by = {edit: who for edit, _kind, who, *_rest in edits}
    return sum(kind == "undo" and by[target] != who for _edit, kind, who, target, *_rest in edits)


def hearing(folder: Path, place: str, times: int = 20) -> list[float]:
    """Seconds from the beginning of an answer until another program knows what was answered."""
    taken = []
    with Project.open(folder, place) as one, Project.open(folder, place) as other, other.changes_of_others() as wait:
        for number in range(times):
            heard: list[float] = []
            before, said = mark(other), Answer(1, 4, bool(number % 2))

            def listen(heard: list[float] = heard, before: Mark = before, said: Answer = said) -> None:
                while not (wait(10) and said in news_since(other, before).answers):
                    pass
                heard.append(time.perf_counter())

            listening = Thread(target=listen)
            listening.start()
            began = time.perf_counter()
            answer(one, "heard", [said])
            listening.join()
            taken.append(heard[0] - began)
    return taken


def in_ms(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "median": round(1e3 * statistics.median(ordered), 1),
        "95 of 100": round(1e3 * ordered[len(ordered) * 95 // 100], 1),
        "longest": round(1e3 * ordered[-1], 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--edits", type=int, default=500)
    parser.add_argument("--pause", type=float, default=0.0)
    given = parser.parse_args()
    figures: dict[str, object] = {"photos": given.photos, "labels": LABELS}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, place in (("laptop", None), ("server", given.address)):
            stored = make(folder, place, given.photos)
            figures[name] = {
                "storing scores, s": round(stored, 2),
                "opening, s": round(opening(folder, place), 2),
                "an answer alone, ms": in_ms(answering(folder, place)),
            }
        names = [f"person {number}" for number in range(given.people)]
        with ProcessPoolExecutor(given.people, mp_context=get_context("spawn")) as processes:
            how = given.edits, given.pause
            jobs = [processes.submit(reviewing, folder, given.address, name, *how) for name in names]
            reviews = [job.result() for job in jobs]
        figures["at once"] = {
            "people": given.people,
            "edits of each": given.edits,
            "pause before each, s": given.pause,
            "an edit, ms": in_ms([one for taken, _errors in reviews for one in taken]),
            "errors shown": sum(len(errors) for _taken, errors in reviews),
            "undos of another's edit": undos_of_others(folder, given.address),
            "not as one after another": not_as_one_after_another(folder, given.address, given.photos),
        }
        figures["another knows what was answered, ms"] = in_ms(hearing(folder, given.address))
    print_report(figures)


if __name__ == "__main__":
    main()
