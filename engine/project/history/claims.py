"""Claims: photos that a person has taken to review, for a time.

While a claim lasts nobody else is given the photo, unless as a second opinion. It ends when the person has reviewed the
photo, gives it back, or does not answer for a day; every answer renews what the person has in hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from engine.project.history.changes import REVIEWED
from engine.project.history.opinions import said_of
from engine.project.storage.schema import Claim, Photo

LEASE = timedelta(days=1)


@dataclass(frozen=True)
class ClaimRow:
    """A photo in somebody's hands. `done`: that one has reviewed it."""

    photo_id: int
    person: str
    until: datetime
    second: bool
    done: bool


def claims(connection: Connection, at: datetime) -> list[ClaimRow]:
    """Those that last, in order of the photos' paths, and those that are done."""
    rows = connection.execute(
        select(Claim.photo_id, Claim.person, Claim.until, Claim.second)
        .join(Photo, Photo.id == Claim.photo_id)
        .order_by(Photo.path)
    ).all()
    said = said_of(connection, {(REVIEWED, photo, None, None) for photo, *_rest in rows})
    found = []
    for photo, person, until, second in rows:
        own = said[REVIEWED, photo, None, None].opinions.get(person)
        done = own is not None and bool(own.value)
        if done or until > at:
            found.append(ClaimRow(photo, person, until, second, done))
    return found


def claim(connection: Connection, person: str, photos: dict[int, bool], at: datetime) -> None:
    """Give photos to a person; whether each is to be a second opinion. What has run out is anybody's again."""
    lasting = {(one.photo_id, one.person) for one in claims(connection, at)}
    for photo, who in connection.execute(select(Claim.photo_id, Claim.person)).all():
        if (photo, who) not in lasting or (who == person and photo in photos):
            connection.execute(delete(Claim).where(Claim.photo_id == photo, Claim.person == who))
    if photos:
        rows = [
            {"photo_id": photo, "person": person, "taken_at": at, "until": at + LEASE, "second": second}
            for photo, second in photos.items()
        ]
        connection.execute(insert(Claim), rows)


def renew(connection: Connection, person: str, at: datetime) -> None:
    """The person goes on: what is in hand lasts again as long as at first."""
    connection.execute(update(Claim).where(Claim.person == person, Claim.until > at).values(until=at + LEASE))


def give_back(connection: Connection, person: str, photo_ids: list[int]) -> None:
    """These photos are anybody's again."""
    for photo in photo_ids:
        connection.execute(delete(Claim).where(Claim.person == person, Claim.photo_id == photo))


def unseen(connection: Connection, person: str, at: datetime) -> set[int]:
    """Photos of which a person is to give a second opinion, and has not: what others said of them is not to be seen."""
    there = select(Claim.photo_id).where(Claim.person == person, Claim.second).limit(1)
    if connection.scalar(there) is None:
        return set()
    return {one.photo_id for one in claims(connection, at) if one.person == person and one.second and not one.done}
