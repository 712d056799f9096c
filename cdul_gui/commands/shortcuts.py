"""The keys of the commands as a person chose them: kept in the settings, taken along as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from cdul_gui.commands.command import Command, Submenu
from cdul_gui.commands.every_command import COMMANDS, MENUS
from cdul_gui.settings import Settings
from engine.errors import UserError
from engine.formats.files.whole_file import whole_file
from engine.wording import Sentence

MOST_BYTES = 2**20

Keys = dict[str, tuple[str, ...]]
"""Of each command, by its id, as QKeySequence writes them."""


class ShortcutError(UserError):
    """Keys cannot be given to a command; the message says why."""


def keys_in_force() -> Keys:
    """The keys of every command: its own, where nobody chose others."""
    chosen = Settings().shortcuts
    return {command.id: tuple(chosen.get(command.id, command.keys)) for command in COMMANDS}


def keep_keys(keys: Mapping[str, Sequence[str]]) -> None:
    """Keep the keys of the commands, as far as they are not the commands' own.

    Raises:
        ShortcutError: one key for two commands, or something that is no key.
    """
    check_keys(keys)
    Settings().shortcuts = {
        command.id: list(keys[command.id])
        for command in COMMANDS
        if command.id in keys and tuple(keys[command.id]) != command.keys
    }


def check_keys(keys: Mapping[str, Sequence[str]]) -> None:
    """Raise ShortcutError unless every key is one, and belongs to one command alone; it names who has the key now."""
    owners: dict[str, Command] = {}
    had = {(id, QKeySequence(key).toString()) for id, of_command in keys_in_force().items() for key in of_command}
    for command in COMMANDS:
        for key in keys.get(command.id, command.keys):
            written = QKeySequence(key).toString()
            if not written:
                raise ShortcutError(Sentence("There is no key {key!r}.").format(key=key))
            other = owners.setdefault(written, command)
            if other is not command:
                # Of the two, the one that shall get it may be the first in the menus.
                owner = command if (command.id, written) in had and (other.id, written) not in had else other
                raise ShortcutError(
                    Sentence(
                        "{key} belongs to “{command}” already. Choose another key, or remove it there first."
                    ).format(key=written, command=text_of(owner))
                )


def write_keys(file: Path) -> None:
    """Write the keys in force as JSON: command to list of keys."""
    with whole_file(file) as stream:
        stream.write(json.dumps(keys_in_force(), indent=1, ensure_ascii=False).encode())


def read_keys(file: Path) -> Keys:
    """Read what `write_keys` wrote; commands that the file does not name have their own keys.

    Raises:
        ShortcutError: not such a file, or one key for two commands.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError
        found = json.loads(file.read_text("utf-8"))
        if not isinstance(found, dict) or not all(_is_list_of_texts(keys) for keys in found.values()):
            raise ValueError
    except OSError as error:
        raise ShortcutError(Sentence("{file} cannot be read ({why}).").format(file=file, why=error.strerror)) from error
    except (ValueError, RecursionError) as error:
        raise ShortcutError(
            Sentence("{file} is no file of keys. Choose one that was exported here.").format(file=file)
        ) from error
    keys = {command.id: tuple(found.get(command.id, command.keys)) for command in COMMANDS}
    check_keys(keys)
    return keys


def text_of(command: Command) -> str:
    """What a command is called in the menus, behind the name of the submenu it stands in: "Find: By words"."""
    submenus = (entry for _title, entries in MENUS for entry in entries if isinstance(entry, Submenu))
    titles = [submenu.title for submenu in submenus if command in submenu.commands]
    texts = [QCoreApplication.translate("Actions", text) for text in (*titles, command.text)]
    return ": ".join(texts).replace("&", "").rstrip("…")


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
