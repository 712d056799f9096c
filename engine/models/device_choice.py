"""Which device a person wants to compute on. What the machine has, `engine.models.device` knows; this loads no torch.

The wish of this process (`--device`) goes before the variable `CDUL_DEVICE`, and that before the user's setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from engine.errors import WrongUsage
from engine.user_settings import keep_user_setting, user_setting
from engine.wording import Sentence

AUTO = "auto"
VARIABLE = "CDUL_DEVICE"
_SETTING = "device"
_NAMES = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")

_of_this_process: str | None = None
_listener: Callable[[Sentence], object] | None = None
_told: set[str] = set()


class WishedBy(Enum):
    """Who wants it: nobody gets what is best."""

    NOBODY = ""
    SETTING = "setting"
    VARIABLE = "variable"
    OPTION = "option"


@dataclass(frozen=True)
class DeviceWish:
    """`name`: auto, cpu, mps, cuda, or cuda:1 and so on."""

    name: str
    by: WishedBy


def device_wish() -> DeviceWish:
    """What is wanted now.

    Raises:
        WrongUsage: `CDUL_DEVICE` names no device.
    """
    if _of_this_process is not None:
        return DeviceWish(_of_this_process, WishedBy.OPTION)
    if named := os.environ.get(VARIABLE, "").strip().lower():
        return DeviceWish(_checked(named, VARIABLE), WishedBy.VARIABLE)
    kept = user_setting(_SETTING)
    if kept is not None and _NAMES.fullmatch(kept) and kept != AUTO:
        return DeviceWish(kept, WishedBy.SETTING)
    return DeviceWish(AUTO, WishedBy.NOBODY)


def wish_device(name: str | None) -> str | None:
    """Have this process compute there, whatever else is set; None leaves that to the settings. Returns the name.

    Raises:
        WrongUsage: it names no device.
    """
    global _of_this_process
    _of_this_process = None if name is None else _checked(name.strip().lower(), "--device")
    return _of_this_process


def kept_device() -> str:
    """The user's setting; `auto` where none is kept."""
    kept = user_setting(_SETTING)
    return kept if kept is not None and _NAMES.fullmatch(kept) else AUTO


def keep_device(name: str) -> None:
    """Keep a device for this user and all projects; `auto` for whichever is best.

    Raises:
        WrongUsage: it names no device.
        UserError: the setting cannot be written.
    """
    checked = _checked(name.strip().lower(), "the device")
    keep_user_setting(_SETTING, None if checked == AUTO else checked)


def hear_notes(listener: Callable[[Sentence], object] | None) -> None:
    """Have a person told, whenever networks begin to run elsewhere than is best or set, why; each note once.

    Args:
        listener: called in the thread that found out. The last one that was given hears.
    """
    global _listener
    _listener = listener
    _told.clear()


def tell_note(note: Sentence) -> None:
    """Tell whoever listens."""
    if _listener is not None and note not in _told:
        _told.add(note)
        _listener(note)


def _checked(name: str, what: str) -> str:
    if not _NAMES.fullmatch(name):
        raise WrongUsage(
            Sentence(
                "Expected {what} to be auto, cpu, cuda, cuda:1 (the second card) or mps, but got {name!r}."
            ).format(what=what, name=name)
        )
    return name
