"""What the README shows of the engine in Python runs as it stands there."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def test_the_example_labels_refines_and_prints_a_table(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = re.search(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert example is not None
    assert len(example[1].split("\n\n")[1].splitlines()) + 1 == 5
    monkeypatch.chdir(photo_folder.parent)
    photo_folder.rename("PHOTOS")
    exec(compile(example[1], "README.md", "exec"), {})  # noqa: S102 (our own text)
    printed = capsys.readouterr().out
    assert "beach.jpg" in printed
    assert "zebra.bmp" in printed
