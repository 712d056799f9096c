"""Sets of contents as large as a collection, beside what Python's own sets say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.project.contents import Contents, PhotoContents

# Few bytes, zeros among them, so that digests are equal, or begin or end alike.
_DIGESTS = st.lists(st.sampled_from([0, 1, 255]), min_size=16, max_size=16).map(bytes)


@given(st.lists(_DIGESTS), st.lists(_DIGESTS), st.lists(_DIGESTS, min_size=1))
def test_a_set_of_contents_is_a_set(first: list[bytes], more: list[bytes], asked: list[bytes]) -> None:
    contents, plain = Contents(first), {*first, *more}
    contents.update(more)
    assert [each in contents for each in asked] == [each in plain for each in asked]
    assert contents.has(np.frombuffer(b"".join(asked), "V16")).tolist() == [each in plain for each in asked]
    assert contents == plain
    assert len(contents) == len(plain)
    assert [each in contents for each in asked] == [each in plain for each in asked]  # once they were put in order


def test_what_is_no_digest_is_in_no_set() -> None:
    contents = Contents([b"short", b"", b"a" * 16])
    contents.update([b"longer than any digest"])
    assert [*contents] == [b"a" * 16]
    assert not any(strange in contents for strange in (b"short", b"", b"longer than any digest", None, "a" * 16))


def test_photos_are_chosen_by_what_is_known_of_them() -> None:
    one, other = b"a" * 15 + b"\0", b"b" * 16
    photos = PhotoContents.of([(3, one), (5, None), (8, other), (9, b"no digest")])
    assert [*photos] == [(3, one), (5, None), (8, other), (9, None)]
    assert photos[-2] == (8, other)
    assert [*photos[1:3]] == [(5, None), (8, other)]
    assert photos.among(Contents([one, other]), Contents([other])).ids.tolist() == [8]
    assert photos.among(Contents([one, other]), Contents([other]), lacking=True).ids.tolist() == [3, 5, 9]
    assert photos.contents_of(np.array([3, 8])) == [one, other]
    assert not photos.all_read()
    assert [*PhotoContents.joined([photos[:1], photos[1:]], 4)] == [*photos]
    assert not len(PhotoContents.joined([], 0))
