"""What a person sees before the first answer: scores that mean the same in any label set, in two strengths."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.method.stage_one import pseudo_labels
from engine.method.strengths import LIKELY_LIFT, OTHER_LIKELY_LIFT, strengths_by_chance
from engine.method.thresholds import shape_of
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.label_state import LabelState
from engine.project.runs import AGGREGATED, GLOBAL, INITIAL, newest_run_with
from engine.project.similarities import SimilarityFile
from engine.project.snapshot import Snapshot
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import ThresholdSource, thresholds_in_force
from engine.resources import resource
from engine.stages.labelling.explain import Heatmaps
from engine.stages.labelling.label_photos import LabelRequest, LabelResult, label_photos
from engine.stages.labelling.label_sets import resolve_label_set
from engine.stages.labelling.score_meaning import likely_lifts

ANIMALS = {
    "animals/cows_in_meadow.jpg",
    "animals/dogs_at_window.jpg",
    "animals/giraffes_by_trees.jpg",
    "animals/hens_on_lawn.jpg",
    "animals/horses_on_hill.jpg",
    "animals/kitten_with_wool.jpg",
    "animals/osprey_on_branch.jpg",
}
SUGGESTED = (LabelState.LIKELY, LabelState.MAYBE)


class Labeller:
    """Labels the sample photos, and counts the snippets that the starter is asked to encode."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.snippets = 0
        self._starter = StarterEncoder.open(device="cpu")

    def __getattr__(self, name: str) -> object:
        return getattr(self._starter, name)

    def encode_snippets(self, snippets: np.ndarray) -> np.ndarray:
        self.snippets += len(snippets)
        return self._starter.encode_snippets(snippets)

    def label(self, labels: str, *, preset: str = "default", **more: object) -> LabelResult:
        request = LabelRequest(labels, preset=preset, **more)
        return label_photos(self.project, request, open_encoder=lambda name: self)

    def scores(self, labels: str, **more: object) -> dict[str, np.ndarray]:
        """By label, of all photos."""
        self.label(labels, **more)
        snapshot = take_snapshot(self.project)
        return {label.name: snapshot.scores[:, column] for column, label in enumerate(snapshot.labels)}

    def kept_similarities(self) -> np.ndarray:
        """Of the newest run: photos x snippets x columns, those of the labels first; in the order of the paths."""
        run = newest_run_with(self.project, INITIAL)
        columns = len(run.label_ids) + run.settings["hidden"] + run.settings["beside"]
        photos = take_snapshot(self.project).photo_ids.tolist()
        return SimilarityFile(self.project, run.id, (1, 3), columns).load(photos)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labeller]:
    """The sample photos; what is encoded and detected stays from test to test."""
    photos = tmp_path_factory.mktemp("first_sight") / "photos"
    shutil.copytree(resource("sample_photos"), photos)
    with Project.open(photos) as project:
        yield Labeller(project)


def photos_with(snapshot: Snapshot, label: str, *states: LabelState) -> set[str]:
    column = [one.name for one in snapshot.labels].index(label)
    found = np.isin(snapshot.states()[:, column], states)
    return {path for path, is_found in zip(snapshot.paths, found, strict=True) if is_found}


def test_cat_alone_finds_the_kitten_and_nothing_that_is_no_animal(samples: Labeller) -> None:
    result = samples.label("cat,")
    snapshot = take_snapshot(samples.project)
    assert (result.labels, result.labelled, result.warnings) == (1, 20, ())
    assert photos_with(snapshot, "cat", LabelState.LIKELY) == {"animals/kitten_with_wool.jpg"}
    assert photos_with(snapshot, "cat", *SUGGESTED) <= ANIMALS


@pytest.mark.parametrize("detector", [True, False], ids=["detector", "encoder alone"])
def test_a_label_scores_alone_as_it_does_among_others(samples: Labeller, *, detector: bool) -> None:
    alone = samples.scores("horse,", detector=detector)["horse"]
    in_five = samples.scores("horse, castle, bottle, sunset, wedding", detector=detector)["horse"]
    assert np.abs(alone - in_five).mean() < 0.03
    assert np.abs(alone - in_five).max() < 0.1
    assert alone.argmax() == in_five.argmax()


def test_a_thing_scores_the_same_in_every_label_set_and_under_every_name(samples: Labeller) -> None:
    in_coco = samples.scores("coco")
    in_everyday = samples.scores("everyday")
    shared = in_coco.keys() & in_everyday.keys()
    assert {"clock", "airplane", "umbrella", "cat", "car"} <= shared
    for name in shared:
        np.testing.assert_allclose(in_everyday[name], in_coco[name], atol=1e-4, err_msg=name)
    alone = samples.scores("aeroplane,")["aeroplane"]
    np.testing.assert_allclose(alone, in_coco["airplane"], atol=1e-4)
    two = samples.scores("people, human figure")
    np.testing.assert_allclose(two["people"], in_coco["person"], atol=1e-4)


