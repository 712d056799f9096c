"""What turns texts into the tokens of a CLIP: OpenAI's, which open_clip brings, or one that was published with it.

Published ones are read by the library `tokenizers`, as data. open_clip has transformers do that, which is not among
CDUL's dependencies, may run code that lies beside a tokenizer, and may go looking for files on the network.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch

from engine.models.encoders.checkpoints.configuration import read_json
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.hub_cache import cached_file
from engine.wording import Sentence

Tokenize = Callable[[list[str]], torch.Tensor]
"""Texts to tokens: texts x context length, int64."""

TOKENIZER_FILE = "tokenizer.json"
_FILES = ("tokenizer_config.json", "special_tokens_map.json")
_MOST_BYTES = 64 << 20


class TokenizerMissing(EncoderUnavailable):
    """The weights are here, but what cuts texts into their tokens is not; the message says what to do."""


def open_tokenizer(name: str, text: dict[str, Any], *, beside: Path, published: bool) -> Tokenize:
    """The tokenizer of a CLIP. Nothing is fetched.

    Args:
        name: of the encoder, for people.
        text: open_clip's configuration of the text network.
        beside: the folder that the weights lie in, where the tokenizer may be too.
        published: whether the configuration is one of open_clip's own, so that the repository that it names is meant.

    Raises:
        TokenizerMissing: it is not on this machine.
        EncoderUnavailable: it is damaged.
    """
    import open_clip

    length = text.get("context_length", open_clip.tokenizer.DEFAULT_CONTEXT_LENGTH)
    options = text.get("tokenizer_kwargs") or {}
    repository = text.get("hf_tokenizer_name")
    if not repository:
        tokenize = _openais(length, options.get("clean", "lower"))
    else:
        places = [_cached(repository) if published else None, beside]
        found = next((place for place in places if place is not None and (place / TOKENIZER_FILE).is_file()), None)
        if found is not None:
            tokenize = _Published(
                found, length, options.get("clean", "whitespace"), bool(options.get("strip_sep_token"))
            )
        elif published:
            tokenize = _from_transformers(name, repository, length, options)
        else:
            raise TokenizerMissing(
                Sentence(
                    "The tokenizer of {name} is missing: put the {file} that was published with it into {folder}."
                ).format(name=name, file=TOKENIZER_FILE, folder=beside)
            )
    return _checked(tokenize, name, text.get("vocab_size"))


@lru_cache(maxsize=2)  # it takes .3 s to read its words
def _openais(length: int, clean: str) -> Tokenize:
    import open_clip

    return open_clip.SimpleTokenizer(context_length=length, clean=clean)


def _checked(tokenize: Tokenize, name: str, known: int | None) -> Tokenize:
    """The same, which says so where it makes tokens that the network does not know."""

    def checked(texts: list[str]) -> torch.Tensor:
        tokens = tokenize(texts)
        if known is not None and tokens.numel() and int(tokens.max()) >= known:
            raise EncoderUnavailable(
                Sentence(
                    "The tokenizer of {name} does not belong to its network: it makes a token {token:,}, but the "
                    "network knows {known:,}."
                ).format(name=name, token=int(tokens.max()), known=known)
            )
        return tokens

    return checked


class _Published:
    """A tokenizer as `tokenizer.json` describes it, filled up to the context length as transformers does."""

    def __init__(self, folder: Path, length: int, clean: str, strip_separator: bool) -> None:
        from open_clip.tokenizer import get_clean_fn
        from tokenizers import Tokenizer

        file = folder / TOKENIZER_FILE
        try:
            if file.stat().st_size > _MOST_BYTES:
                raise ValueError("it is too large")
            self._tokenizer = Tokenizer.from_file(str(file))
        except Exception as error:  # the library raises bare Exceptions
            raise EncoderUnavailable(
                Sentence("The tokenizer {file} cannot be read; it is damaged.").format(file=file)
            ) from error
        self._clean = get_clean_fn(clean)
        said = {key: value for one in reversed(_FILES) for key, value in _read(folder / one).items()}
        self._end_texts(said)
        padding = self._token(said.get("pad_token")) or self._first("<pad>", "[PAD]") or self._filled_up_with()
        if padding is None:
            raise EncoderUnavailable(
                Sentence("The tokenizer {file} does not say what short texts are filled up with.").format(file=file)
            )
        self._tokenizer.enable_truncation(length)
        self._tokenizer.enable_padding(length=length, pad_id=padding[1], pad_token=padding[0])
        separator = self._token(said.get("sep_token")) or self._first("[SEP]")
        self._separator = separator[1] if strip_separator and separator else None

    def __call__(self, texts: list[str]) -> torch.Tensor:
        encoded = self._tokenizer.encode_batch([self._clean(text) for text in texts])
        tokens = torch.tensor([one.ids for one in encoded], dtype=torch.long)
        return tokens if self._separator is None else tokens.masked_fill(tokens == self._separator, 0)

    def _end_texts(self, said: dict[str, Any]) -> None:
        """Begin and end texts as `tokenizer_config.json` says, which for Gemma's and Llama's counts more."""
        from tokenizers.processors import TemplateProcessing

        if not isinstance(said.get("add_eos_token"), bool):
            return
        begin = self._token(said.get("bos_token")) if said.get("add_bos_token") else None
        end = self._token(said.get("eos_token")) if said["add_eos_token"] else None
        around = [token for token in (begin, end) if token is not None]
        if around:
            parts = [*([begin[0]] if begin else []), "$A", *([end[0]] if end else [])]
            self._tokenizer.post_processor = TemplateProcessing(single=parts, special_tokens=around)

    def _token(self, said: Any) -> tuple[str, int] | None:
        """A token and its number, from its text or from the object that it is in."""
        token = said.get("content") if isinstance(said, dict) else said
        number = self._tokenizer.token_to_id(token) if isinstance(token, str) else None
        return None if number is None else (str(token), number)

    def _first(self, *tokens: str) -> tuple[str, int] | None:
        return next((found for token in tokens if (found := self._token(token)) is not None), None)

    def _filled_up_with(self) -> tuple[str, int] | None:
        padding = self._tokenizer.padding
        return (padding["pad_token"], padding["pad_id"]) if padding else None


def _from_transformers(name: str, repository: str, length: int, options: dict[str, Any]) -> Tokenize:
    """One that was published in another form, which transformers reads where it is installed and the files are here."""
    try:
        from open_clip.tokenizer import HFTokenizer

        return HFTokenizer(repository, context_length=length, **options)
    except Exception as error:  # not installed, not here, or of a kind that it does not know
        raise TokenizerMissing(
            Sentence(
                "The tokenizer of {name} is not on this machine; the weights alone are not enough. It comes from "
                "huggingface.co/{repository} and is fetched with the weights; or put its {file} beside them."
            ).format(name=name, repository=repository, file=TOKENIZER_FILE)
        ) from error


def _cached(repository: str) -> Path | None:
    """The folder of a repository in the caches of this machine that has the tokenizer."""
    found = cached_file(repository, TOKENIZER_FILE)
    return None if found is None else found.parent


def _read(file: Path) -> dict[str, Any]:
    return read_json(file) if file.is_file() else {}
