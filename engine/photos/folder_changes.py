"""Says when something changes in a folder of photos. What has changed, whoever is told looks up for themselves.

The system's own messages (inotify, FSEvents, ReadDirectoryChangesW) come late, twice, or not at all, as from network
disks: they are no list of changes but a reason to look now.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from engine.jobs import Cancellation

_MILLISECONDS_TOGETHER, _MILLISECONDS_QUIET = 1000, 100
"""What comes within so long is one call, sooner where nothing more comes for a while."""
_MILLISECONDS_BETWEEN_LOOKS = 1000
"""At the folder itself, whether it is still the one that is listened to."""


def call_on_changes(
    folder: Path, changed: Callable[[], object], cancellation: Cancellation, began: Callable[[], object] = lambda: None
) -> None:
    """Call `changed` (in this thread) whenever photos or folders change below `folder`, until cancelled.

    A folder that is taken away, with its disk or by another name, is listened to again once it is back. Where the
    system cannot tell of changes, as it does of some network disks or of too many folders, nothing is called: whoever
    listens looks now and then all the same.

    Args:
        began: called once it is listened to, and again after the folder was away.
    """
    stop = _Stop(cancellation)
    while not cancellation.cancelled:
        try:
            _listen(folder, changed, stop, began)
        except OSError:  # not there, or more folders than the system lets a program listen to
            pass
        except RuntimeError:  # watchfiles says so where the system's messages end
            pass
        stop.wait(_MILLISECONDS_BETWEEN_LOOKS)


def _listen(folder: Path, changed: Callable[[], object], stop: _Stop, began: Callable[[], object]) -> None:
    from watchfiles import watch

    top = folder.resolve()
    here = _identity(folder)
    changes = watch(
        top,
        watch_filter=lambda _change, path: is_of_photos(path, top),
        stop_event=stop,
        debounce=_MILLISECONDS_TOGETHER,
        step=_MILLISECONDS_QUIET,
        rust_timeout=_MILLISECONDS_BETWEEN_LOOKS,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    is_told = False
    for changes_of_photos in changes:
        if not is_told:
            # The first turn comes after it began to listen: what came before is looked for now.
            is_told = True
            began()
            changed()
        if changes_of_photos:
            changed()
        if _identity(folder) != here:
            changed()
            return


def is_of_photos(path: str, top: Path) -> bool:
    """Whether a change may be one of photos: hidden files are none, the project's own among them."""
    return not any(part.startswith(".") for part in Path(os.path.relpath(path, top)).parts)


def _identity(folder: Path) -> tuple[int, int]:
    """Another one where another folder, or another disk, has the name by now."""
    status = folder.stat()
    return status.st_dev, status.st_ino


class _Stop:
    """What watchfiles asks whether to end."""

    def __init__(self, cancellation: Cancellation) -> None:
        self._cancellation = cancellation

    def is_set(self) -> bool:
        return self._cancellation.cancelled

    def wait(self, milliseconds: int) -> None:
        self._cancellation.wait(milliseconds / 1000)
