"""Encoders that can be had: which there are, and fetching one while everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Failure, Job
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from engine.errors import UserError
from engine.jobs import Cancellation, Progress, ProgressReport
from engine.models.encoders import remembered
from engine.models.encoders.catalog import EncoderInfo, encoders, title_of
from engine.models.encoders.download import begun, download_weights, endpoint
from engine.models.encoders.failures import Cause, DownloadFailed
from engine.models.encoders.known import BY_NAME
from engine.models.encoders.proxy import choose_proxy, chosen_proxy, proxy_for, without_password


class Stage(Enum):
    """How far a download is."""

    RUNNING = auto()
    PAUSED = auto()
    STOPPED = auto()
    """The program ended meanwhile."""
    FAILED = auto()


@dataclass
class Download:
    """One encoder that is fetched. `report` is what was told of it last, `failure` why it does not go on."""

    name: str
    stage: Stage
    report: ProgressReport | None = None
    failure: Failure | None = None

    @property
    def title(self) -> str:
        return title_of(self.name)

    @property
    def cause(self) -> Cause | None:
        """What stood in the way."""
        error = None if self.failure is None else self.failure.error
        return error.cause if isinstance(error, DownloadFailed) else None


class Encoders(QObject):
    """Looks encoders up, and fetches one at a time; what came of it before a stop is kept."""

    download_changed = Signal()
    """A download began, went on, stopped, failed, or is over."""
    progressed = Signal()
    """More of it came."""
    arrived = Signal(str)
    """An encoder, by its name, is on this computer now."""
    named = Signal()
    """What a person named is here, or is no encoder: the window says so, and no dialog should stand before it."""
    not_taken = Signal(Failure)
    """A file or folder that a person named is no encoder, or a damaged one."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._job: Job | None = None
        self.download: Download | None = None
        """What is fetched, or was to be."""
        if unfinished := Settings().unfinished_download:
            self.download = Download(unfinished, Stage.STOPPED)

    # What there is

    def look_up(self, show: Callable[[list[EncoderInfo]], None]) -> None:
        """Find out which encoders there are: the short list, and what else is here."""
        self._read(encoders, show)

    def look_up_all(self, show: Callable[[list[EncoderInfo]], None]) -> None:
        """Find out which encoders open_clip knows."""
        self._read(partial(encoders, every=True), show)

    def _read(self, work: Callable[[], list[EncoderInfo]], show: Callable[[list[EncoderInfo]], None]) -> None:
        job = self._session.workers.read(work)
        job.finished.connect(show)
        job.failed.connect(self._session.failed)

    def begun(self, name: str) -> int:
        """How many megabytes of an encoder came before its download stopped."""
        known = BY_NAME.get(name)
        return 0 if known is None else begun(known.repository) // 10**6

    def use(self, name: str) -> None:
        """Offer to label with an encoder that is here."""
        self.named.emit()
        self.arrived.emit(name)

    def take(self, path: str, ask: Callable[[str, list[str]], None]) -> None:
        """Use weights that lie in a file or folder; `ask` is called with names they may have, where there are more."""

        def work() -> list[str]:
            from engine.models.encoders.own_files import names_of_own

            return names_of_own(Path(path))

        def tell(names: list[str]) -> None:
            if len(names) == 1:
                self.use_own(names[0])
            else:
                ask(path, names)

        job = self._session.workers.read(work)
        job.finished.connect(tell)
        job.failed.connect(lambda _failure: self.named.emit())
        job.failed.connect(self.not_taken)

    def use_own(self, name: str) -> None:
        """Offer to label with an encoder in a file or folder that a person named."""

        def work() -> str:
            from engine.models.encoders.confirmed import confirm_encoder

            confirm_encoder(name)
            return name

        job = self._session.workers.read(work)
        job.finished.connect(self.use)
        job.failed.connect(self._session.failed)

    # Fetching

    def fetch(self, name: str) -> None:
        """Begin or go on to fetch an encoder; one that is being fetched stops, and what came of it stays."""
        if self.download is not None and self.download.name == name and self.download.stage == Stage.RUNNING:
            return
        self._leave()
        self.download = Download(name, Stage.RUNNING)
        Settings().unfinished_download = name

        def work(progress: Progress, cancellation: Cancellation) -> str:
            download_weights(name, progress, cancellation)
            return name

        job = self._session.workers.download(work)
        self._job = job
        job.progressed.connect(lambda report: self._tell(report) if job is self._job else None)
        job.finished.connect(lambda _name: self._end(name) if job is self._job else None)
        job.failed.connect(lambda failure: self._fail(failure) if job is self._job else None)
        self.download_changed.emit()

    def pause(self) -> None:
        """Fetch no more for now."""
        if self._job is not None and self.download is not None:
            self._job.cancellation.pause()
            self.download.stage = Stage.PAUSED
            self.download_changed.emit()

    def go_on(self) -> None:
        """Fetch on, whatever it was stopped by."""
        download = self.download
        if download is None:
            return
        if self._job is not None and download.stage == Stage.PAUSED:
            download.stage = Stage.RUNNING
            self._job.cancellation.resume()
            self.download_changed.emit()
        else:
            self.fetch(download.name)

    def cancel(self) -> None:
        """Fetch it no more; what came stays, for another try."""
        self._leave()
        self.download = None
        Settings().unfinished_download = ""
        self.download_changed.emit()

    @property
    def source(self) -> str:
        """The address that encoders are fetched from."""
        return endpoint()

    @property
    def proxy(self) -> str:
        """The proxy that they are fetched through, without its password; empty without one."""
        return without_password(proxy_for(endpoint()) or "")

    def fetch_from(self, address: str, proxy: str) -> None:
        """Fetch from this address, a mirror of the hub, through this proxy; nothing for the hub and the system's.

        Raises:
            UserError: one of them is no address, or they cannot be kept; neither is changed.
        """
        before = chosen_proxy()
        choose_proxy(proxy)
        try:
            remembered.choose_mirror(address)
        except UserError:
            choose_proxy(before)
            raise
        self.download_changed.emit()

    def fetch_into(self, folder: Path) -> None:
        """Put weights into this folder from now on, and go on."""
        try:
            remembered.choose_weights_folder(folder)
        except UserError as error:
            self._session.failed.emit(Failure(error))
        else:
            self.go_on()

    def _leave(self) -> None:
        if self._job is not None:
            self._job.cancellation.cancel()
            self._job = None

    def _tell(self, report: ProgressReport) -> None:
        if self.download is not None:
            self.download.report = report
            self.progressed.emit()

    def _end(self, name: str) -> None:
        self._job = self.download = None
        Settings().unfinished_download = ""
        self.download_changed.emit()
        self.arrived.emit(name)

    def _fail(self, failure: Failure) -> None:
        self._job = None
        if self.download is not None:
            self.download.stage, self.download.failure = Stage.FAILED, failure
        self.download_changed.emit()
