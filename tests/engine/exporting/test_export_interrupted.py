"""A full disk or a kill in the middle of an export leaves what was there before, and nothing half-written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from making import HARD_PHOTOS, export_as

from engine.formats.files.whole_file import WriteError
from engine.project import Project

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither limits on files nor SIGKILL")

# `cdul export` on a disk that takes files of a few bytes only, once everything to export is known.
FULL_DISK = """
import resource, sys
from cdul_gui import door
from engine.stages.exporting import export
select = export.select
def limited(*arguments):
    selected = select(*arguments)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20))
    return selected
export.select = limited
sys.exit(door.run())
"""

# `cdul export` that tells when some of it is written, and then waits to be killed.
SLOW = """
import sys, types
from cdul_gui import door
from engine.formats import coco, voc
from engine.stages.exporting import export
def wait(*_):
    print("begun", flush=True)
    sys.stdin.read()
coco._annotations = export.shutil.copystat = wait
voc.np = types.SimpleNamespace(where=wait)
sys.exit(door.run())
"""

# `cdul export` that is killed once what it replaces is out of the way.
KILLED_BETWEEN = """
import os, signal, sys
from pathlib import Path
from cdul_gui import door
rename = Path.rename
def rename_and_die(file, place):
    rename(file, place)
    os.kill(os.getpid(), signal.SIGKILL)
Path.rename = rename_and_die
sys.exit(door.run())
"""


def command(script: str, project: Project, *arguments: str) -> list[str]:
    return [sys.executable, "-c", script, "export", str(project.photos), *arguments]


@pytest.mark.parametrize("name", ["coco", "csv", "voc", "labelme"])
def test_a_full_disk(name: str, hard_names: Project, tmp_path: Path) -> None:
    out = tmp_path / "exports" / "out"
    export_as(hard_names, name, out)
    before = content_of(out)
    hard_names.close()
    more = [] if out.is_file() else ["--replace"]
    run = subprocess.run(
        command(FULL_DISK, hard_names, "--format", name, "--out", str(out), *more), capture_output=True, text=True
    )
    assert run.returncode == 1
    assert run.stderr == f"{out} could not be written (File too large); nothing was changed there.\n"
    assert content_of(out) == before
    assert [file.name for file in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "wishes", [["--format", "coco"], ["--format", "voc"], ["--format", "huggingface", "--photos", "copy"]]
)
def test_killed_in_the_middle(wishes: list[str], hard_names: Project, tmp_path: Path) -> None:
    out = tmp_path / "exports" / "out"
    hard_names.close()
    with subprocess.Popen(
        command(SLOW, hard_names, *wishes, "--out", str(out)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "begun\n"
        assert len(list(out.parent.iterdir())) == 1
        running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    assert not out.exists()
    # The next one is not in the way of what was left, and the photos are as they were.
    (left,) = out.parent.iterdir()
    with Project.open(hard_names.photos) as project:
        export_as(project, wishes[1], out)
        assert set(out.parent.iterdir()) == {out, left}  # for all we know another program is writing it
        os.utime(left, (0, 0))
        export_as(project, wishes[1], out, replace=True)
        assert set(out.parent.iterdir()) == {out}
    assert sum(file.is_file() for file in hard_names.photos.rglob("[!.]*.*g")) >= len(HARD_PHOTOS)


def test_killed_when_the_earlier_export_is_moved_away(hard_names: Project, tmp_path: Path) -> None:
    out = tmp_path / "exports" / "out"
    export_as(hard_names, "voc", out)
    before = content_of(out)
    hard_names.close()
    killed = subprocess.run(command(KILLED_BETWEEN, hard_names, "--format", "voc", "--out", str(out), "--replace"))
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    with Project.open(hard_names.photos) as project:
        # It is back, as it was, and may be replaced by who says so.
        with pytest.raises(WriteError, match="holds an earlier export"):
            export_as(project, "voc", out)
        assert content_of(out) == before
        assert [file.name for file in out.parent.iterdir()] == ["out"]
        export_as(project, "labelme", out, replace=True)
    assert content_of(out) != before
    assert [file.name for file in out.parent.iterdir()] == ["out"]


def content_of(out: Path) -> dict[str, bytes]:
    files = [out] if out.is_file() else [file for file in out.rglob("*") if file.is_file()]
    return {str(file): file.read_bytes() for file in files}
