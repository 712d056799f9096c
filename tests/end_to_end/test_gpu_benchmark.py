"""The script for a machine with a graphics card runs here in all its parts, so that it does not fail there."""

import json
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

import gpu


def test_every_part_runs_on_the_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "found.json"
    monkeypatch.setenv("CDUL_DEVICE", "cpu")
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--smoke", "--out", str(out)])
    gpu.main()
    found = json.loads(capsys.readouterr().out)
    assert found["device"] == "cpu"
    for part in ("starter", "tiny", "detector", "training"):
        assert "failed" not in found[part], found[part]
        assert found[part]["photos_a_second"] > 0
    for part in ("starter", "tiny"):
        assert all(one["ok"] for name, one in found[part].items() if name.startswith("scores"))
    assert json.loads(out.read_text())["training"] == found["training"]
