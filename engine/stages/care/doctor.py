"""What a person is asked for when something does not work."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from platformdirs import user_data_path

_PACKAGES = ("torch", "torchvision", "open_clip_torch", "timm", "PySide6-Essentials")


def examine() -> dict[str, Any]:
    """Versions, device, threads, model caches, and where projects go that cannot lie beside their photos."""
    import torch
    from huggingface_hub import constants

    from engine.models.device import chosen_device, devices, name_of_precision, precision_for

    chosen = chosen_device()
    device = torch.device(chosen.name)
    facts: dict[str, Any] = {
        "cdul": version("cdul"),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    for package in _PACKAGES:
        try:
            facts[package] = version(package)
        except PackageNotFoundError:
            facts[package] = "not installed"
    return facts | {
        "device": str(device),
        "precision": name_of_precision(precision_for(device)),
        **{f"device {name}": problem or title for name, title, problem in devices() if name != "cpu"},
        **({"note": chosen.note} if chosen.note else {}),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "model cache": str(constants.HF_HUB_CACHE),
        "projects": f"PHOTOS/.cdul, or {user_data_path('cdul', appauthor=False) / 'projects'}",
    }
