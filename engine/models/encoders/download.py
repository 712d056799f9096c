"""Fetching published weights: the one place where the network is used, and only when a person asks for it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.jobs import BYTES, NEVER, QUIET, Cancellation, Progress
from engine.models.encoders.failures import Cause, DownloadFailed, UnknownWeights
from engine.models.encoders.fetch import fetch, make_sure_of_room, partial_of, sha256
from engine.models.encoders.hub_cache import (
    blob_place,
    cached_file,
    hub_cache,
    hub_files,
    own_cache,
    put_into_cache,
    repository_folder,
)
from engine.models.encoders.known import BY_NAME
from engine.models.encoders.line import FileThere, look_up
from engine.models.encoders.open_clip_names import published
from engine.models.encoders.remembered import mirror, weights_folder
from engine.wording import Sentence

HUB = "https://huggingface.co"

_OF_A_TOKENIZER = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "config.json",
    "vocab.txt",
    "sentencepiece.bpe.model",
)
"""What a tokenizer of the hub may be made of; a repository has some of these."""


@dataclass(frozen=True)
class Source:
    """What is about to be fetched: the weights' address and SHA-256, None where nobody tells it; bytes in all."""

    address: str
    size: int | None
    sha256: str | None


@dataclass(frozen=True)
class Downloaded:
    """Weights that are here now; `checked`: their checksum is the one that was published."""

    file: Path
    sha256: str
    checked: bool


@dataclass(frozen=True)
class _Part:
    """One file to fetch. `repository` is None for one that does not come from the hub; then `place` is its own."""

    file: str
    there: FileThere
    place: Path
    published: str | None
    repository: str | None = None
    folder: Path = field(default_factory=hub_cache)

    def carry_out(self, headers: dict[str, str], progress: Progress, cancellation: Cancellation) -> Path:
        """Fetch it, unless it is here already."""
        size = self.there.size
        if self.place.exists():
            progress.skip(size or 0)
        else:
            fetch(
                self.there.address,
                self.place,
                size=size,
                published=self.published,
                headers=headers,
                progress=progress,
                cancellation=cancellation,
            )
        if self.repository is None:
            return self.place
        commit = self.there.commit or "main"
        return put_into_cache(self.folder, self.repository, self.file, self.place, commit)


def download_weights(
    name: str,
    progress: Progress = QUIET,
    cancellation: Cancellation = NEVER,
    *,
    begins: Callable[[Source], object] = lambda source: None,
) -> Downloaded:
    """Fetch published weights, and what reads the texts for them, into the cache.

    What came before a stop, or a kill, is not fetched again.

    Args:
        name: `MODEL:TAG` as open_clip publishes them.
        progress: counts bytes, also those that came before.
        begins: told what is fetched before it is.

    Raises:
        UnknownWeights: there are no such weights.
        DownloadFailed: why they could not be fetched; what came is kept, unless it was damaged.
        Cancelled: at once; what came is kept.
    """
    tag, of_text = _published(name)
    title = BY_NAME[name].title if name in BY_NAME else name
    progress.start(Sentence("Fetching {encoder}").format(encoder=title), total=None, unit=BYTES)
    headers = _headers()
    try:
        part = _weights(tag, headers, cancellation)
        parts = [part, *_of_texts(of_text, headers, cancellation)]
        total = sum(one.there.size or 0 for one in parts) or None
        begins(Source(part.there.address, total, part.published))
        folder = own_cache() if part.repository is None else part.folder
        folder.mkdir(parents=True, exist_ok=True)
        make_sure_of_room(folder, (total or 0) - sum(map(_here, parts)))
        progress.start(Sentence("Fetching {encoder}").format(encoder=title), total=total, unit=BYTES)
        file, *_others = [one.carry_out(headers, progress, cancellation) for one in parts]
    except DownloadFailed as failure:
        if failure.cause not in (Cause.NO_NETWORK, Cause.PROXY, Cause.REFUSED):
            raise
        raise DownloadFailed(
            failure.cause,
            Sentence("{why} {encoder} comes from {source}.").format(
                why=failure.sentence, encoder=title, source=_source_of(tag)
            ),
        ) from failure
    except OSError as error:
        raise DownloadFailed(
            Cause.NO_ROOM,
            Sentence("{folder} cannot be written to ({reason}).").format(
                folder=_folder_for_weights(), reason=error.strerror
            ),
        ) from error
    return Downloaded(file, part.published or sha256(file, cancellation), part.published is not None)


