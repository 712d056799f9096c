"""The names that open_clip has for networks and published weights, where these are, and how they are used; as data.

open_clip itself takes seconds to load, torch with it. The file beside this one was read off it; where another version
is installed, that is asked in its place.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_suffix(".json")
QUICK_GELU = "-quickgelu"
"""Ends the names of open_clip's architectures that differ from others in the activation alone."""

_KEYS = ("hf_hub", "url", "quick_gelu", "mean", "std")


def networks() -> list[str]:
    """Every architecture."""
    return list(_names()["networks"])


def has_quick_gelu(network: str) -> bool:
    """Whether an architecture has QuickGELU by itself, as those called …-quickgelu."""
    return network in _names()["with QuickGELU"]


def every_published() -> list[str]:
    """All published weights, as `MODEL:TAG`."""
    return list(_names()["published"])


def tags_of(network: str) -> list[str]:
    """The published weights of an architecture, by their tags."""
    return [tag for name in _names()["published"] for of, _, tag in [name.partition(":")] if of == network]


def published(network: str, tag: str) -> dict[str, Any]:
    """Where published weights are (`hf_hub`, `url`) and how they are used (`quick_gelu`, `mean`, `std`).

    Empty where there are none of that name. Tags may be written as open_clip takes them, in capitals and with hyphens.
    """
    found: dict[str, Any] = _names()["published"].get(f"{network}:{tag.lower().replace('-', '_')}", {})
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(_FILE.read_text("ascii"))
    return kept if kept["open_clip"] == version("open_clip_torch") else _read_off()


def _read_off() -> dict[str, Any]:
    """The same from open_clip itself."""
    import open_clip

    found = {
        f"{network}:{tag}": {key: value for key, value in open_clip.get_pretrained_cfg(network, tag).items() if value}
        for network, tag in open_clip.list_pretrained()
    }
    every = open_clip.list_models()
    return {
        "open_clip": version("open_clip_torch"),
        "networks": every,
        "with QuickGELU": [network for network in every if open_clip.get_model_config(network).get("quick_gelu")],
        "published": {
            name: {key: list(one[key]) if key in ("mean", "std") else one[key] for key in _KEYS if key in one}
            for name, one in found.items()
        },
    }


if __name__ == "__main__":  # after another version of open_clip: python -m engine.models.encoders.open_clip_names
    # A line for each, so that what is new can be seen.
    _FILE.write_text(
        ",\n".join(
            f"{json.dumps(key)}: "
            + (
                "{\n" + ",\n".join(f" {json.dumps(name)}: {json.dumps(one)}" for name, one in value.items()) + "\n}"
                if isinstance(value, dict)
                else json.dumps(value)
            )
            for key, value in _read_off().items()
        ).join(("{\n", "\n}\n")),
        "ascii",
    )
