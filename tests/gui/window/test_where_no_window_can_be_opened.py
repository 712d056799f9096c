"""Missing system libraries and a missing display are told in one sentence, before Qt aborts."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdul_gui.window.system import LIBRARIES, why_no_window
from engine.broken_package import broken_package

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt brings all it needs")


def test_a_missing_library_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_name: str) -> None:
        raise OSError("libxcb-cursor.so.0: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    sentence = why_no_window()
    assert sentence is not None
    assert "libxcb-cursor.so.0" in sentence
    assert sentence.endswith(f"sudo apt-get install -y {LIBRARIES}")
    assert "\n" not in sentence


def test_a_library_of_qt_itself_is_no_package_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(_name: str) -> None:
        raise OSError("libQt6Gui.so.6: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with pytest.raises(ImportError) as caught:
        why_no_window()
    told = str(broken_package(caught.value))
    assert told.startswith("Expected the package PySide6")
    assert "libQt6Gui.so.6" in told
    assert "apt-get" not in told


def test_no_display_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: None)
    sentence = why_no_window()
    assert sentence is not None
    assert "no display" in sentence


def test_nothing_is_in_the_way_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert why_no_window() is None


def test_the_program_ends_with_the_sentence() -> None:
    """In a process of its own: nothing of Qt may be imported before, and nothing aborts."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    ended = subprocess.run(
        [sys.executable, "-m", "cdul_gui"],
        env=environment,
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "sudo apt-get install" in ended.stderr or "no display" in ended.stderr
