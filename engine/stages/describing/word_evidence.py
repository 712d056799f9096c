"""How sure each everyday word is on each photo, from what is stored of the photos: no photo is read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib import import_module

import numpy as np

from engine.jobs import Cancellation, Progress
from engine.method.describing_words import (
    EVIDENCE,
    SHARPER,
    Kinds,
    Values,
    at_least_their_kinds,
    leave_to_the_seen,
    word_chances,
)
from engine.method.stage_one import MeansOfPhotos, centred
from engine.method.strengths import log_lift
from engine.method.witness import LIKELY
from engine.models.encoders.encoder import Encoder, LabelEmbeddings
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.everyday.words import EverydayWord, digest_of_words, word_directions
from engine.project import Project
from engine.project.embeddings import Half, load_common, store_common
from engine.project.labels import LabelRow
from engine.stages.labelling.second_witness import SecondWitness
from engine.stages.photo_embeddings import KeptEmbeddings

_AT_ONCE = 40
"""Photos: their chances for two thousand words, in ten places, are what takes memory."""

_TEXTS_AT_ONCE = 64

_ALONE = ("animals", "vehicles")
"""Headings of words of which mostly one kind is on a photo, as against food and what stands in a room."""


@dataclass(frozen=True)
class WordEvidence:
    """Chances of words on photos, photos x words, from 0 to 1, the contents of these photos, and for each word the
    chance from which a photo counts: where the detector is heard, the one from which a label is likely."""

    chances: Values
    contents: list[bytes]
    counts_from: Values


def evidence_for_words(
    project: Project,
    kept: KeptEmbeddings,
    encoder: Encoder,
    words: Sequence[EverydayWord],
    kinds: Kinds,
    headings: Sequence[str],
    contents: Sequence[bytes],
    progress: Progress,
    cancellation: Cancellation,
) -> WordEvidence:
    """Compare photos, by their contents, with all words, part by part; those without embeddings are left out.

    Where the detector looked at the photos, it is heard of the words that it knows, people above all: the words compete
    for what stands out, and people are on photos of everything.

    Args:
        headings: what each word is listed under.
    """
    from engine.models.threads import map_in_threads

    import_module("torch")  # takes long; before its threads are shared out
    asked = _embedded_words(project, encoder, words, progress, cancellation)
    witness = _witness(project, encoder, words)
    of_things = encoder.encode_labels(witness.texts or [["a photo"]]) if witness is not None else None
    progress.start("Comparing photos with words", total=len(contents))

    def load(start: int) -> tuple[list[bytes], Half]:
        part = contents[start : start + _AT_ONCE]
        found, vectors = kept.load(project, part)
        return [content for content, is_there in zip(part, found, strict=True) if is_there], vectors

    compare = partial(_compare, encoder, asked, of_things, kinds)
    there: list[bytes] = []
    chances = np.empty((len(contents), len(words)), np.float32)
    things: list[Values] = []
    # Read in this thread alone: several that make rows of one database hinder each other.
    with closing(map_in_threads(compare, map(load, range(0, len(contents), _AT_ONCE)))) as parts:
        for found, of_words, of_them in parts:
            cancellation.check()
            chances[len(there) : len(there) + len(found)] = of_words
            things.append(of_them)
            there += found
            progress.advance(len(found))
    chances = chances[: len(there)]
    counts_from = np.full(len(words), EVIDENCE, np.float32)
    if witness is not None and there:
        _hear(witness, encoder, np.concatenate(things), chances, there)
        heard = [word for word, thing in enumerate(witness.things) if thing is not None]
        for heading in _ALONE:
            alone = [place for place, one in enumerate(headings) if one == heading]
            leave_to_the_seen(chances, alone, [place for place in heard if headings[place] == heading], kinds)
        at_least_their_kinds(chances, kinds)
        counts_from[witness.knows] = LIKELY
    return WordEvidence(chances, there, counts_from)


def _embedded_words(
    project: Project, encoder: Encoder, words: Sequence[EverydayWord], progress: Progress, cancellation: Cancellation
) -> LabelEmbeddings:
    """The words as the encoder has them. For the starter they come with the program; else they are made once, and kept.

    An encoder that has to see all labels at once is the starter alone.
    """
    if isinstance(encoder, StarterEncoder):
        return encoder.encode_directions(word_directions())
    key = f"words {digest_of_words()} {encoder.id}"
    known = load_common(project, key, len(words))
    if known is not None:
        return LabelEmbeddings(known)
    progress.start("Encoding words", total=len(words), unit="")
    made = []
    for start in range(0, len(words), _TEXTS_AT_ONCE):
        cancellation.check()
        some = words[start : start + _TEXTS_AT_ONCE]
        made.append(encoder.encode_labels([word.texts for word in some]).vectors)
        progress.advance(len(some))
    vectors = np.concatenate(made)
    if not project.read_only:
        store_common(project, key, vectors)
    return LabelEmbeddings(vectors)


def _witness(project: Project, encoder: Encoder, words: Sequence[EverydayWord]) -> SecondWitness | None:
    if not encoder.takes_witness or encoder.lift_temperature is None:
        return None
    rows = [LabelRow(0, word.name, prompts=word.texts) for word in words]
    witness = SecondWitness(project, rows)
    return witness if witness.seen else None


def _compare(
    encoder: Encoder,
    words: LabelEmbeddings,
    things: LabelEmbeddings | None,
    kinds: Kinds,
    loaded: tuple[list[bytes], Half],
) -> tuple[list[bytes], Values, Values]:
    contents, vectors = loaded
    tau = SHARPER * encoder.default_temperature
    of_words = word_chances(encoder.similarities(vectors, words), tau, kinds)
    of_things = encoder.similarities(vectors, things) if things is not None else np.zeros((0, 0, 0), np.float32)
    return contents, of_words, of_things


def _hear(
    witness: SecondWitness, encoder: Encoder, similarities: Values, chances: Values, contents: Sequence[bytes]
) -> None:
    """Put in the place of the words that the detector knows the chance that both make of them, as labelling does.

    Args:
        similarities: of the photos to the things, photos x snippets x things.
        chances: photos x words, which are changed.
    """
    means = MeansOfPhotos(similarities.shape[-1])
    means.add(similarities)
    assert encoder.lift_temperature is not None
    own = log_lift(*centred(similarities, means.means()), encoder.lift_temperature)
    of_things, seen = witness.chances(own, contents)
    for word, thing in enumerate(witness.things):
        if thing is not None:
            chances[seen, word] = of_things[seen, thing]
