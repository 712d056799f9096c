"""Sentences of the engine: English text that somebody else can say in another language."""

import runpy
from pathlib import Path

import pytest

from engine.errors import UserError
from engine.project.filters import FilterError, explain, parse
from engine.wording import Decimal, LabelWord, Listed, Sentence, some_of

ENGINE_TEXTS = runpy.run_path(str(Path(__file__).parents[2] / ".ci" / "engine_texts.py"))


def test_a_sentence_is_its_english_text() -> None:
    sentence = Sentence("There is no label “{label}”.").format(label="{cat}")
    assert sentence == "There is no label “{cat}”."
    assert str(UserError(sentence)) == "There is no label “{cat}”."
    assert sentence.template == "There is no label “{label}”."
    assert sentence.arguments == {"label": "{cat}"}


def test_braces_without_anything_to_fill_in_stay() -> None:
    assert Sentence("Write {this}.") == "Write {this}."


def test_one_is_not_said_as_many_are() -> None:
    found = Sentence("{count:,} photos of {name}", one="1 photo of {name}")
    assert [found.format(count=count, name="cats") for count in (0, 1, 2000)] == [
        "0 photos of cats",
        "1 photo of cats",
        "2,000 photos of cats",
    ]
    assert found.format(count=1, name="cats").template == "1 photo of {name}"


def test_a_sentence_that_was_kept_as_text_can_still_be_translated() -> None:
    inner = Sentence("in line {number}").format(number=3)
    sentence = Sentence("{file} is damaged {where}").format(file=Path("ä.csv"), where=inner)
    again = Sentence.of_kept(sentence.kept)
    assert (again, again.template, again.arguments["file"]) == (sentence, sentence.template, "ä.csv")
    assert isinstance(again.arguments["where"], Sentence)
    assert again.arguments["where"].template == "in line {number}"


def test_labels_and_numbers_are_still_known_as_such_once_kept() -> None:
    sentence = Sentence("{labels} put under {parent} from {value}").format(
        labels=some_of([LabelWord(name) for name in "abcd"]), parent=LabelWord("pet"), value=Decimal("0.749")
    )
    again = Sentence.of_kept(sentence.kept)
    assert again == sentence == "a, b, c and 1 more put under pet from 0.749"
    assert [type(again.arguments[name]) for name in ("labels", "parent", "value")] == [Sentence, LabelWord, Decimal]
    listed = again.arguments["labels"].arguments["some"]  # type: ignore[attr-defined]
    assert isinstance(listed, Listed)
    assert [type(one) for one in listed.parts] == [LabelWord] * 3


@pytest.mark.parametrize(
    "text",
    [
        "rejected cat on 12 photos",
        "{braces}",
        '{"said": ',
        '{"said": "{file}", "with": {}}',
        '{"said": 3}',
        # What nobody but a damaged or forged project holds.
        '{"said": "{name:>9999999999}", "with": {"name": "cat"}}',
        '{"said": "{name.__class__}", "with": {"name": "cat"}}',
        '{"said": "{name}", "with": {"name": {"listed": 3}}}',
        '{"said": ' + "[" * 100_000,
    ],
)
def test_any_other_text_that_was_kept_is_a_sentence_as_it_is(text: str) -> None:
    assert Sentence.of_kept(text) == text
    assert Sentence.of_kept(text).kept == text


@pytest.mark.parametrize(
    "text",
    [
        "label:dog -(cat OR confirmed:cat) labels>2",
        "score(dog, initial)>0.4 -score(cat)<=0.1 name:*.png",
        "-folder:trip taken:2024..2025 -state:reviewed source:model OR labels=1",
    ],
)
def test_every_explanation_is_made_of_texts_that_are_listed(text: str) -> None:
    assert templates_of(explain(parse(text))) <= set(ENGINE_TEXTS["texts"]())


@pytest.mark.parametrize("text", ["label:", "dog OR", "score(dog)>2", "(dog", "size:3", "taken:soon", '"dog', "dog<2"])
def test_every_refusal_is_made_of_texts_that_are_listed(text: str) -> None:
    with pytest.raises(FilterError) as refused:
        parse(text)
    assert templates_of(refused.value.sentence) <= set(ENGINE_TEXTS["texts"]())


def test_titles_of_long_work_and_what_they_count_are_listed() -> None:
    assert {"Finding photos", "Labelling photos", "Training", "photos", "epochs"} <= set(ENGINE_TEXTS["texts"]())


def test_a_text_that_is_not_written_out_is_refused() -> None:
    with pytest.raises(ValueError, match="written out"):
        list(ENGINE_TEXTS["texts_of"]("Sentence(text).format(name=name)"))


def templates_of(sentence: Sentence) -> set[str]:
    """Of the sentence and of those in it."""
    inner = [one for one in sentence.arguments.values() if isinstance(one, Sentence)]
    return {sentence.template}.union(*map(templates_of, inner))
