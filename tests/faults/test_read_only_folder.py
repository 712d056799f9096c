"""Photos in a folder that nobody may write to: their project is kept in the user's own data folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Cdul


def as_anybody() -> list[str]:
    """What makes an administrator heed permissions as anybody must."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("An administrator may write everywhere, and setpriv, which could take that right away, is missing.")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def test_labelled_without_writing_there(photo_folder: Path, tiny_clip: Path, machine_of_its_own: Path) -> None:
    command = [*as_anybody(), sys.executable, "-m", "cdul_gui", "label", str(photo_folder), "--encoder", str(tiny_clip)]
    folders = [photo_folder, *(folder for folder in photo_folder.rglob("*") if folder.is_dir())]
    before = sorted(photo_folder.rglob("*"))
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = subprocess.run([*command, "--labels", "cat,dog"], capture_output=True, text=True, timeout=120)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert sorted(photo_folder.rglob("*")) == before
    [project] = machine_of_its_own.glob("data/cdul/projects/*/project.sqlite")
    assert project.parent.name.startswith(f"{photo_folder.name}-")


SEVERAL = """
import contextlib, io, json, sys
from cdul_gui import door
told = []
for command in json.loads(sys.argv[1]):
    sys.argv = ["cdul", *command]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as said:
        told.append([door.run(), said.getvalue()])
print(json.dumps(told))
"""
"""Several commands in one process, which imports torch once: the exit code and the standard error of each."""


def test_a_project_that_can_no_longer_be_written_can_still_be_read(
    photo_folder: Path, tiny_clip: Path, tmp_path: Path, cdul: Cdul
) -> None:
    photos, scores = str(photo_folder), tmp_path / "scores.csv"
    label = ["label", photos, "--encoder", str(tiny_clip), "--labels", "cat"]
    assert cdul(*label).code == 0
    kept = photo_folder / ".cdul"
    for file in (kept, *kept.iterdir()):
        file.chmod(0o555 if file.is_dir() else 0o444)
    before = {file.name: file.read_bytes() for file in kept.iterdir() if file.is_file()}
    export = ["export", photos, "--format", "scores", "--out", str(scores)]
    commands = json.dumps([label, export, ["search", photos, "a cat", "--top", "1"]])
    try:
        done = subprocess.run(
            [*as_anybody(), sys.executable, "-c", SEVERAL, commands], capture_output=True, text=True, timeout=120
        )
    finally:
        kept.chmod(0o755)
    assert done.returncode == 0, done.stderr
    (refused, why), exported, found = json.loads(done.stdout)
    assert refused == 1
    assert "cannot be written" in why
    assert "Traceback" not in why
    assert exported == [0, ""]
    assert scores.read_text("utf-8").count("\n") == 9
    assert found == [0, ""]
    assert {file.name: file.read_bytes() for file in kept.iterdir() if file.is_file()} == before
