"""What well-known labels mean: looked up by a prompt's words, and told to the starter as mean directions."""

from __future__ import annotations

import numpy as np
import pytest

from engine.models.encoders.starter.glossary import named_by, read_glossary, with_meanings
from engine.models.encoders.starter.sentences import SentenceEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project.labels import texts_of
from engine.resources import resource
from engine.stages.labelling.label_sets import BUILT_IN, built_in_label_set


@pytest.fixture(scope="module")
def sentences() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.mark.parametrize("prompt", ["hot dog", "a photo of a hot dog", "A photo of the  Hot Dog", "a photo of hot dog"])
def test_a_prompt_names_its_thing(prompt: str) -> None:
    assert named_by(prompt) == "hot dog"


def test_a_known_thing_is_the_mean_of_prompt_definition_and_scene(sentences: SentenceEncoder) -> None:
    meaning = next(meaning for meaning in read_glossary() if "hot dog" in meaning.names)
    prompts = ["a photo of a hot dog", "hotdog", "a photo of a hot dog stand", ""]
    embeddings = sentences.encode(prompts)
    drawn = with_meanings(prompts, embeddings)

    texts = sentences.encode(meaning.texts).astype(float)
    for row in (0, 1):
        expected = embeddings[row] + texts[0] + texts[1]
        np.testing.assert_allclose(drawn[row], expected / np.linalg.norm(expected), atol=2e-3)
    np.testing.assert_array_equal(drawn[2:], embeddings[2:])


def test_all_meanings_are_embedded_as_they_are_written(sentences: SentenceEncoder) -> None:
    """After a change of the text the embeddings beside it have to be made again."""
    meanings = read_glossary()
    prompts = [meaning.names[0] for meaning in meanings]
    plain = sentences.encode(prompts)
    expected = plain + sentences.encode([text for each in meanings for text in each.texts]).reshape(-1, 2, 384).sum(1)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(with_meanings(prompts, plain), expected, atol=2e-3)


def test_no_name_has_two_meanings() -> None:
    names = [name for meaning in read_glossary() for name in meaning.names]
    assert len(names) == len(set(names))
    assert [name for name in names if name != named_by(name)] == []


@pytest.mark.parametrize("label_set", BUILT_IN)
def test_every_label_that_the_program_ships_is_known(label_set: str) -> None:
    known = {name for meaning in read_glossary() for name in meaning.names}
    prompts = [prompt for label in built_in_label_set(label_set) for prompt in texts_of(label.name, label.prompts)]
    assert [prompt for prompt in prompts if named_by(prompt) not in known] == []


def test_dogs_are_no_hot_dogs() -> None:
    from PIL import Image

    with resource("sample_photos", "animals", "dogs_at_window.jpg").open("rb") as file:
        snippet = np.asarray(Image.open(file).convert("RGB").resize((260, 260), Image.Resampling.BICUBIC))
    starter = StarterEncoder.open(device="cpu")
    labels = ["dog", "hot dog", *(label.name for label in built_in_label_set("coco") if "dog" not in label.name)]
    embeddings = starter.encode_labels([[f"a photo of a {label}"] for label in labels])
    chances = np.exp(starter.similarities(starter.encode_snippets(snippet[None]), embeddings)[0])
    assert chances[1] < chances[0] / 3  # half of it by the names alone
