"""Which photo, and which label, of a project a name in another file means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeVar

from engine.errors import UserError, WrongUsage
from engine.jobs import Cancellation
from engine.photos.decode import PhotoProblem, content_digest, read_file
from engine.project import Project
from engine.project.label_names import english_names
from engine.project.labels import LabelRow, NewLabel, called_otherwise, label_set, use_label_set
from engine.project.photos import photos_by_content
from engine.project.printable import of_unknown_encoding
from engine.project.same_label import composed, match_labels
from engine.wording import Sentence

__all__ = [
    "columns_of",
    "labels_called",
    "match_changed_names",
    "match_labels",
    "match_photos",
    "match_photos_by_content",
]

Found = TypeVar("Found")


def match_photos(paths: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Photos by relative path, then by folder and file name, then by file name, where it is unique on both sides.

    Of the names nothing is opened. A name without a suffix, as VOC writes them, is compared with the paths without
    theirs. What is not found as it is written is looked for whatever the capitals, slashes and the Unicode form, in
    which systems differ.

    Returns:
        Name to index among the paths, for those that were found.
    """
    found: dict[str, int] = {}
    for of_path, of_name in _WAYS_TO_MATCH:
        taken = set(found.values())
        wanted = _unique((of_name(name), name) for name in names if name not in found)
        if not wanted:
            continue
        free = _unique((of_path(path), index) for index, path in enumerate(paths) if index not in taken)
        found |= {name: free[key] for key, name in wanted.items() if key in free}
    return found


def match_changed_names(
    paths: Sequence[str], names: Sequence[str], original_names: Mapping[str, str] = MappingProxyType({})
) -> dict[str, int]:
    """Photos that a name means which an upload changed: the last way to match, for names that are left by the others.

    Label Studio puts eight hexadecimal digits before the name, `cb0618f6-cat.jpg`; Roboflow writes the suffix into it
    and a number behind, `cat_jpg.rf.0123….jpg`, once for each variant that it made of the photo. Both write other signs
    for spaces and brackets, so that letters and digits decide where the name itself is not found.

    Args:
        original_names: what a file itself says that a photo was called.

    Returns:
        Name to index among the paths, for those that were found.
    """
    left = {name: _any_spelling(_last(original_names.get(name) or _before_upload(name))) for name in names}
    left = {name: before for name, before in left.items() if before != _any_spelling(_last(name))}
    found: dict[str, int] = {}
    for alike in (str, _letters):
        places = _unique((alike(_any_spelling(_last(path))), index) for index, path in enumerate(paths))
        # Two uploads may be two photos of one name.
        uploads = Counter(alike(before) for name, before in left.items() if not _ROBOFLOW.fullmatch(_last(name)))
        found |= {
            name: places[alike(before)]
            for name, before in left.items()
            if name not in found and alike(before) in places and uploads[alike(before)] < 2
        }
    return found


def match_photos_by_content(
    project: Project, names: Iterable[str], folder: Path, cancellation: Cancellation | None = None
) -> dict[str, int]:
    """Name to photo id, for those names whose file in `folder` has the bytes of a photo of the project.

    Nothing outside the folder is opened, wherever a name or a link leads.
    """
    known = photos_by_content(project)
    sizes = {size for size, _ in known}
    inside = folder.resolve()
    found: dict[str, int] = {}
    for name in names:
        if cancellation is not None:
            cancellation.check()
        try:
            file = (folder / name).resolve()
            if file.is_relative_to(inside) and file.is_file() and (size := file.stat().st_size) in sizes:
                photo = known.get((size, content_digest(read_file(file))))
                if photo is not None:
                    found[name] = photo
        except (OSError, ValueError, PhotoProblem):  # of a name that no file can have, or a file that is not read
            continue
    return found


