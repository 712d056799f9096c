"""Making rules and taking them back, as edits of the history."""

from __future__ import annotations

from collections.abc import Sequence

from engine.project.history.changes import RULE, changes_to
from engine.project.history.edit_labels import join_label_set
from engine.project.history.history import Outcome, keep_edit
from engine.project.labels import label_set
from engine.project.project import Project
from engine.project.rules import Rule, label_of_rule, parse_condition
from engine.wording import LabelWord, Sentence


def add_rule(project: Project, label: str, condition: str) -> Outcome | None:
    """Have a label suggested on all photos of a condition such as `folder:Dogs*`. None if there is such a rule.

    A label that is not in the label set joins the label set, as an edit before it.

    Raises:
        WrongUsage: it is no condition, or no name for a label.
    """
    field, pattern = parse_condition(condition)
    label = label_of_rule(project, label)
    ids = {one.name: one.id for one in label_set(project)}
    rule = Rule(ids.get(label) or join_label_set(project, label), field, pattern)
    title = Sentence("rule: {condition} is {label}").format(condition=rule.condition, label=LabelWord(label))
    return _change(project, [rule], 1, title)


def remove_rules(project: Project, wanted: Sequence[Rule]) -> Outcome | None:
    """Take rules back, and what they suggest with them. None if there are none such."""
    conditions = "; ".join(dict.fromkeys(one.condition for one in wanted))
    return _change(project, wanted, None, Sentence("rule taken back: {condition}").format(condition=conditions))


def _change(project: Project, wanted: Sequence[Rule], value: int | None, title: Sentence) -> Outcome | None:
    with project.writing() as connection:
        keys = [(RULE, None, one.label_id, one.condition) for one in wanted]
        changes = changes_to(connection, dict.fromkeys(keys, value))
        return keep_edit(connection, title, changes, by=None) if changes else None
