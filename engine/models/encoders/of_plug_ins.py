"""Encoders that other packages bring, see `engine.plug_ins`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import UserError
from engine.models.encoders.encoder import EncoderUnavailable
from engine.plug_ins import named, package_of
from engine.wording import Sentence

if TYPE_CHECKING:
    from engine.models.encoders.encoder import Encoder


def open_plug_in(name: str) -> Encoder:
    """Open an encoder by the name of its entry point, which names a function that returns it.

    The encoder is called by that name, whatever it calls itself.

    Raises:
        EncoderUnavailable: its code fails, or what it returns lacks something of `Encoder`.
    """
    point = named("cdul.encoders")[name]
    try:
        encoder: Encoder = point.load()()
        lacking = sorted(each for each in _expected() if not hasattr(encoder, each))
        if lacking:
            raise TypeError(f"the encoder has no {', '.join(lacking)}")
        encoder.name = name
    except UserError:
        raise
    except (Exception, SystemExit) as error:
        raise EncoderUnavailable(
            Sentence("The encoder {name} of the package {package} cannot be opened: {why}.").format(
                name=name, package=package_of(point), why=f"{type(error).__name__}: {error}".rstrip(":. ")
            )
        ) from error
    return encoder


def _expected() -> set[str]:
    """The names of all that an encoder has."""
    from engine.models.encoders.encoder import Encoder, SnippetEncoder

    verbs = {name for kind in (Encoder, SnippetEncoder) for name in vars(kind) if not name.startswith("_")}
    return verbs | Encoder.__annotations__.keys() | SnippetEncoder.__annotations__.keys()
