"""What the engine says, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.errors import UserError
from engine.wording import Sentence, n_decisions, n_files, n_labels, n_photos


def translated(text: str) -> str:
    """A text of the engine in the window's language; as it is where there is no translation."""
    if not isinstance(text, Sentence):
        return QCoreApplication.translate("Engine", text) if text else ""
    template = QCoreApplication.translate("Engine", text.template) if text.template else ""
    if not text.arguments:
        return template
    return template.format(**{name: _argument(value) for name, value in text.arguments.items()})


def sentence_of(error: BaseException) -> str:
    """What an error says, in the window's language."""
    return translated(error.args[0] if error.args and isinstance(error.args[0], Sentence) else str(error))


def photos_in_words(count: int) -> str:
    """How many photos, to be filled into a text; likewise the next ones."""
    return translated(n_photos(count))


def labels_in_words(count: int) -> str:
    return translated(n_labels(count))


def files_in_words(count: int) -> str:
    return translated(n_files(count))


def decisions_in_words(count: int) -> str:
    return translated(n_decisions(count))


def _argument(value: object) -> object:
    if isinstance(value, Sentence):
        return translated(value)
    return sentence_of(value) if isinstance(value, UserError) else value
