"""Folders of photos named after labels: every photo has the label that its folder is named after. Only read."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from engine.formats.format import Format, Reader, Takes
from engine.formats.known_labels import PRESENT, KnownLabels, KnownLabelsError
from engine.photos.find import find_photos
from engine.wording import Sentence


def read_folders(folder: Path) -> KnownLabels:
    """Read `<label>/<photo>`, as image classification data sets are laid out; deeper down the innermost folder counts.

    A photo with several labels lies, as a copy or a link, in the folder of each. Photos that lie in no folder are
    passed over, since nothing says what they are.

    Raises:
        KnownLabelsError: not a folder, or no photo lies in a folder of its own.
    """
    if not folder.is_dir():
        raise KnownLabelsError(
            Sentence("{folder}: Expected a folder with a folder of photos for each label.").format(folder=folder)
        )
    photos = [PurePosixPath(photo.path) for photo in find_photos(folder)]
    answers = {photo.as_posix(): {photo.parent.name: PRESENT} for photo in photos if photo.parent.name}
    if not answers:
        raise KnownLabelsError(
            Sentence("{folder}: Expected a folder of photos for each label, but found none.").format(folder=folder)
        )
    labels = sorted({label for known in answers.values() for label in known})
    return KnownLabels(tuple(labels), answers, photo_folder=folder)


def _looks_like_labels(folder: Path, _head: str) -> bool:
    return any("/" in photo.path for photo in find_photos(folder))


FORMAT = Format(
    "folders",
    Reader(Sentence("Folders named after labels"), Takes.FOLDER, read_folders, _looks_like_labels, rank=5),
)
