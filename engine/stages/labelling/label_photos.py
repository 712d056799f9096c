"""Labelling a folder from beginning to end, as one request: what the window, the command line and Python call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.errors import WrongUsage
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.catalog import open_encoder as open_by_name
from engine.models.encoders.encoder import Encoder
from engine.models.encoders.failures import NotCalibrated
from engine.models.encoders.fast_kept import FastCost
from engine.models.encoders.fast_names import exact_name, fast_name, is_fast
from engine.models.encoders.known import STARTER
from engine.models.encoders.remembered import remember_speed
from engine.project import Project
from engine.project.history.edit_labels import choose_label_set
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.label_state import LabelState
from engine.project.labels import LabelSetError, NewLabel, label_set
from engine.project.photos import GONE, readable_contents
from engine.project.runs import INITIAL
from engine.project.snapshot import Snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.labelling.add_photos import add_some_photos
from engine.stages.labelling.calibrate_fast import calibrate_fast
from engine.stages.labelling.encode_files import EncodeFiles, encode_files
from engine.stages.labelling.initialise import InitialiseResult, initialise
from engine.stages.labelling.initialise_settings import (
    DEFAULT,
    GRIDS,
    InitialiseSettings,
    preset,
    preset_temperature,
)
from engine.stages.labelling.label_sets import BUILT_IN, is_typed, name_of_label_set, resolve_label_set
from engine.stages.labelling.labelled_before import LabelledBefore, labelled_before
from engine.stages.labelling.typed_labels import doubtful_labels, doubts_in_words, looks_like_built_in
from engine.stages.rules.describe_files import describe_files_for_rules
from engine.stages.teaching.coordinates import coordinates_of
from engine.stages.teaching.teaching import snapshot_in_force
from engine.wording import Sentence, n_labels, n_photos, n_suggestions

DEFAULT_LABELS = "coco"

_SETTINGS = ("grids", "temperature", "zeta", "rerank", "detector", "crop")
"""Of `InitialiseSettings`, what a request may name by itself."""

_FEWEST_MEASURED = 8
"""Photos, for a speed that is worth remembering."""


@dataclass(frozen=True)
class LabelRequest:
    """How to label. What is None is as it was before in this project, or the default where it was never labelled.

    `labels`: see `resolve_label_set`. `encoder`: see `open_encoder`. `grids`: n for n x n snippets, 2 to 8. `preset`:
    `temperature`, `zeta`, `rerank`, `detector` and `crop` by name; each may be given by itself. `fast`: whether a CLIP
    computes in whole numbers, see `engine.models.encoders.fast_clip`; None beside an `encoder` is as its name says.
    `threshold`: of all labels, 0 to 1. `look_for_photos`: whether the folder is looked into for photos that came,
    changed or went.
    `photo_list`: the photos of the folder that the project holds from now on, by name, see `engine.photos.listed`.
    """

    labels: str | None = None
    encoder: str | None = None
    grids: tuple[int, ...] | None = None
    preset: str | None = None
    temperature: float | None = None
    zeta: float | None = None
    rerank: bool | None = None
    detector: bool | None = None
    crop: bool | None = None
    fast: bool | None = None
    threshold: float | None = None
    look_for_photos: bool = True
    photo_list: tuple[str, ...] | None = None


@dataclass(frozen=True)
class LabelResult:
    """Photos in the folder, `labelled` of them, `encoded` just now; labels that are likely (`suggested`) or maybe,
    by what answers taught where they did."""

    project: str
    run: int
    encoder: str
    labels: int
    photos: int
    labelled: int
    encoded: int
    suggested: int
    maybe: int
    seconds: float
    replaced: Sentence | None
    """What a change of encoder cost."""
    warnings: tuple[Sentence, ...]
    """What a person should know of the labels that were typed, and that a training still suggests labels."""
    unreadable: tuple[tuple[str, Sentence], ...]
    unlisted: tuple[str, ...] = ()
    """Names of the list of photos that are no photo of the folder."""
    fast: FastCost | None = None
    """What the fast encoder costs, where it was calibrated for this labelling."""
    from_store: int = 0
    """Photos that others had encoded, in the store of `--store`."""

    @property
    def sentence(self) -> str:
        """For people."""
        rate = f" ({self.encoded / self.seconds:.1f} a second)" if self.encoded and self.seconds else ""
        taken = f"{n_photos(self.from_store)} taken from the store and " if self.from_store else ""
        maybe = f", and {self.maybe:,} that may be" if self.maybe else ""
        return (
            f"Labelled {self.labelled:,} of {n_photos(self.photos)} with {n_labels(self.labels)} and the encoder "
            f"{self.encoder}: {n_suggestions(self.suggested)}{maybe}; {taken}{n_photos(self.encoded)} encoded in "
            f"{self.seconds:.1f} s{rate}."
        )


def label_photos(
    project: Project,
    request: LabelRequest,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    open_encoder: Callable[[str], Encoder] = open_by_name,
    on_scores: Callable[[], object] = lambda: None,
    on_replaced: Callable[[Sentence], object] = lambda sentence: None,
    encode: EncodeFiles = encode_files,
) -> LabelResult:
    """Add the folder's photos, settle the label set, and run stage 1.

    Args:
        open_encoder: by its name; for callers that keep one open.
        on_scores: called (in this thread) whenever labels or scores changed and can be read.
        on_replaced: told what a change of encoder costs, before it is made.
        encode: where and how photos are encoded.

    Raises:
        UserError: wrong wishes, no photos, or an encoder that is not there; nothing was labelled.
        Cancelled: what was committed stays, and the next request goes on.
    """
    # What is wrong is said before photos are looked for and a network is opened.
    _check_threshold(request)
    _as_asked(InitialiseSettings(), request)
    wanted = DEFAULT_LABELS if request.labels is None and not label_set(project) else request.labels
    labels = labels_named(wanted) if wanted is not None else None
    before = labelled_before(project)
    name = _wanted_encoder(request, before)
    if is_fast(name) and encode is not encode_files:
        raise WrongUsage(Sentence("--fast is for this computer, not for --engine ray. Add --no-fast."))
    unlisted: tuple[str, ...] = ()
    if request.look_for_photos or request.photo_list is not None:
        unlisted = add_some_photos(project, progress, cancellation, request.photo_list).unlisted
    progress.start("Opening the encoder", total=None, unit="")
    encoder, cost = _open(project, name, open_encoder, progress, cancellation)
    cancellation.check()
    settings = _settings(request, before, encoder)
    # From here on all wishes are known to be right.
    replaced = before.loss_by(encoder.name) if before else None
    if replaced is not None:
        on_replaced(replaced)
    if wanted is not None and labels is not None:
        choose_label_set(project, labels, name_of_label_set(wanted))
        on_scores()
    if request.threshold is not None:
        set_thresholds(project, [ManualThreshold(*FOR_ALL, request.threshold)])
    result = initialise(project, encoder, settings, progress, cancellation, on_scores=on_scores, encode=encode)
    if encode is encode_files:  # others' speed says nothing of this machine
        _remember_speed(encoder, settings, result)
    if result.encoded or result.from_store:
        # So that the first answers that teach need not wait for it; it takes seconds where encoding takes an hour.
        coordinates_of(project, readable_contents(project).ids, progress, cancellation)
    describe_files_for_rules(project, progress, cancellation)
    snapshot = snapshot_in_force(project, progress, cancellation)
    states = snapshot.states()
    return LabelResult(
        project.name,
        result.run_id,
        encoder.name,
        len(snapshot.labels),
        sum(problem != GONE for problem in snapshot.problems),
        result.labelled,
        result.encoded,
        int((states == LabelState.LIKELY).sum()),
        int((states == LabelState.MAYBE).sum()),
        round(result.seconds, 2),
        replaced,
        (
            *([cost.sentence] if cost else []),
            *_warnings(wanted, labels),
            *_alone(snapshot, settings),
            *_no_effect(request, snapshot),
            *_older(request, before, encoder),
        ),
        result.unreadable,
        unlisted,
        cost,
        result.from_store,
    )


def _check_threshold(request: LabelRequest) -> None:
    if request.threshold is not None and not 0 <= request.threshold <= 1:
        raise WrongUsage(
            Sentence("Expected --threshold to be from 0 to 1, but got {threshold}.").format(threshold=request.threshold)
        )


def _wanted_encoder(request: LabelRequest, before: LabelledBefore | None) -> str:
    named = (before.encoder if before else STARTER) if request.encoder is None else request.encoder
    if request.fast is None:
        return named
    return fast_name(named) if request.fast else exact_name(named)


def _open(
    project: Project,
    name: str,
    open_encoder: Callable[[str], Encoder],
    progress: Progress,
    cancellation: Cancellation,
) -> tuple[Encoder, FastCost | None]:
    """The encoder of this name; and what a fast one costs, if it was calibrated for that."""
    try:
        return open_encoder(name), None
    except NotCalibrated as error:
        cost = calibrate_fast(project, error.name, progress, cancellation)
        return open_encoder(name), cost


def _remember_speed(encoder: Encoder, settings: InitialiseSettings, result: InitialiseResult) -> None:
    """Keep how fast this machine was with the encoder, where most of the time went into that."""
    if result.encoded < _FEWEST_MEASURED or 2 * result.encoded < result.labelled:
        return
    from engine.models.device import device_named, memory_of

    device = device_named()
    memory = memory_of(device)
    snippets = result.encoded * (1 + sum(n * n for n in settings.grids))
    remember_speed(
        encoder.name,
        device.partition(":")[0],
        snippets / result.seconds,
        None if memory is None else memory / 1e9,
    )


def labels_named(text: str) -> list[NewLabel]:
    """The labels that a person names; WrongUsage where what was typed is none, or a misspelt name of a label set."""
    meant = looks_like_built_in(text) if is_typed(text) and not {"\n", ","} & set(text) else None
    if meant is not None:
        raise WrongUsage(
            Sentence(
                "There is no label set {text!r}; did you mean {meant}? For a label of that name put a comma behind it."
            ).format(text=text, meant=meant)
        )
    try:
        return resolve_label_set(text)
    except LabelSetError as error:
        if is_typed(text):
            raise WrongUsage(error.sentence) from error
        raise


def _warnings(wanted: str | None, labels: Sequence[NewLabel] | None) -> tuple[Sentence, ...]:
    """Labels that the encoders' texts do not know; whoever gave prompts has thought of that."""
    if wanted is None or labels is None or wanted.strip().lower() in BUILT_IN:
        return ()
    plain = [label.name for label in labels if not label.prompts]
    return doubts_in_words(doubtful_labels(plain))


