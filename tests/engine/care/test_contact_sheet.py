"""The contact sheet tells confirmed, likely and weakly suggested labels apart."""

from pathlib import Path

from PIL import Image

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.care.contact_sheet import write_contact_sheet
from engine.stages.review.photo_labels import labels_of, marked_labels


def test_confirmed_labels_stand_first_and_weak_ones_last(labelled: Project, tmp_path: Path) -> None:
    cat, dog, boat = take_snapshot(labelled).labels
    set_thresholds(labelled, [ManualThreshold(*FOR_ALL, 0.0), ManualThreshold(cat.id, "initial", 1.0)])
    answer(labelled, "a boat", [Answer(1, boat.id, True)])
    snapshot = take_snapshot(labelled)
    snapshot.scores[snapshot.row_of(1), 0] = 0.99  # higher than the others, and maybe all the same
    columns = [snapshot.column_of(label.id) for label in (boat, dog, cat)]
    states = [LabelState.CONFIRMED, LabelState.LIKELY, LabelState.MAYBE]
    assert labels_of(snapshot, snapshot.row_of(1)) == list(zip(columns, states, strict=True))
    yes, likely, maybe = marked_labels(snapshot, snapshot.row_of(1))
    assert (yes, maybe) == ("boat yes", "cat 0.99?")
    assert likely.startswith("dog 0.")

    assert write_contact_sheet(labelled, tmp_path / "sheet.png") == 8
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 1500
