"""The script for a machine with a graphics card runs here in all its parts, so that it does not fail there."""

import json
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[2]


def test_every_part_runs_on_the_processor(tmp_path: Path) -> None:
    script, out = TOP / "benchmarks" / "gpu.py", tmp_path / "found.json"
    command = [sys.executable, str(script), "--smoke", "--out", str(out)]
    told = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "CDUL_DEVICE": "cpu"}
    )
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout)
    assert found["device"] == "cpu"
    for part in ("starter", "tiny", "detector", "training"):
        assert "failed" not in found[part], found[part]
        assert found[part]["photos_a_second"] > 0
    for part in ("starter", "tiny"):
        assert found[part]["scores_float32"]["ok"]
    assert json.loads(out.read_text())["training"] == found["training"]
