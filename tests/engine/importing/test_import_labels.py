"""Labels of other programs become decisions, suggestions or a truth; a person sees before what will happen."""

from __future__ import annotations

import getpass
import json
import os
from pathlib import Path

import pytest
from making import make_photo

from engine.errors import UserError, WrongUsage
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer, history, redo, undo, withdraw_run
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.runs import runs
from engine.project.take_snapshot import take_snapshot
from engine.project.truths import load_truth, truths
from engine.stages.exporting.export import export
from engine.stages.exporting.export_request import ExportRequest
from engine.stages.importing.import_labels import carry_out, plan
from engine.stages.importing.import_plan import (
    Conflict,
    ImportChoice,
    Imported,
    NewLabels,
    OnConflict,
    TakeAs,
    read_source,
)
from engine.stages.labelling.add_photos import add_photos

DECIDE = ImportChoice()
REPLACE = ImportChoice(on_conflict=OnConflict.REPLACE)
SUGGEST = ImportChoice(TakeAs.SUGGESTIONS)
TRUTH = ImportChoice(TakeAs.TRUTH)


@pytest.fixture
def decided(project: Project) -> Project:
    """The project of eight photos; on the beach there is a boat and no cat, says a person."""
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog"), NewLabel("boat")])
    add_photos(project, Progress(), Cancellation())
    decide(project, "beach.jpg", {"boat": True, "cat": False})
    assert [label.name for label in labels] == ["cat", "dog", "boat"]
    return project


def decide(project: Project, path: str, answers: dict[str, bool | None]) -> None:
    snapshot = take_snapshot(project)
    photo = int(snapshot.photo_ids[snapshot.paths.index(path)])
    ids = {label.name: label.id for label in snapshot.labels}
    answer(project, "by hand", [Answer(photo, ids[name], value) for name, value in answers.items()])


def table(folder: Path, *rows: str, name: str = "labels.csv") -> Path:
    (folder / name).write_text("\n".join(["file_name,label,state", *rows]))
    return folder / name


def take(project: Project, file: Path, choice: ImportChoice = DECIDE) -> Imported:
    """Import, after a look that must tell the same."""
    source = read_source(file)
    planned = plan(project, source, choice, Progress(), Cancellation())
    done = carry_out(project, source, choice, Progress(), Cancellation())
    assert done.plan == planned
    return done


def states(project: Project) -> dict[str, dict[str, str]]:
    """Photo to label to what is decided or suggested."""
    snapshot = take_snapshot(project)
    return {
        path: {
            label.name: LabelState(state).name.lower()
            for label, state in zip(snapshot.labels, row, strict=True)
            if state != LabelState.ABSENT
        }
        for path, row in zip(snapshot.paths, snapshot.states(), strict=True)
        if (row != LabelState.ABSENT).any()
    }


MIXED = ("beach.jpg,boat,confirmed", "beach.jpg,cat,confirmed", "boat.jpg,Boat,", "city.png,lamp,", "city.png,dog,no")


def test_decisions_come_in_and_what_is_there_is_kept(decided: Project, tmp_path: Path) -> None:
    planned = take(decided, table(tmp_path, *MIXED, "gone.jpg,cat,")).plan
    assert (planned.photos, planned.photos_without, planned.unmatched_photos) == (3, 5, ("gone.jpg",))
    assert (planned.labels, planned.new_labels, planned.other_names) == (3, ("lamp",), (("Boat", "boat"),))
    assert (planned.confirmed, planned.rejected, planned.same) == (2, 1, 1)
    assert planned.conflicts == (Conflict("beach.jpg", "cat", mine=False, theirs=True),)
    assert states(decided) == {
        "beach.jpg": {"boat": "confirmed", "cat": "rejected"},
        "trip/boat.jpg": {"boat": "confirmed"},
        "city.png": {"lamp": "confirmed", "dog": "rejected"},
    }
    assert [label.name for label in label_set(decided)] == ["cat", "dog", "boat", "lamp"]


def test_an_import_is_one_edit_that_can_be_undone(decided: Project, tmp_path: Path) -> None:
    before = states(decided)
    edit = take(decided, table(tmp_path, *MIXED), REPLACE).edit
    newest = history(decided)[0]
    assert (newest.id, newest.by) == (edit, "import: labels.csv")
    assert newest.title == "took over 4 decisions on 3 photos from labels.csv"
    assert states(decided)["beach.jpg"] == {"boat": "confirmed", "cat": "confirmed"}
    undo(decided)
    assert states(decided) == before
    redo(decided)
    assert states(decided)["beach.jpg"] == {"boat": "confirmed", "cat": "confirmed"}


def names(project: Project) -> list[str]:
    return [label.name for label in label_set(project)]


