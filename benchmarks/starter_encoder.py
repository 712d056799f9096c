"""How well the starter ranks labels by CDUL's stage 1, how little that hangs on its constants, and how fast it is.

    python benchmarks/starter_encoder.py PHOTOS TRUTH.json [--prompt "a photo of a {}"] [--quality-only | --speed-only]

TRUTH is in COCO's format; names that VOC writes as one word are written as two. Prints JSON. mAP in %, all-point,
over the labels that occur, as [whole photo, initial pseudo label, the same of labels with at least five positives] with
a 3 x 3 grid and zeta 0. Times are the least of several turns taken in alternation, in milliseconds for a snippet.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from machine import print_report
from timm.layers import BatchNormAct2d
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engine.method import (
    aggregate_min_max,
    centre_by_label,
    class_probabilities,
    initial_pseudo_labels,
    mean_average_precision,
)
from engine.models.device import name_of_precision, precision_for
from engine.models.encoders.starter import glossary, imagenet_classes, starter_encoder
from engine.models.encoders.starter.imagenet_network import INPUT_SIZE, ImageNetNetwork
from engine.models.encoders.starter.in_timm import load_efficientnet
from engine.models.encoders.starter.lite2_weights import read_layers
from engine.models.encoders.starter.sentences import SentenceEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.photos.loader import load_batches

TEMPERATURES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
FEWEST_POSITIVES = 5
RANGES = {
    "_SHARING": (10.0, 12.0, 15.0, 20.0),
    "_PICKING": (15.0, 20.0, 25.0, 30.0),
    "_COSINE_SCALE": (7.0, 10.0, 15.0, 20.0),
}
TWO_WORDS = {"diningtable": "dining table", "pottedplant": "potted plant", "tvmonitor": "tv monitor"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--prompt", default="a photo of a {}")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--quality-only", action="store_true")
    only.add_argument("--speed-only", action="store_true")
    arguments = parser.parse_args()
    result: dict[str, Any] = {}
    if not arguments.speed_only:
        result["quality"] = quality(arguments.photos, arguments.truth, arguments.prompt)
    if not arguments.quality_only:
        result["milliseconds_a_snippet"] = encoding_speed()
        result["seconds_to_score_100000_snippets"] = scoring_speed()
    print_report(result)


def quality(photos: Path, truth_file: Path, prompt: str) -> dict[str, Any]:
    """mAP as shipped, by temperature and centring, by opinion, by precision, and around each constant."""
    names, labels, truth = read_truth(truth_file)
    prompts = [[prompt.format(label)] for label in labels]
    starter = StarterEncoder.open()
    embeddings = embed(starter, [photos / name for name in names])

    def figures(tau: float = 1.0, *, centred: bool = True, of: Any = embeddings, **constants: Any) -> list[float]:
        usual = {name: getattr(starter_encoder, name) for name in constants}
        for name, value in constants.items():
            setattr(starter_encoder, name, value)
        similarities = starter.similarities(of, starter.encode_labels(prompts))
        for name, value in usual.items():
            setattr(starter_encoder, name, value)
        return stage_one(similarities, truth, tau, centred=centred)

    def in_float32() -> list[float] | None:
        if precision_for(torch.device("cpu")) != torch.bfloat16:
            return None  # as shipped
        return figures(of=embed(StarterEncoder.open(precision="float32"), [photos / name for name in names]))

    return {
        "encoder": starter.id,
        "photos": len(names),
        "labels_that_occur": int(truth.any(axis=0).sum()),
        "as_shipped": figures(),
        "in_float32": in_float32(),
        "told": {told: figures(**change) for told, change in meanings().items()},
        "centred": {tau: figures(tau) for tau in TEMPERATURES},
        "not_centred": {tau: figures(tau, centred=False) for tau in TEMPERATURES},
        # One opinion is silenced by making it the same for all labels; the halving of the mean is undone by tau.
        "by_class_alone": figures(0.5, _COSINE_SCALE=0.0),
        "by_weight_alone": figures(0.5, _SHARING=0.0),
        "around": {
            name.strip("_").lower(): {value: figures(**{name: value}) for value in values}
            for name, values in RANGES.items()
        },
    }


def meanings() -> dict[str, dict[str, Any]]:
    """What else labels and classes could be told by: names in `starter_encoder`, with what stands there then."""
    by_name = glossary._meanings_by_name()

    def told_by(part: slice) -> Callable[..., Any]:
        def drawn(prompts: Any, embeddings: Any) -> Any:
            drawn = embeddings.copy()
            for row, prompt in enumerate(prompts):
                if (meaning := by_name.get(glossary.named_by(prompt))) is not None:
                    drawn[row] += meaning[part].sum(axis=0)
                    drawn[row] /= np.linalg.norm(drawn[row])
            return drawn

        return drawn

    usual = imagenet_classes._KINDS, imagenet_classes._WORN
    sentences = SentenceEncoder()

    def classes(kinds: Any, worn: Any) -> Callable[[], Any]:
        imagenet_classes._KINDS, imagenet_classes._WORN = kinds, worn
        embedded = sentences.encode(imagenet_classes.describe_classes())
        imagenet_classes._KINDS, imagenet_classes._WORN = usual
        return lambda: embedded

    names, plain = told_by(slice(0)), classes({}, ())
    return {
        "names alone": {"with_meanings": names},
        "definitions": {"with_meanings": told_by(slice(0, 1))},
        "scenes": {"with_meanings": told_by(slice(1, 2))},
        "classes without kinds": {"class_embeddings": classes({}, usual[1])},
        "classes without what is worn": {"class_embeddings": classes(usual[0], ())},
        "names alone, classes as ImageNet has them": {"with_meanings": names, "class_embeddings": plain},
    }


def stage_one(similarities: Any, truth: Any, tau: float, *, centred: bool) -> list[float]:
    whole, snippets = similarities[:, 0], similarities[:, 1:]
    if centred:
        whole, snippets = centre_by_label(whole), centre_by_label(snippets)
    whole, snippets = class_probabilities(whole, tau), class_probabilities(snippets, tau)
    initial = initial_pseudo_labels(whole, aggregate_min_max(snippets, 0.0))
    often = (truth > 0).sum(axis=0) >= FEWEST_POSITIVES
    shown = (whole, truth), (initial, truth), (initial[:, often], truth[:, often])
    return [round(100 * mean_average_precision(scores, of).value, 2) for scores, of in shown]


def embed(starter: StarterEncoder, files: list[Path]) -> Any:
    """Embeddings as they are stored: photos x 10 x dimension, float16."""
    embeddings = []
    batches = load_batches(enumerate(files), grids=(1, 3), side=starter.input_size, is_encoded=lambda _: False)
    for photo, snippets, _ in chain.from_iterable(batch.photos for batch in batches):
        if snippets is None:
            raise SystemExit(f"{files[photo.photo_id]}: {photo.problem}")
        embeddings.append(starter.encode_snippets(snippets).astype(np.float16))
    return np.stack(embeddings)


def read_truth(file: Path) -> tuple[list[str], list[str], Any]:
    content = json.loads(file.read_text("utf-8"))
    row = {photo["id"]: index for index, photo in enumerate(content["images"])}
    column = {label["id"]: index for index, label in enumerate(content["categories"])}
    truth = np.zeros((len(row), len(column)), np.int8)
    for annotation in content["annotations"]:
        truth[row[annotation["image_id"]], column[annotation["category_id"]]] = 1
    labels = [TWO_WORDS.get(label["name"], label["name"]) for label in content["categories"]]
    return [photo["file_name"] for photo in content["images"]], labels, truth


def encoding_speed(snippets: int = 40) -> dict[str, float]:
    """The starter's network beside torch's plain one, step by step, at batches of 40 and of 8."""
    cpu = torch.device("cpu")
    bfloat16 = precision_for(cpu) == torch.bfloat16
    pixels = torch.rand(snippets, 3, INPUT_SIZE, INPUT_SIZE) * 2 - 1
    variants: dict[str, Callable[[], Any]] = {}

    def add(name: str, *, precision: torch.dtype, layout: torch.memory_format, folded: bool) -> None:
        network = load_efficientnet()
        if folded:
            fold_batch_norms(network)
        network = network.to(precision).to(memory_format=layout)
        given = pixels.to(precision).contiguous(memory_format=layout)
        for batch in (40, 8):
            variants[f"{name}, {batch} at once"] = lambda batch=batch: [network(part) for part in given.split(batch)]

    add("float32 contiguous", precision=torch.float32, layout=torch.contiguous_format, folded=False)
    for precision in (torch.float32, *([torch.bfloat16] if bfloat16 else [])):
        name = f"{str(precision).removeprefix('torch.')} channels_last"
        add(name, precision=precision, layout=torch.channels_last, folded=False)
        add(f"{name} folded", precision=precision, layout=torch.channels_last, folded=True)
    starter = ImageNetNetwork(read_layers(), "cpu", name_of_precision(precision))
    black = np.zeros((snippets, INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
    variants["the starter, from bytes to features"] = lambda: starter.features(black)
    return {name: round(1000 * seconds / snippets, 1) for name, seconds in least_seconds(variants, turns=3).items()}


def fold_batch_norms(network: torch.nn.Module) -> None:
    for module in list(network.modules()):
        for (before, convolution), (name, norm) in pairwise(list(module.named_children())):
            if isinstance(convolution, torch.nn.Conv2d) and isinstance(norm, BatchNormAct2d):
                setattr(module, before, fuse_conv_bn_eval(convolution, norm))
                setattr(module, name, norm.act)


def scoring_speed(photos: int = 10_000, snippets: int = 10, labels: int = 80) -> float:
    """New labels over a collection whose embeddings are in memory, as they are stored."""
    starter = StarterEncoder.open()
    some = starter.encode_snippets(np.random.default_rng(0).integers(0, 256, (snippets, 260, 260, 3), np.uint8))
    stored = np.tile(some.astype(np.float16), (photos, 1, 1))
    embedded = starter.encode_labels([[f"a photo of thing {number}"] for number in range(labels)])
    return round(least_seconds({"": lambda: starter.similarities(stored, embedded)}, turns=3)[""], 2)


def least_seconds(variants: dict[str, Callable[[], Any]], turns: int) -> dict[str, float]:
    least = dict.fromkeys(variants, float("inf"))
    with torch.inference_mode():
        for _ in range(turns):
            for name, run in variants.items():
                began = time.perf_counter()
                run()
                least[name] = min(least[name], time.perf_counter() - began)
    return least


if __name__ == "__main__":
    main()