def test_prompts_that_say_more_than_the_thing_are_heard(samples: Labeller) -> None:
    plain = samples.scores("dog,")["dog"]
    told = samples.scores("dog\t\ta photo of a dog\ta photo of two dogs that look out of a window\n")["dog"]
    assert 0 < np.abs(told - plain).max() < 0.3


def test_a_label_that_no_detector_knows_is_not_on_every_photo(samples: Labeller) -> None:
    samples.label("toilet paper,")
    assert photos_with(take_snapshot(samples.project), "toilet paper", LabelState.LIKELY) == set()
    samples.label("church,")
    found = photos_with(take_snapshot(samples.project), "church", *SUGGESTED)
    assert "berlin_cathedral_lawn.jpg" in found
    assert found < {path for path in take_snapshot(samples.project).paths if "/" not in path}


def test_a_word_that_is_no_thing_of_coco_must_stand_out_more_to_be_likely(samples: Labeller) -> None:
    """Chicken, lake and skiing stood out 250 times, but not 1,000; two of the three are right."""
    samples.label("everyday", detector=False)
    snapshot = take_snapshot(samples.project)
    for word in ("chicken", "lake", "skiing"):
        assert photos_with(snapshot, word, LabelState.LIKELY) == set()
        assert photos_with(snapshot, word, LabelState.MAYBE)
    assert photos_with(snapshot, "coffee", LabelState.LIKELY) == {"indoors/coffee_cup.png"}


def test_which_words_are_things_does_not_depend_on_the_name_for_them() -> None:
    labels = resolve_label_set("dog, aeroplane, people, animal, church, lake, Hund=dog")
    assert likely_lifts(labels).tolist() == [
        *(LIKELY_LIFT, LIKELY_LIFT, LIKELY_LIFT),
        *(OTHER_LIKELY_LIFT, OTHER_LIKELY_LIFT, OTHER_LIKELY_LIFT, LIKELY_LIFT),
    ]


def test_cocos_own_labels_score_as_they_do_by_themselves(samples: Labeller) -> None:
    samples.label("coco", detector=False)
    snapshot = take_snapshot(samples.project)
    similarities = samples.kept_similarities()
    assert similarities.shape == (20, 10, 80)
    np.testing.assert_array_equal(snapshot.scores, pseudo_labels(similarities, temperature=1.0))


def test_what_is_related_to_no_thing_of_the_detector_scores_with_it_as_without(samples: Labeller) -> None:
    labels = "dog, church, desert"
    without, with_it = (samples.scores(labels, detector=heard) for heard in (False, True))
    for name in ("church", "desert"):
        np.testing.assert_array_equal(with_it[name], without[name])
    assert np.abs(with_it["dog"] - without["dog"]).max() > 0.1
    run = newest_run_with(samples.project, INITIAL)
    assert run.settings["heard"] == [run.label_ids[0]]


def test_a_synonym_is_not_beaten_by_the_thing_itself(samples: Labeller) -> None:
    car = samples.scores("car,", detector=False)["car"]
    automobile = samples.scores("automobile,", detector=False)["automobile"]
    assert np.corrcoef(car, automobile)[0, 1] > 0.9
    assert automobile.max() > 0.7 * car.max()


def test_animals_are_not_beaten_by_hidden_ones(samples: Labeller) -> None:
    scores = samples.scores("animal,")["animal"]
    snapshot = take_snapshot(samples.project)
    best = {snapshot.paths[row] for row in np.argsort(-scores)[:7]}
    assert len(best & ANIMALS) >= 6


def test_a_word_is_as_sure_as_the_surest_of_its_kinds(samples: Labeller) -> None:
    scores = samples.scores("animal, dog, cow, giraffe")
    kinds = np.max([scores["dog"], scores["cow"], scores["giraffe"]], axis=0)
    assert (scores["animal"] >= kinds - 1e-6).all()
    samples.label("animal,")
    found = photos_with(take_snapshot(samples.project), "animal", LabelState.LIKELY)
    assert len(found & ANIMALS) >= 6
    assert found <= ANIMALS


