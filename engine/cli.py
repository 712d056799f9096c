"""The command line: one function a command, over the same stages as the window.

Everything heavy is imported where it is used, so that `cdul --help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
import traceback

import typer
from platformdirs import user_log_path

from engine.commands.console import FAILED, STOPPED, WRONG_USAGE, say
from engine.commands.evaluation import compare, evaluate, report
from engine.commands.exporting import export
from engine.commands.finding import duplicates, search
from engine.commands.importing import import_labels
from engine.commands.labelling import label, predict
from engine.commands.machine import doctor, encoders
from engine.commands.thresholds import thresholds
from engine.commands.tidying import tidy
from engine.commands.training import classifier, refine
from engine.commands.truth import truth
from engine.errors import UserError, WrongUsage

app = typer.Typer(
    name="cdul",
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
    export,
    evaluate,
    compare,
    report,
    search,
    duplicates,
    tidy,
    encoders,
    doctor,
):
    app.command()(command)
app.command("import")(import_labels)
app.add_typer(classifier, name="classifier")
app.add_typer(truth, name="truth")


def run() -> int:
    """Run the command line on `sys.argv` and return the exit code; a person never sees a traceback of theirs."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every photo's name is text that can be printed
    try:
        app()
    except SystemExit as ending:
        if ending.code == STOPPED:
            typer.echo("Stopped. What was done so far is kept; the same command goes on from there.", err=True)
        return int(ending.code or 0)
    except UserError as error:
        say(str(error), err=True)
        _tell_how_to_fetch(error)
        return WRONG_USAGE if isinstance(error, WrongUsage) else FAILED
    except OSError as error:
        if error.filename is not None:
            raise
        # Not of a file: standard output leads to a disk that is full.
        typer.echo(f"The work is done, but what it found could not be told ({error.strerror}).", err=True)
        # Python would try again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return 0


def _tell_how_to_fetch(error: UserError) -> None:
    from engine.models.encoders.failures import WeightsMissing

    if isinstance(error, WeightsMissing):
        typer.echo(f"`cdul encoders --download {error.name}` fetches them where there is a network.", err=True)


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
    typer.echo(f"{said} What was kept before is unharmed. Please report it, with {where}.", err=True)
    return FAILED