def _alone(snapshot: Snapshot, settings: InitialiseSettings) -> tuple[Sentence, ...]:
    """That a label which competes with nothing is on every photo, as the published method has it."""
    if settings.company or len(snapshot.labels) != 1 or not (snapshot.scores == 1).all():
        return ()
    return (
        Sentence(
            "A single label has nothing to compare with here, so it is on every photo. Name several labels, or use the "
            "preset default, which compares with other things as well."
        ),
    )


def _no_effect(request: LabelRequest, snapshot: Snapshot) -> tuple[Sentence, ...]:
    """That what was asked for is not seen: the scores of a training stay in force."""
    if snapshot.stage == INITIAL or all(getattr(request, name) is None for name in ("preset", *_SETTINGS)):
        return ()
    return (
        Sentence(
            "The labels are still suggested by the last training, which learnt from the settings before: refine again, "
            "or take the training back in the history."
        ),
    )


def _older(request: LabelRequest, before: LabelledBefore | None, encoder: Encoder) -> tuple[Sentence, ...]:
    """That a project stays as it was labelled when less was heard; taking it up by itself would read all photos."""
    asked = (request.preset, request.detector)
    if before is None or not before.is_older or not encoder.takes_witness or any(one is not None for one in asked):
        return ()
    return (
        Sentence(
            "The photos are labelled as before there was a detector beside the starter. With the preset default it is "
            "heard, and more of what is likely is right: `cdul label --preset default`."
        ),
    )


def _settings(request: LabelRequest, before: LabelledBefore | None, encoder: Encoder) -> InitialiseSettings:
    """What is asked for, and the rest as it was before."""
    if before is None or request.preset is not None:
        settings = preset(request.preset or DEFAULT, encoder, before.settings.grids if before else GRIDS)
    elif encoder.name == before.encoder:
        settings = before.settings
    else:  # one encoder's temperature means nothing to another
        settings = replace(before.settings, temperature=preset_temperature(before.settings.preset, encoder))
    return _as_asked(settings, request)


def _as_asked(settings: InitialiseSettings, request: LabelRequest) -> InitialiseSettings:
    asked = {name: getattr(request, name) for name in _SETTINGS}
    try:
        return replace(settings, **{name: value for name, value in asked.items() if value is not None})
    except ValueError as error:
        raise WrongUsage(Sentence("--grid, --temperature or --zeta: {error}").format(error=error)) from error
