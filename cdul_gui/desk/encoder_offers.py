"""What the window offers about encoders, when it is of use: a better one, labelling again, looking at both."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.desk.what_next import WhatNext
from cdul_gui.session.activities import Activities
from cdul_gui.session.jobs import Failure
from cdul_gui.session.labelling import Labelled
from cdul_gui.session.offers import Choice, Offer
from cdul_gui.settings import Settings
from cdul_gui.wording import photos_in_words
from engine.models.encoders.catalog import EncoderInfo, title_of
from engine.models.encoders.failures import EncoderNotConfirmed, EncoderUnavailable, WeightsMissing
from engine.models.encoders.known import STARTER
from engine.stages.labelling.other_encoder import EncoderChange


class EncoderOffers(QObject):
    """Follows labellings and downloads, and puts sentences with buttons below the photos."""

    others_wanted = Signal()
    """All encoders should be shown, to choose one."""
    file_wanted = Signal()
    """An encoder should be taken from a file."""

    def __init__(self, activities: Activities, what_next: WhatNext) -> None:
        super().__init__(activities)
        self._activities, self._session = activities, activities.session
        self._encoders, self._labelling = activities.encoders, activities.labelling
        self._labelled: Labelled | None = None
        self._told_of_better = False
        """Since the photos were opened: who closed that does not want it again with each labelling."""
        self._labelling.labelled.connect(self._wait)
        # What to do next with the labels that are there is said first.
        what_next.told.connect(self._follow_labelling)
        self._session.opened.connect(self._forget)
        self._encoders.arrived.connect(self.offer_to_label_with)
        self._encoders.not_taken.connect(self._follow_wrong_file)
        self._session.failed.connect(self._follow_failure)

    # After a labelling

    @Slot(object)
    def _wait(self, labelled: Labelled) -> None:
        self._labelled = labelled

    @Slot()
    def _forget(self) -> None:
        self._labelled, self._told_of_better = None, False

    @Slot()
    def _follow_labelling(self) -> None:
        labelled, self._labelled = self._labelled, None
        if labelled is None:
            return
        if labelled.change is not None:
            self._offer_to_compare(labelled.change)
        elif labelled.result.encoder == STARTER and labelled.result.encoded and not Settings().better_encoder_refused:
            self._encoders.look_up(self._offer_better)

    def _offer_better(self, found: list[EncoderInfo]) -> None:
        best = next(one for one in found if one.recommended)
        here = [one for one in found if one.available and one.name != STARTER]
        if self._session.project is None or self._encoders.download is not None or self._told_of_better:
            return
        self._told_of_better = True
        if here:
            better = max(here, key=lambda one: one.imagenet or 0)
            said = self.tr("{encoder}, which is on this computer, finds more than the starter and errs less.")
            tip = self._pace(better)
            first = Choice(self.tr("Get better labels"), partial(self._labelling.label_with, better.name), tip)
        else:
            better = best
            said = self.tr("{encoder} finds more than the starter and errs less.")
            first = self.get_choice(best, self.tr("Get better labels · {size} MB"))
        refuse = Choice(self.tr("Not now"), self._refuse, self.tr("It can be had in “Label with…” at any time"))
        self._session.offered.emit(Offer(said.format(encoder=better.title), (first, refuse), waits=True))

    def get_choice(self, encoder: EncoderInfo, text: str) -> Choice:
        """The button that fetches an encoder; `text` names its `size`."""
        size = f"{max(1, (encoder.size_mb or 0) - encoder.begun_mb):,}"
        tip = self.tr("Free, licence {licence}; once it is here it needs no network, and photos stay on this computer.")
        tip = f"{tip.format(licence=encoder.licence)} {self._pace(encoder)}".rstrip()
        return Choice(text.format(size=size), partial(self._encoders.fetch, encoder.name), tip)

    def _pace(self, encoder: EncoderInfo) -> str:
        """How many photos a minute to expect; empty where nothing is known."""
        if encoder.photos_a_minute is None:
            return ""
        return self.tr("It labels about {count} photos a minute.").format(count=f"{encoder.photos_a_minute:,}")

    def _refuse(self) -> None:
        Settings().better_encoder_refused = True

    # After a download

    @Slot(str)
    def offer_to_label_with(self, encoder: str) -> None:
        """Say that an encoder is here, and offer to label with it."""
        title, snapshot = title_of(encoder), self._session.snapshot
        if not self._session.writable or snapshot is None or not len(snapshot):
            self._session.said.emit(self.tr("{encoder} is here.").format(encoder=title))
            return
        photos = photos_in_words(len(snapshot))
        if snapshot.stage is None:
            said = self.tr("{encoder} is here. Label {photos} with it?")
        else:
            said = self.tr("{encoder} is here. Label {photos} again with it? The labels of now can be had back.")
        label = Choice(self.tr("Label {photos}").format(photos=photos), partial(self._label_with, encoder))
        later = Choice(self.tr("Later"), lambda: None, self.tr("It can be chosen in “Label with…” at any time"))
        self._session.offered.emit(Offer(said.format(encoder=title, photos=photos), (label, later)))

    def _label_with(self, encoder: str) -> None:
        if self._session.job is not None:
            # The long work under way is not to be lost for it.
            wait = Choice(self.tr("Label now"), partial(self._label_with, encoder))
            said = self.tr("Wait until the work under way has ended, then label with {encoder}.")
            self._session.offered.emit(Offer(said.format(encoder=title_of(encoder)), (wait,)))
            return
        self._labelling.label_with(encoder)

    # Both encoders' labels

    def _offer_to_compare(self, change: EncoderChange) -> None:
        names = {"now": self._named(change.now), "before": self._named(change.before)}
        if not len(change.photo_ids):
            said = self.tr("{now} suggests the same labels as {before} did.").format(**names)
            self._session.offered.emit(Offer(said, (self._other(change, now=False),), waits=True))
            return
        said = self.tr("With {now} other labels are likely on {count} of {photos}.").format(
            **names, count=f"{len(change.photo_ids):,}", photos=photos_in_words(change.photos)
        )
        show = Choice(self.tr("Show these photos"), partial(self._show_changed, change))
        self._session.offered.emit(Offer(said, (show, self._other(change, now=False)), waits=True))

    def _show_changed(self, change: EncoderChange) -> None:
        snapshot = self._session.snapshot
        if snapshot is None:
            return
        there = [photo for photo in change.photo_ids.tolist() if snapshot.has(photo)]
        title = self.tr("Other labels than by {before}").format(before=self._named(change.before))
        self._activities.finding.choose(title, snapshot.rows_of(np.array(there, np.int64)))
        self._say_whose(change, now=True)

    def _say_whose(self, change: EncoderChange, *, now: bool) -> None:
        """Name the encoder whose labels are shown, with a button that shows the other's."""
        said = self.tr("You see the labels that {encoder} suggests.")
        encoder = self._named(change.now if now else change.before)
        self._session.offered.emit(Offer(said.format(encoder=encoder), (self._other(change, now=not now),)))

    def _other(self, change: EncoderChange, *, now: bool) -> Choice:
        def show() -> None:
            job = self._labelling.let_suggest(change, now=now)
            if job is not None:
                job.finished.connect(lambda _done: self._say_whose(change, now=now))

        encoder = self._named(change.now if now else change.before)
        tip = self.tr("Both are kept; your decisions count with either")
        return Choice(self.tr("Show those of {encoder}").format(encoder=encoder), show, tip)

    def _named(self, encoder: str) -> str:
        """An encoder within a sentence."""
        return self.tr("the starter") if encoder == STARTER else title_of(encoder)

    # An encoder that is not here

    @Slot(Failure)
    def _follow_failure(self, failure: Failure) -> None:
        error = failure.error
        if isinstance(error, WeightsMissing):
            self._encoders.look_up(partial(self._offer_missing, error.name))
        elif isinstance(error, EncoderNotConfirmed):
            said = self.tr(
                "This project was labelled with the encoder in {path}, which nobody has used on this computer yet. "
                "Use it only if you know where it comes from."
            )
            starter = Choice(self.tr("Use the starter"), partial(self._labelling.label_with, STARTER))
            use = Choice(self.tr("Use this encoder"), partial(self._encoders.use_own, error.name))
            self._session.offered.emit(Offer(said.format(path=error.path), (starter, use), wrong=True))
        elif isinstance(error, EncoderUnavailable):
            file = Choice(self.tr("From a file…"), self.file_wanted.emit)
            others = Choice(self.tr("Others…"), self.others_wanted.emit)
            starter = Choice(self.tr("Use the starter"), partial(self._labelling.label_with, STARTER))
            self._session.offered.emit(Offer(failure.sentence, (file, others, starter), wrong=True))

    @Slot(Failure)
    def _follow_wrong_file(self, failure: Failure) -> None:
        if failure.details:  # a mistake of the program
            self._session.failed.emit(failure)
            return
        again = Choice(self.tr("Another file…"), self.file_wanted.emit)
        others = Choice(self.tr("Others…"), self.others_wanted.emit)
        self._session.offered.emit(Offer(failure.sentence, (again, others), wrong=True))

    def _offer_missing(self, name: str, found: list[EncoderInfo]) -> None:
        info = next((one for one in found if one.name == name), None)
        said = self.tr("{encoder} is not on this computer, so nothing was labelled.").format(encoder=title_of(name))
        fetch = (
            Choice(self.tr("Get it"), partial(self._encoders.fetch, name))
            if info is None
            else self.get_choice(info, self.tr("Get it · {size} MB"))
        )
        file = Choice(self.tr("From a file…"), self.file_wanted.emit)
        starter = Choice(self.tr("Use the starter"), partial(self._labelling.label_with, STARTER))
        self._session.offered.emit(Offer(said, (fetch, file, starter), wrong=True))
