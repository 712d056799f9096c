"""What a tree of labels costs the thread of the window. Prints JSON.

    python benchmarks/tree_of_labels.py --photos 5000 --labels 1200

Scores and the tree are made up: most labels have no other below them, and one in ten stands below two. Milliseconds of
processor time, so that it does not matter what else the machine does, of each thing that the window's thread does when
labels are answered, swept, filtered and listed: the first time, and the longest of the next nine.
"""

from __future__ import annotations

import argparse
import gc
import os
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from machine import print_report
from PySide6.QtGui import QGuiApplication

from cdul_gui.panels.labels.label_model import LabelModel
from cdul_gui.panels.labels.label_tree import LabelTree
from cdul_gui.session.label_use import LabelUse
from cdul_gui.session.session import Session
from engine.project.answer import Answer
from engine.project.filters import parse
from engine.project.labels import LabelRow
from engine.project.snapshot import Snapshot
from engine.project.thresholds import ThresholdSource

_INNER, _TWO_PARENTS = 0.18, 0.1
"""Shares of the labels: with others below them; below two."""
_MANY = 500
_TIMES = 10


def made_up_tree(labels: int) -> list[LabelRow]:
    """Labels of which each stands below one or two that come before it; the first is on top of all."""
    random = np.random.default_rng(1)
    inner = max(2, int(labels * _INNER))
    found = [LabelRow(1, "thing 0000")]
    for at in range(1, labels):
        # Children of those that came lately make it deep.
        among = np.arange(max(0, at // 3), min(at, inner)) if at < inner else np.arange(inner)
        count = 1 + (random.random() < _TWO_PARENTS and len(among) > 1)
        parents = random.choice(among, size=count, replace=False) + 1
        found.append(LabelRow(at + 1, f"thing {at:04}", parents=tuple(parents.tolist())))
    return found


def made_up_snapshot(photos: int, labels: int) -> Snapshot:
    """Photos that nobody has answered, a few labels likely on each."""
    shape = (photos, labels)
    return Snapshot(
        photo_ids=np.arange(1, photos + 1),
        paths=[f"{number:07}.jpg" for number in range(photos)],
        problems=[None] * photos,
        sizes=np.full((photos, 2), 640, np.int32),
        orientations=np.ones(photos, np.int8),
        taken_at=[None] * photos,
        file_sizes=np.ones(photos, np.int64),
        modified_ns=np.ones(photos, np.int64),
        reviewed=np.zeros(photos, bool),
        reviewed_at=np.full(photos, np.datetime64("NaT"), "datetime64[us]"),
        labels=made_up_tree(labels),
        decisions=np.zeros(shape, np.int8),
        stage="initial",
        scores=(np.random.default_rng(2).random(shape, np.float32) ** 8 * 0.4).astype(np.float32),
        thresholds=np.full(labels, 0.2, np.float32),
        maybe_from=np.full(labels, 0.1, np.float32),
        threshold_sources=[ThresholdSource.DEFAULT] * labels,
        stage_calibration=None,
    )


def measure(snapshot: Snapshot) -> dict[str, list[float]]:
    """By what is done: the first time, and the longest of the next ones."""
    session = Session()
    session.snapshot = snapshot
    model = LabelModel(session, LabelUse(session))
    tree = LabelTree(model, lambda: snapshot.parents, session)
    leaf, top = snapshot.labels[-1].id, snapshot.labels[0].id
    actions: dict[str, Callable[[], object]] = {
        "confirm a label on a photo": lambda: snapshot.apply([Answer(1, leaf, True)]),
        f"confirm a label on {_MANY} photos": lambda: snapshot.apply(
            [Answer(n, leaf, True) for n in range(2, _MANY + 2)]
        ),
        "reject the top on a photo": lambda: snapshot.apply([Answer(_MANY + 2, top, False)]),
        f"reject the top on {_MANY} photos": lambda: snapshot.apply(
            [Answer(n, top, False) for n in range(_MANY + 2, 2 * _MANY + 2)]
        ),
        "another threshold": lambda: snapshot.lift([snapshot.column_of(leaf)]),
        "label:top": lambda: parse('label:"thing 0000"').rows(snapshot),
        "below:top": lambda: parse('below:"thing 0000"').rows(snapshot),
        "score(top)": lambda: parse('score("thing 0000")>0.1').rows(snapshot),
        "states of a hundred photos": lambda: snapshot.states(range(100)),
        "states of all photos": snapshot.states,
        "list the tree": tree.list_again,
    }
    found = {}
    for name, act in actions.items():
        taken = []
        for _ in range(_TIMES):
            began = time.process_time()
            act()
            taken.append(round(1000 * (time.process_time() - began), 1))
        found[name] = [taken[0], max(taken[1:])]
    session.shut_down()
    return found


def main() -> None:
    """Make the photos, act."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--labels", type=int, default=1200)
    wishes = parser.parse_args()
    _app = QGuiApplication([])
    # As the window does: what is there is not looked through for garbage again and again.
    gc.collect()
    gc.freeze()
    began = time.process_time()
    snapshot = made_up_snapshot(wishes.photos, wishes.labels)
    made = round(1000 * (time.process_time() - began))
    depths = [depth for depth, _ in snapshot.parents.as_tree()]
    facts = {"photos": wishes.photos, "labels": wishes.labels, "levels": max(depths) + 1, "lines": len(depths)}
    print_report({**facts, "made, all scores lifted (in a worker)": made, "milliseconds": measure(snapshot)})


if __name__ == "__main__":
    main()
