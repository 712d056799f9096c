"""Networks in whole numbers of 8 bits that were made on this computer, with what they cost; checked whenever read.

Each lies in a folder of the user's data: OpenVINO's two files, and a record of their digest. A damaged one is as if it
were not there, so it is made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from engine.errors import UserError
from engine.wording import Sentence

_GRAPH, _WEIGHTS, _RECORD = "network.xml", "network.bin", "record.json"
_MOST_BYTES = 1 << 16
_NO_GAIN = 1.1


@dataclass(frozen=True)
class FastCost:
    """What a fast encoder costs and gains, measured on parts of photos that it was not calibrated on.

    `mean` and `least`: cosine of its embeddings with the exact ones, of which 1 says that they are the same. `parts`:
    how many were compared. `gain`: how many times as fast its network is. `made`: the day, as 2026-11-30.
    """

    mean: float
    least: float
    parts: int
    gain: float
    made: str

    @property
    def sentence(self) -> Sentence:
        """For people."""
        faster = Sentence("{gain:g} times as fast as the exact one").format(gain=self.gain)
        no_faster = Sentence("no faster than the exact one on this computer, which is the better choice")
        return Sentence(
            "The fast form of this encoder is {how_fast}. On {parts} parts of your photos both see the same to "
            "{mean:.2f} % on average, and to {least:.2f} % at least."
        ).format(
            how_fast=faster if self.gain > _NO_GAIN else no_faster,
            parts=self.parts,
            mean=100 * self.mean,
            least=100 * self.least,
        )


@dataclass(frozen=True)
class FastNetwork:
    """A network that is kept, whole as it was made."""

    graph: Path
    weights: Path
    digest: str
    """Of the weights: another one for another calibration. The graph has names that differ each time it is made."""
    cost: FastCost


def find_fast(exact_id: str) -> FastNetwork | None:
    """The network that was made for the encoder of this id; None where there is none, or a damaged one."""
    folder = _folder(exact_id)
    record = _record(folder)
    if record is None or record["digests"] != _digests(folder):
        return None
    return FastNetwork(folder / _GRAPH, folder / _WEIGHTS, record["digests"][1][:16], FastCost(**record["cost"]))


def check_can_be_kept(name: str) -> None:
    """Raise UserError where `keep_fast` could not write, before a minute's work is lost."""
    with _failure_said(name):
        _top().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_top(), prefix="making-"):
            pass


def keep_fast(name: str, exact_id: str, cost: FastCost, write: Callable[[Path, Path], object]) -> None:
    """Keep a network in the place of one that was kept before.

    Args:
        name: of the exact encoder.
        write: writes graph and weights to these files.

    Raises:
        UserError: it cannot be written there.
    """
    folder = _folder(exact_id)
    with _failure_said(name):
        _top().mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_top(), prefix="making-") as making:
            made = Path(making) / "made"
            made.mkdir()
            write(made / _GRAPH, made / _WEIGHTS)
            record = {"encoder": name, "digests": _digests(made), "cost": asdict(cost)}
            (made / _RECORD).write_text(json.dumps(record), "utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            made.rename(folder)


@contextmanager
def _failure_said(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError) as error:  # the latter is what OpenVINO says of a full disk
        raise UserError(
            Sentence(
                "The fast form of {name} cannot be kept in {folder} ({why}). Make room there, or label again where "
                "another program made it at this moment; without --fast the exact one is used."
            ).format(name=name, folder=_top(), why=" ".join(str(error).split()))
        ) from error


def costs_measured() -> dict[str, FastCost]:
    """What is known of fast encoders on this computer, by the name of the exact one; the files are not read."""
    records = (_record(file.parent) for file in _top().glob(f"*/{_RECORD}"))
    return {record["encoder"]: FastCost(**record["cost"]) for record in records if record is not None}


def _top() -> Path:
    return user_data_path("cdul", appauthor=False) / "encoders" / "fast"


def _folder(exact_id: str) -> Path:
    return _top() / hashlib.blake2b(exact_id.encode(), digest_size=12).hexdigest()


def _digests(folder: Path) -> list[str] | None:
    """Of graph and weights."""
    found = []
    try:
        for name in (_GRAPH, _WEIGHTS):
            with (folder / name).open("rb") as file:
                found.append(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        return None
    return found


def _record(folder: Path) -> dict[str, Any] | None:
    try:
        with (folder / _RECORD).open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
        cost = FastCost(**found["cost"])
        if not all(isinstance(one, int | float) for one in (cost.mean, cost.least, cost.parts, cost.gain)):
            return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found.get("encoder"), str) and isinstance(found.get("digests"), list) else None
