"""A CLIP whose network for photos computes in whole numbers of 8 bits: faster, and not quite the same.

Which numbers of a layer become which whole ones is chosen by what the layer says of a person's own photos
(post-training quantisation with SmoothQuant and bias correction, by NNCF). What that costs is measured on others of
these photos.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.clip_in_openvino import AT_ONCE, OpenvinoClip, compiled
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.failures import NotCalibrated
from engine.models.encoders.fast_kept import FastCost, find_fast, keep_fast
from engine.models.encoders.fast_names import exact_name, fast_name
from engine.models.nncf_package import nncf_package
from engine.models.openvino_package import openvino_or_none
from engine.wording import Sentence

_LEAST = 0.97
"""Mean cosine with exact embeddings below which a network is not used: its labels would be others."""
_HELD_OUT = 4
"""Every so many photos one is held out."""

Snippets = npt.NDArray[np.uint8]


def open_fast(name: str) -> ClipEncoder:
    """Open the fast form of a CLIP, which computes on the processor.

    Raises:
        NotCalibrated: it was not made on this computer, or is damaged.
        EncoderUnavailable: the exact one cannot be opened, or has no such form.
    """
    encoder = ClipEncoder.open(exact_name(name), device="cpu")
    kept, openvino = find_fast(encoder.id), openvino_or_none()
    if kept is None or openvino is None:
        raise NotCalibrated(fast_name(encoder.name))
    network = openvino.Core().read_model(kept.graph, kept.weights)
    encoder.network.compute_by(compiled(openvino, network, bfloat16=encoder.network.numbers == torch.bfloat16))
    encoder.name, encoder.id = fast_name(encoder.name), f"{encoder.id}:int8:{kept.digest}"
    return encoder


def make_fast(name: str, cut: Callable[[int], Sequence[Snippets]], check: Callable[[], None]) -> FastCost:
    """Make and keep the fast form of a CLIP. Takes a minute, and three times the memory of the exact one.

    Args:
        name: of either form.
        cut: the snippets of each of some photos, of this side. The whole numbers are chosen by most of them, and every
            fourth tells what that costs.
        check: raises to end it.

    Raises:
        EncoderUnavailable: the encoder has no such form here, or one that says something else.
        ImportError: OpenVINO or NNCF does not load.
    """
    openvino = openvino_or_none() or import_module("openvino")  # which says why not
    encoder = ClipEncoder.open(exact_name(name), device="cpu")
    try:
        exact = encoder.network.for_openvino(encoder.input_size)
    except Exception as error:  # whatever OpenVINO's reader raises for a network that it does not know
        raise EncoderUnavailable(
            Sentence("OpenVINO cannot compute the network of {name}, so that there is no fast form of it.").format(
                name=encoder.name
            )
        ) from error
    photos = cut(encoder.input_size)
    held_out = np.concatenate(photos[::_HELD_OUT])
    made = _quantised(exact, np.concatenate([one for at, one in enumerate(photos) if at % _HELD_OUT]), check)
    check()
    bfloat16 = encoder.network.numbers == torch.bfloat16
    cost = _measured(
        compiled(openvino, exact, bfloat16=bfloat16), compiled(openvino, made, bfloat16=bfloat16), held_out
    )
    if not cost.mean >= _LEAST:  # nor where it is no number
        raise EncoderUnavailable(
            Sentence(
                "Computed in whole numbers, {name} says something else on your photos (cosine {mean:.3f} with what it "
                "says exactly, where {least} is asked for), so it is not used like that. Label with it as it is."
            ).format(name=encoder.name, mean=cost.mean, least=_LEAST)
        )
    keep_fast(encoder.name, encoder.id, cost, lambda graph, weights: openvino.serialize(made, graph, weights))
    return cost


def _quantised(network: Any, snippets: Snippets, check: Callable[[], None]) -> Any:
    """A network that computes in whole numbers where these snippets tell which."""
    nncf = nncf_package()

    def given(start: int) -> Snippets:
        check()
        return snippets[start : start + AT_ONCE]

    parts = range(0, len(snippets) - AT_ONCE + 1, AT_ONCE)
    with contextlib.redirect_stdout(_Nowhere()):  # its bars of progress
        return nncf.quantize(
            network, nncf.Dataset(parts, given), model_type=nncf.ModelType.TRANSFORMER, subset_size=len(parts)
        )


class _Nowhere:
    """Where what is written is lost."""

    encoding = "utf-8"

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass


def _measured(exact: OpenvinoClip, fast: OpenvinoClip, snippets: Snippets) -> FastCost:
    seconds: dict[OpenvinoClip, float] = {}
    for network in (exact, fast) * 2:  # in turn, so that other programs slow both down
        began = time.perf_counter()
        network.embeddings(snippets)
        seconds[network] = min(time.perf_counter() - began, seconds.get(network, np.inf))
    cosines = (exact.embeddings(snippets) * fast.embeddings(snippets)).sum(axis=1)
    return FastCost(
        round(float(cosines.mean()), 4),
        round(float(cosines.min()), 4),
        len(snippets),
        round(seconds[exact] / seconds[fast], 1),
        date.today().isoformat(),
    )
