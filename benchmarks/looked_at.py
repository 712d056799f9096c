"""What the starter and the detector saw of photos whose truth is known, kept in a project: each is looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from first_sight import truth_of

from engine.formats.coco import read_coco
from engine.formats.known_labels import KnownLabels
from engine.models.detector import Detector
from engine.models.encoders.encoder import embeddings_id
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.project import Project
from engine.project.embeddings import WHOLE, load_embeddings
from engine.project.photos import readable_contents
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.initialise_settings import GRIDS
from engine.stages.labelling.label_photos import LabelRequest, label_photos


@dataclass(frozen=True)
class LookedAt:
    """Photos by name; `embeddings`: photos x snippets x dimension; `evidence`: photos x things, the detector's."""

    starter: StarterEncoder
    names: list[str]
    embeddings: np.ndarray
    evidence: np.ndarray
    answers: KnownLabels

    def truth(self, labels: list[str]) -> np.ndarray:
        """photos x labels; 1 there, 0 not, negative unknown."""
        return truth_of(labels, self.names, self.answers)


def look_at(photos: Path, truth_file: Path, folder: Path) -> LookedAt:
    """What a project in `folder` keeps of the photos of a truth; it is labelled where it was not before."""
    answers, starter = read_coco(truth_file), StarterEncoder.open()
    with Project.open(photos, folder) as project:
        if take_snapshot(project).stage is None:
            label_photos(project, LabelRequest(labels="coco"))
        snapshot, contents = take_snapshot(project), dict(readable_contents(project))
        named = dict(zip(snapshot.paths, snapshot.photo_ids.tolist(), strict=True))
        names = sorted(answers.answers)
        wanted = [contents.get(named.get(name, -1)) or b"" for name in names]
        by_starter, embeddings = load_embeddings(
            project, embeddings_id(starter, crop=False), wanted, (WHOLE, *GRIDS), starter.dimension
        )
        by_detector, evidence = load_embeddings(project, Detector.id, wanted, [WHOLE], Detector.dimension)
    for who, has in (("starter", by_starter), ("detector", by_detector)):
        if not has.all():
            raise SystemExit(
                f"Expected {folder} to have been labelled with starter and detector, but {int((~has).sum())} photos "
                f"of {truth_file} were not seen by the {who}. Label them: cdul label {photos} --project {folder}"
            )
    return LookedAt(starter, names, embeddings, evidence[:, 0].astype(np.float32), answers)
