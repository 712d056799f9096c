"""Names of encoders that compute in whole numbers of 8 bits: `fast:` before the name of the exact one."""

from __future__ import annotations

from importlib.util import find_spec

FAST = "fast:"


def is_fast(name: str) -> bool:
    """Whether this is the fast form of an encoder."""
    return name.startswith(FAST)


def exact_name(name: str) -> str:
    """The encoder itself, whichever form of it is named.

    However often it is said: a name that comes from others is to mean the same file to all who look at it.
    """
    while is_fast(name):
        name = name.removeprefix(FAST)
    return name


def fast_name(name: str) -> str:
    """The fast form of an encoder, whichever form of it is named."""
    return FAST + exact_name(name)


def can_be_made() -> bool:
    """Whether what makes fast forms is installed."""
    return all(find_spec(package) is not None for package in ("nncf", "openvino"))
