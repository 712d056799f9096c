"""Every command once: where it stands in the menus, its keys, its icon, and what it calls."""

from __future__ import annotations

from cdul_gui.commands.arranging import FILTER_COMMANDS, GROUP_COMMANDS, SORT_COMMANDS
from cdul_gui.commands.command import EDIT, SEPARATOR, Command, Needs, Submenu
from cdul_gui.commands.copying import COPY_COMMANDS
from cdul_gui.commands.evaluation import EVALUATION_COMMANDS
from cdul_gui.commands.finding import FIND_COMMANDS
from cdul_gui.commands.label_set import CHANGE_KEYS, GIVE_KEYS, LABEL_SET, RULES, WORDS
from cdul_gui.commands.photo_file import PHOTO_FILE_COMMANDS
from cdul_gui.commands.project import CLOSE, EXPORT, IMPORT, OPEN, OPEN_ADDRESS, QUIT, SAMPLES, TIDY
from cdul_gui.commands.queues import QUEUE_COMMANDS
from cdul_gui.commands.sweep import HISTORY, SWEEP_COMMANDS
from cdul_gui.commands.training import TRAINING_COMMANDS
from cdul_gui.wording import QT_TRANSLATE_NOOP

LABEL = Command(
    "label",
    QT_TRANSLATE_NOOP("Actions", "Label"),
    lambda d: d.labelling.label(),
    ("Ctrl+L",),
    "fa6s.tags",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Suggest labels for all photos, as was chosen last"),
)
SET_UP = Command(
    "set-up",
    QT_TRANSLATE_NOOP("Actions", "Label with…"),
    lambda d: d.ask.set_up_and_label(),
    ("Ctrl+Shift+L",),
    "fa6s.sliders",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
    QT_TRANSLATE_NOOP("Actions", "Choose label set, encoder and grid first"),
)
ENCODERS = Command(
    "encoders",
    QT_TRANSLATE_NOOP("Actions", "Encoders…"),
    lambda d: d.ask_encoders.show_encoders(),
    (),
    "fa6s.brain",
    Needs.NOTHING,
    QT_TRANSLATE_NOOP("Actions", "See which encoders there are, and get a better one"),
)
LOOK_FOR_PHOTOS = Command(
    "look-for-photos",
    QT_TRANSLATE_NOOP("Actions", "Look for new photos"),
    lambda d: d.opening.look_for_photos(),
    ("F5",),
    "fa6s.arrows-rotate",
    Needs.PROJECT | Needs.WRITABLE | Needs.IDLE,
)
WATCH = Command(
    "watch",
    QT_TRANSLATE_NOOP("Actions", "Watch this folder"),
    lambda d: d.watching.toggle(),
    (),
    "",
    Needs.PROJECT | Needs.WRITABLE,
    QT_TRANSLATE_NOOP("Actions", "Add and label photos that come into the folder by themselves, behind all other work"),
    checked=lambda d: d.watching.on,
)
ENLARGE_PHOTO = Command(
    "show-photo",
    QT_TRANSLATE_NOOP("Actions", "Show the photo large"),
    lambda d: d.pages.show_current_photo(),
    ("Return", "Enter"),
    "fa6s.expand",
    Needs.CURRENT | Needs.GALLERY,
    in_gallery=True,
)
GALLERY = Command(
    "show-gallery",
    QT_TRANSLATE_NOOP("Actions", "Back to the photos"),
    lambda d: d.go_back(),
    ("Esc",),
    "",
    Needs.PROJECT,
    QT_TRANSLATE_NOOP("Actions", "From a panel to the photos, from a large photo to all of them"),
)
NEXT = Command(
    "next", QT_TRANSLATE_NOOP("Actions", "Next photo"), lambda d: d.review.step(1), ("N",), "", Needs.CURRENT
)
PREVIOUS = Command(
    "previous", QT_TRANSLATE_NOOP("Actions", "Previous photo"), lambda d: d.review.step(-1), ("P",), "", Needs.CURRENT
)

FIND_LABEL = Command(
    "find-label",
    QT_TRANSLATE_NOOP("Actions", "Find a label"),
    lambda d: d.find_label(),
    ("Ctrl+Shift+F",),
    "",
    Needs.PROJECT,
)
ADD_LABEL = Command(
    "add-label", QT_TRANSLATE_NOOP("Actions", "Add a label…"), lambda d: d.add_label(), ("Ctrl+K",), "fa6s.plus", EDIT
)
NO_LABEL = Command(
    "no-label",
    QT_TRANSLATE_NOOP("Actions", "Show no heatmap"),
    lambda d: d.look_at_no_label(),
    ("Backspace",),
    "",
    Needs.PROJECT,
)

