"""The detector beside an encoder: which labels it is heard of, and what it saw in the photos.

What the encoder says of such a label is always its word among the 80 things, whatever other labels there are: then a
chance that both make means the same in any label set, under any name for the thing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.method.latent import from_latent
from engine.method.witness import LEAST_OWN, MOST_OWN, OWN, PRIOR, SEEN, evidence_for_labels, hear_witness
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings, load_embeddings
from engine.project.labels import LabelRow
from engine.stages.labelling.company import competitors
from engine.stages.labelling.encoding import Onlooker

Floats = npt.NDArray[np.floating]


class SecondWitness:
    """What the detector says of a project's photos and labels.

    It looks at every photo, whichever labels there are: its answers are kept, and another label set needs no photo.
    """

    def __init__(self, project: Project, labels: Sequence[LabelRow]) -> None:
        from engine.models.detector import Detector, says_no_more_than_a_thing, thing_of

        self._project, self._network = project, Detector
        self._things = [thing_of(label.texts) for label in labels]
        self.id = Detector.id
        self.basis = f"{self.id} {PRIOR} {OWN} {SEEN} {LEAST_OWN} {MOST_OWN}"
        """Another one whenever the same photos would get other scores."""
        self.knows = np.array([thing is not None for thing in self._things], bool)
        """labels: whether each is one of the things."""
        self.texts = _texts_of_things(labels, self._things, says_no_more_than_a_thing)
        """Of the things, by which the encoder's word of them is asked for."""
        self.seen = contents_with_embeddings(project, self.id, [WHOLE])
        """Contents that it has looked at; grows."""

    def onlooker(self) -> Onlooker:
        """The detector itself, opened, for photos that it has not seen.

        Raises:
            EncoderUnavailable: its weights are missing or damaged.
        """
        from engine.models.device import device_named

        return Onlooker(self._network(device_named()), self.seen)

    def heard(self, scores: Floats, own: Floats, contents: Sequence[bytes]) -> npt.NDArray[np.float32]:
        """The scores, those of labels that it knows replaced by the chance that both make of it: photos x labels.

        Args:
            scores: the encoder's, photos x labels, from 0 to 1.
            own: how far each thing outweighs the others by the encoder, photos x things, of `log_lift`.
            contents: of the photos; of those that it has not seen the encoder's word is taken.
        """
        told = scores.astype(np.float32)
        if not self.knows.any():
            return told
        found, vectors = load_embeddings(self._project, self.id, contents, [WHOLE], self._network.dimension)
        evidence = np.full((len(contents), self._network.dimension), np.nan, np.float32)
        evidence[found] = vectors[:, 0]
        of_labels = evidence_for_labels(own, self._things), evidence_for_labels(evidence, self._things)
        told[:, self.knows] = from_latent(hear_witness(*(each[:, self.knows] for each in of_labels)))
        return told


def _texts_of_things(
    labels: Sequence[LabelRow], things: Sequence[int | None], is_plain: Callable[[Sequence[str]], bool]
) -> list[list[str]]:
    """COCO's own; in their place those of a label that is the only one for a thing and says more than that it is."""
    texts = [[*competitor.texts] for competitor in competitors()]
    for label, thing in zip(labels, things, strict=True):
        if thing is not None and things.count(thing) == 1 and not is_plain(label.texts):
            texts[thing] = [*label.texts]
    return texts
