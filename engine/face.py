"""The engine as one object, for notebooks and scripts: the verbs of the command line and of the window, by name.

Each method calls one verb of `engine.stages` and returns what that returns; whatever is not here is done with them and
`PhotoProject.project`. Networks are loaded where they are used, not before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from engine.errors import WrongUsage
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.snapshot import Snapshot
from engine.remote import AnyFolder
from engine.wording import Sentence

if TYPE_CHECKING:
    from engine.stages.evaluation.result import Evaluation
    from engine.stages.exporting.export import ExportResult
    from engine.stages.finding.find_photos import FoundPhoto
    from engine.stages.labelling.label_photos import LabelResult
    from engine.stages.training.held_back import WaitingTraining
    from engine.stages.training.predict import PredictResult
    from engine.stages.training.refine import RefineResult


def open(photos: AnyFolder | str, project: Path | str | None = None, *, read_only: bool = False) -> PhotoProject:
    """Open the project of a photo folder, making it where there is none. The photos are only ever read.

    Args:
        photos: the folder.
        project: where the project is kept; by default `PHOTOS/.cdul`.
        read_only: change nothing; also where a window or a command has the project open for writing.

    Raises:
        UserError: there is no such folder, or the project cannot be read or written, or is being written to.
    """
    return PhotoProject(Project.open(photos, project, read_only=read_only))


class PhotoProject:
    """The photos of a folder with their labels; made by `open`.

    While it is open nobody else can write to it: close it with `close`, or use it in a `with`. All work takes a
    `Progress` that reports how far it is and a `Cancellation` to stop it from another thread, by default neither.
    What cannot be done raises an `engine.errors.UserError` with a sentence for people.
    """

    def __init__(self, project: Project) -> None:
        self._project: Project | None = project
        self._photos = project.photos

    @property
    def project(self) -> Project:
        """What the functions of the engine take; a `WrongUsage` once it is closed."""
        if self._project is None:
            raise WrongUsage(
                Sentence("The project of {folder} is closed. Open it again with engine.open(…).").format(
                    folder=self._photos
                )
            )
        return self._project

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files; nothing else can be done afterwards. A second time it does nothing."""
        if self._project is not None:
            self._project.close()
            self._project = None

    def label(
        self,
        labels: str | Sequence[str] | None = None,
        *,
        encoder: str | None = None,
        photo_list: Path | str | Sequence[str] | None = None,
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
        **more: Any,
    ) -> LabelResult:
        """Suggest labels for all photos, CDUL's stage 1. A second time only new photos are looked at.

        Args:
            labels: names; or `coco`, `voc`, `nus-wide`, a file, or names with commas between. None for those that the
                project has, at first COCO's.
            encoder: `starter`, `MODEL:WEIGHTS` of open_clip, or a checkpoint's path. None for that of the last time.
            photo_list: the photos of the folder that the project holds, by name, with or without suffix; or a file
                that names them, one a line. None for those that it has been given, at first all.
            more: the other fields of `LabelRequest`, such as `preset="paper"`, `temperature`, `zeta`, `threshold`.
        """
        from engine.stages.labelling.label_photos import LabelRequest, label_photos

        if encoder is not None:
            from engine.models.encoders.confirmed import confirm_encoder

            confirm_encoder(encoder)
        names = _photo_names(photo_list)
        request = LabelRequest(labels=_label_text(labels), encoder=encoder, photo_list=names, **more)
        return label_photos(self.project, request, progress, cancellation)

    def refine(
        self,
        *,
        preset: str = "default",
        train: str = "head",
        network: str | None = None,
        weights: Path | str | None = None,
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
        **more: Any,
    ) -> RefineResult:
        """Train a classifier on the labels and let the labels learn from it, CDUL's stage 2.

        What a person decided counts as known. Stopped, the same call goes on from the last epoch.

        Args:
            preset: `default`, or `paper` for the published values.
            train: `head`: the last layer over stored features; `full`: all of the network.
            network: a name of timm. None for the starter's.
            weights: a file of weights for it; None for those that come with the program or lie in the caches.
            more: single fields of `TrainingSettings` in the preset's place, such as `epochs`, `sigma`, `seed`.
        """
        from engine.stages.training.refine import refine, settings_by_name

        settings = settings_by_name(preset, train, network, Path(weights) if weights is not None else None, **more)
        return refine(self.project, settings, progress, cancellation)

    def predict(
        self,
        classifier: Path | str,
        *,
        photo_list: Path | str | Sequence[str] | None = None,
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
    ) -> PredictResult:
        """Suggest labels by a trained classifier alone, CDUL's stage 3.

        Args:
            classifier: its folder, which `refine` returns, also that of another project.
            photo_list: see `label`.
        """
        from engine.stages.training.predict import predict

        names = _photo_names(photo_list)
        return predict(self.project, Path(classifier), progress, cancellation, photo_list=names)

    def waiting_training(self) -> WaitingTraining:
        """What the training would change that waits because it changes much; a `UserError` where none waits."""
        from engine.stages.training.held_back import look_at_waiting

        return look_at_waiting(self.project)

    def accept_training(self) -> None:
        """Let the training that waits suggest labels."""
        from engine.stages.training.held_back import accept_training

        accept_training(self.project)

    def discard_training(self) -> None:
        """Leave the training that waits out: what suggested before still does."""
        from engine.stages.training.held_back import discard_training

        discard_training(self.project)

    def export(
        self,
        out: Path | str,
        format: str = "coco",
        *,
        replace: bool = False,
        force: bool = False,
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
        **more: Any,
    ) -> ExportResult:
        """Write labels or scores into a file or folder, whole or not at all.

        Args:
            out: the file to write; a folder for a format of many files, with a split, or with photos.
            format: `coco`, `voc`, `csv`, `scores`, `huggingface` …, see docs/formats.md.
            replace: an earlier export in the place of the folder may be replaced.
            force: a file in its place may be replaced, whoever wrote it.
            more: the other fields of `ExportRequest`, such as `only="reviewed"`, `filter_text="label:dog"`,
                `shares=(80, 10, 10)` with `seed`.
        """
        from engine.stages.exporting.export import export
        from engine.stages.exporting.export_request import ExportRequest

        request = ExportRequest(format, **more)
        return export(self.project, request, Path(out), progress, cancellation, replace=replace, force=force)

    def evaluate(
        self,
        truth: Path | str | Mapping[str, Sequence[str]],
        stage: str | None = None,
        *,
        difficult: str = "ignore",
        cancellation: Cancellation = NEVER,
    ) -> Evaluation:
        """Compare scores with a truth, which is not kept: all-point mAP with intervals, and all that goes with it.

        Args:
            truth: a file or folder of any format that can be imported, the name of a truth that the project keeps, or
                the labels of each photo, by the photo's path in the folder.
            stage: `global`, `aggregated`, `initial`, `refined` or `classifier`, or of one run `initial@5`. None for
                what suggests labels now: refined where a training refined, taught where answers taught.
            difficult: what VOC calls difficult: `ignore` it, or count it `negative`.
        """
        from engine.stages.evaluation.compare import Side
        from engine.stages.evaluation.evaluate import IN_FORCE, evaluate
        from engine.stages.importing.import_truth import match_truth, open_truth

        side = Side.parse(stage or IN_FORCE)
        if isinstance(truth, Mapping):
            known = match_truth(self.project, _known(truth), cancellation=cancellation)
        else:
            known = open_truth(self.project, str(truth), difficult=difficult)
        return evaluate(
            self.project,
            known.table,
            stage=side.stage,
            run=side.run,
            unmatched_photos=known.unmatched_photos,
            check=cancellation.check,
        )

    def search(
        self,
        wanted: str | Path,
        top: int = 20,
        *,
        filter_text: str = "",
        progress: Progress = QUIET,
        cancellation: Cancellation = NEVER,
    ) -> tuple[FoundPhoto, ...]:
        """The photos that fit words best, or that are like the photo in a file (a `Path`); the best first.

        Args:
            top: how many at most, up to 500.
            filter_text: look only among these, in the filter language: `label:dog -label:cat`.
        """
        from engine.stages.finding.find_photos import find_photos

        return find_photos(self.project, wanted, progress, cancellation, filter_text=filter_text, top=top).found

    def snapshot(self) -> Snapshot:
        """Photos x labels as NumPy arrays: scores, thresholds, decisions; see `Snapshot`.

        Labels with ten answers and more have probabilities in place of scores, which these answers taught.
        """
        from engine.stages.teaching.teaching import snapshot_in_force

        return snapshot_in_force(self.project)

    def table(self) -> Any:
        """A row for each photo and label: a pandas `DataFrame` where pandas is installed, else a NumPy record array.

        `photo` is the path in the folder; `score` from 0 to 1, nan where there is none, of the refined labels where
        there are some; from `threshold` on the label is likely, from `maybe_from` on it may be there; `state` absent,
        maybe, likely, confirmed or rejected; `reviewed` whether a person has looked the photo through.
        """
        snapshot = self.snapshot()
        photos, labels = len(snapshot), len(snapshot.labels)
        words: dict[str, tuple[list[str], Any]] = {
            "photo": (snapshot.paths, np.repeat(np.arange(photos), labels)),
            "label": ([label.name for label in snapshot.labels], np.tile(np.arange(labels), photos)),
            "state": ([state.name.lower() for state in LabelState], snapshot.states().ravel()),
        }
        columns: dict[str, Any] = {
            "photo": words["photo"],
            "label": words["label"],
            "score": snapshot.scores.ravel(),
            "threshold": np.tile(snapshot.thresholds, photos),
            "maybe_from": np.tile(np.minimum(snapshot.maybe_from, snapshot.thresholds), photos),
            "state": words["state"],
            "reviewed": np.repeat(snapshot.reviewed, labels),
        }
        try:
            from pandas import Categorical, DataFrame
        except ImportError:
            # Millions of rows share the words.
            columns |= {name: np.array(each, object)[places] for name, (each, places) in words.items()}
            return np.rec.fromarrays(columns.values(), dtype=[(name, each.dtype) for name, each in columns.items()])
        columns |= {name: Categorical.from_codes(places, each) for name, (each, places) in words.items()}
        return DataFrame(columns)

    def to_dataset(self) -> Any:
        """A `datasets.Dataset` of Hugging Face; see `engine.stages.exporting.to_libraries.to_dataset`."""
        from engine.stages.exporting.to_libraries import to_dataset

        return to_dataset(self.project, self.snapshot())

    def to_fiftyone(self, name: str | None = None) -> Any:
        """A `fiftyone.Dataset`; see `engine.stages.exporting.to_libraries.to_fiftyone`."""
        from engine.stages.exporting.to_libraries import to_fiftyone

        return to_fiftyone(self.project, self.snapshot(), name)

    def __repr__(self) -> str:
        return f"PhotoProject({str(self._photos)!r}{', closed' if self._project is None else ''})"

    def _repr_html_(self) -> str | None:
        if self._project is None:
            return None
        from engine.stages.care.project_html import project_html

        return project_html(self.project)


