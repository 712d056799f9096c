"""How long all scores of a project take to be new with another label set, or after one prompt changed. Prints JSON.

    python benchmarks/new_label_set.py [--photos 10000] [--encoder clip]

Arithmetic on stored embeddings, which are made up: 10 snippets a photo, 80 labels. With `--encoder clip` the labels'
embeddings are made up as well; with `starter` the texts are encoded, the encoder is open already, as in the window, and
the detector has looked at the photos.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from machine import peak_memory_mb, print_report
from made_up import SNIPPETS, make_project, open_encoder

from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.history.edit_labels import set_prompts
from engine.project.labels import label_set, texts_of, use_label_set
from engine.stages.labelling.initialise import InitialiseSettings, initialise
from engine.stages.labelling.label_sets import built_in_label_set


def make(folder: Path, photos: int, encoder: str) -> None:
    make_project(folder, photos, open_encoder(encoder))


def measure(folder: Path, encoder_name: str, times: int) -> dict[str, object]:
    """Seconds for so many new label sets and changed prompts, and the most memory it took."""
    encoder = open_encoder(encoder_name)
    before = peak_memory_mb()
    gc.freeze()  # as the window does

    processor = []

    def seconds() -> float:
        began, computed = time.perf_counter(), time.process_time()
        initialise(project, encoder, InitialiseSettings(), Progress(), Cancellation())
        processor.append(time.process_time() - computed)
        return round(time.perf_counter() - began, 3)

    with Project.open(folder) as project:
        use_label_set(project, built_in_label_set("voc"))
        seconds()
        new_label_set, changed_prompt = [], []
        for number in range(times):
            others = [
                replace(label, prompts=(f"number {number}", *texts_of(label.name, label.prompts)))
                for label in built_in_label_set("coco")
            ]
            use_label_set(project, others)
            new_label_set.append(seconds())
        labels = label_set(project)
        for number in range(times):
            set_prompts(project, labels[0].id, [f"prompt number {number}"])
            changed_prompt.append(seconds())
    return {
        "labels": len(labels),
        "new_label_set_seconds": statistics.median(new_label_set),
        "changed_prompt_seconds": statistics.median(changed_prompt),
        "processor_seconds": round(statistics.median(processor[1:]), 3),
        "all_new_label_set_seconds": new_label_set,
        "all_changed_prompt_seconds": changed_prompt,
        "memory_before_mb": before,
        "peak_memory_mb": peak_memory_mb(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--encoder", choices=["clip", "starter"], default="clip")
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made_up:
        folder = Path(made_up) / "photos"
        # Each in a process of its own, so that what it takes to make the project is not counted.
        apart = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1)
        with apart:
            apart.submit(make, folder, arguments.photos, arguments.encoder).result()
            figures = apart.submit(measure, folder, arguments.encoder, arguments.times).result()
    report = {"encoder": arguments.encoder, "photos": arguments.photos, "snippets": SNIPPETS, **figures}
    print_report(report)


if __name__ == "__main__":
    main()
