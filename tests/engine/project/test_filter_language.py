"""The filter line: what it finds, what it says, and what it offers next."""

from __future__ import annotations

import fnmatch
from datetime import date, datetime
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.project import Project
from engine.project.answer import Answer
from engine.project.filters import FilterError, explain, parse
from engine.project.filters.filter import All, Either, Not, joined
from engine.project.filters.label_conditions import (
    PROPERTIES,
    HasLabel,
    HasProperty,
    LabelCount,
    LabelName,
    Mentions,
    ScoreIs,
)
from engine.project.filters.photo_conditions import InFolder, Named, Taken
from engine.project.history.history import answer
from engine.project.label_state import LabelState
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, ReadPhoto, record_folder, record_read
from engine.project.runs import GLOBAL, INITIAL, STAGES, begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.wording import Sentence

LABELS = ("dog", "cat", "dining table", "Zoë")
BROKEN = Sentence("It is not a photo.")
PATHS = [
    "beach.jpg",
    "cats/tabby.png",
    "trip/day 1/DSC_0001.JPG",
    "trip/day 1/DSC_0002.JPG",
    "trip/day 2/dog (1).png",
    "2023/trip/old.jpg",
    "broken.jpg",
    "two words.webp",
]
TAKEN = [datetime(2024, 5, 31, 23, 59), None, datetime(2024, 6, 1), datetime(2023, 1, 1), None, None, None, None]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photos")
    with Project.open(folder) as project:
        labels = [label.id for label in use_label_set(project, [NewLabel(name) for name in LABELS])]
        record_folder(project, [FoundPhoto(path, 1, 1) for path in PATHS])
        by_path = dict(zip(take_snapshot(project).paths, take_snapshot(project).photo_ids.tolist(), strict=True))
        photos = [by_path[path] for path in PATHS]
        record_read(
            project,
            [
                ReadPhoto(
                    photo, taken_at=taken, problem=Sentence("It is not a photo.") if path == "broken.jpg" else None
                )
                for photo, path, taken in zip(photos, PATHS, TAKEN, strict=True)
            ],
        )
        random = np.random.default_rng(5)
        run = begin_run(project, "initialise", label_ids=labels, settings={})
        for stage in (GLOBAL, INITIAL):
            scores = random.random((6, len(LABELS))) * [0.5, 0.5, 0.5, 0.1]
            store_scores(project, run, stage, photos[:6], scores.astype(np.float32))
        finish_run(project, run)
        decided = [(0, 0, True), (0, 1, False), (1, 1, True), (2, 0, False), (2, 2, True), (7, 3, True), (4, 0, True)]
        answer(project, "labels", [Answer(photos[p], labels[c], value) for p, c, value in decided])
        answer(project, "reviewed", [Answer(photos[p], None, True) for p in (0, 2)])
        yield project


@pytest.fixture(scope="module")
def snapshot(project):
    return take_snapshot(project)


