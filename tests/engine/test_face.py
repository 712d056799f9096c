"""`engine.open`: what a researcher does in a notebook, by the verbs that window and command line call."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine.errors import UserError, WrongUsage
from engine.jobs import Cancellation, Cancelled, Progress, ProgressReport
from engine.project.history.history import Answer, answer
from engine.stages.exporting.to_libraries import fiftyone_samples


@pytest.fixture
def photos(photo_folder: Path, tiny_clip: Path) -> Any:
    """Eight photos, labelled cat, dog and boat by the small CLIP."""
    with engine.open(photo_folder) as opened:
        assert opened.label(["cat", "dog", "boat"], encoder=str(tiny_clip)).labelled == 8
        yield opened


def test_nothing_heavy_is_loaded_with_the_name() -> None:
    told = (
        "import sys, engine; assert not {'numpy', 'sqlalchemy', 'torch'} & sys.modules.keys();"
        "engine.open; engine.method.pseudo_labels; print(sorted({'torch', 'PIL', 'PySide6'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(AttributeError, match="module 'engine' has no attribute 'opne'"):
        engine.opne  # noqa: B018


def test_what_is_closed_answers_nothing(photo_folder: Path) -> None:
    opened = engine.open(photo_folder)
    opened.close()
    opened.close()
    with pytest.raises(WrongUsage, match=r"is closed. Open it again with engine.open"):
        opened.table()
    assert repr(opened) == f"PhotoProject({str(photo_folder)!r}, closed)"
    assert opened._repr_html_() is None


def test_records_hold_a_row_for_each_photo_and_label(photos: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)  # as where it is not installed
    snapshot = photos.snapshot()
    dog = snapshot.labels[1].id
    answer(photos.project, "Confirm", [Answer(int(snapshot.photo_ids[0]), dog, True)])
    table = photos.table()
    assert table.dtype.names == ("photo", "label", "score", "threshold", "maybe_from", "state", "reviewed")
    assert len(table) == 8 * 3
    assert table.label[:4].tolist() == ["cat", "dog", "boat", "cat"]
    assert table.photo[[0, 3]].tolist() == ["beach.jpg", "city.png"]
    np.testing.assert_array_equal(table.score.reshape(8, 3), snapshot.scores)
    assert table.state[1] == "confirmed"
    free = np.arange(24) != 1
    assert ((table.state == "likely") == (table.score >= table.threshold))[free].all()
    may_be = (table.score >= table.maybe_from) & (table.score < table.threshold)
    assert ((table.state == "maybe") == may_be)[free].all()


def test_pandas_gets_a_frame(photos: Any) -> None:
    pandas = pytest.importorskip("pandas", reason="no pandas here: pip install pandas")
    table = photos.table()
    assert isinstance(table, pandas.DataFrame)
    wide = table.pivot(index="photo", columns="label", values="score")
    np.testing.assert_array_equal(wide.loc["beach.jpg", ["cat", "dog", "boat"]], photos.snapshot().scores[0])


@pytest.fixture
def decided(photos: Any) -> Any:
    """With a yes to the dog and a no to the cat on the first photo."""
    snapshot = photos.snapshot()
    cat, dog = snapshot.labels[0].id, snapshot.labels[1].id
    first = int(snapshot.photo_ids[0])
    answer(photos.project, "Decide", [Answer(first, dog, True), Answer(first, cat, False)])
    return photos


def test_hugging_face_gets_a_dataset(decided: Any, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="no datasets of Hugging Face here: pip install datasets")
    dataset = decided.to_dataset()
    assert len(dataset) == 8
    row = dataset[0]
    assert (row["file_name"], row["image"].size) == ("beach.jpg", (90, 60))
    assert row["labels"][0] == "dog"
    assert row["rejected"] == ["cat"]
    assert set(row["suggested"]) == set(row["labels"]) - {"dog"}
    dataset.save_to_disk(tmp_path / "kept")
    assert datasets.load_from_disk(tmp_path / "kept")["labels"][0] == row["labels"]


def test_fiftyone_gets_samples(decided: Any) -> None:
    pytest.importorskip("fiftyone", reason="no FiftyOne here: pip install fiftyone")
    samples = fiftyone_samples(decided.project, decided.snapshot())
    check_samples(decided, samples)
    assert samples[0].filepath == str(decided.project.photos / "beach.jpg")


@pytest.mark.enable_socket
@pytest.mark.skipif(
    "FIFTYONE_DATABASE_URI" not in os.environ, reason="no MongoDB for FiftyOne here: FIFTYONE_DATABASE_URI names one"
)
def test_fiftyone_gets_a_dataset(decided: Any) -> None:
    pytest.importorskip("fiftyone", reason="no FiftyOne here: pip install fiftyone")
    dataset = decided.to_fiftyone()
    check_samples(decided, list(dataset))
    assert dataset.count_values("rejected.classifications.label") == {"cat": 1}
    dataset.delete()


def check_samples(photos: Any, samples: Sequence[Any]) -> None:
    """The first photo's dog is confirmed; all that is likely is there with its score."""
    table = photos.table()
    table = table if isinstance(table, np.recarray) else table.to_records()
    assert len(samples) == 8
    first = samples[0].labels.classifications[0]
    assert (first.label, first.confirmed) == ("dog", True)
    assert [one.label for one in samples[0].rejected.classifications] == ["cat"]
    told = {
        (Path(sample.filepath).name, one.label): one.confidence
        for sample in samples
        for one in sample.labels.classifications
        if not one.confirmed
    }
    likely = table[table.state == "likely"]
    expected = zip(likely.photo, likely.label, likely.score, strict=True)
    assert told == pytest.approx({(Path(photo).name, label): float(score) for photo, label, score in expected})


