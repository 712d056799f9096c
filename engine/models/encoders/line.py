"""The line to a server: asked and read in a thread of its own, so that whoever waits can leave at any moment.

A connection that is silent cannot be interrupted from outside. The thread that reads it is left behind: it ends with
its next byte or its time-out, and nobody takes what it brings any more.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any
from urllib.parse import urljoin, urlsplit

from engine.jobs import Cancellation
from engine.models.encoders.failures import Cause, DownloadFailed
from engine.models.encoders.proxy import chosen_proxy, proxy_for, without_password
from engine.wording import Sentence

_PATIENCE = 15.0
"""Seconds without a byte after which a line counts as broken."""

_FOR_AN_ANSWER = 8.0
"""Seconds for a connection to be made."""

_GLANCE = 0.1
"""Seconds between two looks whether somebody wants to leave."""

_PARTS_AHEAD = 16
_MOST_REDIRECTS = 5


@dataclass(frozen=True)
class FileThere:
    """What a server says of a file: `size` in bytes; `etag` names its content; `commit` the state of a repository."""

    address: str
    size: int | None
    etag: str | None
    commit: str | None


def look_up(address: str, headers: dict[str, str], cancellation: Cancellation) -> FileThere | None:
    """Ask for a file without fetching it; None where there is no such file.

    Raises:
        DownloadFailed: the server cannot be reached or refuses.
        Cancelled: at once, whatever the line does.
    """

    def ask() -> Generator[FileThere | None, None, None]:
        place = address
        with _client() as client:
            for _ in range(_MOST_REDIRECTS):
                answer = client.head(place, headers={**headers, "Accept-Encoding": "identity"})
                aside = answer.headers.get("Location", "")
                # A repository that has moved says so with a path; a whole address is where the bytes are, and the
                # hub's own headers stand beside it.
                if not answer.is_redirect or urlsplit(aside).netloc or answer.headers.get("X-Linked-Etag"):
                    break
                place = urljoin(place, aside)
        if answer.status_code == 404:
            yield None
            return
        _accept(answer, address)
        told = answer.headers
        size = told.get("X-Linked-Size") or (None if answer.is_redirect else told.get("Content-Length"))
        etag = (told.get("X-Linked-Etag") or told.get("ETag") or "").removeprefix("W/").strip('"')
        yield FileThere(place, int(size) if size and size.isdigit() else None, etag or None, told.get("X-Repo-Commit"))

    with closing(_while_wanted(ask, address, cancellation)) as answers:
        return next(answers)


def read_from(
    address: str, start: int, headers: dict[str, str], cancellation: Cancellation
) -> Generator[bytes, None, None]:
    """The bytes of a file from this one on, as they come; none for every moment of silence.

    Raises:
        DownloadFailed: the server cannot be reached, refuses, or the line broke; `cause` is RESTART where the server
            can only begin at the beginning.
        Cancelled: at once, whatever the line does.
    """

    def parts() -> Generator[bytes, None, None]:
        wanted = {**headers, "Accept-Encoding": "identity"}
        if start:
            wanted["Range"] = f"bytes={start}-"
        with _client(follow_redirects=True) as client, client.stream("GET", address, headers=wanted) as answer:
            if answer.status_code == 416 or (start and answer.status_code == 200):
                raise DownloadFailed(Cause.RESTART, Sentence("The server cannot go on in the middle of a file."))
            _accept(answer, address)
            yield from answer.iter_raw()

    return _while_wanted(parts, address, cancellation, of_silence=b"")


def _while_wanted(
    work: Callable[[], Generator[Any, None, None]], address: str, cancellation: Cancellation, of_silence: Any = None
) -> Generator[Any, None, None]:
    """What a thread of its own finds, until it ends or nobody wants it any more."""
    found: Queue[tuple[bool, Any]] = Queue(_PARTS_AHEAD)
    unwanted = Event()

    def put(good: bool, thing: Any) -> bool:
        while not unwanted.is_set():
            try:
                found.put((good, thing), timeout=_GLANCE)
            except Full:
                continue
            return True
        return False

    def run() -> None:
        try:
            with closing(work()) as things:
                for thing in things:
                    if not put(True, thing):
                        return
            put(False, None)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told where it can be dealt with
            put(False, error)

    Thread(target=run, name="download", daemon=True).start()
    try:
        while True:
            cancellation.check()
            try:
                good, thing = found.get(timeout=_GLANCE)
            except Empty:
                if of_silence is not None:
                    yield of_silence
                continue
            if good:
                yield thing
            elif thing is None:
                return
            elif isinstance(thing, DownloadFailed):
                raise thing
            else:
                raise _broken(thing, address) from thing
    finally:
        unwanted.set()


def _client(**options: Any) -> Any:
    """By the library that the hub's client brings, whichever it is: it heeds the system's proxy and has certificates.

    Not the hub's client itself, which is told to stay offline, for all of the program.
    """
    try:
        library: Any = import_module("httpx2")
    except ImportError:  # before huggingface_hub 2
        library = import_module("httpx")
    time_out = library.Timeout(_PATIENCE, connect=_FOR_AN_ANSWER)
    try:
        return library.Client(timeout=time_out, proxy=chosen_proxy(), **options)
    except (ImportError, ValueError) as error:  # SOCKS, or no address at all
        raise DownloadFailed(
            Cause.PROXY,
            Sentence(
                "The proxy that this computer is set up for is of a kind that cannot be used here; one of the kind "
                "http://host:port can."
            ),
        ) from error


def _accept(answer: Any, address: str) -> None:
    """Pass what is good; a refusal is told with what can be done about it."""
    status, host = answer.status_code, urlsplit(str(address)).netloc
    if status < 400:
        return
    if status == 404:
        raise DownloadFailed(Cause.NOT_THERE, Sentence("{host} does not have this file.").format(host=host))
    if status in (401, 403, 451):
        raise DownloadFailed(
            Cause.REFUSED,
            Sentence(
                "{host} does not give this file to this computer (answer {status}): it asks for an account, or the "
                "network blocks it."
            ).format(host=host, status=status),
        )
    if status == 407:
        raise _refused_by_proxy(address, wants_name=True)
    if status == 429:
        after = answer.headers.get("Retry-After", "")
        wait = (
            Sentence("Try again in {count} seconds.").format(count=int(after))
            if after.isdigit()
            else Sentence("Try again in some minutes.")
        )
        raise DownloadFailed(
            Cause.REFUSED,
            Sentence("{host} was asked too often from this network. {wait}").format(host=host, wait=wait),
        )
    raise DownloadFailed(
        Cause.NO_NETWORK, Sentence("{host} is out of order (answer {status}).").format(host=host, status=status)
    )


def _refused_by_proxy(address: str, *, wants_name: bool) -> DownloadFailed:
    said = (
        Sentence("The proxy {proxy} asks for a name and a password: http://name:password@host:port names them.")
        if wants_name
        else Sentence("The proxy {proxy} does not answer, or does not let this through.")
    )
    return DownloadFailed(Cause.PROXY, said.format(proxy=without_password(proxy_for(address) or "")))


def _broken(error: Exception, address: str) -> DownloadFailed:
    """What went wrong on the way, in words. The kinds have the same names in all releases of the library."""
    kinds, host = {kind.__name__ for kind in type(error).__mro__}, urlsplit(address).netloc
    connects = kinds & {"ConnectTimeout", "ConnectError"}
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        said = Sentence("Somebody on the way to {host} shows a certificate that this computer does not trust.")
    elif "ProxyError" in kinds or (connects and proxy_for(address)):
        return _refused_by_proxy(address, wants_name="407" in str(error))
    elif connects:
        said = Sentence("{host} cannot be reached: there is no network, or it lets nothing through.")
    elif "TimeoutException" in kinds:
        said = Sentence("{host} does not answer any more.")
    elif "TransportError" in kinds:
        said = Sentence("The connection to {host} broke.")
    else:
        said = Sentence("{host} cannot be asked ({error}).")
    return DownloadFailed(Cause.NO_NETWORK, said.format(host=host, error=" ".join(str(error).split())[:200]))
