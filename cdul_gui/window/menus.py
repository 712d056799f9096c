"""From the table of commands to menus, and the menus that depend on what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu, QMenuBar

from cdul_gui.commands.command import MISSING, Command, Needs, Submenu
from cdul_gui.commands.every_command import COMMANDS, MENUS
from cdul_gui.commands.project import OPEN
from cdul_gui.commands.shortcuts import keys_in_force
from cdul_gui.desk.desk import Desk
from cdul_gui.dialogs.keys import SUBMENU
from cdul_gui.look.appearance import choose_colour_scheme, icon
from cdul_gui.look.controls import put_over
from cdul_gui.look.tips import plain_tip
from cdul_gui.session.label_keys import DIGITS
from cdul_gui.settings import Settings
from cdul_gui.window.held_keys import HeldKeys
from cdul_gui.window.recent_menu import RecentMenu
from cdul_gui.window.shortcuts_dialog import ShortcutsDialog
from cdul_gui.wording import QT_TRANSLATE_NOOP, language_of_window, show_labels_in_english, shown_name
from engine.project.label_names import has_label_names

_WITH_CHECK = [command for command in COMMANDS if command.checked is not None]


class Actions(QObject):
    """The QAction of every command, enabled where the command makes sense."""

    def __init__(self, desk: Desk, held: HeldKeys) -> None:
        super().__init__(desk)
        self._desk, self._held = desk, held
        self._there: Needs | None = None
        self._language = Settings().language
        """What was chosen when the window was made, whose language it speaks."""
        self._actions = {command.id: self._make(command) for command in COMMANDS}
        session = desk.session
        for signal in (
            session.opened,
            session.current_changed,
            session.label_changed,
            session.job_changed,
            desk.pages.page_changed,
            desk.queues.changed,
            desk.arrangement.changed,
            desk.drawn_over.changed,
            desk.watching.changed,
            desk.undoing.changed,
        ):
            signal.connect(self._enable)
        self._enable()
        self.load_icons()
        self.load_keys()
        desk.keys_wanted.connect(self._change_keys)

    def __getitem__(self, command: Command) -> QAction:
        return self._actions[command.id]

    def fill(self, bar: QMenuBar, docks: list[QDockWidget]) -> None:
        """Build all menus."""
        for title, entries in MENUS:
            menu = bar.addMenu(_tr(title))
            self.add_entries(menu, entries)
            if OPEN in entries:
                menu.insertMenu(menu.actions()[entries.index(OPEN) + 1], RecentMenu(self._desk, menu))
            if title.endswith("Labels"):
                LabelKeysMenu(self._desk, menu, self._held)
            if title.endswith("View"):
                self._add_look(menu, docks)

    def add_entries(self, menu: QMenu, entries: Iterable[Command | Submenu | None]) -> None:
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, Submenu):
                inner = menu.addMenu(_tr(entry.title))
                inner.setObjectName(SUBMENU)
                self.add_entries(inner, entry.commands)
            else:
                menu.addAction(self[entry])

    def load_icons(self) -> None:
        """Draw the icons in the colours of the palette."""
        palette = self._desk.window.palette()
        for command in COMMANDS:
            if command.icon:
                self[command].setIcon(icon(command.icon, palette))

    @Slot()
    def load_keys(self) -> None:
        """Give every command the keys that are in force; the labels get none of them."""
        in_force = keys_in_force()
        self._desk.key_names.set_keys(in_force)
        for command in COMMANDS:
            keys = [QKeySequence(key) for key in in_force[command.id]]
            self[command].setShortcuts(keys)
        self._tell()
        self._desk.use.keep_free(key for keys in in_force.values() for key in keys if len(key) == 1)

    def _tell(self) -> None:
        """Say in the tool tips what each command does, by which key, and why it cannot be had now."""
        for command in COMMANDS:
            tip = _tr(command.tip) if command.tip else _tr(command.text).rstrip("…")
            lines = [self._desk.key_names.after(tip, command.id)]
            lines += self._why_not(command)
            self[command].setToolTip(plain_tip("\n".join(lines)))

    def _why_not(self, command: Command) -> list[str]:
        """A sentence on why a command cannot be had now; none where it can, or where that is plain to see."""
        there = self._there or Needs.NOTHING
        return [_tr(why) for need, why in MISSING if need in command.needs and need not in there][:1]

    def say_why_not(self, event: QKeyEvent) -> None:
        """Say why the command cannot be had now whose key this is: a key that does nothing is pressed once more."""
        pressed = QKeySequence(event.keyCombination())
        for command in COMMANDS:
            if not self[command].isEnabled() and pressed in self[command].shortcuts():
                for why in self._why_not(command):
                    self._desk.session.said.emit(why)

    @Slot()
    def _change_keys(self) -> None:
        dialog = ShortcutsDialog(self._desk.label_set.labels, self._desk.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(self.load_keys)
        put_over(dialog, self._desk.window)
        dialog.open()

    def _make(self, command: Command) -> QAction:
        action = QAction(_tr(command.text), self)
        action.setObjectName(command.id)
        action.setCheckable(command.checked is not None)
        # A key that is held moves on and on, but what changes the project is done once.
        once = Needs.WRITABLE in command.needs
        action.setAutoRepeat(not once)
        action.triggered.connect(lambda _checked=False: self._run(command, once))
        if command.in_gallery:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self._desk.pages.gallery.addAction(action)
        else:
            self._desk.window.addAction(action)
        return action

    def _run(self, command: Command, once: bool) -> None:
        if not (once and self._held.repeats):
            command.run(self._desk)

    @Slot()
    def _enable(self) -> None:
        session, queues, large = self._desk.session, self._desk.queues, self._desk.pages.shows_photo
        there = Needs.NOTHING
        for need, fulfilled in (
            (Needs.PROJECT, session.project is not None),
            (Needs.CURRENT, session.current is not None),
            (Needs.WRITABLE, session.writable),
            (Needs.IDLE, session.job is None),
            (Needs.GALLERY, session.project is not None and not large),
            (Needs.LARGE, large),
            (Needs.CHOSEN_LABEL, session.label is not None),
            (Needs.QUEUE, queues.name is not None),
            (Needs.QUEUE_OR_ASIDE, queues.name is not None or queues.aside is not None),
            (Needs.UNDOABLE, self._desk.undoing.can_undo),
            (Needs.REDOABLE, self._desk.undoing.can_redo),
        ):
            if fulfilled:
                there |= need
        if there != self._there:
            self._there = there
            for command in COMMANDS:
                self[command].setEnabled(command.needs in there)
            self._tell()
        for command in _WITH_CHECK:
            assert command.checked is not None
            self[command].setChecked(command.checked(self._desk))

    def _add_look(self, menu: QMenu, docks: list[QDockWidget]) -> None:
        menu.addSeparator()
        for dock in docks:
            menu.addAction(dock.toggleViewAction())
        look = menu.addMenu(_tr(QT_TRANSLATE_NOOP("Actions", "Colours")))
        group = QActionGroup(look)
        for scheme, text in (
            ("system", QT_TRANSLATE_NOOP("Actions", "As the system")),
            ("light", QT_TRANSLATE_NOOP("Actions", "Light")),
            ("dark", QT_TRANSLATE_NOOP("Actions", "Dark")),
        ):
            action = look.addAction(_tr(text))
            action.setCheckable(True)
            action.setChecked(Settings().colour_scheme == scheme)
            action.triggered.connect(partial(choose_colour_scheme, scheme))
            group.addAction(action)
        languages = self._add_languages(menu)
        english = languages.addAction(_tr(QT_TRANSLATE_NOOP("Actions", "Labels in English")))
        english.setObjectName("english-labels")
        english.setCheckable(True)
        english.setChecked(Settings().english_labels)
        english.setVisible(has_label_names(language_of_window()))
        english.toggled.connect(self._show_english_labels)

    def _add_languages(self, menu: QMenu) -> QMenu:
        languages = menu.addMenu(_tr(QT_TRANSLATE_NOOP("Actions", "Language")))
        languages.setObjectName("languages")
        group = QActionGroup(languages)
        # Each is named in itself, so that whoever cannot read the window finds their own.
        for code, name in (("system", None), ("en_GB", "English"), ("de_DE", "Deutsch")):
            action = languages.addAction(name or _tr(QT_TRANSLATE_NOOP("Actions", "As the system")))
            action.setCheckable(True)
            action.setChecked(Settings().language == code)
            action.triggered.connect(partial(self._choose_language, code, name))
            group.addAction(action)
        languages.addSeparator()
        return languages

    def _choose_language(self, code: str, name: str | None, _checked: bool = False) -> None:
        if code == Settings().language:
            return
        Settings().language = code
        said = QT_TRANSLATE_NOOP("Actions", "From the next start on the window's language is {language}.")
        if code == self._language:
            said = QT_TRANSLATE_NOOP("Actions", "The window keeps its language.")
        elif name is None:
            said = QT_TRANSLATE_NOOP("Actions", "From the next start on the window's language is that of the system.")
        self._desk.session.noticed.emit(_tr(said).replace("{language}", name or ""))

    @Slot(bool)
    def _show_english_labels(self, wanted: bool) -> None:
        Settings().english_labels = wanted
        show_labels_in_english(wanted)
        self._desk.session.refresh()


class LabelKeysMenu(QObject):
    """The submenus of the labels that keys confirm and reject: digits for the photo's, letters for what has its own."""

    def __init__(self, desk: Desk, menu: QMenu, held: HeldKeys) -> None:
        super().__init__(menu)
        self._desk, self._held = desk, held
        menu.addSeparator()
        self._confirm = menu.addMenu(_tr(QT_TRANSLATE_NOOP("Actions", "Confirm by key")))
        self._reject = menu.addMenu(_tr(QT_TRANSLATE_NOOP("Actions", "Reject by key")))
        commands = (
            (self._confirm, desk.seen_labels.confirm_by_digit),
            (self._reject, desk.seen_labels.reject_by_digit),
        )
        self._by_digit = [[self._digit(menu, digit, run) for menu, run in commands] for digit in DIGITS]
        self._unused = [self._unused_digit(digit) for digit in DIGITS]
        """The same keys where they answer nothing."""
        self._of_their_own: list[QAction] = []
        desk.use.keys_changed.connect(self._fill)
        desk.labels_of_photo.changed.connect(self._name_digits)
        for signal in (desk.session.opened, desk.session.snapshot_changed):
            signal.connect(self._fill)
        self._fill()

    def _digit(self, menu: QMenu, digit: str, run: Callable[[str], None]) -> QAction:
        action = menu.addAction("")
        action.setShortcut(QKeySequence(digit if menu is self._confirm else f"Shift+{digit}"))
        action.setAutoRepeat(False)
        action.triggered.connect(lambda _checked=False: None if self._held.repeats else run(digit))
        return action

    def _unused_digit(self, digit: str) -> QAction:
        action = QAction(self)
        action.setShortcuts([QKeySequence(digit), QKeySequence(f"Shift+{digit}")])
        action.triggered.connect(lambda: self._desk.seen_labels.say_that_no_label_has(digit))
        self._desk.window.addAction(action)
        return action

    @Slot()
    def _name_digits(self) -> None:
        writable, labels = self._desk.session.writable, self._desk.labels_of_photo
        free = writable and self._desk.session.current is not None
        for actions, unused, digit in zip(self._by_digit, self._unused, DIGITS, strict=True):
            label = labels.with_digit(digit)
            unused.setEnabled(free and label is None and digit not in self._desk.use.taken_keys)
            for action in actions:
                action.setVisible(label is not None and writable)
                action.setText(label.name.replace("&", "&&") if label is not None else "")
        for menu in (self._confirm, self._reject):
            menu.setEnabled(any(action.isVisible() for action in menu.actions()))

    @Slot()
    def _fill(self) -> None:
        for action in self._of_their_own:
            self._confirm.removeAction(action)
            action.deleteLater()
        self._of_their_own = []
        snapshot, keys = self._desk.session.snapshot, self._desk.use.keys
        if snapshot is not None and self._desk.session.writable:
            for column, key in sorted(keys.items(), key=lambda one: one[1]):
                action = self._confirm.addAction(shown_name(snapshot.labels[column].name).replace("&", "&&"))
                action.setShortcut(QKeySequence(key))
                action.setAutoRepeat(False)
                action.triggered.connect(lambda _checked=False, column=column: self._desk.review.toggle(column))
                self._of_their_own.append(action)
        self._name_digits()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
