"""What to do with files that are not read, by what they look like: most programs can write them in another format."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from engine.formats.files.reading import files_below, head_of
from engine.ordinary_file import open_ordinary
from engine.wording import Sentence

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ\0", b"(\xb5/\xfd", b"7z\xbc\xaf", b"Rar!")
_SPREADSHEETS = (".xlsx", ".xlsm", ".ods", ".xls", ".numbers")
_OTHERS = (
    ("Label Studio", "COCO, YOLO or CSV", r"^\s*\[", '"result"', '"annotations"'),
    ("VIA", "COCO", r"^\s*\{", '"regions"', '"filename"'),
    ("VIA", "COCO", r"^\s*\{", '"_via_settings"'),
    ("Datumaro", "COCO", r"^\s*\{", '"items"', '"categories"', '"(annotations|label_id)"'),
    ("FiftyOne", "COCO or a FiftyOneImageClassificationDataset", r"^\s*\{", '"samples"', '"(filepath|_id)"'),
    ("Supervisely", "COCO", r"^\s*\{", '"classTitle"'),
    ("Vertex AI", "CSV", '"imageGcsUri"'),
    ("CVAT", "COCO or Pascal VOC", r"<annotations\b", r"<(image|track|version|meta)\b"),
)
"""Programs, what they can write that is read here, and what is in the beginning of the files of their own."""
_MOST_FILES = 50


def advice(file: Path, head: str) -> Sentence | None:
    """What to do with a file that no reader takes, given the beginning of its text; None where nobody knows."""
    is_of_a_folder = file.suffix.lower() in (".yaml", ".yml", ".xmp") or (
        head.lstrip("\ufeff \t\r\n").startswith("{") and '"imagePath"' in head
    )
    if is_of_a_folder:
        return Sentence("{file} is one file of many. Choose the folder that holds it.").format(file=file)
    return _of_another_program(file, head)


def _of_another_program(file: Path, head: str) -> Sentence | None:
    first = _first_bytes(file)
    if first.startswith((b"PAR1", b"\xd0\xcf\x11\xe0")) or (
        first.startswith(_PACKED) and file.suffix.lower() in _SPREADSHEETS
    ):
        return Sentence("{file} is a table that is not read. Save it as CSV in UTF-8.").format(file=file)
    if first.startswith(_PACKED):
        return Sentence("{file} is packed. Unpack it, and choose what was in it.").format(file=file)
    for program, formats, *signs in _OTHERS:
        if all(re.search(sign, head) for sign in signs):
            return Sentence(
                "{file} is in a format of {program} alone, which is not read. Have {program} export it as {formats}."
            ).format(file=file, program=program, formats=formats)
    if re.search(r"^\s*\[", head) and all(f'"{key}"' in head for key in ("image_id", "category_id")):
        return Sentence(
            "{file} holds results of COCO, which name neither photos nor labels. Put them as annotations into the file "
            "of images and categories."
        ).format(file=file)
    return None


def advice_for_folder(folder: Path) -> Sentence | None:
    """The same for the first of the files in a folder of which something is known."""
    found = (_of_another_program(file, head_of(file)) for _, file in islice(files_below(folder, ""), _MOST_FILES))
    return next(filter(None, found), None)


def _first_bytes(file: Path) -> bytes:
    try:
        with open_ordinary(file) as stream:
            return stream.read(16)
    except OSError:
        return b""
