"""Labelling a folder from beginning to end, as one request."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.errors import WrongUsage
from engine.jobs import Cancellation, Progress
from engine.method import check_grids
from engine.models.encoders.catalog import STARTER, open_encoder
from engine.project import Project
from engine.project.history.edit_labels import choose_label_set
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.labels import label_set
from engine.project.settings import keep_setting, setting
from engine.project.snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.labelling.add_photos import add_some_photos
from engine.stages.labelling.initialise import InitialiseSettings, initialise, preset
from engine.stages.labelling.label_sets import name_of_label_set, resolve_label_set
from engine.wording import Sentence, n_labels, n_photos, n_suggestions

ENCODER_SETTING = "encoder"
DEFAULT_LABELS = "coco"


@dataclass(frozen=True)
class LabelRequest:
    """How to label; what is None stays as the project has it, or gets its default."""

    labels: str | None = None
    encoder: str | None = None
    grid: str | None = None
    preset: str = "default"
    temperature: float | None = None
    zeta: float | None = None
    second_look: bool | None = None
    threshold: float | None = None


@dataclass(frozen=True)
class LabelResult:
    """Photos in the folder, `labelled` of them, `encoded` just now, and labels suggested at the threshold."""

    project: str
    run: int
    encoder: str
    labels: int
    photos: int
    labelled: int
    encoded: int
    suggested: int
    seconds: float
    unreadable: tuple[tuple[str, Sentence], ...]

    @property
    def sentence(self) -> str:
        """For people."""
        rate = f" ({self.encoded / self.seconds:.1f} a second)" if self.encoded and self.seconds else ""
        return (
            f"Labelled {self.labelled:,} of {n_photos(self.photos)} with {n_labels(self.labels)} and the encoder "
            f"{self.encoder}: {n_suggestions(self.suggested)}; {n_photos(self.encoded)} encoded in "
            f"{self.seconds:.1f} s{rate}."
        )


def label_photos(
    project: Project, request: LabelRequest, progress: Progress, cancellation: Cancellation
) -> LabelResult:
    """Add the folder's photos, settle the label set, and run stage 1.

    Raises:
        UserError: wrong wishes, or an encoder that is not there; nothing was labelled.
    """
    if request.threshold is not None and not 0 <= request.threshold <= 1:
        raise WrongUsage(
            Sentence("Expected --threshold to be from 0 to 1, but got {threshold}.").format(threshold=request.threshold)
        )
    change = add_some_photos(project, progress, cancellation)
    wanted = DEFAULT_LABELS if request.labels is None and not label_set(project) else request.labels
    labels = resolve_label_set(wanted) if wanted is not None else None
    progress.start("Opening the encoder", total=None)
    encoder = open_encoder(request.encoder or setting(project, ENCODER_SETTING, STARTER))
    settings = _settings(request, preset(request.preset, encoder))
    # From here on all wishes are known to be right.
    if wanted is not None and labels is not None:
        choose_label_set(project, labels, name_of_label_set(wanted))
    keep_setting(project, ENCODER_SETTING, encoder.name)
    if request.threshold is not None:
        set_thresholds(project, [ManualThreshold(*FOR_ALL, request.threshold)])
    result = initialise(project, encoder, settings, progress, cancellation)
    snapshot = take_snapshot(project)
    return LabelResult(
        str(project.folder),
        result.run_id,
        encoder.name,
        len(snapshot.labels),
        change.total,
        result.labelled,
        result.encoded,
        int((snapshot.scores >= snapshot.thresholds).sum()),
        round(result.seconds, 2),
        result.unreadable,
    )


def _settings(request: LabelRequest, settings: InitialiseSettings) -> InitialiseSettings:
    try:
        if request.grid is not None:
            settings = replace(settings, grids=_grids(request.grid))
        if request.temperature is not None:
            settings = replace(settings, temperature=request.temperature)
        if request.zeta is not None:
            settings = replace(settings, zeta=request.zeta)
        if request.second_look is not None:
            settings = replace(settings, second_look=request.second_look)
    except ValueError as error:
        raise WrongUsage(Sentence("--temperature or --zeta: {error}").format(error=error)) from error
    return settings


def _grids(text: str) -> tuple[int, ...]:
    try:
        return check_grids([int(grid) for grid in text.split(",")])
    except ValueError as error:
        raise WrongUsage(
            Sentence("Expected --grid to be whole numbers from 2 to 8, like 3 or 2,3, but got {text!r}.").format(
                text=text
            )
        ) from error
