"""Files of the hub on this machine: found where its own client looks for them, and put there for it.

Loads no network's library.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from engine.models.encoders.remembered import weights_folder


def hub_cache() -> Path:
    """The folder that the hub's client keeps its files in, for all programs of this user."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def cached_file(repository: str, file: str) -> Path | None:
    """A file of a repository, in the hub's cache or where a person keeps weights; None if it is not there.

    As the hub's own client finds it, which takes half a second to load.
    """
    for folder in (hub_cache(), weights_folder()):
        if folder is None:
            continue
        of_repository = repository_folder(folder, repository)
        try:
            state = (of_repository / "refs" / "main").read_text("utf-8")
        except (OSError, ValueError):
            state = "main"
        found = of_repository / "snapshots" / state / file
        if found.is_file():
            return found
    return None


def cached_weights(tag: dict[str, Any]) -> Path | None:
    """The file of published weights on this machine, in the hub's cache or open_clip's own; None if not there."""
    repository, candidates = hub_files(tag)
    for candidate in candidates:
        if (found := cached_file(repository, candidate)) is not None:
            return found
    if url := tag.get("url"):
        file = own_cache() / url.rpartition("/")[2]
        if file.is_file():
            return file
    return None


def hub_files(tag: dict[str, Any]) -> tuple[str, list[str]]:
    """The hub's repository, and the files in it that may hold the weights, the safest first."""
    repository, _, file = tag.get("hf_hub", "").rpartition("/")
    if not repository:
        return "", []
    file = file or "open_clip_pytorch_model.bin"
    safe = ["open_clip_model.safetensors"] if file == "open_clip_pytorch_model.bin" else []
    return repository, [*safe, str(Path(file).with_suffix(".safetensors")), file]


def own_cache() -> Path:
    """Where open_clip itself, and OpenAI's package, put weights that do not come from the hub."""
    return Path.home() / ".cache" / "clip"


def blob_place(folder: Path, repository: str, etag: str) -> Path:
    """Where a file with this content lies in a cache."""
    return repository_folder(folder, repository) / "blobs" / etag


def repository_folder(folder: Path, repository: str) -> Path:
    """Where a cache keeps a repository."""
    return folder / f"models--{repository.replace('/', '--')}"


def put_into_cache(folder: Path, repository: str, file: str, blob: Path, commit: str) -> Path:
    """Make a file that was fetched known under its name, as the hub's client does; returns where it lies."""
    of_repository = repository_folder(folder, repository)
    named = of_repository / "snapshots" / commit / file
    named.parent.mkdir(parents=True, exist_ok=True)
    (of_repository / "refs").mkdir(parents=True, exist_ok=True)
    beside = named.with_name(f"{named.name}.{os.getpid()}")
    try:
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.path.relpath(blob, named.parent))
        beside.replace(named)
    except OSError:  # Windows lets not everybody make links
        blob.replace(named)
    (of_repository / "refs" / "main").write_text(commit, "utf-8")
    return named
