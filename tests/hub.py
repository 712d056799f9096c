"""A model hub on this machine, as much of one as fetching needs, that can be slow, cut the line, lie or vanish."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

from engine.models.encoders.known import BY_NAME

PART = 16_384


class Hub:
    """Files by `repository/name`.

    `cuts` end the next answers at so many bytes of the file; with `stalls` the line stays open after a cut, and silent.
    `wrong`: other bytes come than were announced. `claimed`: the size that is announced in place of the true one.
    `status`: what every question is answered with. `hold_at`: after so many bytes of a file the line is silent, until
    `held` is set again. `no_ranges`: every answer begins at the beginning. `status_of_ranges`: what is answered to
    whoever wants to go on.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cuts: list[int] = []
        self.ranges: list[str | None] = []
        self.stalls = self.wrong = False
        self.status: int | None = None
        self.retry_after: int | None = None
        self.claimed: int | None = None
        self.no_ranges = False
        self.status_of_ranges: int | None = None
        self.hold_at: int | None = None
        self.held = Event()
        self.held.set()
        self.closing = Event()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    def put(self, repository: str, name: str, content: bytes) -> str:
        """Publish a file; returns its SHA-256."""
        self.files[f"{repository}/{name}"] = content
        return hashlib.sha256(content).hexdigest()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Listen, on the same port as before if it was open before."""
        hub = self

        class Answers(_Answers):
            pass

        Answers.hub = hub

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_arguments: object) -> None:
                """A client that goes away is no news."""

        self.closing.clear()
        self._server = Server(("127.0.0.1", self.port), Answers)
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def vanish(self) -> None:
        """No longer be there; lines that are open break."""
        self.closing.set()
        self.held.set()
        if self._server is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None


class _Answers(BaseHTTPRequestHandler):
    hub: Hub

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the tests' screen."""

    def _content(self) -> bytes | None:
        refused = self.hub.status_of_ranges if self.headers.get("Range") else None
        if (status := self.hub.status or refused) is not None:
            self.send_response(status)
            if self.hub.retry_after is not None:
                self.send_header("Retry-After", str(self.hub.retry_after))
            self.end_headers()
            return None
        repository, found, name = self.path.lstrip("/").partition("/resolve/main/")
        content = self.hub.files.get(f"{repository}/{name}") if found else None
        if content is None:
            self.send_error(404)
        return content

    def do_HEAD(self) -> None:
        content = self._content()
        if content is not None:
            self._headers(200, content, 0)

    def do_GET(self) -> None:
        content = self._content()
        if content is None:
            return
        wanted = self.headers.get("Range")
        self.hub.ranges.append(wanted)
        if self.hub.no_ranges:
            wanted = None
        start = int(wanted.removeprefix("bytes=").partition("-")[0]) if wanted else 0
        self._headers(206 if wanted else 200, content, start)
        end = self.hub.cuts.pop(0) if self.hub.cuts else len(content)
        sent = content[:-1] + bytes([content[-1] ^ 1]) if self.hub.wrong else content
        for place in range(start, end, PART):
            if self.hub.hold_at is not None and place >= self.hub.hold_at:
                self.hub.hold_at = None
                self.hub.held.clear()
            self.hub.held.wait()
            if self.hub.closing.is_set():
                break
            self.wfile.write(sent[place : min(place + PART, end)])
        if self.hub.stalls and end < len(content):
            self.hub.closing.wait()
        self.close_connection = True

    def _headers(self, status: int, content: bytes, start: int) -> None:
        self.send_response(status)
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.send_header("X-Linked-Size", str(self.hub.claimed or len(content)))
        self.send_header("Content-Length", str(len(content) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()


@contextmanager
def open_hub() -> Iterator[Hub]:
    """A hub that listens."""
    hub = Hub()
    hub.open()
    try:
        yield hub
    finally:
        hub.vanish()


def publish_tiny_clip(hub: Hub, tiny_clip: Path, name: str) -> str:
    """Publish a small random model under the name of a real one; returns its SHA-256."""
    content = (tiny_clip / "open_clip_model.safetensors").read_bytes()
    return hub.put(BY_NAME[name].repository, "open_clip_model.safetensors", content)
