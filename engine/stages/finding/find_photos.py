"""Finding photos, as one request: by words or by another photo, among all or those that a filter takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.catalog import open_encoder
from engine.models.encoders.encoder import encoder_id_of
from engine.photos.decode import PhotoProblem
from engine.project import Project
from engine.project.snapshot import Snapshot
from engine.stages.finding.chosen_photos import chosen_rows
from engine.stages.finding.search import Part, example_query, part_features, search, words_query
from engine.stages.finding.search_index import SearchIndex
from engine.stages.labelling.typed_labels import doubtful_words
from engine.stages.teaching.teaching import snapshot_in_force
from engine.wording import Sentence


@dataclass(frozen=True)
class FoundPhoto:
    """A photo by its path in the project. `score`: for words from 0 to 1, else a cosine. `part`: where it fits best."""

    path: str
    score: float
    part: Part


@dataclass(frozen=True)
class FoundPhotos:
    """Those that fit best, the best first, among so many that were `searched`."""

    searched: int
    found: tuple[FoundPhoto, ...]
    warnings: tuple[Sentence, ...] = ()
    """What a person should know of the words that were looked for."""


def find_photos(
    project: Project,
    wanted: str | Path,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    filter_text: str = "",
    choose: Callable[[Snapshot], npt.NDArray[np.int64]] | None = None,
    top: int = 20,
) -> FoundPhotos:
    """Look through a project whose photos were labelled before, by the encoder that labelled them.

    Args:
        wanted: words for what the photos show; or the path of a photo file that they are to be like.
        filter_text: look only among these, in the filter language; empty for all.
        choose: look only among these rows of a snapshot, in the filter's place.
        top: how many at most, up to `MOST_FOUND`.

    Raises:
        UserError: no words, a filter that means nothing, nothing to search in yet, or an encoder or photo that cannot
            be opened.
    """
    snapshot = snapshot_in_force(project, progress, cancellation)
    rows = chosen_rows(project, snapshot, filter_text=filter_text)[0] if choose is None else choose(snapshot)
    among = snapshot.photo_ids[rows]
    index = SearchIndex.load(project, progress, cancellation)
    progress.start("Opening the encoder", total=None, unit="")
    encoder = open_encoder(index.embeddings.encoder)
    if encoder.id != encoder_id_of(index.embeddings.encoder_id):
        raise UserError(
            Sentence("The encoder {name} changed since the photos were labelled. Label them again.").format(
                name=encoder.name
            )
        )
    if isinstance(wanted, str):
        query = words_query(encoder, wanted)
    else:
        try:
            query = example_query(index, part_features(encoder, wanted))
        except PhotoProblem as problem:
            raise UserError(Sentence("{file}: {error}").format(file=wanted, error=problem.sentence)) from problem
    found = search(project, index, query, among, top)
    return FoundPhotos(
        len(among),
        tuple(
            FoundPhoto(snapshot.paths[snapshot.row_of(int(photo))], float(score), part)
            for photo, score, part in zip(found.photo_ids, found.scores, found.parts, strict=True)
        ),
        _warnings(wanted) if isinstance(wanted, str) else (),
    )


def _warnings(words: str) -> tuple[Sentence, ...]:
    """Of words that the encoders do not know, which find something all the same."""
    return tuple(
        Sentence("The encoders know English words, and {name!r} is none that is known: search in English.").format(
            name=doubt.name
        )
        if doubt.instead is None
        else doubt.sentence
        for doubt in doubtful_words(words)
    )
