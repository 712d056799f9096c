"""What computes here, where it can be told without torch: on a machine with no graphics card that torch could use.

Asking torch takes a second and 200 MB, and most machines that the starter runs on have nothing to find.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Mapping
from ctypes.util import find_library
from pathlib import Path

_AVX512 = 41
"""What Windows calls instructions without which a processor has none for bfloat16 either."""
_DRIVERS = ("/dev/nvidiactl", "/proc/driver/nvidia/version", "/dev/kfd", "/dev/dxg", "/dev/nvhost-gpu")
"""What a card's driver shows on Linux: NVIDIA's, AMD's, Windows' for a Linux inside of it, and NVIDIA's on a board."""


def known_without_torch() -> Mapping[str, bool] | None:
    """What the processor can do, by torch's names, where networks can compute on nothing else; None where torch tells.

    Only for processors of the x86 kind, where OpenVINO serves.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return None
    if sys.platform == "linux":
        return None if any(Path(driver).exists() for driver in _DRIVERS) else _of_linux(Path("/proc/cpuinfo"))
    if sys.platform == "win32":
        return _of_windows()
    return None


def _of_windows() -> Mapping[str, bool] | None:
    if sys.platform != "win32" or any(find_library(driver) for driver in ("nvcuda", "amdhip64")):
        return None
    # Whether a processor that has AVX-512 has bfloat16 as well Windows does not tell.
    return None if ctypes.windll.kernel32.IsProcessorFeaturePresent(_AVX512) else {}


def _of_linux(information: Path) -> Mapping[str, bool] | None:
    try:
        lines = information.read_text("ascii", "replace").splitlines()
    except OSError:
        return None
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return {name: name in flags for name in ("avx512_bf16", "amx_bf16")} if flags else None