def test_where_a_giraffe_was_seen_there_is_no_lion_and_where_no_person_was_no_child(samples: Labeller) -> None:
    with_it, without = samples.scores("lion, child"), samples.scores("lion, child", detector=False)
    paths = take_snapshot(samples.project).paths
    giraffes, cows = paths.index("animals/giraffes_by_trees.jpg"), paths.index("animals/cows_in_meadow.jpg")
    assert with_it["lion"][giraffes] < 0.3 * without["lion"][giraffes]
    assert with_it["child"][cows] < 0.3 * without["child"][cows]


def test_the_order_of_the_labels_does_not_matter(samples: Labeller) -> None:
    one = samples.scores("church, dog, desert, kitchen")
    other = samples.scores("kitchen, desert, dog, church")
    for name, scores in one.items():
        np.testing.assert_allclose(other[name], scores, atol=1e-4)


def test_the_preset_paper_scores_the_labels_among_themselves(samples: Labeller) -> None:
    samples.label("cat, dog, church", preset="paper")
    snapshot, similarities = take_snapshot(samples.project), samples.kept_similarities()
    assert similarities.shape == (20, 10, 3)
    paper = pseudo_labels(similarities, temperature=1.0, zeta=0.5, centre=False, rerank=False)
    np.testing.assert_array_equal(snapshot.scores, paper)
    np.testing.assert_allclose(snapshot.thresholds, strengths_by_chance(shape_of(snapshot.scores)).likely, rtol=1e-6)


def test_another_label_set_needs_no_photo_and_the_detector_alone_no_encoder(samples: Labeller) -> None:
    samples.label("coco")
    samples.snippets = 0
    assert samples.label("voc").encoded == 0
    with samples.project.writing_cache() as connection:
        connection.exec_driver_sql("DELETE FROM embedding WHERE encoder LIKE 'nanodet%'")
    assert samples.label("voc", detector=False).encoded == 0
    assert samples.label("voc").encoded == 20
    assert samples.snippets == 0


def test_the_other_stages_suggest_each_label_as_often(samples: Labeller) -> None:
    samples.label("coco", detector=False)
    snapshot = take_snapshot(samples.project)
    often = (snapshot.scores >= snapshot.thresholds).sum(axis=0)
    assert often.sum() > 5
    for stage in (GLOBAL, AGGREGATED):
        thresholds, sources = thresholds_in_force(samples.project, stage, snapshot.labels)
        assert set(sources) == {ThresholdSource.FROM_SCORES}
        np.testing.assert_array_equal((snapshot.matrix_of(samples.project, stage) >= thresholds).sum(axis=0), often)


def test_a_heatmap_is_cut_where_its_snippets_speak_for_the_label(samples: Labeller) -> None:
    samples.label("cat, dog, church")
    snapshot = take_snapshot(samples.project)
    kitten = snapshot.paths.index("animals/kitten_with_wool.jpg")
    shown = Heatmaps(samples.project).of(int(snapshot.photo_ids[kitten]))
    cat, church = snapshot.labels[0].id, snapshot.labels[2].id
    assert shown.whole.shape == (3,)
    aggregated = snapshot.matrix_of(samples.project, AGGREGATED)
    np.testing.assert_allclose(shown.snippets[3].max(axis=(0, 1)), aggregated[kitten], rtol=1e-5)
    thresholds, _ = thresholds_in_force(samples.project, AGGREGATED, snapshot.labels)
    assert shown.suggested_from[cat] == pytest.approx(thresholds[0])
    assert shown.suggested_from[church] == pytest.approx(snapshot.thresholds[2])


def test_photos_that_just_came_are_judged_by_the_rule_that_holds_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.stages.labelling.encoding._SECONDS_BETWEEN_COMMITS", 0.0)
    seen: list[Snapshot] = []
    shutil.copytree(resource("sample_photos", "animals"), tmp_path / "photos")
    with Project.open(tmp_path / "photos") as project:
        starter = StarterEncoder.open(device="cpu")
        label_photos(
            project,
            LabelRequest("cat, dog, cow, lawn, sunset"),
            open_encoder=lambda name: starter,
            on_scores=lambda: seen.append(take_snapshot(project)),
        )
    under_way = [each for each in seen if 0 < np.isfinite(each.scores[:, 0]).sum() < 7]
    assert under_way
    for snapshot in under_way:
        assert set(snapshot.threshold_sources) == {ThresholdSource.FROM_SCORES}
        assert snapshot.thresholds[:3].tolist() == pytest.approx([0.55] * 3)
        assert snapshot.maybe_from[:3].tolist() == pytest.approx([0.3] * 3)
        assert photos_with(snapshot, "cow", LabelState.LIKELY) <= {"cows_in_meadow.jpg", "horses_on_hill.jpg"}
    assert photos_with(under_way[0], "cow", LabelState.LIKELY) == {"cows_in_meadow.jpg"}
