"""What a graphics card makes of the program: right against the processor, photos a second, training. JSON.

    python benchmarks/gpu.py --out FILE [--minutes 9]
    python benchmarks/gpu.py --smoke

All networks have random weights, nothing is fetched. After each part FILE is written, so that what was measured is
there when the time is over. --smoke runs every part on whatever computes here, with networks of a few thousand weights.

- scores: the largest difference from the processor's float32, in float32 (wanted 1e-4) and in what the card is fast in
  (wanted 1e-2).
- encoding: photos a second from files of 640 x 480 to embeddings in the cache, ten snippets each, by those of the bare
  forward pass on tensors that lie on the card; and the bare pass after torch.compile.
- training: photos a second of one epoch of ResNet-101 at 448 x 448, by those of bare steps on tensors that lie there.
"""

from __future__ import annotations

import argparse
import copy
import json
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
from encoding import make_photos
from machine import machine, print_report

from engine.jobs import NEVER, QUIET
from engine.method.stage_one import score
from engine.models.detector import Detector
from engine.models.device import chosen_device, device_for, devices, name_of_precision, precision_for
from engine.models.encoders.batches import Batches
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.training.backbones import empty_backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.full_training import FullTraining
from engine.models.training.saved_classifier import ClassifierDescription, Preprocessing
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings
from engine.photos.decode import decode_file
from engine.photos.fitting import fit_into_square
from engine.photos.loader import cores, load_batches
from engine.photos.squashed import SquashedPhotos
from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.labelling.add_photos import add_photos
from engine.stages.labelling.encoding import encode_photos

GRIDS, SNIPPETS = (1, 3), 10
LABELS = [["a dog"], ["a cat on a sofa"], ["a boat"], ["a street at night"], ["a bowl of fruit"]]
CLIPS = ("ViT-B-32", "ViT-L-14", "RN50x64")
TINY = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
}
MEAN, STD = open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD


@dataclass
class Sizes:
    """How much is done; the second of each is for --smoke."""

    smoke: bool
    ends: float
    photos: int = field(init=False)

    def __post_init__(self) -> None:
        self.photos = self(3000, 4)

    def __call__(self, full: int, small: int) -> int:
        return small if self.smoke else full


def synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def rate(work: Callable[[], Any], rows: int, device: torch.device, seconds: float) -> float:
    """Rows a second of work that is repeated for so long, warmed up before."""
    for _ in range(3 if seconds else 1):
        work()
    synchronise(device)
    began, times = time.perf_counter(), 0
    while not times or time.perf_counter() - began < seconds:
        work()
        synchronise(device)
        times += 1
    return times * rows / (time.perf_counter() - began)


def clip_model(name: str) -> Any:
    torch.manual_seed(0)
    model = open_clip.CLIP(**TINY) if name == "tiny" else open_clip.create_model(name)
    return model.eval().requires_grad_(False)


def clip_on(model: Any, device: torch.device, precision: torch.dtype) -> ClipEncoder:
    """The encoder as `ClipEncoder.open` makes it, of a model that nobody saved."""
    moved = copy.deepcopy(model).to(device)
    moved.visual = moved.visual.to(precision).to(memory_format=torch.channels_last)
    tokenize = open_clip.get_tokenizer("ViT-B-32")
    return ClipEncoder("random", f"random {device} {precision}", moved, tokenize, mean=MEAN, std=STD)


def scores(encoder: Any, snippets: np.ndarray) -> np.ndarray:
    """Initial scores of photos whose snippets come one after the other: photos x labels."""
    embeddings = Batches(encoder).encode(snippets).reshape(-1, SNIPPETS, encoder.dimension)
    similarities = encoder.similarities(embeddings, encoder.encode_labels(LABELS))
    return score(similarities, None, encoder.default_temperature, 0.5, encoder.contrast).initial


def snippets_of(photos: Path, side: int, count: int) -> np.ndarray:
    files = sorted(photos.glob("*.jpg"))[:count]
    loaded = load_batches(enumerate(files), grids=GRIDS, side=side, is_encoded=lambda content: False)
    return np.concatenate([batch.snippets for batch in loaded])


