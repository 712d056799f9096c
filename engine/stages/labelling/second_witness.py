"""The detector beside an encoder: which labels it is heard of, and what it saw in the photos.

What the encoder says of such a label is always its word among the 80 things, whatever other labels there are: then a
chance that both make means the same in any label set, under any name for the thing. Of labels that are none of these
things, but are related to some, it is heard as far as that goes: see `words_and_things`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.method.latent import from_latent
from engine.method.strengths import LIKELY_LIFT, OTHER_LIKELY_LIFT
from engine.method.witness import LEAST_OWN, LIKELY, MOST_OWN, OWN, PRIOR, SEEN, hear_witness
from engine.models.detector import Detector, says_no_more_than_a_thing, thing_of
from engine.models.everyday.words import digest_of_words
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings, load_embeddings
from engine.project.labels import LabelRow
from engine.stages.labelling.company import competitors
from engine.stages.labelling.encode_files import Onlooker
from engine.stages.labelling.words_and_things import RelatedThings, related_things

Floats = npt.NDArray[np.floating]


class SecondWitness:
    """What the detector says of a project's photos and labels.

    It looks at every photo, whichever labels there are: its answers are kept, and another label set needs no photo.
    """

    def __init__(self, project: Project, labels: Sequence[LabelRow]) -> None:
        self._project = project
        self.things = [thing_of(label.texts) for label in labels]
        """labels: the place of each among the things, None where it is none of them."""
        self._related = [
            related_things(label.texts) if thing is None else RelatedThings()
            for label, thing in zip(labels, self.things, strict=True)
        ]
        self.id = Detector.id
        self.basis = (
            f"{self.id} {PRIOR} {OWN} {SEEN} {LEAST_OWN} {MOST_OWN} {LIKELY} {OTHER_LIKELY_LIFT} {digest_of_words()}"
        )
        """Another one whenever the same photos would get other scores."""
        self.wholes = [column for column, related in enumerate(self._related) if related.kinds]
        """Columns of labels of which some things are kinds."""
        self.knows = np.array([thing is not None for thing in self.things], bool)
        """labels: whether each is one of the things, or some of them are kinds of it."""
        self.knows[self.wholes] = True
        self.is_heard = bool(self.knows.any()) or any(related != RelatedThings() for related in self._related)
        """Whether it has anything to say of these labels."""
        self.texts = _texts_of_things(labels, self.things)
        """Of the things, by which the encoder's word of them is asked for."""
        self.seen = contents_with_embeddings(project, self.id, [WHOLE])
        """Contents that it has looked at; grows."""

    def onlooker(self) -> Onlooker:
        """The detector itself, opened, for photos that it has not seen.

        Raises:
            EncoderUnavailable: its weights are missing or damaged.
        """
        from engine.models.device import device_named

        return Onlooker(Detector(device_named()), self.seen)

    def heard(self, scores: Floats, own: Floats, contents: Sequence[bytes]) -> npt.NDArray[np.float32]:
        """The scores, those of labels that it knows replaced by the chance that both make of it: photos x labels.

        Args:
            scores: the encoder's, photos x labels, from 0 to 1.
            own: how far each thing outweighs the others by the encoder, of `log_lift`; behind the things each of the
                `wholes`, among the labels and their company. Photos x both.
            contents: of the photos; of those that it has not seen the encoder's word is taken.
        """
        told = scores.astype(np.float32)
        things = len(self.texts)
        chances, seen = self.chances(own[:, :things], contents)
        # As other words have to, these must stand out more than things do.
        by_name = own[:, things:] - math.log(OTHER_LIKELY_LIFT / LIKELY_LIFT)
        by_their_names = iter(from_latent(hear_witness(by_name, np.full_like(by_name, np.nan))).T)
        factors: dict[RelatedThings, npt.NDArray[np.float32]] = {}  # hundreds of labels have one in common
        for column, (thing, related) in enumerate(zip(self.things, self._related, strict=True)):
            if thing is not None:
                told[:, column] = chances[:, thing]
            elif related.kinds:
                told[:, column] = np.maximum(chances[:, related.kinds].max(axis=1), next(by_their_names))
            elif related.implied or related.others:
                if related not in factors:
                    factors[related] = np.where(seen, _left_by(related, chances), 1).astype(np.float32)
                told[:, column] *= factors[related]
        return told

    def chances(self, own: Floats, contents: Sequence[bytes]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
        """What both make of the things, photos x things, and which of the photos it has seen.

        Args:
            own: how far each thing outweighs the others by the encoder, photos x things, of `log_lift`.
        """
        found, vectors = load_embeddings(self._project, self.id, contents, [WHOLE], Detector.dimension)
        evidence = np.full((len(contents), Detector.dimension), np.nan, np.float32)
        evidence[found] = vectors[:, 0]
        chances: npt.NDArray[np.float32] = from_latent(hear_witness(own, evidence)).astype(np.float32)
        return chances, np.asarray(found, bool)


def _left_by(related: RelatedThings, chances: Floats) -> Floats:
    """What is left of a label's score on each photo, from 0 to 1; `chances`: of photos x things."""
    if related.implied:
        return (chances[:, related.implied].min(axis=1) / LIKELY).clip(0, 1)
    return 1 - chances[:, related.others].max(axis=1)


def _texts_of_things(labels: Sequence[LabelRow], things: Sequence[int | None]) -> list[list[str]]:
    """COCO's own; in their place those of a label that is the only one for a thing and says more than that it is."""
    texts = [[*competitor.texts] for competitor in competitors()]
    for label, thing in zip(labels, things, strict=True):
        if thing is not None and things.count(thing) == 1 and not says_no_more_than_a_thing(label.texts):
            texts[thing] = [*label.texts]
    return texts
