"""What labels of a project will stand below because they do in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.errors import UserError
from engine.formats.known_labels import KnownLabels, label_name
from engine.project.labels import LabelRow, called_otherwise
from engine.project.parents import Parents
from engine.project.same_label import match_labels


def parents_to_be(
    known: KnownLabels, labels: Mapping[str, str], in_set: Sequence[LabelRow], new: Sequence[str], *, whole: bool
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """What labels will stand right below that they do not stand below yet, and the levels that become labels for it.

    A level that is no label is passed over for what it stands below itself. What would close a circle is left out.

    Args:
        labels: names in the file to those in the project, new ones among them.
        whole: all levels become labels, and labels that are there already are put below them as well; else new labels
            are, below labels.
    """
    names = [label.name for label in in_set]
    levels = list(dict.fromkeys(name for below, above in known.parents.items() for name in (below, *above)))
    matched = match_labels(levels, names, called_otherwise(in_set))
    meant = {level: names[at] for level, at in zip(levels, matched, strict=True) if at is not None} | dict(labels)
    added: dict[str, str] = {}
    if whole:
        spelt = {name.casefold(): name for name in (*names, *new)}
        for level in levels:
            if level not in meant and _may_be_a_label(level):
                meant[level] = spelt.setdefault(level.casefold(), level)
                added.setdefault(meant[level].casefold(), meant[level])
        added = {plain: name for plain, name in added.items() if name not in (*names, *new)}
    ids = {label.id: label.name for label in in_set}
    above = {label.name: [ids[one] for one in label.parents] for label in in_set}
    wanted: dict[str, list[str]] = {}
    for level, name in meant.items():
        if whole or name in new:
            wanted.setdefault(name, []).extend(_labels_above(level, known.parents, meant))
    return _without_what_is_there(wanted, above), tuple(added.values())


def _labels_above(level: str, parents: Mapping[str, Sequence[str]], meant: Mapping[str, str]) -> Iterator[str]:
    """The nearest labels that a level of the file stands below."""
    waiting, seen = list(parents.get(level, ())), {level}
    for one in waiting:
        if one in seen:
            continue
        seen.add(one)
        if one in meant:
            yield meant[one]
        else:
            waiting += parents.get(one, ())


def _without_what_is_there(wanted: dict[str, list[str]], above: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    names = list(dict.fromkeys([*above, *wanted, *(parent for parents in wanted.values() for parent in parents)]))
    places = {name: place for place, name in enumerate(names)}
    there = {places[name]: [places[parent] for parent in parents] for name, parents in above.items()}
    now = Parents(len(names), there)
    both = {place: list(parents) for place, parents in there.items()}
    for name, parents in wanted.items():
        both.setdefault(places[name], []).extend(places[parent] for parent in parents)
    # What was there comes first, so that a circle is closed by none but a new one.
    kept = Parents(len(names), both)
    found: dict[str, tuple[str, ...]] = {}
    for name, parents in wanted.items():
        place = places[name]
        more = [
            parent
            for parent in dict.fromkeys(parents)
            if places[parent] in kept.right_above.get(place, ()) and places[parent] not in now.above(place)
        ]
        if more:
            found[name] = tuple(more)
    return found


def _may_be_a_label(level: str) -> bool:
    try:
        return label_name(level) == level
    except UserError:
        return False