def measure_encoder(
    name: str, opened: Callable[[torch.device, torch.dtype], Any], photos: Path, sizes: Sizes
) -> dict[str, object]:
    device = device_for()
    fast = precision_for(device)
    exact = opened(torch.device("cpu"), torch.float32)
    snippets = snippets_of(photos, exact.input_size, sizes(4, 1))
    expected = scores(exact, snippets)
    del exact
    found: dict[str, object] = {}
    # On the processor float32 would be compared with itself.
    for precision in dict.fromkeys((torch.float32, fast) if device.type != "cpu" else (fast,)):
        encoder = opened(device, precision)
        # By default a card's convolutions round float32 to 19 bits; what is looked for here are mistakes.
        with torch.backends.cudnn.flags(allow_tf32=False):
            difference = float(np.abs(scores(encoder, snippets) - expected).max())
        wanted = 1e-4 if precision == torch.float32 else 1e-2
        found[f"scores_{name_of_precision(precision)}"] = {
            "largest_difference": difference,
            "wanted": wanted,
            "ok": difference <= wanted,
        }
    # The last one is in what the device is fast in.
    batches = Batches(encoder)
    many = np.concatenate([snippets] * sizes(40, 1))
    batches.encode(many)
    batch = batches.size
    found |= {"precision": name_of_precision(fast), "snippets_in_a_batch": batch}
    if isinstance(encoder, ClipEncoder):
        pixels = torch.rand(batch, 3, encoder.input_size, encoder.input_size, device=device, dtype=fast)
        pixels = pixels.contiguous(memory_format=torch.channels_last)
        with torch.inference_mode():
            bare = rate(lambda: encoder.network.visual(pixels), batch, device, sizes(4, 0)) / SNIPPETS
            found["bare_forward_photos_a_second"] = round(bare, 2)
            if not sizes.smoke and name != "RN50x64":
                compiled = torch.compile(encoder.network.visual)
                quick = rate(lambda: compiled(pixels), batch, device, 4) / SNIPPETS
                found["compiled_by_bare"] = round(quick / bare, 3)
    else:
        batch = sizes(batch, len(snippets))
        ready = np.concatenate([snippets] * (batch // len(snippets) + 1))[:batch]
        bare = rate(lambda: encoder.encode_snippets(ready), batch, device, sizes(4, 0)) / SNIPPETS
        found["encode_snippets_photos_a_second"] = round(bare, 2)
    count = min(sizes.photos, max(64, int(20 * bare))) if not sizes.smoke else sizes.photos
    with tempfile.TemporaryDirectory() as folder, Project.open(photos, Path(folder)) as project:
        add_photos(project, QUIET, NEVER)
        wanted_photos = [(photo.id, photo.path) for photo in readable_photos(project)][:count]
        began = time.perf_counter()
        list(encode_photos(project, encoder, wanted_photos, GRIDS, set(), QUIET, NEVER))
        through = len(wanted_photos) / (time.perf_counter() - began)
    found |= {"photos_a_second": round(through, 2), "by_bare": round(through / bare, 3)}
    return found


def starter_on(device: torch.device, numbers: torch.dtype) -> StarterEncoder:
    return StarterEncoder(str(device), name_of_precision(numbers))


def measure_detector(photos: Path, sizes: Sizes) -> dict[str, object]:
    """The largest difference from the processor in log odds, and whole photos a second."""
    device = device_for()
    files = sorted(photos.glob("*.jpg"))[: sizes(16, 2)]
    here, there = Detector("cpu"), Detector(str(device))
    squares = np.stack([fit_into_square(decode_file(file).picture, here.input_size) for file in files])
    with torch.backends.cudnn.flags(allow_tf32=False):
        difference = float(np.abs(there.encode_snippets(squares) - here.encode_snippets(squares)).max())
    return {
        "largest_difference_of_log_odds": difference,
        "photos_a_second": round(rate(lambda: there.encode_snippets(squares), len(files), device, sizes(2, 0)), 2),
    }


def measure_training(photos: Path, sizes: Sizes) -> dict[str, object]:
    device, side = device_for(), sizes(448, 48)
    with tempfile.TemporaryDirectory() as folder:
        squashed = SquashedPhotos(Path(folder), side)
        files = sorted(photos.glob("*.jpg"))[: sizes(1024, 12)]
        began = time.perf_counter()
        count = len(squashed.add(enumerate(files)))
        read = count / (time.perf_counter() - began)
        torch.manual_seed(0)
        backbone = empty_backbone(
            "test_efficientnet" if sizes.smoke else "resnet101",
            Preprocessing(side, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        )
        values = np.random.default_rng(0).uniform(0.1, 0.9, (count, 20)).astype(np.float32)
        description = ClassifierDescription(tuple(f"label {at}" for at in range(20)), "bce", (0.5,) * 20)
        classifier = Classifier(backbone, new_head(backbone.dimension, values), description)
        settings = TrainingSettings(epochs=3, batch=sizes(16, 4), update_every=0, learning_rate=1e-5, patience=0)
        training = FullTraining(classifier, squashed, TrainingLabels.merge(values), settings, device)
        training.run_epoch()
        began = time.perf_counter()
        report = training.run_epoch()
        synchronise(device)
        epoch = count / (time.perf_counter() - began)
        pixels = torch.rand(settings.batch, 3, side, side, device=device).contiguous(memory_format=torch.channels_last)
        targets = torch.tensor(values[: settings.batch], device=device)

        def step() -> None:
            with training._precision():
                logits = classifier(pixels).float()
            loss = training._loss(logits, targets)
            training._optimizer.zero_grad()
            loss.backward()
            training._optimizer.step()

        bare = rate(step, settings.batch, device, sizes(8, 0))
        return {
            "precision": training.precision,
            "objective": report.objective,
            "reading_photos_a_second": round(read, 2),
            "photos_a_second": round(epoch, 2),
            "bare_steps_photos_a_second": round(bare, 2),
            "by_bare": round(epoch / bare, 3),
        }


def photos_for(folder: Path, sizes: Sizes) -> Path:
    """Some that are drawn, and copies of them with other contents."""
    drawn = folder / "photos"
    make_photos(drawn, sizes(200, 4), (640, 480), [])
    first = sorted(drawn.glob("*.jpg"))
    for number in range(len(first), sizes.photos):
        copied = first[number % len(first)].read_bytes() + number.to_bytes(4, "big")
        (drawn / f"copy {number:05}.jpg").write_bytes(copied)
    return drawn


def measure(sizes: Sizes, keep: Callable[[dict[str, object]], None]) -> dict[str, object]:
    device = device_for()
    found: dict[str, object] = {
        "device": chosen_device().name,
        "precision": name_of_precision(precision_for(device)),
        "devices": {name: f"{title}{f' ({problem})' if problem else ''}" for name, title, problem in devices()},
        "threads_that_decode": cores(),
    }
    with tempfile.TemporaryDirectory() as folder:
        photos = photos_for(Path(folder), sizes)

        def clip(name: str) -> dict[str, object]:
            model = clip_model(name)
            return measure_encoder(name, lambda *where: clip_on(model, *where), photos, sizes)

        parts: dict[str, Callable[[], dict[str, object]]] = {
            "starter": lambda: measure_encoder("starter", starter_on, photos, sizes),
            "detector": lambda: measure_detector(photos, sizes),
            "training": lambda: measure_training(photos, sizes),
            **{name: (lambda name=name: clip(name)) for name in (("tiny",) if sizes.smoke else CLIPS)},
        }
        for name, part in parts.items():
            if time.monotonic() > sizes.ends:
                found[name] = "the time was over"
                continue
            began = time.perf_counter()
            try:
                found[name] = {**part(), "seconds": round(time.perf_counter() - began, 1)}
            except Exception as error:  # noqa: BLE001 (the other parts are worth having)
                found[name] = {"failed": repr(error), "where": traceback.format_exc().splitlines()[-6:]}
            keep(found)
            if device.type == "cuda":
                torch.cuda.empty_cache()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="every part once, in seconds")
    parser.add_argument("--minutes", type=float, default=9, help="no part is begun after these")
    parser.add_argument("--out", type=Path, help="written after each part")
    arguments = parser.parse_args()

    def keep(found: dict[str, object]) -> None:
        if arguments.out:
            arguments.out.write_text(json.dumps({**found, "machine": machine()}, indent=1))

    print_report(measure(Sizes(arguments.smoke, time.monotonic() + 60 * arguments.minutes), keep))


if __name__ == "__main__":
    main()