def _published(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What open_clip knows of published weights, and of the part of the model that reads texts."""
    if (known := BY_NAME.get(name)) is not None:
        return {"hf_hub": f"{known.repository}/"}, {"hf_tokenizer_name": known.tokenizer}
    model, _, weights = name.partition(":")
    if not (tag := published(model, weights)):
        raise UnknownWeights(
            Sentence(
                "There are no published weights {name!r}. Expected MODEL:TAG as open_clip has them, such as "
                "ViT-B-32:openai."
            ).format(name=name)
        )
    import open_clip

    return tag, (open_clip.get_model_config(model) or {}).get("text_cfg", {})


def begun(repository: str) -> int:
    """How many bytes of a repository's files came before a download was stopped."""
    folders = {hub_cache(), _folder_for_weights()}
    partials = (file for folder in folders for file in repository_folder(folder, repository).glob("blobs/*.partial"))
    return sum(map(_size, partials))


def _size(file: Path) -> int:
    """In bytes; 0 where it went meanwhile, as a download does that is done."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _folder_for_weights() -> Path:
    return weights_folder() or hub_cache()


def _here(part: _Part) -> int:
    """How many bytes of a file are here."""
    for file in (part.place, partial_of(part.place)):
        if file.exists():
            return file.stat().st_size
    return 0


def _weights(tag: dict[str, Any], headers: dict[str, str], cancellation: Cancellation) -> _Part:
    repository, candidates = hub_files(tag)
    for candidate in candidates:
        if (part := _part(repository, candidate, _folder_for_weights(), headers, cancellation)) is not None:
            return part
    if url := tag.get("url"):
        there = look_up(url, {}, cancellation)
        if there is not None:
            return _Part(Path(url).name, there, own_cache() / url.rpartition("/")[2], _digest_in(url))
    raise DownloadFailed(
        Cause.NOT_THERE,
        Sentence("{repository} has none of the files {files} any more.").format(
            repository=repository or tag.get("url", ""), files=", ".join(candidates)
        ),
    )


def _of_texts(of_text: dict[str, Any], headers: dict[str, str], cancellation: Cancellation) -> list[_Part]:
    """What else a model needs from the hub, besides its weights, to read texts."""
    wanted: dict[str, Sequence[str]] = {}
    if network := of_text.get("hf_model_name"):
        wanted[network] = ("config.json",)
    if tokenizer := of_text.get("hf_tokenizer_name"):
        wanted[tokenizer] = _OF_A_TOKENIZER
    parts = [
        _part(repository, file, hub_cache(), headers, cancellation)
        for repository, files in wanted.items()
        for file in files
        if cached_file(repository, file) is None
    ]
    return [part for part in parts if part is not None]


def _part(
    repository: str, file: str, folder: Path, headers: dict[str, str], cancellation: Cancellation
) -> _Part | None:
    """A file as the hub has it now; None where it has no such file."""
    from huggingface_hub import hf_hub_url

    there = look_up(hf_hub_url(repository, file, endpoint=endpoint()), headers, cancellation)
    if there is None or there.etag is None or not re.fullmatch(r"[\w.-]+", there.etag):
        return None  # a name that leads nowhere else
    # The hub names large files by their SHA-256, small ones otherwise.
    published = there.etag if re.fullmatch("[0-9a-f]{64}", there.etag) else None
    return _Part(file, there, blob_place(folder, repository, there.etag), published, repository, folder)


def endpoint() -> str:
    """The address that weights are fetched from: a mirror that a person named, HF_ENDPOINT, or huggingface.co."""
    return mirror() or os.environ.get("HF_ENDPOINT", "").rstrip("/") or HUB


def _headers() -> dict[str, str]:
    from huggingface_hub.utils import build_hf_headers

    # A token is for the hub and for no mirror of it.
    return dict(build_hf_headers(token=None if endpoint() == HUB else False))


def _source_of(tag: dict[str, Any]) -> str:
    repository, _files = hub_files(tag)
    return f"{endpoint()}/{repository}" if repository else str(tag.get("url", ""))


def _digest_in(url: str) -> str | None:
    """The SHA-256, or its beginning, that an address tells of its file, as OpenAI's and open_clip's do."""
    found = re.search(r"/([0-9a-f]{64})/[^/]+$", url) or re.search(r"-([0-9a-f]{8})\.pth?$", url)
    return found[1] if found else None
