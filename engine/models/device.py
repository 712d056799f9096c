"""Where networks run, and how exactly.

What can be decided is decided by plain facts, so that a machine without a graphics card can tell what one with it
would do; only `this_machine` asks the hardware.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.errors import UserError, WrongUsage
from engine.models.device_choice import AUTO, VARIABLE, DeviceWish, WishedBy, device_wish, tell_note
from engine.models.processor import known_without_torch
from engine.wording import Sentence

if TYPE_CHECKING:
    import torch

_NO_TENSOR_CORES = re.compile(r"GTX 16\d\d")
"""Turing without tensor cores: convolutions in float16 are known to come out as no numbers on them."""


@dataclass(frozen=True)
class Card:
    """A graphics card that CUDA (or ROCm in its place) shows.

    `capability`: NVIDIA's compute capability, (7, 5) for Turing. `architecture`: AMD's, `gfx1100`; empty for NVIDIA.
    `memory`: bytes in all. `fault`: why a first small computation failed on it, None if it did not or was not tried.
    """

    name: str
    capability: tuple[int, int]
    memory: int
    architecture: str = ""
    fault: str | None = None


@dataclass(frozen=True)
class Machine:
    """What there is to compute on. `built_for`: the architectures in the installed torch, as it names them."""

    cards: tuple[Card, ...] = ()
    built_for: tuple[str, ...] = ()
    mps: bool = False
    processor: Mapping[str, bool] = field(default_factory=dict)
    """What torch says the processor can do."""


@dataclass(frozen=True)
class DeviceChoice:
    """`name` of the device, and why it is not the one that is better or wanted; None where it is."""

    name: str
    note: Sentence | None = None


def why_not(card: Card, built_for: Sequence[str]) -> Sentence | None:
    """Why networks cannot run on this card with the installed torch; None if they can.

    A program for compute capability 7.5 runs on all 7.x from 7.5 on; torch's portable part (`compute_90`) on all that
    come later.
    """
    if not _is_built_for(card, built_for):
        return Sentence(
            "The graphics card {name} is of a kind ({kind}) that the installed PyTorch was not built for "
            "({built_for}). Another build of PyTorch may know it: https://pytorch.org/get-started"
        ).format(name=card.name, kind=_kind(card), built_for=", ".join(built_for) or "none")
    if card.fault is not None:
        return Sentence("The graphics card {name} does not compute ({why}).").format(name=card.name, why=card.fault)
    return None


def _is_built_for(card: Card, built_for: Sequence[str]) -> bool:
    if card.architecture:
        return not built_for or card.architecture in built_for
    for name in built_for:
        found = re.fullmatch(r"(sm|compute)_(\d+)(\d)([af]?)", name)
        if found is None:
            continue
        version = (int(found[2]), int(found[3]))
        if found[1] == "compute" and version <= card.capability and not found[4]:
            return True
        if found[1] == "sm" and version[0] == card.capability[0]:
            if found[4] == "a" and version == card.capability:
                return True
            if found[4] != "a" and version <= card.capability:
                return True
    return not built_for


def _kind(card: Card) -> str:
    return card.architecture or "sm_{}{}".format(*card.capability)


def choose_device(wish: DeviceWish, machine: Machine) -> DeviceChoice:
    """The device for a wish in such a machine: the first card that serves, else MPS, else the processor.

    A setting that does not fit the machine any more falls back with a note; what was asked for just now does not.

    Raises:
        WrongUsage: what was asked for is not in this machine.
        UserError: it is, but cannot compute.
    """
    problems = [why_not(card, machine.built_for) for card in machine.cards]
    if wish.name != AUTO:
        refused = _refusal(wish.name, machine, problems)
        if refused is None:
            return DeviceChoice(wish.name)
        if wish.by is not WishedBy.SETTING:
            raise refused
        best = choose_device(DeviceWish(AUTO, WishedBy.NOBODY), machine)
        return DeviceChoice(
            best.name,
            Sentence("{why} CDUL computes on {device} instead.").format(
                why=refused.sentence, device=_device_in_words(best.name)
            ),
        )
    for index, problem in enumerate(problems):
        if problem is None:
            return DeviceChoice("cuda" if index == 0 else f"cuda:{index}")
    best_name = "mps" if machine.mps else "cpu"
    if not problems:
        return DeviceChoice(best_name)
    return DeviceChoice(
        best_name,
        Sentence("{why} CDUL computes on {device} instead.").format(
            why=problems[0], device=_device_in_words(best_name)
        ),
    )


def _refusal(name: str, machine: Machine, problems: Sequence[Sentence | None]) -> UserError | None:
    available = [*_names_of_cards(machine), *(["mps"] if machine.mps else []), "cpu"]
    if name not in available:
        return WrongUsage(
            Sentence("Expected the device to be auto or one in this machine ({available}), but got {name!r}.").format(
                available=", ".join(available), name=name
            )
        )
    if name.startswith("cuda"):
        problem = problems[int(name.partition(":")[2] or 0)]
        if problem is not None:
            return UserError(problem)
    return None


def _names_of_cards(machine: Machine) -> list[str]:
    return ["cuda", *(f"cuda:{index}" for index in range(len(machine.cards)))] if machine.cards else []


def _device_in_words(name: str) -> Sentence:
    return Sentence("the processor") if name == "cpu" else Sentence("{name}").format(name=name)


def best_numbers(name: str, machine: Machine) -> str:
    """In which numbers a network is fast and right on a device of this name.

    bfloat16 on NVIDIA cards from Ampere on, AMD's, and processors with instructions for it: each can compute in it,
    but others several times slower than in float32. float16 on Turing and Volta, whose tensor cores know no other, and
    on Apple's.
    """
    if name.startswith("cuda"):
        card = machine.cards[int(name.partition(":")[2] or 0)]
        if card.architecture or card.capability >= (8, 0):
            return "bfloat16"
        halves = card.capability >= (7, 0) and not _NO_TENSOR_CORES.search(card.name)
        return "float16" if halves else "float32"
    if name == "mps":
        return "float16"
    known = machine.processor
    return "bfloat16" if known.get("avx512_bf16") or known.get("amx_bf16") else "float32"


def best_precision(name: str, machine: Machine) -> torch.dtype:
    """`best_numbers` as torch has them."""
    import torch

    numbers: torch.dtype = getattr(torch, best_numbers(name, machine))
    return numbers


@lru_cache(maxsize=1)
def this_machine() -> Machine:
    """Ask the hardware, once in a process; torch, which takes long to load, only where it could find a card."""
    known = known_without_torch()
    if known is not None:
        return Machine(processor=known)
    import torch

    cards: list[Card] = []
    built_for: tuple[str, ...] = ()
    if torch.cuda.is_available():
        built_for = tuple(torch.cuda.get_arch_list())
        for index in range(torch.cuda.device_count()):
            facts = torch.cuda.get_device_properties(index)
            architecture = str(getattr(facts, "gcnArchName", "")).partition(":")[0] if torch.version.hip else ""
            card = Card(facts.name, (facts.major, facts.minor), int(facts.total_memory), architecture)
            if why_not(card, built_for) is None:
                card = Card(card.name, card.capability, card.memory, architecture, _fault(index))
            cards.append(card)
    abilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    processor = {name: bool(value) for name, value in abilities.items()}
    return Machine(tuple(cards), built_for, torch.backends.mps.is_available(), processor)


def _fault(index: int) -> str | None:
    """What one small computation fails with: a card may be there and yet be of no use, or be full."""
    import torch

    try:
        numbers = torch.ones(8, device=f"cuda:{index}")
        return None if float(numbers @ numbers) == 8 else "1 and 1 do not make 2 there"
    except RuntimeError as error:
        return (str(error).strip() or type(error).__name__).splitlines()[0]


def chosen_device(name: str = AUTO) -> DeviceChoice:
    """The device to compute on in this machine; see `choose_device` and `device_for`."""
    wish = device_wish() if name == AUTO else DeviceWish(name, WishedBy.OPTION)
    try:
        return choose_device(wish, this_machine())
    except UserError as error:
        if wish.by is not WishedBy.VARIABLE:
            raise
        raise type(error)(Sentence("{variable}: {error}").format(variable=VARIABLE, error=error.sentence)) from error


def device_named(name: str = AUTO) -> str:
    """The device to compute on. Where it is not the one that is better or set, a person is told why.

    Args:
        name: auto for what is wished (`engine.models.device_choice`) or else is best, or cpu, mps, cuda, cuda:1 and
            so on.

    Raises:
        WrongUsage: the device is not in this machine.
        UserError: it is, but cannot compute.
    """
    choice = chosen_device(name)
    if choice.note is not None:
        tell_note(choice.note)
    return choice.name


def device_for(name: str = AUTO) -> torch.device:
    """`device_named` as torch has it."""
    import torch

    return torch.device(device_named(name))


def memory_of(device: str) -> int | None:
    """Bytes of a card; None for what is no card."""
    index = int(device.partition(":")[2] or 0)
    return this_machine().cards[index].memory if device.startswith("cuda") else None


def precision_for(device: torch.device) -> torch.dtype:
    """See `best_precision`, for a device of this machine."""
    return best_precision(str(device), this_machine())


def precision_named(name: str, device: torch.device) -> torch.dtype:
    """float32, bfloat16 or float16 by name; `auto` for what is fast and right on the device."""
    import torch

    precision: torch.dtype = getattr(torch, numbers_named(name, str(device)))
    return precision


def numbers_named(name: str, device: str) -> str:
    """float32, bfloat16 or float16; of `auto` what is fast and right on the device."""
    return best_numbers(device, this_machine()) if name == AUTO else name


def name_of_precision(precision: torch.dtype) -> str:
    """As the ids of encoders have it, e.g. `bfloat16`."""
    return str(precision).removeprefix("torch.")


def devices() -> list[tuple[str, Sentence, Sentence | None]]:
    """Each device of this machine: its name, what it is called, and why it is of no use (None if it is)."""
    machine = this_machine()
    found: list[tuple[str, Sentence, Sentence | None]] = [
        (
            f"cuda:{index}",
            Sentence("{name}, {memory:.0f} GB").format(name=card.name, memory=card.memory / 2**30),
            why_not(card, machine.built_for),
        )
        for index, card in enumerate(machine.cards)
    ]
    if machine.mps:
        found.append(("mps", Sentence("Apple's graphics"), None))
    return [*found, ("cpu", Sentence("The processor"), None)]
