"""What the constants of the first suggestions are worth on photos that chose none of them.

    python benchmarks/constants_left_out.py --collection PHOTOS TRUTH.json PROJECT --collection … [--temperature …]

Takes three collections or more, whose labels the detector knows (COCO's, VOC's); PROJECT is labelled if it is not, and
only read a second time. Each collection is left out once, the constants chosen anew on the others and then measured on
it, beside those that the program has:

- `witness`: prior, weight of the starter's lift and of the detector by logistic regression, each collection weighing
  the same; likely from the chance on from which seven of eight are right there;
- `lift`: without the detector, the temperature and the cut of likely ones with the highest mean recall that have a
  precision of .8 on all others;
- `halves`: of each collection, the cut chosen on one half of it and all of the others, for .75 and for .8, and the
  precision on the other half: means over forty splits.

Prints JSON: precision, recall, photos with a wrong suggestion and photos whose best one is right, %.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from looked_at import LookedAt, look_at
from machine import print_report
from sklearn.linear_model import LogisticRegression

from engine.method.latent import from_latent
from engine.method.stage_one import MeansOfPhotos, centred, rerank_scores, score
from engine.method.strengths import LIKELY_LIFT, log_lift, thresholds_taking
from engine.method.witness import LEAST_OWN, LIKELY, MOST_OWN, OWN, PRIOR, SEEN
from engine.models.detector import thing_of
from engine.project.labels import NewLabel, texts_of
from engine.stages.labelling.company import competitors, hidden_labels
from engine.stages.labelling.label_sets import built_in_label_set

TEMPERATURES = (0.15, 0.2, 0.25, 0.3, 0.4)
CUTS = tuple(round(10 ** (step / 10)) for step in range(10, 41))
"""Lifts from 10 to 10,000."""
RIGHT, STRICT = 7 / 8, 0.8
WANTED = 0.8
SPLITS = 40


@dataclass(frozen=True)
class Constants:
    prior: float
    own: float
    seen: float
    likely: float


IN_USE = Constants(PRIOR, OWN, SEEN, LIKELY)


class Collection:
    """Photos whose truth is known, as starter and detector see them; arrays are photos x labels."""

    def __init__(self, photos: Path, truth_file: Path, folder: Path) -> None:
        self._looked: LookedAt = look_at(photos, truth_file, folder)
        known = [label.name for label in built_in_label_set("coco")]
        name = "coco" if (self._looked.truth(known) >= 0).all() else "voc"
        self.labels: list[NewLabel] = built_in_label_set(name)
        self.name = f"{photos.parent.name}/{photos.name}"
        self.truth = self._looked.truth([label.name for label in self.labels]) > 0
        known_things = [thing_of(texts_of(label.name, label.prompts)) for label in self.labels]
        self.things = [thing for thing in known_things if thing is not None]
        if len(self.things) < len(self.labels):
            raise SystemExit(f"Expected labels that the detector knows, but {self.labels} are not all.")
        self.evidence = self._looked.evidence[:, self.things].astype(np.float64)
        assert self._looked.starter.lift_temperature is not None
        self.temperature = self._looked.starter.lift_temperature

    @cached_property
    def own(self) -> np.ndarray:
        """How far each label's thing stands above the others."""
        things = self._similarities([list(each.texts) for each in competitors()])
        return log_lift(*centred(things, _means(things)), self.temperature)[:, self.things]

    @cached_property
    def scores(self) -> np.ndarray:
        """Without the detector, beside hidden competitors."""
        similarities, count = self._in_company, len(self.labels)
        means = _means(similarities)
        return rerank_scores(score(similarities, means, self._looked.starter.default_temperature, 0.0)).initial[
            :, :count
        ]

    def lifts(self, temperature: float) -> np.ndarray:
        return log_lift(*centred(self._in_company, _means(self._in_company)), temperature)[:, : len(self.labels)]

    @cached_property
    def _in_company(self) -> np.ndarray:
        texts = [texts_of(label.name, label.prompts) for label in self.labels]
        return self._similarities([*texts, *hidden_labels(self.labels)])

    def _similarities(self, texts: Sequence[Sequence[str]]) -> np.ndarray:
        starter = self._looked.starter
        return starter.similarities(self._looked.embeddings, starter.encode_labels(texts))


def _means(similarities: np.ndarray) -> Any:
    means = MeansOfPhotos(similarities.shape[-1])
    means.add(similarities)
    return means.means()


