"""The detector's weights: a file of tensors that comes with the program and holds no code.

`.ci/convert_nanodet.py` made it; NOTICE says whose it is. They were published as 16-bit floats, so that keeping them as
such loses nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.models.encoders.encoder import EncoderUnavailable
from engine.resources import resource
from engine.wording import Sentence

DIGEST = "bd377b35c845bd6d24b3b9859268cf5f"
"""blake2b of the file, 16 bytes."""

Weights = dict[str, npt.NDArray[np.float32]]


def read_weights(file: Path | None = None) -> Weights:
    """Each convolution's `.weight` (output x input x height x width) and `.bias` (output), float32.

    Args:
        file: by default the one that comes with the program.

    Raises:
        EncoderUnavailable: the file is missing or is not the one that was checked.
    """
    from safetensors.numpy import load

    file = file or resource("detector", "nanodet_g.safetensors")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise EncoderUnavailable(
            Sentence("The detector's weights cannot be read from {file} ({why}). Install the program again.").format(
                file=file, why=error.strerror
            )
        ) from error
    found = hashlib.blake2b(content, digest_size=16).hexdigest()
    if found != DIGEST:
        raise EncoderUnavailable(
            Sentence(
                "The detector's weights in {file} are damaged: expected the digest {wanted}, but got {found}. Install "
                "the program again."
            ).format(file=file, wanted=DIGEST, found=found)
        )
    return {name: tensor.astype(np.float32) for name, tensor in load(content).items()}
