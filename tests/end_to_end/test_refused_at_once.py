"""What is wrong with a first `cdul label` is said before any network's library is loaded, and leaves no project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from commands import Cdul
from making import make_photo
from safetensors.torch import save_file
from test_nothing_heavy_is_loaded import PROGRAM

NO_NNCF = "import sys\nsys.modules['nncf'] = None\n"


def test_no_encoder_at_all_is_not_taken_for_that_of_before(
    cdul: Cdul, photo_folder: Path, machine_of_its_own: Path
) -> None:
    """As an unset variable in a script gives it."""
    for nothing in ("", " ", "fast:"):
        refused = cdul("label", photo_folder, "--encoder", nothing)
        assert (refused.code, "There is no encoder" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--fast", "Leave out --fast"),
        ("--fast --encoder nonsense", "no encoder 'nonsense'"),
        ("--fast --encoder ViT-B-32:nonsense", "no weights 'nonsense'"),
        ("--encoder ViT-B-32:openai", "not on this machine"),
        ("--encoder ViT-B-32:FOLDER/clip.safetensors", "clip.safetensors@openai"),
        ("--fast --encoder ViT-B-32:FOLDER/clip.safetensors", "clip.safetensors@openai"),
        ("--encoder FOLDER/damaged.safetensors", "is damaged"),
        ("--encoder ViT-B-32:FOLDER/other.pt", "holds no CLIP"),
        ("--fast --encoder ViT-B-32:FOLDER/clip.safetensors@openai", "pip install 'cdul[fast]'"),
        ("--threshold 7", "from 0 to 1"),
        ("--temperature -1", "above 0"),
        ("--labels cocoo", "did you mean coco"),
        ("--list FOLDER/list.txt", "names no photo"),
    ],
)
def test_it_is_said_at_once_and_leaves_no_project(
    arguments: str, said: str, tmp_path: Path, machine_of_its_own: Path
) -> None:
    photos = make_photo(tmp_path / "photos" / "photo.jpg").parent
    save_file({"logit_scale": torch.ones(())}, tmp_path / "clip.safetensors")
    torch.save({"weights": torch.ones(2)}, tmp_path / "other.pt")
    (tmp_path / "list.txt").write_text("nothing.jpg\n")
    (tmp_path / "damaged.safetensors").write_bytes(b"\xff" * 40)
    words = [word.replace("FOLDER", str(tmp_path)) for word in arguments.split()]
    command = [sys.executable, "-c", NO_NNCF + PROGRAM, "label", str(photos), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    *sentences, last = done.stderr.splitlines()
    assert said in "\n".join(sentences)
    assert last in ("1", "2")  # no library
    assert [file.name for file in photos.iterdir()] == ["photo.jpg"]


@pytest.mark.parametrize("command", ["refine PHOTOS", "predict PHOTOS --classifier PHOTOS"])
def test_nor_does_training_load_anything_to_find_nothing(command: str, tmp_path: Path) -> None:
    photos = str(make_photo(tmp_path / "photos" / "photo.jpg").parent)
    words = [photos if word == "PHOTOS" else word for word in command.split()]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True, timeout=120)
    assert done.stderr.splitlines()[-1] == "1"
