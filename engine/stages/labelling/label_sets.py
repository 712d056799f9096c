"""Label sets as a person names them: one that the program ships, a file, or the labels themselves."""

from __future__ import annotations

from pathlib import Path

from engine.project.labels import DEFAULT_PROMPT, NewLabel, check_label_set, parse_label_set, read_label_set
from engine.resources import resource
from engine.wording import LabelWord, Sentence, some_of

BUILT_IN = {
    "everyday": Sentence("Everyday photos, 226 subjects"),
    "coco": Sentence("COCO, 80 everyday things"),
    "voc": Sentence("PASCAL VOC, 20 things"),
    "nus-wide": Sentence("NUS-WIDE, 81 concepts"),
}
"""The label sets that come with the program, with a description."""


def built_in_label_set(name: str) -> list[NewLabel]:
    """A label set that the program ships, by its name in `BUILT_IN`."""
    return parse_label_set(resource("label_sets", f"{name}.txt").read_text("utf-8"))


def resolve_label_set(text: str) -> list[NewLabel]:
    """The labels that a person means by `coco`, `everyday`, the path of a file, or `cat, horse=pony, …`.

    After "=" stand synonyms, or whole prompts, with "/" between several. A text of several lines is what a file would
    hold. `cat,` is one label, though it were the name of a label set.

    Raises:
        LabelSetError: a file that cannot be read, no labels, or one name twice.
    """
    if text.strip().lower() in BUILT_IN:
        return built_in_label_set(text.strip().lower())
    if _is_a_list(text):
        return parse_label_set(text)
    if _names_a_file(text):
        return read_label_set(Path(text).expanduser())
    labels = [_typed_label(part) for part in text.split(",") if part.strip()]
    check_label_set(labels)
    return labels


def name_of_label_set(text: str) -> str:
    """What a label set is called that a person names like this, see `resolve_label_set`."""
    if text.strip().lower() in BUILT_IN:
        return BUILT_IN[text.strip().lower()]
    if _is_a_list(text):
        return some_of([LabelWord(label.name) for label in parse_label_set(text)])
    if _names_a_file(text):
        return Path(text).name
    return some_of([LabelWord(_typed_label(part).name) for part in text.split(",") if part.strip()])


def is_typed(text: str) -> bool:
    """Whether it gives labels by their names, as against a label set that the program ships or a file holds."""
    return text.strip().lower() not in BUILT_IN and (_is_a_list(text) or not _names_a_file(text))


def _typed_label(text: str) -> NewLabel:
    """A label's name and, after "=", what else it is asked for with: a text that says a photo is a prompt as it is."""
    name, _, rest = text.partition("=")
    others = [other.strip() for other in rest.split("/") if other.strip()]
    if not others:
        return NewLabel(name.strip())
    prompts = [other if "photo" in other.split() else DEFAULT_PROMPT.format(label=other) for other in others]
    return NewLabel(name.strip(), prompts=(DEFAULT_PROMPT.format(label=name.strip()), *prompts))


def _is_a_list(text: str) -> bool:
    return len(text.strip().splitlines()) > 1 or text.endswith("\n")


def _names_a_file(text: str) -> bool:
    try:
        if Path(text).expanduser().is_file():
            return True
    except (OSError, ValueError, RuntimeError):  # of a name that no file can have, or `~` of nobody here
        return False
    # A path that is not there shall be reported as such, not become a label.
    return not {",", "="} & set(text) and ("/" in text or "\\" in text or text.endswith(".txt"))
