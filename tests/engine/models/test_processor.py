"""What is told of a machine without torch is what torch tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from engine.models import processor
from engine.models.processor import known_without_torch


@pytest.mark.skipif(known_without_torch() is None, reason="there may be a card here")
def test_the_processor_can_do_what_torch_says() -> None:
    told = known_without_torch() or {}
    by_torch = torch.cpu.get_capabilities()
    assert {name: bool(by_torch.get(name)) for name in told} == told
    assert not torch.cuda.is_available()


def test_torch_is_asked_where_a_driver_of_a_card_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "_DRIVERS", (str(tmp_path),))
    assert known_without_torch() is None


@pytest.mark.parametrize(("flags", "bfloat16"), [("fpu avx2 avx512_bf16", True), ("fpu avx2", False)])
def test_numbers_of_a_processor_are_read_from_its_flags(tmp_path: Path, flags: str, bfloat16: bool) -> None:
    information = tmp_path / "cpuinfo"
    information.write_text(f"processor\t: 0\nmodel name\t: X\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: fpu\n")
    told = processor._of_linux(information)
    assert told is not None
    assert told["avx512_bf16"] is bfloat16
    information.write_text("processor\t: 0\n")
    assert processor._of_linux(information) is None
