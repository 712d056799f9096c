"""What the words are worth that `cdul words` offers, and how long they take.

    python benchmarks/words.py PHOTOS TRUTH.json [--project FOLDER] [--no-detector] [--words 30]
    python benchmarks/words.py --speed [--photos 100000]

TRUTH is in COCO's format. The photos are labelled by the starter first, if the project is not. A word is in the truth
where a category is called so, is a kind of it, or it of the category, by the words' own tree; its positives are the
photos of these categories. Prints the words in Markdown with the average precision of each that is in the truth, how
many of the five first photos are right, and, of the photos that it labels once all are adopted, how many are right.

`--speed`: seconds and peak memory for a project of made-up embeddings; prints JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from machine import print_report
from starter_encoder import read_truth

from engine.method import average_precision
from engine.method.describing_words import Kinds
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.everyday.words import ancestors, everyday_words
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import readable_photos
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.project.same_label import match_labels
from engine.project.take_snapshot import take_snapshot
from engine.stages.describing.adopting import adopt_words
from engine.stages.describing.describe_photos import MOST_COMPARED, describe_photos
from engine.stages.describing.word_evidence import evidence_for_words
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.photo_embeddings import KeptEmbeddings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="*", metavar="PHOTOS TRUTH")
    parser.add_argument("--project", type=Path, help="where a project is that was labelled by the starter")
    parser.add_argument("--no-detector", action="store_true")
    parser.add_argument("--words", type=int, default=30)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--photos", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.speed:
            print_report(speed(Path(folder), given.photos))
        else:
            photos, truth = given.paths
            if given.project is not None:  # labels are adopted in a copy
                shutil.copytree(given.project, folder, dirs_exist_ok=True)
            quality(photos, truth, Path(folder), given.words, detector=not given.no_detector)


def quality(photos: Path, truth_file: Path, folder: Path, most: int, *, detector: bool) -> None:
    encoder = StarterEncoder.open()
    encoder.takes_witness = detector
    names, categories, truth = read_truth(truth_file)
    with Project.open(photos, folder) as project:
        if KeptEmbeddings.of(project) is None:
            label_photos(project, LabelRequest("everyday"))
        found = describe_photos(project, open_encoder=lambda _name: encoder, most=most, beside_labels=False)
        chances, rows = _chances(project, encoder, names)
        positives = _positives(categories, truth[rows] > 0)
        adopt_words(project, [word.name for word in found.words])
        label_photos(project, LabelRequest(look_for_photos=False, detector=detector))
        likely = _likely(project, [names[row] for row in rows])
    print(f"{found.compared} photos, {len(found.words)} words\n")
    print("| group | word | in the truth | AP | of the first 5 | offered on | likely on | of these right |")
    print("|---" * 8 + "|")
    aps, right, labelled = [], 0, 0
    place = {word.name: at for at, word in enumerate(everyday_words())}
    for word in found.words:
        of_word, is_positive = chances[:, place[word.name]], positives.get(word.name)
        taken = likely[word.name]
        cells = [word.group, word.name, "", "", "", word.photos, taken.sum(), ""]
        if is_positive is not None:
            aps.append(average_precision(of_word, is_positive))
            first = is_positive[np.argsort(-of_word, kind="stable")[:5]].sum()
            right, labelled = right + (taken & is_positive).sum(), labelled + taken.sum()
            cells[2:5] = is_positive.sum(), f"{100 * aps[-1]:.0f}", first
            cells[7] = (taken & is_positive).sum()
        print("|", " | ".join(map(str, cells)), "|")
    print(
        f"\nIn the truth: {len(aps)} of {len(found.words)}. Mean AP {100 * np.mean(aps):.1f} %; once adopted "
        f"{right} of {labelled} likely labels are right ({100 * right / max(labelled, 1):.0f} %)."
    )


def _chances(project: Project, encoder: StarterEncoder, names: Sequence[str]) -> tuple[np.ndarray, list[int]]:
    """Of all words, and the truth's rows of the photos."""
    from engine.jobs import Cancellation, Progress

    words, kept = everyday_words(), KeptEmbeddings.of(project)
    assert kept is not None
    photos = {photo.content: photo.path for photo in readable_photos(project) if photo.content}
    evidence = evidence_for_words(
        project,
        kept,
        encoder,
        words,
        Kinds.of(ancestors(words)),
        list(photos),
        Progress(),
        Cancellation(),
    )
    row = {name: at for at, name in enumerate(names)}
    there = [at for at, content in enumerate(evidence.contents) if photos[content] in row]
    return evidence.chances[there], [row[photos[evidence.contents[at]]] for at in there]


