"""What could be typed next in a filter line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.project.filters.label_conditions import PROPERTIES
from engine.project.filters.language import LABEL_STATES
from engine.project.filters.quoting import quoted, unquoted
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
    "label:": Sentence("confirmed or suggested"),
    "confirmed:": Sentence("a person said yes"),
    "suggested:": Sentence("the model says yes, nobody has answered"),
    "rejected:": Sentence("a person said no"),
    "score(": Sentence("a label's score, e.g. score(dog)>0.4"),
    "labels>": Sentence("how many labels"),
    "state:": Sentence("reviewed, labelled, doubtful, …"),
    "source:": Sentence("labels from a person or the model"),
    "folder:": Sentence("photos in a folder"),
    "name:": Sentence("the file name, e.g. *.png"),
    "taken:": Sentence("when, e.g. 2024-05..2024-06"),
    "OR": Sentence("either of both"),
    "NOT": Sentence("the opposite"),
}
_LABEL, _STAGE, _FOLDER = Sentence("label"), Sentence("stage"), Sentence("folder")


@dataclass(frozen=True)
class Completion:
    """Text to put in place of `text[start:end]` of the filter line, and what it means."""

    text: str
    start: int
    end: int
    hint: str = ""


def complete(text: str, cursor: int, snapshot: Snapshot) -> list[Completion]:
    """What the condition at the cursor could become, best first; empty where there is nothing to offer."""
    start, end = _condition_at(text, cursor)
    if text[start : start + 1] == "-" and start < cursor:
        start += 1
    typed = text[start:cursor]
    if score := _SCORE.match(typed):
        if ")" in typed[score.end() :]:
            return []
        if score["comma"] is not None:
            return _offer(
                score["stage"], ((stage, stage, _STAGE) for stage in STAGES), start + score.start("stage"), end
            )
        return _offer(score["label"], _label_values(snapshot, after=")>"), start + score.start("label"), end)
    name, colon, value = typed.partition(":")
    if colon and not name.startswith('"'):
        return _offer(value, _values(name.casefold(), snapshot), start + len(name) + 1, end)
    if typed.startswith('"'):
        return []
    conditions = [(hinted, hinted, hint) for hinted, hint in _HINTS.items()]
    labels = [(name, f"label:{written}", _LABEL) for name, written, _ in _label_values(snapshot)]
    return _offer(typed, [*conditions, *labels], start, end)


def _condition_at(text: str, cursor: int) -> tuple[int, int]:
    for match in _TYPED.finditer(text):
        if match.start() <= cursor <= match.end():
            return match.span()
    return cursor, cursor


Offer = tuple[str, str, str]
"""What is looked for, what is written, and the hint."""


def _values(name: str, snapshot: Snapshot) -> Iterable[Offer]:
    if name in LABEL_STATES:
        return _label_values(snapshot)
    if name in PROPERTIES:
        return [(value, value, found.phrase) for value, found in PROPERTIES[name].items()]
    if name == "folder":
        folders = {path.rpartition("/")[0] for path in snapshot.paths} - {""}
        return [(folder, quoted(folder), _FOLDER) for folder in sorted(folders)]
    return []


def _label_values(snapshot: Snapshot, after: str = "") -> list[Offer]:
    return [(label.name, quoted(label.name) + after, label.supercategory or _LABEL) for label in snapshot.labels]


def _offer(typed: str, offers: Iterable[Offer], start: int, end: int) -> list[Completion]:
    """Offers that begin with what is typed, then those that have it inside."""
    wanted = unquoted(typed.removeprefix('"').removesuffix('"')).casefold().strip()
    ranked = [(key.casefold().find(wanted), text, hint) for key, text, hint in offers]
    fitting = sorted(((place > 0, text, hint) for place, text, hint in ranked if place >= 0), key=lambda each: each[0])
    return [Completion(text, start, end, hint) for _, text, hint in fitting[:_MOST]]
