"""Labels by their names in the window's language, and what is said of words that the encoders do not know."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from engine.models.everyday.words import everyday_words
from engine.project.label_names import display_name, english_name, english_names, label_names
from engine.project.labels import NewLabel, parse_label_set
from engine.resources import resource
from engine.stages.labelling.typed_labels import DoubtfulLabel, doubtful_labels, doubts_in_words, looks_like_built_in

SHIPPED = ("coco", "voc", "nus-wide", "everyday")


def shipped(label_set: str) -> list[NewLabel]:
    return parse_label_set(resource("label_sets", f"{label_set}.txt").read_text("utf-8"))


@pytest.mark.parametrize(
    ("english", "german"), [("dog", "Hund"), ("Dog", "Hund"), ("sunset", "Sonnenuntergang"), ("people", "Personen")]
)
def test_a_label_is_shown_in_german(english: str, german: str) -> None:
    assert display_name(english, "de") == display_name(english, "de_AT") == display_name(english, "de-CH") == german


def test_a_label_of_ones_own_keeps_its_name() -> None:
    assert display_name("Grandma's cottage", "de") == "Grandma's cottage"


def test_other_languages_show_english() -> None:
    assert display_name("dog", "en_GB") == display_name("dog", "fr") == display_name("dog", "") == "dog"


@pytest.mark.parametrize(
    ("german", "english"),
    [("Hund", "dog"), ("katze", "cat"), (" Menschen ", "people"), ("Fußball", "soccer"), ("Straßenbahn", "tram")],
)
def test_a_german_word_names_a_label(german: str, english: str) -> None:
    assert english_name(german, "de") == english


def test_a_word_that_is_not_in_the_table_names_none() -> None:
    assert english_name("Quastenflosser", "de") is None
    assert english_name("Hund", "fr") is None


@pytest.mark.parametrize("label_set", SHIPPED)
def test_every_label_that_the_program_ships_has_a_german_name_of_its_own(label_set: str) -> None:
    shown = label_names("de").shown
    names = [label.name for label in shipped(label_set)]
    assert [name for name in names if name.casefold() not in shown] == []
    assert [name for name, times in Counter(display_name(name, "de") for name in names).items() if times > 1] == []


@pytest.mark.parametrize("label_set", ["coco", "everyday"])
def test_a_german_name_leads_back_to_a_label_that_is_shown_so(label_set: str) -> None:
    for label in shipped(label_set):
        german = display_name(label.name, "de")
        back = english_name(german, "de")
        assert back is not None
        assert display_name(back, "de") == german


@pytest.mark.parametrize("name", ["selfie", "Toddlers", "hoodie"])
def test_an_everyday_word_is_english_though_german_has_it_too(name: str) -> None:
    assert doubtful_labels([name]) == doubtful_labels([name], "de") == []
    assert doubtful_labels([name, "Katze"]) == [DoubtfulLabel("Katze", "cat")]


def test_german_words_are_said_with_the_english_ones() -> None:
    assert doubtful_labels(["Hund", "cat", "Katze"]) == [DoubtfulLabel("Hund", "dog"), DoubtfulLabel("Katze", "cat")]
    assert doubtful_labels(["Hund"])[0].sentence == "The encoders know English words: 'dog' in place of 'Hund'."


def test_of_many_that_are_not_known_is_told_at_once() -> None:
    few, many = (
        doubtful_labels([f"{name}us" for name in names])
        for names in (["xqz", "vwx"], ["xqz", "vwx", "zzkk", "jjqq", "wwvv"])
    )
    assert [len(doubts_in_words(doubts)) for doubts in (few, many)] == [2, 1]
    assert "do not know 5 of the labels: " in doubts_in_words(many)[0]


def test_a_german_word_that_is_english_too_is_doubted_in_german_company() -> None:
    assert doubtful_labels(["strand", "boot"]) == []
    assert doubtful_labels(["Strand", "Katze"]) == [DoubtfulLabel("Strand", "beach"), DoubtfulLabel("Katze", "cat")]
    assert doubtful_labels(["Boot", "Hamster", "Tiger"], "de_DE") == [DoubtfulLabel("Boot", "boat")]


@pytest.mark.parametrize("name", ["Quastenflosser", "perro", "gatto", "blurgh", "grüne Wiese", "собака", "犬"])
def test_a_word_of_no_language_we_know_is_doubted_all_the_same(name: str) -> None:
    assert doubtful_labels([name]) == [DoubtfulLabel(name)]
    assert "prompt in English" in doubtful_labels([name])[0].sentence


@pytest.mark.parametrize(
    "name",
    ["cat", "okapi", "Espresso", "hydrangea", "axolotl", "tiramisu", "snowman", "screenshot", "bluebells", "kids",
     "running dogs", "grandpa", "lederhosen", "bbq", "Eiffel Tower", "St. Mary's church", "VW Beetle", "2024", "-"],
)  # fmt: skip
def test_english_is_not_doubted(name: str) -> None:
    assert doubtful_labels([name]) == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("label_set", SHIPPED)
def test_no_label_that_the_program_ships_is_doubted(label_set: str, language: str) -> None:
    assert doubtful_labels([label.name for label in shipped(label_set)], language) == []


def test_none_of_imagenets_classes_is_doubted() -> None:
    from timm.data import ImageNetInfo

    info = ImageNetInfo()
    names = [name for index in range(1000) for name in info.index_to_description(index).split(", ")]
    assert doubtful_labels(names) == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [("coko", "coco"), ("cocoo", "coco"), ("Vocs", "voc"), ("nuswide", "nus-wide"), ("NUS wide", "nus-wide")],
)
def test_a_misspelt_label_set_is_recognised(text: str, meant: str) -> None:
    assert looks_like_built_in(text) == meant


@pytest.mark.parametrize("text", ["cat", "cocoa", "vow", "coko,", "coko,cat", "-", "", "axolotl", "Katze", "blurgh"])
def test_what_may_be_a_label_is_none(text: str) -> None:
    assert looks_like_built_in(text) is None


def test_every_word_that_is_offered_has_a_german_noun_of_its_own() -> None:
    shown = label_names("de").shown
    names = [word.name for word in everyday_words()]
    assert [name for name in names if name not in shown] == []
    german = [shown[name] for name in names]
    assert [noun for noun in german if not re.fullmatch(r"[A-ZÄÖÜ][\w-]*( [\w-]+)*( \([A-ZÄÖÜ]\w+\))?", noun)] == []
    assert [noun for noun, times in Counter(noun.casefold() for noun in german).items() if times > 1] == []


def test_the_german_noun_of_a_word_leads_back_to_what_is_called_so() -> None:
    for word in everyday_words():
        noun = display_name(word.name, "de")
        assert {display_name(name, "de") for name in english_names(noun)[:1]} == {noun}


@pytest.mark.parametrize(
    ("english", "german"),
    [("bat", "Fledermaus"), ("crane bird", "Kranich"), ("construction crane", "Baukran"), ("seal", "Robbe"),
     ("nail", "Nagel"), ("palm tree", "Palme"), ("bow", "Bogen"), ("arch", "Torbogen"), ("bow tie", "Smokingfliege"),
     ("fly", "Fliege"), ("mole", "Maulwurf"), ("pike", "Hecht"), ("tank", "Panzer"), ("coach", "Reisebus"),
     ("kiwi bird", "Kiwivogel"), ("field mouse", "Feldmaus"), ("computer mouse", "Computermaus"), ("lime", "Limette"),
     ("boxer", "Boxer"), ("boxer dog", "Boxerhund"), ("iron", "Bügeleisen"), ("jersey", "Trikot"), ("bust", "Büste")],
)  # fmt: skip
def test_a_word_of_several_meanings_is_called_by_the_one_that_is_asked_for(english: str, german: str) -> None:
    assert display_name(english, "de") == german
    assert english_name(german, "de") == ("mouse" if english == "computer mouse" else english)


def test_a_german_word_for_a_kind_means_the_whole_where_no_label_is_called_so() -> None:
    assert english_names("Welpe") == ["puppy", "dog"]


def test_an_english_word_that_is_german_for_something_else_is_doubted_where_german_is_read() -> None:
    assert doubtful_labels(["herd", "boot"]) == []
    assert doubtful_labels(["Herd"], "de") == [DoubtfulLabel("Herd", "stove")]
