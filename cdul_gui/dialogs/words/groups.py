"""The groups that words are offered in, in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cdul_gui.wording import QT_TRANSLATE_NOOP

GROUPS = {
    "animals": QT_TRANSLATE_NOOP("Words", "Animals"),
    "art": QT_TRANSLATE_NOOP("Words", "Art"),
    "buildings": QT_TRANSLATE_NOOP("Words", "Buildings"),
    "clothing": QT_TRANSLATE_NOOP("Words", "Clothing"),
    "devices": QT_TRANSLATE_NOOP("Words", "Devices"),
    "events": QT_TRANSLATE_NOOP("Words", "Events"),
    "food": QT_TRANSLATE_NOOP("Words", "Food and drink"),
    "furniture": QT_TRANSLATE_NOOP("Words", "Furniture"),
    "home": QT_TRANSLATE_NOOP("Words", "At home"),
    "landscape": QT_TRANSLATE_NOOP("Words", "Landscape"),
    "music": QT_TRANSLATE_NOOP("Words", "Music"),
    "people": QT_TRANSLATE_NOOP("Words", "People"),
    "places": QT_TRANSLATE_NOOP("Words", "Places and rooms"),
    "plants": QT_TRANSLATE_NOOP("Words", "Plants"),
    "sky": QT_TRANSLATE_NOOP("Words", "Sky and weather"),
    "sport": QT_TRANSLATE_NOOP("Words", "Sport"),
    "street": QT_TRANSLATE_NOOP("Words", "In the street"),
    "tools": QT_TRANSLATE_NOOP("Words", "Tools"),
    "toys": QT_TRANSLATE_NOOP("Words", "Toys and play"),
    "vehicles": QT_TRANSLATE_NOOP("Words", "Vehicles"),
    "writing": QT_TRANSLATE_NOOP("Words", "Writing"),
}


def group_in_words(group: str) -> str:
    """The heading over a group of words."""
    return QCoreApplication.translate("Words", GROUPS[group]) if group in GROUPS else group
