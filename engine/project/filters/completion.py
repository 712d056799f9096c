"""What could be typed next in a filter line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from engine.project.filters.label_conditions import PROPERTIES
from engine.project.filters.language import LABEL_STATES
from engine.project.filters.quoting import quoted, unquoted
from engine.project.label_names import display_name
from engine.project.runs import STAGES
from engine.project.snapshot import Snapshot
from engine.wording import Sentence

_MOST = 12

# A condition as far as it is typed: quotes may be open, and inside score(…) spaces belong to it.
_TYPED = re.compile(
    r"""score\( (?: "(?:[^"\\]|\\.)*"? | [^")] )* (?: \) [^\s()"]* )?
      | (?: "(?:[^"\\]|\\.)*"? | [^\s()"] )+""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SCORE = re.compile(r'score\(\s*(?P<label>"(?:[^"\\]|\\.)*"?|[^",)]*)(?P<comma>,\s*)?(?P<stage>\w*)', re.I | re.DOTALL)

_HINTS = {
    "label:": Sentence("confirmed or likely"),
    "confirmed:": Sentence("a person said yes"),
    "likely:": Sentence("probably there, nobody has answered"),
    "maybe:": Sentence("may be there, nobody has answered"),
    "rejected:": Sentence("a person said no"),
    "below:": Sentence("a label below it, confirmed or likely"),
    "disagreed:": Sentence("one person says yes and another no"),
    "implied:": Sentence("follows from a label below or above"),
    "score(": Sentence("a label's score, e.g. score(dog)>0.4"),
    "labels>": Sentence("how many labels"),
    "state:": Sentence("reviewed, likely, maybe, …"),
    "source:": Sentence("labels from a person or the model"),
    "folder:": Sentence("photos in a folder"),
    "name:": Sentence("the file name, e.g. *.png"),
    "taken:": Sentence("when, e.g. 2024-05..2024-06"),
    "OR": Sentence("either of both"),
    "NOT": Sentence("the opposite"),
}
_LABEL, _STAGE, _FOLDER = Sentence("label"), Sentence("stage"), Sentence("folder")
_MEANT = Sentence("Did you mean “{near}”?")


@dataclass(frozen=True)
class Completion:
    """Text to put in place of `text[start:end]` of the filter line, and what it means."""

    text: str
    start: int
    end: int
    hint: str = ""
    begun: bool = False
    """What stands there is the beginning of it, and can be nothing else but one of what is offered."""
    meant: bool = False
    """What stands there is in none of all that could be there, and is nearly this."""

    @property
    def asks_for_more(self) -> bool:
        """Whether it is no condition by itself, such as `label:`."""
        return self.text.endswith((":", "(", ">"))


def complete(text: str, cursor: int, snapshot: Snapshot, language: str = "en") -> list[Completion]:
    """What the condition at the cursor could become, best first; empty where there is nothing to offer.

    Args:
        language: labels are found by their names in this one as well, see `display_name`.
    """
    start, end = _condition_at(text, cursor)
    if text[start : start + 1] == "-" and start < cursor:
        start += 1
    typed = text[start:cursor]
    if score := _SCORE.match(typed):
        if ")" in typed[score.end() :]:
            return []
        if score["comma"] is not None:
            stages = ((stage, stage, _STAGE) for stage in STAGES)
            return _offer(score["stage"], stages, start + score.start("stage"), end, closed=True)
        values = _label_values(snapshot, language, after=")>")
        return _offer(score["label"], values, start + score.start("label"), end, closed=True)
    name, colon, value = typed.partition(":")
    if colon and not name.startswith('"'):
        field = name.casefold()
        values = _values(field, snapshot, language)
        # A folder may be one above those of the photos, or a pattern.
        return _offer(value, values, start + len(name) + 1, end, closed=field != "folder")
    if typed.startswith('"'):
        return []
    conditions = [(hinted, hinted, hint) for hinted, hint in _HINTS.items()]
    labels = [(name, f"label:{written}", hint) for name, written, hint in _label_values(snapshot, language)]
    # What a bare word may mean as well, once there is one.
    others = [
        (value, f"{kind}:{written}", hint)
        for kind in (("state", "source", "folder") if typed else ())
        for value, written, hint in _values(kind, snapshot, language)
    ]
    return _offer(typed, [*conditions, *labels, *others], start, end)


def _condition_at(text: str, cursor: int) -> tuple[int, int]:
    for match in _TYPED.finditer(text):
        if match.start() <= cursor <= match.end():
            return match.span()
    return cursor, cursor


Offer = tuple[str, str, str]
"""What is looked for, what is written, and the hint."""


def _values(name: str, snapshot: Snapshot, language: str) -> list[Offer]:
    if name in LABEL_STATES:
        return _label_values(snapshot, language)
    if name in PROPERTIES:
        return [(value, value, found.phrase) for value, found in PROPERTIES[name].items()]
    if name == "folder":
        folders = {path.rpartition("/")[0] for path in snapshot.paths} - {""}
        return [(folder, quoted(folder), _FOLDER) for folder in sorted(folders)]
    return []


def _label_values(snapshot: Snapshot, language: str, after: str = "") -> list[Offer]:
    offers: list[Offer] = []
    names = {label.name.casefold() for label in snapshot.labels}
    for label in snapshot.labels:
        shown = display_name(label.name, language)
        # As it is read in this language, but where that is the name of another label.
        written = quoted(label.name if shown.casefold() in names else shown) + after
        hint = label.name if shown != label.name else label.supercategory or _LABEL
        offers += [(name, written, hint) for name in dict.fromkeys((shown, label.name))]
        offers += [(one.name, written, one.name) for one in label.other_names]
    return offers


def _offer(typed: str, offers: Iterable[Offer], start: int, end: int, *, closed: bool = False) -> list[Completion]:
    """Offers that begin with what is typed, then those that have it inside; where there is none, the nearest."""
    wanted = unquoted(typed.removeprefix('"').removesuffix('"')).casefold().strip()
    offers = list(offers)
    ranked = [(key.casefold().find(wanted), text, hint) for key, text, hint in offers]
    fitting = sorted(((place > 0, text, hint) for place, text, hint in ranked if place >= 0), key=lambda each: each[0])
    # A label that fits by two of its names is offered once.
    distinct: dict[str, Completion] = {}
    for inside, text, hint in fitting:
        begun = closed and bool(wanted) and not inside
        distinct.setdefault(text, Completion(text, start, end, hint, begun))
    if not distinct:
        written = {key.casefold(): (key, text) for key, text, _hint in offers}
        for key, text in (written[near] for near in get_close_matches(wanted, written, n=1)):
            distinct[text] = Completion(text, start, end, _MEANT.format(near=key), meant=True)
    return list(distinct.values())[:_MOST]
