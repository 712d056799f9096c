"""A disk that runs full in the middle: a sentence, nothing is lost, and with room again the work goes on."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from making import TINY_NETWORK, make_photo

from engine.errors import UserError
from engine.jobs import Cancellation, Progress
from engine.models.training.classifier import Classifier
from engine.models.training.loop import TrainingState
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project, ProjectError
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.runs import INITIAL, REFINED, load_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.training.refine import RefineSettings, refine

PHOTOS = 90
OLD = Path(__file__).parent.parent / "project_files" / "0001.sqlite"


@contextmanager
def room_for_files_of(size: int) -> Iterator[None]:
    """No file of this process grows beyond this size in bytes, as where the disk is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kilobytes", [60, 150, 300, 500])
def test_while_labelling(kilobytes: int, tmp_path: Path, label, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.stages.labelling.encoding._SECONDS_BETWEEN_COMMITS", 0.0)
    for at in range(PHOTOS):
        make_photo(tmp_path / "photos" / f"{at:03}.jpg", at, size=(24, 24))
    with Project.open(tmp_path / "photos") as project:
        with room_for_files_of(kilobytes << 10), pytest.raises(UserError, match="Check that the disk has room"):
            label(project)
        result = label(project)
        assert (result.labelled, result.unreadable) == (PHOTOS, ())
        scores = load_scores(project, INITIAL)
    with Project.open(tmp_path / "photos", tmp_path / "undisturbed") as undisturbed:
        label(undisturbed)
        expected = load_scores(undisturbed, INITIAL)
    assert scores is not None
    assert expected is not None
    np.testing.assert_array_equal(scores.values, expected.values)


@pytest.mark.parametrize("size", [0, 1000, 20_000, 60_000])
@pytest.mark.parametrize("old", [True, False], ids=["an old project", "a new one"])
def test_while_opening(old: bool, size: int, tmp_path: Path) -> None:
    file = tmp_path / ".cdul" / "project.sqlite"
    if old:
        file.parent.mkdir()
        shutil.copy(OLD, file)
    with (
        room_for_files_of(size),
        pytest.raises(ProjectError, match=r"Check that the disk has room.* is unharmed"),
    ):
        Project.open(tmp_path)
    with Project.open(tmp_path) as project:
        assert (take_snapshot(project).decisions == YES).any() == old


def test_while_reviewing(labelled: Project) -> None:
    answer(labelled, "confirmed", [Answer(1, 1, True)])
    with room_for_files_of(1000), pytest.raises(UserError, match="Check that the disk has room"):
        answer(labelled, "rejected", [Answer(1, 1, False), Answer(2, 1, False)])
    assert take_snapshot(labelled).decisions[0, 0] == YES
    assert answer(labelled, "rejected", [Answer(1, 1, False)]) is not None


@pytest.mark.parametrize("what", [TrainingState, Classifier])
def test_while_training(
    what: type[TrainingState | Classifier], labelled: Project, tiny_network: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = RefineSettings(TrainingSettings(epochs=3, batch=4, patience=0), TINY_NETWORK, tiny_network, "head")
    with room_for_files_of(1000), pytest.raises(UserError, match="Check that the disk has room"):
        refine(labelled, settings, Progress(), Cancellation())
    save = what.save

    def run_full(kept: TrainingState | Classifier, place: Path) -> None:
        with room_for_files_of(1000):
            save(kept, place)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(what, "save", run_full)
        with pytest.raises(UserError, match="Check that the disk has room"):
            refine(labelled, settings, Progress(), Cancellation())
    assert load_scores(labelled, REFINED) is None
    refine(labelled, settings, Progress(), Cancellation())
    assert load_scores(labelled, REFINED) is not None


@pytest.mark.parametrize("format_name", ["coco", "scores"])
def test_while_exporting(format_name: str, labelled: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(labelled, ExportRequest(format_name), out, Progress(), Cancellation())
    before = out.read_bytes()
    with room_for_files_of(200), pytest.raises(UserError, match="nothing was changed there"):
        export(labelled, ExportRequest(format_name), out, Progress(), Cancellation())
    assert out.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".partial")] == []
