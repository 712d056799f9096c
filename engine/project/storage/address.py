"""The address of a project in a database on a server: `postgresql://ROLE@HOST/NAME`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import WrongUsage
from engine.wording import Sentence

_SCHEMES = ("postgresql", "postgres")

Place = Path | URL
"""Where a project is kept: a folder, or a database on a server."""


def place_of(place: Path | str | URL) -> Place:
    """A place as a person names it.

    Raises:
        WrongUsage: it is the address of no database, or of none that this program knows.
    """
    if not isinstance(place, str):
        return place
    scheme, colon, _rest = place.partition("://")
    if not colon or not scheme.isalnum():
        return Path(place)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        url = None
    # An address that is wrong may hold a password.
    if scheme not in _SCHEMES or url is None or not url.database:
        raise WrongUsage(
            Sentence("Expected a folder or an address such as postgresql://host/name, but got {address!r}.").format(
                address=f"{scheme}://" + (urlsplit(place).hostname or "") + "…"
            )
        )
    return url.set(drivername="postgresql+psycopg")


def name_of(url: URL) -> str:
    """An address for people, without a password."""
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
    where = url.query.get("host")  # of a socket
    return f"{shown} ({where})" if where and not url.host else shown


def folder_of(url: URL) -> Path:
    """Where on this machine the cache of a project on a server is, and what else can be made again."""
    where = [url.host or url.query.get("host", ""), url.port or url.query.get("port", 5432), url.database]
    digest = hashlib.blake2b(repr(where).encode(), digest_size=6).hexdigest()
    name = "".join(sign if sign.isalnum() else "-" for sign in (url.database or "")[:40])
    return user_data_path("cdul", appauthor=False) / "projects" / f"server-{name}-{digest}"
