"""Truths of other people: taken in, matched, mended, and forgotten."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from making import make_photo

from engine.errors import UserError, WrongUsage
from engine.formats.folders import read_folders
from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabels
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, label_set, use_label_set
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.truths import TruthError, forget_truth, load_truth, map_category, truth_named, truths
from engine.stages.importing.import_truth import ImportedTruth, import_truth, match_truth


def known(answers: dict[str, dict[str, int]], labels: Sequence[str] = ("cat", "dog", "ship")) -> KnownLabels:
    return KnownLabels(tuple(labels), answers)


def take_in(project: Project, truth: KnownLabels, **options: object) -> ImportedTruth:
    source = Path("truth.json")
    return import_truth(project, truth, Progress(), Cancellation(), source=source, format_name="coco", **options)  # type: ignore[arg-type]


def aligned(project: Project, name: str = "truth") -> tuple[Snapshot, np.ndarray]:
    snapshot = take_snapshot(project)
    table = load_truth(project, truth_named(project, name))
    return snapshot, table.aligned(snapshot.photo_ids, [label.id for label in snapshot.labels])


def test_a_truth_is_kept_with_what_it_does_not_know(labelled: Project) -> None:
    answers = {"beach.jpg": {"cat": PRESENT, "dog": IGNORED}, "boat.jpg": {"ship": PRESENT}, "elsewhere.jpg": {}}
    taken = take_in(labelled, known(answers))
    assert (taken.truth.name, taken.truth.photos) == ("truth", 2)
    assert (taken.unmatched_photos, taken.unmatched_labels) == (("elsewhere.jpg",), ("ship",))
    assert "2 photos (0 by their content), 2 of its 3 labels" in taken.sentence

    snapshot, matrix = aligned(labelled)
    by_path = dict(zip(snapshot.paths, matrix.tolist(), strict=True))
    # cat, dog, boat: of boat the truth knows nothing.
    assert by_path["beach.jpg"] == [PRESENT, IGNORED, IGNORED]
    assert by_path["trip/boat.jpg"] == [ABSENT, ABSENT, IGNORED]
    assert by_path["city.png"] == [IGNORED, IGNORED, IGNORED]


def test_it_changes_neither_decisions_nor_suggestions(labelled: Project) -> None:
    before = take_snapshot(labelled)
    take_in(labelled, known({"beach.jpg": {"cat": PRESENT}}))
    after = take_snapshot(labelled)
    assert (before.decisions == after.decisions).all()
    np.testing.assert_array_equal(before.states(), after.states())


def test_a_category_can_be_mended_without_importing_again(labelled: Project) -> None:
    take_in(labelled, known({"trip/boat.jpg": {"ship": PRESENT}}))
    boat = label_set(labelled)[2]
    mended = map_category(labelled, truth_named(labelled, "truth"), "ship", boat)
    assert mended.label_ids[2] == boat.id
    snapshot, matrix = aligned(labelled)
    assert matrix[snapshot.paths.index("trip/boat.jpg"), 2] == PRESENT
    map_category(labelled, mended, "ship", None)
    assert (aligned(labelled)[1][:, 2] == IGNORED).all()
    with pytest.raises(WrongUsage, match=r"has no label 'tram', but cat, dog, ship"):
        map_category(labelled, mended, "tram", boat)


def test_a_synonym_goes_before_everything(labelled: Project) -> None:
    truth = known({"beach.jpg": {"cat": PRESENT}})
    taken = take_in(labelled, truth, synonyms={"cat": "dog"})
    labels = label_set(labelled)
    assert taken.truth.label_ids == (labels[1].id, labels[1].id, None)
    for wrong, said in (({"tram": "cat"}, "the truth has no label 'tram'"), ({"cat": "tram"}, "no label 'tram'")):
        with pytest.raises(WrongUsage, match=said):
            take_in(labelled, truth, synonyms=wrong)


def test_well_known_other_names_need_no_synonym(labelled: Project) -> None:
    use_label_set(labelled, [NewLabel("airplane"), NewLabel("tv")])
    taken = take_in(labelled, known({"beach.jpg": {}}, ["aeroplane", "tvmonitor"]))
    assert taken.unmatched_labels == ()


def test_two_categories_of_one_label_count_as_one(labelled: Project) -> None:
    answers = {
        "beach.jpg": {"kitten": PRESENT, "cat": IGNORED},
        "city.png": {"kitten": IGNORED},
        "dog.webp": {},
    }
    take_in(labelled, known(answers, ["cat", "kitten"]), synonyms={"kitten": "cat"})
    snapshot, matrix = aligned(labelled)
    of_cat = [int(matrix[snapshot.paths.index(path), 0]) for path in answers]
    assert of_cat == [PRESENT, IGNORED, ABSENT]


def test_folders_of_copies_under_other_names_are_matched_by_content(labelled: Project, tmp_path: Path) -> None:
    other = tmp_path / "sorted"
    for label, name in (("cat", "1.jpg"), ("boat", "2.jpg")):
        (other / label).mkdir(parents=True)
        shutil.copy(labelled.photos / "beach.jpg", other / label / name)
    make_photo(other / "dog" / "new.jpg", 77)
    taken = take_in(labelled, read_folders(other))
    assert (taken.truth.photos, taken.by_content) == (1, 2)
    assert taken.unmatched_photos == ("dog/new.jpg",)
    snapshot, matrix = aligned(labelled)
    # It lies in two folders: it has both labels.
    assert matrix[snapshot.paths.index("beach.jpg")].tolist() == [PRESENT, ABSENT, PRESENT]


def test_names_differ_and_a_taken_one_is_said(labelled: Project) -> None:
    truth = known({"beach.jpg": {}})
    assert [take_in(labelled, truth).truth.name for _ in range(3)] == ["truth", "truth 2", "truth 3"]
    with pytest.raises(TruthError, match="There is a truth named 'truth 2' already"):
        take_in(labelled, truth, name="truth 2")
    with pytest.raises(TruthError, match="cannot be the name of a truth"):
        take_in(labelled, truth, name=" ")
    forget_truth(labelled, truth_named(labelled, "truth 2"))
    assert [row.name for row in truths(labelled)] == ["truth", "truth 3"]
    with pytest.raises(WrongUsage, match=r"no truth named 'truth 2'\. Its truths are 'truth', 'truth 3'"):
        truth_named(labelled, "truth 2")


def test_without_any_match_nothing_is_kept(labelled: Project) -> None:
    with pytest.raises(UserError, match="No photo of the truth"):
        take_in(labelled, known({"nowhere.jpg": {"cat": 1}}))
    with pytest.raises(UserError, match="No label of the truth"):
        take_in(labelled, known({"beach.jpg": {}}, ["tram"]))
    assert truths(labelled) == []


def test_a_file_is_compared_without_being_kept(labelled: Project) -> None:
    matched = match_truth(labelled, known({"beach.jpg": {"cat": PRESENT}}))
    assert matched.table.answers.tolist() == [[PRESENT, ABSENT, ABSENT]]
    assert truths(labelled) == []
