"""Files beside photos: changed by a few bytes each, as one edit of the history that takes every byte back."""

from __future__ import annotations

import errno
import hashlib
import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.formats.beside import MergedFile, left_out_for_its_name
from engine.formats.files.partials import forget_partials
from engine.formats.files.reading import reason
from engine.formats.files.splices import Splice, as_text, of_text, spliced, taken_back
from engine.formats.files.whole_file import WriteError, whole_file
from engine.formats.known_labels import FormatError
from engine.jobs import Cancellation, Progress
from engine.ordinary_file import read_ordinary
from engine.project import Project
from engine.project.history.beside import FileBesideChange, beside_changes, keep_beside
from engine.project.written_keywords import Sidecar, keep_written_keywords, written_keywords
from engine.synced import sync_folders
from engine.wording import Sentence

_AT_ONCE = 200
_MOST_BYTES = 256 * 2**20
"""Of a file beside a photo, which may hold the photo itself."""
_MOST_BYTES_OF_CHANGES = 64 * 2**20


@dataclass(frozen=True)
class FileToMerge:
    """A file beside a photo, by its path in the photo folder, and what it is to become."""

    photo_id: int
    path: str
    merge: Callable[[bytes | None, Collection[str]], MergedFile]
    """See `engine.formats.beside.Merge`."""
    labels: int
    """How many labels the photo has."""
    made_anew: bool
    """Whether there is anything to be said, so that it is made where there is none."""


@dataclass(frozen=True)
class WrittenBeside:
    """How many labels stand beside the photos, how many files changed for that, and why others were left alone."""

    labels: int
    changed: int
    left_alone: tuple[Sentence, ...]
    edit: int | None = None
    """The edit of the history that takes it back; None where nothing changed."""


def write_beside(
    project: Project, files: Sequence[FileToMerge], title: Sentence, progress: Progress, cancellation: Cancellation
) -> WrittenBeside:
    """Merge labels into files, each of which is written only where it changes.

    Cancelled or killed, the files that were written are whole, known as ours, and can be taken back.

    Raises:
        UserError: the photo folder cannot be written; the files before are written.
        Cancelled: likewise.
    """
    progress.start("Exporting", total=len(files))
    labels = changed = 0
    left_alone: list[Sentence] = []
    edit_id: int | None = None
    for start in range(0, len(files), _AT_ONCE):
        cancellation.check()
        chunk = files[start : start + _AT_ONCE]
        ours = written_keywords(project, [(one.photo_id, one.path) for one in chunk])
        planned: list[FileBesideChange] = []
        known: dict[Sidecar, tuple[str, ...]] = {}
        for one in chunk:
            before = ours.get((one.photo_id, one.path), [])
            try:
                content = _content(project, one.path)
                if content is None and not one.made_anew:
                    continue
                merged = one.merge(content, before)
            except (FormatError, ValueError, OSError) as error:
                left_alone.append(_left(one.path, error))
                continue
            labels += one.labels
            known[one.photo_id, one.path] = merged.keywords
            if merged.splices:
                planned.append(_planned(one, content, merged, before))
        if planned:
            edit_id = keep_beside(project, edit_id, title, planned)
        others = [one for one, keywords in known.items() if list(keywords) != ours.get(one, [])]
        # Known to be ours before it is written: this program may end before it can say so.
        keep_written_keywords(project, {one: list({*ours.get(one, ()), *known[one]}) for one in others})
        unwritten = _carry_out(project, planned, _of_before)
        left_alone += unwritten.values()
        changed += len(planned) - len(unwritten)
        known |= {(one.photo_id, one.path): one.ours_before for one in planned if one.path in unwritten}
        keep_written_keywords(project, {one: known[one] for one in others})
        progress.advance(len(chunk))
    return WrittenBeside(labels, changed, tuple(left_alone), edit_id)


