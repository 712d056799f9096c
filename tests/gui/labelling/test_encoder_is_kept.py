"""An encoder takes seconds to open: it is opened once and kept until another one is wanted."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from making import make_tiny_clip

from cdul_gui.session.labelling import OpenedEncoder
from engine.models.encoders.confirmed import confirm_encoder


def test_the_encoder_that_was_opened_last_is_kept(tiny_clip: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = make_tiny_clip(tmp_path / "other", seed=2)
    confirm_encoder(str(other))
    opened = OpenedEncoder()
    first = opened.open(str(tiny_clip))
    assert opened.open(str(tiny_clip)) is first
    assert opened.open(str(other)).id != first.id


def test_what_is_no_network_of_ours_is_said_to_compute_on_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.models.device.device_named", lambda: "cuda:0")
    for encoder, device in ((SimpleNamespace(), "cpu"), (SimpleNamespace(device="cuda:0"), "cuda")):
        monkeypatch.setattr("engine.models.encoders.catalog.open_encoder", lambda _name, encoder=encoder: encoder)
        opened = OpenedEncoder()
        opened.open("made up")
        assert opened.device == device
