"""Labels as the keywords of a photo manager, and back: the supercategory is what a keyword belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.formats.xmp import FLAT, KEYWORD_LISTS, KeywordList, XmpPacket

Keyword = tuple[KeywordList, str]
"""A keyword in one of the lists."""


def keywords_of(label: str, supercategory: str) -> Iterator[Keyword]:
    """What is written for a label: itself, and in the other lists below its supercategory, `animal|dog`.

    A name that holds what stands between two levels is in the flat list alone, where it means nothing.
    """
    yield FLAT, label
    for which in KEYWORD_LISTS:
        if which.separator and which.separator not in label + supercategory:
            yield which, f"{supercategory}{which.separator}{label}" if supercategory else label


def labels_in(packet: XmpPacket) -> dict[str, str]:
    """Label to supercategory, empty for none, in the order of the packet.

    Photo managers list what a keyword belongs to among the flat ones as well; it is a label only where it is listed
    as a keyword of its own.
    """
    found: dict[str, str] = {}
    above: set[str] = set()
    for which in KEYWORD_LISTS:
        if which.separator:
            for keyword in packet.keywords(which):
                *parents, label = _levels(keyword, which.separator)
                above.update(parents)
                found[label] = found.get(label) or (parents[-1] if parents else "")
    flat = {" ".join(keyword.split()): "" for keyword in packet.keywords(FLAT)}
    plain = {label: "" for label in flat if label and label not in above}
    return {label: found.get(label, "") for label in (*plain, *found) if label}


def flat_labels(keywords: Iterable[str]) -> dict[str, str]:
    """Label to supercategory for keywords that have none, as those of IPTC."""
    return {label: "" for keyword in keywords if (label := " ".join(keyword.split()))}


def _levels(keyword: str, separator: str) -> list[str]:
    return [level for part in keyword.split(separator) if (level := " ".join(part.split()))] or [""]
