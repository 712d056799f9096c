"""What an encoder made of a fixed picture and fixed words when it was first opened here, to compare with later.

Another version of a library, another driver or a damaged file may change what an encoder says without any error. Where
it does, embeddings that are kept no longer go with new ones.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from platformdirs import user_data_path

from engine.models.encoders.encoder import Encoder
from engine.models.encoders.known import STARTER

_PROMPTS = (("cdul reference: a dog",), ("cdul reference: two red boats on a lake", "cdul reference: boats"))
"""Words that no label has: texts are remembered, and one embedded in other company differs in its last digit."""
_MOST_BYTES = 4 << 20

_OF_STARTER = Path(__file__).parent / "starter" / "reference.json"

ROUNDING = {"int8": 2e-2, "bfloat16": 1e-2, "float16": 2e-3}
"""How far outputs of two machines lie apart by rounding alone, as 1 - cosine; `_ELSE` for float32."""
_ELSE = 1e-3


@dataclass(frozen=True)
class Compared:
    """How an encoder's output lies to a reference: `difference` is 1 - cosine, the worst of picture and words."""

    difference: float
    allowed: float
    made: str
    """When and with what the reference was made, for people."""

    @property
    def same(self) -> bool:
        """Whether it is the same up to rounding."""
        return self.difference <= self.allowed


def remember_output(encoder: Encoder) -> None:
    """Keep what the encoder makes of the picture and the words, unless that is kept already."""
    file = _file(encoder.id)
    if file.exists():
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        partial.write_text(json.dumps(reference_of(encoder)), "ascii")
        partial.replace(file)
    except OSError:  # it can be made another time
        return


def compare_output(encoder: Encoder) -> Compared | None:
    """Compare an encoder with the reference that comes with the program, or that was made here; None without one."""
    kept = _read(_OF_STARTER if encoder.name == STARTER else _file(encoder.id))
    if kept is None:
        return None
    now = reference_of(encoder)
    pairs = zip([kept["picture"], *kept["words"]], [now["picture"], *now["words"]], strict=False)
    difference = max(1 - _cosine(before, after) for before, after in pairs)
    allowed = max((ROUNDING[part] for part in encoder.id.split(":") if part in ROUNDING), default=_ELSE)
    return Compared(difference, allowed, str(kept["made"]))


def reference_of(encoder: Encoder, digits: int = 5) -> dict[str, Any]:
    """What there is to keep of an encoder's output: features of the picture and of the words."""
    import torch

    features = encoder.encode_snippets(picture(encoder.input_size)[None])[0, : encoder.feature_count]
    words = encoder.encode_labels(_PROMPTS).vectors
    return {
        "encoder": encoder.name,
        "id": encoder.id,
        "made": f"{datetime.now(UTC):%Y-%m-%d}, torch {torch.__version__}, {platform.system()} {platform.machine()}",
        "picture": [float(f"{value:.{digits}g}") for value in features],
        "words": [[float(f"{value:.{digits}g}") for value in row] for row in words],
    }


def picture(side: int) -> npt.NDArray[np.uint8]:
    """A picture of a horizon, a disc and stripes, made of whole numbers alone: side x side x 3, the same everywhere."""
    down, right = np.mgrid[0:side, 0:side] * 256 // side
    disc = (down - 90) ** 2 + (right - 170) ** 2 < 50**2
    stripes = (right // 16) % 2 == 0
    red = np.where(disc, 230, np.where(down < 140, 90 + down // 4, 60 + 60 * stripes))
    green = np.where(disc, 190, np.where(down < 140, 140 + down // 4, 120 - down // 8))
    blue = np.where(disc, 40, np.where(down < 140, 230 - down // 4, 50))
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def _cosine(before: Sequence[float], after: Sequence[float]) -> float:
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    if first.shape != second.shape:
        return -1.0
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths > 0 else -1.0


def _file(encoder_id: str) -> Path:
    name = hashlib.blake2b(encoder_id.encode(), digest_size=12).hexdigest()
    return user_data_path("cdul", appauthor=False) / "encoders" / f"{name}.json"


def _read(file: Path) -> dict[str, Any] | None:
    try:
        with file.open("rb") as stream:
            found = json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError):
        return None
    right = isinstance(found, dict) and found.keys() >= {"made", "picture", "words"}
    return found if right else None


if __name__ == "__main__":  # after a change of the starter: python -m engine.models.encoders.reference
    from engine.models.encoders.starter.starter_encoder import StarterEncoder

    exact = reference_of(StarterEncoder.open(device="cpu", precision="float32"), digits=3)
    _OF_STARTER.write_text(json.dumps(exact | {"made": "as published with CDUL"}), "ascii")
