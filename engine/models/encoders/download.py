"""Fetching published weights: the one place where the network is used, and only when a person asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.encoders.clip_weights import hub_files, missing_weights
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.fetch import fetch, sha256
from engine.wording import Sentence


@dataclass(frozen=True)
class Source:
    """What is about to be fetched: its address, its size in bytes and its SHA-256, None where nobody tells them."""

    address: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True)
class Downloaded:
    """Weights that are here now; `checked`: their checksum is the one that was published."""

    file: Path
    sha256: str
    checked: bool


def download_weights(name: str, begins: Callable[[Source], None]) -> Downloaded:
    """Fetch published weights (`MODEL:TAG`) into the cache. What came before a stop, or a kill, is not fetched again.

    Args:
        begins: told what is fetched before it is.

    Raises:
        EncoderUnavailable: no such weights, no way to fetch them, or not the ones that were published.
    """
    from huggingface_hub import constants

    constants.HF_HUB_OFFLINE = False  # see engine.models
    import open_clip

    model, _, weights = name.partition(":")
    tag = open_clip.get_pretrained_cfg(model, weights)
    if not tag:
        raise EncoderUnavailable(
            Sentence("There are no published weights {name!r}; `cdul encoders --all` lists them.").format(name=name)
        )
    try:
        downloaded = _from_hub(tag, begins)
        # Some models read texts with a tokenizer from the hub, which must be here as well.
        open_clip.get_tokenizer(model)
        return downloaded
    except EncoderUnavailable:
        raise
    except Exception as error:  # the hub's client raises a dozen kinds
        raise EncoderUnavailable(
            Sentence("{missing} The download failed: {error}").format(missing=missing_weights(name, tag), error=error)
        ) from error


def _from_hub(tag: dict[str, Any], begins: Callable[[Source], None]) -> Downloaded:
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError
    from huggingface_hub.file_download import repo_folder_name
    from huggingface_hub.utils import build_hf_headers

    repository, candidates = hub_files(tag)
    for candidate in candidates:
        address = hf_hub_url(repository, candidate)
        try:
            found = get_hf_file_metadata(address)
        except EntryNotFoundError:
            continue
        # The hub names large files by their SHA-256, small ones otherwise.
        published = found.etag if re.fullmatch("[0-9a-f]{64}", found.etag or "") else None
        begins(Source(address, found.size, published))
        if published is not None:
            # Its client keeps no part of what it was fetching when it was stopped, but takes what lies here already.
            place = Path(constants.HF_HUB_CACHE, repo_folder_name(repo_id=repository, repo_type="model"), "blobs")
            if not (place / published).exists():
                fetch(address, place / published, size=found.size, published=published, headers=build_hf_headers())
        file = Path(hf_hub_download(repository, candidate))
        return Downloaded(file, sha256(file), published is not None)
    raise EncoderUnavailable(
        Sentence("{repository} has none of the files {files} any more.").format(
            repository=repository, files=", ".join(candidates)
        )
    )
