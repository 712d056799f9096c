"""OpenVINO, which computes on processors of the x86 kind in half of torch's time, where it is installed."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def openvino_or_none() -> Any:
    """OpenVINO, or None where it is not installed or does not run."""
    # Its tools for converting tell a server abroad on import that they were imported; None here keeps them out.
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]  # as Python's reference says
    try:
        return import_module("openvino")
    except Exception:  # noqa: BLE001  what it finds on a system that it does not fit is said in many ways
        return None
