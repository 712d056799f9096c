"""The documents of results lead to one another and to the commands that make their figures."""

import re
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
DOCUMENTS = [TOP / "docs" / "results.md", *sorted((TOP / "docs" / "results").glob("*.md"))]
BENCHMARKS = {file.name for file in (TOP / "benchmarks").glob("*.py") if "__main__" in file.read_text("utf-8")}

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.stem)


def anchors(document: Path) -> set[str]:
    """Where links into a document may lead, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_document
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text("utf-8")):
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.is_file(), target
        assert not anchor or anchor in anchors(file), target


@every_document
def test_its_commands_are_benchmarks(document: Path) -> None:
    assert set(re.findall(r"benchmarks/(\w+\.py)", document.read_text("utf-8"))) <= BENCHMARKS


@every_document
def test_its_text_fits_a_screen(document: Path) -> None:
    lines = document.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []


@every_document
def test_no_table_stands_in_it_twice(document: Path) -> None:
    tables = re.findall(r"(?:^\|.*\n)+", document.read_text("utf-8"), re.MULTILINE)
    assert len(tables) == len(set(tables))


def test_every_benchmark_has_its_figures_in_a_document() -> None:
    text = "\n".join(document.read_text("utf-8") for document in DOCUMENTS)
    assert {name for name in BENCHMARKS if f"benchmarks/{name}" not in text} == {"run_all.py"}


def test_every_document_is_in_the_contents() -> None:
    contents = DOCUMENTS[0].read_text("utf-8")
    assert [document.name for document in DOCUMENTS[1:] if f"](results/{document.name})" not in contents] == []
