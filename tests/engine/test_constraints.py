"""`constraints.txt`, which `make` installs by, fits what `pyproject.toml` asks for on every system and Python."""

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parents[2]

PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]

ASKED_FOR = [
    Requirement(text) for part in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()) for text in part
]

OF_THE_MACHINE = {"torch", "torchvision"}
"""Which build of these is the right one depends on the machine."""


def pins() -> dict[str, list[Requirement]]:
    found = defaultdict(list)
    for line in (TOP / "constraints.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pin = Requirement(line)
            found[canonicalize_name(pin.name)].append(pin)
    return found


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_whatever_is_asked_for_has_one_release_within_its_bounds(python: str, system: str) -> None:
    there = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_machine": "x86_64",
    }
    locked = pins()
    for asked in ASKED_FOR:
        name = canonicalize_name(asked.name)
        if name in {"cdul", *OF_THE_MACHINE} or (asked.marker and not asked.marker.evaluate(there)):
            continue
        here = [pin for pin in locked[name] if pin.marker is None or pin.marker.evaluate(there)]
        assert len(here) == 1, f"{name} on Python {python}, {system}: {here}; run `make lock`"
        (release,) = here[0].specifier
        assert release.operator == "=="
        assert asked.specifier.contains(release.version), f"{asked}, but {here[0]}; run `make lock`"


def test_the_build_of_torch_is_left_to_the_machine() -> None:
    brought_along = ("nvidia-", "cuda-", "triton")
    assert not [name for name in pins() if name in OF_THE_MACHINE or name.startswith(brought_along)]


def test_every_dependency_has_a_lower_bound() -> None:
    unbound = [str(asked) for asked in ASKED_FOR if not asked.url and ">=" not in str(asked.specifier)]
    assert unbound == [text for text in unbound if text.startswith("cdul[")]
