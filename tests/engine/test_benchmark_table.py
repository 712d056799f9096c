"""`make bench` writes its table between two comments of docs/results.md, those of its kind of processor, and leaves the
rest as it is.
"""

import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.append(str(TOP / "benchmarks"))

import run_all  # noqa: E402

KINDS = [run_all.kind_of({"bfloat16": there}) for there in (True, False)]
THIS, OTHER = (run_all.BEGIN.format(kind=kind) for kind in KINDS)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "results.md"
    file.write_text(text_with("an older table"), "utf-8")
    return file


def text_with(table: str) -> str:
    of_others = f"{OTHER}\nof others\n{run_all.END}\n"
    return f"# Results\n\n{of_others}{THIS}\n{table}\n{run_all.END}\n\n## More\n{of_others}"


def test_only_the_table_is_another(document: Path) -> None:
    run_all.put_between(document, "| a new one |", KINDS[0])
    run_all.put_between(document, "| a newer one |", KINDS[0])
    assert document.read_text("utf-8") == text_with("| a newer one |")
    assert [file.name for file in document.parent.iterdir()] == ["results.md"]


@pytest.mark.parametrize("text", ["# Results\n", f"{run_all.END}\n{THIS}\n", f"{THIS}\n", f"{OTHER}\n{run_all.END}\n"])
def test_a_document_without_the_comments_is_left_alone(document: Path, text: str) -> None:
    document.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="make bench writes of a processor with bfloat16"):
        run_all.put_between(document, "| a new one |", KINDS[0])
    assert document.read_text("utf-8") == text


def test_the_document_has_a_place_for_each_table() -> None:
    text = (TOP / "docs" / "results.md").read_text("utf-8")
    places = [text.index(one) for one in (THIS, OTHER)]
    assert text.count(THIS) == text.count(OTHER) == 1
    assert places[0] < text.index(run_all.END) < places[1] < text.rindex(run_all.END)


def test_a_row_tells_its_figure_or_that_the_benchmark_failed() -> None:
    rows = [
        run_all.Row("opening, s", ("open.py", "--photos", "9"), "seconds.median", "2"),
        run_all.Row("closing, s", ("close.py",), "seconds", "1"),
        run_all.Row("what it does not say", ("open.py", "--photos", "9"), "seconds.least", "–"),
    ]
    table = run_all.table(rows, {("open.py", "--photos", "9"): {"seconds": {"median": 1.5}}, ("close.py",): None})
    assert table.splitlines()[2:5] == [
        "| opening, s | 1.5 | 2 | `open.py --photos 9` |",
        "| closing, s | failed | 1 | `close.py` |",
        "| what it does not say | failed | – | `open.py --photos 9` |",
    ]
    assert "numpy" in table
    assert max(len(line) for line in table.splitlines()) <= 120


def test_every_command_is_a_benchmark() -> None:
    assert all((TOP / "benchmarks" / row.command[0]).is_file() for row in run_all.ROWS)