def _label_text(labels: str | Sequence[str] | None) -> str | None:
    """Labels as a request names them."""
    if labels is None or isinstance(labels, str):
        return labels
    if not isinstance(labels, Sequence) or not labels or not all(isinstance(name, str) for name in labels):
        raise WrongUsage(
            Sentence(
                "Expected `labels` to be names like ['cat', 'dog'], a label set or a file, but got {given}."
            ).format(given=repr(labels))
        )
    with_comma = [name for name in labels if "," in name]
    if with_comma:
        raise WrongUsage(
            Sentence("Expected the names of labels without commas, but got {names}. A file may hold any names.").format(
                names=with_comma
            )
        )
    # With a comma at its end a single name is neither a file nor one of the label sets that come with the program.
    return ",".join(labels) + ","


def _photo_names(photo_list: Path | str | Sequence[str] | None) -> tuple[str, ...] | None:
    from engine.stages.labelling.photo_list import read_photo_list

    if photo_list is None:
        return None
    return read_photo_list(Path(photo_list)) if isinstance(photo_list, Path | str) else tuple(photo_list)


def _known(truth: Mapping[str, Sequence[str]]) -> Any:
    from engine.formats.known_labels import PRESENT, KnownLabels

    names = tuple(dict.fromkeys(name for labels in truth.values() for name in labels))
    return KnownLabels(names, {photo: dict.fromkeys(labels, PRESENT) for photo, labels in truth.items()})
