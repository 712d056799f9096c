"""What a release says of itself is the same everywhere."""

from __future__ import annotations

import runpy
import tomllib
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(TOP / ".ci" / "release_notes.py"))
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]

CHANGES = "# Changes\n\n## Unreleased\n\n- later\n\n## 0.2.0, 2027-01-31\n\n- this\n\n### More\n\n- that\n\n## 0.1.0\n"


def test_release_notes_are_the_section_of_the_tag() -> None:
    assert SCRIPT["notes_of"]("0.2.0", CHANGES) == "- this\n\n### More\n\n- that"


@pytest.mark.parametrize("version", ["0.1.0", "0.2", "0.3.0"])
def test_a_release_without_notes_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match=f"under '## {version}'"):
        SCRIPT["notes_of"](version, CHANGES)


def test_a_tag_of_another_version_is_refused() -> None:
    assert SCRIPT["version_of_tag"]("v0.2.0", 'name = "cdul"\nversion = "0.2.0"\n') == "0.2.0"
    with pytest.raises(ValueError, match=r"v0\.2\.1"):
        SCRIPT["version_of_tag"]("v0.2.1", 'name = "cdul"\nversion = "0.2.0"\n')


def test_the_citation_names_the_version_and_licence_of_the_program() -> None:
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text("utf-8"))
    assert (citation["version"], citation["license"]) == (PROJECT["version"], PROJECT["license"])


def test_the_hosted_checks_install_and_run_what_make_does() -> None:
    checks = (TOP / ".github" / "workflows" / "checks.yml").read_text("utf-8")
    makefile = (TOP / "Makefile").read_text("utf-8")
    [how] = [line.partition(":=")[2].strip() for line in makefile.splitlines() if line.startswith("TESTS")]
    assert f"pytest {how}" in checks
    steps = yaml.safe_load(checks)["jobs"]["lint"]["steps"]
    for tool in ("ruff check .", "ruff format --check .", "mypy", "lint-imports"):
        assert f"$(BIN)/{tool}" in makefile
        assert any(tool in step.get("run", "") for step in steps)
