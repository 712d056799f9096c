"""Two stages or runs on the same photos, with their difference."""

import numpy as np
import pytest

from engine.errors import UserError, WrongUsage
from engine.formats.known_labels import KnownLabels
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import begin_run, finish_run, store_scores
from engine.project.truths import TruthTable
from engine.stages.evaluation.compare import Side, compare, sides
from engine.stages.importing.import_truth import match_truth

PHOTOS = 60


@pytest.fixture
def two_runs(project: Project) -> tuple[Project, TruthTable]:
    """Run 1 knows the truth but for noise, run 2 knows it well and leaves the last ten photos out."""
    random = np.random.default_rng(0)
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog"), NewLabel("cow")])
    record_folder(project, [FoundPhoto(f"{number:02}.jpg", 1, 1) for number in range(PHOTOS)])
    present = random.random((PHOTOS, 3)) < [0.4, 0.2, 0.0]
    for noise, photos in ((1.0, PHOTOS), (0.1, PHOTOS - 10)):
        run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
        scores = (0.5 * present + noise * random.random((PHOTOS, 3))).clip(0, 1).astype(np.float32)
        store_scores(project, run, "initial", list(range(1, photos + 1)), scores[:photos])
        finish_run(project, run)
    names = ("cat", "dog", "cow")
    answers = {
        f"{number:02}.jpg": {name: 1 for name, there in zip(names, row, strict=True) if there}
        for number, row in enumerate(present)
    }
    return project, match_truth(project, KnownLabels(names, answers)).table


def test_the_difference_is_taken_on_the_photos_of_both(two_runs: tuple[Project, TruthTable]) -> None:
    project, truth = two_runs
    found = compare(project, truth, Side("initial", 1), Side("initial", 2))
    assert found.first.photos == found.second.photos == PHOTOS - 10
    assert [one.label for one in found.labels] == ["cat", "dog"]
    assert found.map.first == pytest.approx(np.mean([one.first for one in found.labels]))
    assert found.map.difference == pytest.approx(found.map.second - found.map.first)
    assert found.map.interval is not None
    # Run 2 is better beyond chance.
    assert 0 < found.map.interval.low <= found.map.difference <= found.map.interval.high


def test_the_same_scores_differ_by_nothing(two_runs: tuple[Project, TruthTable]) -> None:
    project, truth = two_runs
    found = compare(project, truth, Side("initial"), Side("initial", 2))
    assert (found.map.difference, found.map.interval) == (0.0, None)


def test_turned_round_the_difference_changes_its_sign(two_runs: tuple[Project, TruthTable]) -> None:
    project, truth = two_runs
    there = compare(project, truth, Side("initial", 1), Side("initial", 2)).map
    back = compare(project, truth, Side("initial", 2), Side("initial", 1)).map
    assert back.difference == pytest.approx(-there.difference)


def test_what_can_be_compared(two_runs: tuple[Project, TruthTable]) -> None:
    assert [str(side) for side, _ in sides(two_runs[0])] == ["initial@2", "initial@1"]
    assert Side.parse("initial@2") == Side("initial", 2)
    assert Side.parse("refined") == Side("refined")


@pytest.mark.parametrize("text", ["best", "initial@", "initial@x", "@1", ""])
def test_what_is_no_side(text: str) -> None:
    with pytest.raises(WrongUsage, match=r"or those of a run like initial@5"):
        Side.parse(text)


def test_runs_that_are_not_there_or_have_no_such_scores(two_runs: tuple[Project, TruthTable]) -> None:
    project, truth = two_runs
    with pytest.raises(WrongUsage, match=r"no run 9\. These have scores: initial@2, initial@1"):
        compare(project, truth, Side("initial", 9), Side("initial"))
    with pytest.raises(UserError, match=r"Run 1 has no refined scores\. These have: none"):
        compare(project, truth, Side("refined", 1), Side("initial"))


def test_all_of_it_for_json(two_runs: tuple[Project, TruthTable]) -> None:
    project, truth = two_runs
    told = compare(project, truth, Side("initial", 1), Side("initial", 2)).to_json()
    assert told["map"]["difference"] > 0
    assert len(told["map"]["interval"]) == 2
    assert told["second"]["run"] == 2
