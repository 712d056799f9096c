"""The window: composes pages, docks, menus and bars; it holds no logic."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from cdul_gui.commands.arranging import GROUP_COMMANDS, SORT_COMMANDS
from cdul_gui.commands.every_command import TAKEN_KEYS
from cdul_gui.desk.desk import Desk
from cdul_gui.desk.docks import Dock, SideWidths, make_room
from cdul_gui.look.controls import muted, text_button
from cdul_gui.look.drops import dropped_paths, only_look
from cdul_gui.look.focus_frame import FocusFrame
from cdul_gui.look.once_a_turn import AfterThePicture, OnceATurn
from cdul_gui.look.steady import Steady
from cdul_gui.panels.bars.encoder_line import EncoderLine
from cdul_gui.panels.bars.message_bar import MessageBar
from cdul_gui.panels.bars.progress import ProgressPanel
from cdul_gui.panels.bars.sayings import Sayings
from cdul_gui.session.session import Session
from cdul_gui.settings import Settings
from cdul_gui.window.esc_in_menus import EscInMenus
from cdul_gui.window.held_keys import HeldKeys
from cdul_gui.window.keys_on_buttons import KeysOnButtons
from cdul_gui.window.menus import Actions
from cdul_gui.window.photo_menu import PhotoMenu
from cdul_gui.window.tab_order import TabOrder
from cdul_gui.window.toolbar import ToolBar
from cdul_gui.wording import photos_in_words, show_labels_in_english
from engine.photos.find import SUFFIXES

_AROUND_A_WINDOW = QSize(8, 40)
"""Pixels of its frame and title, about."""

_LARGEST_AT_FIRST = QSize(1920, 1160)
"""A window is at first as large as the screen, up to this: on larger ones other programs are beside it."""

_LEAST_OF_PHOTO, _LEAST_OF_LABELS, _LEAST_BELOW = 320, 110, 70
"""Pixels of height of the panels at the sides and below: half of a screen of 1920 x 1080 at 200 % is not much more."""

_MILLISECONDS_OF_A_SAYING = 8000


class MainWindow(QMainWindow):
    """One window on one session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._keys_on_buttons = KeysOnButtons()
        session.setParent(self)
        # Before the desk, which may have more to say of the same failure.
        self.messages = MessageBar(session)
        self.desk = Desk(session, self, TAKEN_KEYS)
        self.messages.details_wanted.connect(self.desk.details.copy)
        self.messages.left.connect(self.desk.pages.take_keyboard)
        self.desk.opening.looked.connect(self.messages.find_photos_again)
        self._held_keys = HeldKeys()
        self.actions_by_command = Actions(self.desk, self._held_keys)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.desk.queue_bar)
        column.addWidget(self.desk.filter_bar)
        # Below the line in which words may have been typed, which stays where it is.
        column.addWidget(self.desk.find_bar)
        column.addWidget(self.desk.pages, 1)
        # What comes unasked comes below the photos, so that none moves under the mouse.
        column.addWidget(self.desk.download_bar)
        column.addWidget(self.messages)
        self._add_docks(middle)
        self.actions_by_command.fill(self.menuBar(), [self.labels_dock, self.inspector_dock, *self.lower_docks])
        EscInMenus(self.menuBar())
        self.toolbar = ToolBar(self.desk, self.actions_by_command)
        self.label_button = self.toolbar.label_button
        self.addToolBar(self.toolbar)
        self._fill_filter_bar()
        self.photo_menu = PhotoMenu(self.desk, self.actions_by_command)
        self._add_status_bar()
        self._order_tab()
        self.focus_frame = FocusFrame(self)
        session.opened.connect(self._show_project)
        self._count_soon = AfterThePicture(self._count, self)
        session.snapshot_changed.connect(self._count_soon.ask)
        session.answers_changed.connect(self._count_soon.ask)
        session.said.connect(self._say)
        # That the photo before was the last one is no longer true, nor how many photos the project before has.
        session.leaving.connect(lambda: self._say(""))
        self.desk.queues.began.connect(lambda: self._say(""))
        session.current_changed.connect(self._leave_photo)
        # A folder or a file of labels, wherever it falls.
        self.setAcceptDrops(True)
        # The status bar, with what can be paused and cancelled, is not to lie below the edge of a small screen.
        self._may_fold = self._folded = False
        self._size_on_other_screen: QSize | None = None
        """What it was before it came to a screen of another scale, where it is as many pixels large at first."""
        self.resize(_LARGEST_AT_FIRST.boundedTo(self.screen().availableSize() - _AROUND_A_WINDOW))
        show_labels_in_english(Settings().english_labels)
        if (layout := Settings().layout) is not None:
            self.restoreGeometry(layout[0])
            self._place_frame()
        self._arranged = True
        self._show_project()

    def _add_docks(self, middle: QWidget) -> None:
        self.labels_dock = self._dock("labels", self.tr("Labels"), self.desk.labels, _LEAST_OF_LABELS)
        self.inspector_dock = self._dock("photo", self.tr("Photo"), self.desk.inspector, _LEAST_OF_PHOTO)
        self.training_dock = self._dock("training", self.tr("Training"), self.desk.training_panel)
        self.lower_docks = [
            self._dock("sweep", self.tr("Sweep"), self.desk.sweep_panel),
            self._dock("thresholds", self.tr("Thresholds"), self.desk.thresholds_panel),
            self.training_dock,
            self._dock("evaluation", self.tr("Evaluation"), self.desk.evaluation_panel),
            self._dock("map", self.tr("Map"), self.desk.photo_map),
            self._dock("history", self.tr("History"), self.desk.history),
            self._dock("people", self.tr("People"), self.desk.people_panel),
        ]
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, self.labels_dock)
        self.setCentralWidget(middle)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.inspector_dock)
        for dock in self.lower_docks:
            self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
            # There on demand: they would crowd a small window.
            dock.hide()
        for before, after in pairwise(self.lower_docks):
            self.tabifyDockWidget(before, after)
        # The photo keeps its height, whatever is shown below the gallery.
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        widths = {"labels": 270, "photo": 350} | Settings().dock_widths
        sides = (self.labels_dock, self.inspector_dock)
        self._side_widths = SideWidths(self, {dock: widths[dock.objectName()] for dock in sides})

    def _order_tab(self) -> None:
        desk = self.desk
        pages, inspector = desk.pages, desk.inspector
        parts = [pages.start, pages.gallery, pages.photo.canvas, inspector.chips, inspector.add_label, pages.photo]
        parts += [inspector.strip, inspector.scores, self.labels_dock, desk.queue_bar, desk.filter_bar, desk.find_bar]
        parts += [desk.download_bar, self.messages, *self.lower_docks, self.toolbar, self.statusBar()]
        self._tab_order = TabOrder(self, parts, [self.labels_dock, self.inspector_dock, *self.lower_docks])

    def _dock(self, name: str, title: str, panel: QWidget, least: int = _LEAST_BELOW) -> QDockWidget:
        dock = Dock(name, title, panel, least)
        dock.toggleViewAction().triggered.connect(lambda shown: self._show_chosen(dock) if shown else None)
        return dock

    def _show_chosen(self, dock: QDockWidget) -> None:
        self._folded = self._folded and dock is not self.labels_dock
        # Qt shows it behind the tab that was in front, as if nothing had happened.
        dock.raise_()
        if dock in self.lower_docks:
            make_room(dock)

    def _fill_filter_bar(self) -> None:
        bar = self.desk.filter_bar
        self.actions_by_command.add_entries(bar.sort_menu, SORT_COMMANDS)
        self.actions_by_command.add_entries(bar.group_menu, GROUP_COMMANDS)

    def _add_status_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self.progress = ProgressPanel(self.session)
        self.progress.left.connect(self.desk.pages.take_keyboard)
        self._said_at: int | None = None
        """The photo that was looked at when that was said."""
        self._said_long_enough = QTimer(self, singleShot=True, interval=_MILLISECONDS_OF_A_SAYING)
        self.learnt = text_button(
            "", self.tr("Show the photos that answers changed since you looked"), self.desk.show_what_answers_changed
        )
        self.learnt.setAutoRaise(True)
        self._sayings = Sayings(self.learnt)
        self.said = self._sayings.said
        self._said_long_enough.timeout.connect(lambda: self._sayings.say(""))
        self.desk.key_names.name_in(self.learnt.toolTip(), "what-answers-changed", self.learnt.setToolTip)
        self.desk.teaching.changes_changed.connect(self._say_what_was_learnt)
        self._say_what_was_learnt()
        self.reviewer = text_button(
            "", self.tr("Say who reviews: answers are kept under this name"), self.desk.ask_people.who_reviews
        )
        self.reviewer.setAutoRaise(True)
        self.desk.people.changed.connect(self._say_who_reviews)
        self._say_who_reviews()
        self.counts = muted()
        self._counts_room = Steady(self.counts, asks=True)
        self.encoder_line = EncoderLine(self.session, self.desk.labelling, self.desk.encoders)
        self.encoder_line.file_wanted.connect(self.desk.ask_encoders.take_encoder_file)
        self.encoder_line.folder_wanted.connect(self.desk.ask_encoders.take_encoder_folder)
        self.encoder_line.another_wanted.connect(self.desk.ask_encoders.choose_another_encoder)
        self.encoder_line.others_wanted.connect(self.desk.ask_encoders.show_encoders)
        bar.addWidget(self.progress)
        bar.addWidget(self._sayings, 1)
        bar.addPermanentWidget(self.reviewer)
        bar.addPermanentWidget(self._counts_room)
        bar.addPermanentWidget(self.encoder_line)

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self._sayings.say(sentence)
        self._said_at = self.session.photo_id
        self._said_long_enough.start()

    @Slot()
    def _leave_photo(self) -> None:
        """What was said of the photo before would be taken for said of this one."""
        if self._said_at is not None and self._said_at != self.session.photo_id:
            self._say("")

    @Slot()
    def _say_what_was_learnt(self) -> None:
        teaching = self.desk.teaching
        self._sayings.stand("" if teaching.looked_at else teaching.said)

    @Slot()
    def _say_who_reviews(self) -> None:
        people = self.desk.people
        self.reviewer.setText(self.tr("Reviewing as {name}").format(name=people.name))
        self.reviewer.setVisible(people.is_worth_saying)

    @Slot()
    def _show_project(self) -> None:
        project = self.session.project
        there = project is not None
        self._arrange(there)
        name = project.photos.name if project is not None else ""
        if project is not None and project.read_only:
            name = self.tr("{name} (to look only)").format(name=name)
        self.setWindowTitle(self.tr("{name} – CDUL").format(name=name) if there else "CDUL")
        self._count()

    def _count(self) -> None:
        snapshot = self.session.snapshot
        if snapshot is None:
            self.counts.clear()
            return
        self._counts_room.show_text(
            self.tr("{photos}  ·  {reviewed} reviewed").format(
                photos=photos_in_words(len(snapshot)), reviewed=f"{int(snapshot.reviewed.sum()):,}"
            )
        )

    def _arrange(self, with_photos: bool) -> None:
        """Show the docks as they were last, or none while no photos are open."""
        if with_photos == self._arranged:
            return
        if not with_photos and self.isVisible():
            self._remember_layout()
        self._arranged = with_photos
        for bar in (self.labels_dock, self.inspector_dock, self.toolbar):
            bar.setVisible(with_photos)
        for dock in self.lower_docks:
            dock.hide()
        if with_photos and (layout := Settings().layout) is not None:
            self.restoreState(layout[1])
        self._may_fold, self._folded = with_photos, False

    def _fold(self) -> None:
        """Without the labels where the screen has no room for them: Qt would push one photo over its edge."""
        self.labels_dock.hide()
        self._folded = True
        if (layout := self.layout()) is not None:
            layout.activate()
        room = self.screen().availableGeometry()
        self.resize((room.size() - (self.frameGeometry().size() - self.size())).boundedTo(self.size()))
        self.move(room.topLeft())

    def _place_frame(self) -> None:
        """Ask for the place of the frame: by that of what is in it, which Qt restores, some window managers place the
        frame, and the window would be lower each time by the height of its title."""
        if not self.isMaximized() and not self.isFullScreen():
            inside, edge = self.geometry().topLeft(), self.screen().availableGeometry().topLeft()
            wanted = inside - Settings().frame_margin
            # No title lies beyond the edge by that.
            left, top = min(inside.x(), edge.x()), min(inside.y(), edge.y())
            self.move(max(wanted.x(), left), max(wanted.y(), top))

    def _remember_layout(self) -> None:
        settings = Settings()
        settings.thumbnail_side = self.desk.pages.gallery.thumbnail_side
        if self._arranged:
            self.desk.fold_sweep()  # it ends here
            geometry = self.saveGeometry()
            if self._folded:
                self.labels_dock.show()  # they are there again where there is room
            settings.layout = (geometry, self.saveState())
            if not self.isMaximized() and not self.isFullScreen():
                settings.frame_margin = self.geometry().topLeft() - self.pos()
            settings.dock_widths = self._side_widths.by_name

    # Qt's events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest:
            OnceATurn.catch_up(self)
        # It comes here where what has the keyboard made no use of it.
        if isinstance(event, QKeyEvent) and hasattr(self, "_held_keys"):
            self._held_keys.follow(event)
        if hasattr(self, "_keys_on_buttons") and self._keys_on_buttons.claims(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._size_on_other_screen is not None:
            QTimer.singleShot(0, self, self._keep_size)
        return super().event(event)

    def _keep_size(self) -> None:
        """Have all that is shown its room on a screen of another scale, too."""
        wanted, self._size_on_other_screen = self._size_on_other_screen, None
        if wanted is not None and not self.isMaximized() and not self.isFullScreen():
            frame = self.frameGeometry().size() - self.size()
            self.resize(wanted.boundedTo(self.screen().availableSize() - frame))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.desk.leave_full_screen()  # where no photos are open, from which a command leads there
        elif not self._keys_on_buttons.presses(event):
            self.actions_by_command.say_why_not(event)
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.devicePixelRatio() != self.screen().devicePixelRatio():
            self._size_on_other_screen = event.oldSize()
        if event.size().width() > event.oldSize().width() > 0:
            # Once Qt has laid it out.
            QTimer.singleShot(0, self._side_widths, self._side_widths.take_room)
        # Once; who has the labels shown again wants them.
        pushed = self.screen().availableSize().width() < self.width() <= self.minimumSizeHint().width()
        if self._may_fold and pushed:
            self._may_fold = False
            QTimer.singleShot(0, self, self._fold)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_by_command"):
            self.actions_by_command.load_icons()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._dropped(event) is not None:
            only_look(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if (dropped := self._dropped(event)) is not None:
            only_look(event)
            if dropped.is_dir():
                self.desk.opening.open_folder(dropped)
            else:
                self.desk.ask.import_labels(dropped)

    def _dropped(self, event: QDropEvent) -> Path | None:
        """A folder, or a file that labels of the open photos may be in, where nothing else is dropped."""
        paths = dropped_paths(event)
        if len(paths) != 1:
            return None
        takes_labels = self.session.writable and self.session.job is None
        labels = takes_labels and paths[0].is_file() and paths[0].suffix.lower() not in SUFFIXES
        return paths[0] if labels or paths[0].is_dir() else None

    def closeEvent(self, event: QCloseEvent) -> None:
        self._remember_layout()
        # What is under way ends at its next safe point; the window does not stay frozen until then.
        self.hide()
        self.desk.pages.gallery.shut_down()
        self.desk.photo_map.shut_down()
        self.session.shut_down()
        super().closeEvent(event)
