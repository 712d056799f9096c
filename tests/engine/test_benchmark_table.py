"""`make bench` writes its table between two comments of docs/results.md and leaves the rest as it is."""

import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
sys.path.append(str(TOP / "benchmarks"))

import run_all  # noqa: E402


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "results.md"
    file.write_text(f"# Results\n\n{run_all.BEGIN}\nan older table\n{run_all.END}\n\n## More\n", "utf-8")
    return file


def test_only_the_table_is_another(document: Path) -> None:
    run_all.put_between(document, "| a new one |")
    run_all.put_between(document, "| a newer one |")
    expected = f"# Results\n\n{run_all.BEGIN}\n| a newer one |\n{run_all.END}\n\n## More\n"
    assert document.read_text("utf-8") == expected
    assert [file.name for file in document.parent.iterdir()] == ["results.md"]


@pytest.mark.parametrize("text", ["# Results\n", f"{run_all.END}\n{run_all.BEGIN}\n", f"{run_all.BEGIN}\n"])
def test_a_document_without_the_comments_is_left_alone(document: Path, text: str) -> None:
    document.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="make bench writes from here"):
        run_all.put_between(document, "| a new one |")
    assert document.read_text("utf-8") == text


def test_the_document_has_a_place_for_the_table() -> None:
    text = (TOP / "docs" / "results.md").read_text("utf-8")
    assert 0 < text.index(run_all.BEGIN) < text.index(run_all.END)
    assert text.count(run_all.BEGIN) == text.count(run_all.END) == 1


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
