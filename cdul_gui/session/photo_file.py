"""The files of the photos that are looked at, handed to other programs: shown in their folder, opened, copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from cdul_gui.session.current_photo import decoded_photo
from cdul_gui.session.file_manager import open_file, show_in_folder
from cdul_gui.session.session import Session
from cdul_gui.wording import photos_in_words
from engine.remote import AnyFile, RemoteFile


class PhotoFile(QObject):
    """Of the current photo, and where it makes sense of all that are selected."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def show_in_folder(self) -> None:
        """Show the current photo in the file manager."""
        if (file := self._on_disk()) is not None:
            show_in_folder(file, self._session.said.emit)

    def open_elsewhere(self) -> None:
        """Open the current photo with the program that the system has for it."""
        if (file := self._on_disk()) is not None:
            open_file(file, self._session.said.emit)

    def copy_paths(self) -> None:
        """Put the paths of the selected photos on the clipboard, one a line."""
        if files := self._selected():
            QGuiApplication.clipboard().setText("\n".join(map(str, files)))
            self._session.said.emit(self.tr("Paths copied: {photos}").format(photos=photos_in_words(len(files))))

    def copy_photos(self) -> None:
        """Put the selected photos on the clipboard: as files and, of the current one, as a picture."""
        session, file, files = self._session, self._current(), self._selected()
        if session.project is None or file is None:
            return
        job = session.workers.decode(lambda: decoded_photo(file).image, urgent=True)

        def done(picture: QImage) -> None:
            copied = QMimeData()
            copied.setUrls([QUrl.fromLocalFile(str(one)) for one in files if isinstance(one, Path)])
            copied.setImageData(picture)
            QGuiApplication.clipboard().setMimeData(copied)
            session.said.emit(self.tr("Copied: {photos}").format(photos=photos_in_words(len(files))))

        job.finished.connect(done)
        job.failed.connect(session.failed)

    def _on_disk(self) -> Path | None:
        """The file of the current photo; of one in a store it is said that other programs do not see it."""
        file = self._current()
        if isinstance(file, RemoteFile):
            said = self.tr("{file} is in a store, where other programs of this computer do not see it.")
            self._session.said.emit(said.format(file=file))
            return None
        return file

    def _current(self) -> AnyFile | None:
        session = self._session
        if session.project is None or session.snapshot is None or session.current is None:
            return None
        return session.project.file_of(session.snapshot.paths[session.current])

    def _selected(self) -> list[AnyFile]:
        """The selected photos, or the current one where it is not among them."""
        session, current = self._session, self._session.current
        if session.project is None or session.snapshot is None or current is None:
            return []
        rows = session.selection.tolist()
        return [
            session.project.file_of(session.snapshot.paths[row]) for row in (rows if current in rows else [current])
        ]
