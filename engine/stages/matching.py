"""Photos and labels that another file names, found again in a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from engine.errors import UserError
from engine.project import Project
from engine.project.labels import NewLabel, label_set, use_label_set


def match_photos(paths: Sequence[str], names: Sequence[str]) -> dict[str, int]:
    """Photos by relative path, then by file name where it is unique on both sides; of the names nothing is opened.

    Returns:
        Name to index among the paths, for those that were found.
    """
    by_path = {path: index for index, path in enumerate(paths)}
    found = {name: by_path[name] for name in names if name in by_path}

    def file_name(path: str) -> str:
        return PurePosixPath(path.replace("\\", "/")).name

    taken = set(found.values())
    free = [(file_name(path), index) for path, index in by_path.items() if index not in taken]
    counts = Counter(name for name, _ in free)
    by_name = {name: index for name, index in free if counts[name] == 1}
    left = [name for name in names if name not in found]
    wanted = Counter(file_name(name) for name in left)
    for name in left:
        if wanted[file_name(name)] == 1 and file_name(name) in by_name:
            found[name] = by_name[file_name(name)]
    return found


def match_labels(names: Sequence[str], others: Sequence[str]) -> list[int | None]:
    """For each name the index of the other that is the same label, whatever the capitals, spaces and hyphens."""
    exact = {other: at for at, other in enumerate(others)}
    plain = {_plain(other): at for at, other in enumerate(others)}
    plain.pop("", None)  # names of nothing but signs are the same only where they are equal
    return [exact.get(name, plain.get(_plain(name))) for name in names]


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
            f"None of the project's labels ({labels[0].name}, …) is among {names[0]}, … "
            "Choose another file or classifier, or a project of its own for it."
        )
    return columns


def _plain(label: str) -> str:
    return "".join(letter for letter in label.casefold() if letter.isalnum())
