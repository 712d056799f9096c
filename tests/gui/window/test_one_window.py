"""A project that is open in a window is not opened a second time: that window comes to the front."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from acting import wait_until

from cdul_gui.window.main_window import MainWindow
from cdul_gui.window.one_window import OneWindow, show_other_window

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the address is a file elsewhere")


@pytest.fixture
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # A socket's path may be no longer than a hundred characters.
    with tempfile.TemporaryDirectory(prefix="cdul", dir="/tmp") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def start_again(photos: Path) -> subprocess.Popen[str]:
    """A second `cdul open`, as a person starts it."""
    environment = {**os.environ, "XDG_ACTIVATION_TOKEN": "token-of-the-desktop"}
    return subprocess.Popen(
        [sys.executable, "-m", "cdul_gui", "open", str(photos)], env=environment, text=True, stdout=subprocess.PIPE
    )


def test_a_second_start_shows_the_window_that_has_the_photos(
    window: MainWindow, runtime_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    OneWindow(window, window.session)
    photos = window.session.project.photos
    (address,) = (runtime_folder / "cdul").iterdir()
    assert address.stat().st_mode & 0o077 == 0
    window.showMinimized()
    second = start_again(photos)
    try:
        wait_until(lambda: second.poll() is not None, 120)
    finally:
        second.kill()
    assert second.returncode == 0
    assert "open in a window already" in second.stdout.read()
    assert not window.isMinimized()
    assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "token-of-the-desktop"


def test_the_address_of_a_window_that_was_killed_is_taken_over(window: MainWindow, runtime_folder: Path) -> None:
    photos = window.session.project.photos
    OneWindow(window, window.session)
    (address,) = (runtime_folder / "cdul").iterdir()
    window.desk.opening.close()
    assert not address.exists()
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(address))
    assert address.exists()
    assert not show_other_window(photos)
    window.desk.opening.open_folder(photos)
    wait_until(lambda: window.session.project is not None)
    with socket.socket(socket.AF_UNIX) as asked:
        asked.connect(str(address))


def test_a_folder_that_others_may_write_to_is_not_used(window: MainWindow, runtime_folder: Path) -> None:
    (runtime_folder / "cdul").mkdir()
    (runtime_folder / "cdul").chmod(0o777)
    OneWindow(window, window.session)
    assert not any((runtime_folder / "cdul").iterdir())
    assert not show_other_window(window.session.project.photos)
