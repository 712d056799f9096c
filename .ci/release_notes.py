"""Prints what CHANGELOG.md says of a version: `python .ci/release_notes.py v0.2.0`."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def notes_of(version: str, changes: str) -> str:
    """The section of a version without its heading, from `## 0.2.0` or `## 0.2.0, 2027-01-31` to the next `## `.

    Raises:
        ValueError: the version has no section, or one with nothing in it.
    """
    heading = re.compile(rf"## {re.escape(version)}(,.*)?\n")
    sections = re.split(r"^(?=## )", changes, flags=re.MULTILINE)
    found = [section[match.end() :].strip() for section in sections if (match := heading.match(section))]
    if not any(found):
        raise ValueError(f"Expected CHANGELOG.md to say under '## {version}' what changed, but it does not.")
    return found[0]


def version_of_tag(tag: str, project: str) -> str:
    """The version that a tag `v0.2.0` names.

    Raises:
        ValueError: pyproject.toml, whose text is given, has another one.
    """
    version = tag.removeprefix("v")
    if f'\nversion = "{version}"\n' not in project:
        raise ValueError(f"Expected pyproject.toml to have the version of the tag {tag}, but it has another one.")
    return version


if __name__ == "__main__":
    tagged = version_of_tag(sys.argv[1], (ROOT / "pyproject.toml").read_text("utf-8"))
    print(notes_of(tagged, (ROOT / "CHANGELOG.md").read_text("utf-8")))
