"""An encoder takes seconds to open: it is opened once and kept until another one is wanted."""

from pathlib import Path

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
