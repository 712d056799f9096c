"""What the filter line offers while one types."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.project import Project
from engine.project.filters import complete, parse
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.take_snapshot import take_snapshot

LABELS = ("dog", "cat", "dining table", "Zoë")

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
    "dog",
    "dining table",
    ">",
    "0.4",
    ",",
    ":",
    "state:",
]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    with Project.open(tmp_path_factory.mktemp("photos")) as project:
        use_label_set(project, [NewLabel(name) for name in LABELS])
        record_folder(project, [FoundPhoto(f"{folder}/x.jpg", 1, 1) for folder in ("cats", "trip/day 1", "trip/day 2")])
        return take_snapshot(project)


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("lab", "label:"),
        ("label:d", "label:dog"),
        ("dgo", "label:dog"),
        ("label:dgo", "label:dog"),
        ("-label:d", "-label:dog"),
        ("label:din", 'label:"dining table"'),
        ('label:"din', 'label:"dining table"'),
        ("table", 'label:"dining table"'),
        ("score(d", "score(dog)>"),
        ("score(dining ta", 'score("dining table")>'),
        ("score(dog, in", "score(dog, initial"),
        ("state:unre", "state:unreviewed"),
        ("(label:dog OR source:p", "(label:dog OR source:person"),
        ("folder:day", 'folder:"trip/day 1"'),
        ("folder:trip/", 'folder:"trip/day 1"'),
    ],
)
def test_the_first_completion_is_the_likely_one(snapshot, typed, becomes):
    offers = complete(typed, len(typed), snapshot)
    first = typed[: offers[0].start] + offers[0].text + typed[offers[0].end :]
    assert first == becomes


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("label:Hu", "label:Hund"),
        ("hund", "label:Hund"),
        ("label:dog", "label:Hund"),
        ("maybe:katz", "maybe:Katze"),
        ("score(Hund", "score(Hund)>"),
    ],
)
def test_labels_are_found_and_written_by_their_german_names(snapshot, typed, becomes):
    (offer,) = [one for one in complete(typed, len(typed), snapshot, "de_AT") if one.hint in ("dog", "cat")]
    assert typed[: offer.start] + offer.text + typed[offer.end :] == becomes
    assert becomes not in [one.text for one in complete(typed, len(typed), snapshot)]
    parse(becomes + "0.5" if becomes.endswith(">") else becomes, LABELS)  # and so they are understood


def test_a_completion_in_the_middle_replaces_the_whole_condition_there(snapshot):
    text = "state:revi label:dgo folder:trip"
    offers = complete(text, text.index("dgo") + 1, snapshot)
    assert [text[: one.start] + one.text + text[one.end :] for one in offers if one.text == "dog"] == [
        "state:revi label:dog folder:trip"
    ]


def test_nothing_is_offered_where_only_a_person_knows(snapshot):
    for text in ("score(dog)>0.", '"two wo', "taken:20", "name:D"):
        assert complete(text, len(text), snapshot) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.data())
def test_completing_never_fails_and_stays_inside_the_text(snapshot, text, data):
    cursor = data.draw(st.integers(0, len(text)))
    for offer in complete(text, cursor, snapshot):
        assert 0 <= offer.start <= cursor <= offer.end <= len(text)


def test_every_offered_value_makes_a_filter(snapshot):
    for start in ("label:", "likely:", "maybe:", "rejected:", "state:", "source:", "folder:"):
        offers = complete(start, len(start), snapshot)
        assert offers
        for offer in offers:
            parse(start + offer.text, LABELS)
