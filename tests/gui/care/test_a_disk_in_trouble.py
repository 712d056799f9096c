"""A disk that is full, or that the system makes read-only, while the window has a project on it open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ACTED = Path(__file__).parent / "on_a_disk.py"


@pytest.mark.parametrize("trouble", ["full", "read_only"])
def test_the_window_says_it_loses_nothing_and_goes_on(trouble: str, tmp_path: Path) -> None:
    # A disk in a file wants the administrator, one in memory only a space of its own.
    space = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    image = tmp_path / "disk.image"
    image.write_bytes(bytes(4 << 20))
    kind = ["-t", "tmpfs", "none"] if trouble == "full" else ["-o", "loop", str(image)]
    may = shutil.which("unshare") and (trouble == "full" or not subprocess.run(["mkfs.ext4", "-q", image]).returncode)
    if not may or subprocess.run([*space, "mount", *kind, tmp_path], capture_output=True).returncode:
        pytest.skip("This system lets no program have such a disk of its own.")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"{ACTED}::test_{trouble}"]
    done = subprocess.run(
        [*space, *command, f"--basetemp={tmp_path / 'acted'}"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout[-3000:]