def figures(scores: np.ndarray, suggested: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    right, some = suggested & truth, suggested.any(axis=1)
    best = np.where(suggested, scores, -np.inf).argmax(axis=1)
    return {
        "P": percent(right.sum() / max(1, suggested.sum())),
        "R": percent(right.sum() / truth.sum()),
        "wrong": percent((suggested & ~truth).any(axis=1).mean()),
        "top": percent(right[np.arange(len(truth)), best].sum() / max(1, some.sum())),
    }


def percent(share: float) -> float:
    return round(100 * float(share), 1)


def chances(of: Collection, constants: Constants) -> np.ndarray:
    held = of.own.clip(LEAST_OWN, MOST_OWN)
    return from_latent(constants.prior + constants.own * held + constants.seen * of.evidence)


def fitted(others: Sequence[Collection]) -> Constants:
    features = [np.stack([each.own.clip(LEAST_OWN, MOST_OWN), each.evidence], axis=-1) for each in others]
    truth = np.concatenate([each.truth.ravel() for each in others])
    weights = np.concatenate([np.full(each.truth.size, 1 / each.truth.size) for each in others])
    fit = LogisticRegression(C=1e6).fit(
        np.concatenate([each.reshape(-1, 2) for each in features]), truth, sample_weight=weights * len(truth)
    )
    found = Constants(float(fit.intercept_[0]), *map(float, fit.coef_[0]), likely=math.nan)
    of_others = np.concatenate([chances(each, found).ravel() for each in others])
    order = np.argsort(-of_others)
    right = np.cumsum((weights * truth)[order]) / np.cumsum(weights[order])
    likely = float(of_others[order][np.flatnonzero(right >= RIGHT)[-1]])
    return Constants(found.prior, found.own, found.seen, likely)


def of_witness(left: Collection, others: Sequence[Collection]) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for name, constants in (("of the others", fitted(others)), ("in use", IN_USE)):
        found = chances(left, constants)
        sure = found >= STRICT
        report[name] = {
            "constants": [round(value, 2) for value in vars(constants).values()],
            **figures(found, found >= constants.likely, left.truth),
            "of .8 and more right": percent(left.truth[sure].mean()),
        }
    return report


def lifted(of: Collection, temperature: float, cut: float) -> np.ndarray:
    """Which labels are likely: each on as many photos as its lifts say, those with the highest scores."""
    count = (of.lifts(temperature) >= math.log(cut)).sum(axis=0)
    return of.scores >= thresholds_taking(of.scores, count)


def of_lift(left: Collection, others: Sequence[Collection]) -> dict[str, Any]:
    choices = []
    for temperature in TEMPERATURES:
        for cut in CUTS:
            each = [figures(of.scores, lifted(of, temperature, cut), of.truth) for of in others]
            if all(found["P"] >= 100 * WANTED for found in each):
                choices.append((float(np.mean([found["R"] for found in each])), temperature, cut))
    report: dict[str, Any] = {}
    for name, chosen in (
        ("of the others", max(choices, default=None)),
        ("in use", (0.0, left.temperature, LIKELY_LIFT)),
    ):
        if chosen is None:
            report[name] = "no cut has that precision on all others"
            continue
        _, temperature, cut = chosen
        report[name] = {
            "temperature": temperature,
            "cut": cut,
            **figures(left.scores, lifted(left, temperature, cut), left.truth),
        }
    return report


def of_halves(left: Collection, others: Sequence[Collection], wanted: float) -> dict[str, float]:
    """The lowest cut with the wanted precision on one half and on all others; its precision there and on the rest."""
    temperature = left.temperature
    by_cut = {cut: lifted(left, temperature, cut) for cut in CUTS}
    allowed = [
        cut
        for cut in CUTS
        if all(figures(of.scores, lifted(of, temperature, cut), of.truth)["P"] >= 100 * wanted for of in others)
    ]
    chosen_on, kept = [], []
    for split in range(SPLITS):
        half = np.zeros(len(left.truth), bool)
        half[np.random.default_rng(split).permutation(len(half))[: len(half) // 2]] = True
        for cut in allowed:
            taken = by_cut[cut]
            there = [figures(left.scores[part], taken[part], left.truth[part])["P"] for part in (half, ~half)]
            if there[0] >= 100 * wanted:
                chosen_on.append(there[0])
                kept.append(there[1])
                break
    return {
        "splits": len(kept),
        "P where it was chosen": round(float(np.mean(chosen_on)), 1),
        "P on the rest": round(float(np.mean(kept)), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collection", type=Path, nargs=3, action="append", metavar=("PHOTOS", "TRUTH", "PROJECT"))
    given = parser.parse_args()
    if len(given.collection or []) < 3:
        parser.error(f"Expected --collection three times or more, but got it {len(given.collection or [])} times.")
    with torch.inference_mode():
        collections = [Collection(*each) for each in given.collection]
        report: dict[str, Any] = {}
        for left in collections:
            others = [each for each in collections if each is not left]
            report[left.name] = {
                "photos": len(left.truth),
                "witness": of_witness(left, others),
                "lift": of_lift(left, others),
                "halves": {str(wanted): of_halves(left, others, wanted) for wanted in (0.75, 0.8)},
            }
        print_report(report)


if __name__ == "__main__":
    main()
