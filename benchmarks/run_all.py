"""Runs the speed benchmarks at a small size, one after the other, and writes their figures as a table.

    python benchmarks/run_all.py [--out build/benchmarks.md]

Beside the table, each benchmark's JSON is kept in a file of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

# What is measured, the command, where its figure is in the JSON, and the target.
RUNS: list[tuple[str, list[str], str, str]] = [
    ("the starter against plain float32", ["encoder_forward.py", "--turns", "3"], "ratio", "5 times"),
    (
        "ViT-B-32 against plain float32",
        ["encoder_forward.py", "--encoder", "ViT-B-32", "--turns", "3"],
        "ratio",
        "2 times",
    ),
    (
        "labelling against the bare forward pass, starter, 640 x 480",
        ["encoding.py", "--photos", "40"],
        "ratio",
        "0.85",
    ),
    (
        "the same, 12 megapixels",
        ["encoding.py", "--photos", "40", "--pixels", "4000x3000"],
        "ratio",
        "0.85",
    ),
    ("new label set, 10,000 photos", ["new_label_set.py"], "new_label_set_seconds", "1 s"),
    ("changed prompt, 10,000 photos", ["new_label_set.py"], "changed_prompt_seconds", "1 s"),
    (
        "changed prompt, 10,000 photos, starter",
        ["new_label_set.py", "--encoder", "starter"],
        "changed_prompt_seconds",
        "1 s",
    ),
    (
        "how straight the time grows",
        ["growth.py", "--photos", "1000", "3000", "10000"],
        "lines.scoring_seconds.r_squared",
        "1",
    ),
    ("opening 100,000 photos", ["filter_and_sort.py"], "open_seconds", "2 s"),
    ("filter and sort 100,000 photos", ["filter_and_sort.py"], "filter_and_sort_by_score.label:dog.ms", "100 ms"),
    (
        "colouring the map of 100,000 photos anew",
        ["map.py", "--layouts", "pca"],
        "drawing_ms.colours by score",
        "50 ms",
    ),
    ("taking over a COCO file of 10,000 photos", ["importing.py"], "import.take over.seconds", "–"),
    (
        "thumbnails a second",
        ["gallery.py", "--photos", "2000", "--new-folder", "2000"],
        "new_folder.make_all.thumbnails_per_second",
        "700",
    ),
    (
        "QImageReader alone, a second",
        ["gallery.py", "--photos", "2000", "--new-folder", "2000"],
        "reader_limit_per_second",
        "–",
    ),
]


def run(command: list[str], folder: Path) -> dict[str, Any]:
    """What a benchmark prints; kept in a file that is named after the command."""
    name = "-".join(word.removesuffix(".py").strip("-") for word in command)
    done = subprocess.run([sys.executable, HERE / command[0], *command[1:]], stdout=subprocess.PIPE, check=True)
    (folder / f"{name}.json").write_bytes(done.stdout)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def figure(report: dict[str, Any], place: str) -> object:
    found: Any = report
    for name in place.split("."):
        found = found[name]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("build/benchmarks.md"))
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    reports: dict[tuple[str, ...], dict[str, Any]] = {}
    lines = ["| what | measured | target | command |", "|---|---|---|---|"]
    for what, command, place, target in RUNS:
        key = tuple(command)
        if key not in reports:
            print(f"{what} …", file=sys.stderr, flush=True)
            reports[key] = run(command, arguments.out.parent)
        lines.append(f"| {what} | {figure(reports[key], place)} | {target} | `{' '.join(command)}` |")
        arguments.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
