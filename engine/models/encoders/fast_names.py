"""Names of encoders that compute in whole numbers of 8 bits: `fast:` before the name of the exact one."""

from __future__ import annotations

from importlib.util import find_spec

from engine.models.encoders.failures import EncoderUnavailable
from engine.wording import Sentence

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
    """Whether what makes fast forms is installed; whether it loads is seen by loading it, which takes seconds."""
    return all(find_spec(package) is not None for package in ("nncf", "openvino"))


def check_can_be_made() -> None:
    """Raise EncoderUnavailable where it is not."""
    if not can_be_made():
        raise EncoderUnavailable(
            Sentence(
                "A fast encoder is made by NNCF for OpenVINO, which are not both installed: pip install 'cdul[fast]'. "
                "Until then use the encoder as it is."
            )
        )
