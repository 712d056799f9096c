"""What a person can choose about a training, in plain words, with the presets."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from engine.errors import WrongUsage
from engine.wording import Sentence

PresetName = Literal["default", "paper"]


def _setting(value: Any, words: Sentence) -> Any:
    return field(default=value, metadata={"words": words})


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of one training; kept with its run. The defaults are what did best, see docs/results.md."""

    objective: Literal["kl", "bce"] = _setting(
        "bce",
        Sentence("How predictions are compared with labels: bce each label alone, kl (the paper's) all at once."),
    )
    sigma: float = _setting(
        0.2, Sentence("How far from one half labels still count as undecided and move; 0.1 to 0.3.")
    )
    step_size: float = _setting(
        0.15, Sentence("How far undecided labels follow the classifier each time; the paper has 1.")
    )
    warm_up: int = _setting(
        10, Sentence("Epochs until the labels first move, so that the classifier has learnt something.")
    )
    update_every: int = _setting(5, Sentence("Labels move after every so many epochs; 0 keeps them as they are."))
    optimizer: Literal["adam", "sgd"] = _setting(
        "adam",
        Sentence("How the classifier learns: adam (the paper's) sizes steps by itself, sgd takes them as they are."),
    )
    learning_rate: float = _setting(0.01, Sentence("How far the classifier moves at each step of the optimizer."))
    weight_decay: float = _setting(
        0.02,
        Sentence("How strongly large weights are held back; the more photos there are, the less by each."),
    )
    epochs: int = _setting(40, Sentence("How many times each photo is gone through at most."))
    batch: int = _setting(64, Sentence("Photos that are learnt from at a time."))
    patience: int = _setting(10, Sentence("Stop after so many epochs without progress; 0 goes on to the last epoch."))
    seed: int = _setting(0, Sentence("Start of the random numbers; the same seed gives the same result."))

    def __post_init__(self) -> None:
        self._expect_one_of("objective", "kl", "bce")
        self._expect_one_of("optimizer", "adam", "sgd")
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
            sentence = (
                Sentence("Expected {name} to be above {least:g}, but got {value}.")
                if above > -math.inf
                else Sentence("Expected {name} to be at least {least:g}, but got {value}.")
            )
            raise WrongUsage(sentence.format(name=name, least=max(above, at_least), value=value))

    def _expect_one_of(self, name: str, *known: str) -> None:
        value = getattr(self, name)
        if value not in known:
            raise WrongUsage(
                Sentence("Expected {name} to be {first} or {second}, but got {value!r}.").format(
                    name=name, first=known[0], second=known[1], value=value
                )
            )

    @classmethod
    def preset(cls, name: PresetName, *, full: bool = False) -> TrainingSettings:
        """`default` or `paper`, for the way of training (`full`: end to end).

        The paper trains end to end. Its learning rate would leave a last layer alone where it started, so that one
        learns at the default's.
        """
        if name == "paper":
            return cls(
                objective="kl", sigma=1.0, step_size=1.0, warm_up=1, update_every=1,
                learning_rate=1e-5 if full else 1e-2, weight_decay=0.0, epochs=20, batch=8,
            )  # fmt: skip
        if name == "default":
            return cls(learning_rate=1e-4, epochs=10, batch=16, warm_up=3, update_every=2) if full else cls()
        raise WrongUsage(Sentence("Expected a preset named default or paper, but got {name!r}.").format(name=name))

    @classmethod
    def words(cls) -> dict[str, Sentence]:
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
