"""What else than CDUL's initial pseudo labels could be made of the same similarities, losers included.

    python benchmarks/better_labels.py [--photos PHOTOS TRUTH.json] [--similarities FILE.npz] [--variants]

`--photos` is compared by the starter (3 x 3 snippets); TRUTH is in COCO's format. `--similarities` holds CLIP's:
global_similarity, snippet_max_similarity, snippet_min_similarity and labels (1, 0, -1 for difficult), photos x labels.
Both may be repeated. With `--variants` other prompts, grids and mirrored photos are tried as well, which means encoding
nearly three times as much. The ideas are in `label_ideas.py`.

Prints a table in Markdown: all-point mAP in % over the labels that occur, the same over those with at least five
positives (the rest jump by points when one photo changes its rank), CF1 and OF1 at the thresholds of the scores' shape.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from label_ideas import IDEAS, Collection, Scores, initial, looked_at_twice
from starter_encoder import read_truth
from thresholds import f1

from engine.method import mean_average_precision
from engine.method.thresholds import shape_thresholds
from engine.models.clip_encoder import ClipEncoder
from engine.models.starter_encoder import StarterEncoder
from engine.photos.loader import load_photos

FEWEST_POSITIVES = 5
BACKGROUND = ("sky", "grass", "wall", "road", "tree", "floor", "water", "ground", "building", "mountain", "sea", "sand")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", nargs=2, type=Path, action="append", default=[], metavar=("PHOTOS", "TRUTH"))
    parser.add_argument("--similarities", type=Path, action="append", default=[], metavar="NPZ")
    parser.add_argument("--variants", action="store_true", help="other prompts, grids and mirrored photos as well")
    given = parser.parse_args()
    seen = [compare_photos(folder, truth, variants=given.variants) for folder, truth in given.photos]
    collections = [*(read_similarities(file) for file in given.similarities), *(first for first, *_ in seen)]
    print_row("mAP of all / frequent labels · CF1 / OF1", [photos.name for photos in collections], head=True)
    for name, idea in IDEAS.items():
        print_row(name, [figures(idea(photos), photos.truth) for photos in collections])
    for first, *others in seen:
        for variant in others:
            row = [figures(idea(variant), variant.truth) for idea in (initial, looked_at_twice)]
            print_row(f"{first.name}, {variant.name}: initial, second look", row)


def print_row(name: str, values: list[str], *, head: bool = False) -> None:
    print("|", " | ".join([name, *values]), "|", flush=True)
    if head:
        print("|---" * (len(values) + 1) + "|")


def figures(scores: Scores | None, truth: Scores) -> str:
    if scores is None:
        return "–"
    scores = scores.astype(np.float32)
    often = (truth > 0).sum(axis=0) >= FEWEST_POSITIVES
    of_all, of_often = (100 * mean_average_precision(scores[:, c], truth[:, c]).value for c in (slice(None), often))
    at = f1(scores, truth, shape_thresholds(scores))
    return f"{of_all:.2f} / {of_often:.2f} · {at['cf1']:.1f} / {at['of1']:.1f}"


def read_similarities(file: Path) -> Collection:
    with np.load(file, allow_pickle=False) as archive:
        read = {name: archive[name].astype(np.float64) for name in archive.files if name.endswith("similarity")}
        snippets = np.stack([read["snippet_max_similarity"], read["snippet_min_similarity"]], axis=1)
        truth = archive["labels"]
    return Collection(file.stem, read["global_similarity"], snippets, False, truth, 0.03, ClipEncoder.contrast)


def compare_photos(folder: Path, truth_file: Path, *, variants: bool) -> list[Collection]:
    """The photos as the starter sees them; with `variants` also in other ways."""
    names, labels, truth = read_truth(truth_file)
    starter = StarterEncoder.open()
    grids = (1, 3, 2) if variants else (1, 3)
    plain, mirrored = embed(starter, [folder / name for name in names], grids, mirror=variants)

    def collection(name: str, embeddings: Scores, *templates: str, drop: tuple[str, ...] = ()) -> Collection:
        texts = [[template.format(label) for template in templates or ("a photo of a {}",)] for label in labels]
        texts += [[f"a photo of {word}"] for word in drop]
        similarities = starter.similarities(embeddings, starter.encode_labels(texts))[..., : len(labels)]
        similarities = similarities.astype(np.float64)
        whole, snippets = similarities[:, 0], similarities[:, 1:]
        return Collection(name, whole, snippets, True, truth, starter.default_temperature, starter.contrast)

    first = collection(f"{folder.parent.name}/{folder.name}", plain[:, :10])
    if not variants:
        return [first]
    return [
        first,
        collection("2 x 2", plain[:, [0, *range(10, 14)]]),
        collection("2 x 2 and 3 x 3", plain),
        collection("mirrored", mirrored[:, :10]),
        collection("mirrored beside", np.concatenate([plain[:, :10], mirrored[:, 1:10]], axis=1)),
        collection("the label alone", plain[:, :10], "{}"),
        collection("three prompts", plain[:, :10], "a photo of a {}", "a {}", "there is a {} in the photo"),
        collection("background words", plain[:, :10], drop=BACKGROUND),
    ]


def embed(starter: StarterEncoder, files: list[Path], grids: tuple[int, ...], *, mirror: bool) -> list[Scores]:
    """Embeddings of the photos as they are and mirrored: photos x snippets x dimension each."""
    plain, mirrored = [], []
    for photo in load_photos(enumerate(files), grids=grids, side=starter.input_size, is_encoded=lambda _: False):
        if photo.snippets is None:
            raise SystemExit(f"{files[photo.photo_id]}: {photo.problem}")
        plain.append(starter.encode_snippets(photo.snippets).astype(np.float16))
        if mirror:
            turned = np.ascontiguousarray(photo.snippets[:, :, ::-1])
            mirrored.append(starter.encode_snippets(turned).astype(np.float16))
    return [np.stack(plain), np.stack(mirrored) if mirror else np.zeros(0)]


if __name__ == "__main__":
    main()
