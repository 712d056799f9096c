"""What reviewed photos do to the labels that are offered on the others.

    python benchmarks/after_reviewed_photos.py PHOTOS TRUTH [--project FOLDER] [--labels everyday]

Labels the photos with the starter, into FOLDER (a temporary one by default; a second time it is only read). An imagined
person reviews 0, 11, 20 and 40 photos by chance as TRUTH (COCO JSON) says: confirms what is there, rejects what is
wrongly likely, and lets lie what only may be. Prints JSON, means over three draws, of the photos that were not
reviewed: likely and maybe labels a photo (of maybe the highest, too), and of the labels that TRUTH knows how many are
right and, of those that are there, how many are offered (%).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
from learning_from_answers import percent
from machine import print_report
from thresholds import plain

from engine.formats.coco import read_coco
from engine.formats.known_labels import ABSENT
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.teaching.teaching import Looks, Teacher

REVIEWED = (0, 11, 20, 40)
DRAWS = 3


def measure(project: Project, truth_file: Path) -> dict[str, object]:
    snapshot = take_snapshot(project)
    looks = Looks.of(project, snapshot.photo_ids)
    assert looks is not None
    teacher = Teacher(project, snapshot, looks)
    known = read_coco(truth_file)
    names = {plain(name): name for name in known.labels}
    known_here = np.array([plain(label.name) in names for label in snapshot.labels])
    truth = np.array(
        [
            [known.answers.get(path, {}).get(names.get(plain(label.name), ""), ABSENT) > 0 for label in snapshot.labels]
            for path in snapshot.paths
        ]
    )
    left_alone = (snapshot.states() == LabelState.MAYBE) & ~truth
    answered = np.where(truth, 1, np.where(left_alone, 0, -1)).astype(np.int8)
    report: dict[str, object] = {}
    for count in REVIEWED:
        draws = []
        for draw in range(DRAWS):
            rows = np.random.default_rng(draw).permutation(len(truth))[:count]
            answers = np.zeros_like(answered)
            answers[rows] = answered[rows]
            snapshot.take_what_was_taught(teacher.teach(answers))
            states = np.delete(snapshot.states(), rows, axis=0)
            draws.append(told(states, np.delete(truth, rows, axis=0), known_here))
        report[f"{count} reviewed"] = {
            name: round(float(np.mean([each[name] for each in draws])), 1) for name in draws[0]
        }
    return report


def told(states: np.ndarray, truth: np.ndarray, known: np.ndarray) -> dict[str, float]:
    likely, maybe = states == LabelState.LIKELY, states == LabelState.MAYBE
    there = truth[:, known]

    def right(offered: np.ndarray) -> int:
        return int((offered[:, known] & there).sum())

    return {
        "likely a photo": likely.sum(axis=1).mean(),
        "maybe a photo": maybe.sum(axis=1).mean(),
        "at most": maybe.sum(axis=1).max(),
        "right of likely": percent(right(likely) / max(1, likely[:, known].sum())),
        "right of maybe": percent(right(maybe) / max(1, maybe[:, known].sum())),
        "likely of all that are there": percent(right(likely) / there.sum()),
        "offered of all that are there": percent(right(likely | maybe) / there.sum()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--project", type=Path, help="where the project is kept; it is used again")
    parser.add_argument("--labels", default="everyday")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Project.open(given.photos, given.project or Path(folder)) as project:
        if take_snapshot(project).stage is None:
            label_photos(project, LabelRequest(labels=given.labels), Progress(), Cancellation())
        print_report(measure(project, given.truth))


if __name__ == "__main__":
    main()
