"""What tells of the command line agrees with it: docs/command_line.md, the man page, completions, the README."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

from cdul_gui.door import app
from engine.cli import TOPICS
from engine.project import Project

TOP = Path(__file__).parents[2]
GROUP: Any = typer.main.get_command(app)


@pytest.fixture(scope="module")
def manual() -> dict[str, Any]:
    return runpy.run_path(str(TOP / "docs" / "make_command_line.py"))


def test_every_command_has_its_topic() -> None:
    assert sorted(name for names in TOPICS.values() for name in names) == sorted(GROUP.commands)


def test_the_manual_is_of_these_commands(manual: dict[str, Any]) -> None:
    (pinned,) = re.findall(r"(?m)^typer==(\S+)", (TOP / "constraints.txt").read_text())
    if version("typer") != pinned:
        pytest.skip("Another typer words some of it in another way.")
    for file, text in manual["made"]().items():
        assert file.read_text("utf-8") == text, f"{file} is not of today: make man"


@pytest.mark.skipif(shutil.which("man") is None, reason="There is no man to read it with.")
def test_the_man_page_can_be_read(manual: dict[str, Any]) -> None:
    page = manual["SHARE"] / "man" / "man1" / "cdul.1"
    environment = {**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8"}
    read = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True, env=environment)
    assert (read.returncode, read.stderr) == (0, "")
    assert "cdul contact-sheet [OPTIONS] PHOTOS... --out FILE" not in read.stdout
    assert "--confirm LABEL" in read.stdout


def test_the_examples_and_the_readme_name_options_that_there_are(manual: dict[str, Any]) -> None:
    lines = [command for command, _about in manual["EXAMPLES"]]
    lines += re.findall(r"(?m)^    cdul .*", (TOP / "README.md").read_text("utf-8"))
    assert len(lines) > 30
    for line in lines:
        for part in re.sub(r"'[^']*'|\"[^\"]*\"", "X", line.partition(" # ")[0]).split(" | "):
            program, *words = re.sub(r"[\[\]]", " ", part).split()
            command = GROUP.commands.get(words[0]) if program == "cdul" and words else None
            if command is None or hasattr(command, "commands"):
                continue
            known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
            given = {word for word in words if re.fullmatch(r"--?[a-z0][a-z-]*", word)} - {"--help"}
            assert given <= known, f"{line.strip()}: no option {', '.join(given - known)}"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("cdul con", ["contact-sheet"]),
        ("cdul export . --format co", ["coco", "coco-labels"]),
        ("cdul refine . --optimizer ", ["adam", "sgd"]),
        ("cdul label . --labels v", ["voc"]),
        ("cdul evaluate . --stage in", ["in-force", "initial"]),
        ("cdul labels re", ["rename", "remove"]),
    ],
)
def test_a_shell_completes_commands_and_choices(typed: str, offered: list[str]) -> None:
    assert completed(typed) == offered


def test_a_shell_completes_what_a_project_knows(labelled: Project) -> None:
    labelled.close()
    photos = labelled.photos
    assert completed(f"cdul set {photos}/beach.jpg --confirm d") == ["dog"]
    assert completed(f"cdul labels merge {photos} cat b") == ["boat"]
    assert completed(f"cdul undo {photos} ") == ["r1"]
    assert completed(f"cdul set {photos.parent}/nowhere.jpg --confirm d") == []


def completed(typed: str) -> list[str]:
    """What bash is offered for the last word."""
    words = typed.split(" ")
    asked = {"_CDUL_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(words) - 1)}
    program = "import sys; sys.argv = ['cdul']; from cdul_gui.door import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ, **asked}
    )
    return done.stdout.split()
