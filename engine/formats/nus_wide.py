"""NUS-WIDE's truth, as it is published: a list of photos, and for each of 81 concepts a file of 0 and 1 in its order.

    Groundtruth/AllLabels/Labels_airport.txt                 ImageList/Imagelist.txt
    Groundtruth/TrainTestLabels/Labels_airport_Train.txt     ImageList/TrainImagelist.txt
    Groundtruth/TrainTestLabels/Labels_airport_Test.txt      ImageList/TestImagelist.txt

The photos are named as in Windows, `actor\\0001_2124494179.jpg`. Chua et al., NUS-WIDE, CIVR 2009.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from engine.formats.files.reading import in_line, in_place, read_bytes
from engine.formats.format import Format, Reader, Takes
from engine.formats.known_labels import PRESENT, FormatError, Gathering, KnownLabels, KnownLabelsError
from engine.wording import Sentence

TRUTH, LISTS = "Groundtruth", "ImageList"
_PREFIX, _SUFFIX = "Labels_", ".txt"
_MOST_BYTES_EACH = 64 * 2**20


class _Part(NamedTuple):
    """Where the files of some photos lie, how their names end, and the list that has these photos."""

    folders: tuple[str, ...]
    ending: str
    photos: str


_ALL = _Part(("AllLabels", "AllLabels81"), "", "Imagelist.txt")
_SPLIT = (
    _Part(("TrainTestLabels",), "_Train", "TrainImagelist.txt"),
    _Part(("TrainTestLabels",), "_Test", "TestImagelist.txt"),
)


def read_nus_wide(path: Path) -> KnownLabels:
    """Read the folder that holds `Groundtruth` and `ImageList`, or `Groundtruth` itself.

    What is known of all photos is taken; where that is not there, that of the train photos, of the test photos, or
    both.

    Raises:
        KnownLabelsError: not to be read, not NUS-WIDE, or files of another length than their list.
    """
    top = path.parent if path.name == TRUTH else path
    parts = [_ALL] if _is_there(top, _ALL) else [part for part in _SPLIT if _is_there(top, part)]
    if not parts:
        raise KnownLabelsError(
            Sentence(
                "{path} holds no truth of NUS-WIDE. Choose the folder that holds {truth} with files like "
                "AllLabels/Labels_airport.txt, and {lists} with Imagelist.txt."
            ).format(path=path, truth=TRUTH, lists=LISTS)
        )
    gathering = Gathering()
    for part in parts:
        _read_part(top, part, gathering)
    return gathering.known


def looks_like_nus_wide(path: Path, _head: str = "") -> bool:
    """Whether a folder is NUS-WIDE's."""
    top = path.parent if path.name == TRUTH else path
    return any(_is_there(top, part) for part in (_ALL, *_SPLIT))


def photo_list(top: Path, name: str) -> Path | None:
    """A list of photos by its name, whatever its capitals: in `ImageList` or beside `Groundtruth`."""
    for folder in (top / LISTS, top):
        if folder.is_dir():
            for file in sorted(folder.iterdir()):
                if file.name.lower() == name.lower() and file.is_file():
                    return file
    return None


def _is_there(top: Path, part: _Part) -> bool:
    return bool(_files(top, part)) and photo_list(top, part.photos) is not None


def _files(top: Path, part: _Part) -> dict[str, Path]:
    """The files of a part by their concept."""
    found: dict[str, Path] = {}
    for folder in part.folders:
        # Links are passed over, as they may lead out of the folder.
        for file in sorted((top / TRUTH / folder).glob(f"{_PREFIX}*{part.ending}{_SUFFIX}")):
            concept = file.name.removeprefix(_PREFIX).removesuffix(part.ending + _SUFFIX)
            if concept and not file.is_symlink():
                found.setdefault(concept, file)
    return found


def _read_part(top: Path, part: _Part, gathering: Gathering) -> None:
    list_of_photos = photo_list(top, part.photos)
    assert list_of_photos is not None
    photos = []
    lines = read_bytes(list_of_photos, _MOST_BYTES_EACH).decode("utf-8-sig", "surrogateescape").splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            with in_place(list_of_photos, in_line(number)):
                photos.append(gathering.photo(line.strip().replace("\\", "/")))
    for concept, file in _files(top, part).items():
        with in_place(file):
            label = gathering.label(concept)
            answers = read_bytes(file, _MOST_BYTES_EACH).split()
            if len(answers) != len(photos):
                raise FormatError(
                    Sentence("Expected an answer for each of the {photos:,} photos of {list}, but got {got:,}.").format(
                        photos=len(photos), list=list_of_photos.name, got=len(answers)
                    )
                )
            if others := set(answers) - {b"0", b"1"}:
                raise FormatError(
                    Sentence("Expected 0 or 1, but got {text!r}.").format(
                        text=min(others)[:40].decode("utf-8", "replace")
                    )
                )
        for photo, answer in zip(photos, answers, strict=True):
            if answer == b"1":
                gathering.answer(photo, label, PRESENT)


FORMAT = Format(
    "nus-wide",
    Reader(
        Sentence("NUS-WIDE, a file of 0 and 1 for each concept"),
        Takes.FOLDER,
        read_nus_wide,
        looks_like_nus_wide,
        rank=1,
    ),
)
