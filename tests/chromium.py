"""Chromium without a window, spoken to through its debugging pipe: what a page does in a real browser.

It is not a dependency: where there is none, what needs it is skipped. On Debian: apt-get install chromium.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(PROGRAM is None, reason="no Chromium here: apt-get install chromium")
_SECONDS = 60


class Page:
    """One page: scripts are run in it, and every address that it asks for is kept."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from, self._read, self._number = to_browser, from_browser, b"", 0
        self.asked_for: list[str] = []
        self.problems: list[str] = []
        self._loaded = False
        self._session: str | None = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._call(f"{domain}.enable")

    def open(self, address: str, *, width: int = 1200) -> None:
        """Open an address and wait until it is loaded."""
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self._loaded = False
        self._call("Page.navigate", url=address)
        while not self._loaded:
            self._hear()

    def run(self, script: str) -> Any:
        """The value of an expression in the page, awaited where it is a promise."""
        found = self._call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (answer := self._hear()).get("id") != self._number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._from], [], [], _SECONDS)
            assert ready, "Chromium says nothing"
            read = os.read(self._from, 1 << 16)
            assert read, "Chromium has ended"
            self._read += read
        line, _, self._read = self._read.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        about = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.asked_for.append(about["request"]["url"])
        elif message.get("method") == "Page.loadEventFired":
            self._loaded = True
        elif message.get("method") == "Log.entryAdded":
            self.problems.append(about["entry"]["text"])
        elif message.get("method") == "Runtime.exceptionThrown":
            self.problems.append(str(about["exceptionDetails"]))
        return message


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """A page in a browser of its own, without a network, whose profile lies in a folder."""
    assert PROGRAM is not None
    read_here, written_there = os.pipe()
    read_there, written_here = os.pipe()
    options = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --remote-debugging-pipe"
    started = subprocess.Popen(
        [
            "bash",
            "-c",
            f'exec "$0" {options} --user-data-dir="$1" 3<&{read_there} 4>&{written_there}',
            PROGRAM,
            profile,
        ],
        pass_fds=(read_there, written_there),
        stderr=subprocess.DEVNULL,
    )
    os.close(read_there)
    os.close(written_there)
    try:
        yield Page(written_here, read_here)
    finally:
        started.kill()
        started.wait()
        os.close(written_here)
        os.close(read_here)
