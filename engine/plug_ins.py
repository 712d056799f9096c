"""What other packages add to the program: formats and encoders, by the entry points `cdul.formats` and `cdul.encoders`.

A plug-in is code that a person installed with pip, and may do whatever the program may. One that is broken is told of
and left out. `packaging/plugin_template` is one to begin with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Literal, TypeVar

from engine.wording import Sentence

Group = Literal["cdul.formats", "cdul.encoders"]

Made = TypeVar("Made")

_problems: dict[tuple[str, str], Sentence] = {}


def named(group: Group) -> dict[str, EntryPoint]:
    """What is installed in a group, by name; nothing of it is loaded. Of two of one name the first counts."""
    found: dict[str, EntryPoint] = {}
    for point in entry_points(group=group):
        found.setdefault(point.name, point)
    return found


def load_all(group: Group, check: Callable[[str, object], Made]) -> Iterator[Made]:
    """Load what is installed in a group, in order of the names; what cannot be is left out and told by `problems`.

    Args:
        check: makes of a name and what was loaded what is wanted, or raises.
    """
    for name, point in sorted(named(group).items()):
        try:
            made = check(name, point.load())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - it is code of others, and the program goes on
            _problems[group, name] = Sentence(
                "The plug-in {name} of the package {package} cannot be used and is left out: {why}."
            ).format(name=name, package=package_of(point), why=f"{type(error).__name__}: {error}".rstrip(":. "))
        else:
            yield made


def package_of(point: EntryPoint) -> str:
    """What a person installed, with its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value


def problems() -> list[Sentence]:
    """What is wrong with plug-ins, of those that were wanted so far."""
    return list(_problems.values())
