"""Encoders in files and folders of the user's: which of them a person on this computer named.

A project says which encoder it was labelled with, and projects come from others. An encoder of theirs runs no code
here, but it decides what is found on the photos, and its path may lead anywhere. So a path that comes out of a project
is opened only after a person named it once: with `--encoder`, in Python, or in the window. Published weights and the
starter need no such thing.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

from platformdirs import user_data_path

from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.clip_weights import local_part
from engine.models.encoders.failures import EncoderNotConfirmed
from engine.wording import Sentence

_MOST_BYTES = 4 << 20
_not_kept: set[str] = set()


def confirm_encoder(name: str) -> None:
    """Remember that a person named this encoder; nothing happens for the starter and published weights.

    Where nothing can be kept, it is remembered as long as the program runs.
    """
    path = local_part(name)
    if path is None or _key(path) in _confirmed():
        return
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="ascii") as stream:
            stream.write(f"\n{json.dumps(_key(path))}\n")
    except OSError:
        _not_kept.add(_key(path))


def check_confirmed(name: str) -> None:
    """Let pass what a person named once, and what needs no such thing.

    Raises:
        EncoderNotConfirmed: it is a file or folder that nobody named.
    """
    path = local_part(name)
    if path is None or _key(path) in _confirmed():
        return
    # A path to another machine is not even looked at, which would tell that machine who is here.
    if str(path).startswith(("\\\\", "//")) or path.exists():
        said = Sentence(
            "The project was labelled with the encoder {path}, which nobody has used on this computer yet. If you "
            "know where it comes from, name it once: --encoder {name}. With another one, --encoder starter, all "
            "photos are looked at anew."
        ).format(path=shown(str(path), 1000), name=shlex.quote(shown(name, 1000)))
        raise EncoderNotConfirmed(name, path, said)


def _key(path: Path) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100  without looking whether it is there


def _file() -> Path:
    return user_data_path("cdul", appauthor=False) / "encoders" / "confirmed.jsonl"


def _confirmed() -> set[str]:
    """What was confirmed, a path a line; a line that is none says nothing."""
    try:
        with _file().open("rb") as stream:
            lines = stream.read(_MOST_BYTES).splitlines()
    except OSError:
        lines = []
    found = set(_not_kept)
    for line in lines:
        try:
            found.add(str(json.loads(line)))
        except ValueError:
            continue
    return found
