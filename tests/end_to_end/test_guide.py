"""Every command of the guide runs on the sample photos, in the order of its pages, and says no error.

What is marked `console` and `python` is run; what installs or fetches something is marked `sh` and is not.
"""

import io
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from commands import Cdul
from postgres import Server, why_none

from engine.resources import resource

TOP = Path(__file__).parents[2]
GUIDE = TOP / "docs" / "guide"
BLOCKS = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """In the order of the site."""
    contents = yaml.safe_load((TOP / "mkdocs.yml").read_text("utf-8"))["nav"]
    guide = next(part["Guide"] for part in contents if "Guide" in part)
    return [TOP / "docs" / file for page in guide for file in page.values()]


def test_every_page_of_the_guide_is_in_the_contents() -> None:
    assert sorted(pages()) == sorted(GUIDE.glob("*.md"))


def test_both_languages_say_the_same_commands() -> None:
    english, german = (
        [block for kind, _, block in BLOCKS.findall((GUIDE / name).read_text("utf-8")) if kind == "console"]
        for name in ("first_minutes.md", "erste_minuten.md")
    )
    assert english == german


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str | None:
    """Of an empty database; None where no server can be started, so that what wants one is not tried."""
    if why_none() is not None:
        return None
    server: Server = request.getfixturevalue("server")
    return server.address(server.empty_database())


def test_every_command_does_what_the_guide_says(
    cdul: Cdul, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    shutil.copytree(resource("sample_photos") / "animals", tmp_path / "Pictures")
    monkeypatch.chdir(tmp_path)
    for page in pages():
        for kind, title, block in BLOCKS.findall(page.read_text("utf-8")):
            if title:
                Path(title).write_text(block, "utf-8")
            elif kind == "python":
                exec(compile(block, page.name, "exec"), {})  # noqa: S102 (our own text)
            elif kind == "console":
                for line in block.splitlines():
                    assert line.startswith("$ cdul "), line
                    if page.stem != "server" or address is not None:
                        there = line.replace("postgresql://server/photos", str(address))
                        run_line(cdul, there.removeprefix("$ "), monkeypatch)


def run_line(cdul: Cdul, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line of a shell: commands, each of which gets what the one before printed."""
    printed = ""
    for command in line.split(" | "):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(os.fsencode(printed))))
        said = cdul(*shlex.split(command)[1:])
        assert said.code == 0, f"{line}: {said.err}"
        printed = said.out
    if " | " not in line and any(f" {name} " in line for name in ("list", "search", "evaluate", "history", "doctor")):
        assert printed.strip(), f"{line} prints nothing"
