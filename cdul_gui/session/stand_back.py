"""Has a thread let the window's go first."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from threading import get_native_id

A_LITTLE, FAR = 3, 10
"""How much nicer a thread is than the window's: what somebody waits to see, and what goes on beside other work."""


def stand_back(niceness: int) -> None:
    """Let the window's thread go first, also before threads that this one starts from now on; it cannot be taken back.

    Linux keeps a niceness for each thread; elsewhere it is the process's, and nothing is done.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            of_window = os.getpriority(os.PRIO_PROCESS, os.getpid())  # the first thread's
            os.setpriority(os.PRIO_PROCESS, get_native_id(), of_window + niceness)
