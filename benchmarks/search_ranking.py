"""What a search by words should be scored with: each label's name is looked for in turn, losers included.

    cdul label PHOTOS --labels voc
    python benchmarks/search_ranking.py --photos PHOTOS TRUTH.json [--photos …] [--ask "two dogs on a beach" …]

Takes what labelling left in the cache; TRUTH is in COCO's format. Prints JSON: for each score, each wording of the
query and each way to see a photo the mAP in %, all-point, over the labels that occur; then the difference of each to
the score in use, with a 95 % interval from 300 paired resamples of the photos. With `--ask` it tells instead which
photos a search shows first.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import print_report
from starter_encoder import read_truth

from engine.jobs import Cancellation, Progress
from engine.method import class_probabilities, mean_average_precision
from engine.method.bootstrap import bootstrap_interval, draw_photos, resampled_average_precision
from engine.method.latent import to_latent
from engine.method.search import best_of_whole_and_snippets
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.finding.search import search, words_query
from engine.stages.finding.search_index import SearchIndex
from engine.stages.labelling.label_sets import built_in_label_set
from engine.stages.photo_embeddings import KeptEmbeddings

Scores = np.ndarray
RESAMPLES = 300
WORDINGS: dict[str, Callable[[str], list[str]]] = {
    "words": lambda text: [text],
    "a photo of a": lambda text: [f"a photo of a {text}"],
    "both": lambda text: [text, f"a photo of a {text}"],
    "words and a photo of": lambda text: [text, f"a photo of {text}"],
}
SEEN: dict[str, Callable[[Scores], Scores]] = {
    "whole": lambda scores: scores[:, 0],
    "best": lambda scores: scores.max(axis=1),
    "mean": lambda scores: best_of_whole_and_snippets(scores)[0],
}
IN_USE = "among NUS-WIDE's words | words and a photo of | mean"


def cosine(encoder: StarterEncoder, embeddings: Scores, prompts: list[str]) -> Scores:
    """To the text, as the rough look at all photos has it."""
    text = encoder.encode_labels([prompts]).vectors[0, : encoder.feature_count]
    features = embeddings[..., : encoder.feature_count].astype(np.float32)
    return features @ text / np.linalg.norm(features, axis=-1) / np.linalg.norm(text)


def among(label_set: str) -> Callable[[StarterEncoder, Scores, list[str]], Scores]:
    """The probability of the text among it and the words of a label set."""
    words = [[f"a photo of a {label.name}"] for label in built_in_label_set(label_set)]

    def score(encoder: StarterEncoder, embeddings: Scores, prompts: list[str]) -> Scores:
        similarities = encoder.similarities(embeddings, encoder.encode_labels([prompts, *words]))
        return class_probabilities(similarities, encoder.default_temperature)[..., 0]

    return score


SCORES = {
    "cosine": cosine,
    "among NUS-WIDE's words": among("nus-wide"),
    "among COCO's words": among("coco"),
    "among VOC's words": among("voc"),
}


def rankings(embeddings: Scores, labels: list[str], encoder: StarterEncoder) -> dict[str, Scores]:
    """Every way of scoring: photos x labels."""
    found: dict[str, list[Scores]] = {}
    for label in labels:
        for wording, prompts in WORDINGS.items():
            for name, score in SCORES.items():
                scores = score(encoder, embeddings, prompts(label))
                for seen, of_photo in SEEN.items():
                    found.setdefault(f"{name} | {wording} | {seen}", []).append(of_photo(scores))
    scored = {name: np.stack(columns, axis=1) for name, columns in found.items()}
    for wording in WORDINGS:
        of_words = [scored[f"{name} | {wording} | mean"] for name in ("cosine", "among NUS-WIDE's words")]
        scored[f"cosine and NUS-WIDE's words | {wording} | mean"] = standardised(of_words[0]) + standardised(
            to_latent(of_words[1])
        )
    return scored


def standardised(scores: Scores) -> Scores:
    return (scores - scores.mean(axis=0)) / scores.std(axis=0)


def compare(scored: dict[str, Scores], truth: Scores) -> dict[str, object]:
    """mAP of each ranking, and its difference to the one in use with the interval of a paired bootstrap."""
    occur = truth.any(axis=0)
    truth = truth[:, occur]
    counts = draw_photos(len(truth), RESAMPLES)

    def resampled(scores: Scores) -> Scores:
        return np.nanmean(resampled_average_precision(scores, truth, counts), axis=1)

    of_use, in_use = resampled(scored[IN_USE][:, occur]), mean_average_precision(scored[IN_USE][:, occur], truth).value
    figures: dict[str, object] = {}
    for name, scores in scored.items():
        value = mean_average_precision(scores[:, occur], truth).value
        beyond = bootstrap_interval(value - in_use, resampled(scores[:, occur]) - of_use, lowest=-1)
        figures[name] = {
            "map": round(100 * value, 1),
            "over_use": None
            if beyond is None
            else [round(100 * bound, 1) for bound in (beyond.value, beyond.low, beyond.high)],
        }
    return {"photos": len(truth), "labels": int(occur.sum()), "rankings": figures}


def first_photos(folder: Path, encoder: StarterEncoder, asked: list[str], count: int = 8) -> dict[str, object]:
    """The photos that a search shows first, with their scores."""
    with Project.open(folder) as project:
        index = SearchIndex.load(project, Progress(), Cancellation())
        paths = {photo.id: photo.path for photo in readable_photos(project)}
        found = {text: search(project, index, words_query(encoder, text), count=count) for text in asked}
    return {
        text: [
            [paths[photo], round(float(score), 3)]
            for photo, score in zip(one.photo_ids.tolist(), one.scores, strict=True)
        ]
        for text, one in found.items()
    }


def read_embeddings(folder: Path, names: list[str]) -> Scores:
    """Of the whole photos and their snippets, from the cache: photos x (1 + snippets) x dimension."""
    with Project.open(folder) as project:
        contents = {photo.path: photo.content or b"" for photo in readable_photos(project)}
        kept = KeptEmbeddings.of(project)
        if kept is None or kept.encoder != StarterEncoder.name:
            raise SystemExit(f"{folder}: label these photos first, with the encoder starter.")
        return kept.load(project, [contents[name] for name in names])[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", nargs=2, type=Path, action="append", required=True, metavar=("PHOTOS", "TRUTH"))
    parser.add_argument("--ask", nargs="+", metavar="WORDS", help="show what is found first instead")
    given = parser.parse_args()
    encoder = StarterEncoder.open(device="cpu")
    report: dict[str, object] = {}
    for folder, truth_file in given.photos:
        if given.ask:
            report[str(folder)] = first_photos(folder, encoder, given.ask)
            continue
        names, labels, truth = read_truth(truth_file)
        embeddings = read_embeddings(folder, names)
        report[f"{folder.parent.name}/{folder.name}"] = compare(rankings(embeddings, labels, encoder), truth)
    print_report(report)


if __name__ == "__main__":
    main()
