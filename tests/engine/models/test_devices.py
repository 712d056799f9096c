"""Which device computes, told by the facts of machines that no test has."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from commands import Cdul

from engine.errors import UserError, WrongUsage
from engine.models import device as device_module
from engine.models.device import Card, Machine, best_precision, choose_device, device_for, devices, why_not
from engine.models.device_choice import (
    DeviceWish,
    WishedBy,
    device_wish,
    hear_notes,
    keep_device,
    kept_device,
    wish_device,
)
from engine.user_settings import keep_user_setting, user_setting
from engine.wording import Sentence

WHEEL = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120", "compute_120")
"""What a wheel of torch is built for."""

GTX_1080 = Card("NVIDIA GeForce GTX 1080", (6, 1), 8 << 30)
V100 = Card("Tesla V100", (7, 0), 16 << 30)
RTX_2080 = Card("NVIDIA GeForce RTX 2080", (7, 5), 8 << 30)
GTX_1660 = Card("NVIDIA GeForce GTX 1660", (7, 5), 6 << 30)
A100 = Card("NVIDIA A100", (8, 0), 80 << 30)
RTX_4090 = Card("NVIDIA GeForce RTX 4090", (8, 9), 24 << 30)
H200 = Card("NVIDIA H200", (9, 0), 141 << 30)
OF_TOMORROW = Card("NVIDIA X", (13, 0), 200 << 30)
RADEON = Card("Radeon RX 7900", (11, 0), 24 << 30, "gfx1100")

AUTO = DeviceWish("auto", WishedBy.NOBODY)


@pytest.fixture(autouse=True)
def nothing_wished(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("CDUL_DEVICE", raising=False)
    wish_device(None)
    yield
    wish_device(None)
    hear_notes(None)


@pytest.mark.parametrize(
    ("card", "precision"),
    [
        (RTX_2080, torch.float16),
        (GTX_1660, torch.float32),
        (A100, torch.bfloat16),
        (RTX_4090, torch.bfloat16),
        (H200, torch.bfloat16),
        (OF_TOMORROW, torch.bfloat16),
        (RADEON, torch.bfloat16),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_cards_that_serve_and_in_which_numbers(card: Card, precision: torch.dtype) -> None:
    machine = Machine((card,), ("gfx90a", "gfx1100") if card.architecture else WHEEL)
    assert choose_device(AUTO, machine).name == "cuda"
    assert choose_device(AUTO, machine).note is None
    assert best_precision("cuda", machine) == precision


@pytest.mark.parametrize("card", [GTX_1080, V100, Card("Radeon VII", (9, 0), 16 << 30, "gfx906")])
def test_a_card_that_torch_was_not_built_for_leaves_it_to_the_processor_and_says_so(card: Card) -> None:
    choice = choose_device(AUTO, Machine((card,), ("gfx1100",) if card.architecture else WHEEL))
    assert choice.name == "cpu"
    assert choice.note is not None
    assert card.name in choice.note
    assert "the processor instead" in choice.note


def test_an_architecture_with_features_of_its_own_serves_that_one_alone() -> None:
    assert why_not(H200, ("sm_90a",)) is None
    assert why_not(Card("B200", (10, 0), 1), ("sm_90a", "compute_90a")) is not None
    assert why_not(V100, ("sm_70",)) is None


def test_another_card_is_taken_where_the_first_is_too_old() -> None:
    machine = Machine((GTX_1080, RTX_4090), WHEEL)
    assert choose_device(AUTO, machine).name == "cuda:1"
    assert best_precision("cuda:1", machine) == torch.bfloat16


def test_a_card_that_fails_at_its_first_sum_is_not_used() -> None:
    choice = choose_device(AUTO, Machine((Card("A100", (8, 0), 1, fault="out of memory"),), WHEEL, mps=False))
    assert choice.name == "cpu"
    assert "out of memory" in str(choice.note)


def test_apples_graphics_and_processors() -> None:
    assert choose_device(AUTO, Machine(mps=True)).name == "mps"
    assert best_precision("mps", Machine(mps=True)) == torch.float16
    assert best_precision("cpu", Machine(processor={"amx_bf16": True})) == torch.bfloat16
    assert best_precision("cpu", Machine(processor={"avx512_f": True})) == torch.float32


@pytest.mark.parametrize("by", [WishedBy.OPTION, WishedBy.VARIABLE])
def test_what_is_asked_for_and_is_not_there_is_refused(by: WishedBy) -> None:
    with pytest.raises(WrongUsage, match="cuda, cuda:0, cpu"):
        choose_device(DeviceWish("cuda:1", by), Machine((A100,), WHEEL))
    with pytest.raises(UserError, match="sm_61"):
        choose_device(DeviceWish("cuda", by), Machine((GTX_1080,), WHEEL))


def test_a_setting_that_fits_no_more_falls_back_and_says_so() -> None:
    choice = choose_device(DeviceWish("cuda", WishedBy.SETTING), Machine(mps=True))
    assert choice.name == "mps"
    assert "on mps instead" in str(choice.note)


def test_the_processor_can_be_wished_beside_a_card() -> None:
    assert choose_device(DeviceWish("cpu", WishedBy.SETTING), Machine((A100,), WHEEL)).name == "cpu"


def test_option_before_variable_before_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device_wish() == AUTO
    keep_device("cuda:1")
    assert (kept_device(), device_wish()) == ("cuda:1", DeviceWish("cuda:1", WishedBy.SETTING))
    monkeypatch.setenv("CDUL_DEVICE", "MPS")
    assert device_wish() == DeviceWish("mps", WishedBy.VARIABLE)
    wish_device("cpu")
    assert device_wish() == DeviceWish("cpu", WishedBy.OPTION)
    assert device_for() == torch.device("cpu")
    wish_device(None)
    monkeypatch.delenv("CDUL_DEVICE")
    keep_device("auto")
    assert device_wish() == AUTO


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "", "cuda:0; rm"])
def test_what_names_no_device(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongUsage, match="--device"):
        wish_device(name)
    with pytest.raises(WrongUsage, match="device"):
        keep_device(name)
    if name:
        monkeypatch.setenv("CDUL_DEVICE", name)
        with pytest.raises(WrongUsage, match="CDUL_DEVICE"):
            device_for()


def test_settings_of_the_user_survive_damage_and_each_other(machine_of_its_own: Path) -> None:
    keep_user_setting("device", "cpu")
    keep_user_setting("other", "thing")
    assert (user_setting("device"), user_setting("other")) == ("cpu", "thing")
    [file] = (machine_of_its_own / "config").rglob("settings.json")
    file.write_text('["no", "object"]')
    assert user_setting("device") is None
    keep_user_setting("device", "mps")
    assert user_setting("device") == "mps"


def test_a_setting_that_cannot_be_kept_is_a_sentence(machine_of_its_own: Path) -> None:
    (machine_of_its_own / "config").write_text("a file where a folder should be")
    with pytest.raises(UserError, match="cannot be kept"):
        keep_user_setting("device", "cpu")


def test_whoever_listens_is_told_once_why_the_card_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_module, "this_machine", lambda: Machine((GTX_1080,), WHEEL))
    told: list[Sentence] = []
    hear_notes(told.append)
    assert device_for() == device_for() == torch.device("cpu")
    [note] = told
    assert "GTX 1080" in note
    assert [(name, problem is None) for name, _, problem in devices()] == [("cuda:0", False), ("cpu", True)]


def test_the_command_line_says_it_and_labels_all_the_same(
    cdul: Cdul, photo_folder: Path, tiny_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device_module, "this_machine", lambda: Machine((GTX_1080,), WHEEL))
    labelled = cdul("label", photo_folder, "--labels", "cat,dog", "--encoder", str(tiny_clip))
    assert labelled.code == 0
    assert "GTX 1080" in labelled.err
    assert labelled.err.count("the processor instead") == 1
    refused = cdul("label", photo_folder, "--device", "cuda")
    assert (refused.code, "sm_61" in refused.err) == (1, True)
    assert cdul("label", photo_folder, "--device", "gpu").code == 2
    told = cdul("doctor", "--device", "cpu").out
    assert "sm_61" in told