def _positives(categories: Sequence[str], truth: np.ndarray) -> dict[str, np.ndarray]:
    """Each word that the truth knows, and its photos."""
    words = everyday_words()
    above = ancestors(words)
    names = [word.texts[0].removeprefix("a photo of a ").removeprefix("a photo of ") for word in words]
    places = [
        at if at is not None else other
        for at, other in zip(
            match_labels(categories, [word.name for word in words]), match_labels(categories, names), strict=True
        )
    ]
    columns: dict[str, list[int]] = {}
    for column, at in enumerate(places):
        if at is not None:
            for whole in (at, *above[at]):
                columns.setdefault(words[whole].name, []).append(column)
    for at, word in enumerate(words):
        if word.name not in columns:
            of_kinds = [column for whole in above[at] for column, one in enumerate(places) if one == whole]
            if of_kinds:
                columns[word.name] = of_kinds
    return {name: truth[:, of].any(axis=1) for name, of in columns.items() if truth[:, of].any()}


def _likely(project: Project, names: Sequence[str]) -> dict[str, np.ndarray]:
    snapshot = take_snapshot(project)
    rows = [snapshot.paths.index(name) for name in names]
    states = snapshot.states()[rows] == LabelState.LIKELY
    return {label.name: states[:, column] for column, label in enumerate(snapshot.labels)}


def speed(folder: Path, photos: int) -> dict[str, object]:
    """Of a large project only the photos that are compared have embeddings here: the others are not looked at."""
    from made_up import GRID, make_project

    encoder = StarterEncoder.open()
    make_project(folder, photos, encoder, encoded=np.linspace(0, photos - 1, min(photos, MOST_COMPARED)).astype(int))
    with Project.open(folder) as project:
        labels = use_label_set(project, [NewLabel("anything")])
        settings = {
            "encoder": encoder.name,
            "encoder_id": encoder.id,
            "dimension": encoder.dimension,
            "feature_count": encoder.feature_count,
            "grids": [GRID],
        }
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=settings)
        first = [readable_photos(project)[0].id]
        store_scores(project, run, INITIAL, first, np.zeros((1, 1), np.float32))
        finish_run(project, run)
    # In a process of its own, as `cdul words` is one: making the project takes more memory than looking at it.
    ran = subprocess.run(
        [sys.executable, "-c", _DESCRIBE, str(folder)],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return {"words": len(everyday_words()), **json.loads(ran.stdout)}


_DESCRIBE = """
import json, sys, time
from pathlib import Path

from machine import peak_memory_mb

from engine.project import Project
from engine.stages.describing.describe_photos import describe_photos

with Project.open(Path(sys.argv[1]), read_only=True) as project:
    started, of_processor = time.monotonic(), time.process_time()
    found = describe_photos(project)
    seconds, of_processor = time.monotonic() - started, time.process_time() - of_processor
figures = {"photos": found.photos, "compared": found.compared, "seconds": round(seconds, 1)}
figures |= {"seconds_of_processor": round(of_processor, 1), "peak_memory_mb": peak_memory_mb()}
print(json.dumps(figures))
"""


if __name__ == "__main__":
    main()
