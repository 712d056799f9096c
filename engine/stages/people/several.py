"""What a snapshot has beside what is in force, where several people review."""

from __future__ import annotations

import numpy as np

from engine.person import current_user
from engine.project import Project
from engine.project.history.claims import unseen
from engine.project.history.opinions import opinions, people_of
from engine.project.snapshot import Snapshot
from engine.project.storage.clock import now


def hear_people(project: Project, snapshot: Snapshot) -> None:
    """Have a snapshot know who says what, where more than one person has answered."""
    with project.reading() as connection:
        several = len(people_of(connection)) > 1
    snapshot.opinions = opinions(project, snapshot) if several else None


def see_as_reviewer(project: Project, snapshot: Snapshot) -> None:
    """Have a snapshot hold what the person at the machine is to see, with what others say where that is to be seen.

    Of photos on which a second opinion is asked for it holds what the person says, until they are reviewed.
    """
    hear_people(project, snapshot)
    hide_unseen(project, snapshot)


def hide_unseen(project: Project, snapshot: Snapshot) -> None:
    """Have a snapshot hold what the person says of photos on which a second opinion is asked for, and nobody else."""
    me = current_user()
    with project.reading() as connection:
        hidden = [photo for photo in unseen(connection, me, now()) if snapshot.has(photo)]
    if not hidden:
        return
    said = snapshot.opinions or opinions(project, snapshot)
    rows, mine = snapshot.rows_of(np.array(hidden, np.int64)), [name == me for name in said.people]
    snapshot.decisions[rows] = said.decisions[mine][:, rows].sum(axis=0, dtype=np.int8)
    snapshot.known[rows] = snapshot.parents.known(snapshot.decisions[rows])
    snapshot.reviewed[rows] = said.reviewed[mine][:, rows].any(axis=0)
    snapshot.reviewed_at[rows] = np.datetime64("NaT")
    others = np.flatnonzero(np.logical_not(mine))
    for part in (said.decisions, said.reviewed, said.answers):
        part[np.ix_(others, rows)] = 0
