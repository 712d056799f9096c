"""A torch without CUDA, 4 GB smaller, where there is no NVIDIA card and it can be had.

Needs nothing but Python: it is asked for before anything is installed.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
import urllib.request
from pathlib import Path

INDEX = "https://download.pytorch.org/whl/cpu"
PACKAGES = ("torch", "torchvision")
SECONDS = 5
TOP = Path(__file__).parent.parent


def torch_without_cuda() -> list[str]:
    """What to give pip for it; empty where it would be of no use, or cannot be reached, which one line says."""
    # Elsewhere the usual wheels have no CUDA in them.
    if (sys.platform, platform.machine()) != ("linux", "x86_64") or has_nvidia_card():
        return []
    if hindrance := why_not_reached(f"{INDEX}/torch/"):
        print(f"{INDEX} cannot be reached ({hindrance}); torch comes from the usual index, with 4 GB for NVIDIA cards.")
        return []
    return [*wanted((TOP / "pyproject.toml").read_text("utf-8")), "--index-url", INDEX]


def has_nvidia_card() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def why_not_reached(address: str) -> str:
    """Why an index cannot be read, in a few words; empty where it can. Proxies are used as the environment says."""
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310 - it is https
            answer.read(1)
    except (OSError, ValueError) as error:  # also what urllib raises
        return str(getattr(error, "reason", error)) or type(error).__name__
    return ""


def wanted(pyproject: str) -> list[str]:
    """What pyproject.toml asks of torch and torchvision: "torch>=2.9"."""
    found = [re.search(rf'^ *"({name}[<>=][^"]*)"', pyproject, re.MULTILINE) for name in PACKAGES]
    return [match.group(1) for match in found if match]
