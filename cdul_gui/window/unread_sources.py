"""Keeps Qt for Python from reading the source of every module that is imported after it."""

from __future__ import annotations

import sys
from typing import Any


def leave_sources_unread() -> None:
    """To be called once QtCore is there, before all else is imported.

    It searches them for the use of Qt, whose methods could be given other names by `from __feature__ import …`, which
    nothing here does. That is a tenth of what importing takes, the window's modules and torch's alike, and keeps the
    text of thousands of files in memory. Where it is made otherwise inside, all goes on as ever.
    """
    inside: Any = sys.modules.get("shibokensupport.feature")
    if hasattr(inside, "_mod_uses_pyside"):
        inside._mod_uses_pyside = lambda module: False
