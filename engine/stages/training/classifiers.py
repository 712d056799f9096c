"""The classifiers that a project has trained, and how one is taken away."""

from __future__ import annotations

from pathlib import Path

from engine.errors import UserError
from engine.formats.files.whole_file import check_is_no_photo, check_is_ordinary
from engine.models.training.saved_classifier import ClassifierUnreadable, SavedClassifier
from engine.project import Project
from engine.project.runs import runs
from engine.wording import Sentence

CLASSIFIERS = "classifiers"
"""The folder in the project that has a folder for each trained classifier."""


def classifier_folder(project: Project, run_id: int) -> Path:
    """Where the classifier of a run is put.

    The number of a run comes again in a project that is begun anew, or put back from a backup copy, beside classifiers
    of the one before; the moment at which it began does not.
    """
    began = next(run.started_at for run in runs(project) if run.id == run_id)
    return project.folder / CLASSIFIERS / f"run-{run_id}-{began:%Y%m%dT%H%M%S%f}"


def classifiers_of(project: Project) -> list[SavedClassifier]:
    """The project's classifiers, newest first."""
    found = []
    for folder in (project.folder / CLASSIFIERS).glob("run-*"):
        try:
            found.append(SavedClassifier.read(folder))
        except ClassifierUnreadable:
            continue  # one that is being written, or was when the program was killed
    return sorted(found, key=_age, reverse=True)


def _age(one: SavedClassifier) -> tuple[str, int]:
    # Those without a moment in their name are of a program that gave none yet.
    number, _, began = one.folder.name.removeprefix("run-").partition("-")
    return began, int(number) if number.isdecimal() else 0


def export_onnx(folder: Path, file: Path) -> None:
    """Write a classifier as one ONNX file, see `Classifier.export_onnx`.

    Raises:
        UserError: no classifier there, the packages are missing, or the file cannot be written.
    """
    from engine.models.training.classifier import Classifier  # opens torch and timm, which take long

    classifier = Classifier.load(folder)
    check_is_ordinary(file)
    check_is_no_photo(file)
    try:
        classifier.export_onnx(file)
    except ImportError as error:
        raise UserError(
            Sentence(
                "ONNX needs packages that are not installed ({why}). Install them with: pip install 'cdul[onnx]'"
            ).format(why=error)
        ) from error
    except OSError as error:
        raise UserError(
            Sentence("{file} cannot be written ({why}). Choose another place.").format(file=file, why=error.strerror)
        ) from error
