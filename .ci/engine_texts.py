"""Prints what the engine says, found in its source, as Python that Qt's translation tools read.

The engine knows no Qt. Its sentences are written as `Sentence("…")` and its tasks as `progress.start("…")`.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ENGINE = Path(__file__).parent.parent / "engine"


def texts_of(source: str) -> Iterator[str]:
    """The texts for people in one file.

    Raises:
        ValueError: a text is not written out, so that nobody could translate it.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "Sentence":
            said = node.args
        elif ast.unparse(node.func) == "progress.start":
            said = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "unit")]
        else:
            continue
        for one in said:
            if not isinstance(one, ast.Constant):
                raise ValueError(f"Expected a text that is written out, but got {ast.unparse(node)}.")
            if one.value:
                yield one.value


def texts() -> list[str]:
    """All that the engine says."""
    # What `Progress.start` counts unless told otherwise.
    found = {"photos"}
    for file in ENGINE.rglob("*.py"):
        found.update(texts_of(file.read_text("utf-8")))
    return sorted(found)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for text in texts():
        print(f'QT_TRANSLATE_NOOP("Engine", {text!r})')
