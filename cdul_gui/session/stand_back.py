"""Has a thread let the window's go first."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from threading import get_native_id

A_LITTLE, FAR = 3, 10
"""How nice a thread is: what somebody waits to see, and what goes on for minutes beside other work."""


def stand_back(niceness: int) -> None:
    """Let the window's thread go first, also before threads that this one starts from now on; it cannot be taken back.

    Linux keeps a niceness for each thread; elsewhere it is the process's, and nothing is done.
    """
    if sys.platform == "linux":
        thread = get_native_id()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, max(niceness, os.getpriority(os.PRIO_PROCESS, thread)))
