"""How stage 1 scores: by a preset's name, by values of one's own, or as an earlier run did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from engine.errors import WrongUsage
from engine.method import check_grids
from engine.models.encoders.encoder import Encoder
from engine.project.runs import RunRow
from engine.wording import Sentence

INITIALISE = "initialise"
"""The stage of a run of stage 1."""

DEFAULT, PAPER = "default", "paper"

GRIDS = (3,)
"""The grids of a project that was never labelled."""


@dataclass(frozen=True)
class InitialiseSettings:
    """How stage 1 scores. Only `grids` and `crop` need the encoder again, where it did not see the photos so before."""

    grids: tuple[int, ...] = GRIDS
    """n for n x n snippets."""
    temperature: float | None = None
    """tau; None for the encoder's best."""
    zeta: float = 0.0
    """The aggregator's threshold; 0 takes the best snippet always."""
    centre: bool = True
    """Subtract each label's mean similarity over the photos."""
    rerank: bool = True
    """Order each label's photos by what all labels say of them."""
    company: bool = True
    """Score the labels beside hidden competitors, so that a score means the same in any label set."""
    detector: bool = True
    """Hear the detector where it knows a label, beside an encoder that takes it: the starter."""
    crop: bool = False
    """The encoder sees the square in the middle of a photo and of each snippet, as CLIP was trained; else all of it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "grids", check_grids(self.grids))
        if self.temperature is not None and not 0 < self.temperature < float("inf"):
            raise ValueError(f"Expected argument `temperature` to be above 0, but got {self.temperature}.")
        if not 0 <= self.zeta <= 1:
            raise ValueError(f"Expected argument `zeta` to be from 0 to 1, but got {self.zeta}.")

    @property
    def preset(self) -> str | None:
        """The preset that these are, whatever their grids and temperature; None for values of one's own."""
        by_values = {values: name for name, values in _PRESETS.items()}
        return by_values.get((self.zeta, self.centre, self.rerank, self.company, self.detector, self.crop))


_PRESETS = {DEFAULT: (0.0, True, True, True, True, False), PAPER: (0.5, False, False, False, False, True)}
"""zeta, centre, rerank, company, detector and crop by name."""


def preset(name: str, encoder: Encoder, grids: Sequence[int] = GRIDS) -> InitialiseSettings:
    """Settings by name: `default`, what ranks best on real photos, or `paper`, as published.

    The paper divides by CLIP's own temperature, takes 0.5 for zeta, and neither centres nor reranks; its labels compete
    with each other alone, and CLIP gets its photos as it was trained.

    Raises:
        WrongUsage: there is no such preset.
    """
    if name not in _PRESETS:
        raise WrongUsage(Sentence("Expected a preset named default or paper, but got {name!r}.").format(name=name))
    return InitialiseSettings(tuple(grids), preset_temperature(name, encoder), *_PRESETS[name])


def preset_temperature(name: str | None, encoder: Encoder) -> float:
    """tau of a preset, which is the encoder's own affair; its best for values of one's own (None)."""
    return encoder.temperature if name == PAPER else encoder.default_temperature


def settings_of(run: RunRow) -> InitialiseSettings:
    """The settings that a run of stage 1 was made with."""
    # Reranking had another name before; a run that says nothing of these was made before there was any.
    before = {"rerank": run.settings.get("second_look", False), "company": False, "detector": False}
    known = {**before, **run.settings}
    names = [field.name for field in fields(InitialiseSettings) if field.name in known]
    return InitialiseSettings(**{name: known[name] for name in names})
