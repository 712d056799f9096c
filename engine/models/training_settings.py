"""What a person can choose about a training, in plain words, with the presets."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

PresetName = Literal["default", "paper"]


def _setting(value: Any, words: str) -> Any:
    return field(default=value, metadata={"words": words})


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of one training; kept with its run. The defaults are what did best, see docs/results.md."""

    objective: Literal["kl", "bce"] = _setting(
        "bce", "How prediction and label are compared: bce asks each label alone, kl (the paper's) shares out 100 %."
    )
    sigma: float = _setting(0.2, "How far from one half labels still count as undecided and move; 0.1 to 0.3.")
    step_size: float = _setting(0.15, "How far undecided labels follow the classifier each time; the paper has 1.")
    warm_up: int = _setting(10, "Epochs until the labels first move, so that the classifier has learnt something.")
    update_every: int = _setting(5, "Labels move after every so many epochs; 0 keeps them as they are.")
    optimizer: Literal["adam", "sgd"] = _setting(
        "adam",
        "How the classifier learns: adam (the paper's) sizes steps by itself, sgd takes them as they are.",
    )
    learning_rate: float = _setting(0.01, "How far the classifier moves at each step of the optimizer.")
    weight_decay: float = _setting(
        0.02, "How strongly large weights are held back, for the whole collection: more photos, less restraint each."
    )
    epochs: int = _setting(40, "How many times each photo is gone through at most.")
    batch: int = _setting(64, "Photos that are learnt from at a time.")
    patience: int = _setting(10, "Stop after so many epochs without progress; 0 goes on to the last epoch.")
    seed: int = _setting(0, "Start of the random numbers; the same seed gives the same result.")

    def __post_init__(self) -> None:
        if self.objective not in ("kl", "bce"):
            raise ValueError(f"Expected setting `objective` to be kl or bce, but got {self.objective!r}.")
        if self.optimizer not in ("adam", "sgd"):
            raise ValueError(f"Expected setting `optimizer` to be adam or sgd, but got {self.optimizer!r}.")
        for name in ("sigma", "learning_rate"):
            self._expect(name, above=0.0)
        for name in ("step_size", "weight_decay"):
            self._expect(name, at_least=0.0)
        for name in ("epochs", "batch"):
            self._expect(name, at_least=1)
        for name in ("warm_up", "update_every", "patience", "seed"):
            self._expect(name, at_least=0)

    def _expect(self, name: str, *, at_least: float = -math.inf, above: float = -math.inf) -> None:
        value = getattr(self, name)
        if not (math.isfinite(value) and value >= at_least and value > above):
            bound = f"above {above:g}" if above > -math.inf else f"at least {at_least:g}"
            raise ValueError(f"Expected setting `{name}` to be {bound}, but got {value}.")

    @classmethod
    def preset(cls, name: PresetName, *, full: bool = False) -> TrainingSettings:
        """`default` for the way of training (`full`: end to end), or `paper`: what the paper states for end to end."""
        if name == "paper":
            return cls(
                objective="kl", sigma=1.0, step_size=1.0, warm_up=1, update_every=1,
                learning_rate=1e-5, weight_decay=0.0, epochs=20, batch=8,
            )  # fmt: skip
        if name == "default":
            return cls(learning_rate=1e-4, epochs=10, batch=16, warm_up=3, update_every=2) if full else cls()
        raise ValueError(f"Expected a preset named default or paper, but got {name!r}.")

    @classmethod
    def words(cls) -> dict[str, str]:
        """For each setting, in order, what it does, in plain words."""
        return {each.name: each.metadata["words"] for each in fields(cls)}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> TrainingSettings:
        """ValueError for a setting that this version does not know."""
        unknown = sorted(set(values) - set(cls.words()))
        if unknown:
            raise ValueError(f"Expected known training settings, but got {', '.join(unknown)}.")
        return cls(**values)
