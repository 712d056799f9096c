"""A dialog that is closed while it still looks something up is gone without a word."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acting import command, open_dialog, settle, wait_until
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from shiboken6 import isValid

from cdul_gui.session.jobs import Job
from cdul_gui.window.main_window import MainWindow


@pytest.mark.parametrize("name", ["export", "label-set", "import", "import-truth"])
def test_it_says_nothing_more(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    workers, gate = window.session.workers, threading.Event()
    read, asked = workers.read, []

    def read_once_told(work: Callable[[], Any]) -> Job:
        asked.append(work)
        return read(lambda: gate.wait(60) and work())

    monkeypatch.setattr(workers, "read", read_once_told)
    command(window, name).trigger()
    dialog = open_dialog(window)
    if name.startswith("import"):
        file = tmp_path / "labels.json"
        file.write_text(json.dumps({"images": [], "annotations": [], "categories": []}))
        path = next(one for one in dialog.findChildren(QLineEdit) if not isinstance(one.parent(), QComboBox))
        QTest.keyClicks(path, str(file))
    wait_until(lambda: bool(asked))
    dialog.close()
    wait_until(lambda: not isValid(dialog))
    gate.set()
    # What goes wrong in a slot fails the test.
    settle(window)
    assert not window.messages.isVisible()
