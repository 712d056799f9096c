"""The detector beside an encoder: which labels it is heard of, and what it saw in the photos."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.method.latent import from_latent
from engine.method.thresholds import Shape
from engine.method.witness import evidence_for_labels, hear_witness, own_log_odds
from engine.project import Project
from engine.project.embeddings import WHOLE, contents_with_embeddings, load_embeddings
from engine.project.labels import LabelRow
from engine.stages.labelling.encoding import Onlooker

Floats = npt.NDArray[np.floating]


class SecondWitness:
    """What the detector says of a project's photos and labels.

    It looks at every photo, whichever labels there are: its answers are kept, and another label set needs no photo.
    """

    def __init__(self, project: Project, labels: Sequence[LabelRow]) -> None:
        from engine.models.detector import Detector, thing_of  # loads torch

        self._project, self._network = project, Detector
        self._things = [thing_of(label.texts) for label in labels]
        self.id = Detector.id
        self.knows = np.array([thing is not None for thing in self._things], bool)
        """labels: whether each is one of the things."""
        self.seen = contents_with_embeddings(project, self.id, [WHOLE])
        """Contents that it has looked at; grows."""

    def onlooker(self) -> Onlooker:
        """The detector itself, opened, for photos that it has not seen.

        Raises:
            EncoderUnavailable: its weights are missing or damaged.
        """
        from engine.models.device import device_for

        return Onlooker(self._network(device_for()), self.seen)

    def heard(self, scores: Floats, shape: Shape, contents: Sequence[bytes]) -> npt.NDArray[np.float32]:
        """The scores, those of labels that it knows replaced by the chance that both make of it: photos x labels.

        Args:
            scores: the encoder's, photos x labels, from 0 to 1.
            shape: of these scores.
            contents: of the photos; of those that it has not seen the encoder's word is taken.
        """
        told = scores.astype(np.float32)
        if not self.knows.any():
            return told
        found, vectors = load_embeddings(self._project, self.id, contents, [WHOLE], self._network.dimension)
        evidence = np.full((len(contents), self._network.dimension), np.nan, np.float32)
        evidence[found] = vectors[:, 0]
        log_odds = hear_witness(own_log_odds(scores, shape), evidence_for_labels(evidence, self._things))
        told[:, self.knows] = from_latent(log_odds[:, self.knows])
        return told
