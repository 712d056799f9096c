"""Which CLIP suits this machine, and how many photos a minute it will do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.models.encoders.known import KNOWN_ENCODERS, STARTER, KnownEncoder
from engine.models.encoders.remembered import card_memory_gb, device_used, measured_speeds

SNIPPETS_A_PHOTO = 10
"""The whole photo and 3 x 3 snippets, the default."""

_STARTER_GFLOP = 1.72
_FASTER_OPERATIONS = 1.46
"""A transformer does so many times the operations a second of the starter's network (docs/results/speed.md)."""

_SLOW_CORE = 20.0
"""Snippets a second of the starter on one core of a processor of 2017, where nothing has been measured yet."""

_ENOUGH_PHOTOS = 60
"""A minute: a thousand photos in a quarter of an hour."""

_COPIES_IN_MEMORY = 2
"""How many times its weights an encoder takes at most, while they are loaded and with what lies between its layers."""

_LEAST_CARD_GB = 4.0


@dataclass(frozen=True)
class Machine:
    """What counts for an encoder: `speeds` are snippets a second by encoder, as measured on `device`."""

    cores: int
    memory_gb: float
    device: str | None = None
    card_gb: float | None = None
    speeds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def this(cls) -> Machine:
        """This one. Looks at no card: a run has remembered which one it used."""
        return cls(os.cpu_count() or 1, _memory_gb(), device_used(), card_memory_gb(), measured_speeds())

    @property
    def has_card(self) -> bool:
        return self.device in ("cuda", "mps")

    def photos_a_minute(self, known: KnownEncoder | str) -> float | None:
        """Measured, else guessed from the starter's speed and the operations; None where nothing is known.

        On a graphics card the starter waits for the photos, so that its speed tells nothing of another encoder's.
        """
        name = known if isinstance(known, str) else known.name
        speed = self.speeds.get(name)
        if speed is None and isinstance(known, KnownEncoder) and STARTER in self.speeds and not self.has_card:
            speed = _guess(self.speeds[STARTER], known)
        return None if speed is None else 60 * speed / SNIPPETS_A_PHOTO


def recommended(machine: Machine | None = None) -> KnownEncoder:
    """The best of the list that this machine labels at a good pace, whose licence allows any use."""
    machine = machine or Machine.this()
    room_mb = 1000 * (machine.card_gb or _LEAST_CARD_GB if machine.device == "cuda" else machine.memory_gb / 2)
    free = [known for known in KNOWN_ENCODERS if known.for_everybody]
    fitting = [known for known in free if _COPIES_IN_MEMORY * known.size_mb <= room_mb]
    quick = [known for known in fitting if machine.has_card or _pace(machine, known) >= _ENOUGH_PHOTOS]
    if quick:
        return max(quick, key=lambda known: (known.imagenet, -known.gflop))
    return min(fitting or free, key=lambda known: (known.gflop, -known.imagenet))


def _pace(machine: Machine, known: KnownEncoder) -> float:
    """Photos a minute on the processor, guessed where nothing was measured."""
    found = machine.photos_a_minute(known)
    return 60 / SNIPPETS_A_PHOTO * _guess(_SLOW_CORE * machine.cores, known) if found is None else found


def _guess(starter: float, known: KnownEncoder) -> float:
    return starter * _STARTER_GFLOP / known.gflop * _FASTER_OPERATIONS


def _memory_gb() -> float:
    """Of this machine; 8 where the system does not tell in this way."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return 8.0
