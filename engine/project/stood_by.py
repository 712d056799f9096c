"""Answers that were suspected and that somebody stands by: they are suspected no more, for as long as they are so."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from engine.project.label_state import NO, YES
from engine.project.project import Project
from engine.project.settings import keep_setting, setting
from engine.project.snapshot import Snapshot

_NAME = "answers stood by"

Stood = tuple[int, int, bool]
"""Ids of a photo and a label, and what is said: yes or no."""


def stand_by(project: Project, answers: Iterable[Stood]) -> None:
    """Keep that somebody looked at these answers once more and found them right."""
    kept = {(photo, label): says for photo, label, says in setting(project, _NAME, [])}
    kept |= {(photo, label): says for photo, label, says in answers}
    keep_setting(project, _NAME, [[photo, label, says] for (photo, label), says in kept.items()])


def stood_by(project: Project, snapshot: Snapshot) -> npt.NDArray[np.bool_]:
    """Which answers, as they are now, somebody stands by: photos x labels."""
    found = np.zeros(snapshot.decisions.shape, bool)
    for photo, label, says in setting(project, _NAME, []):
        if snapshot.has(photo) and snapshot.has_label(label):
            row, column = snapshot.row_of(photo), snapshot.column_of(label)
            found[row, column] = snapshot.answers(column, [row])[0] == (YES if says else NO)
    return found
