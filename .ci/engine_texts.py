"""Prints what the program says outside of its widgets, found in its source, as Python that Qt's translation tools read.

The engine knows no Qt. What people read is written as `Sentence("…")`, and its tasks as `progress.start("…")`. That an
error's message is a `Sentence` is checked by mypy.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TOP = Path(__file__).parent.parent
# The command line and the face for Python speak English alone.
ENGLISH = {*TOP.glob("engine/commands/*.py"), TOP / "engine" / "face.py"}
SOURCES = sorted({*TOP.glob("engine/**/*.py"), *TOP.glob("cdul_gui/**/*.py")} - ENGLISH)


def texts_of(source: str) -> Iterator[str]:
    """The texts for people in one file.

    Raises:
        ValueError: a text is not written out, so that nobody could translate it.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id == "Sentence":
            said = [*node.args, *(one.value for one in node.keywords)]
        elif ast.unparse(node.func) == "progress.start":
            said = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "unit")]
        else:
            continue
        for one in said:
            if _is_translated(one):
                continue
            if not isinstance(one, ast.Constant):
                raise ValueError(f"Expected a text that is written out, but got {ast.unparse(node)}.")
            if one.value:
                yield one.value


@cache
def texts() -> list[str]:
    """All that is said."""
    # What `Progress.start` counts unless told otherwise.
    found = {"photos"}
    for file in SOURCES:
        found.update(texts_of(file.read_text("utf-8")))
    return sorted(found)


def _is_translated(node: ast.expr) -> bool:
    """Whether it is a text already, or one that is found where it is written: a sentence, or the unit of bytes."""
    if isinstance(node, ast.Name):
        return node.id == "BYTES"
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("self.tr", "Sentence("))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for text in texts():
        print(f'QT_TRANSLATE_NOOP("Engine", {text!r})')
