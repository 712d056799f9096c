"""What several people say of the same photos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Opinions:
    """What each person says of the photos and labels of a snapshot."""

    people: tuple[str, ...]
    """In order of their names; those who said something of these photos."""
    decisions: npt.NDArray[np.int8]
    """people x photos x labels: 1 yes, -1 no, 0 undecided, as they answered."""
    reviewed: npt.NDArray[np.bool_]
    """people x photos."""
    answers: npt.NDArray[np.int8]
    """people x photos x labels: also what follows from their answers, and from calling a photo reviewed, see
    `Snapshot.answers`."""

    @property
    def disagreed(self) -> npt.NDArray[np.bool_]:
        """photos x labels: one says yes and another no."""
        return np.logical_and(np.any(self.answers > 0, axis=0), np.any(self.answers < 0, axis=0))

    @property
    def rows_disagreed(self) -> npt.NDArray[np.int64]:
        """The photos on which there is a label of which one says yes and another no."""
        return np.flatnonzero(self.disagreed.any(axis=1))

    def of_others(self, name: str, row: int, column: int) -> dict[str, int]:
        """What others than this one say of a photo and a label, as they answered: 1 yes, -1 no."""
        said = self.decisions[:, row, column].tolist()
        return {who: value for who, value in zip(self.people, said, strict=True) if value and who != name}
