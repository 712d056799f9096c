"""The application: starts Qt, opens the window, and sees to it that no error goes by unseen."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, Qt, QTranslator, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from cdul_gui.look.appearance import apply_theme
from cdul_gui.session.jobs import Failure
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.window.garbage import Garbage
from cdul_gui.window.interpreter import share_interpreter, spare_what_is_there
from cdul_gui.window.main_window import MainWindow
from cdul_gui.window.one_window import OneWindow
from cdul_gui.wording import translated
from engine import plug_ins
from engine.project.storage.address import Place
from engine.remote import AnyFolder
from engine.resources import resource


class Application(QApplication):
    """The application, which macOS tells of a folder to open by an event in place of the command line."""

    folder_wanted = Signal(Path)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and Path(event.file()).is_dir():
            self.folder_wanted.emit(Path(event.file()))
            return True
        return super().event(event)


def run_window(photos: AnyFolder | None, project: Place | None) -> int:
    """Open the window on a folder of photos, or on nothing; returns the exit code once it is closed."""
    share_interpreter()
    app = make_application(sys.argv[:1])
    window = make_window()
    OneWindow(window, window.session)
    sys.excepthook = show_errors_in(window.session)
    window.session.opened.connect(spare_what_is_there)
    app.folder_wanted.connect(window.desk.opening.open_folder)
    window.show()
    spare_what_is_there()
    for problem in plug_ins.problems():
        window.session.noticed.emit(translated(problem))
    if photos is not None:
        window.desk.opening.open_folder(photos, project)
    return app.exec()


def make_application(arguments: list[str]) -> Application:
    """The application with its look, icon and language."""
    app = Application(arguments)
    app.setApplicationName("cdul")
    app.setApplicationDisplayName("CDUL")
    app.setDesktopFileName("cdul")
    app.setWindowIcon(QIcon(str(resource("icons", "cdul.svg"))))
    apply_theme(app)
    app.focusChanged.connect(_show_focus)
    _translate(app)
    Garbage(app)
    return app


def _show_focus(_before: QWidget | None, now: QWidget | None) -> None:
    """Frame whatever has the keyboard: Qt does so only in windows in which Tab was pressed."""
    if now is not None:
        now.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def make_window() -> MainWindow:
    """A window with nothing open."""
    return MainWindow(Session())


def _translate(app: QApplication) -> None:
    """Load Qt's own texts and the program's in the language that is wanted, where there is a translation."""
    if (wanted := Settings().language) != "system":
        QLocale.setDefault(QLocale(wanted))
    for name, folder in (
        ("qtbase", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        ("cdul", str(resource("translations"))),
    ):
        translator = QTranslator(app)
        if translator.load(QLocale(), name, "_", folder):
            QCoreApplication.installTranslator(translator)


def show_errors_in(session: Session) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """An exception hook that prints, as ever, and tells the person as well."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        if not isinstance(error, KeyboardInterrupt):
            session.failed.emit(Failure(error))

    return hook