ACCEPT = Command(
    "accept",
    QT_TRANSLATE_NOOP("Actions", "Accept what is likely and go on"),
    lambda d: d.accept_and_go_on(),
    ("Space",),
    "fa6s.check",
    EDIT,
    QT_TRANSLATE_NOOP("Actions", "Confirm what is likely, mark the photo as reviewed, show the next one"),
)
REJECT = Command(
    "reject",
    QT_TRANSLATE_NOOP("Actions", "Reject"),
    lambda d: d.review.reject(),
    ("X",),
    "fa6s.xmark",
    EDIT,
    QT_TRANSLATE_NOOP("Actions", "Reject the chosen label, or everything likely where none is chosen"),
)
MAYBE = Command(
    "maybe",
    QT_TRANSLATE_NOOP("Actions", "Unfold what may be there"),
    lambda d: d.session.toggle_unfolded(),
    (".",),
    "",
    Needs.CURRENT,
    QT_TRANSLATE_NOOP("Actions", "Show each label that may be on the photo, to confirm or reject it, or fold them up"),
)
UNDECIDE = Command(
    "undecide",
    QT_TRANSLATE_NOOP("Actions", "Take decisions back"),
    lambda d: d.review.undecide(),
    ("Del",),
    "fa6s.eraser",
    EDIT,
)
REVIEWED = Command(
    "reviewed",
    QT_TRANSLATE_NOOP("Actions", "Reviewed"),
    lambda d: d.review.toggle_reviewed(),
    ("M",),
    "fa6s.circle-check",
    EDIT,
)
UNDO = Command(
    "undo",
    QT_TRANSLATE_NOOP("Actions", "Undo"),
    lambda d: d.session.edits.undo(),
    ("Ctrl+Z",),
    "fa6s.rotate-left",
    Needs.WRITABLE | Needs.UNDOABLE,
)
REDO = Command(
    "redo",
    QT_TRANSLATE_NOOP("Actions", "Redo"),
    lambda d: d.session.edits.redo(),
    ("Ctrl+Shift+Z",),
    "fa6s.rotate-right",
    Needs.WRITABLE | Needs.REDOABLE,
)

TAKE = Command(
    "take-photos",
    QT_TRANSLATE_NOOP("Actions", "Give me photos…"),
    lambda d: d.ask_people.take_photos(),
    (),
    "fa6s.hand-holding",
    Needs.PROJECT | Needs.WRITABLE,
    QT_TRANSLATE_NOOP("Actions", "Take photos to review that nobody else is given meanwhile"),
)
AGREEMENT = Command(
    "agreement",
    QT_TRANSLATE_NOOP("Actions", "Agreement of people"),
    lambda d: d.show_people(),
    (),
    "fa6s.people-group",
    Needs.PROJECT,
    QT_TRANSLATE_NOOP("Actions", "Show how far the people who reviewed agree, and on which photos they do not"),
)
REVIEW_AS = Command(
    "review-as",
    QT_TRANSLATE_NOOP("Actions", "Reviewing as…"),
    lambda d: d.ask_people.who_reviews(),
    (),
    "fa6s.user",
    Needs.NOTHING,
    QT_TRANSLATE_NOOP("Actions", "Say who reviews: answers are kept under this name"),
)

