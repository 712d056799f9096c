"""Which contents there are, by their digests: 16 bytes each, where a set of Python's takes a hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice
from typing import Any, TypeGuard, overload

import numpy as np
import numpy.typing as npt

DIGEST = 16
"""Bytes that name a photo by its content."""

_AS_BYTES, _IN_ORDER = f"V{DIGEST}", f"S{DIGEST}"
_FEW = 20_000
"""Digests that came since, to be put in order with the others once they are as many."""

Digests = npt.NDArray[Any]


class Contents(Set[bytes]):
    """A set of contents, which grows. What is no digest is never in it."""

    def __init__(self, contents: Iterable[bytes] = ()) -> None:
        remaining, some = iter(contents), []
        while part := [*islice(remaining, _FEW)]:
            some.append(b"".join(content for content in part if _is_digest(content)))
        self._ordered = _in_order([np.frombuffer(each, _IN_ORDER) for each in some])
        self._newest: set[bytes] = set()

    def update(self, contents: Iterable[bytes]) -> None:
        """Take in more."""
        self._newest.update(content for content in contents if _is_digest(content))
        if len(self._newest) >= _FEW:
            self._put_in_order()

    def __contains__(self, content: object) -> bool:
        if content in self._newest:
            return True
        return _is_digest(content) and bool(self._among_ordered(np.frombuffer(content, _IN_ORDER))[0])

    def has(self, digests: Digests) -> npt.NDArray[np.bool_]:
        """Which of many are in it."""
        self._put_in_order()
        return self._among_ordered(digests.view(_IN_ORDER))

    def __len__(self) -> int:
        self._put_in_order()
        return len(self._ordered)

    def __iter__(self) -> Iterator[bytes]:
        self._put_in_order()
        return _each(self._ordered)

    def _among_ordered(self, digests: Digests) -> npt.NDArray[np.bool_]:
        # Bytes of NumPy end with their last one that is not zero; digests, all of one length, are told apart so too.
        if not len(self._ordered):
            return np.zeros(len(digests), bool)
        places = np.minimum(np.searchsorted(self._ordered, digests), len(self._ordered) - 1)
        return np.asarray(self._ordered[places] == digests)

    def _put_in_order(self) -> None:
        if self._newest:
            # In this order, as other threads may ask meanwhile.
            self._ordered = _in_order([self._ordered, np.frombuffer(b"".join(self._newest), _IN_ORDER)])
            self._newest = set()


class PhotoContents(Sequence[tuple[int, bytes | None]]):
    """Ids of photos, and the digest of each one's content, None until it was first read: 25 bytes each."""

    def __init__(self, ids: npt.NDArray[np.int64], digests: Digests, is_read: npt.NDArray[np.bool_]) -> None:
        self.ids, self._digests, self._is_read = ids, digests, is_read

    @classmethod
    def of(cls, photos: Sequence[tuple[int, bytes | None]]) -> PhotoContents:
        """Of some photos. What is no digest says nothing of a photo's content."""
        ids = np.fromiter((photo for photo, _ in photos), np.int64, len(photos))
        known = [content if content is not None and len(content) == DIGEST else None for _, content in photos]
        digests = np.frombuffer(b"".join(content or bytes(DIGEST) for content in known), _AS_BYTES)
        return cls(ids, digests, np.fromiter((content is not None for content in known), bool, len(known)))

    @classmethod
    def joined(cls, parts: Iterable[PhotoContents], count: int) -> PhotoContents:
        """One after the other, so many photos in all; never all of them twice."""
        made = cls(np.empty(count, np.int64), np.empty(count, _AS_BYTES), np.empty(count, bool))
        end = 0
        for part in parts:
            of_part = slice(end, end := end + len(part))
            made.ids[of_part], made._digests[of_part], made._is_read[of_part] = part.ids, part._digests, part._is_read
        return made[:end]

    def among(self, *known: Contents, lacking: bool = False) -> PhotoContents:
        """The photos whose content is in each of these sets; or, `lacking`, all other photos."""
        chosen = self._is_read.copy()
        for contents in known:
            chosen &= contents.has(self._digests)
        if lacking:
            chosen = ~chosen
        if chosen.all():
            return self
        return PhotoContents(self.ids[chosen], self._digests[chosen], self._is_read[chosen])

    def all_read(self) -> bool:
        """Whether each content is known."""
        return bool(self._is_read.all())

    def contents(self) -> list[bytes]:
        """Of all these photos, which were read, in their order."""
        return [*_each(self._digests)]

    def contents_of(self, ids: npt.NDArray[np.int64]) -> list[bytes]:
        """Of some of these photos, which were read; all photos are in the order of their ids."""
        return [*_each(self._digests[np.searchsorted(self.ids, ids)])]

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, places: int) -> tuple[int, bytes | None]: ...

    @overload
    def __getitem__(self, places: slice) -> PhotoContents: ...

    def __getitem__(self, places: int | slice) -> tuple[int, bytes | None] | PhotoContents:
        if isinstance(places, slice):
            return PhotoContents(self.ids[places], self._digests[places], self._is_read[places])
        return next(iter(self[places : places + 1 or None]))

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        for start in range(0, len(self), _FEW):
            part = slice(start, start + _FEW)
            is_read = self._is_read[part].tolist()
            for photo, content, known in zip(self.ids[part].tolist(), _each(self._digests[part]), is_read, strict=True):
                yield photo, content if known else None


def _is_digest(content: object) -> TypeGuard[bytes]:
    return type(content) is bytes and len(content) == DIGEST


def _in_order(parts: Sequence[Digests]) -> Digests:
    """The distinct ones of all, ascending."""
    # What is in order already, as a database gives it, takes little to be put in order so.
    joined = np.sort(np.concatenate([np.zeros(0, _IN_ORDER), *parts]), kind="stable")
    return joined[np.append(joined[1:] != joined[:-1], True)] if len(joined) else joined


def _each(digests: Digests) -> Iterator[bytes]:
    data = digests.tobytes()
    return (data[start : start + DIGEST] for start in range(0, len(data), DIGEST))
