"""Weights are fetched when asked for and compared with their checksum; what came before a stop is not fetched again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

WEIGHTS = bytes(range(256)) * 100_000
"""Some 25 megabytes: the hub's client keeps ten at a time."""

# pytest-socket closes the network for all tests; here a hub of our own listens on this machine.
pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Hub(ThreadingHTTPServer):
    """As much of a model hub as its client needs.

    `cuts` end the next answers at so many bytes of the file; with `stalls` the line stays open after a cut, and silent.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.content = WEIGHTS
        self.digest = hashlib.sha256(WEIGHTS).hexdigest()
        self.cuts: list[int] = []
        self.ranges: list[str | None] = []
        self.stalls = False
        self.closing = Event()

    def handle_error(self, *_arguments: object) -> None:
        """A client that goes away is no news."""


class Answers(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the tests' screen."""

    def do_HEAD(self) -> None:
        if self.path.endswith("open_clip_model.safetensors"):
            self._headers(200, 0)
        else:
            self.send_error(404)

    def do_GET(self) -> None:
        if not self.path.endswith("open_clip_model.safetensors"):
            self.send_error(404)
            return
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").partition("-")[0]) if wanted else 0
        self._headers(206 if wanted else 200, start)
        end = self.server.cuts.pop(0) if self.server.cuts else len(self.server.content)
        self.wfile.write(self.server.content[start:end])
        if self.server.stalls and end < len(self.server.content):
            self.server.closing.wait()
        self.close_connection = True

    def _headers(self, status: int, start: int) -> None:
        length = len(self.server.content)
        self.send_response(status)
        self.send_header("ETag", f'"{self.server.digest}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("X-Linked-Size", str(length))
        self.send_header("Content-Length", str(length - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{length - 1}/{length}")
        self.end_headers()


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


def start_download(hub: Hub) -> subprocess.Popen[str]:
    # The hub's client reads its address once, when it is imported.
    environment = {**os.environ, "HF_ENDPOINT": f"http://127.0.0.1:{hub.server_port}", "HF_HUB_DISABLE_XET": "1"}
    command = [sys.executable, "-m", "cdul_gui", "encoders", "--download", "ViT-B-32:laion2b_s34b_b79k"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def download(hub: Hub) -> subprocess.CompletedProcess[str]:
    with start_download(hub) as process:
        out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def partial_of(hub: Hub) -> Path:
    folder = "models--laion--CLIP-ViT-B-32-laion2B-s34B-b79K"
    return Path(os.environ["HF_HUB_CACHE"]) / folder / "blobs" / f"{hub.digest}.partial"


def asked_from(wanted: str | None) -> int:
    """The first byte of a range that was asked for."""
    return int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0


def test_source_size_and_checksum_are_named(hub: Hub) -> None:
    done = download(hub)
    assert done.returncode == 0, done.stderr
    assert f"http://127.0.0.1:{hub.server_port}/laion/CLIP-ViT-B-32-laion2B-s34B-b79K" in done.stdout
    assert f"{len(WEIGHTS):,} bytes" in done.stdout
    assert hub.digest in done.stdout


def test_a_download_whose_connection_breaks_goes_on_where_it_stopped(hub: Hub) -> None:
    hub.cuts = [24_000_000]
    done = download(hub)
    assert done.returncode == 0, done.stderr
    first, second = hub.ranges
    assert first is None
    assert asked_from(second) >= 10_000_000
    assert hub.digest in done.stdout


def test_a_download_that_is_killed_goes_on_where_it_stopped(hub: Hub) -> None:
    hub.cuts, hub.stalls = [15_000_000], True
    partial, patience = partial_of(hub), time.monotonic() + 60
    with start_download(hub) as process:
        while not partial.is_file() or not partial.stat().st_size:
            assert process.poll() is None
            assert time.monotonic() < patience
            hub.closing.wait(0.01)
        process.kill()
    kept = partial.stat().st_size
    done = download(hub)
    assert done.returncode == 0, done.stderr
    assert [asked_from(wanted) for wanted in hub.ranges] == [0, kept]
    assert f"SHA-256 {hub.digest}, as published" in done.stdout
    assert not partial.exists()
    weights = Path(done.stdout.partition(" are in ")[2].splitlines()[0])
    assert weights.read_bytes() == WEIGHTS


def test_weights_that_were_changed_on_the_way_are_refused(hub: Hub) -> None:
    hub.content = WEIGHTS[:-1] + b"!"
    done = download(hub)
    assert done.returncode == 1
    assert "it was changed on the way, and was deleted" in done.stderr
    assert not partial_of(hub).exists()
    assert "Traceback" not in done.stderr
