"""Commands of a whole project: opened, filled from other programs, handed over, tidied, closed."""

from __future__ import annotations

from cdul_gui.commands.command import Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

OPEN = Command(
    "open",
    QT_TRANSLATE_NOOP("Actions", "Open folder…"),
    lambda d: d.ask.choose_folder(),
    ("Ctrl+O",),
    "fa6s.folder-open",
)
OPEN_ADDRESS = Command(
    "open-address",
    QT_TRANSLATE_NOOP("Actions", "Open an address…"),
    lambda d: d.ask.open_address(),
    (),
    "",
    Needs.NOTHING,
    QT_TRANSLATE_NOOP("Actions", "Photos in an object store, or a project on a server"),
)
SAMPLES = Command(
    "samples",
    QT_TRANSLATE_NOOP("Actions", "Open the sample photos"),
    lambda d: d.opening.open_samples(),
    (),
    "fa6s.images",
)
CLOSE = Command(
    "close",
    QT_TRANSLATE_NOOP("Actions", "Close the photos"),
    lambda d: d.opening.close(),
    ("Ctrl+W",),
    "",
    Needs.PROJECT,
)
IMPORT = Command(
    "import",
    QT_TRANSLATE_NOOP("Actions", "Import…"),
    lambda d: d.ask.import_labels(),
    ("Ctrl+I",),
    "fa6s.file-import",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Take over labels of other programs, as decisions, suggestions or a truth"),
)
EXPORT = Command(
    "export",
    QT_TRANSLATE_NOOP("Actions", "Export…"),
    lambda d: d.ask.export(),
    ("Ctrl+E",),
    "fa6s.file-export",
    Needs.PROJECT | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Export the labels, as COCO or in another format"),
)
TIDY = Command(
    "tidy",
    QT_TRANSLATE_NOOP("Actions", "Tidy up…"),
    lambda d: d.tidying.look(),
    (),
    "fa6s.broom",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "See what the project no longer needs, and delete it; no photo and no decision"),
)
QUIT = Command("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), lambda d: d.window.close(), ("Ctrl+Q",))
