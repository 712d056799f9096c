"""Keywords of photo managers as labels: what one belongs to, to any depth, and what a program says for itself alone.

A label is a keyword, and its supercategory the path of what the keyword belongs to, its levels with `|` between, as
Lightroom writes them: `Animals|pets` for the cat in `Animals|pets|cat`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from xml.parsers import expat

from engine.formats.files.reading import FormatError
from engine.formats.files.xmp_packet import ACDSEE, COPIES, DIGIKAM, FLAT, LIGHTROOM, Keyword, KeywordList, XmpPacket
from engine.formats.files.xmp_tree import refuse_doctype
from engine.project.same_label import LabelNamed

_LEVELS = "|"
_PROGRAMS = ("darktable", "_Digikam_Internal_Tags_")
"""First levels of what a program keeps for itself: darktable's `darktable|changed`, digiKam's marks and searches."""
_ROOTS = ("_Digikam_root_tag_",)
"""First levels that stand for nothing."""

_MOST_LEVELS = 100

LabelKeyword = tuple[str, str | None]
"""A label with the path of what it stands below, empty for nothing; with several it is there several times. None for
one that stands above another label of the photo, which tells its place."""

Lists = dict[KeywordList, list[str]]
"""Keywords by the list they stand in."""


@dataclass
class KeywordPaths:
    """What the keywords of one photo say: labels with what they belong to, and the levels above them."""

    lists: Lists
    labels: dict[str, str] = field(init=False)
    """Label to the path of what it belongs to, empty for none, in the order of the lists."""
    _paths: list[tuple[KeywordList, tuple[str, ...]]] = field(init=False)

    def __post_init__(self) -> None:
        self._paths = []
        above: set[str] = set()
        programs: set[str] = set()
        found: dict[str, str] = {}
        flat = [" ".join(keyword.split()) for keyword in self.lists.get(FLAT, ())]
        with_slashes: dict[str, tuple[str, ...]] = {}
        for which in (LIGHTROOM, DIGIKAM, *COPIES):
            for keyword in self.lists.get(which, ()):
                levels = _levels(keyword, which.separator)
                if which == LIGHTROOM:
                    with_slashes.setdefault("/".join(levels), levels)
                # A slash may belong to a name, as in AC/DC, which Lightroom's list tells.
                levels = with_slashes.get("/".join(levels), levels)
                if not levels:
                    continue
                if which in COPIES and len(levels) == 1:
                    flat += levels  # as the flat list has it
                    continue
                if levels[0] in _PROGRAMS:
                    programs.update(levels)
                    continue
                self._paths.append((which, levels))
                above.update(levels[:-1])
                found[levels[-1]] = found.get(levels[-1]) or _path(levels[:-1])
        # Photo managers list what a keyword belongs to among the flat ones as well; it is a label only where it is
        # listed as a keyword of its own.
        plain = {
            label: ""
            for label in flat
            if label and label not in above | programs and not label.startswith(tuple(f"{one}|" for one in _PROGRAMS))
        }
        self.labels = {label: found.get(label, "") for label in (*plain, *found)}

    @property
    def steps(self) -> Iterator[tuple[str, str]]:
        """Of all paths, what stands right below what."""
        for _, levels in self._paths:
            yield from ((below, above) for above, below in pairwise(levels))

    def keywords_of(self, label: str, supercategory: str | None) -> Iterator[Keyword]:
        """What is written for a label that is not among `labels` yet.

        Where a path leads through it, the path up to it; else the label below its supercategory.
        """
        yield FLAT, label
        if supercategory is None:
            return
        for which in (LIGHTROOM, DIGIKAM):
            levels = self._path_to(which, label) or (*_levels(supercategory, _LEVELS), label)
            # A name that holds what stands between two levels is in the flat list alone, where it means nothing.
            if not any(which.separator in level for level in levels):
                yield which, which.separator.join(levels)

    def _path_to(self, which: KeywordList, label: str) -> tuple[str, ...]:
        for one, levels in self._paths:
            if one == which and label in levels:
                return levels[: levels.index(label) + 1]
        return ()


def wanted_keywords(others: Lists, labels: Sequence[LabelKeyword], named: LabelNamed | None = None) -> list[Keyword]:
    """The keywords that say of a photo what others have not said yet.

    Args:
        others: what others wrote.
        labels: what is to be said.
        named: which label a keyword of others means, where it is not its very name.
    """
    paths = KeywordPaths(others)
    said = {label.casefold() for label in paths.labels}
    if named is not None:
        said |= {ours.casefold() for label in paths.labels if (ours := named(label)) is not None}
    return [
        keyword
        for label, supercategory in labels
        if label.casefold() not in said
        for keyword in paths.keywords_of(label, supercategory)
    ]


def flat_labels(keywords: Iterable[str]) -> dict[str, str]:
    """Label to supercategory for keywords that have none, as those of IPTC."""
    return {label: "" for keyword in keywords if (label := " ".join(keyword.split()))}


def lists_of(keywords: Iterable[Keyword]) -> Lists:
    """Keywords by the list they stand in."""
    lists: Lists = {}
    for which, text in keywords:
        lists.setdefault(which, []).append(text)
    return lists


def copies_in(packet: XmpPacket) -> Lists:
    """The lists of a packet that are only read; ACDSee's categories with `|` between their levels, like the others."""
    lists = {which: packet.keywords(which) for which in COPIES}
    lists[ACDSEE] = [path for text in lists[ACDSEE] for path in _categories(text)]
    return lists


def _categories(text: str) -> list[str]:
    """The paths of the categories that ACDSee says to be assigned, in its XML; none for what is no such."""
    levels: list[list[str]] = []
    assigned: list[bool] = []
    paths: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        # A category's name comes before those below it.
        end_of_name()
        levels.append([])
        assigned.append(name == "Category" and attributes.get("Assigned") == "1")

    def end_of_name() -> None:
        if assigned and assigned[-1] and len(levels) <= _MOST_LEVELS:
            assigned[-1] = False
            paths.append(_LEVELS.join(name for level in levels if (name := "".join(level).strip())))

    def end(_name: str) -> None:
        end_of_name()
        levels.pop(), assigned.pop()

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda letters: levels[-1].append(letters)
    parser.StartDoctypeDeclHandler = refuse_doctype
    with suppress(expat.ExpatError, FormatError):
        parser.Parse(text, True)
    return paths


def _path(levels: Sequence[str]) -> str:
    return _LEVELS.join(levels) if not any(_LEVELS in level for level in levels) else ""


def _levels(keyword: str, separator: str) -> tuple[str, ...]:
    levels = tuple(level for part in keyword.split(separator) if (level := " ".join(part.split())))
    return levels[1:] if levels and levels[0] in _ROOTS else levels
