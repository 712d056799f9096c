"""Runs the speed benchmarks at a small size, one after the other, and writes their figures as a table.

    python benchmarks/run_all.py [--into docs/results.md] [--reports build/benchmarks]

The table takes the place of the one between the two comments in the document that name this kind of processor, with
bfloat16 or without; the rest of it stays as it is. Each benchmark's JSON is kept in a file of its own. One that fails
is told in its row, and the others go on. At the end it is told what each took, by the clock and of the processor.

Left out are the benchmarks of quality (`starter_encoder.py`, `thresholds.py`, …), which want photos of known truth,
and `readers.py`, which asks other programs. Each has its command beside its figures in the document.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import machine

HERE = Path(__file__).parent
SAMPLES = str(HERE.parent / "resources" / "sample_photos" / "animals")

BEGIN, END = "<!-- make bench writes of a processor {kind} from here -->", "<!-- to here -->"
"""Around the table of either kind of processor: a run replaces that of its own."""


@dataclass(frozen=True)
class Row:
    """One line of the table: `command` prints JSON, in which `place` leads to the figure."""

    what: str
    command: Sequence[str]
    place: str
    target: str


ENCODE = ("encoding.py", "--photos", "40")
LABELS = ("new_label_set.py", "--times", "3")
STARTER = (*LABELS, "--encoder", "starter")
MANY = ("many_labels.py", "--photos", "500", "--labels", "1203")
GALLERY = ("gallery.py", "--photos", "2000", "--new-folder", "2000")
LARGE = ("filter_and_sort.py",)
SEARCH = ("search.py", "--photos", "10000")
GROWTH = ("growth.py", "--photos", "1000", "3000", "10000")
EDIT = ("bulk_edit.py", "--photos", "5000", "--selected", "2500")
LOOP = ("obvious_loop.py", SAMPLES)
LOAD = ("window_under_load.py", "--photos", "3000", "--seconds", "8")
IMPORT = ("importing.py",)
TRUTH = ("evaluation.py", "--annotations", "200000")
MAP = ("map.py",)
WINDOW = ("window_memory.py",)
HONEST = ("batched_loop.py", "--encoder", "ViT-B-32", "--photos", "8", "--turns", "2")
WAY = ("photo_pipeline.py", "--photos", "300", "--turns", "4")
START = ("start.py", "--times", "3")
KEYS = ("long_session.py", "--photos", "150", "--seconds", "5")
BROKEN = ("broken_photos.py", "--photos", "1000")

ROWS = [
    Row("the starter against plain float32, times as fast", ("encoder_forward.py", "--turns", "3"), "ratio", "5"),
    Row(
        "ViT-B-32 against plain float32, times as fast",
        ("encoder_forward.py", "--encoder", "ViT-B-32", "--turns", "3"),
        "ratio",
        "2",
    ),
    Row("labelling by the bare forward pass, starter, 640 x 480", ENCODE, "ratio", "0.85"),
    Row("the same, 12 megapixels", (*ENCODE, "--pixels", "4000x3000"), "ratio", "0.85"),
    Row("stage 1 against the obvious loop, times as fast", LOOP, "ratio", "6"),
    Row("ViT-B-32 against the honest batched loop, times as fast", HONEST, "by_the_clock", "1.5; bfloat16 2.2"),
    Row("the way of photos by bare decoding and cutting", WAY, "batches_of_40_by_bare.photos_a_second", "0.85"),
    Row("new label set, 10,000 photos, s", LABELS, "new_label_set_seconds", "0.8"),
    Row("changed prompt, 10,000 photos, s", LABELS, "changed_prompt_seconds", "0.8"),
    Row("its most memory, MB", LABELS, "peak_memory_mb", "1,000"),
    Row("new label set, 10,000 photos, starter, s", STARTER, "new_label_set_seconds", "0.8"),
    Row("changed prompt, 10,000 photos, starter, s", STARTER, "changed_prompt_seconds", "0.8"),
    Row("its most memory, MB", STARTER, "peak_memory_mb", "1,000"),
    Row("one label of 1,203 confirmed, all threads, ms", MANY, "confirm another.all threads", "100"),
    Row("how straight the time of scoring grows, R²", GROWTH, "lines.scoring_seconds.r_squared", "1"),
    Row("the window painted, from nothing, s", START, "painted_seconds", "1.2"),
    Row("what it then holds, MB", START, "resident_mb", "230"),
    Row("a key's answer while reviewing, 99th percentile, ms", KEYS, "review.99th_percentile_ms", "50"),
    Row("while training, ms", KEYS, "while_training.99th_percentile_ms", "50"),
    Row("while labelling, ms", KEYS, "while_labelling.99th_percentile_ms", "50"),
    Row("opening 100,000 photos, s", LARGE, "open_seconds", "2"),
    Row("filtering and sorting them by score, ms", LARGE, "filter_and_sort_by_score.label:dog.ms", "100"),
    Row("most memory of a window on 100,000 photos, MB", WINDOW, "peak_memory_mb.searched again", "900"),
    Row("thumbnails a second, kept on disk", GALLERY, "new_folder.make_all.thumbnails_per_second", "700"),
    Row("QImageReader alone, a second", GALLERY, "reader_limit_per_second", "–"),
    Row("opening a new folder, longest stall, ms", GALLERY, "new_folder.open.longest_stall_ms", "50"),
    Row("scrolling, longest stall, ms", GALLERY, "known_project.scroll.longest_stall_ms", "33"),
    Row("an edit of 2,500 selected photos, committed, s", EDIT, "edit.seconds_until_committed", "0.5"),
    Row("stalls while labelling, 99th percentile, ms", LOAD, "labelling.then.stall_99th_percentile_ms", "–"),
    Row("stalls while training, 99th percentile, ms", LOAD, "training.then.stall_99th_percentile_ms", "50"),
    Row("search by words, 10,000 photos, ms", SEARCH, "words_ms", "500"),
    Row("what it needs, made once, s", SEARCH, "index_loaded_seconds", "–"),
    Row("opened again, s", SEARCH, "index_loaded_again_seconds", "1"),
    Row("map of 100,000 photos by PCA, s", MAP, "laying_out.pca.seconds", "–"),
    Row("one frame of it, ms", MAP, "drawing_ms.frame", "–"),
    Row("COCO of 20,000 photos x 80 labels, s", ("export.py", "--photos", "20000"), "coco.seconds", "2"),
    Row("30,000 labels read from COCO, s", IMPORT, "import.read.seconds", "–"),
    Row("and taken over as one edit, s", IMPORT, "import.take over.seconds", "–"),
    Row("evaluating 5,000 photos x 80 labels with intervals, s", TRUTH, "seconds.evaluate", "–"),
    Row("1,000 broken and strange photos looked at, s", BROKEN, "seconds", "–"),
    Row("its most memory, MB", BROKEN, "peak_memory_mb", "1,000"),
]


def run(command: Sequence[str], reports: Path) -> dict[str, Any] | None:
    """What a benchmark prints, kept in a file named after the command; None where it fails."""
    name = "-".join(Path(word).stem.strip("-") for word in command)
    done = subprocess.run([sys.executable, HERE / command[0], *command[1:]], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        return None
    (reports / f"{name}.json").write_bytes(done.stdout)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def figure(report: dict[str, Any] | None, place: str) -> object:
    """What lies at `a.b.c` in a report."""
    found: Any = report
    for name in place.split("."):
        if found is None:
            return "failed"
        found = found.get(name)
    return "failed" if found is None else found


def table(rows: Sequence[Row], reports: dict[tuple[str, ...], dict[str, Any] | None]) -> str:
    """The rows as Markdown, and what they were measured on."""
    lines = ["| what | measured | target | command |", "|---|---|---|---|"]
    for row in rows:
        command = " ".join(word.removeprefix(f"{HERE.parent}/") for word in row.command)
        lines.append(f"| {row.what} | {figure(reports[tuple(row.command)], row.place)} | {row.target} | `{command}` |")
    on = machine()
    versions = ", ".join(f"{name} {version}" for name, version in dict(on["versions"]).items())  # type: ignore[call-overload]
    told = (
        f"Commit {on['commit']}; {on['processor']}, {on['cores']} cores, {kind_of(on)}, load at the end "
        f"{on['load_average']}; {versions}."
    )
    return "\n".join([*lines, "", *textwrap.wrap(told, 120)])


def kind_of(on: Mapping[str, Any]) -> str:
    """Of `machine()`: what decides how networks compute."""
    return "with bfloat16" if on["bfloat16"] else "without bfloat16"


def put_between(document: Path, written: str, kind: str) -> None:
    """Put the table between the two comments of a document that name a kind of processor; it is moved into place whole.

    Raises:
        ValueError: the comments are not there, each once and in this order.
    """
    wanted = BEGIN.format(kind=kind)
    before, begin, rest = document.read_text("utf-8").partition(wanted)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"Expected {document} to hold {wanted!r} and after it {END!r}, but they are not there.")
    beside = document.with_name(f"{document.name}.part")
    beside.write_text(f"{before}{wanted}\n{written}\n{END}{after}", "utf-8")
    beside.replace(document)


def told_costs(costs: Mapping[Sequence[str], tuple[float, float]]) -> str:
    """Seconds by the clock and of the processor that each benchmark took, the longest first: what to cut."""
    lines = [
        f"{clock:7.0f} s  {processor:7.0f} s of the processor  {' '.join(command)}"
        for command, (clock, processor) in sorted(costs.items(), key=lambda one: -one[1][1])
    ]
    clock, processor = (sum(column) / 60 for column in zip(*costs.values(), strict=True))
    return "\n".join([*lines, f"All of it: {clock:.1f} minutes, {processor:.1f} of the processor."])


def spent() -> tuple[float, float]:
    """Seconds by the clock and, of all benchmarks that have ended, of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=HERE.parent / "docs" / "results.md")
    parser.add_argument("--reports", type=Path, default=Path("build/benchmarks"))
    arguments = parser.parse_args()
    arguments.reports.mkdir(parents=True, exist_ok=True)
    reports: dict[tuple[str, ...], dict[str, Any] | None] = {}
    costs: dict[Sequence[str], tuple[float, float]] = {}
    for row in ROWS:
        if tuple(row.command) not in reports:
            print(f"{row.what} …", file=sys.stderr, flush=True)
            before = spent()
            reports[tuple(row.command)] = run(row.command, arguments.reports)
            clock, processor = (after - one for one, after in zip(before, spent(), strict=True))
            costs[row.command] = clock, processor
    written = table(ROWS, reports)
    put_between(arguments.into, written, kind_of(machine()))
    print(written)
    print(told_costs(costs), file=sys.stderr)
    sys.exit(None if all(reports.values()) else "Some benchmarks failed; what they said is above.")


if __name__ == "__main__":
    main()
