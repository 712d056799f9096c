"""CDUL's engine: from photos to labels. It knows no window and no Qt.

`engine.open` is its face for people who write Python, see `engine.face`; `engine.method` the mathematics alone. Neither
is loaded before it is asked for, since whatever imports a part of this package imports this file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine import method as method
    from engine.face import PhotoProject as PhotoProject
    from engine.face import open as open

__all__ = ["PhotoProject", "method", "open"]


def __getattr__(name: str) -> Any:
    if name == "method":
        return import_module("engine.method")
    if name in __all__:
        return getattr(import_module("engine.face"), name)
    raise AttributeError(f"module 'engine' has no attribute {name!r}")
