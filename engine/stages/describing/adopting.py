"""What a person does with a word that is offered: it becomes a label, or a prompt of one, or is not offered again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from engine.models.everyday.words import ancestors, everyday_words
from engine.project import Project
from engine.project.history.edit_labels import add_labels, set_prompts
from engine.project.history.history import Outcome
from engine.project.labels import LabelRow, NewLabel, label_set, texts_of
from engine.project.settings import keep_setting, setting
from engine.stages.describing.offers import NEVER_OFFERED, headings_of


def adopt_words(project: Project, names: Sequence[str]) -> Outcome | None:
    """Put words at the end of the label set, those that are not there yet, all as one edit. None if all are.

    An everyday word brings its prompt and the heading that it stands under. It comes to stand below the nearest labels
    that it is a kind of, and labels that are a kind of it below it: `animal` is confirmed where `dog` is, and as likely
    at least. Any other word is a label by its name alone.

    Raises:
        LabelSetError: a name that can be no label's.
    """
    words = everyday_words()
    headings = headings_of(words, ancestors(words))
    asked = dict.fromkeys(name.strip() for name in names)
    in_set = label_set(project)
    there = {label.name.casefold(): label for label in in_set}
    new = {name.casefold() for name in asked} - there.keys()
    kinds = _kinds_among(there.keys() | new)
    known = {
        word.name: NewLabel(word.name, heading, word.prompts, kinds.get(word.name, ()))
        for word, heading in zip(words, headings, strict=True)
    }
    # What they are a kind of by labels between these, they are already.
    below = {
        label.id: more
        for name, label in there.items()
        if (more := tuple(kind for kind in kinds.get(name, ()) if kind in new))
    }
    return add_labels(project, [known.get(name.casefold(), NewLabel(name)) for name in asked], below)


def _kinds_among(names: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of those of these words that are everyday ones the nearest among them that each is a kind of."""
    parents = {word.name: word.parents for word in everyday_words()}
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        waiting, kinds = list(parents.get(name, ())), dict[str, None]()
        for kind in waiting:
            if kind in names:
                kinds[kind] = None
            else:
                waiting += parents.get(kind, ())
        found[name] = tuple(kinds)
    return found


def adopt_as_prompt(project: Project, name: str, label: LabelRow) -> Outcome | None:
    """Ask for a label by this word as well, beside what it is asked for already. None if it is."""
    word = next((word for word in everyday_words() if word.name == name.casefold()), None)
    texts = word.texts if word is not None else texts_of(name, ())
    return set_prompts(project, label.id, [*label.texts, *texts])


def offer_never_again(project: Project, names: Iterable[str]) -> None:
    """Offer these words no more for this project."""
    never = setting(project, NEVER_OFFERED, [])
    keep_setting(project, NEVER_OFFERED, list(dict.fromkeys([*never, *names])))


def offer_again(project: Project, names: Iterable[str]) -> list[str]:
    """Take `offer_never_again` back; returns the words that had been refused."""
    back, never = set(names), setting(project, NEVER_OFFERED, [])
    keep_setting(project, NEVER_OFFERED, [name for name in never if name not in back])
    return [name for name in never if name in back]
