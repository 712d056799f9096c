"""Broken photos do not end a run: each is labelled or reported, and memory stays small."""

import json
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parent.parent.parent / "benchmarks" / "broken_photos.py"


def test_hundreds_of_broken_photos() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCHMARK), "--photos", "500"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["labelled"] + told["reported"] == 500
    broken = told["reported_by_kind"]
    assert [broken[kind] for kind in ("cut off", "empty", "text", "bomb", "noise")] == [50] * 5
    assert told["strange_but_labelled"] == 200
    assert told["peak_memory_mb"] < 1500
