"""Prints the licences of all packages that are installed here, as they say themselves; ends with 1 on a GPL.

That is one that would bind whoever passes CDUL on. LGPL is none, nor is a choice that has something else in it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions

EXPECTED = {
    "krippendorff": "the tests alone compare the agreement of people with it",
    "pillow-jxl-plugin": "of the extra `raw`, which no bundle contains",
    "pyexiv2": "the tests alone read sidecars with it",
}
"""Packages under the GPL that are not passed on, and why they are here."""

_BINDING = re.compile(r"(?<![A-Za-z])A?GPL|GNU (Affero )?General Public", re.IGNORECASE)
_LONGEST = 60


def licence_of(metadata: Mapping[str, str], classifiers: Iterable[str], *, short: bool = True) -> str:
    """What a package says of its licence: an expression, else its classifiers, else a text, of which the first line."""
    if expression := metadata.get("License-Expression"):
        return expression
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    named = [each for each in named if each != "OSI Approved"]
    if named:
        return " OR ".join(named)
    text = metadata.get("License", "").strip()
    if not text or text.upper() == "UNKNOWN":
        return "UNKNOWN"
    return text.splitlines()[0][:_LONGEST] if short else text


def binds(licence: str) -> bool:
    """Whether each of the licences that one may choose among is a GPL or AGPL."""
    return all(_BINDING.search(each) for each in re.split(r"\s+OR\s+|\s*\|\s*", licence))


def main() -> int:
    found = {}
    for package in distributions():
        about = {key: package.metadata.get(key) or "" for key in ("Name", "License-Expression", "License")}
        classifiers = package.metadata.get_all("Classifier") or []
        found[about["Name"].lower()] = (about["Name"], package.version, licence_of(about, classifiers))
    unexpected = []
    for key, (name, version, licence) in sorted(found.items()):
        note = EXPECTED.get(key, "")
        if binds(licence) and not note:
            unexpected.append(f"{name} ({licence})")
        print(f"{name:34} {version:16} {licence}{'  - ' + note if note else ''}")
    if unexpected:
        print(f"Not expected under such a licence: {', '.join(unexpected)}.", file=sys.stderr)
    return bool(unexpected)


if __name__ == "__main__":
    sys.exit(main())
