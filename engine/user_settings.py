"""What this user chose for all projects, in one small file that window, command line and Python read alike."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from platformdirs import user_config_path

from engine.errors import UserError
from engine.wording import Sentence

_MOST_BYTES = 2**20


def user_setting(name: str) -> str | None:
    """The text that is kept under a name; None where there is none, or the file cannot be read."""
    return _kept().get(name)


def keep_user_setting(name: str, value: str | None) -> None:
    """Keep a text under a name; None forgets it.

    Raises:
        UserError: the user's folder of settings cannot be written.
    """
    kept = {**_kept(), name: value}
    text = json.dumps({name: value for name, value in sorted(kept.items()) if value is not None}, indent=1)
    file = _file()
    partial = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial.touch(0o600)  # a proxy's password may be in it
        with partial.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    except OSError as error:
        raise UserError(
            Sentence("The setting cannot be kept in {file} ({why}).").format(file=file, why=error.strerror)
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink()


def _file() -> Path:
    return user_config_path("cdul", appauthor=False) / "settings.json"


def _kept() -> dict[str, str]:
    try:
        with _file().open("rb") as stream:
            kept = json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: value for name, value in kept.items() if isinstance(value, str)}
