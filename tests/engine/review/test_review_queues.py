"""The queues of a review: which photos they show, in which order, and how far one is."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import WrongUsage
from engine.models.encoders.fingerprint import Fingerprint
from engine.project import Project
from engine.project.answer import Answer
from engine.project.embeddings import WHOLE, store_embeddings
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.history.history import answer
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, ReadPhoto, record_folder, record_read
from engine.project.runs import AGGREGATED, CLASSIFIER, GLOBAL, INITIAL, REFINED, begin_run, finish_run, store_scores
from engine.project.stood_by import stand_by
from engine.project.take_snapshot import take_snapshot
from engine.project.thresholds import FOR_ALL, ManualThreshold
from engine.stages.review.queues import AUDIT, DISAGREE, DOUBTFUL, MISTAKES, NEW, QUEUES, UNSURE, queue, queue_progress
from engine.stages.review.second_says import stages_differ
from engine.stages.thresholds.calibrate import calibrate_labels
from engine.wording import Sentence

SCORES = {
    "a": (0.90, 0.01),
    "b": (0.31, 0.01),
    "c": (0.001, 0.04),
    "d": (0.60, 0.45),
    "e": (0.02, 0.28),
    "f": (0.30, 0.30),
}


@pytest.fixture
def desk(tmp_path):
    """Six photos with scores for dog and cat, both suggested from 0.3 on; f cannot be read."""
    with Project.open(tmp_path) as project:
        use_label_set(project, [NewLabel("dog"), NewLabel("cat")])
        set_thresholds(project, [ManualThreshold(*FOR_ALL, 0.3)])
        record_folder(project, [FoundPhoto(f"{name}.jpg", 1, 1) for name in SCORES])
        desk = Desk(project)
        desk.score(INITIAL, SCORES)
        record_read(project, [ReadPhoto(desk.photo("f"), problem=Sentence("It is not a photo."))])
        yield desk


class Desk:
    """Says in names what the project keeps in numbers."""

    def __init__(self, project):
        self.project = project

    @property
    def snapshot(self):
        return take_snapshot(self.project)

    def photo(self, name):
        return int(self.snapshot.photo_ids[self.snapshot.paths.index(f"{name}.jpg")])

    def score(self, stage, scores, **settings):
        labels = [label.id for label in self.snapshot.labels]
        run = begin_run(self.project, "test", label_ids=labels, settings=settings)
        photos = [self.photo(name) for name in scores]
        store_scores(self.project, run, stage, photos, np.array(list(scores.values()), np.float32))
        finish_run(self.project, run)

    def say(self, name, **answers):
        columns = {label.name: label.id for label in self.snapshot.labels}
        photo = self.photo(name)
        answer(self.project, "test", [Answer(photo, columns.get(what), value) for what, value in answers.items()])

    def queue(self, name, **how):
        snapshot = self.snapshot
        return "".join(snapshot.paths[row][0] for row in queue(self.project, snapshot, name, **how))


def test_the_most_doubtful_comes_first_and_what_cannot_be_seen_never(desk):
    assert desk.queue(DOUBTFUL) == "bedca"
    assert desk.queue(DOUBTFUL, count=2) == "be"


def test_a_photo_leaves_the_queue_when_it_is_reviewed_or_all_its_labels_are_decided(desk):
    desk.say("b", reviewed=True)
    desk.say("e", dog=False, cat=False)
    assert desk.queue(DOUBTFUL) == "dca"


def test_without_scores_nothing_is_doubtful_but_all_is_new(tmp_path):
    with Project.open(tmp_path) as project:
        use_label_set(project, [NewLabel("dog")])
        record_folder(project, [FoundPhoto(f"{name}.jpg", 1, 1) for name in "ab"])
        desk = Desk(project)
        assert [desk.queue(name) for name in (DOUBTFUL, DISAGREE, MISTAKES)] == ["", "", ""]
        assert desk.queue(NEW) == "ba"
        assert sorted(desk.queue(AUDIT)) == ["a", "b"]


def test_stages_disagree_where_the_whole_photo_and_its_snippets_say_different_things(desk):
    desk.score(GLOBAL, SCORES)
    desk.score(AGGREGATED, {**SCORES, "c": (0.9, 0.02)})
    assert desk.queue(DISAGREE)[0] == "c"


def test_the_labels_are_named_on_which_stages_take_different_sides_or_else_are_farthest_apart(desk):
    desk.score(GLOBAL, {**SCORES, "a": (0.90, 0.01), "c": (0.2, 0.1)})
    desk.score(AGGREGATED, {**SCORES, "a": (0.10, 0.90), "c": (0.2, 0.2)})
    names = {label.id: label.name for label in desk.snapshot.labels}

    def differ():
        says = stages_differ(desk.project, desk.snapshot)
        return {name: [names[label] for label, _ in says.get(desk.photo(name), ())] for name in "abc"}

    assert differ()["a"] == ["cat"]
    assert differ()["c"] == ["cat"]
    desk.say("a", cat=True)
    assert differ()["a"] == ["dog"]


def test_with_refined_labels_the_disagreement_is_with_the_initial_ones(desk):
    desk.score(GLOBAL, SCORES)
    desk.score(AGGREGATED, {**SCORES, "c": (0.9, 0.02)})
    desk.score(REFINED, {**SCORES, "a": (0.01, 0.01)})
    assert desk.queue(DISAGREE)[0] == "a"


def test_a_mistake_is_a_decision_against_a_confident_score_reviewed_or_not(desk):
    desk.score(INITIAL, {**SCORES, "a": (0.6, 0.01)})
    desk.say("a", dog=False, cat=False, reviewed=True)
    desk.say("c", dog=True)
    desk.say("d", dog=True, cat=True)
    assert desk.queue(MISTAKES) == "ca"


def test_what_learnt_a_decision_is_not_asked_about_it(desk):
    desk.say("a", dog=False)
    desk.score(REFINED, {**SCORES, "a": (0.0, 0.01)})
    desk.score(CLASSIFIER, {**SCORES, "a": (0.02, 0.01)})
    assert desk.queue(MISTAKES) == "a"


def test_where_nothing_else_labels_a_classifier_made_elsewhere_is_asked(tmp_path):
    with Project.open(tmp_path) as project:
        use_label_set(project, [NewLabel("dog"), NewLabel("cat")])
        record_folder(project, [FoundPhoto(f"{name}.jpg", 1, 1) for name in "ab"])
        desk = Desk(project)
        desk.score(CLASSIFIER, {name: SCORES[name] for name in "ab"})
        desk.say("a", dog=False)
        assert desk.queue(MISTAKES) == "a"


def test_a_label_overlooked_on_a_reviewed_photo_is_a_mistake_too(desk):
    desk.say("a", reviewed=True)
    desk.say("c", reviewed=True)
    assert desk.queue(MISTAKES) == "a"


def test_what_was_left_alone_is_no_mistake_where_it_was_not_suggested(desk):
    # As one of hundreds of labels, of which some are always somewhat probable somewhere.
    dog = desk.snapshot.labels[0].id
    desk.say("a", reviewed=True)
    set_thresholds(desk.project, [ManualThreshold(dog, INITIAL, 0.999)])
    assert desk.queue(MISTAKES) == ""
    desk.say("a", dog=False)  # said, it is one
    assert desk.queue(MISTAKES) == "a"


def test_an_answer_that_somebody_stands_by_is_suspected_no_more_until_it_is_another(desk):
    dog = desk.snapshot.labels[0].id
    desk.say("a", dog=False)
    stand_by(desk.project, [(desk.photo("a"), dog, False), (desk.photo("c"), dog, True), (999, dog, True)])
    assert desk.queue(MISTAKES) == ""
    desk.say("c", dog=False)
    desk.say("a", dog=True)
    desk.say("a", dog=None, reviewed=True)  # left alone it is a no as well
    assert desk.queue(MISTAKES) == ""
    stand_by(desk.project, [(desk.photo("a"), dog, True)])
    assert desk.queue(MISTAKES) == "a"


def test_answers_that_differ_between_near_duplicates_are_suspects(desk):
    for name in "ad":
        desk.say(name, dog=True)
    desk.say("c", dog=False)
    desk.say("d", cat=True)
    desk.say("b", cat=False)
    assert desk.queue(MISTAKES) == ""
    contents = {name: name.encode() for name in "abcd"}
    record_read(desk.project, [ReadPhoto(desk.photo(name), content=content) for name, content in contents.items()])
    random = np.random.default_rng(1)
    same, *others = random.random((3, Fingerprint.dimension)).astype(np.float16)
    fingerprints = dict(zip("abcd", (others[0], same, others[1], same), strict=True))
    embeddings = {contents[name]: {WHOLE: fingerprint[None]} for name, fingerprint in fingerprints.items()}
    store_embeddings(desk.project, Fingerprint.id, embeddings)
    assert sorted(desk.queue(MISTAKES)) == ["b", "d"]


def test_undecided_is_what_is_neither_a_clear_yes_nor_a_clear_no(desk):
    desk.score(INITIAL, {**SCORES, "a": (0.95, 0.01)})
    assert desk.queue(UNSURE) == ""  # nobody has asked yet
    calibrate_labels(desk.project)
    # The scores have no shape: they count as the chances they claim to be, clear above .9 and below .1.
    assert desk.queue(UNSURE) == "bed"
    desk.say("b", dog=True)
    desk.say("e", reviewed=True)
    assert desk.queue(UNSURE) == "d"


def test_new_photos_are_the_last_added_first(desk):
    record_folder(desk.project, [FoundPhoto(f"{name}.jpg", 1, 1) for name in (*"abcde", "added")])
    snapshot = desk.snapshot
    rows = queue(desk.project, snapshot, NEW)
    assert [snapshot.paths[row] for row in rows] == ["added.jpg", "e.jpg", "d.jpg", "c.jpg", "b.jpg", "a.jpg"]


def test_an_audit_keeps_its_order_while_photos_are_reviewed(desk):
    order = desk.queue(AUDIT, seed=4)
    assert sorted(order) == list("abcde")
    desk.say(order[0], reviewed=True)
    assert desk.queue(AUDIT, seed=4) == order[1:]


def test_a_queue_can_be_spread_over_unlike_photos(desk):
    contents = {name: name.encode() for name in "abcde"}
    record_read(desk.project, [ReadPhoto(desk.photo(name), content=content) for name, content in contents.items()])
    # b, e and d show the same; the last value of an embedding is no feature and must not count.
    vectors = {"b": (1, 0, 0), "e": (1, 0.01, 900), "d": (1, 0.02, 0), "c": (0, 1, 0), "a": (-1, 0, 0)}
    embeddings = {contents[name]: {WHOLE: np.array([vector], np.float16)} for name, vector in vectors.items()}
    store_embeddings(desk.project, "eyes", embeddings)
    desk.score(INITIAL, SCORES, encoder="eyes", encoder_id="eyes", dimension=3, feature_count=2, grids=[3])
    assert desk.queue(DOUBTFUL, count=3) == "bed"
    assert desk.queue(DOUBTFUL, count=3, unlike=True) == "bac"


def test_without_embeddings_a_spread_queue_keeps_its_order(desk):
    assert desk.queue(DOUBTFUL, count=3, unlike=True) == "bed"


def test_photos_labelled_by_an_encoder_can_be_spread(labelled):
    snapshot = take_snapshot(labelled)
    rows = queue(labelled, snapshot, NEW, count=3, unlike=True)
    assert len(set(rows.tolist())) == 3
    assert rows.tolist() != queue(labelled, snapshot, NEW, count=3).tolist()


def test_a_queue_that_does_not_exist_is_refused(desk):
    with pytest.raises(WrongUsage, match=", audit, new, disagreed, taken, but got 'odd'"):
        desk.queue("odd")


def test_progress_tells_what_is_left_and_how_many_suggestions_were_right_by_label(desk):
    snapshot = desk.snapshot
    rows = queue(desk.project, snapshot, DOUBTFUL)
    before = queue_progress(snapshot, rows)
    assert (before.total, before.left) == (5, 5)
    assert [label.share for label in before.labels] == [None, None]

    desk.say("a", dog=True, reviewed=True)
    desk.say("b", dog=False, cat=True, reviewed=True)  # cat was not suggested
    desk.say("d", dog=True)
    desk.say("f", dog=False)  # not in the queue
    after = queue_progress(desk.snapshot, rows)
    assert (after.total, after.left) == (5, 3)
    dog, cat = after.labels
    assert (dog.label, dog.answered, dog.right, dog.share.value) == ("dog", 3, 2, pytest.approx(2 / 3))
    assert (cat.answered, cat.share) == (0, None)


def test_every_queue_is_empty_in_an_empty_project(tmp_path):
    with Project.open(tmp_path) as project:
        snapshot = take_snapshot(project)
        for name in QUEUES:
            assert queue(project, snapshot, name, count=5, unlike=True).tolist() == []
        assert queue_progress(snapshot, []).total == 0
