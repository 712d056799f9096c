"""A disk that is full, or suddenly only to be read, while a project on it is open: a sentence, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DISK = Path(__file__).parent / "disk_of_its_own.py"


def in_a_space_of_its_own(*command: str) -> list[str]:
    return ["unshare", "--user", "--map-root-user", "--mount", *command]


@pytest.fixture(scope="module", autouse=True)
def may_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where nobody but the administrator may have a disk of their own."""
    place = tmp_path_factory.mktemp("mount")
    mount = in_a_space_of_its_own("mount", "-t", "tmpfs", "none", str(place))
    if shutil.which("unshare") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("This system lets no program have a disk of its own.")


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_in_trouble(trouble: str, tmp_path: Path, tiny_clip: Path, tiny_network: Path) -> None:
    command = [sys.executable, str(DISK), trouble, str(tmp_path / "disk"), str(tiny_clip), str(tiny_network)]
    done = subprocess.run(in_a_space_of_its_own(*command), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    verbs = ["answer", "label", "refine", "export", "add a label", *(["open"] if trouble == "read-only" else [])]
    for verb in verbs:
        assert told["said"][verb], f"{verb} did not say that it could do nothing"
        assert any(word in told["said"][verb] for word in ("written", "reading only")), told["said"][verb]
    assert told["read meanwhile"] == [1, 0]
    assert told["afterwards"] == [1, 1]
    assert told["labelled"] == 9
