"""The Label button: labels the photos as before, and a new project as was chosen last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cdul_gui.session.jobs import Job
from cdul_gui.session.offers import Choice, Done, Offer
from cdul_gui.session.session import Session
from cdul_gui.settings import LABELS_OF_PROJECT, LabellingChoice, Settings
from cdul_gui.wording import photos_in_words, translated
from engine.jobs import Cancellation, Progress
from engine.models.device_choice import hear_notes
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.labels import label_set
from engine.project.runs import CLASSIFIER, REFINED
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.label_sets import is_typed
from engine.stages.labelling.labelled_before import finished_before, scored_by_unfinished
from engine.stages.labelling.other_encoder import EncoderChange, photos_seen_differently, seen_by
from engine.stages.thresholds.carrying import put_in_force

if TYPE_CHECKING:
    from engine.stages.labelling.label_photos import LabelRequest, LabelResult
    from engine.stages.labelling.labelled_before import LabelledBefore
    from engine.stages.labelling.look_here import LookedHere


class OpenedEncoder:
    """Keeps the encoder that was opened last, because opening takes seconds; may be asked from any thread."""

    def __init__(self, tell: Callable[[], object] = lambda: None) -> None:
        """`tell` is called whenever one was opened, in the thread that did."""
        self._lock = Lock()
        self._tell = tell
        self._name = ("", "")
        self._encoder: Encoder | None = None
        self.device = ""
        """Where the encoder computes, e.g. `cpu` or `cuda`; empty before the first is open."""
        self.threads = 1
        """With how many threads; one where it is no processor that computes."""

    def open(self, name: str) -> Encoder:
        """The encoder of this name."""
        from engine.models.device import device_named
        from engine.models.encoders.catalog import open_encoder
        from engine.models.threads import thread_count

        with self._lock:
            device = device_named()
            if self._encoder is None or (name, device) != self._name:
                self._encoder = None  # before another takes as much memory
                self._encoder, self._name = open_encoder(name), (name, device)
                # What is no network of ours computes on the processor, whatever else is there.
                self.device = str(getattr(self._encoder, "device", "cpu")).partition(":")[0]
                self.threads = thread_count() if self.device == "cpu" else 1
                self._tell()
            return self._encoder


@dataclass(frozen=True)
class Proposal:
    """What the Label button would do, and how the project was labelled before; None if it never was."""

    choice: LabellingChoice
    before: LabelledBefore | None


def proposal(project: Project, for_new: LabellingChoice) -> Proposal:
    """A project that was labelled is labelled as before, another one like `for_new`. To be called in a worker."""
    from engine.stages.labelling.labelled_before import labelled_before

    labels = LABELS_OF_PROJECT if label_set(project) else for_new.label_set
    before = labelled_before(project)
    if before is None:
        return Proposal(replace(for_new, label_set=labels), None)
    return Proposal(LabellingChoice(labels, before.encoder, before.settings.grids, None), before)


@dataclass(frozen=True)
class Labelled:
    """What a labelling did, and what the other encoder changed; None where it is the same, or the first."""

    result: LabelResult
    change: EncoderChange | None
    nothing_new: bool = False
    """Whether all was labelled so already."""


class Labelling(QObject):
    """Runs stage 1 on the open project."""

    encoder_opened = Signal()
    """Another encoder is open; sent from the thread that opened it."""
    labelled = Signal(object)
    """Photos were labelled: a `Labelled`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.encoder = OpenedEncoder(self.encoder_opened.emit)
        # Why a graphics card is not used, a person is to know when they first wait for the processor.
        hear_notes(lambda note: session.noticed.emit(translated(note)))
        session.opened.connect(self._offer_to_look)

    def propose(self, show: Callable[[Proposal], None]) -> None:
        """Find out what the Label button would do."""
        project, for_new = self._session.project, Settings().labelling
        if project is not None:
            job = self._session.workers.read(lambda: proposal(project, for_new))
            job.finished.connect(show)
            job.failed.connect(self._session.failed)

    def label(self, choice: LabellingChoice | None = None) -> Job | None:
        """Label all photos, as is chosen or as proposed. Labels appear while it goes on."""
        project = self._idle_project()
        if project is None:
            return None
        if choice is not None:
            # What was typed for these photos is proposed for no others.
            kept = LABELS_OF_PROJECT if is_typed(choice.label_set) else choice.label_set
            Settings().labelling = replace(choice, label_set=kept)
        elif not project.lists_photos:
            return self.look_here(project)
        for_new = Settings().labelling

        def work(progress: Progress, cancellation: Cancellation) -> Labelled:
            request = (choice or proposal(project, for_new).choice).request()
            return self._label_and_compare(project, request, progress, cancellation)

        job = self._session.run_job(self.tr("Labelling photos"), work, self._tell)
        job.cancelled.connect(partial(self._tell_what_is_left, project))
        return job

    @Slot()
    def _offer_to_look(self) -> None:
        """To whom reviews what another computer labelled."""
        project = self._session.project
        if project is None or project.lists_photos or project.read_only:
            return

        def has_looked() -> bool:
            from engine.stages.labelling.look_here import has_looked

            return has_looked(project)

        def offer(looked: bool) -> None:
            if looked or project is not self._session.project:
                return
            said = self.tr(
                "This computer has not looked at these photos yet: until then it shows no heatmaps, finds nothing by "
                "words, and answers do not teach here."
            )
            look = Choice(self.tr("Look at them"), self.label)
            later = Choice(self.tr("Not now"), lambda: None, self.tr("The Label button does it at any time"))
            self._session.offered.emit(Offer(said, (look, later), waits=True))

        self._session.workers.read(has_looked).finished.connect(offer)

    @Slot()
    def offer_the_rest(self) -> None:
        """To label the photos that a labelling did not come to, or that are new since."""
        session, project, snapshot = self._session, self._session.project, self._session.snapshot
        if project is None or snapshot is None or snapshot.stage is None or not session.writable:
            return
        without = np.flatnonzero(np.isnan(snapshot.scores).all(axis=1))
        left = sum(snapshot.problems[row] is None for row in without)

        def offer(anew: int | None) -> None:
            if project is not session.project or session.job is not None:
                return
            if left and snapshot.stage != CLASSIFIER:
                said = self.tr("{left} of {photos} are not labelled yet.")
            elif anew is not None:
                said = self.tr("Labelling stopped at {anew} of {photos}; the others keep the labels they had.")
            else:
                return
            said = said.format(left=f"{left:,}", anew=f"{anew or 0:,}", photos=photos_in_words(len(snapshot)))
            session.offered.emit(Offer(said, (Choice(self.tr("Label the rest"), self.label),), waits=True))

        session.workers.read(lambda: scored_by_unfinished(project)).finished.connect(offer)

    def look_here(self, project: Project) -> Job:
        """Have this computer know how the photos look that another one labelled: heatmaps, searches, what is learnt."""

        def work(progress: Progress, cancellation: Cancellation) -> LookedHere:
            from engine.stages.labelling.look_here import look_here

            return look_here(project, progress, cancellation, open_encoder=self.encoder.open)

        return self._session.run_job(
            self.tr("Looking at photos"),
            work,
            lambda looked: self._session.done.emit(Done(translated(looked.sentence))),
        )

    def _tell_what_is_left(self, project: Project) -> None:
        """Of a labelling that was cancelled."""

        def count() -> tuple[int, int, int]:
            scores = take_snapshot(project).scores
            known = int(np.count_nonzero(~np.isnan(scores).all(axis=1)))
            return known, len(scores), scored_by_unfinished(project) or 0

        def tell(counted: tuple[int, int, int]) -> None:
            done, photos, anew = counted
            said = self.tr("Stopped: {done} of {photos} labelled. Label goes on from there.")
            if done > anew:  # they were labelled before
                said = self.tr(
                    "Stopped: {anew} of {photos} labelled anew; the others keep the labels they had. Label goes on "
                    "from there."
                )
            go_on = Choice(self.tr("Label the rest"), self.label)
            sentence = said.format(done=f"{done:,}", anew=f"{anew:,}", photos=photos_in_words(photos))
            self._session.offered.emit(Offer(sentence, (go_on,)))

        self._session.workers.read(count).finished.connect(tell)

    def label_with(self, encoder: str) -> None:
        """Label all photos with another encoder, and all else as proposed."""

        def label(proposed: Proposal) -> None:
            self.label(replace(proposed.choice, encoder=encoder))

        self.propose(label)

    def let_suggest(self, change: EncoderChange, *, now: bool) -> Job | None:
        """Let the encoder of now suggest, or the one before: mere looking, both are kept."""
        return self._session.change(lambda project: put_in_force(project, change.run, in_force=now))

    def score_again(self) -> Job | None:
        """Score all photos with the label set as it is now and all else as in the run before: mere arithmetic."""
        project = self._idle_project()
        if project is None:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> LabelResult | None:
            from engine.stages.labelling.label_photos import LabelRequest
            from engine.stages.labelling.labelled_before import labelled_before

            before = labelled_before(project)
            if before is None or not before.scored:
                return None  # nothing is out of date
            return self._label_photos(project, LabelRequest(look_for_photos=False), progress, cancellation)

        def tell(result: LabelResult | None) -> None:
            if result is None:
                return
            if unreadable := self._unreadable(result):
                self._session.noticed.emit(unreadable)
            else:
                self._tell_scored_again(result)

        return self._session.run_job(self.tr("Scoring photos"), work, tell)

    def _idle_project(self) -> Project | None:
        """The project, if it can be labelled now."""
        project = self._session.project
        return None if project is None or project.read_only or self._session.job is not None else project

    def _label_and_compare(
        self, project: Project, request: LabelRequest, progress: Progress, cancellation: Cancellation
    ) -> Labelled:
        before = finished_before(project)
        seen_before = None if before is None else seen_by(project, before)
        result = self._label_photos(project, request, progress, cancellation)
        if before is None or seen_before is None or before.settings["encoder"] == result.encoder:
            # A run that is the one from before has the same photos, labels and settings.
            return Labelled(result, None, before is not None and before.id == result.run and not result.encoded)
        photos, compared = photos_seen_differently(seen_before, take_snapshot(project))
        change = EncoderChange(result.run, before.settings["encoder"], result.encoder, photos, compared)
        return Labelled(result, change)

    def _label_photos(
        self, project: Project, request: LabelRequest, progress: Progress, cancellation: Cancellation
    ) -> LabelResult:
        from engine.stages.labelling.label_photos import label_photos

        return label_photos(
            project,
            request,
            progress,
            cancellation,
            open_encoder=self.encoder.open,
            on_scores=self._session.scores_arrived.emit,
        )

    def _tell(self, labelled: Labelled) -> None:
        result = labelled.result
        self._session.said.emit(self._what_was_done(labelled))
        if result.fast is not None:
            self._session.noticed.emit(translated(result.fast.sentence))
        self.labelled.emit(labelled)
        self._session.done.emit(Done(self._unreadable(result)))

    def _what_was_done(self, labelled: Labelled) -> str:
        result = labelled.result
        photos = photos_in_words(result.labelled)
        if labelled.nothing_new:
            return self.tr("Nothing new to label: {photos} labelled already").format(photos=photos)
        return self.tr("{photos} labelled in {seconds:.0f} s").format(photos=photos, seconds=result.seconds)

    def _tell_scored_again(self, result: LabelResult) -> None:
        photos, snapshot = photos_in_words(result.labelled), self._session.snapshot
        if snapshot is not None and snapshot.stage in (REFINED, CLASSIFIER):
            # Otherwise nothing would seem to happen: a training's scores go before those that it learnt from.
            self._session.noticed.emit(
                self.tr(
                    "New scores for {photos}, but what is suggested still comes from the training before. "
                    "“Learn from my corrections” has them count."
                ).format(photos=photos)
            )
        else:
            self._session.said.emit(
                self.tr("New scores for {photos}, after {seconds:.1f} s").format(photos=photos, seconds=result.seconds)
            )

    def _unreadable(self, result: LabelResult) -> str:
        """Which photos could not be read; empty where there are none."""
        if not result.unreadable:
            return ""
        path, problem = result.unreadable[0]
        return self.tr(
            "{photos} labelled. {unreadable} could not be read, the first is {path}: {problem} "
            "They are marked in the gallery."
        ).format(
            photos=photos_in_words(result.labelled),
            unreadable=f"{len(result.unreadable):,}",
            path=path,
            problem=translated(problem),
        )