def columns_of(project: Project, names: Sequence[str]) -> dict[int, int]:
    """Which of the named columns belong to labels of the project; one without labels gets the names as its label set.

    Returns:
        Index of the column to id of the label, in the order of the label set.

    Raises:
        UserError: no name is that of a label.
    """
    labels = label_set(project) or use_label_set(project, [NewLabel(name) for name in names])
    matched = match_labels([label.name for label in labels], names)
    columns = {column: label.id for label, column in zip(labels, matched, strict=True) if column is not None}
    called = called_otherwise(labels)
    for column, name in enumerate(names):
        if column not in columns and name.casefold() in called:
            columns[column] = labels[called[name.casefold()]].id
    if not columns:
        raise UserError(
            Sentence(
                "None of the project's labels ({ours}, …) is among its labels ({theirs}, …). Choose another one, or a "
                "project of its own for it."
            ).format(ours=labels[0].name, theirs=names[0])
        )
    return columns


def _unique(pairs: Iterable[tuple[str, Found]]) -> dict[str, Found]:
    """The pairs whose key no other has."""
    pairs = list(pairs)
    counts = Counter(key for key, _ in pairs)
    return {key: value for key, value in pairs if counts[key] == 1}


_UPLOADED = re.compile(r"(?:[0-9a-f]{8}-|\?d=)(.+)", re.DOTALL)
_ROBOFLOW = re.compile(
    r"(.+)_(jpe?g|png|webp|bmp|gif|tiff?|heic|avif)\.rf\.[0-9A-Za-z]+\.[a-z]+", re.IGNORECASE | re.DOTALL
)


def _before_upload(name: str) -> str:
    last = _last(name)
    if found := _ROBOFLOW.fullmatch(last):
        return f"{found[1]}.{found[2]}"
    found = _UPLOADED.fullmatch(last)
    return found[1] if found else last


def _letters(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum())


def _as_it_is(path: str) -> str:
    return path


def _stem_of_path(path: str) -> str:
    return path.removesuffix(PurePosixPath(path).suffix)


def _last(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _any_spelling(path: str) -> str:
    return composed(_as_windows_has_it(path).replace("\\", "/")).casefold()


def _as_windows_has_it(name: str) -> str:
    """A name whose bytes are no UTF-8 by the letters that it most likely means."""
    return name if name.isascii() else of_unknown_encoding(name)


def _last_two(path: str) -> str:
    return "/".join(_any_spelling(path).split("/")[-2:])


def _last_two_without_suffix(path: str) -> str:
    return _stem_of_path(_last_two(path))


_WAYS_TO_MATCH: tuple[tuple[Callable[[str], str], Callable[[str], str]], ...] = (
    (_as_it_is, _as_it_is),
    (_any_spelling, _any_spelling),
    (_stem_of_path, _as_it_is),
    (_last_two, _last_two),
    (_last_two_without_suffix, _last_two),
    (_last, _last),
    (_stem, _last),
    (lambda path: _any_spelling(_stem_of_path(path)), _any_spelling),
    (lambda path: _any_spelling(_last(path)), lambda name: _any_spelling(_last(name))),
    (lambda path: _any_spelling(_stem(path)), lambda name: _any_spelling(_last(name))),
)
"""What of a path is compared with what of a name, first to last."""


def labels_called(names: Sequence[str], labels: Sequence[LabelRow]) -> list[int]:
    """The places of the labels that a person names, see `places_called`.

    Raises:
        WrongUsage: one of them is no label.
    """
    places, own = [], [label.name for label in labels]
    for name, place in zip(names, places_called(names, labels), strict=True):
        if place is None:
            near = get_close_matches(name, own, n=3) or own[:3]
            raise WrongUsage(
                Sentence("There is no label {name!r}. The project has {near}, for example.").format(
                    name=name, near=", ".join(near)
                )
                if near
                else Sentence("There is no label {name!r}: the project has none yet.").format(name=name)
            )
        places.append(place)
    return places


def places_called(names: Sequence[str], labels: Sequence[LabelRow]) -> list[int | None]:
    """The places of the labels that a person names, whatever the capitals: by their other names, too, and in German
    where the label has such a name; None for what is no label."""
    own = [label.name for label in labels]
    english = [english_names(name) for name in names]
    meant = iter(match_labels([name for of_one in english for name in of_one], own))
    in_german = [[place for _name in of_one if (place := next(meant)) is not None] for of_one in english]
    called = match_labels(names, own, called_otherwise(labels))
    return [
        place if place is not None else next(iter(of_one), None)
        for place, of_one in zip(called, in_german, strict=True)
    ]