@pytest.fixture(scope="module")
def found(project, snapshot):
    def paths(text):
        mask = parse(text).rows(snapshot, partial(snapshot.matrix_of, project))
        return {path for path, fits in zip(snapshot.paths, mask, strict=True) if fits}

    return paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("", set(PATHS)),
        ("confirmed:dog", {"beach.jpg", "trip/day 2/dog (1).png"}),
        ("rejected:DOG", {"trip/day 1/DSC_0001.JPG"}),
        ('confirmed:"Dining Table"', {"trip/day 1/DSC_0001.JPG"}),
        ("state:reviewed confirmed:dog", {"beach.jpg"}),
        ("confirmed:dog OR confirmed:cat", {"beach.jpg", "trip/day 2/dog (1).png", "cats/tabby.png"}),
        ("(confirmed:dog or confirmed:cat) and -state:reviewed", {"trip/day 2/dog (1).png", "cats/tabby.png"}),
        ("confirmed:dog NOT state:reviewed", {"trip/day 2/dog (1).png"}),
        ("state:unreadable", {"broken.jpg"}),
        ("folder:trip name:*.png", {"trip/day 2/dog (1).png"}),
        ("folder:trip", {path for path in PATHS if "trip/" in path}),
        ('folder:"trip/day 1"', {"trip/day 1/DSC_0001.JPG", "trip/day 1/DSC_0002.JPG"}),
        ("folder:trip/*", {path for path in PATHS if path.startswith("trip/")}),
        ("name:dsc_*.jpg", {"trip/day 1/DSC_0001.JPG", "trip/day 1/DSC_0002.JPG"}),
        ("name:dsc_0001", {"trip/day 1/DSC_0001.JPG"}),
        ("name:DSC_0001.jpg", {"trip/day 1/DSC_0001.JPG"}),
        ('name:"dog (1)"', {"trip/day 2/dog (1).png"}),
        ("name:dsc", set()),
        ("name:dsc_000?", set()),
        ('"two words"', {"two words.webp"}),
        ("zoë", {"two words.webp"}),
        ("taken:2024-05", {"beach.jpg"}),
        ("taken:2024-05..2024-06", {"beach.jpg", "trip/day 1/DSC_0001.JPG"}),
        ("taken>2023", {"beach.jpg", "trip/day 1/DSC_0001.JPG"}),
        ("taken<=2023-01-01", {"trip/day 1/DSC_0002.JPG"}),
        ("taken:..2024-05-31", {"beach.jpg", "trip/day 1/DSC_0002.JPG"}),
        (
            "source:person",
            {"beach.jpg", "cats/tabby.png", "trip/day 1/DSC_0001.JPG", "trip/day 2/dog (1).png", "two words.webp"},
        ),
    ],
)
def test_a_filter_finds_the_photos_it_describes(found, text, paths):
    assert found(text) == paths


def test_likely_and_maybe_are_what_the_states_say(snapshot, found):
    scores = snapshot.scores[:, [label.name for label in snapshot.labels].index("cat")]
    with_cut = snapshot.with_answers_of_its_own()
    with_cut.thresholds = np.full(len(LABELS), np.nanmedian(scores), np.float32)
    with_cut.maybe_from = np.full(len(LABELS), np.nanquantile(scores, 0.2), np.float32)
    states = with_cut.states()
    for column, label in enumerate(with_cut.labels):
        for word, state in (
            ("likely", LabelState.LIKELY),
            ("suggested", LabelState.LIKELY),
            ("maybe", LabelState.MAYBE),
        ):
            mask = parse(f'{word}:"{label.name}"').rows(with_cut)
            np.testing.assert_array_equal(mask, states[:, column] == state)
    for word, state in (("likely", LabelState.LIKELY), ("maybe", LabelState.MAYBE)):
        mask = parse(f"state:{word}").rows(with_cut)
        assert mask.any()
        np.testing.assert_array_equal(mask, (states == state).any(axis=1))


def test_labels_are_understood_by_their_german_names(found):
    assert found("confirmed:Hund") == found("confirmed:dog")
    assert found("score(Hund)>0.2") == found("score(dog)>0.2")
    assert found("label:Katze") == found("label:cat")
    assert found("Esstisch") == found('label:"dining table"')
    assert parse("label:Hund", LABELS) == HasLabel("label", LabelName("Hund"))


