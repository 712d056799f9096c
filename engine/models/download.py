"""Fetching published weights: the one place where the network is used, and only when a person asks for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.models.clip_weights import hub_files, missing_weights
from engine.models.encoder import EncoderUnavailable
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
    """Fetch published weights (`MODEL:TAG`) into the cache. What came of an interrupted download is not fetched again.

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
        downloaded = _from_hub(tag, begins) if tag.get("hf_hub") else _from_address(tag, begins)
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
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError

    repository, candidates = hub_files(tag)
    for candidate in candidates:
        address = hf_hub_url(repository, candidate)
        try:
            found = get_hf_file_metadata(address)
        except EntryNotFoundError:
            continue
        # The hub names large files by their SHA-256, small ones otherwise.
        published = found.etag if found.etag and len(found.etag) == 64 else None
        begins(Source(address, found.size, published))
        return _checked(Path(hf_hub_download(repository, candidate)), published)
    raise EncoderUnavailable(
        Sentence("{repository} has none of the files {files} any more.").format(
            repository=repository, files=", ".join(candidates)
        )
    )


def _from_address(tag: dict[str, Any], begins: Callable[[Source], None]) -> Downloaded:
    import open_clip

    begins(Source(tag["url"], None, None))
    # open_clip compares with the checksum that is a part of such an address.
    return _checked(Path(open_clip.download_pretrained(tag)), None)


def _checked(file: Path, published: str | None) -> Downloaded:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if published is not None and digest != published:
        file.resolve().unlink()
        file.unlink(missing_ok=True)
        raise EncoderUnavailable(
            Sentence(
                "What came has the checksum {digest}, but {published} was published: it was changed on the way, and "
                "was deleted. Try again, or from another network."
            ).format(digest=digest, published=published)
        )
    return Downloaded(file, digest, published is not None)