LARGER = Command(
    "larger",
    QT_TRANSLATE_NOOP("Actions", "Larger"),
    lambda d: d.pages.enlarge(1),
    ("+", "="),
    "fa6s.magnifying-glass-plus",
    Needs.PROJECT,
)
SMALLER = Command(
    "smaller",
    QT_TRANSLATE_NOOP("Actions", "Smaller"),
    lambda d: d.pages.enlarge(-1),
    ("-",),
    "fa6s.magnifying-glass-minus",
    Needs.PROJECT,
)
FIT = Command(
    "fit", QT_TRANSLATE_NOOP("Actions", "Whole photo"), lambda d: d.pages.photo.canvas.fit(), ("0",), "", Needs.LARGE
)
ACTUAL = Command(
    "actual-size",
    QT_TRANSLATE_NOOP("Actions", "Every pixel"),
    lambda d: d.pages.photo.canvas.zoom_to(1),
    ("Ctrl+1",),
    "",
    Needs.LARGE,
)
HEATMAP = Command(
    "heatmap", QT_TRANSLATE_NOOP("Actions", "Heatmap"), lambda d: d.toggle_heatmap(), ("H",), "", Needs.PROJECT
)
SMOOTH = Command(
    "smooth-heatmap",
    QT_TRANSLATE_NOOP("Actions", "Smooth heatmap"),
    lambda d: d.drawn_over.toggle_smooth(),
    (),
    "",
    Needs.PROJECT,
    QT_TRANSLATE_NOOP("Actions", "Draw heatmaps without steps between the snippets"),
    checked=lambda d: d.drawn_over.smooth,
)
BOXES = Command(
    "detector-boxes",
    QT_TRANSLATE_NOOP("Actions", "Boxes of the detector"),
    lambda d: d.drawn_over.toggle_boxes(),
    (),
    "",
    Needs.PROJECT,
    QT_TRANSLATE_NOOP("Actions", "Draw where the detector sees the label, if it is one of the 80 things that it knows"),
    checked=lambda d: d.drawn_over.with_boxes,
)
GRID = Command(
    "grid", QT_TRANSLATE_NOOP("Actions", "Lines of the grid"), lambda d: d.toggle_grid(), ("G",), "", Needs.PROJECT
)
FULL_SCREEN = Command(
    "full-screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), lambda d: d.toggle_full_screen(), ("F11",)
)
KEYS = Command("keys", QT_TRANSLATE_NOOP("Actions", "Keys"), lambda d: d.ask.show_keys(), ("F1", "?"), "fa6s.keyboard")
GUIDE = Command(
    "guide",
    QT_TRANSLATE_NOOP("Actions", "Guide"),
    lambda d: d.ask.show_guide(),
    (),
    "fa6s.book-open",
    Needs.NOTHING,
    QT_TRANSLATE_NOOP("Actions", "Read how to label, review, train and export"),
)
COPY_DETAILS = Command(
    "copy-details",
    QT_TRANSLATE_NOOP("Actions", "Copy details"),
    lambda d: d.details.copy(),
    (),
    "",
    Needs.NOTHING,
    QT_TRANSLATE_NOOP("Actions", "Copy what a report of a fault should contain: versions, device and encoder"),
)
ABOUT = Command("about", QT_TRANSLATE_NOOP("Actions", "About CDUL"), lambda d: d.ask.show_about())

MENUS: tuple[tuple[str, tuple[Command | Submenu | None, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Actions", "&Project"),
        (OPEN, OPEN_ADDRESS, SAMPLES, CLOSE, SEPARATOR, IMPORT, EXPORT, SEPARATOR, TIDY, SEPARATOR, QUIT),
    ),
    (
        QT_TRANSLATE_NOOP("Actions", "P&hotos"),
        (
            LABEL,
            SET_UP,
            ENCODERS,
            LOOK_FOR_PHOTOS,
            WATCH,
            SEPARATOR,
            *FILTER_COMMANDS,
            Submenu(QT_TRANSLATE_NOOP("Actions", "&Find"), FIND_COMMANDS),
            SEPARATOR,
            ENLARGE_PHOTO,
            GALLERY,
            NEXT,
            PREVIOUS,
            SEPARATOR,
            *PHOTO_FILE_COMMANDS,
        ),
    ),
    (QT_TRANSLATE_NOOP("Actions", "&Labels"), (LABEL_SET, WORDS, RULES, FIND_LABEL, ADD_LABEL, NO_LABEL, GIVE_KEYS)),
    (
        QT_TRANSLATE_NOOP("Actions", "&Review"),
        (
            ACCEPT,
            REJECT,
            MAYBE,
            UNDECIDE,
            REVIEWED,
            SEPARATOR,
            *COPY_COMMANDS,
            SEPARATOR,
            Submenu(QT_TRANSLATE_NOOP("Actions", "&Queues"), QUEUE_COMMANDS),
            Submenu(QT_TRANSLATE_NOOP("Actions", "&Sweep"), SWEEP_COMMANDS),
            SEPARATOR,
            UNDO,
            REDO,
            HISTORY,
            SEPARATOR,
            TAKE,
            AGREEMENT,
            REVIEW_AS,
        ),
    ),
    (QT_TRANSLATE_NOOP("Actions", "&Training"), (*TRAINING_COMMANDS, SEPARATOR, *EVALUATION_COMMANDS)),
    (
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            Submenu(QT_TRANSLATE_NOOP("Actions", "&Sort by"), SORT_COMMANDS),
            Submenu(QT_TRANSLATE_NOOP("Actions", "&Group by"), GROUP_COMMANDS),
            SEPARATOR,
            LARGER,
            SMALLER,
            FIT,
            ACTUAL,
            SEPARATOR,
            HEATMAP,
            SMOOTH,
            BOXES,
            GRID,
            SEPARATOR,
            FULL_SCREEN,
        ),
    ),
    (QT_TRANSLATE_NOOP("Actions", "H&elp"), (GUIDE, KEYS, CHANGE_KEYS, COPY_DETAILS, ABOUT)),
)

COMMANDS: tuple[Command, ...] = tuple(
    command
    for _title, entries in MENUS
    for entry in entries
    for command in (entry.commands if isinstance(entry, Submenu) else (entry,))
    if command
)

TAKEN_KEYS = frozenset(key for command in COMMANDS for key in command.keys if len(key) == 1)
"""Keys that can be no label's."""