def test_labels_that_an_import_brought_leave_when_it_is_undone(decided: Project, tmp_path: Path) -> None:
    take(decided, table(tmp_path, *MIXED))
    assert names(decided) == ["cat", "dog", "boat", "lamp"]
    outcome = undo(decided)
    assert outcome is not None
    assert outcome.label_set_changed
    assert names(decided) == ["cat", "dog", "boat"]
    redo(decided)
    assert names(decided) == ["cat", "dog", "boat", "lamp"]
    assert states(decided)["city.png"]["lamp"] == "confirmed"


def test_a_label_that_somebody_uses_by_now_stays(decided: Project, tmp_path: Path) -> None:
    edit = take(decided, table(tmp_path, *MIXED)).edit
    decide(decided, "beach.jpg", {"lamp": False})
    undo(decided, edit)
    assert names(decided) == ["cat", "dog", "boat", "lamp"]
    assert states(decided)["beach.jpg"]["lamp"] == "rejected"


def test_labels_that_suggestions_brought_leave_when_they_are_taken_back(decided: Project, tmp_path: Path) -> None:
    run = take(decided, table(tmp_path, *MIXED), SUGGEST).run
    assert run is not None
    assert names(decided) == ["cat", "dog", "boat", "lamp"]
    withdraw_run(decided, run)
    assert names(decided) == ["cat", "dog", "boat"]
    withdraw_run(decided, run, withdrawn=False)
    assert names(decided) == ["cat", "dog", "boat", "lamp"]
    assert states(decided)["city.png"]["lamp"] == "likely"


def test_the_side_that_was_not_taken_stays_in_the_history(decided: Project, tmp_path: Path) -> None:
    take(decided, table(tmp_path, *MIXED))
    other = next(edit for edit in history(decided) if edit.title == "labels.csv says otherwise on 1 photo")
    assert (other.kind, other.by) == ("undo", getpass.getuser())
    other = next(edit for edit in history(decided) if edit.id == other.target_id)
    assert (other.by, other.undone) == ("import: labels.csv", True)
    # Undoing the import undoes what it took over, and never turns what it left.
    undo(decided)
    assert states(decided) == {"beach.jpg": {"boat": "confirmed", "cat": "rejected"}}


@pytest.mark.parametrize("choice", [ImportChoice(), REPLACE])
def test_a_second_time_nothing_changes(choice: ImportChoice, decided: Project, tmp_path: Path) -> None:
    file = table(tmp_path, *MIXED)
    take(decided, file, choice)
    before, edits = states(decided), history(decided)
    again = take(decided, file, choice)
    assert again.plan.changes_nothing
    assert again.edit is None
    assert states(decided) == before
    assert history(decided) == edits


def test_new_labels_are_left_out_when_asked(decided: Project, tmp_path: Path) -> None:
    planned = take(decided, table(tmp_path, *MIXED), ImportChoice(new_labels=NewLabels.SKIP)).plan
    assert (planned.new_labels, planned.skipped_labels) == ((), ("lamp",))
    assert [label.name for label in label_set(decided)] == ["cat", "dog", "boat"]
    assert states(decided)["city.png"] == {"dog": "rejected"}
    with pytest.raises(UserError, match=r"No label of .*lamps.csv \(lamp, …\) is in the project"):
        take(decided, table(tmp_path, "city.png,lamp,", name="lamps.csv"), ImportChoice(new_labels=NewLabels.SKIP))


def test_a_look_changes_nothing(decided: Project, tmp_path: Path) -> None:
    before, edits, labels = states(decided), history(decided), label_set(decided)
    for choice in (ImportChoice(), REPLACE, SUGGEST, TRUTH):
        plan(decided, read_source(table(tmp_path, *MIXED)), choice, Progress(), Cancellation())
    assert (states(decided), history(decided), label_set(decided)) == (before, edits, labels)
    assert runs(decided) == []
    assert truths(decided) == []


def test_a_label_that_left_the_label_set_comes_back_with_its_decisions(decided: Project, tmp_path: Path) -> None:
    use_label_set(decided, [NewLabel("dog")])
    planned = take(decided, table(tmp_path, "beach.jpg,Cat,yes", "beach.jpg,boat,yes", "city.png,boat,")).plan
    assert planned.new_labels == ("Cat", "boat")
    assert [one.label for one in planned.conflicts] == ["Cat"]
    assert (planned.same, planned.confirmed) == (1, 1)
    assert states(decided)["beach.jpg"] == {"boat": "confirmed", "cat": "rejected"}


def test_labels_that_a_file_tells_apart_stay_apart(decided: Project, tmp_path: Path) -> None:
    use_label_set(decided, [NewLabel("hot dog"), NewLabel("cat")])
    planned = take(decided, table(tmp_path, "city.png,hot dog,", "zebra.bmp,hot-dog,")).plan
    assert planned.new_labels == ("hot-dog",)
    assert states(decided)["zebra.bmp"] == {"hot-dog": "confirmed"}


def test_what_the_file_only_suggests_is_no_decision(decided: Project, tmp_path: Path) -> None:
    planned = take(decided, table(tmp_path, "city.png,cat,suggested", "city.png,dog,confirmed")).plan
    assert (planned.confirmed, planned.suggested) == (1, 1)
    assert states(decided)["city.png"] == {"dog": "confirmed"}


