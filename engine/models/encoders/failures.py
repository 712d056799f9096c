"""Why an encoder cannot be opened or its weights not be fetched, so that whoever tells it can offer what helps."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from engine.errors import UserError, WrongUsage
from engine.wording import Sentence


class EncoderUnavailable(UserError):
    """An encoder cannot be opened here; the message says what is missing and what to do."""


class UnknownWeights(EncoderUnavailable, WrongUsage):
    """Nobody has published weights of that name."""


class Cause(Enum):
    """What stood in the way."""

    NO_NETWORK = auto()
    """The server cannot be reached, or the line broke: trying again goes on where it stopped."""
    PROXY = auto()
    """The proxy does not answer, refuses, or is of a kind that is not known."""
    NOT_THERE = auto()
    """The server does not have it."""
    REFUSED = auto()
    """The server does not give it to this computer."""
    DAMAGED = auto()
    """What came is not what was published, and was deleted."""
    NO_ROOM = auto()
    """The disk is full, or cannot be written to."""
    BUSY = auto()
    """Another program is fetching it."""
    RESTART = auto()
    """The server can only begin at the beginning; no person is told of this."""


class DownloadFailed(EncoderUnavailable):
    """Weights could not be fetched. What came before is kept, unless it was damaged."""

    def __init__(self, cause: Cause, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.cause = cause


class WeightsMissing(EncoderUnavailable):
    """The published weights `name`, `MODEL:TAG`, are not on this machine; they can be fetched."""

    def __init__(self, name: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.name = name


class NotCalibrated(EncoderUnavailable):
    """The fast form `name` of an encoder was not made on this computer, or is damaged: a labelling makes it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Sentence(
                "{name} is calibrated on photos, which was not done on this computer yet. Label the photos again, and "
                "it is; or take another encoder."
            ).format(name=name)
        )
        self.name = name


class EncoderGone(EncoderUnavailable):
    """An encoder's file or folder is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Sentence(
                "There is no file or folder {path}, from which the encoder was to be read. If it was moved, name it "
                "where it is now."
            ).format(path=path)
        )
        self.path = path


class EncoderNotConfirmed(EncoderUnavailable):
    """A project wants an encoder in a file that nobody on this computer has named yet.

    Whoever shows this may ask, and after a yes call `confirmed.confirm_encoder(error.name)` and do the same again.
    """

    def __init__(self, name: str, path: Path, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.name = name
        """As `open_encoder` takes it."""
        self.path = path
        """The file or folder."""
