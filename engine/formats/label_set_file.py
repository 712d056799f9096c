"""A label set as a text file: one label a line, after a tab its supercategory, after further tabs its prompts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.formats.files.whole_file import whole_file
from engine.project.labels import LabelRow


def write_label_set(file: Path, labels: Sequence[LabelRow]) -> None:
    """Write labels as `engine.project.labels.read_label_set` reads them.

    Raises:
        WriteError: no such folder, no room, no permission.
    """
    lines = ["\t".join([label.name, label.supercategory, *label.prompts]).rstrip("\t") for label in labels]
    with whole_file(file) as stream:
        stream.write("".join(f"{line}\n" for line in lines).encode())
