"""Writes what tells of the command line, from the command line itself: docs/command_line.md, the man page, completions.

    python docs/make_command_line.py    # or: make man

A test holds them together with the commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.completion import get_completion_script

from cdul_gui.door import app
from engine.cli import TOPICS
from engine.commands.console import EXIT_CODES

TOP = Path(__file__).parents[1]
SHARE = TOP / "packaging" / "share"
COMPLETIONS = {
    "bash": SHARE / "bash-completion" / "completions" / "cdul",
    "zsh": SHARE / "zsh" / "site-functions" / "_cdul",
    "fish": SHARE / "fish" / "vendor_completions.d" / "cdul.fish",
}

ABOUT = """\
CDUL labels photo collections on your own machine. PHOTOS is the folder that holds them; they are only ever read. What \
is decided is kept in PHOTOS/.cdul, unless --project names another place: a folder, or a PostgreSQL database. Where a \
command takes photos, these may be a folder in the photo folder, or single photos, and --list takes the names of \
photos from a file or another command."""

STREAMS = """\
Results go to standard output; progress, warnings and errors to standard error. In a file's place - is standard \
input or standard output. Off a terminal progress is a line every ten seconds. Every command takes -q, which leaves \
out all that is no result or error, and -v, which says more; and --user NAME, who you are where several people review \
a project (or the variable CDUL_USER). With --json a result is one JSON object (of list one a line), and so is each \
error and warning."""

EXAMPLES = (
    ("cdul label ~/Pictures --labels everyday", "Suggest labels."),
    ("cdul list ~/Pictures --filter 'label:dog state:unreviewed'", "See where dogs are suggested."),
    ("cdul set ~/Pictures/a.jpg ~/Pictures/b.jpg --confirm dog --reject cat --reviewed", "Say what is right."),
    (
        "cdul search ~/Pictures 'a dog on a beach' --paths | cdul set ~/Pictures --list - --confirm beach",
        "Take what one command finds for another.",
    ),
    ("cdul list ~/Pictures --filter confirmed:dog --paths -0 | xargs -0 cp -t dogs", "Hand photos to any program."),
    ("cdul export ~/Pictures --format csv --out - | head", "Look at an export."),
    ("cdul undo ~/Pictures", "Take back what you did last."),
)


_OF_ALL = ("--user NAME", "-q, --quiet", "-v, --verbose", "-h, --help", "--help")


@dataclass(frozen=True)
class Command:
    """A command as `--help` tells of it: how it is called, what it does, and its parameters with what they are for."""

    name: str
    usage: str
    about: str
    parameters: tuple[tuple[str, str], ...]


def commands(names: tuple[str, ...]) -> Iterator[Command]:
    """Those of these names, and the commands in them."""
    group: Any = typer.main.get_command(app)
    for name in names:
        yield from _with_inner(group.commands[name], f"cdul {name}")


def _with_inner(command: Any, name: str) -> Iterator[Command]:
    inner = getattr(command, "commands", {})
    for each in inner:
        yield from _with_inner(inner[each], f"{name} {each}")
    if inner:
        return
    context = typer.Context(command, info_name=name)
    pieces = [re.sub(r"[{}]", "", piece) for piece in command.collect_usage_pieces(context)]
    records = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    about = re.sub(r"(?<!\n)\n(?!\n)", " ", command.help or "").strip()
    parameters = tuple((_parameter(name), _sentence(help)) for name, help in records if name not in _OF_ALL)
    yield Command(name, " ".join([name, *pieces]), about, parameters)


def _parameter(name: str) -> str:
    return name if name.startswith("-") else name.partition(" <")[0]


def _sentence(text: str) -> str:
    return re.sub(r"\[default: \((.*)\)\]", r"[default: \1]", re.sub(r"\s+", " ", text)).strip()


def markdown() -> str:
    """docs/command_line.md."""
    lines = [
        "# The command line",
        "",
        "<!-- Made by `make man` from the commands themselves. -->",
        "",
        ABOUT,
        "",
        STREAMS,
    ]
    lines += ["", "| exit code | means |", "|---|---|"]
    lines += [f"| {code} | {means} |" for code, means in EXIT_CODES.items()]
    lines += ["", "```sh"]
    lines += [f"{command}\n    # {about}" for command, about in EXAMPLES]
    lines += [
        "```",
        "",
        "The man page and completions for bash, zsh and fish come with the package; `cdul --install-completion` puts",
        "the latter where your shell looks for them.",
    ]
    for topic, names in TOPICS.items():
        lines += ["", f"## {topic}"]
        for command in commands(names):
            lines += ["", f"### {command.name}", "", "```", command.usage, "```", "", command.about, ""]
            lines += ["| | |", "|---|---|"] if command.parameters else []
            lines += [f"| `{_cell(name)}` | {_cell(help)} |" for name, help in command.parameters]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def man_page() -> str:
    """The man page, in roff."""
    lines = [
        '.TH CDUL 1 "" "CDUL" "User Commands"',
        ".SH NAME",
        "cdul \\- label photo collections on your own machine",
        ".SH SYNOPSIS",
        ".B cdul",
        "[COMMAND] [OPTIONS] [ARGUMENTS]",
        ".SH DESCRIPTION",
        _roff(f"{ABOUT} Without a command the window opens."),
        ".PP",
        _roff(STREAMS),
    ]
    for topic, names in TOPICS.items():
        lines.append(f".SH {topic.upper()}")
        for command in commands(names):
            lines += [f".SS {_roff(command.usage)}", *(_roff(part) for part in _paragraphs(command.about))]
            for name, help in command.parameters:
                lines += [".TP", f".B {_roff(name)}", _roff(help)]
    lines.append(".SH EXIT STATUS")
    for code, means in EXIT_CODES.items():
        lines += [".TP", f".B {code}", _roff(means)]
    lines.append(".SH EXAMPLES")
    for example, about in EXAMPLES:
        lines += [".TP", f".B {_roff(example)}", _roff(about)]
    lines += [
        ".SH ENVIRONMENT",
        ".TP",
        ".B CDUL_DEVICE",
        "Where networks run, as --device says.".replace("-", "\\-"),
        ".TP",
        ".B HF_ENDPOINT, HTTPS_PROXY",
        "A mirror of the hub that weights come from, and a proxy on the way there.",
    ]
    return "\n".join(lines) + "\n"


def _paragraphs(text: str) -> Iterator[str]:
    first, *more = text.split("\n\n")
    yield first
    for paragraph in more:
        yield ".PP"
        yield paragraph


def _roff(text: str) -> str:
    if text.startswith("."):
        return text
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^(['.])", r"\\&\1", text).replace("\n", "\n.br\n")


def made() -> dict[Path, str]:
    """All files, with what belongs into them."""
    scripts = {
        file: get_completion_script(prog_name="cdul", complete_var="_CDUL_COMPLETE", shell=shell) + "\n"
        for shell, file in COMPLETIONS.items()
    }
    return {TOP / "docs" / "command_line.md": markdown(), SHARE / "man" / "man1" / "cdul.1": man_page(), **scripts}


if __name__ == "__main__":
    for file, text in made().items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        print(file.relative_to(TOP))
