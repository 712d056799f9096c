"""The commands that hand a photo's file to other programs."""

from __future__ import annotations

from cdul_gui.commands.command import Command, Needs
from cdul_gui.wording import QT_TRANSLATE_NOOP

SHOW_IN_FOLDER = Command(
    "show-in-folder",
    QT_TRANSLATE_NOOP("Actions", "Show in folder"),
    lambda d: d.photo_file.show_in_folder(),
    (),
    "fa6s.folder",
    Needs.CURRENT,
)
OPEN_ELSEWHERE = Command(
    "open-elsewhere",
    QT_TRANSLATE_NOOP("Actions", "Open in another program"),
    lambda d: d.photo_file.open_elsewhere(),
    (),
    "fa6s.arrow-up-right-from-square",
    Needs.CURRENT,
)
COPY_PATH = Command(
    "copy-path",
    QT_TRANSLATE_NOOP("Actions", "Copy path"),
    lambda d: d.photo_file.copy_paths(),
    ("Ctrl+Shift+C",),
    "",
    Needs.CURRENT,
    QT_TRANSLATE_NOOP("Actions", "Copy the paths of the selected photos, one a line"),
)
COPY_PHOTO = Command(
    "copy-photo",
    QT_TRANSLATE_NOOP("Actions", "Copy photo"),
    lambda d: d.photo_file.copy_photos(),
    ("Ctrl+Alt+C",),
    "",
    Needs.CURRENT,
    QT_TRANSLATE_NOOP("Actions", "Copy the selected photos as files, and this one as a picture"),
)

PHOTO_FILE_COMMANDS = (SHOW_IN_FOLDER, OPEN_ELSEWHERE, COPY_PATH, COPY_PHOTO)
