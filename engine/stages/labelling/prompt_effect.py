"""What other prompts for a label would do, told from stored embeddings before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from engine.method.stage_one import MeansOfPhotos, rerank_scores, score
from engine.models.encoders.encoder import Encoder, embeddings_id
from engine.project import Project
from engine.project.embeddings import WHOLE, load_embeddings
from engine.project.labels import LabelRow, label_set
from engine.project.runs import RunRow
from engine.project.storage.schema import Photo
from engine.stages.labelling.company import hidden_labels
from engine.stages.labelling.initialise_settings import settings_of

MOST_PHOTOS = 1000
"""Of a larger project an even part is looked at, so that the answer comes while one still looks."""


@dataclass(frozen=True)
class PromptEffect:
    """A label's scores with the prompts in force (`before`) and with others (`after`), each photos, from 0 to 1."""

    photo_ids: npt.NDArray[np.int64]
    before: npt.NDArray[np.float32]
    after: npt.NDArray[np.float32]

    def best(self, count: int) -> list[tuple[int, float]]:
        """The photos with the highest scores by the other prompts, best first, with their scores."""
        order = np.argsort(-self.after, kind="stable")[:count]
        return [(int(self.photo_ids[place]), float(self.after[place])) for place in order]

    def on(self, photo_id: int) -> tuple[float, float] | None:
        """Scores before and after of one photo; None if it has no embedding."""
        places = np.flatnonzero(self.photo_ids == photo_id)
        return (float(self.before[places[0]]), float(self.after[places[0]])) if len(places) else None


def prompt_effect(
    project: Project, encoder: Encoder, run: RunRow, label_id: int, prompts: Sequence[str], photo_id: int | None = None
) -> PromptEffect:
    """Score a label with the prompts in force and with these, as `run` scored, over an even part of the photos.

    Args:
        encoder: the one of the run.
        prompts: in place of the label's own; none for the default prompt.
        photo_id: a photo that is to be among them.
    """
    settings = settings_of(run)
    labels = label_set(project)
    column = [label.id for label in labels].index(label_id)
    changed = [replace(label, prompts=tuple(prompts)) if label.id == label_id else label for label in labels]
    photos = _some_photos(project, photo_id)
    grids = (WHOLE, *settings.grids)
    kept_as = embeddings_id(encoder, crop=settings.crop)
    found, embeddings = load_embeddings(project, kept_as, [content for _, content in photos], grids, encoder.dimension)
    ids = np.array([photo for photo, _ in photos], np.int64)[found]
    if not len(ids):
        return PromptEffect(ids, np.zeros(0, np.float32), np.zeros(0, np.float32))

    def scores(asked: Sequence[LabelRow]) -> npt.NDArray[np.float32]:
        hidden = hidden_labels(asked) if settings.company else []
        similarities = encoder.similarities(
            embeddings, encoder.encode_labels([*(label.texts for label in asked), *hidden])
        )
        means = MeansOfPhotos(similarities.shape[-1])
        means.add(similarities)
        temperature = settings.temperature or encoder.default_temperature
        centre = means.means() if settings.centre else None
        scores = score(similarities, centre, temperature, settings.zeta, encoder.contrast)
        return (rerank_scores(scores) if settings.rerank else scores).initial[:, column]

    return PromptEffect(ids, scores(labels), scores(changed))


def _some_photos(project: Project, photo_id: int | None) -> list[tuple[int, bytes]]:
    with project.reading() as connection:
        rows = connection.execute(
            select(Photo.id, Photo.content)
            .where(Photo.problem.is_(None), Photo.content.is_not(None))
            .order_by(Photo.path)
        )
        photos = [(row.id, row.content) for row in rows]
    step = max(1, -(-len(photos) // MOST_PHOTOS))
    some = photos[::step]
    return some + [photo for photo in photos if photo[0] == photo_id and photo not in some]
