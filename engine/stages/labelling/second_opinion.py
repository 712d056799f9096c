"""A second opinion: another encoder's scores of the same photos and labels, beside what suggests, never in its place.

Where both say otherwise somebody should look, see the queue of `engine.stages.review.queues`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

from engine.errors import UserError
from engine.jobs import NEVER, QUIET, Cancellation, Progress
from engine.method.stage_one import MeansOfPhotos, StageScores, Values, rerank_scores, score
from engine.method.thresholds import shape_of
from engine.models.encoders.catalog import encoders
from engine.models.encoders.clip_weights import local_part
from engine.models.encoders.confirmed import check_confirmed
from engine.models.encoders.encoder import Encoder, LabelEmbeddings, embeddings_id
from engine.models.encoders.failures import EncoderNotConfirmed
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings, load_embeddings
from engine.project.labels import label_set
from engine.project.photos import readable_contents
from engine.project.runs import OPINION, SECOND, begin_run, finish_run, forget_old_scores, runs, store_scores
from engine.stages.labelling.company import hidden_labels
from engine.stages.labelling.compared_photos import AT_ONCE, parts
from engine.stages.labelling.encoding import encode_missing
from engine.stages.labelling.initialise_settings import DEFAULT, InitialiseSettings, preset
from engine.stages.labelling.labelled_before import run_before
from engine.stages.thresholds.calibrate import shape_settings
from engine.wording import Sentence


@dataclass(frozen=True)
class Opinion:
    """What gave one: `photos` that it scored, `encoded` just now."""

    run: int
    by: str
    photos: int
    encoded: int
    seconds: float


def encoders_to_ask(project: Project) -> list[str]:
    """Names of the encoders that are here and do not suggest: those of the list, and what labelled this project
    before out of a file or folder that a person named."""
    suggests = run_before(project)
    in_force = suggests.settings["encoder"] if suggests is not None else None
    names = [one.name for one in encoders() if one.available]
    names += [name for run in runs(project) if (name := run.settings.get("encoder")) and _is_own(name)]
    return [name for name in dict.fromkeys(names) if name != in_force]


def _is_own(name: str) -> bool:
    path = local_part(name)
    if path is None:
        return False
    try:
        check_confirmed(name)
    except EncoderNotConfirmed:
        return False
    return path.exists()


def ask_encoder(
    project: Project, encoder: Encoder, progress: Progress = QUIET, cancellation: Cancellation = NEVER
) -> Opinion:
    """Have another encoder score all photos that the project knows, with its own best settings.

    Its embeddings are kept like those of any encoder, so that asking again costs little.

    Raises:
        UserError: there are no labels, or no photos that can be read.
        Cancelled: the embeddings that were made stay.
    """
    began = time.monotonic()
    labels = label_set(project)
    if not labels:
        raise UserError(Sentence("There are no labels to look for. Choose a label set first."))
    settings = preset(DEFAULT, encoder)
    encoded = _encode(project, encoder, settings, progress, cancellation)
    texts = [*(list(label.texts) for label in labels), *hidden_labels(labels)]
    compared = _Compared(project, encoder, settings, encoder.encode_labels(texts))
    progress.start("Scoring", total=len(compared.photos), passes=2)
    means = MeansOfPhotos(len(texts))
    count = 0
    for ids, similarities in compared.parts(cancellation):
        means.add(similarities)
        count += len(ids)
        progress.advance(len(ids))
    if not count:
        raise UserError(Sentence("No photo could be read, so there is nothing to have an opinion on."))
    photo_ids: list[int] = []
    scores = StageScores.room_for(count, len(texts))
    for ids, similarities in compared.parts(cancellation):
        part = slice(len(photo_ids), len(photo_ids) + len(ids))
        temperature = settings.temperature or encoder.default_temperature
        scores[part] = score(similarities, means.means(), temperature, settings.zeta, encoder.contrast)
        photo_ids += ids
        progress.advance(len(ids))
    values = rerank_scores(scores).initial[:, : len(labels)]
    kept = {**asdict(settings), "grids": list(settings.grids), "encoder": encoder.name}
    run = begin_run(
        project,
        OPINION,
        label_ids=[label.id for label in labels],
        settings={**kept, **shape_settings(SECOND, shape_of(values))},
    )
    store_scores(project, run, SECOND, photo_ids, values)
    finish_run(project, run)
    forget_old_scores(project, OPINION)
    return Opinion(run, encoder.name, count, encoded, round(time.monotonic() - began, 2))


def _encode(
    project: Project, encoder: Encoder, settings: InitialiseSettings, progress: Progress, cancellation: Cancellation
) -> int:
    grids = (WHOLE, *settings.grids)
    there = contents_with_embeddings(project, embeddings_id(encoder, crop=settings.crop), grids)
    encoding = encode_missing(project, encoder, grids, there, progress, cancellation, crop=settings.crop)
    with closing(encoding):
        return sum(committed.looked_at for committed in encoding)


class _Compared:
    """The photos' similarities to all texts, part by part; made anew each time, as they may not fit in memory."""

    def __init__(
        self, project: Project, encoder: Encoder, settings: InitialiseSettings, labels: LabelEmbeddings
    ) -> None:
        self._project, self._encoder, self._labels = project, encoder, labels
        self._kept_as, self._grids = embeddings_id(encoder, crop=settings.crop), (WHOLE, *settings.grids)
        self.photos = [(photo, content) for photo, content in readable_contents(project) if content is not None]

    def parts(self, cancellation: Cancellation) -> Iterator[tuple[Sequence[int], Values]]:
        """Ids of the photos that have embeddings, and photos x snippets x texts."""
        for part in parts(len(self.photos), AT_ONCE):
            cancellation.check()
            photos = self.photos[part]
            found, embeddings = load_embeddings(
                self._project, self._kept_as, [content for _, content in photos], self._grids, self._encoder.dimension
            )
            if ids := [photo for (photo, _), is_there in zip(photos, found, strict=True) if is_there]:
                yield ids, self._encoder.similarities(embeddings, self._labels)
