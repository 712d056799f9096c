"""Photos to review, shared out among people: taking some, giving them back, and who has what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from engine.errors import UserError, WrongUsage
from engine.person import current_user
from engine.project import Project
from engine.project.history import claims
from engine.project.history.opinions import opinions
from engine.project.snapshot import Snapshot
from engine.project.storage.clock import now
from engine.wording import Sentence


@dataclass(frozen=True)
class Taken:
    """What a person has in hand: photos in order of their paths; `second` of them others have answered, or will."""

    photo_ids: tuple[int, ...]
    second: int
    until: datetime | None
    """UTC: when they are anybody's again, unless the person answers before."""


@dataclass(frozen=True)
class InHand:
    """How far a person is with what they took."""

    person: str
    done: int
    left: int
    second: int
    """Of those left, second opinions."""
    until: datetime | None
    """UTC; None where nothing is left."""


def take(project: Project, snapshot: Snapshot, count: int, overlap: float = 0.0, *, seed: int = 0) -> Taken:
    """Give the person at the machine photos, so that there are `count` in hand.

    Nobody has reviewed them or has them in hand; but for a share of second opinions, on photos drawn by chance that one
    other has reviewed or is about to.

    Args:
        overlap: share of second opinions, from 0 to 1.
        seed: of the chance.

    Raises:
        WrongUsage: no such number or share.
        UserError: there is no photo to give.
    """
    if count < 1 or not 0 <= overlap <= 1:
        raise WrongUsage(
            Sentence("Expected a count from 1 and a share from 0 to 100 %, but got {count} and {share} %.").format(
                count=count, share=f"{100 * overlap:g}"
            )
        )
    me, at = current_user(), now()
    said = opinions(project, snapshot)
    own = said.people.index(me) if me in said.people else None
    seen_by_me = said.reviewed[own] if own is not None else np.zeros(len(snapshot), bool)
    seen_by = said.reviewed.sum(axis=0) - seen_by_me
    readable = np.array([problem is None for problem in snapshot.problems], bool)
    with project.writing() as connection:
        there = claims.claims(connection, at)
        held = {one.photo_id: one.second for one in there if one.person == me and not one.done}
        of_others = [one.photo_id for one in there if one.person != me and not one.done]
        claimed = np.zeros(len(snapshot), np.int64)
        rows = np.array([snapshot.row_of(photo) for photo in of_others if snapshot.has(photo)], np.int64)
        np.add.at(claimed, rows, 1)
        mine = np.isin(snapshot.photo_ids, list(held))
        free = readable & ~mine & ~seen_by_me
        # As many people as two see a photo: one has, or one will.
        seconds = np.flatnonzero(free & (seen_by + claimed == 1))
        fresh = np.flatnonzero(free & ~snapshot.reviewed & (claimed == 0) & (seen_by == 0))
        more = max(0, count - len(held))
        wanted = min(more, max(0, round(overlap * count) - sum(held.values())))
        seconds = np.random.default_rng([seed, len(there)]).permutation(seconds)[:wanted]
        fresh = fresh[: more - len(seconds)]
        photos = held | dict.fromkeys(snapshot.photo_ids[seconds].tolist(), True)
        photos |= dict.fromkeys(snapshot.photo_ids[fresh].tolist(), False)
        if not photos:
            raise UserError(Sentence("There is no photo to give: all are reviewed, or others have them in hand."))
        claims.claim(connection, me, photos, at)
        in_hand = [one for one in claims.claims(connection, at) if one.person == me and not one.done]
    return Taken(
        tuple(one.photo_id for one in in_hand), sum(one.second for one in in_hand), max(one.until for one in in_hand)
    )


def in_hand(project: Project) -> list[InHand]:
    """Who has what, by name; those who are done as well."""
    with project.reading() as connection:
        found = claims.claims(connection, now())
    people: dict[str, list[claims.ClaimRow]] = {}
    for one in found:
        people.setdefault(one.person, []).append(one)
    told = []
    for person, rows in sorted(people.items(), key=lambda one: one[0].casefold()):
        left = [one for one in rows if not one.done]
        until = min((one.until for one in left), default=None)
        told.append(InHand(person, len(rows) - len(left), len(left), sum(one.second for one in left), until))
    return told


def photos_in_hand(project: Project) -> list[int]:
    """The photos that the person at the machine is to review, in order of their paths."""
    me = current_user()
    with project.reading() as connection:
        return [one.photo_id for one in claims.claims(connection, now()) if one.person == me and not one.done]


def give_back(project: Project) -> int:
    """Let others have what the person at the machine has in hand and did not review; returns how many photos."""
    photos = photos_in_hand(project)
    with project.writing() as connection:
        claims.give_back(connection, current_user(), photos)
    return len(photos)