@pytest.mark.parametrize(("library", "make"), [("datasets", "to_dataset"), ("fiftyone", "to_fiftyone")])
def test_a_library_that_is_not_installed_is_said(
    photos: Any, library: str, make: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UserError, match=f"{library} is not installed. Install it with pip install {library}"):
        getattr(photos, make)()


def test_a_project_without_photos_has_an_empty_table(tmp_path: Path) -> None:
    with engine.open(tmp_path) as empty:
        assert len(empty.table()) == 0
        assert "0 photos" in empty._repr_html_()


def test_scores_are_compared_with_a_truth_of_names(photos: Any) -> None:
    truth = {"dog.webp": ["dog"], "trip/boat.jpg": ["boat"], "beach.jpg": [], "gone.jpg": ["cat"]}
    result = photos.evaluate(truth)
    assert (result.photos, result.labels_counted, result.stage) == (3, 2, "initial")
    assert result.unmatched_photos == ("gone.jpg",)
    assert photos.evaluate(truth, "global").stage == "global"


def test_what_is_exported_can_be_compared_with(photos: Any, tmp_path: Path) -> None:
    snapshot = photos.snapshot()
    dog = snapshot.labels[1].id
    answer(photos.project, "Confirm", [Answer(photo, dog, True) for photo in snapshot.photo_ids[:3].tolist()])
    written = photos.export(tmp_path / "labels.json", states="confirmed")
    assert (written.photos, written.written) == (8, 3)
    result = photos.evaluate(tmp_path / "labels.json")
    assert {one.label: one.positives for one in result.labels}["dog"] == 3
    assert photos.export(str(tmp_path / "few.csv"), "csv", filter_text="folder:trip").photos == 4


def test_words_and_photos_are_found(photos: Any, photo_folder: Path) -> None:
    found = photos.search("two dogs on a beach", top=3)
    assert len(found) == 3
    assert found[0].score >= found[1].score
    assert photos.search(photo_folder / "city.png", 1)[0].path == "city.png"
    assert {one.path.split("/")[0] for one in photos.search("a horse", filter_text="folder:trip")} == {"trip"}


def test_refining_suggests_by_the_refined_labels(photos: Any) -> None:
    result = photos.refine(epochs=2, warm_up=1, update_every=1, seed=3)
    assert result.epochs == 2
    assert photos.snapshot().stage == "refined"


def test_progress_is_told_and_work_can_be_stopped(photo_folder: Path, tiny_clip: Path) -> None:
    reports: list[ProgressReport] = []
    stopped = Cancellation()
    stopped.cancel()
    with engine.open(photo_folder) as opened:
        with pytest.raises(Cancelled):
            opened.label(["cat"], encoder=str(tiny_clip), cancellation=stopped)
        opened.label(["cat", "dog"], encoder=str(tiny_clip), progress=Progress(reports.append))
    assert {"Opening the encoder", "Scoring"} <= {report.task for report in reports}
    # Each of the eight photos is scored in several steps: photos are counted, not steps.
    scoring = [report for report in reports if report.task == "Scoring"]
    assert {report.total for report in scoring} == {8}
    assert scoring[-1].done == 8


def test_labels_are_named_one_by_one_or_as_the_command_line_names_them(photos: Any, tiny_clip: Path) -> None:
    photos.label(["coco"])
    assert [label.name for label in photos.snapshot().labels] == ["coco"]
    photos.label("voc")
    assert len(photos.snapshot().labels) == 20
    with pytest.raises(WrongUsage, match="names of labels without commas, but got \\['a, b'\\]"):
        photos.label(["a, b"])


def test_a_notebook_shows_photos_and_labels_with_every_name_escaped(photo_folder: Path, tiny_clip: Path) -> None:
    (photo_folder / "dog.webp").rename(photo_folder / "a <b>.webp")
    with engine.open(photo_folder) as opened:
        opened.label(["<script>alert(1)</script>", "dog"], encoder=str(tiny_clip))
        html = opened._repr_html_()
    assert "8 photos, 0 reviewed · 2 labels · initial scores" in html
    assert html.count('<img src="data:image/jpeg;base64,') == 6
    assert "a &lt;b&gt;.webp" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script" not in html


def test_a_project_that_somebody_writes_to_can_be_read(photos: Any, photo_folder: Path) -> None:
    with pytest.raises(UserError, match="open in another window or command"):
        engine.open(photo_folder)
    with engine.open(photo_folder, read_only=True) as second:
        assert len(second.table()) == 24


@pytest.mark.parametrize("labels", [3, [], ["cat", 3], b"cat"])
def test_labels_that_are_no_names_are_said(labels: Any, photo_folder: Path) -> None:
    with (
        engine.open(photo_folder) as opened,
        pytest.raises(WrongUsage, match="`labels` to be names like \\['cat', 'dog'\\]"),
    ):
        opened.label(labels)


def test_a_training_that_waits_is_looked_at_accepted_and_discarded(photos: Any) -> None:
    for verb in (photos.waiting_training, photos.accept_training, photos.discard_training):
        with pytest.raises(UserError, match="No training waits"):
            verb()
