"""The Label button: labels the photos as was chosen last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from PySide6.QtCore import QObject, Signal

from cdul_gui.session.jobs import Job
from cdul_gui.session.session import Session
from cdul_gui.settings import LABELS_OF_PROJECT, LabellingChoice, Settings
from cdul_gui.wording import photos_in_words, translated
from engine.jobs import Cancellation, Progress
from engine.models.encoders.encoder import Encoder
from engine.project import Project
from engine.project.history.edit_labels import choose_label_set
from engine.project.runs import CLASSIFIER, INITIAL, REFINED, newest_run_with
from engine.stages.labelling.initialise import InitialiseResult


class OpenedEncoder:
    """Keeps the encoder that was opened last, because opening takes seconds; may be asked from any thread."""

    def __init__(self, tell: Callable[[], object] = lambda: None) -> None:
        """`tell` is called whenever one was opened, in the thread that did."""
        self._lock = Lock()
        self._tell = tell
        self._name = ""
        self._encoder: Encoder | None = None
        self.device = ""
        """Where encoders compute, e.g. `cpu` or `cuda`; empty before the first is open."""
        self.threads = 1
        """With how many threads; one where it is no processor that computes."""

    def open(self, name: str) -> Encoder:
        """The encoder of this name."""
        import torch

        from engine.models.device import device_for
        from engine.models.encoders.catalog import open_encoder

        with self._lock:
            if self._encoder is None or name != self._name:
                self._encoder = None  # before another takes as much memory
                self._encoder, self._name = open_encoder(name), name
                self.device = device_for().type
                self.threads = torch.get_num_threads() if self.device == "cpu" else 1
                self._tell()
            return self._encoder


class Labelling(QObject):
    """Runs stage 1 on the open project."""

    encoder_opened = Signal()
    """Another encoder is open; sent from the thread that opened it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.encoder = OpenedEncoder(self.encoder_opened.emit)

    def proposal(self) -> LabellingChoice:
        """What the Label button would do: the project's own labels where it has some, else the last choice."""
        kept = Settings().labelling
        snapshot = self._session.snapshot
        if snapshot is not None and snapshot.labels:
            return LabellingChoice(LABELS_OF_PROJECT, kept.encoder, kept.grids, kept.preset)
        return LabellingChoice() if kept.label_set == LABELS_OF_PROJECT else kept

    def label(self, choice: LabellingChoice | None = None) -> Job | None:
        """Label all photos, as is chosen or as proposed. Labels appear while it goes on."""
        session, project = self._session, self._session.project
        if project is None or project.read_only or session.job is not None:
            return None
        chosen = choice or self.proposal()
        if choice is not None:
            Settings().labelling = choice

        def work(progress: Progress, cancellation: Cancellation) -> InitialiseResult:
            return label_photos(project, chosen, self.encoder, progress, cancellation, session)

        return session.run_job(self.tr("Labelling photos"), work, self._tell)

    def score_again(self) -> Job | None:
        """Score all photos with the label set as it is now and all else as in the run before: mere arithmetic."""
        session, project = self._session, self._session.project
        if project is None or project.read_only or session.job is not None:
            return None

        def work(progress: Progress, cancellation: Cancellation) -> InitialiseResult | None:
            from engine.stages.labelling.initialise import initialise, settings_of

            run = newest_run_with(project, INITIAL)
            if run is None or "encoder" not in run.settings:
                return None  # nothing is scored yet, so nothing is out of date
            progress.start("Opening the encoder", total=None, unit="")
            encoder = self.encoder.open(run.settings["encoder"])
            cancellation.check()
            return initialise(project, encoder, settings_of(run), progress, cancellation)

        def tell(result: InitialiseResult | None) -> None:
            if result is not None and not self._tell_unreadable(result):
                self._tell_scored_again(result)

        return session.run_job(self.tr("Scoring photos"), work, tell)

    def _tell(self, result: InitialiseResult) -> None:
        if not self._tell_unreadable(result):
            self._session.said.emit(
                self.tr("{photos} labelled in {seconds:.0f} s").format(
                    photos=photos_in_words(result.labelled), seconds=result.seconds
                )
            )

    def _tell_scored_again(self, result: InitialiseResult) -> None:
        photos, snapshot = photos_in_words(result.labelled), self._session.snapshot
        if snapshot is not None and snapshot.stage in (REFINED, CLASSIFIER):
            # Otherwise nothing would seem to happen: a training's scores go before those that it learnt from.
            self._session.noticed.emit(
                self.tr(
                    "New scores for {photos}, but what is suggested still comes from the training before. "
                    "Refine again, and they count."
                ).format(photos=photos)
            )
        else:
            self._session.said.emit(
                self.tr("New scores for {photos}, after {seconds:.1f} s").format(photos=photos, seconds=result.seconds)
            )

    def _tell_unreadable(self, result: InitialiseResult) -> bool:
        """Say which photos could not be read, if there are any."""
        if not result.unreadable:
            return False
        path, problem = result.unreadable[0]
        self._session.noticed.emit(
            self.tr(
                "{photos} labelled. {unreadable} could not be read, the first is {path}: {problem} "
                "They are marked in the gallery."
            ).format(
                photos=photos_in_words(result.labelled),
                unreadable=f"{len(result.unreadable):,}",
                path=path,
                problem=translated(problem),
            )
        )
        return True


def label_photos(
    project: Project,
    choice: LabellingChoice,
    opened: OpenedEncoder,
    progress: Progress,
    cancellation: Cancellation,
    session: Session,
) -> InitialiseResult:
    """Do what was chosen; called in a worker thread."""
    from engine.stages.labelling.initialise import initialise, preset
    from engine.stages.labelling.label_sets import name_of_label_set, resolve_label_set

    if choice.label_set != LABELS_OF_PROJECT:
        labels = resolve_label_set(choice.label_set)
        choose_label_set(project, labels, name_of_label_set(choice.label_set))
        session.scores_arrived.emit()
    progress.start("Opening the encoder", total=None, unit="")
    encoder = opened.open(choice.encoder)
    cancellation.check()
    settings = replace(preset(choice.preset, encoder), grids=choice.grids)
    return initialise(project, encoder, settings, progress, cancellation, on_scores=session.scores_arrived.emit)
