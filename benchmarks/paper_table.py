"""The paper's table: VOC2012, VOC2007, COCO and NUS-WIDE from unpacked archives to figures beside the published ones.

    python benchmarks/paper_table.py ROOT [--only voc2007,coco] [--first 200] [--work paper-table]
                                          [--encoder RN50x64:openai] [--train full] [--network …] [--weights FILE]
                                          [--epochs 20] [--set update_every=10 --set objective=reverse-kl]

Under ROOT lie the archives as they unpack: docs/paper.md names the files, the hours and what the paper leaves open. For
each data set the train photos are labelled by the preset `paper`, a classifier is trained on these labels by it, and
the test photos are labelled by CLIP and by the classifier. Nothing of the truth is trained on. What is done goes to
standard error, with rate and time left; stopped, the same command goes on where it was. Prints Markdown; mAP in %,
all-point. The photos are only read; all that is made lies in --work.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from machine import machine
from paper_data import DATA_SETS, DataSet, Half

import engine
from engine.commands.console import STOPPED, show_progress
from engine.errors import UserError
from engine.face import PhotoProject
from engine.jobs import Cancellation, Progress
from engine.models.training.training_settings import TrainingSettings
from engine.project.truths import truths
from engine.stages.importing.import_truth import import_truth
from engine.stages.labelling.label_sets import built_in_label_set

STAGES = ("global", "initial", "classifier")


def main() -> None:
    given = _arguments()
    chosen = [one for one in DATA_SETS if not given.only or one.name in given.only]
    rows, failed = [], False
    for data_set in chosen:
        found = data_set.look(given.root)
        if found.train is None or found.test is None:
            say(f"{data_set.title}: not found. There is no {', no '.join(map(str, found.missing))}.")
            rows.append(_row(data_set.title, "–", {}, data_set.published))
            failed = True
            continue
        try:
            with show_progress() as (progress, cancellation):
                table = Table(data_set, given, progress, cancellation)
                rows += table.rows(found.train, found.test)
        except UserError as error:
            say(f"{data_set.title}: {error}")
            failed = True
        except KeyboardInterrupt:
            say(f"{data_set.title}: stopped. The same command goes on from here.")
            sys.exit(STOPPED)
    print("| photos | number | CLIP global | initial labels | classifier | CDUL, published |")
    print("|---|---|---|---|---|---|")
    print("\n".join(rows))
    made_on = machine()
    print(f"\nPreset paper, {given.encoder}, {given.train}, all-point mAP in %; {made_on['processor']}.")
    sys.exit(1 if failed else None)


@dataclass
class Table:
    """What one data set adds to the table; each step is done once, and known as done by a file in the work folder."""

    data_set: DataSet
    given: argparse.Namespace
    progress: Progress
    cancellation: Cancellation
    done: dict[str, Any] = field(default_factory=dict)

    def rows(self, train: Half, test: Half) -> list[str]:
        """Lines of the table, for train and test photos and each rule."""
        self.folder = self.given.work / self.data_set.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_up(train)
        self._label("train", train)
        classifier = self._step("train a classifier", lambda: self._train(train))["classifier"]
        self._label("test", test)
        self._step("predict the test photos", lambda: self._predict(test, Path(classifier)))
        rows = []
        for side, half in (("train", train), ("test", test)):
            figures = self._step(
                f"compare the {side} photos with the truth", lambda s=side, h=half: self._compare(s, h)
            )
            for rule in self.data_set.rules:
                as_negative = "" if rule == "ignore" else ", difficult as negative"
                published = self.data_set.published if side == "test" else None
                title = f"{self.data_set.title} {side}{as_negative}"
                rows.append(_row(title, f"{figures['photos']:,}", figures[rule], published))
        return rows

    def _take_up(self, train: Half) -> None:
        """What was done before, by the same wishes alone."""
        file = self.folder / "done.json"
        wishes = {
            "photos": str(train.photos),
            **{name: str(getattr(self.given, name)) for name in ("first", "encoder", "train", "network", "weights")},
            "settings": self._settings(),
        }
        if file.is_file():
            self.done = json.loads(file.read_text("utf-8"))
            if self.done["wishes"] != wishes:
                raise SystemExit(f"{file} was made with other wishes: {self.done['wishes']}. Choose another --work.")
        self.done["wishes"] = wishes

    def _step(self, name: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What a step tells, from before or by doing it now."""
        if name not in self.done:
            say(f"{self.data_set.title}: {name} …")
            began = time.monotonic()
            told = work()
            self.done[name] = {**told, "seconds": round(time.monotonic() - began, 1)}
            beside = self.folder / "done.json.part"
            beside.write_text(json.dumps(self.done, indent=1), "utf-8")
            beside.replace(self.folder / "done.json")
            say(f"{self.data_set.title}: {name}: done in {self.done[name]['seconds']:,} s {told.get('said', '')}")
        result: dict[str, Any] = self.done[name]
        return result

    def _label(self, side: str, half: Half) -> None:
        self._step(f"label the {side} photos", lambda: self._label_now(side, half))

    def _label_now(self, side: str, half: Half) -> dict[str, Any]:
        """Stage 1, and the truth beside it; a list that is known is read once."""
        known = {rule: half.read(half.truth, rule) for rule in self.data_set.rules}
        names = half.photo_names(next(iter(known.values())))[: self.given.first]
        with self._open(side, half) as photos:
            labelled = photos.label(
                [label.name for label in built_in_label_set(self.data_set.label_set)],
                encoder=self.given.encoder,
                preset="paper",
                photo_list=names,
                progress=self.progress,
                cancellation=self.cancellation,
            )
            kept = {one.name for one in truths(photos.project)}
            for rule in self.data_set.rules:
                if rule not in kept:
                    import_truth(
                        photos.project,
                        known[rule],
                        self.progress,
                        self.cancellation,
                        source=half.truth,
                        format_name=self.data_set.label_set,
                        name=rule,
                    )
        missing = f"; of the list {len(labelled.unlisted):,} are not there" if labelled.unlisted else ""
        return {"said": f"({labelled.labelled:,} photos{missing})", "photos": labelled.labelled}

    def _train(self, half: Half) -> dict[str, Any]:
        with self._open("train", half) as photos:
            result = photos.refine(
                preset="paper",
                train=self.given.train,
                network=self.given.network,
                weights=self.given.weights,
                progress=self.progress,
                cancellation=self.cancellation,
                **self._settings(),
            )
            if result.held_back:
                photos.accept_training()
        return {"classifier": result.classifier, "said": f"({result.epochs} epochs)"}

    def _predict(self, half: Half, classifier: Path) -> dict[str, Any]:
        with self._open("test", half) as photos:
            predicted = photos.predict(classifier, progress=self.progress, cancellation=self.cancellation)
        return {"said": f"({predicted.labelled:,} photos)"}

    def _compare(self, side: str, half: Half) -> dict[str, Any]:
        told: dict[str, Any] = {}
        with self._open(side, half) as photos:
            for rule in self.data_set.rules:
                told[rule] = {}
                for stage in STAGES:
                    result = photos.evaluate(rule, stage, cancellation=self.cancellation)
                    told["photos"] = result.photos
                    told[rule][stage] = None if result.map is None else round(100 * result.map, 2)
        return told

    def _open(self, side: str, half: Half) -> PhotoProject:
        return engine.open(half.photos, self.folder / side)

    def _settings(self) -> dict[str, Any]:
        """Of the training, what differs from the preset."""
        settings: dict[str, Any] = {"batch": self.data_set.batch, **self.given.settings}
        return settings | ({"epochs": self.given.epochs} if self.given.epochs else {})


