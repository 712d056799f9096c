"""Which photo, and which label, of a project a name in another file means."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TypeVar

from engine.errors import UserError
from engine.jobs import Cancellation
from engine.photos.decode import PhotoProblem, content_digest, read_file
from engine.project import Project
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.photos import photos_by_content
from engine.resources import resource
from engine.wording import Sentence

Found = TypeVar("Found")


def match_photos(paths: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Photos by relative path, then by file name where it is unique on both sides; of the names nothing is opened.

    A name without a suffix, as VOC writes them, is compared with the paths without theirs. What is not found as it is
    written is looked for whatever the capitals, slashes and the Unicode form, in which systems differ.

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


def match_labels(names: Sequence[str], others: Sequence[str]) -> list[int | None]:
    """For each name the index of the other that is the same label.

    Whatever the capitals, spaces and hyphens; and where no other is spelt like it, by the names that well-known label
    sets give to the same thing (`resources/label_synonyms.txt`).
    """
    exact = {other: at for at, other in enumerate(others)}
    plain = {_plain(other): at for at, other in reversed(list(enumerate(others)))}
    plain.pop("", None)  # names of nothing but signs are the same only where they are equal
    things = well_known_names()
    meant = {things[name]: at for name, at in reversed(plain.items()) if name in things}

    def match(name: str) -> int | None:
        spelt = _plain(name)
        return exact.get(name, plain.get(spelt, meant.get(things.get(spelt, -1))))

    return [match(name) for name in names]


@cache
def well_known_names() -> dict[str, int]:
    """Plainly spelt names of labels, to a number that those of the same thing share."""
    text = resource("label_synonyms.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {_plain(name): thing for thing, line in enumerate(lines) for name in line.split("=")}


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
    if not columns:
        raise UserError(
            Sentence(
                "None of the project's labels ({ours}, …) is among its labels ({theirs}, …). Choose another one, or a "
                "project of its own for it."
            ).format(ours=labels[0].name, theirs=names[0])
        )
    return columns


def _plain(label: str) -> str:
    # Only what people leave out: `C` and `C++` are two things.
    letters = _composed(label).casefold()
    return "".join(letter for letter in letters if not (letter.isspace() or letter in "-_‐‑"))


def _unique(pairs: Iterable[tuple[str, Found]]) -> dict[str, Found]:
    """The pairs whose key no other has."""
    pairs = list(pairs)
    counts = Counter(key for key, _ in pairs)
    return {key: value for key, value in pairs if counts[key] == 1}


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _as_it_is(path: str) -> str:
    return path


def _stem_of_path(path: str) -> str:
    return path.removesuffix(PurePosixPath(path).suffix)


def _last(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name


def _stem(path: str) -> str:
    return PurePosixPath(path).stem


def _any_spelling(path: str) -> str:
    return _composed(path.replace("\\", "/")).casefold()


_WAYS_TO_MATCH: tuple[tuple[Callable[[str], str], Callable[[str], str]], ...] = (
    (_as_it_is, _as_it_is),
    (_any_spelling, _any_spelling),
    (_stem_of_path, _as_it_is),
    (_last, _last),
    (_stem, _last),
    (lambda path: _any_spelling(_stem_of_path(path)), _any_spelling),
    (lambda path: _any_spelling(_last(path)), lambda name: _any_spelling(_last(name))),
    (lambda path: _any_spelling(_stem(path)), lambda name: _any_spelling(_last(name))),
)
"""What of a path is compared with what of a name, first to last."""
