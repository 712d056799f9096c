"""The wheel as it is installed: two packages, whose names and files those of somebody else do not hide."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
OTHER_PACKAGES = sysconfig.get_paths()["purelib"]

FOREIGN = "raise SystemExit('a file of somebody else was run')\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel was unpacked into."""
    build = pytest.importorskip("hatchling.build")
    made, folder = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(TOP)
        wheel = made / build.build_wheel(str(made))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def cdul_script(installed: Path, tmp_path: Path) -> list[str]:
    """The command `cdul` as pip writes it. Without `site`, the checkout is not on the path, only what is installed."""
    script = tmp_path / "bin" / "cdul"
    script.parent.mkdir()
    script.write_text(
        f"import sys\nsys.path += {[str(installed), OTHER_PACKAGES]}\nfrom cdul_gui.door import main\nmain()\n"
    )
    return [sys.executable, "-S", str(script)]


def folder_of_somebody_else(folder: Path, *packages: str) -> Path:
    for package in packages:
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text(FOREIGN)
    (folder / "main.py").write_text(FOREIGN)
    return folder


def run(command: list[str], folder: Path, python_path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": python_path}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_nothing_but_two_packages_is_installed(installed: Path) -> None:
    there = {entry.name for entry in installed.iterdir() if entry.suffix not in (".dist-info", ".data")}
    assert there == {"cdul_gui", "engine"}
    for package in there:
        assert (installed / package / "py.typed").is_file()


def test_the_man_page_and_completions_go_where_systems_look_for_them(installed: Path) -> None:
    (prefix,) = installed.glob("*.data/data")
    assert {file.relative_to(prefix).as_posix() for file in prefix.rglob("*") if file.is_file()} >= {
        "share/man/man1/cdul.1",
        "share/bash-completion/completions/cdul",
        "share/zsh/site-functions/_cdul",
        "share/fish/vendor_completions.d/cdul.fish",
    }


def test_labels_where_others_have_the_same_names(
    cdul_script: list[str], photo_folder: Path, tiny_clip: Path, tmp_path: Path
) -> None:
    here = folder_of_somebody_else(tmp_path / "here", "engine", "cdul_gui", "resources")
    on_the_path = folder_of_somebody_else(tmp_path / "on the path", "engine", "resources")
    label = [*cdul_script, "label", str(photo_folder), "--labels", "voc", "--encoder", str(tiny_clip)]
    done = run(label, here, str(on_the_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Labelled 8 of 8 photos with 20 labels")


def test_the_package_runs_beside_an_engine_of_somebody_else(installed: Path, tmp_path: Path) -> None:
    here = folder_of_somebody_else(tmp_path / "here", "engine", "resources")
    python_path = os.pathsep.join([str(installed), OTHER_PACKAGES])
    done = run([sys.executable, "-S", "-m", "cdul_gui", "--version"], here, python_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("cdul ")


def test_an_engine_of_somebody_else_that_came_first_is_named(installed: Path, tmp_path: Path) -> None:
    """What was imported already cannot be taken back."""
    other = tmp_path / "here" / "engine" / "__init__.py"
    other.parent.mkdir(parents=True)
    other.touch()
    done = run([sys.executable, "-S", "-c", "import engine, cdul_gui"], tmp_path / "here", str(installed))
    assert done.returncode == 1
    assert f"Another package called engine, imported from {other}, hides CDUL's" in done.stderr


def test_the_door_loads_neither_qt_nor_torch(installed: Path, tmp_path: Path) -> None:
    told = "import sys, cdul_gui.door, engine; print(sorted({'PySide6', 'torch', 'timm'} & sys.modules.keys()))"
    python_path = os.pathsep.join([str(installed), OTHER_PACKAGES])
    assert run([sys.executable, "-S", "-c", told], tmp_path, python_path).stdout == "[]\n"
