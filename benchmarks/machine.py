"""What a figure was measured on, and how every benchmark prints its own."""

from __future__ import annotations

import json
import os
import platform
import resource
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = (
    *("torch", "openvino", "open_clip_torch", "timm", "tokenizers"),
    *("numpy", "pillow", "simplejpeg", "sqlalchemy", "orjson", "PySide6-Essentials"),
)
"""What does the work; OpenVINO is not there on every processor."""


def print_report(figures: Mapping[str, object]) -> None:
    """Print a benchmark's figures as JSON, together with the machine that they were measured on."""
    print(json.dumps({**figures, "machine": machine()}, indent=1, ensure_ascii=False))


def machine() -> dict[str, object]:
    """The processor, its cores and how busy they are, and the versions of what does the work."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "system": platform.platform(terse=True),
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
    }


def peak_memory_mb() -> int:
    """The most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.is_file():
        # Linux counts what the parent had at the fork into its resource usage, but not here.
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) // 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if not information.is_file():
        return platform.processor()
    named = [line for line in information.read_text().splitlines() if line.startswith("model name")]
    return named[0].partition(":")[2].strip() if named else platform.processor()