def test_a_stage_can_be_named_beside_the_one_in_force(project, snapshot, found):
    table = [label.name for label in snapshot.labels].index("dining table")
    expected = snapshot.matrix_of(project, GLOBAL)[:, table] > 0.3
    assert found('score("dining table", global) > 0.3') == {
        p for p, fits in zip(snapshot.paths, expected, strict=True) if fits
    }
    assert found('score("dining table", global) > 0.3') != found('score("dining table") > 0.3')


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "all photos"),
        ("label:dog -label:cat state:unreviewed", "photos with dog, without cat, not reviewed"),
        ("score(dog)>0.40", "photos with a score for dog above 0.4"),
        ("likely:dog maybe:cat", "photos with dog likely, that may have cat"),
        ("-state:likely state:maybe", "photos without a likely label, with a label that may be there"),
        ("labels>2 or labels=1", "photos with more than 2 labels or with exactly 1 label"),
        ("(label:dog OR label:cat) name:*.png", "photos (with dog or with cat), named “*.png”"),
        ("-(label:dog label:cat)", "photos without dog or without cat"),
        ("-state:unreadable folder:trip", "photos that can be read, in the folder “trip”"),
        ("taken:2024-02", "photos taken from 2024-02-01 to 2024-02-29"),
        ("taken:2024-02-03", "photos taken on 2024-02-03"),
        ('"two words"', "photos with “two words” in the path or a label"),
    ],
)
def test_a_filter_is_explained_in_english(text, sentence):
    assert explain(parse(text)) == sentence


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("label:dgo", 6, "Did you mean “dog”?"),
        ("label:aeroplane", 6, "There is no label “aeroplane”. Choose"),
        ("label:", 6, "Expected a label after label:, but the text ends."),
        ("score(dog)", 10, "Expected a comparison (>= <= > < =), but the text ends."),
        ("score(dog)>4", 11, "Expected a score from 0 to 1, but got 4."),
        ("score(dog)>much", 11, "Expected a number from 0 to 1, but got “much”."),
        (
            "score(dog, first)>0.1",
            11,
            "Expected one of global, aggregated, initial, refined, classifier, second, but got “first”.",
        ),
        ("dog>0.4", 0, "Expected score(…), labels or taken before “>”, but got “dog”."),
        ("state:done", 6, "Expected one of reviewed, unreviewed,"),
        ("dog AND", 7, "Expected a condition such as label:dog, but the text ends."),
        ("dog OR OR cat", 7, "Expected a condition, but got “OR”."),
        ("(dog", 4, "Expected a closing parenthesis, but the text ends."),
        ("dog)", 3, "Expected the end or another condition, but got “)”."),
        ('dog "cat', 4, "Expected a closing quote, but the text ends."),
        ("species:dog", 0, "Expected one of label:, confirmed:,"),
        ("lable:dog", 0, "There is no “lable:”. Did you mean “label:”?"),
        ("Stat:new", 0, "There is no “stat:”. Did you mean “state:”?"),
        ("dog AND confirmd:dog", 8, "There is no “confirmd:”. Did you mean “confirmed:”?"),
        ("state:unreviewd", 6, "There is no “unreviewd”. Did you mean “unreviewed”?"),
        ("score(dog, inital)>0.1", 11, "There is no “inital”. Did you mean “initial”?"),
        ("taken:2024-13", 6, "Expected a date as 2024, 2024-05 or 2024-05-31, but got “2024-13”."),
        ("taken:2024..2023", 6, "Expected the earlier date first"),
        ("taken>9999", 6, "Expected a date between the years 1 and 9999."),
        ("(" * 60 + "dog" + ")" * 60, 50, "Expected at most 50 conditions inside one another."),
    ],
)
def test_a_wrong_filter_says_where_and_what_was_expected(text, position, part):
    with pytest.raises(FilterError) as error:
        parse(text, LABELS)
    assert part in error.value.sentence
    assert error.value.position == position


def test_a_label_that_left_the_label_set_is_named_when_the_filter_is_used(snapshot):
    with pytest.raises(FilterError, match="There is no label “bird”"):
        parse("state:reviewed label:bird").rows(snapshot)


PIECES = [
    "label:",
    "score(",
    ")",
    "(",
    '"',
    "\\",
    "-",
    " ",
    " OR ",
    "not ",
    "dog",
    "dining table",
    ">",
    "=",
    "0.4",
    ",",
    ":",
]
PIECES += ["labels", "taken", "2024-05", "..", "state:", "reviewed", "name:", "*.png", "initial", "AND"]


