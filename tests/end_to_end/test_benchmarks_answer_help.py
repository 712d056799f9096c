"""Every benchmark says with `--help` what it measures; so a change of the program that breaks its imports shows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SCRIPTS = sorted(file for file in BENCHMARKS.glob("*.py") if "__main__" in file.read_text("utf-8"))
TABLES = ("paper_table", "run_all", "second_witness", "words")
"""These print Markdown, the others JSON."""

ASK_ALL = """
import contextlib, io, json, runpy, sys
answers = {}
sys.path.insert(0, sys.argv[1])
for script in sys.argv[2:]:
    sys.argv, said = [script, "--help"], io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        runpy.run_path(script, run_name="__main__")
    answers[script] = said.getvalue()
print(json.dumps(answers))
"""
"""All in one process, as most of the time goes into importing torch once."""


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    command = [sys.executable, "-c", ASK_ALL, BENCHMARKS, *SCRIPTS]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stderr
    found: dict[str, str] = json.loads(asked.stdout)
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_it_says_what_it_measures_and_how_it_is_called(script: Path, answers: dict[str, str]) -> None:
    answer = answers[str(script)]
    assert answer.startswith(f"usage: {script.name}")
    assert f"python benchmarks/{script.name}" in answer


@pytest.mark.parametrize("script", [one for one in SCRIPTS if one.stem not in TABLES], ids=lambda script: script.stem)
def test_it_prints_its_figures_with_the_machine_they_were_measured_on(script: Path) -> None:
    assert "print_report(" in script.read_text("utf-8")
