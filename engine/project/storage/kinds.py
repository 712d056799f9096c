"""What the documents in a project may say: of a run's settings, and of the settings of the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kinds import (
    MOST_IN_A_NAME,
    Kind,
    anything,
    by_name,
    is_flag,
    is_fraction,
    is_list_of_names,
    is_name,
    is_number,
    is_text,
    list_of,
    or_none,
    whole,
)
from engine.project.storage.columns import is_list_of_ids

_BY_LABEL = by_name(list_of(or_none(is_number)))
_MEANS = by_name(list_of(is_number))

_OF_A_RUN: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("encoder", "encoder_id", "comparison", "photos", "file", "inputs", "classifier"), or_none(is_text)
    ),
    **dict.fromkeys(("network", "train", "format", "source"), or_none(is_text)),
    **dict.fromkeys(("thresholds", "likely", "maybe", "steepness"), _BY_LABEL),
    **dict.fromkeys(("centre", "rerank", "second_look", "company", "detector", "crop", "held_back"), is_flag),
    "grids": list_of(whole(2, 8)),
    **dict.fromkeys(("hidden", "beside"), whole(0, 100_000)),
    "heard": is_list_of_ids,
    "means": lambda value: _MEANS(value) and value.keys() == {"whole", "snippets"},
    "dimension": whole(1, 2**16),
    "feature_count": or_none(whole(0, 2**20)),
    "temperature": or_none(lambda value: is_number(value) and value > 0),
    "zeta": is_fraction,
    "training": lambda value: isinstance(value, dict),
    "reports": list_of(by_name(or_none(lambda value: type(value) in (int, float)))),
}


def is_settlement(value: object) -> bool:
    """Whether it says which of several opinions is in force: a name and, for the adjudicator alone, whose."""
    if not isinstance(value, list) or len(value) != 2:
        return False
    name, by = value
    return is_name(by) if name == "adjudicator" else name in ("newest", "majority") and by is None


def is_rule(value: object) -> bool:
    """Whether it is label, field and pattern of a rule."""
    return isinstance(value, list) and len(value) == 3 and is_list_of_ids(value[:1]) and is_list_of_names(value[1:])


def is_stood_by(value: object) -> bool:
    """Whether it is the ids of a photo and a label, and yes or no."""
    return isinstance(value, list) and len(value) == 3 and is_list_of_ids(value[:2]) and is_flag(value[2])


_OF_THE_PROJECT: Mapping[str, Kind] = {
    "settlement": is_settlement,
    "export": lambda value: isinstance(value, dict),
    "photo list": is_list_of_names,
    "wanted precision": is_fraction,
    "saved filters": by_name(is_name),
    "past filters": is_list_of_names,
    "words never offered": is_list_of_names,
    "newcomers after": whole(0, 2**63 - 1),
    "watched": is_flag,
    "training cut off": is_flag,
    "rules": list_of(is_rule),
    "answers stood by": list_of(is_stood_by),
    "arrangement of the gallery": lambda value: isinstance(value, dict),
}

_CALIBRATION = ("no_below", "yes_from", "offsets", "slopes", "yes", "no", "thresholds")


def is_settings_of_a_run(value: object) -> bool:
    """Whether all that is read of them later is of its kind; what is not known is left alone."""
    return isinstance(value, dict) and all(_OF_A_RUN.get(name, anything)(one) for name, one in value.items())


def is_setting(name: str, value: object) -> bool:
    """Whether a setting of the project is what is kept under its name."""
    if value is None or len(name) > MOST_IN_A_NAME:
        return value is None
    return _is_calibration(value) if name.startswith("certainty, ") else _OF_THE_PROJECT.get(name, anything)(value)


def _is_calibration(value: Any) -> bool:
    if not isinstance(value, dict) or not is_list_of_ids(value.get("labels")) or "run" not in value:
        return False
    columns = [value.get(name) for name in _CALIBRATION]
    fits = all(isinstance(one, list) and len(one) == len(value["labels"]) for one in columns)
    return fits and all(one is None or is_number(one) for column in columns for one in column or ())
