"""Photos and a CLIP made on the spot, so that the tests need no files of anybody's."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.runs import INITIAL, begin_run, finish_run, store_scores
from engine.stages.exporting.export import ExportResult, export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.labelling.add_photos import add_photos

TINY_CLIP: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 32,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8},
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
    },
    # Unlike OpenAI's, so that a test sees whether they are heeded.
    "preprocess_cfg": {"mean": [0.3, 0.5, 0.6], "std": [0.4, 0.2, 0.3]},
}


def make_tiny_clip(folder: Path, *, seed: int = 1) -> Path:
    """A small open_clip model with random weights, as the folder that open_clip itself opens."""
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = CLIP(**TINY_CLIP["model_cfg"])
    (folder / "open_clip_config.json").write_text(json.dumps(TINY_CLIP))
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    return folder


def smooth_photo(seed: int, size: tuple[int, int]) -> Image.Image:
    """Smooth random colours, which every format keeps well."""
    pixels = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def make_photo(file: Path, seed: int = 0, *, size: tuple[int, int] = (48, 40), orientation: int | None = None) -> Path:
    """Save a photo; the suffix says in which format."""
    file.parent.mkdir(parents=True, exist_ok=True)
    more: dict[str, Any] = {}
    if orientation is not None:
        more["exif"] = Image.Exif()
        more["exif"][0x0112] = orientation
    smooth_photo(seed, size).save(file, **more)
    return file


TINY_NETWORK = "test_efficientnet"
"""timm's own tiny network for tests."""


def make_tiny_network(folder: Path, *, seed: int = 1) -> Path:
    """A file of random weights for `TINY_NETWORK`."""
    import timm
    import torch
    from safetensors.torch import save_file

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        network = timm.create_model(TINY_NETWORK, pretrained=False)
    save_file(network.state_dict(), folder / "weights.safetensors")
    return folder / "weights.safetensors"


HARD_LABELS = (
    "salt, pepper",
    'the "Sphinx"',
    "either|or",
    "sea/lake",
    "C:\\",
    "猫",
    "ελιά",
    "🐕 dog",
    "👩‍👩‍👧",
    "=1+1",
    "-x",
    "@home",
    "'quoted",
    "100 % #1",
    "a%2Fb",
    "semi;colon: and_train",
    "CON",
    ".hidden",
)
"""Names that a format could trip over."""

HARD_PHOTOS = (
    b"plain.jpg",
    b"with spaces.jpg",
    b" leading space.jpg",
    b"two\nlines.jpg",
    b"#hash.jpg",
    b"100%.jpg",
    b"a%2Fb.jpg",
    b"comma, and 'quotes' \"both\".jpg",
    b"=1+1.jpg",
    b"-rf.jpg",
    b"@home.jpg",
    b"caf\xe9.jpg",
    "猫.jpg".encode(),
    "🐕.jpg".encode(),
    b"a.b.c.jpg",
    b"same.jpg",
    b"same.png",
    b"summer/same.jpg",
    b"winter/same.jpg",
    b"winter_same.jpg",
    b"winter, 2024/#1/back\\slash.jpg",
)
"""Names of photos, as bytes, that a format could trip over; those that the system refuses are left out."""


def make_hard_project(photos: Path) -> Project:
    """A project of small photos with hard names; every label confirmed, rejected, suggested and absent somewhere.

    Every third photo is reviewed; the second one has no label at all.
    """
    photos.mkdir(parents=True)
    for seed, name in enumerate(HARD_PHOTOS):
        with contextlib.suppress(OSError, UnicodeError):
            make_photo(photos / os.fsdecode(name), seed, size=(24 + seed, 20))
    project = Project.open(photos)
    labels = use_label_set(project, [NewLabel(name) for name in HARD_LABELS])
    add_photos(project, Progress(), Cancellation())
    with project.reading() as connection:
        ids = [row.id for row in connection.exec_driver_sql("SELECT id FROM photo ORDER BY id")]
    kinds = np.add.outer(np.arange(len(ids)), np.arange(len(labels))) % 4
    kinds[1] = 3
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={}, basis="made up")
    store_scores(project, run, INITIAL, ids, np.where(kinds == 2, 0.75, 0.0625).astype(np.float32))
    finish_run(project, run)
    answers = [
        Answer(photo, label.id, kind == 0)
        for photo, row in zip(ids, kinds.tolist(), strict=True)
        for label, kind in zip(labels, row, strict=True)
        if kind < 2
    ]
    answer(project, "made up", [*answers, *(Answer(photo, None, True) for photo in ids[::3])])
    return project


def export_as(project: Project, format_name: str, out: Path, *, replace: bool = False, **wishes: Any) -> ExportResult:
    """Export in a format; further arguments are those of `ExportRequest`."""
    return export(project, ExportRequest(format_name, **wishes), out, Progress(), Cancellation(), replace=replace)
