"""Whether near-duplicates are found, and whether distinct photos are left apart.

    python benchmarks/near_duplicates.py PHOTOS [PHOTOS …] [--every 3] [--pairs FOLDER]

All photos of the folders are one collection, looked at by the starter. Copies of every third photo join it, those of
one change at a time. Prints JSON: for each change the share of copies, in %, that are put into the group of
their own original and into another's; then, without copies, which photos were grouped, for a person to say whether
they are distinct, and how near the layouts of the others come. `--pairs` puts those photos side by side into files.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from machine import print_report
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from engine.method.near_duplicates import layout_vectors, near_duplicate_groups
from engine.models.encoders.encoder import SnippetEncoder
from engine.models.encoders.fingerprint import SIDE, Fingerprint
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.photos.find import find_photos
from engine.photos.loader import load_batches

Change = Callable[[Image.Image], Image.Image]


def cut(left: float, top: float, width: float, height: float) -> Change:
    """Keep this part; all are shares of the whole."""
    return lambda photo: photo.crop(
        (
            round(left * photo.width),
            round(top * photo.height),
            round((left + width) * photo.width),
            round((top + height) * photo.height),
        )
    )


def scaled(across: float, down: float) -> Change:
    return lambda photo: photo.resize((max(1, round(across * photo.width)), max(1, round(down * photo.height))))


def darker_with_more_contrast(photo: Image.Image) -> Image.Image:
    return ImageEnhance.Contrast(ImageEnhance.Brightness(photo).enhance(0.7)).enhance(1.3)


def turned(photo: Image.Image) -> Image.Image:
    return cut(0.04, 0.04, 0.92, 0.92)(photo.rotate(2, Image.Resampling.BICUBIC))


def warmer(photo: Image.Image) -> Image.Image:
    red, green, blue = photo.split()
    return Image.merge("RGB", (red.point(lambda value: value * 1.2), green, blue.point(lambda value: value * 0.8)))


def noisy(photo: Image.Image) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, 20, (photo.height, photo.width, 3))
    return Image.fromarray((np.asarray(photo) + noise).clip(0, 255).astype(np.uint8))


def saved_anew(photo: Image.Image) -> Image.Image:
    held = io.BytesIO()
    photo.save(held, "jpeg", quality=20)
    return Image.open(held)


CHANGES: dict[str, Change] = {
    "saved anew at quality 20": saved_anew,
    "half the size": scaled(0.5, 0.5),
    "200 pixels wide": lambda photo: photo.resize((200, max(1, 200 * photo.height // photo.width))),
    "brighter": lambda photo: ImageEnhance.Brightness(photo).enhance(1.3),
    "darker, more contrast": darker_with_more_contrast,
    "grey": lambda photo: photo.convert("L").convert("RGB"),
    "warmer": warmer,
    "blurred": lambda photo: photo.filter(ImageFilter.GaussianBlur(photo.width / 200)),
    "noisy": noisy,
    "mirrored": ImageOps.mirror,
    "a tenth narrower": scaled(0.9, 1),
    "turned by 2 degrees": turned,
    "a white frame of 5 %": lambda photo: ImageOps.expand(photo, round(0.05 * min(photo.size)), "white"),
    "95 % cut out": cut(0.025, 0.025, 0.95, 0.95),
    "90 % cut out of the middle": cut(0.05, 0.05, 0.9, 0.9),
    "90 % cut out of a corner": cut(0, 0, 0.9, 0.9),
    "80 % cut out of the middle": cut(0.1, 0.1, 0.8, 0.8),
    "the left 80 %": cut(0, 0, 0.8, 1),
    "half of it": cut(0.15, 0.15, 0.7, 0.7),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path, nargs="+")
    parser.add_argument("--every", type=int, default=3, help="so manieth photo is copied")
    parser.add_argument("--from", type=int, default=0, dest="first", help="from this photo of each folder on")
    parser.add_argument("--pairs", type=Path, help="a folder for the photos that were grouped")
    given = parser.parse_args()
    by_folder = [[folder / found.path for found in find_photos(folder)] for folder in given.photos]
    files = [file for folder in by_folder for file in folder]
    chosen = [file for folder in by_folder for file in folder[given.first :: given.every]]
    seen = Seen(files)
    originals = [files.index(file) for file in chosen]
    report = {
        "photos": len(files),
        "copies_of_each_change": len(originals),
        "of_copies": {name: seen.copies(originals, change) for name, change in CHANGES.items()},
        "of_distinct_photos": seen.distinct(given.pairs),
    }
    print_report(report)


class Seen:
    """A collection of photos as the comparison sees them."""

    def __init__(self, files: list[Path]) -> None:
        self._files = files
        self._starter = StarterEncoder.open()
        self._layouts, self._embeddings = self._look_at(files)

    def copies(self, originals: list[int], change: Change) -> dict[str, list[float]]:
        """Share of copies in the group of their original, and in another's, in %: with embeddings and without."""
        with tempfile.TemporaryDirectory() as folder:
            copies = [Path(folder, f"{number}.jpg") for number in originals]
            for number, copy in zip(originals, copies, strict=True):
                with Image.open(self._files[number]) as photo:
                    change(ImageOps.exif_transpose(photo).convert("RGB")).save(copy, quality=85)
            layouts, embeddings = self._look_at(copies)
        brightness = np.concatenate([self._layouts, layouts])
        both = np.concatenate([self._embeddings, embeddings])
        found = {}
        for name, groups in (
            ("layout and embedding", near_duplicate_groups(brightness, both)),
            ("layout alone", near_duplicate_groups(brightness)),
        ):
            of_copies, of_originals = groups[len(self._files) :], groups[originals]
            own = of_copies == of_originals
            strange = ~own & (of_copies < len(self._files))
            found[name] = [round(100 * share.mean(), 1) for share in (own, strange)]
        return found

    def distinct(self, pairs: Path | None) -> dict[str, Any]:
        """Photos that were grouped though nobody copied them, and the nearest layouts of all pairs that were not."""
        groups = near_duplicate_groups(self._layouts, self._embeddings)
        grouped = np.flatnonzero(groups != np.arange(len(groups)))
        for row in grouped if pairs else ():
            beside(self._files[groups[row]], self._files[row], Path(pairs, f"{groups[row]}-{row}.jpg"))
        layouts = layout_vectors(self._layouts)
        cosines = np.maximum(layouts @ layouts.T, layout_vectors(self._layouts[:, :, ::-1]) @ layouts.T)
        cosines[groups[:, None] == groups] = -1
        return {
            "pairs": len(groups) * (len(groups) - 1) // 2,
            "grouped": [[self._files[groups[row]].name, self._files[row].name] for row in grouped],
            "grouped_by_layout_alone": int((near_duplicate_groups(self._layouts) != np.arange(len(groups))).sum()),
            "nearest_layouts_of_others": np.sort(cosines[np.triu_indices(len(groups), 1)])[-5:].round(3).tolist(),
        }

    def _look_at(self, files: list[Path]) -> tuple[np.ndarray, np.ndarray]:
        """Brightness, photos x 16 x 16, and the whole photo's features, photos x dimension."""
        fingerprints = embed(Fingerprint(), files)[:, :-1].reshape(-1, SIDE, SIDE)
        return fingerprints, embed(self._starter, files)[:, : self._starter.feature_count]


def embed(encoder: SnippetEncoder, files: list[Path]) -> np.ndarray:
    seen = []
    batches = load_batches(enumerate(files), grids=(1,), side=encoder.input_size, is_encoded=lambda _: False)
    for photo, snippets, _ in chain.from_iterable(batch.photos for batch in batches):
        if snippets is None:
            raise SystemExit(f"{files[photo.photo_id]}: {photo.problem}")
        seen.append(encoder.encode_snippets(snippets)[0].astype(np.float16))
    return np.array(seen)


def beside(one: Path, other: Path, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet = Image.new("RGB", (820, 400))
    for place, file in enumerate((one, other)):
        with Image.open(file) as photo:
            sheet.paste(ImageOps.contain(ImageOps.exif_transpose(photo).convert("RGB"), (400, 400)), (420 * place, 0))
    sheet.save(out)


if __name__ == "__main__":
    main()
