"""Keywords for photo managers: labels go into sidecars beside the photos, or in a folder of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from engine.formats.files.partials import forget_partials
from engine.formats.files.whole_file import whole_file
from engine.formats.files.xmp_packet import keywords_of
from engine.formats.xmp import Merged, SidecarName, SidecarProblem, merged, sidecar_names
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.storage.schema import Photo
from engine.project.written_keywords import Sidecar, keep_written_keywords, written_keywords
from engine.wording import Sentence

_AT_ONCE = 200


class PhotoKeywords(NamedTuple):
    """A photo, by id and path, and the labels it is to have, each with its supercategory."""

    photo_id: int
    path: str
    labels: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class SidecarResult:
    """How many sidecars were written, how many needed nothing, and what is wrong with those that were left alone."""

    written: int
    unchanged: int
    problems: tuple[Sentence, ...]


def write_sidecars(
    project: Project,
    photos: Sequence[PhotoKeywords],
    folder: Path,
    progress: Progress,
    cancellation: Cancellation,
    *,
    name: SidecarName = SidecarName.FULL,
) -> SidecarResult:
    """Bring the sidecars of photos in line with their labels; see `merged` for what is left alone.

    Args:
        folder: where the sidecars lie, each as its photo lies in the photo folder, which may be this one.
        name: what they are called; a photo that shares its stem with another one has its whole name in any case.

    Raises:
        WriteError: no room or no permission; the sidecars before are written, and are known to be ours.
        Cancelled: likewise.
    """
    progress.start("Writing sidecars", total=len(photos))
    with project.reading() as connection:
        names = sidecar_names(connection.scalars(select(Photo.path)).all(), name)
    written = 0
    problems: list[Sentence] = []
    for start in range(0, len(photos), _AT_ONCE):
        cancellation.check()
        chunk = photos[start : start + _AT_ONCE]
        files = {_kept_as(project, photo, folder / names[photo.path]): photo for photo in chunk}
        before = written_keywords(project, list(files))
        found: dict[Sidecar, Merged] = {}
        for sidecar, photo in files.items():
            wanted = [keyword for label in photo.labels for keyword in keywords_of(*label)]
            try:
                found[sidecar] = merged(folder / names[photo.path], folder, wanted, before.get(sidecar, []))
            except SidecarProblem as problem:
                problems.append(problem.sentence)
        contents = {
            folder / names[files[sidecar].path]: one.content
            for sidecar, one in found.items()
            if one.content is not None
        }
        write_as_ours(project, contents, before, {sidecar: one.ours for sidecar, one in found.items()})
        written += len(contents)
        progress.advance(len(chunk))
    return SidecarResult(written, len(photos) - written - len(problems), tuple(problems))


def write_as_ours(
    project: Project,
    contents: Mapping[Path, bytes],
    before: Mapping[Sidecar, Sequence[str]],
    after: Mapping[Sidecar, Sequence[str]],
) -> None:
    """Write files beside photos, and keep which of the keywords in them are ours, before and after."""
    changed = {one: list(ours) for one, ours in after.items() if list(ours) != list(before.get(one, ()))}
    # Known to be ours before it is written: this program may end before it can say so.
    keep_written_keywords(project, {one: list({*before.get(one, ()), *ours}) for one, ours in changed.items()})
    forget_partials(contents)
    for file, content in contents.items():
        with whole_file(file) as stream:
            stream.write(content)
    keep_written_keywords(project, changed)


def _kept_as(project: Project, photo: PhotoKeywords, file: Path) -> Sidecar:
    """The sidecar by its path in the photo folder, or elsewhere."""
    inside = file.is_relative_to(project.photos)
    return photo.photo_id, (file.relative_to(project.photos) if inside else file.absolute()).as_posix()
