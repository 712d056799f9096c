"""What a person installed beside the program: the template's format and encoder, and two that are broken."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from PIL import Image

TOP = Path(__file__).parents[2]
TEMPLATE = TOP / "packaging" / "plugin_template"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The folder that the template is installed into, as pip does it, and a package with broken plug-ins."""
    described = tomllib.loads((TEMPLATE / "pyproject.toml").read_text("utf-8"))["project"]
    broken = {"cdul.formats": {"torn": "cdul_torn:FORMAT"}, "cdul.encoders": {"torn": "cdul_torn:Encoder"}}
    for name, points in ((described["name"], described["entry-points"]), ("cdul-torn", broken)):
        info = tmp_path / "site" / f"{name.replace('-', '_')}-0.1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")
        lines = [
            f"[{group}]\n" + "".join(f"{key} = {of}\n" for key, of in each.items()) for group, each in points.items()
        ]
        (info / "entry_points.txt").write_text("\n".join(lines))
    shutil.copy(TEMPLATE / "cdul_example.py", tmp_path / "site")
    (tmp_path / "site" / "cdul_torn.py").write_text("raise SystemExit('torn')\n")
    return tmp_path / "site"


def cdul(installed: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cdul_gui", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TOP), str(installed)])}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, cwd=installed)


def test_a_format_and_an_encoder_of_others_serve_like_our_own(installed: Path, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("red", "green", "blue"):
        Image.new("RGB", (40, 40), name).save(photos / f"{name[0]}.png")
    out = tmp_path / "out.lines"
    labelled = cdul(
        installed,
        "label",
        photos,
        "--labels",
        "red,green,blue",
        "--encoder",
        "colours",
        "--format",
        "lines",
        "--out",
        out,
    )
    assert labelled.returncode == 0, labelled.stderr
    assert "The plug-in torn of the package cdul-torn 0.1.0 cannot be used and is left out: SystemExit: torn." in (
        labelled.stderr
    )
    lines = out.read_text().splitlines()
    assert [line[0] for line in lines] == ["b", "g", "r"]
    out.write_text("r.png: red, new\n")
    taken = cdul(installed, "import", photos, out, "--json")  # it looks like the format
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["format"] == "lines"


def test_a_broken_encoder_is_a_sentence(installed: Path, photo_folder: Path) -> None:
    told = cdul(installed, "doctor", "--encoder", "torn")
    assert told.returncode == 1
    assert "The encoder torn of the package cdul-torn 0.1.0 cannot be opened: SystemExit: torn." in told.stdout
    assert "plug-in lines" in told.stdout
    assert "Traceback" not in told.stdout + told.stderr
