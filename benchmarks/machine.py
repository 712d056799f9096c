"""What a figure was measured on, and how every benchmark prints its own.

Importing this makes sure that the tree in which it lies is what is measured: with an editable install of another
checkout, `python benchmarks/X.py` would measure that one.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_TREE = Path(__file__).resolve().parent.parent

_engine = importlib.util.find_spec("engine")
if _engine is None or _engine.origin is None or not Path(_engine.origin).is_relative_to(_TREE):
    os.environ["PYTHONPATH"] = str(_TREE)  # once: then it is found
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606

_PACKAGES = (
    *("torch", "openvino", "open_clip_torch", "timm", "tokenizers"),
    *("numpy", "pillow", "simplejpeg", "sqlalchemy", "orjson", "PySide6-Essentials"),
)
"""What does the work; OpenVINO is not there on every processor."""


def print_report(figures: Mapping[str, object]) -> None:
    """Print a benchmark's figures as JSON, together with the machine that they were measured on."""
    print(json.dumps({**figures, "machine": machine()}, indent=1, ensure_ascii=False))


def machine() -> dict[str, object]:
    """The processor, its cores and how busy they are, and the commit and versions of what does the work."""
    return {
        "commit": _commit(),
        "processor": _processor(),
        "bfloat16": bool({"avx512_bf16", "amx_bf16", "bf16"} & _flags()),
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


def _commit() -> str:
    """What is measured; with `-dirty` where files differ from it."""
    asked = ["git", "-C", str(_TREE), "describe", "--always", "--dirty", "--exclude=*"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "not in a checkout"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    return _told_by_linux("model name") or platform.processor()


def _flags() -> set[str]:
    """What Linux says that the processor can do."""
    return set((_told_by_linux("flags") or _told_by_linux("Features")).split())


def _told_by_linux(what: str) -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(what)), "")
