"""Everything a command can call: the session, what works on it, what shows it, and the questions to the person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from cdul_gui.desk.docks import bring_forward, dock_of
from cdul_gui.desk.encoder_offers import EncoderOffers
from cdul_gui.desk.encoder_questions import EncoderQuestions
from cdul_gui.desk.pages import Pages
from cdul_gui.desk.people_questions import PeopleQuestions
from cdul_gui.desk.plots_ahead import PlotsAhead
from cdul_gui.desk.questions import Questions
from cdul_gui.desk.seen_labels import SeenLabels
from cdul_gui.desk.swept_gallery import SweptGallery
from cdul_gui.desk.what_next import WhatNext
from cdul_gui.look.keyboard import give_keyboard
from cdul_gui.panels.bars.download_bar import DownloadBar
from cdul_gui.panels.bars.filter_bar import FilterBar
from cdul_gui.panels.bars.find_bar import FindBar
from cdul_gui.panels.bars.queue_bar import QueueBar
from cdul_gui.panels.evaluation.panel import EvaluationPanel
from cdul_gui.panels.history.panel import HistoryPanel
from cdul_gui.panels.labels.panel import LabelsPanel
from cdul_gui.panels.map.panel import PhotoMapPanel
from cdul_gui.panels.people.panel import PeoplePanel
from cdul_gui.panels.photo.panel import Inspector
from cdul_gui.panels.thresholds.panel import ThresholdsPanel
from cdul_gui.panels.thresholds.sweep import SweepPanel
from cdul_gui.panels.training.panel import TrainingPanel
from cdul_gui.session.activities import Activities
from cdul_gui.session.session import NO_ROWS, Session
from cdul_gui.session.shown_photos import Sorting
from engine.stages.finding.search import Part


class Desk(Activities):
    """The parts of the window beside the activities they show, and the commands that need more than one of them."""

    keys_wanted = Signal()
    """The keys of the commands, which the desk does not know, should be changed."""

    def __init__(self, session: Session, window: QMainWindow, taken_keys: frozenset[str]) -> None:
        super().__init__(session, taken_keys, window)
        self.window = window
        self.pages = Pages(session, self.photo, self.drawn_over, self.arrangement, self.key_names)
        self.filter_bar = FilterBar(session, self.arrangement, self.kept_filters)
        self.find_bar = FindBar(session, self.finding, self.key_names)
        self.queue_bar = QueueBar(self.queues, self.key_names, self.second_says)
        self.download_bar = DownloadBar(self.encoders)
        self.labels = LabelsPanel(session, self.use, self.arrangement, self.kept_filters, self.label_order)
        self.inspector = Inspector(
            session, self.photo, self.drawn_over, self.review, self.labels_of_photo, self.key_names
        )
        self.sweep_panel = SweepPanel(session, self.sweep, self.review, self.key_names)
        self.swept_gallery = SweptGallery(session, self.arrangement, self.pages.gallery)
        self.thresholds_panel = ThresholdsPanel(session, self.thresholds)
        self.photo_map = PhotoMapPanel(session, self.finding, self.pages.gallery.thumbnails)
        self.history = HistoryPanel(session)
        self.people_panel = PeoplePanel(session, self.people)
        self.training_panel = TrainingPanel(session, self.training)
        self.evaluation_panel = EvaluationPanel(session, self.evaluating)
        self._shown_to_sweep = False
        """Whether the dock of the sweep is there because one was begun."""
        self._canvases = (self.pages.photo.canvas, self.inspector.canvas)
        self.ask_encoders = EncoderQuestions(self, self.pages.gallery, window)
        self.ask_people = PeopleQuestions(self, self.pages.gallery, window)
        self.ask = Questions(self, self.pages.gallery, window, self.ask_encoders)
        self.seen_labels = SeenLabels(self, self.pages, self.inspector)
        self.plots_ahead = PlotsAhead(session)
        self.what_next = WhatNext(self)
        self.encoder_offers = EncoderOffers(self, self.what_next)
        self._connect_pages()
        self._connect_bars()
        self._connect_docks()

    def _connect_pages(self) -> None:
        start, pages = self.pages.start, self.pages
        start.folder_wanted.connect(self.ask.choose_folder)
        start.samples_wanted.connect(self.opening.open_samples)
        start.folder_chosen.connect(self.opening.open_folder)
        self.opening.began.connect(start.show_opening)
        self.opening.began.connect(self.session.said)
        self.opening.ended.connect(start.show_choice)
        for canvas in self._canvases:
            canvas.stepped.connect(self.review.step)
            canvas.part_chosen.connect(self._find_part)
        pages.gallery.chips_wanted.connect(self.take_chips)
        pages.gallery.order_labels_by(self.labels_of_photo.order_of)
        self.inspector.chips.made.connect(self._order_chips)
        self.review.many_meant.connect(self.ask.answer_many)
        self.inspector.canvas.double_clicked.connect(pages.show_current_photo)
        pages.page_changed.connect(lambda: self.inspector.set_preview(not pages.shows_photo))
        pages.page_changed.connect(self._order_chips)
        pages.page_changed.connect(lambda: self.filter_bar.setVisible(pages.shows_gallery))
        self.filter_bar.setVisible(False)

        self.tidying.found.connect(self.ask.tidy)

    def _connect_bars(self) -> None:
        # A key is to answer for the photo, not for the chip or the list that had the keyboard before.
        self.queues.began.connect(self.pages.take_keyboard)
        self.queues.ended.connect(self._show_what_was_before)
        self.queues.wanted_back.connect(self._go_on_with_queue)
        self.finding.ended.connect(self._show_what_was_before)
        self.finding.changed.connect(self._show_found)
        for signal in (self.arrangement.changed, self.session.shown_changed, self.queues.changed, self.finding.changed):
            signal.connect(self._show_way_back)
        self.find_bar.left.connect(self.pages.show_gallery)
        self.filter_bar.line.left.connect(self.pages.gallery.setFocus)
        self.filter_bar.words_wanted.connect(self.look_for_words)
        self.filter_bar.words_left.connect(self._leave_words)
        self.finding.in_vain.connect(self.filter_bar.keep_words_as_filter)
        self.finding.changed.connect(self._forget_words)
        self.filter_bar.save_button.clicked.connect(self.ask.save_filter)
        self.download_bar.file_wanted.connect(self.ask_encoders.take_encoder_file)
        self.download_bar.folder_wanted.connect(self.ask_encoders.choose_weights_folder)
        self.download_bar.source_wanted.connect(self.ask_encoders.choose_source_of_encoders)
        self.download_bar.others_wanted.connect(self.ask_encoders.show_encoders)
        self.what_next.export_wanted.connect(self.ask.export)
        self.what_next.sweep_wanted.connect(self._sweep)
        self.encoder_offers.file_wanted.connect(self.ask_encoders.take_encoder_file)
        self.encoder_offers.others_wanted.connect(self.ask_encoders.show_encoders)

    def _connect_docks(self) -> None:
        find_box, add_label = self.labels.find_box, self.inspector.add_label.edit
        add_label.entered.connect(self.pages.gallery.show_current)
        for done in (find_box.left, self.labels.found, add_label.left, self.inspector.chips.keyboard_left):
            done.connect(self.pages.take_keyboard)
        self.review.joined.connect(self.labels.stay_for)
        self.labels.photos_wanted.connect(self._show_photos_of)
        self.labels.photos_alone_wanted.connect(self.photos_of_label.show_alone)
        self.labels.all_wanted.connect(self.photos_of_label.leave)
        self.photos_of_label.left.connect(self._show_current_soon)
        # Also where it is the photo that is looked at already, which moves nothing by itself.
        self.queues.came_back.connect(self.pages.gallery.show_current)
        self.label_set.photos_wanted.connect(self._show_filtered)
        self.labels.words_wanted.connect(self.ask.describe_photos)
        self.labels.key_wanted.connect(self.label_set.set_key)
        self.labels.sweep_wanted.connect(self._sweep)
        self.labels.undecided_wanted.connect(self.queues.start_undecided_of)
        # A dialog that edits labels says it itself.
        self.label_set.refused.connect(
            lambda why: None if QApplication.activeModalWidget() else self.session.noticed.emit(why)
        )
        self.labels.move_wanted.connect(self.label_set.move_below)
        self.labels.place_wanted.connect(self.ask.choose_place_of)
        self.labels.edit_wanted.connect(self.ask.edit_label_set)
        self.labels.names_wanted.connect(self.ask.write_other_names)
        self.labels.split_wanted.connect(self.ask.split)
        self.sweep_panel.moved.connect(self.swept_gallery.follow)
        self.sweep_panel.sort_wanted.connect(self.sweep_label)
        for signal in (self.arrangement.changed, self.session.shown_changed):
            signal.connect(self._follow_sweep)
        self.thresholds.changed.connect(self.sweep.changed)
        self.thresholds.changed.connect(self.inspector.scores.show_scores)
        self.thresholds.changed.connect(self.labels_of_photo.look)
        self.thresholds.changed.connect(self.pages.gallery.show_chances)
        self.training.changes_changed.connect(lambda: self.inspector.scores.show_changes(self.training.changes))
        self.people_panel.name_wanted.connect(self.ask_people.who_reviews)
        self.people_panel.settlement_wanted.connect(self.ask_people.choose_settlement)
        self.people_panel.photos_wanted.connect(self.ask_people.take_photos)
        # Once the groups are laid out as well.
        self.kept_arrangement.came_back.connect(self.pages.gallery.show_current, Qt.ConnectionType.QueuedConnection)
        self.ask.evaluation_wanted.connect(self.show_evaluation)
        self.importing.comparison_wanted.connect(self.show_evaluation)
        self.ask.keys_wanted.connect(self.keys_wanted)
        self.evaluation_panel.import_wanted.connect(self.ask.import_truth)
        self.evaluation_panel.mend_wanted.connect(self.ask.mend_truth)
        self.evaluation_panel.report_wanted.connect(self.ask.write_report)

    def _show_what_was_before(self) -> None:
        before = self.arrangement.shown_photos
        if before.sorting == Sorting.SCORE and before.label is not None:
            self.session.look_at_label(before.label)  # the order is that of this label
        self.arrangement.apply()
        self._show_current_soon()

    def _show_current_soon(self) -> None:
        # The rows come from a worker; who leaves a choice of photos goes on at the one that was looked at there.
        self.arrangement.changed.connect(self.pages.gallery.show_current, Qt.ConnectionType.SingleShotConnection)

    def _show_way_back(self) -> None:
        # A queue and what was found have a bar with one.
        elsewhere = self.queues.name is not None or self.finding.choice is not None
        self.filter_bar.all_button.setVisible(not self.arrangement.in_force and not elsewhere)

    def show_evaluation(self) -> None:
        """Show how well the scores agree with a truth."""
        self.reveal(self.evaluation_panel, self.evaluation_panel)

    def show_people(self) -> None:
        """Show how far the people who reviewed agree."""
        self.reveal(self.people_panel, self.people_panel.table)

    def show_what_answers_changed(self) -> None:
        """Show the photos on which labels are likely, or no longer, because of answers since this was looked at."""
        rows = self.teaching.changes.rows
        if not len(rows):
            self.session.said.emit(self.tr("Answers changed nothing on other photos since you looked."))
            return
        if not self.pages.shows_gallery:
            self.pages.show_gallery()
        self.finding.choose(self.teaching.said, rows)
        self.teaching.look_at_changes()

    def type_filter(self) -> None:
        """Put the keyboard into the filter line above the gallery."""
        if not self.pages.shows_gallery:
            self.pages.show_gallery()
        give_keyboard(self.filter_bar.line, Qt.FocusReason.ShortcutFocusReason)
        self.filter_bar.line.selectAll()

    def type_words(self) -> None:
        """Put the keyboard where one says what photos show."""
        self.pages.show_gallery()
        self.find_bar.ask()

    def look_for_words(self, words: str) -> None:
        """Look for photos that show what no filter finds, among all of them."""
        self.arrangement.filter_by("")
        self.find_bar.look_for(words)
        self.filter_bar.keep_words(words)

    def _leave_words(self) -> None:
        self.find_bar.close_bar(keyboard_stays=True)

    def _forget_words(self) -> None:
        if self.finding.choice is None and not self.finding.searching:
            self.filter_bar.forget_words()

    def _go_on_with_queue(self) -> None:
        """Back to the queue that is aside, by the way that led away from it where that is still open."""
        if self.photos_of_label.shown:
            self.photos_of_label.leave()
        if (aside := self.queues.aside) is not None:
            if aside.label is None:
                self.look_at_no_label()  # so that keys answer for all of them
            self.queues.come_back(aside)
        self.pages.take_keyboard()

    def choose_part(self) -> None:
        """Show the photo large, where the next rectangle that is dragged is looked for."""
        self.pages.show_current_photo()
        self.pages.photo.canvas.choose_part()
        self.session.said.emit(self.tr("Drag a rectangle over what you look for."))

    def _find_part(self, part: Part) -> None:
        """What is found are many photos, which are shown small."""
        self.finding.find_part(part)
        self.pages.show_gallery()

    def _show_photos_of(self, column: int) -> None:
        """Of a label, unless one photo is shown large: then its heatmap is meant."""
        if self.pages.shows_gallery:
            self.photos_of_label.show(column)

    def _show_filtered(self, text: str) -> None:
        self.arrangement.filter_by(text)
        self.pages.show_gallery()

    def _show_found(self) -> None:
        self.pages.gallery.notes = self.finding.notes
        for canvas in self._canvases:
            canvas.parts = self.finding.notes.parts

    def go_back(self) -> None:
        """From a panel to the photos, from a large photo to all of them, from several that are selected to one, from a
        choice of photos to those before, and at last from the full screen."""
        focus = QApplication.focusWidget()
        if focus is None or focus is self.window or self.pages.isAncestorOf(focus):
            if self.pages.shows_gallery and len(self.session.selection) > 1:
                self.session.select(NO_ROWS)
            elif self.pages.shows_gallery and self.photos_of_label.shown:
                self.photos_of_label.leave()
            elif self.pages.shows_gallery and self.find_bar.isVisible():
                self.find_bar.close_bar()
            elif self.pages.shows_gallery:
                self.leave_full_screen()
            self.pages.show_gallery()
        else:
            self.pages.take_keyboard()

    def find_label(self) -> None:
        """Put the keyboard into the find box of the labels."""
        give_keyboard(self.labels.find_box)
        self.labels.find_box.selectAll()

    def _order_chips(self) -> None:
        photos = self.pages.photo.canvas if self.pages.shows_photo else self.pages.gallery
        if photos.window() is self.inspector.window():  # and no dock that floats
            self.inspector.chips.follow_in_tab_order(photos)

    def accept_and_go_on(self) -> None:
        """Accept what is likely and show the next photo; behind the end of a queue start the next queue."""
        if self.queues.go_on_behind_the_end():
            return
        if self.queues.just_gone_on:
            self.session.said.emit(self.tr("Another queue begins here: Space accepts its photos from now on."))
        else:
            self.second_says.stand_by()
            self.review.accept_and_go_on()

    def take_chips(self) -> None:
        """Put the keyboard on the labels of the photo, or where one is added."""
        if not self.inspector.chips.take_keyboard():
            self.add_label()

    def add_label(self) -> None:
        """Put the keyboard where a label is added."""
        give_keyboard(self.inspector.add_label.edit)
        # What was left there unfinished is typed over.
        self.inspector.add_label.edit.selectAll()

    def sweep_label(self) -> None:
        """Show the photos by the score of the label that is looked at, and where its threshold lies."""
        column = self.session.label
        if column is None:
            return
        self.what_next.withdraw()
        self.pages.show_gallery()
        self._shown_to_sweep |= dock_of(self.sweep_panel).isHidden()
        self.reveal(self.sweep_panel, self.pages.gallery)
        self.photos_of_label.show(column)
        if self.photos_of_label.shown:
            # The rows come from a worker.
            self.arrangement.changed.connect(self.sweep.look_at_boundary, Qt.ConnectionType.SingleShotConnection)

    def fold_sweep(self) -> None:
        """Hide the dock of a sweep that is over, where it was there for that alone: it takes room from the photos."""
        if self._shown_to_sweep:
            self._shown_to_sweep = False
            dock_of(self.sweep_panel).hide()

    def _follow_sweep(self) -> None:
        if not self.photos_of_label.shown and not self.arrangement.arranging:
            self.fold_sweep()

    def _sweep(self, column: int) -> None:
        self.session.look_at_label(column)
        self.sweep_label()

    def move_threshold(self) -> None:
        """Put the keyboard on the line that is the threshold."""
        self.reveal(self.sweep_panel, self.sweep_panel.plot)

    def reveal(self, panel: QWidget, focus: QWidget) -> None:
        """Show the dock of a panel before the others, and put the keyboard somewhere."""
        bring_forward(dock_of(panel))
        give_keyboard(focus)

    def show_or_close(self, panel: QWidget, focus: QWidget) -> None:
        """Show the dock of a panel with the keyboard in it; where it is there already, close the dock again."""
        now = QApplication.focusWidget()
        if now is not None and (now is panel or panel.isAncestorOf(now)):
            dock_of(panel).hide()
            self.pages.take_keyboard()
        else:
            self.reveal(panel, focus)

    def look_at_no_label(self) -> None:
        """Show no label's heatmap."""
        self.session.look_at_label(None)

    def toggle_heatmap(self) -> None:
        """Draw heatmaps over the photos, or no longer."""
        for canvas in self._canvases:
            canvas.set_with_heatmap(not canvas.with_heatmap)

    def toggle_grid(self) -> None:
        """Draw the lines between the snippets, or no longer."""
        for canvas in self._canvases:
            canvas.set_with_grid(not canvas.with_grid)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        self.window.setWindowState(self.window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def leave_full_screen(self) -> None:
        """Be as large as before."""
        if self.window.isFullScreen():
            self.toggle_full_screen()
