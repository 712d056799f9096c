"""A disk that keeps only what was synced, as after a power cut: each moment of it can be looked at again.

A file has what it held when it was last synced, or nothing. A name is on the disk when its folder was synced; before
that it may be there already or not, so each moment is two.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest


@dataclass
class Disk:
    """What of a folder would be there after a power cut.

    `names`: what each name leads to as the running system sees it, `synced`: as it is on the disk.
    """

    folder: Path
    names: dict[str, bytes] = field(default_factory=dict)
    synced: dict[str, bytes] = field(default_factory=dict)
    moments: list[dict[str, bytes]] = field(default_factory=list)
    arriving: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Folders that were moved, by their new path, with what of them was on the disk: their name is not yet."""

    def __post_init__(self) -> None:
        self.names = {os.fspath(file): file.read_bytes() for file in self.folder.rglob("*") if file.is_file()}
        self.synced = dict(self.names)

    def sync(self, descriptor: int) -> None:
        path = os.path.realpath(f"/proc/self/fd/{descriptor}")
        if Path(path).is_dir():
            inside = {name for name in (*self.names, *self.synced) if os.path.dirname(name) == path}  # noqa: PTH120
            for name in inside:
                if name in self.names:
                    self.synced[name] = self.names[name]
                else:
                    self.synced.pop(name, None)
            for moved in [one for one in self.arriving if os.path.dirname(one) == path]:  # noqa: PTH120
                self.synced |= self.arriving.pop(moved)
        else:
            self.names[path] = Path(path).read_bytes()
            if path in self.synced:
                self.synced[path] = self.names[path]
        self.keep()

    def move(self, old: str, new: str) -> None:
        """What was not synced before it is moved is empty after a power cut."""
        moved = {
            name: new + name[len(old) :] for name in self.names if name == old or name.startswith(f"{old}{os.sep}")
        }
        if not moved and Path(new).is_file():
            moved = {old: new}
        if Path(new).is_dir():
            self.arriving[new] = {to: self.synced.pop(name) for name, to in moved.items() if name in self.synced}
        inside = {target: self.names.pop(name, b"") for name, target in moved.items()}
        self.names |= inside
        self.keep()

    def keep(self) -> None:
        self.moments += [dict(self.synced), dict(self.names)]

    def after_each_power_cut(self, place: Path) -> Iterator[Path]:
        """The folder as it may be found, moment by moment."""
        for number, moment in enumerate(self.moments):
            found = place / f"{number}"
            found.mkdir(parents=True)
            for name, data in moment.items():
                file = found / Path(name).relative_to(self.folder)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            yield found


def watch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Watch what of a folder reaches the disk from now on."""
    disk = Disk(folder)
    fsync, replace, rename = os.fsync, os.replace, os.rename

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        if os.path.realpath(f"/proc/self/fd/{descriptor}").startswith(os.fspath(folder)):
            disk.sync(descriptor)

    def moved(work: object, old: object, new: object) -> None:
        work(old, new)  # type: ignore[operator]
        disk.move(os.fspath(old), os.fspath(new))  # type: ignore[call-overload]

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", lambda old, new: moved(replace, old, new))
    monkeypatch.setattr(os, "rename", lambda old, new: moved(rename, old, new))
    return disk
