"""A checkpoint that carries code is refused, and the code never runs."""

import os
import pickle
import shutil
from pathlib import Path

import pytest
import torch
from making import TINY_NETWORK

from engine.errors import UserError
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.training.backbones import open_backbone
from engine.models.training.classifier import Classifier

# What PyTorch has to say of such a file is not for whoever was given it.
pytestmark = pytest.mark.filterwarnings("error:Detected pickle protocol:UserWarning")


class Code:
    """What a pickle would run on being loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (os.fspath(self.trace),)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """What is there once the code has run."""
    return tmp_path / "the code ran"


@pytest.mark.parametrize("name", ["model.pt", "model.bin", "model.safetensors"])
@pytest.mark.parametrize("plain", [True, False], ids=["plain pickle", "torch's own"])
def test_given_as_weights_of_a_clip(name: str, plain: bool, trace: Path, tmp_path: Path) -> None:
    file = tmp_path / name
    if plain:
        file.write_bytes(pickle.dumps(Code(trace)))
    else:
        torch.save({"state_dict": Code(trace)}, file)
    with pytest.raises(UserError):
        ClipEncoder.open(f"ViT-B-32:{file}", device="cpu")
    assert not trace.exists()


@pytest.mark.parametrize("name", ["open_clip_pytorch_model.bin", "open_clip_model.safetensors"])
def test_in_the_folder_of_a_clip(name: str, tiny_clip: Path, trace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(tiny_clip / "open_clip_config.json", folder)
    torch.save({"visual.proj": Code(trace)}, folder / name)
    with pytest.raises(UserError):
        ClipEncoder.open(str(folder), device="cpu")
    assert not trace.exists()


@pytest.mark.parametrize("plain", [True, False], ids=["plain pickle", "torch's own"])
def test_given_as_weights_of_a_network_to_train(plain: bool, trace: Path, tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    if plain:
        file.write_bytes(pickle.dumps(Code(trace)))
    else:
        torch.save({"state_dict": Code(trace)}, file)
    with pytest.raises(UserError):
        open_backbone(TINY_NETWORK, file)
    assert not trace.exists()


def test_damaged_weights_of_a_network_to_train_are_said_to_be(tmp_path: Path) -> None:
    for name, content in (("cut.safetensors", b"\x40\0\0\0\0\0\0\0{"), ("empty.safetensors", b""), ("cut.pth", b"PK")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match="cannot be read as those of"):
            open_backbone(TINY_NETWORK, tmp_path / name)


def test_in_the_folder_of_a_classifier(trace: Path, tmp_path: Path) -> None:
    for name in ("model.safetensors", "model.pt", "classifier.json"):
        (tmp_path / name).write_bytes(pickle.dumps(Code(trace)))
    with pytest.raises(UserError):
        Classifier.load(tmp_path)
    assert not trace.exists()