def test_reviewed_photos_of_coco_are_reviewed(decided: Project, tmp_path: Path) -> None:
    coco = {
        "images": [
            {"id": 1, "file_name": "beach.jpg", "reviewed": True, "neg_category_ids": [2]},
            {"id": 2, "file_name": "city.png", "reviewed": False},
        ],
        "categories": [
            {"id": 1, "name": "cat"},
            {"id": 2, "name": "dog"},
            {"id": 3, "name": "fox", "supercategory": "w"},
        ],
        "annotations": [
            {"id": 1, "image_id": 2, "category_id": 1, "score": 0.5, "attributes": {"confirmed": False}},
            {"id": 2, "image_id": 2, "category_id": 3, "score": 1, "attributes": {"confirmed": True}},
        ],
    }
    (tmp_path / "in.json").write_text(json.dumps(coco))
    planned = take(decided, tmp_path / "in.json").plan
    assert (planned.confirmed, planned.rejected, planned.reviewed, planned.suggested) == (1, 1, 1, 1)
    assert states(decided)["beach.jpg"]["dog"] == "rejected"
    assert label_set(decided)[-1].supercategory == "w"
    snapshot = take_snapshot(decided)
    assert [snapshot.paths[row] for row in snapshot.reviewed.nonzero()[0]] == ["beach.jpg"]


def test_as_suggestions_exactly_what_is_listed_is_suggested(decided: Project, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("file_name,label,score\nbeach.jpg,dog,0.2\ncity.png,dog,0.9\ncity.png,lamp,\nzebra.bmp,,\n")
    done = take(decided, file, SUGGEST)
    assert (done.plan.photos, done.plan.suggested, done.plan.new_labels) == (3, 3, ("lamp",))
    assert states(decided) == {
        "beach.jpg": {"boat": "confirmed", "cat": "rejected", "dog": "likely"},
        "city.png": {"dog": "likely", "lamp": "likely"},
    }
    assert runs(decided)[0].id == done.run
    again = take(decided, file, SUGGEST)
    assert (again.run, again.plan.changes_nothing, len(runs(decided))) == (None, True, 1)


def test_as_a_truth_it_is_kept_apart(decided: Project, tmp_path: Path) -> None:
    before = states(decided)
    done = take(decided, table(tmp_path, *MIXED), TRUTH)
    assert done.truth == "labels"
    assert (done.plan.labels, done.plan.new_labels, done.plan.skipped_labels) == (3, (), ("lamp",))
    assert states(decided) == before
    assert load_truth(decided, truths(decided)[0]).answers.sum() == 4
    again = take(decided, table(tmp_path, *MIXED), TRUTH)
    assert (again.truth, again.plan.changes_nothing, len(truths(decided))) == (None, True, 1)


def test_folders_of_other_photos_are_recognised_by_content(decided: Project, tmp_path: Path) -> None:
    make_photo(tmp_path / "sorted" / "fox" / "1.jpg", 1, size=(90, 60))
    decided_bytes = (decided.photos / "city.png").read_bytes()
    for label in ("dog", "fox"):
        (tmp_path / "sorted" / label).mkdir(exist_ok=True)
        (tmp_path / "sorted" / label / "2.png").write_bytes(decided_bytes)
    export(decided, ExportRequest(), tmp_path / "all.json", Progress(), Cancellation())  # reads every photo
    assert take(decided, tmp_path / "sorted").plan.confirmed == 3
    assert states(decided)["city.png"] == {"dog": "confirmed", "fox": "confirmed"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_a_file_whose_name_is_no_text(decided: Project, tmp_path: Path) -> None:
    file = table(tmp_path, *MIXED, name=os.fsdecode(b"caf\xe9.csv"))
    take(decided, file)
    assert history(decided)[0].by == "import: caf?.csv"


def test_scores_are_no_decisions(decided: Project, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("file_name,cat\nbeach.jpg,0.25\n")
    with pytest.raises(WrongUsage, match=r"scores.csv holds no decisions, only scores"):
        take(decided, tmp_path / "scores.csv")


def test_nothing_that_fits_is_a_sentence_and_stores_nothing(decided: Project, tmp_path: Path) -> None:
    labels = label_set(decided)
    with pytest.raises(UserError, match=r"labels.csv names no photo that is in .*photos"):
        take(decided, table(tmp_path, "../beach/x.jpg,fox,", "/etc/passwd,fox,"))
    assert label_set(decided) == labels


def test_a_text_that_is_about_no_photo_brings_no_labels(decided: Project, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "city.txt").write_text("fox, cat")
    (tmp_path / "in" / "README.txt").write_text("This folder holds labels, made in May")
    planned = take(decided, tmp_path / "in").plan
    assert (planned.new_labels, planned.skipped_labels) == (("fox",), ())
    assert planned.unmatched_photos == ("README",)
    assert states(decided)["city.png"] == {"fox": "confirmed", "cat": "confirmed"}
