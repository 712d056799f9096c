"""`cdul watch`: once in a script, and until Ctrl+C beside other commands."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Cdul
from making import make_photo

TOP = Path(__file__).parents[2]


def test_once_labels_what_came_and_lists_it(label: Cdul, cdul: Cdul, photo_folder: Path) -> None:
    label()
    make_photo(photo_folder / "new.jpg", 30)
    result = cdul("watch", photo_folder, "--once", "--json")
    assert result.code == 0, result.err
    (line,) = result.out.splitlines()
    assert json.loads(line)["file_name"] == "new.jpg"
    assert [one["file_name"] for one in _listed(cdul, photo_folder, "state:new")] == ["new.jpg"]
    assert cdul("watch", photo_folder, "--once").out.splitlines()[-1:] == ["Nothing new came."]
    again = cdul("watch", photo_folder, "--once", "-q")
    assert (again.code, again.out) == (0, "")


def test_a_folder_that_is_not_there_is_an_error(cdul: Cdul, tmp_path: Path) -> None:
    result = cdul("watch", tmp_path / "nowhere", "--once")
    assert result.code == 1
    assert "There is no folder" in result.err


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is another thing there")
def test_until_ctrl_c_and_other_commands_may_come_between(label: Cdul, cdul: Cdul, photo_folder: Path) -> None:
    label()
    command = [sys.executable, TOP / "main.py", "watch", photo_folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TOP) as watching:
        try:
            assert watching.stdout is not None
            assert watching.stderr is not None
            assert watching.stdout.readline().startswith("Watching")
            make_photo(photo_folder / "new.jpg", 30)
            assert watching.stdout.readline().startswith("new.jpg\t")
            assert len(_listed(cdul, photo_folder, "state:new")) == 1
            watching.send_signal(signal.SIGINT)
            assert watching.wait(60) == 130
            assert "Stopped" in watching.stderr.read()
        finally:
            watching.kill()


def _listed(cdul: Cdul, photos: Path, filter_text: str) -> list[dict[str, str]]:
    lines = cdul("list", photos, "--filter", filter_text, "--json").out.splitlines()
    return [json.loads(line) for line in lines]
