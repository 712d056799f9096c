"""A package of others that cannot be loaded is told as that, with how to install it anew; not as a mistake of CDUL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.broken_package import BrokenPackage, broken_package


def put(folder: Path, name: str, code: str) -> Path:
    """A package of one file in a folder."""
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(code)
    return folder


def error_of(name: str) -> Exception:
    """What comes of importing a module."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is
        import_module(name)
    assert isinstance(caught.value, Exception)
    return caught.value


def test_a_torchvision_made_for_another_torch(photo_folder: Path, tiny_clip: Path, tmp_path: Path) -> None:
    put(tmp_path, "torchvision", "raise RuntimeError('operator torchvision::nms does not exist')")
    command = [sys.executable, "-m", "cdul_gui", "label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog"]
    done = subprocess.run(
        [*command, "--json"], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )
    assert (done.returncode, done.stdout) == (1, "")
    said = json.loads(done.stderr.splitlines()[-1])["error"]
    assert said.startswith(f"Expected a torchvision that is made for torch {version('torch')}, but torchvision ")
    assert "(operator torchvision::nms does not exist). Both must come from the same index. Install it again: " in said
    assert " torch torchvision" in said


def test_the_doctor_knows_before_a_training_needs_it(tmp_path: Path) -> None:
    put(tmp_path, "torchvision", "raise RuntimeError('operator torchvision::nms does not exist')")
    command = [sys.executable, "-m", "cdul_gui", "doctor", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert json.loads(done.stdout)["package problem"].startswith("Expected a torchvision that is made for torch ")


@pytest.mark.skipif(find_spec("openvino") is None, reason="not for this kind of processor")
def test_an_openvino_that_does_not_load_is_done_without_and_the_doctor_says_so(
    tmp_path: Path, photo_folder: Path
) -> None:
    put(tmp_path, "openvino", "raise RuntimeError('this processor is too old')")
    command = [sys.executable, "-m", "cdul_gui"]
    with_it = {**os.environ, "PYTHONPATH": str(tmp_path)}
    labelling = [*command, "label", photo_folder, "--labels", "cat,dog"]
    assert subprocess.run(labelling, capture_output=True, env=with_it).returncode == 0
    done = subprocess.run([*command, "doctor", "--json"], capture_output=True, text=True, env=with_it)
    assert done.returncode == 1
    assert "openvino" in json.loads(done.stdout)["package problem"]
    assert "this processor is too old" in json.loads(done.stdout)["package problem"]


def test_the_index_is_the_one_that_torch_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "torchvision", "raise RuntimeError('operator torchvision::nms does not exist')")
    for name, number in {"torch": "2.13.0+cpu", "torchvision": "0.27.0"}.items():
        info = tmp_path / f"{name}-{number}.dist-info"
        info.mkdir()
        needed = "Requires-Dist: torch==2.12.0\n" if name == "torchvision" else ""
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n{needed}")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    told = str(broken_package(error_of("torchvision")))
    assert "made for torch 2.13.0+cpu, but torchvision 0.27.0 is made for torch 2.12.0 (operator" in told
    assert told.endswith(" torch torchvision --index-url https://download.pytorch.org/whl/cpu")


def test_a_library_that_is_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "brittle", "from brittle import _brittle")
    (tmp_path / "brittle" / "_brittle.abi3.so").write_bytes(b"\x7fELF, and then nothing")
    monkeypatch.syspath_prepend(tmp_path)
    told = broken_package(error_of("brittle"))
    assert isinstance(told, BrokenPackage)
    assert str(told).startswith("Expected the package brittle to load, but it does not (")
    assert "_brittle.abi3.so" in str(told)


def test_one_that_is_not_there() -> None:
    told = str(broken_package(error_of("brittle_too")))
    assert told.startswith("Expected the package brittle_too to be installed, but it is not (No module named ")


def test_what_cdul_needs_is_asked_for_as_it_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "timm.layers", None)
    told = str(broken_package(error_of("timm.layers")))
    assert told.startswith(f"Expected the package timm {version('timm')} to load, but it does not (import of ")
    assert "timm>=1.0.26" in told


def test_an_error_of_the_program_itself_is_none_of_it() -> None:
    with pytest.raises(ValueError, match="one day") as caught:
        int("one day")
    assert broken_package(caught.value) is None
    assert broken_package(error_of("engine.no_such_thing")) is None
