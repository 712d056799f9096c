"""The time that is written down."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present in UTC, without a time zone, as SQLite keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