def follow_history(project: Project, edit_id: int, progress: Progress, cancellation: Cancellation) -> WrittenBeside:
    """Bring files beside photos in line with an undo or a redo of the edit that wrote them, byte for byte.

    What somebody else has changed since is left as it is. A second time, e.g. after a kill, it does what is left.

    Raises:
        UserError: the photo folder cannot be written, or the project is damaged.
        Cancelled: the files before are as they should be.
    """
    in_force, changes = beside_changes(project, edit_id)
    progress.start("Exporting", total=len(changes))
    changed = 0
    left_alone: list[Sentence] = []
    for start in range(0, len(changes), _AT_ONCE):
        cancellation.check()
        chunk = changes[start : start + _AT_ONCE]
        unwritten = _carry_out(project, chunk, _of_before if in_force else _of_after)
        left_alone += unwritten.values()
        changed += len(chunk) - len(unwritten)
        keep_written_keywords(
            project,
            {
                (one.photo_id, one.path): one.ours_after if in_force else one.ours_before
                for one in chunk
                if one.path not in unwritten
            },
        )
        progress.advance(len(chunk))
    return WrittenBeside(0, changed, tuple(left_alone))


def _planned(one: FileToMerge, content: bytes | None, merged: MergedFile, ours: Sequence[str]) -> FileBesideChange:
    after = None if merged.gone else spliced(content or b"", merged.splices)
    return FileBesideChange(
        one.photo_id, one.path, _digest(content), _digest(after), tuple(ours), merged.keywords, _packed(merged.splices)
    )


def _of_before(one: FileBesideChange) -> tuple[str | None, str | None, tuple[Splice, ...]]:
    """From which file to which, by which changes."""
    return one.digest_before, one.digest_after, _unpacked(one.splices)


def _of_after(one: FileBesideChange) -> tuple[str | None, str | None, tuple[Splice, ...]]:
    return one.digest_after, one.digest_before, taken_back(_unpacked(one.splices))


def _carry_out(
    project: Project,
    changes: Sequence[FileBesideChange],
    way: Callable[[FileBesideChange], tuple[str | None, str | None, tuple[Splice, ...]]],
) -> dict[str, Sentence]:
    """Change files; returns those that were left as they are, and why."""
    left: dict[str, Sentence] = {}
    places = {one.path: project.file_on_disk(one.path) for one in changes}
    forget_partials(places.values())
    touched: list[Path] = []
    for one in changes:
        file = places[one.path]
        try:
            start, end, splices = way(one)
            content = _content(project, one.path)
            if _digest(content) == end:
                continue
            if _digest(content) != start:
                raise FormatError(Sentence("It was changed since."))
            if end is None:
                file.unlink()
            else:
                with whole_file(file, name_synced=False) as stream:
                    stream.write(spliced(content or b"", splices))
        except WriteError as error:
            cause = error.__cause__
            if not isinstance(cause, OSError) or cause.errno != errno.ENAMETOOLONG:
                raise
            left[one.path] = left_out_for_its_name(one.path, project.folder_on_disk())
        except (FormatError, ValueError) as error:
            left[one.path] = _left(one.path, error)
        except OSError as error:
            raise WriteError(
                Sentence("{file} cannot be written ({why}). Choose another place.").format(
                    file=file, why=error.strerror
                )
            ) from error
        else:
            touched.append(file.parent)
    sync_folders(touched)
    return left


def _content(project: Project, path: str) -> bytes | None:
    """Of a file beside a photo, None where there is none; FormatError where it is not ours to touch."""
    file = project.file_on_disk(path)
    try:
        if file.is_symlink():
            raise FormatError(Sentence("It is a link."))
        if not file.parent.resolve().is_relative_to(project.folder_on_disk().resolve()):
            raise FormatError(Sentence("It lies outside of {folder}.").format(folder=project.photos))
        if not file.exists():
            return None
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            raise FormatError(Sentence("It is not a small file, as one of labels is."))
        return read_ordinary(file, _MOST_BYTES)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None  # which is said when it is written
        raise


def _left(path: str, error: Exception) -> Sentence:
    return Sentence("{file} was left as it is. {why}").format(file=path, why=reason(error))


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.blake2b(content, digest_size=16).hexdigest()


def _packed(splices: Sequence[Splice]) -> str:
    return b85encode(zlib.compress(json.dumps(as_text(splices)).encode())).decode()


def _unpacked(text: str) -> tuple[Splice, ...]:
    try:
        return of_text(json.loads(zlib.decompressobj().decompress(b85decode(text), _MOST_BYTES_OF_CHANGES)))
    except zlib.error as error:
        raise ValueError("not the changes of a file") from error
