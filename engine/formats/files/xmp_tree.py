"""The elements of an XMP packet that keywords stand in, and where in its bytes each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from engine.formats.files.reading import FormatError
from engine.wording import Sentence

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACE = b" \t\r\n"
_MOST_KEYWORDS = 100_000


class KeywordList(NamedTuple):
    """One of the lists: its name, whether its order counts, and what stands between the levels of a keyword."""

    prefix: str
    namespace: str
    name: str
    kind: str
    separator: str

    @property
    def tag(self) -> str:
        return f"{self.namespace} {self.name}"

    def __str__(self) -> str:
        return f"{self.prefix}:{self.name}"


FLAT = KeywordList("dc", "http://purl.org/dc/elements/1.1/", "subject", "Bag", "")
LIGHTROOM = KeywordList("lr", "http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject", "Bag", "|")
DIGIKAM = KeywordList("digiKam", "http://www.digikam.org/ns/1.0/", "TagsList", "Seq", "/")
KEYWORD_LISTS = (FLAT, LIGHTROOM, DIGIKAM)
"""The lists that are read and written."""
MICROSOFT = KeywordList("MicrosoftPhoto", "http://ns.microsoft.com/photo/1.0/", "LastKeywordXMP", "Bag", "/")
MEDIA_PRO = KeywordList("mediapro", "http://ns.iview-multimedia.com/mediapro/1.0/", "CatalogSets", "Bag", "|")
ACDSEE = KeywordList("acdsee", "http://ns.acdsee.com/iptc/1.0/", "categories", "", "|")
"""ACDSee's is one text, with XML in it."""
ACDSEE_FLAT = KeywordList("acdsee", "http://ns.acdsee.com/iptc/1.0/", "keywords", "Bag", "|")
COPIES = (MICROSOFT, MEDIA_PRO, ACDSEE, ACDSEE_FLAT)
"""Lists that are only read: Windows, Media Pro and ACDSee keep them, and digiKam writes most of them as well."""

PLACES = (
    KeywordList("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Location", "", ""),
    KeywordList("photoshop", "http://ns.adobe.com/photoshop/1.0/", "City", "", ""),
    KeywordList("photoshop", "http://ns.adobe.com/photoshop/1.0/", "State", "", ""),
    KeywordList("photoshop", "http://ns.adobe.com/photoshop/1.0/", "Country", "", ""),
)
"""Texts that name a place, from the nearest to the country; they are no keywords, and only read."""

Keyword = tuple[KeywordList, str]
"""A keyword in one of the lists."""

_BY_TAG = {which.tag: which for which in (*KEYWORD_LISTS, *COPIES, *PLACES)}
_VALUE = f"{RDF} value"
_CHILDREN = {
    "rdf": (f"{RDF} Description",),
    "description": tuple(_BY_TAG),
    "property": tuple(f"{RDF} {kind}" for kind in ("Bag", "Seq", "Alt")),
    "list": (f"{RDF} li",),
    "item": (_VALUE, f"{RDF} Description"),
    "node": (_VALUE,),
    "value": (),
}
"""Which elements count below which."""
_BELOW = {"rdf": "description", "description": "property", "property": "list", "list": "item"}
_WITH_TEXT = ("property", "item", "value")

_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


@dataclass(slots=True)
class Element:
    """An element that counts: where its start tag, its content, its end tag and what follows begin, in bytes."""

    kind: str
    tag: str
    start: int
    content: int
    close: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)
    """Those of them that count."""
    last: int | None = None
    """Where the last element in it begins, whether it counts or not."""
    has_more: bool = False
    """Whether there are elements in it that do not count, or that are the parts of a keyword."""
    text: list[str] = field(default_factory=list)
    """Of what may be text: a property, an item, and the value of an item that has parts."""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Of a description: namespace to its prefix there."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Of a description those that are properties; the value of an item, where it is one."""

    @property
    def is_empty(self) -> bool:
        """Whether it is one tag alone, `<a/>`."""
        return self.close == self.content and self.end == self.content


class Tree:
    """The elements of a packet that count, by a parser that knows where each stands."""

    def __init__(self, data: bytes) -> None:
        self.rdf: Element | None = None
        self._data = data
        self._open: list[Element | None] = []
        self._namespaces: dict[str, list[str]] = {}
        parser = self._parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartNamespaceDeclHandler = self._declare
        parser.EndNamespaceDeclHandler = lambda prefix: self._namespaces[prefix or ""].pop()
        start = len(data) - len(data.lstrip(SPACE))
        self._offset = start
        try:
            parser.Parse(data[start:], True)
        except (expat.ExpatError, ValueError) as error:
            raise FormatError(Sentence("It is not XML ({why}).").format(why=error)) from error

    def _declare(self, prefix: str | None, uri: str) -> None:
        self._namespaces.setdefault(prefix or "", []).append(uri or "")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        start = self._offset + self._parser.CurrentByteIndex
        if parent is not None:
            parent.last = start
        kind = self._kind(name, parent)
        if kind is None:
            if parent is not None:
                parent.has_more = True
            self._open.append(None)
            return
        tag = _START_TAG.match(self._data, start)
        made = Element(kind, name, start, tag.end() if tag else start)
        if kind == "description":
            # An inner declaration may hide an outer one.
            inner = {prefix: uris[-1] for prefix, uris in self._namespaces.items() if uris}
            made.prefixes = {uri: prefix for prefix, uri in inner.items() if prefix}
            made.attributes = {tag: text for tag, text in attributes.items() if tag in _BY_TAG}
        elif kind in ("item", "node") and _VALUE in attributes:
            made.text, made.has_more = [attributes[_VALUE]], False
        if parent is not None:
            if len(parent.children) == _MOST_KEYWORDS:
                raise FormatError(Sentence("It has more than {most:,} keywords.").format(most=_MOST_KEYWORDS))
            parent.children.append(made)
            parent.has_more |= kind in ("node", "value")
        elif self.rdf is None:
            self.rdf = made
        self._open.append(made)

    def _kind(self, name: str, parent: Element | None) -> str | None:
        if parent is None:
            # The outermost element, or one in it.
            return "rdf" if name == f"{RDF} RDF" and len(self._open) < 2 and self.rdf is None else None
        if name not in _CHILDREN[parent.kind]:
            return None
        return "value" if name == _VALUE else _BELOW.get(parent.kind, "node")

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if element is None:
            return
        if self._data[element.content - 2 : element.content] == b"/>":
            element.close = element.end = element.content
        else:
            element.close = self._offset + self._parser.CurrentByteIndex
            element.end = self._data.index(b">", element.close) + 1

    def _characters(self, text: str) -> None:
        element = self._open[-1] if self._open else None
        if element is not None and element.kind in _WITH_TEXT:
            element.text.append(text)


def refuse_doctype(*_about: object) -> None:
    """Raise FormatError: no metadata needs a document type, and entities of one may grow without end."""
    raise FormatError(Sentence("It has a DOCTYPE, which XMP does not have."))