@settings(deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
def test_any_text_is_a_filter_or_a_filter_error_inside_the_text(text):
    outcome = filter_or_error(text)
    if isinstance(outcome, FilterError):
        assert 0 <= outcome.position <= len(text)
    else:
        assert parse(str(outcome)) == outcome
        assert explain(outcome)


def filter_or_error(text):
    try:
        return parse(text)
    except FilterError as error:
        return error


words = st.one_of(
    st.text(min_size=0, max_size=8), st.sampled_from(["dog", "or", "-x", "a b", 'say "hi"', "trip", "*.png"])
)
names = st.sampled_from(LABELS).map(LabelName)
comparisons = st.sampled_from([">", ">=", "<", "<=", "="])
days = st.dates(date(2022, 1, 1), date(2025, 1, 1))
conditions = st.one_of(
    st.builds(HasLabel, st.sampled_from(["label", "confirmed", "likely", "maybe", "suggested", "rejected"]), names),
    st.builds(
        ScoreIs, names, st.sampled_from([None, *STAGES]), comparisons, st.integers(0, 100).map(lambda n: n / 100)
    ),
    st.builds(LabelCount, comparisons, st.integers(0, 5)),
    st.sampled_from([HasProperty(kind, name) for kind, found in PROPERTIES.items() for name in found]),
    st.builds(InFolder, words),
    st.builds(Named, words),
    st.builds(Mentions, words),
    st.tuples(days, days).map(lambda pair: Taken(min(pair), max(pair))),
    st.builds(Taken, st.none(), days),
    st.builds(Taken, days, st.none()),
)
filters = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(partial(joined, All)),
        st.lists(inner, min_size=2, max_size=3).map(partial(joined, Either)),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(filters)
def test_the_text_of_a_filter_parses_to_the_same_filter(condition):
    assert parse(str(condition), LABELS) == condition


@settings(deadline=None)
@given(filters)
def test_a_filter_finds_what_looking_at_each_photo_finds(project, snapshot, condition):
    mask = condition.rows(snapshot, partial(snapshot.matrix_of, project))
    slowly = [fits(condition, project, snapshot, row) for row in range(len(snapshot))]
    assert mask.dtype == bool
    assert mask.tolist() == slowly


def fits(condition, project, snapshot, row):
    again = partial(fits, project=project, snapshot=snapshot, row=row)
    states = snapshot.states([row])[0].tolist()
    columns = {label.name: column for column, label in enumerate(snapshot.labels)}
    present = (LabelState.CONFIRMED, LabelState.LIKELY)
    path = snapshot.paths[row]
    match condition:
        case Not():
            return not again(condition.inner)
        case All():
            return all(map(again, condition.parts))
        case Either():
            return any(map(again, condition.parts))
        case HasLabel():
            wanted = {
                "label": present,
                "likely": (LabelState.LIKELY,),
                "suggested": (LabelState.LIKELY,),
                "maybe": (LabelState.MAYBE,),
                "confirmed": (LabelState.CONFIRMED,),
                "rejected": (LabelState.REJECTED,),
            }
            return states[columns[condition.label.name]] in wanted[condition.state]
        case ScoreIs():
            stage = snapshot.scores if condition.stage is None else snapshot.matrix_of(project, condition.stage)
            return compare(float(stage[row, columns[condition.label.name]]), condition.comparison, condition.value)
        case LabelCount():
            return compare(sum(state in present for state in states), condition.comparison, condition.count)
        case HasProperty(name="doubtful"):
            return any(
                decision == 0 and 0.8 <= score / (1 - score) * (1 - threshold) / threshold <= 1.25
                for decision, score, threshold in zip(
                    snapshot.decisions[row].tolist(),
                    snapshot.scores[row].tolist(),
                    snapshot.thresholds.tolist(),
                    strict=True,
                )
            )
        case HasProperty():
            return {
                "reviewed": bool(snapshot.reviewed[row]),
                "unreviewed": not snapshot.reviewed[row],
                "unreadable": snapshot.problems[row] is not None,
                "labelled": any(state in present for state in states),
                "likely": LabelState.LIKELY in states,
                "maybe": LabelState.MAYBE in states,
                "unlabelled": not any(state in present for state in states),
                "person": LabelState.CONFIRMED in states,
                "model": LabelState.LIKELY in states,
                # Nothing came later here, one person answered, and there is no rule.
                "new": False,
                "disagreed": False,
                "rule": False,
            }[condition.name]
        case InFolder():
            parts = path.casefold().split("/")[:-1] or [""]
            ways = [*parts, *("/".join(parts[:end]) for end in range(1, len(parts) + 1))]
            return any(fnmatch.fnmatchcase(way, condition.pattern.strip("/").casefold()) for way in ways)
        case Named():
            return fnmatch.fnmatchcase(path.split("/")[-1].casefold(), condition.pattern.casefold())
        case Taken():
            taken = snapshot.taken_at[row]
            return taken is not None and str(condition.first or "") <= str(taken.date()) <= str(condition.last or "9")
        case Mentions():
            there = [label.name for label, state in zip(snapshot.labels, states, strict=True) if state in present]
            return any(condition.text.casefold() in text.casefold() for text in [path, *there])


def compare(left, comparison, right):
    right = float(np.float32(right))
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right, "=": left == right}[
        comparison
    ]