def _row(title: str, photos: str, figures: dict[str, float | None], published: float | None) -> str:
    cells = [figures.get(stage) for stage in STAGES]
    return " | ".join(
        [
            f"| {title}",
            photos,
            *("–" if cell is None else f"{cell:.1f}" for cell in cells),
            f"{'' if published is None else published} |",
        ]
    )


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [one.name for one in DATA_SETS]
    parser.add_argument("root", type=Path, help="the folder of the unpacked archives")
    parser.add_argument("--only", help=f"of {', '.join(names)}, with commas between; by default all")
    parser.add_argument("--first", type=int, help="only so many photos of each list, to try it")
    parser.add_argument("--work", type=Path, default=Path("paper-table"), help="where projects and figures are kept")
    parser.add_argument("--encoder", default="RN50x64:openai", help="the paper's by default")
    parser.add_argument("--train", default="full", help="full, as the paper, or head: the last layer alone")
    parser.add_argument("--network", help="by default the preset's, torchvision's ResNet-101")
    parser.add_argument("--weights", type=Path, help="a file of the network's weights; by default torch's cache")
    parser.add_argument("--epochs", type=int, help="by default the preset's")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="any setting of the training")
    given = parser.parse_args()
    given.only = given.only.split(",") if given.only else []
    if unknown := set(given.only) - set(names):
        parser.error(f"Expected --only to be of {', '.join(names)}, but got {', '.join(sorted(unknown))}.")
    given.settings = dict(_setting(parser, text) for text in given.set)
    return given


def _setting(parser: argparse.ArgumentParser, text: str) -> tuple[str, Any]:
    """`update_every=10` as a setting's name and a value of its kind."""
    kinds = {one.name: type(one.default) for one in fields(TrainingSettings)}
    name, _, value = text.partition("=")
    if name not in kinds:
        parser.error(f"Expected --set to name one of {', '.join(kinds)}, but got {text!r}.")
    if kinds[name] is bool:
        return name, value.lower() in ("1", "true", "yes", "on")
    return name, kinds[name](value)


if __name__ == "__main__":
    main()
