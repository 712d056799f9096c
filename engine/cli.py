"""The command line: one function a command, over the same stages as the window.

Everything heavy is imported where it is used, so that `cdul --help` answers at once.
"""

from __future__ import annotations

import io
import sys

import typer

from engine.commands.console import FAILED, WRONG_USAGE
from engine.commands.evaluation import compare, evaluate, report
from engine.commands.exporting import export
from engine.commands.finding import duplicates, search
from engine.commands.import_labels import import_labels
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
        return int(ending.code or 0)
    except UserError as error:
        typer.echo(str(error), err=True)
        return WRONG_USAGE if isinstance(error, WrongUsage) else FAILED
    return 0
