"""Whether other programs read what is exported, in their own words.

    python -m venv readers
    readers/bin/pip install pycocotools torch torchvision datasets datumaro fiftyone
    python benchmarks/readers.py --python readers/bin/python

The project is that of hard names from the tests. It is exported in the formats that these programs read, with copied
photos and split, and each program then loads it in the Python that has it; several may be given. FiftyOne is asked by
its importer, for which no database has to run. Prints JSON: for each reader its version, how many photos and labels it
found in each part, of how many, and what it said where it could not; null for a reader that is not installed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import print_report

TESTS = Path(__file__).parents[1] / "tests"

READERS = {
    "pycocotools": (
        "coco",
        """
from pycocotools.coco import COCO
for split in splits:
    coco = COCO(f"{out}/annotations/instances_{split}.json")
    found[split] = [len(coco.getImgIds()), len(coco.getAnnIds(iscrowd=False, areaRng=[1, 1e9]))]
""",
    ),
    "torchvision": (
        "coco",
        """
from torchvision.datasets import CocoDetection
for split in splits:
    data = CocoDetection(f"{out}/images/{split}", f"{out}/annotations/instances_{split}.json")
    found[split] = [len(data), sum(len(labels) for photo, labels in data if photo.size[0] > 0)]
""",
    ),
    "datumaro coco_labels": (
        "coco-labels",
        """
from datumaro import Dataset
for item in Dataset.import_from(out, "coco_labels"):
    counts = found.setdefault(item.subset, [0, 0])
    counts[0] += item.media.data.shape[0] > 0
    counts[1] += len(item.annotations)
""",
    ),
    "datumaro voc_classification": (
        "voc",
        """
from datumaro import Dataset
for item in Dataset.import_from(out, "voc_classification"):
    counts = found.setdefault(item.subset, [0, 0])
    counts[0] += item.media.data.shape[0] > 0
    counts[1] += len(item.annotations)
""",
    ),
    "datasets": (
        "huggingface",
        """
from datasets import load_dataset
for split, rows in load_dataset(out, cache_dir=f"{out}.cache").items():
    name = {"validation": "val"}.get(split, split)
    found[name] = [sum(row["image"].size[0] > 0 for row in rows), sum(len(row["labels"]) for row in rows)]
""",
    ),
    "fiftyone": (
        "fiftyone",
        """
from fiftyone.utils.data import FiftyOneImageClassificationDatasetImporter
for split in splits:
    with FiftyOneImageClassificationDatasetImporter(f"{out}/{split}") as importer:
        rows = [label.classifications for path, _, label in importer if open(path, "rb").read(1)]
    found[split] = [len(rows), sum(map(len, rows))]
""",
    ),
}
"""Reader to the format it reads and how it is asked."""

ASK = """
import contextlib, importlib.metadata, json, sys
out, splits, package = sys.argv[1], ["train", "val", "test"], sys.argv[2]
found = {}
with contextlib.redirect_stdout(sys.stderr):
%s
print(json.dumps({"version": importlib.metadata.version(package), "found": found}))
"""


def ask(pythons: list[Path], reader: str, out: Path) -> dict | None:
    package = reader.split()[0]
    lines = "\n".join(f"    {line}" for line in READERS[reader][1].splitlines())
    for python in pythons:
        if subprocess.run([python, "-c", f"import {package}"], capture_output=True).returncode == 0:
            run = subprocess.run([python, "-c", ASK % lines, str(out), package], capture_output=True, text=True)
            return json.loads(run.stdout) if run.returncode == 0 else {"said": run.stderr.strip().splitlines()[-1]}
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", type=Path, nargs="+", default=[Path(sys.executable)])
    given = parser.parse_args()
    sys.path.insert(0, str(TESTS))
    from making import export_as, make_hard_project

    report = {}
    with tempfile.TemporaryDirectory() as scratch, make_hard_project(Path(scratch, "photos")) as project:
        for reader, (format_name, _) in READERS.items():
            out = Path(scratch, reader.replace(" ", "-"))
            result = export_as(project, format_name, out, photos="copy", shares=(60, 20, 20))
            report[reader] = {
                "format": format_name,
                "photos": result.photos,
                "labels": result.written,
                "parts": result.parts,
                "answer": ask(given.python, reader, out),
            }
    print_report(report)


if __name__ == "__main__":
    main()
