"""Whether thousands of broken and strange photos are each read or reported, and how much memory that takes.

    python benchmarks/broken_photos.py [--photos 10000]

Prints JSON. The photos are made up: of every ten, six are broken (flipped bits, cut off, empty, text under a photo's
name, noise, a few bytes that claim to be 50,000 x 50,000 pixels), four are only strange (16 bits, CMYK, a palette,
animated). They go through everything that labelling does but a network: the encoder takes mean colours.
"""

from __future__ import annotations

import argparse
import io
import struct
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from machine import peak_memory_mb, print_report
from PIL import Image

from engine.jobs import Cancellation, Progress
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import FloatArray, LabelEmbeddings
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise


class MeanColours:
    """Embeds a snippet as its mean colour."""

    id = name = "mean-colours"
    dimension, feature_count, input_size = 3, 3, 32
    comparison = "of mean colours"
    temperature = default_temperature = 1.0
    contrast = 1.0
    lift_temperature = None
    takes_witness = False
    similarities = ClipEncoder.similarities

    def encode_snippets(self, snippets: np.ndarray) -> FloatArray:
        means = snippets.reshape(len(snippets), -1, 3).mean(axis=1, dtype=np.float32) + 1
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def encode_labels(self, prompts: Sequence[object]) -> LabelEmbeddings:
        return LabelEmbeddings(np.resize(np.eye(3, dtype=np.float32), (len(prompts), 3)))


def picture(random: np.random.Generator) -> Image.Image:
    pixels = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize((160, 120), Image.Resampling.BICUBIC)


def saved(photo: Image.Image, file_format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    photo.save(stream, file_format, **options)
    return stream.getvalue()


def flipped(random: np.random.Generator) -> bytes:
    data = bytearray(saved(picture(random), str(random.choice(["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"]))))
    for at in random.integers(0, len(data), 20):
        data[at] ^= 1 << int(random.integers(8))
    return bytes(data)


def cut_off(random: np.random.Generator) -> bytes:
    data = saved(picture(random), str(random.choice(["JPEG", "PNG", "WEBP"])))
    return data[: int(random.integers(1, len(data) - 1))]


def bomb(random: np.random.Generator) -> bytes:
    """A PNG of 50,000 x 50,000 pixels, as far as its header says."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(int(random.integers(1_000_000))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def sixteen_bits(random: np.random.Generator) -> bytes:
    return saved(Image.fromarray(random.integers(0, 65536, (120, 160), dtype=np.uint16)), "PNG")


def animated(random: np.random.Generator) -> bytes:
    return saved(picture(random), "GIF", save_all=True, append_images=[picture(random) for _ in range(3)])


KINDS: tuple[tuple[str, str, Callable[[np.random.Generator], bytes]], ...] = (
    ("flipped bits", ".jpg", flipped),
    ("cut off", ".jpg", cut_off),
    ("empty", ".png", lambda _random: b""),
    ("text", ".jpg", lambda random: b"no photo at all " * int(random.integers(1, 99))),
    ("bomb", ".png", bomb),
    ("noise", ".webp", lambda random: random.bytes(2000)),
    ("16 bits", ".png", sixteen_bits),
    ("CMYK", ".jpg", lambda random: saved(picture(random).convert("CMYK"), "JPEG")),
    ("palette", ".gif", lambda random: saved(picture(random).quantize(16), "GIF")),
    ("animated", ".gif", animated),
)
STRANGE = ("16 bits", "CMYK", "palette", "animated")


def measure(folder: Path, photos: int) -> dict[str, object]:
    random = np.random.default_rng(1)
    for at in range(photos):
        kind, suffix, make = KINDS[at % len(KINDS)]
        file = folder / kind / f"{at:06}{suffix}"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(make(random))
    began = time.perf_counter()
    with Project.open(folder) as project:
        use_label_set(project, [NewLabel("red"), NewLabel("green"), NewLabel("blue")])
        add_photos(project, Progress(), Cancellation())
        result = initialise(project, MeanColours(), InitialiseSettings(grids=(3,)), Progress(), Cancellation())
    seconds = time.perf_counter() - began
    unreadable = Counter(path.partition("/")[0] for path, reason in result.unreadable if reason)
    return {
        "photos": photos,
        "labelled": result.labelled,
        "reported": sum(unreadable.values()),
        "reported_by_kind": {kind: unreadable[kind] for kind, _, _ in KINDS},
        "strange_but_labelled": sum(photos // len(KINDS) - unreadable[kind] for kind in STRANGE),
        "seconds": round(seconds, 1),
        "peak_memory_mb": peak_memory_mb(),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    photos = parser.parse_args().photos
    with tempfile.TemporaryDirectory() as made_up:
        print_report(measure(Path(made_up), photos))
