"""What is in these photos: out of some two thousand everyday words the few that tell this collection apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

import numpy as np

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.describing_words import Kinds, telling_words
from engine.models.encoders.catalog import open_encoder as open_by_name
from engine.models.encoders.encoder import Encoder, encoder_id_of
from engine.models.everyday.words import ancestors, everyday_words, word_directions
from engine.project import Project
from engine.project.labels import label_set
from engine.project.photos import readable_photos
from engine.project.settings import setting
from engine.stages.describing.offers import (
    NEVER_OFFERED,
    Described,
    WordOffer,
    best_photos,
    headings_of,
    in_groups,
)
from engine.stages.describing.same_words import said_already
from engine.stages.describing.word_evidence import evidence_for_words
from engine.stages.photo_embeddings import KeptEmbeddings
from engine.wording import Sentence

MOST_COMPARED = 5000
"""Of a larger collection an even part of so many photos tells what is in it."""

MOST_WORDS = 30

_FEWEST_SHARE, _FEWEST, _SMALL = 0.01, 2, 20
"""A word must be on a hundredth of the photos and on two; in a collection of twenty on one."""


def describe_photos(
    project: Project,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    open_encoder: Callable[[str], Encoder] = open_by_name,
    most: int = MOST_WORDS,
    beside_labels: bool = True,
) -> Described:
    """Find the words for a project whose photos were labelled before, by the encoder that labelled them.

    Nothing is changed, but that an encoder's words are kept in the cache.

    Args:
        most: how many words at most; there are fewer where the evidence ends.
        beside_labels: leave out what the labels say already; else it is as if there were none.

    Raises:
        UserError: no photo was labelled yet, or all changed since, or the encoder cannot be opened or is another one.
    """
    kept = KeptEmbeddings.of(project)
    if kept is None:
        raise UserError(Sentence("Nothing is known of these photos yet. Label them first: that looks at every photo."))
    progress.start("Opening the encoder", total=None, unit="")
    encoder = open_encoder(kept.encoder)
    if encoder.id != encoder_id_of(kept.encoder_id):
        raise UserError(
            Sentence("The encoder {name} changed since the photos were labelled. Label them again.").format(
                name=encoder.name
            )
        )
    cancellation.check()
    words = everyday_words()
    above = ancestors(words)
    kinds = Kinds.of(above)
    photos = {photo.content: photo for photo in reversed(readable_photos(project)) if photo.content}
    contents = list(reversed(photos))  # photos of one content are one
    every = np.linspace(0, len(contents) - 1, min(len(contents), MOST_COMPARED)).astype(int)
    sample = [contents[at] for at in every]
    evidence = evidence_for_words(project, kept, encoder, words, kinds, sample, progress, cancellation)
    never = tuple(setting(project, NEVER_OFFERED, []))
    compared = len(evidence.contents)
    if not compared:
        raise UserError(Sentence("No photo is as it was when the photos were labelled. Label them again."))
    said = said_already(words, label_set(project)) if beside_labels else np.zeros(len(words), bool)
    may = ~said & np.array([word.name not in never for word in words])
    least = 1 if compared <= _SMALL else max(_FEWEST, round(_FEWEST_SHARE * compared))
    chances = evidence.chances
    telling = telling_words(
        chances, word_directions(), kinds, may=may, least=least, there=np.flatnonzero(said).tolist()
    )
    chosen = list(islice(telling, most))
    headings = headings_of(words, above)
    ids = np.array([photos[content].id for content in evidence.contents], np.int64)
    paths = [photos[content].path for content in evidence.contents]
    return Described(
        len(contents),
        compared,
        encoder.name,
        tuple(
            WordOffer(
                words[word].name,
                headings[word],
                tuple(words[kind].name for kind in above[word]),
                words[word].prompts,
                round(int((chances[:, word] >= evidence.counts_from[word]).sum()) * len(contents) / compared),
                best_photos(chances[:, word], ids, paths),
            )
            for word in in_groups(chosen, headings, above)
        ),
        never,
    )
