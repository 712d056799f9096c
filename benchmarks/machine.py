"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
import resource
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("torch", "numpy", "pillow", "sqlalchemy", "open_clip_torch", "timm", "PySide6-Essentials")


def machine() -> dict[str, object]:
    """The processor, its cores and how busy they are, and the versions of what does the work."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "system": platform.platform(terse=True),
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
    }


def peak_memory_mb() -> int:
    """The most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Linux counts what the parent had at the fork into its resource usage, but not here.
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) // 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if not information.is_file():
        return platform.processor()
    named = [line for line in information.read_text().splitlines() if line.startswith("model name")]
    return named[0].partition(":")[2].strip() if named else platform.processor()
