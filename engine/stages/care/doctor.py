"""What a person is asked for when something does not work."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from engine import plug_ins
from engine.broken_package import broken_package
from engine.errors import UserError
from engine.models.encoders.catalog import open_encoder
from engine.models.encoders.checkpoints.shown import shown
from engine.models.encoders.download import endpoint
from engine.models.encoders.encoder import Encoder
from engine.models.encoders.known import STARTER
from engine.models.encoders.proxy import proxy_for, without_password
from engine.models.openvino_package import openvino_or_none
from engine.project import Project
from engine.stages.labelling.labelled_before import labelled_before

_PACKAGES = ("torch", "torchvision", "open_clip_torch", "timm", "openvino", "nncf", "PySide6-Essentials")

PACKAGE_PROBLEM = "package problem"
PROBLEM = "encoder problem"
"""Under which it is said what is wrong with a package or with an encoder; not there if nothing is."""


def facts(project: Project | None = None, encoder: str | None = None) -> Iterator[tuple[str, Any]]:
    """Versions, device, threads, model caches, where projects go that cannot lie beside their photos, and an encoder.

    One after the other, as opening torch and an encoder take seconds.

    Args:
        project: whose encoder in force is looked at, unless one is named; the starter without either.
        encoder: by its name; see `open_encoder`.
    """
    yield "cdul", version("cdul")
    yield "python", platform.python_version()
    yield "system", platform.platform()
    for package in _PACKAGES:
        yield package, _version(package)
    yield from _machine().items()
    yield from _broken_packages().items()
    yield from _plug_ins().items()
    yield "projects", f"PHOTOS/.cdul, or {user_data_path('cdul', appauthor=False) / 'projects'}"
    yield from _of_encoder(encoder or _in_force(project)).items()


def details(project: Project | None = None, trace: str = "") -> str:
    """What a report of a fault should contain, as text: `facts`, and where the fault happened.

    It holds no photo, label or name of a person: the home folder is written ~, and the photo folder PHOTOS.
    """
    text = "\n".join(f"{name:20} {value}" for name, value in facts(project)) + (f"\n\n{trace.strip()}" if trace else "")
    if project is not None:
        text = text.replace(str(project.photos), "PHOTOS")
    home = str(Path.home())
    return (text.replace(home, "~") if len(home) > 1 else text) + "\n"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _machine() -> dict[str, Any]:
    import torch
    from huggingface_hub import constants

    from engine.models.device import chosen_device, devices, name_of_precision, precision_for

    chosen = chosen_device()
    device = torch.device(chosen.name)
    return {
        "device": str(device),
        "precision": name_of_precision(precision_for(device)),
        **{f"device {name}": problem or title for name, title, problem in devices() if name != "cpu"},
        **({"note": chosen.note} if chosen.note else {}),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "model cache": str(constants.HF_HUB_CACHE),
        "fetched from": endpoint(),
        "fetched through": without_password(proxy_for(endpoint()) or "no proxy"),
    }


def _broken_packages() -> dict[str, str]:
    """Of the packages of which labelling does not tell: training alone needs the one, and does without the other."""
    found = []
    names = ["torchvision"]
    if find_spec("openvino") is not None and openvino_or_none() is None:
        names.append("openvino")
    for name in names:
        try:
            import_module(name)
        except Exception as error:
            if (broken := broken_package(error)) is None:
                raise
            found.append(str(broken))
    return {PACKAGE_PROBLEM: " ".join(found)} if found else {}


def _plug_ins() -> dict[str, str]:
    """Those that are installed, and what is wrong with formats among them."""
    import engine.formats.registry  # noqa: F401 - it loads them

    points = [*plug_ins.named("cdul.formats").values(), *plug_ins.named("cdul.encoders").values()]
    found = {f"plug-in {point.name}": plug_ins.package_of(point) for point in points}
    return found | {f"plug-in problem {at}": str(each) for at, each in enumerate(plug_ins.problems(), 1)}


def _in_force(project: Project | None) -> str:
    before = labelled_before(project) if project is not None else None
    return before.encoder if before is not None else STARTER


def _of_encoder(name: str) -> dict[str, Any]:
    """What an encoder is made of, how it is used, and whether it says what it said before."""
    try:
        encoder = open_encoder(name, remember=False)
    except UserError as error:
        return {"encoder": shown(name, 1000), PROBLEM: str(error)}
    return {"encoder": encoder.name, "encoder id": encoder.id, **_opening(encoder), **_output(encoder)}


def _opening(encoder: Encoder) -> dict[str, Any]:
    from engine.models.encoders.clip_encoder import ClipEncoder
    from engine.models.encoders.clip_use import sha256

    if not isinstance(encoder, ClipEncoder) or encoder.opening is None:
        return {}
    opening = encoder.opening
    use = opening.use
    return {
        "encoder file": str(opening.weights),
        "encoder SHA-256": sha256(opening.weights),
        "encoder network": opening.model,
        "encoder activation": use.activation,
        "encoder pixels": use.pixels,
        "encoder use known": str(use.known_from),
        "encoder precision": f"kept in {opening.stored}, computed in {opening.computed}",
        "encoder device": opening.device,
    }


def _output(encoder: Encoder) -> dict[str, str]:
    from engine.models.encoders.reference import compare_output, remember_output

    compared = compare_output(encoder)
    if compared is None:
        remember_output(encoder)
        return {"encoder output": "nothing to compare with yet; kept now, for the next time"}
    if compared.same:
        return {"encoder output": f"as it was ({compared.made}); difference {compared.difference:.1g}"}
    return {
        "encoder output": f"CHANGED since {compared.made}: difference {compared.difference:.2g}, where rounding makes "
        f"up to {compared.allowed:g}",
        PROBLEM: "Embeddings kept from then do not go with new ones; label in a new project, or go back to the version "
        "that it was.",
    }
