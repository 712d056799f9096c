"""What is remembered of encoders on this machine, for this user: how fast they are, where they come from and go."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platformdirs import user_data_path

from engine.errors import UserError
from engine.user_settings import keep_user_setting, user_setting
from engine.wording import Sentence


def _file() -> Path:
    return user_data_path("cdul", appauthor=False) / "encoders.json"


def _read() -> dict[str, Any]:
    try:
        kept = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _remember(**more: object) -> None:
    # What cannot be remembered is only a guess the less.
    with contextlib.suppress(OSError):
        file = _file()
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        beside.write_text(json.dumps(_read() | more, indent=1), "utf-8")
        beside.replace(file)


def remember_speed(encoder: str, device: str, snippets_a_second: float, memory_gb: float | None = None) -> None:
    """Keep how fast an encoder was, reading and cutting the photos included.

    Args:
        device: `cpu`, `cuda` or `mps`. What was measured on another one is forgotten.
        memory_gb: of the graphics card, None without one.
    """
    known = measured_speeds() if device_used() == device else {}
    _remember(
        device=device, card_gb=memory_gb, snippets_a_second={**known, encoder: round(float(snippets_a_second), 2)}
    )


def measured_speeds() -> Mapping[str, float]:
    """Encoder to snippets a second, as measured here last."""
    kept = _read().get("snippets_a_second")
    kept = kept if isinstance(kept, dict) else {}
    return {str(name): float(speed) for name, speed in kept.items() if isinstance(speed, int | float) and speed > 0}


def device_used() -> str | None:
    """Where encoders computed last; None where none has yet."""
    device = _read().get("device")
    return device if isinstance(device, str) else None


def card_memory_gb() -> float | None:
    """Of the graphics card that was used last."""
    memory = _read().get("card_gb")
    return float(memory) if isinstance(memory, int | float) else None


def weights_folder() -> Path | None:
    """Where weights are fetched to, if a person chose another folder than the hub's cache."""
    folder = user_setting("weights folder")
    return Path(folder) if folder else None


def choose_weights_folder(folder: Path | None) -> None:
    """Fetch weights to this folder from now on; None for the hub's cache."""
    keep_user_setting("weights folder", None if folder is None else str(folder.absolute()))


def mirror() -> str | None:
    """The address that weights are fetched from in place of huggingface.co, if a person named one."""
    return user_setting("weights mirror") or None


def choose_mirror(address: str | None) -> None:
    """Fetch from this address from now on; None or nothing for what HF_ENDPOINT says, or else huggingface.co.

    Raises:
        UserError: it is no address of the web.
    """
    wanted = (address or "").strip().rstrip("/")
    if wanted and not (wanted.startswith(("https://", "http://")) and urlsplit(wanted).hostname):
        raise UserError(
            Sentence("Expected an address such as https://huggingface.co, but got {address}.").format(address=wanted)
        )
    keep_user_setting("weights mirror", wanted or None)
