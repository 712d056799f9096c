"""Names that every system takes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.files.portable_names import from_portable, portable, stems

NAMES = st.text(st.characters(blacklist_categories=["Cs"]) | st.sampled_from("%/. \udce9\udcff:\\#4Af"), max_size=20)


@given(NAMES)
def test_every_name_comes_back(name: str) -> None:
    assert from_portable(portable(name)) == name
    assert from_portable(portable(name, " #")) == name


@given(NAMES)
def test_it_can_be_written_everywhere(name: str) -> None:
    written = portable(name, "#")
    written.encode("utf-8")
    assert not set(written) & set('<>:"|?*\\#\n\r\x00\x7f\x85')
    assert len(written.splitlines()) <= 1
    for part in written.split("/"):
        assert part == part.strip(" ").rstrip(".")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("trip/day two/lamp.JPG", "trip/day two/lamp.JPG"),
        ("100%.jpg", "100%.jpg"),
        ("a%2Fb.jpg", "a%252Fb.jpg"),
        ("caf\udce9.jpg", "caf%E9.jpg"),
        ("two\nlines.jpg", "two%0Alines.jpg"),
        ("猫 🐕.jpg", "猫 🐕.jpg"),
        (" a /b. /..", "%20a%20/b%2E%20/%2E%2E"),
    ],
)
def test_plain_names_stay_plain(name: str, written: str) -> None:
    assert portable(name) == written


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a.jpg", "b/a.jpg", "b.c.png"], ["a", "b/a", "b.c"]),
        (["a.jpg", "a.png", "b.png"], ["a.jpg", "a.png", "b"]),
        (["A.jpg", "a.png"], ["A.jpg", "a.png"]),
        (["a.jpg", "a.png", "a.jpg.png"], ["a.jpg", "a.png", "a.jpg.png"]),
    ],
)
def test_suffixes_fall_away_where_names_stay_unique(names: list[str], found: list[str]) -> None:
    assert stems(names) == found
