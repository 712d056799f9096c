"""Packages of others that cannot be loaded: told as what they are, for no line of the program can mend them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from importlib.util import find_spec
from traceback import walk_tb

from engine.errors import UserError
from engine.wording import Sentence

_OURS = {"engine", "cdul_gui", "__main__"}
_TORCH = ("torch", "torchvision")
_INDEX = "https://download.pytorch.org/whl"


class BrokenPackage(UserError):
    """An installed package cannot be loaded, or lacks what it should have; the sentence says how to install it anew."""


def broken_package(error: Exception) -> BrokenPackage | None:
    """What to tell of an error that was raised while a package of others was being imported; None for any other."""
    module = _module_that_failed(error)
    if not module:
        return None
    why = " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__
    if module == "torchvision":
        return BrokenPackage(_two_that_do_not_fit(why))
    package = (packages_distributions().get(module) or [module])[0]
    installed = _version(package)
    if installed is None and isinstance(error, ModuleNotFoundError):
        sentence = Sentence("Expected the package {package} to be installed, but it is not ({why}). {mended}")
    else:
        sentence = Sentence(
            "Expected the package {package} to load, but it does not ({why}): it is damaged, or does not fit this "
            "system or what is installed beside it. {mended}"
        )
    named = package if installed is None else f"{package} {installed}"
    return BrokenPackage(sentence.format(package=named, why=why, mended=installed_again([_wanted(package)])))


def _module_that_failed(error: Exception) -> str:
    """The topmost name of what was being imported when the error was raised; empty where nothing of others was."""
    if isinstance(error, MemoryError):
        return ""
    bodies = [
        str(frame.f_globals.get("__name__", "")).partition(".")[0]
        for frame, _line in walk_tb(error.__traceback__)
        if frame.f_code.co_name == "<module>"
    ]
    if bodies and bodies[-1] not in _OURS:
        return bodies[-1]
    if isinstance(error, ImportError):
        asked_for = (error.name or "").partition(".")[0]
        return "" if asked_for in _OURS else asked_for
    return ""


def _two_that_do_not_fit(why: str) -> Sentence:
    torch, torchvision = (_version(name) or "?" for name in _TORCH)
    exactly = (re.match(r"torch==([\w.]+)", line) for line in _requirements("torchvision"))
    made_for = next((match[1] for match in exactly if match), "")
    fits = made_for in ("", torch.partition("+")[0])
    build = torch.partition("+")[2]
    return Sentence(
        "Expected a torchvision that is made for torch {torch}, but torchvision {torchvision} is made for {other} "
        "({why}). Both must come from the same index. {mended}"
    ).format(
        torch=torch,
        torchvision=torchvision,
        other=Sentence("another build of it") if fits else f"torch {made_for}",
        why=why,
        mended=installed_again([*_TORCH, *(["--index-url", f"{_INDEX}/{build}"] if build else [])]),
    )


def installed_again(what: list[str]) -> Sentence:
    """How to install packages anew, as pip takes them, with what this program was installed by."""
    if getattr(sys, "frozen", False):
        return Sentence("Install CDUL again.")
    with_pip = [sys.executable, "-m", "pip", "install", "--force-reinstall"]
    with_uv = ["uv", "pip", "install", "--python", sys.executable, "--reinstall"]
    command = [*(with_pip if find_spec("pip") else with_uv), *what]
    line = subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)
    return Sentence("Install it again: {command}").format(command=line)


def _wanted(package: str) -> str:
    """What CDUL asks of a package, as pip takes it: `timm>=1.0.26`."""
    asked = [line.partition(";")[0] for line in _requirements("cdul") if "extra ==" not in line]
    # Of one that is asked for differently by the Python the same as before.
    fit = [line.strip() for line in asked if _plain(re.split(r"[^\w.-]", line)[0]) == _plain(package)]
    installed = _version(package)
    return fit[0] if len(fit) == 1 else f"{package}=={installed}" if fit and installed else package


def _plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(package: str) -> list[str]:
    try:
        return requires(package) or []
    except PackageNotFoundError:
        return []


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
