"""What commands print: results on standard output; progress, warnings and errors on standard error.

How much of it is one state for the one command that runs, see `manner`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer


@dataclass
class Manner:
    """How the command that runs is to speak."""

    quiet: bool = False
    """`-q`: results and errors alone."""
    verbose: bool = False
    """`-v`: also where the project is, and every task."""
    as_json: bool = False
    """`--json`: what goes to standard error is a JSON object a line as well."""
    output_taken: bool = False
    """A file goes to standard output, and nothing else may."""

    def begin(self, arguments: Sequence[str]) -> None:
        """A command begins; what is wrong with its arguments is told before they are read."""
        options = arguments[: arguments.index("--")] if "--" in arguments else arguments
        self.quiet = self.verbose = self.output_taken = False
        self.as_json = "--json" in options


manner = Manner()


def say(text: str, *, err: bool = False) -> None:
    """Print for people what may hold names of others: no control character reaches the terminal, which would obey."""
    typer.echo(_CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text), err=err)


def tell(text: str) -> None:
    """Say what was done, which nobody needs who asked for quiet."""
    if not manner.quiet:
        say(text, err=manner.output_taken)


def warn(text: str) -> None:
    """Say what a person should know beside the result."""
    if manner.quiet:
        return
    if manner.as_json:
        _json_line({"warning": text})
    else:
        say(text, err=True)


def tell_error(sentence: str, code: int, *, hint: str = "", **more: Any) -> int:
    """Say why a command ends with an exit code, and return that; `more` is for programs alone."""
    if manner.as_json:
        _json_line({"error": sentence, "exit_code": code, **({"hint": hint} if hint else {}), **more})
        return code
    say(sentence, err=True)
    if hint:
        say(hint, err=True)
    return code


def one_line(name: str) -> str:
    """A name, e.g. of a photo, which may have several lines or tabs, as one cell of one line."""
    return name.replace("\n", "\\n").replace("\t", "\\t")


def as_bytes(text: str) -> bytes:
    """Text that may hold names which are no text: their bytes as the system has them, all else in UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def print_json(value: dict[str, Any]) -> None:
    """One object on one line, whatever bytes the photos' names are made of."""
    sys.stdout.buffer.write(_as_json(value))
    sys.stdout.flush()


def _json_line(value: dict[str, Any]) -> None:
    typer.echo(_as_json(value), err=True, nl=False)


def _as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace") + b"\n"


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
