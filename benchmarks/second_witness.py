"""What the first suggestions are worth with the detector as a second witness and without it.

    python benchmarks/second_witness.py PHOTOS TRUTH.json [--fit]
    python benchmarks/second_witness.py PHOTOS TRUTH.json --cost 64

TRUTH is in COCO's format; names that VOC writes as one word are written as two. The starter's word is its lift among
the things, from the whole photo and 3 x 3 snippets. Prints a table in Markdown, in %, over all suggestions: how many
are right (P), how much of the truth they are (R), OF1 and CF1, photos with a wrong one, photos whose best suggestion
is right (of those with one), and P and R of person; each with a 95 % interval by the bootstrap over photos.

`--fit`: also the constants of `engine.method.witness` as logistic regression finds them on these photos.
`--cost`: in place of all that the processor time that so many of the photos take to label, with the detector and
without, the least of three turns each.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from starter_encoder import embed, read_truth

from engine.method import mean_average_precision
from engine.method.bootstrap import bootstrap_interval, draw_photos
from engine.method.latent import from_latent
from engine.method.stage_one import MeansOfPhotos, centred
from engine.method.strengths import LIKELY_LIFT, log_lift
from engine.method.witness import LEAST_OWN, LIKELY, MAYBE, MOST_OWN, hear_witness
from engine.models.detector import Detector, thing_of
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.photos.decode import decode_file
from engine.photos.fitting import fit_into_square
from engine.project import Project
from engine.stages.labelling.company import competitors
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.labelling.label_sets import built_in_label_set

STRICT = 0.8
"""A chance of both together that is shown as nearly certain."""
ALONE = 0.75, 1.75
"""Prior and weight of the detector where nobody else is heard, fitted on coco_dev and animals val."""
HEADINGS = ("P", "R", "OF1", "CF1", "wrong", "top", "person P", "person R")
RESAMPLES = 400
TURNS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--cost", type=int, metavar="PHOTOS")
    given = parser.parse_args()
    if given.cost is not None:
        print_cost(given.photos, tuple(read_truth(given.truth)[0][: given.cost]))
        return
    names, labels, truth = read_truth(given.truth)
    files = [given.photos / name for name in names]
    prompts = prompts_of(labels)
    things = [thing_of([prompt]) for prompt in prompts]
    evidence, own = (of_labels(seen(files), things) for seen in (seen_by_detector, seen_by_starter))
    both = hear_witness(own, evidence)
    print("|", " | ".join([f"{len(files)} photos, {len(labels)} labels", "mAP", *HEADINGS]), "|")
    print("|---" * (2 + len(HEADINGS)) + "|")
    for name, log_odds, chance in (
        (f"starter alone, lift from {LIKELY_LIFT:.0f}", own - np.log(LIKELY_LIFT), 0.5),
        ("detector alone", ALONE[0] + ALONE[1] * evidence, LIKELY),
        (f"both, likely ({LIKELY})", both, LIKELY),
        (f"both, may be ({MAYBE})", both, MAYBE),
    ):
        print_row(name, from_latent(log_odds), chance, truth > 0, labels)
    sure = from_latent(both) >= STRICT
    print(f"\nOf chances from {STRICT}, {(truth > 0)[sure].mean():.3f} are right.")
    if given.fit:
        print_fit(own, evidence, truth > 0)


def print_cost(photos: Path, names: tuple[str, ...]) -> None:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for _turn in range(TURNS):
        for detector, taken in seconds.items():
            with tempfile.TemporaryDirectory() as folder, Project.open(photos, Path(folder)) as project:
                start = time.process_time()
                label_photos(project, LabelRequest(labels="coco", detector=detector, photo_list=names))
                taken.append(time.process_time() - start)
    with_it, without = (min(seconds[detector]) for detector in (True, False))
    print(
        f"Labelling {len(names)} photos takes {with_it:.1f} s of processor time with the detector and {without:.1f} s "
        f"without: {100 * (with_it / without - 1):.0f} % more."
    )


def prompts_of(labels: Sequence[str]) -> list[str]:
    """As the label sets have them: a mouse of COCO is one of a computer."""
    own = {label.name: label.prompts[0] for label in built_in_label_set("coco") if label.prompts}
    return [own.get(label, f"a photo of a {label}") for label in labels]


def of_labels(told: np.ndarray, things: Sequence[int | None]) -> np.ndarray:
    """What is told of things, of each label, photos x labels; nan for labels that are none of them."""
    found = np.full((len(told), len(things)), np.nan)
    for label, thing in enumerate(things):
        if thing is not None:
            found[:, label] = told[:, thing]
    return found


def seen_by_detector(files: Sequence[Path]) -> np.ndarray:
    """Evidence for the things, photos x 80, as it is stored."""
    detector = Detector("cpu")
    squares = (fit_into_square(decode_file(file).picture, detector.input_size) for file in files)
    return np.concatenate([detector.encode_snippets(square[None]) for square in squares]).astype(np.float16)


def seen_by_starter(files: Sequence[Path]) -> np.ndarray:
    """How far each thing stands above the others, photos x 80."""
    starter = StarterEncoder.open()
    assert starter.lift_temperature is not None
    things = starter.encode_labels([competitor.texts for competitor in competitors()])
    similarities = starter.similarities(embed(starter, list(files)), things)
    means = MeansOfPhotos(similarities.shape[2])
    means.add(similarities)
    return log_lift(*centred(similarities, means.means()), starter.lift_temperature)


def print_row(name: str, chances: np.ndarray, least: float, truth: np.ndarray, labels: Sequence[str]) -> None:
    counts = draw_photos(len(truth), RESAMPLES)
    suggested, best = chances >= least, chances.argmax(axis=1)
    person = labels.index("person") if "person" in labels else None
    plain = figures(suggested, best, truth, np.ones((len(truth), 1)), person)[:, 0]
    resampled = figures(suggested, best, truth, counts.astype(np.float64), person)
    cells = [f"{100 * mean_average_precision(chances, truth.astype(np.int8)).value:.1f}"]
    for value, values in zip(plain, resampled, strict=True):
        interval = bootstrap_interval(float(value), values)
        ends = f" ({100 * interval.low:.0f}–{100 * interval.high:.0f})" if interval else ""
        cells.append("–" if np.isnan(value) else f"{100 * value:.1f}{ends}")
    print("|", " | ".join([name, *cells]), "|", flush=True)


def figures(
    suggested: np.ndarray, best: np.ndarray, truth: np.ndarray, counts: np.ndarray, person: int | None
) -> np.ndarray:
    """`HEADINGS` for each column of how often a photo counts: 8 x resamples."""
    hits, taken, there = (counts.T @ values for values in (suggested & truth, suggested, truth))
    wrong, some = (suggested & ~truth).any(axis=1), suggested.any(axis=1)
    is_right = some & truth[np.arange(len(truth)), best]
    with np.errstate(invalid="ignore"):
        precision, recall = hits.sum(axis=1) / taken.sum(axis=1), hits.sum(axis=1) / there.sum(axis=1)
        occurs = there > 0
        by_label = [
            np.where(occurs, hits / np.maximum(of, 1e-9), 0).sum(axis=1) / occurs.sum(axis=1) for of in (taken, there)
        ]
        none = np.full(counts.shape[1], np.nan)
        return np.stack(
            [
                precision,
                recall,
                harmonic_mean(precision, recall),
                harmonic_mean(*by_label),
                counts.T @ wrong / counts.sum(axis=0),
                counts.T @ is_right / (counts.T @ some),
                none if person is None else hits[:, person] / taken[:, person],
                none if person is None else hits[:, person] / there[:, person],
            ]
        )


def harmonic_mean(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return 2 * one * other / (one + other)


def print_fit(own: np.ndarray, evidence: np.ndarray, truth: np.ndarray) -> None:
    from sklearn.linear_model import LogisticRegression

    known = ~np.isnan(evidence)
    features = np.stack([own[known].clip(LEAST_OWN, MOST_OWN), evidence[known]], axis=1)
    fit = LogisticRegression(C=1e6).fit(features, truth[known])
    print(f"\nFitted here: prior {fit.intercept_[0]:.2f}, own {fit.coef_[0, 0]:.2f}, seen {fit.coef_[0, 1]:.2f}.")


if __name__ == "__main__":
    main()
