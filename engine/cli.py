"""The command line: one function a command, over the same stages as the window.

Everything heavy is imported where it is used, so that `cdul --help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from functools import cache
from typing import Any

import typer
from platformdirs import user_log_path
from typer.core import TyperGroup

from engine.broken_package import broken_package
from engine.commands.console import FAILED, STOPPED, WRONG_USAGE, Commands
from engine.commands.describing import words
from engine.commands.evaluation import compare, evaluate, report
from engine.commands.exporting import export
from engine.commands.finding import contact_sheet, duplicates, search
from engine.commands.history import history, redo, undo
from engine.commands.importing import import_labels
from engine.commands.label_set import labels
from engine.commands.labelling import label, predict
from engine.commands.listing import list_photos, set_labels
from engine.commands.machine import doctor, encoders
from engine.commands.opinion import opinion
from engine.commands.people import agreement
from engine.commands.project import project
from engine.commands.review import review
from engine.commands.rules import rules
from engine.commands.saying import manner, tell_error, warn
from engine.commands.thresholds import thresholds
from engine.commands.tidying import tidy
from engine.commands.training import classifier, refine
from engine.commands.truth import truth
from engine.commands.watching import watch
from engine.errors import UserError, WrongUsage

TOPICS = {
    "Labels": ("open", "demo", "label", "watch", "refine", "predict", "classifier", "thresholds"),
    "Review": ("list", "set", "opinion", "labels", "rules", "history", "undo", "redo", "review", "agreement"),
    "Finding": ("words", "search", "duplicates", "contact-sheet"),
    "In and out": ("import", "export"),
    "Against a truth": ("truth", "evaluate", "compare", "report"),
    "Care": ("project", "tidy", "encoders", "doctor"),
}
"""All commands, as they are told of; the door adds those of the window."""


class _ByTopic(TyperGroup):
    """`cdul --help` with a heading for each topic."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        return [name for names in TOPICS.values() for name in names if name in self.commands]

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        longest = max(map(len, self.commands))
        for topic, names in TOPICS.items():
            with formatter.section(topic):
                room = formatter.width - 6 - longest
                there = [(f"{name:{longest}}", self.commands[name]) for name in names if name in self.commands]
                formatter.write_dl([(name, command.get_short_help_str(room)) for name, command in there])


app = Commands(
    name="cdul",
    cls=_ByTopic,
    help="Label photo collections on your own machine. Without a command the window opens.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    label,
    refine,
    predict,
    thresholds,
    history,
    undo,
    redo,
    agreement,
    words,
    opinion,
    watch,
    search,
    duplicates,
    export,
    evaluate,
    compare,
    report,
    tidy,
    encoders,
    doctor,
):
    app.command()(command)
app.command("list")(list_photos)
app.command("contact-sheet")(contact_sheet)
app.command("set")(set_labels)
app.command("import")(import_labels)
app.add_typer(labels, name="labels")
app.add_typer(rules, name="rules")
app.add_typer(classifier, name="classifier")
app.add_typer(review, name="review")
app.add_typer(truth, name="truth")
app.add_typer(project, name="project")


@cache
def _made() -> Any:
    """All commands as typer makes them of their functions, which takes as long as many a command."""
    return typer.main.get_command(app)


# A ClickException, of whichever click typer stands on.
_CommandLineError = typer.BadParameter.__mro__[2]


def run() -> int:
    """Run the command line on `sys.argv` and return the exit code; a person never sees a traceback of theirs."""
    manner.begin(sys.argv[1:])
    code = _run()
    if plug_ins := sys.modules.get("engine.plug_ins"):
        for problem in plug_ins.problems():
            warn(problem)
    return code


def _run() -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every photo's name is text that can be printed
    try:
        code = _made()(standalone_mode=False) or 0
    except UserError as error:
        return _tell(error)
    except SystemExit as ending:
        if not isinstance(ending.__context__, BrokenPipeError):
            raise
        return _reader_has_enough()
    except BrokenPipeError:
        return _reader_has_enough()
    except Exception as error:  # noqa: BLE001 - what nobody knows is raised again
        return _tell_other(error)
    if code == STOPPED:
        tell_error("Stopped. What was done so far is kept; the same command goes on from there.", STOPPED)
    return int(code)


def _tell(error: UserError) -> int:
    from engine.models.encoders.failures import WeightsMissing

    code = WRONG_USAGE if isinstance(error, WrongUsage) else FAILED
    hint = ""
    if isinstance(error, WeightsMissing):
        hint = f"`cdul encoders --download {error.name}` fetches them where there is a network."
    return tell_error(str(error), code, hint=hint)


def _tell_other(error: Exception) -> int:
    """What others raised: click, the system, a package that cannot be loaded, no memory; all else is raised again."""
    if isinstance(error, _CommandLineError):
        return _tell_wrong_arguments(error)
    from engine.models.memory import out_of_memory

    if told := broken_package(error) or out_of_memory(error):
        return tell_error(str(told), FAILED)
    if isinstance(error, OSError) and error.errno is not None and error.filename is None:
        # Not of a file: standard output leads to a disk that is full.
        _forget_output()
        return tell_error(f"The work is done, but what it found could not be told ({error.strerror}).", FAILED)
    raise error


def _tell_wrong_arguments(error: Any) -> int:
    """What click found wrong before a command began."""
    error.message = error.message.replace("Value error, ", "")
    if not manner.as_json:
        error.show()
        return WRONG_USAGE
    return tell_error(error.format_message(), WRONG_USAGE)


def _reader_has_enough() -> int:
    """Whoever reads the output, like `head`, has closed it: that is no failure."""
    _forget_output()
    return 0


def _forget_output() -> None:
    """Python would try again at its end to write what could not be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def tell_mistake(error: Exception) -> int:
    """Tell of a mistake of the program itself in one sentence, with the details in a file; returns the exit code."""
    details = "".join(traceback.format_exception(error))
    said = f"CDUL made a mistake: {type(error).__name__}: {' '.join(str(error).split())[:300]}."
    try:
        file = user_log_path("cdul", appauthor=False, ensure_exists=True) / "mistake.txt"
        file.write_text(details, "utf-8", "backslashreplace")
    except OSError:
        typer.echo(details, err=True)
        where = "what stands above"
    else:
        where = f"the file {file}"
    return tell_error(f"{said} What was kept before is unharmed. Please report it, with {where}.", FAILED)
