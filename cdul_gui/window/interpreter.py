"""Keeps Python itself from making the window wait."""

from __future__ import annotations

import gc
import sys

_SECONDS_OF_A_TURN = 0.001
"""Python's own 5 ms, waited for several times a frame, are seen as stutter."""


def shorten_switch_interval() -> None:
    """Let the window's thread have the interpreter back from a worker soon; to be called once, at the start."""
    sys.setswitchinterval(_SECONDS_OF_A_TURN)


def spare_what_is_there() -> None:
    """Have the garbage collector pass over all there is now, as it else stops every thread for some 50 ms.

    For moments when much was made that stays, such as the modules at the start and a project that was opened; what
    is garbage by then is never freed.
    """
    gc.freeze()
