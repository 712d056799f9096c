"""XMP, the metadata that photo managers keep beside a photo or in it: its keywords, in the three lists that count.

Adobe's `dc:subject` holds plain keywords, Lightroom's `lr:hierarchicalSubject` and digiKam's `digiKam:TagsList` hold
them with what they belong to (XMP Specification, part 1 and 2; digiKam handbook, "Metadata"). Everything else in a
packet is other programs' and stays as it is. A label is a keyword, and its supercategory what the keyword belongs to.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from engine.formats.files.reading import FormatError
from engine.wording import Sentence

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_LISTS = tuple(f"{{{_RDF}}}{kind}" for kind in ("Bag", "Seq", "Alt"))
_ITEM, _DESCRIPTION = f"{{{_RDF}}}li", f"{{{_RDF}}}Description"


class KeywordList(NamedTuple):
    """One of the lists: its name, whether its order counts, and what stands between the levels of a keyword."""

    prefix: str
    namespace: str
    name: str
    kind: str
    separator: str

    @property
    def tag(self) -> str:
        return f"{{{self.namespace}}}{self.name}"

    def __str__(self) -> str:
        return f"{self.prefix}:{self.name}"


FLAT = KeywordList("dc", "http://purl.org/dc/elements/1.1/", "subject", "Bag", "")
LIGHTROOM = KeywordList("lr", "http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject", "Bag", "|")
DIGIKAM = KeywordList("digiKam", "http://www.digikam.org/ns/1.0/", "TagsList", "Seq", "/")
KEYWORD_LISTS = (FLAT, LIGHTROOM, DIGIKAM)

Keyword = tuple[KeywordList, str]
"""A keyword in one of the lists."""


class XmpPacket:
    """One photo's XMP. Raises FormatError for what is no XMP, or uses what no XMP needs."""

    def __init__(self, data: bytes) -> None:
        transcoded = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if transcoded:
            data = data.decode("utf-16").encode()
        if b"<!DOCTYPE" in data:
            raise FormatError(Sentence("It has a DOCTYPE, which XMP does not have."))
        # No entity is ever resolved and nothing fetched, even by a DOCTYPE in a stranger encoding.
        parser = etree.XMLParser(
            encoding="utf-8" if transcoded else None, resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            # In photos it is padded.
            root = etree.fromstring(data.strip(b"\0 \t\r\n"), parser)
        except etree.XMLSyntaxError as error:
            raise FormatError(Sentence("It is not XML ({why}).").format(why=error.msg)) from error
        self._tree = root.getroottree()
        if self._tree.docinfo.internalDTD is not None:
            raise FormatError(Sentence("It has a DOCTYPE, which XMP does not have."))
        self._declared = data.lstrip(b"\xef\xbb\xbf").startswith(b"<?xml")
        rdf = next(root.iter(f"{{{_RDF}}}RDF"), None)
        if rdf is None:
            raise FormatError(Sentence("It is not XMP: there is no rdf:RDF in it."))
        self._rdf = rdf

    @classmethod
    def empty(cls) -> XmpPacket:
        """A packet without any metadata."""
        return cls(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<x:xmpmeta xmlns:x="{_META}" x:xmptk="CDUL">\n'
            f' <rdf:RDF xmlns:rdf="{_RDF}">\n  <rdf:Description rdf:about=""/>\n </rdf:RDF>\n</x:xmpmeta>'.encode()
        )

    def keywords(self, which: KeywordList) -> list[str]:
        """The keywords of a list, in its order."""
        return [(item.text or "").strip() for item in self._items(which) if (item.text or "").strip()]

    def add(self, which: KeywordList, keyword: str) -> None:
        """Put a keyword at the end of a list."""
        listed = next((found for one in self._rdf.iter(which.tag) for found in one.iterchildren(*_LISTS)), None)
        if listed is None:
            if next(self._rdf.iter(which.tag), None) is not None:
                raise FormatError(Sentence("Its {which} is not a list.").format(which=which))
            listed = etree.SubElement(self._new_property(which), f"{{{_RDF}}}{which.kind}")
        item = etree.Element(_ITEM)
        item.text = keyword
        _append(listed, item)

    def remove(self, which: KeywordList, keyword: str) -> None:
        """Take a keyword out of a list, and the list out of the packet when nothing is left in it."""
        for item in [item for item in self._items(which) if (item.text or "").strip() == keyword]:
            listed = item.getparent()
            _remove(item)
            if not len(listed) and len(listed.getparent()) == 1:
                _remove(listed.getparent())

    def __bytes__(self) -> bytes:
        """The packet as a file holds it."""
        return etree.tostring(self._tree, encoding="UTF-8", xml_declaration=self._declared) + b"\n"

    def _items(self, which: KeywordList) -> list[etree._Element]:
        lists = (listed for one in self._rdf.iter(which.tag) for listed in one.iterchildren(*_LISTS))
        # An item with parts of its own is a structure, which no keyword is.
        return [item for listed in lists for item in listed.iterchildren(_ITEM) if not len(item)]

    def _new_property(self, which: KeywordList) -> etree._Element:
        description = self._rdf.find(_DESCRIPTION)
        if description is None:
            description = etree.Element(_DESCRIPTION, {f"{{{_RDF}}}about": ""})
            _append(self._rdf, description)
        made = etree.Element(which.tag, nsmap={which.prefix: which.namespace})
        _append(description, made)
        return made


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


def _append(parent: etree._Element, child: etree._Element) -> None:
    """Append with the white space that stands between its siblings."""
    if len(parent):
        last = parent[-1]
        child.tail = last.tail
        last.tail = parent[-2].tail if len(parent) > 1 else parent.text
    parent.append(child)


def _remove(child: etree._Element) -> None:
    """Remove with its own white space alone."""
    parent, before = child.getparent(), child.getprevious()
    if child.getnext() is None:
        if before is not None:
            before.tail = child.tail
        else:
            parent.text = None
    parent.remove(child)


def _levels(keyword: str, separator: str) -> list[str]:
    return [level for part in keyword.split(separator) if (level := " ".join(part.split()))] or [""]
