"""Keeps Python itself from making the window wait."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from threading import Lock
from types import ModuleType

_SECONDS_OF_A_TURN = 0.0001
"""Python's own 5 ms, waited for several times a frame, are seen as stutter, and 1 ms for each of many calls of Qt in a
key as well; with a tenth of that a worker takes as long as before."""

_LARGE = {"torch", "torchvision", "open_clip", "timm", "transformers"}
"""Libraries that take seconds to import, which a worker does while the window is used."""
_NATIVE = ("libtorch_global_deps", "libtorch")
"""What torch stands on, none of which calls Python, in the order in which it opens them: hundreds of megabytes."""


def share_interpreter() -> None:
    """Let the window's thread have the interpreter soon, whatever a worker does; to be called once, at the start."""
    sys.setswitchinterval(_SECONDS_OF_A_TURN)
    sys.meta_path.insert(0, _FindLarge())


def spare_what_is_there() -> None:
    """Have the garbage collector pass over all there is now, as it else stops every thread for some 50 ms.

    For moments when much was made that stays, such as the modules at the start and a project that was opened; what
    is garbage by then is never freed.
    """
    gc.freeze()


class _FindLarge(MetaPathFinder):
    """Finds the large libraries as ever, and has them loaded by `_LoadLarge`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path, target) if fullname in _LARGE else None
        if found is None or type(found.loader) is not SourceFileLoader:
            return None  # a bundle has ways of its own
        found.loader = _LoadLarge(fullname, found.loader.path)
        return found


class _LoadLarge(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == "torch":
            _open_native(Path(self.path).parent / "lib")
        with _nothing_collected():
            super().exec_module(module)


def _open_native(folder: Path) -> None:
    """Have the system open torch's libraries while other threads run.

    Python keeps the interpreter when it opens one, for a second and more where they come from a slow disk; when it
    calls a function of a library it does not. On Windows torch opens them by such a call itself. What cannot be opened
    is left to torch, which has more ways.
    """
    if os.name != "posix":
        return
    system = ctypes.CDLL(None)
    system.dlopen.restype, system.dlopen.argtypes = ctypes.c_void_p, [ctypes.c_char_p, ctypes.c_int]
    for name, mode in zip(_NATIVE, (os.RTLD_GLOBAL, os.RTLD_LOCAL), strict=True):
        file = folder / f"{name}{'.dylib' if sys.platform == 'darwin' else '.so'}"
        if not file.is_file() or not system.dlopen(os.fsencode(file), os.RTLD_LAZY | mode):
            return


_counting = Lock()
_under_way = 0


def may_collect() -> bool:
    """Whether garbage may be looked for: not among the hundred thousands of things that an import makes, which stay."""
    return not _under_way


@contextmanager
def _nothing_collected() -> Iterator[None]:
    global _under_way
    with _counting:
        _under_way += 1
    try:
        yield
    finally:
        with _counting:
            _under_way -= 1
            if not _under_way:
                spare_what_is_there()
