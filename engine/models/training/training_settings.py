"""What a person can choose about a training, in plain words, with the presets."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from engine.errors import WrongUsage
from engine.wording import Sentence

PresetName = Literal["default", "paper"]

PAPER_NETWORK = "torchvision/resnet101.IMAGENET1K_V1"
"""What the paper trains, with the weights that were torchvision's own at the time."""


def _setting(value: Any, words: Sentence, *, published: bool = False) -> Any:
    return field(default=value, metadata={"words": words, "published": published})


@dataclass(frozen=True)
class TrainingSettings:
    """Settings of one training; kept with its run. The defaults are what did best, see docs/results.md."""

    objective: Literal["kl", "reverse-kl", "bce"] = _setting(
        "bce",
        Sentence(
            "How predictions are compared with labels: bce each label alone, kl (the paper's) all at once, reverse-kl "
            "the same the other way round."
        ),
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
    scale_to_top: bool = _setting(
        True,
        Sentence(
            "Stretch each label's suggestions until its clearest photos are near 1; the paper has them as they are."
        ),
        published=True,
    )
    wait: bool = _setting(
        True,
        Sentence("Labels wait until the classifier has learnt most of them; the paper has no such rule."),
        published=True,
    )
    input_size: int = _setting(
        0,
        Sentence("Side of the square that photos are squashed to, in pixels; 0 for what the network was trained with."),
        published=True,
    )
    augment: Literal["crop", "mirror", "none"] = _setting(
        "crop",
        Sentence(
            "Of full training, how photos differ from epoch to epoch: crop and mirror them, mirror them, or none."
        ),
        published=True,
    )
    start: Literal["frequency", "random"] = _setting(
        "frequency",
        Sentence("Of full training, where the last layer begins: at how frequent labels are, or at random."),
        published=True,
    )

    def __post_init__(self) -> None:
        self._expect_one_of("objective", "kl", "reverse-kl", "bce")
        self._expect_one_of("optimizer", "adam", "sgd")
        self._expect_one_of("augment", "crop", "mirror", "none")
        self._expect_one_of("start", "frequency", "random")
        for name in ("sigma", "learning_rate"):
            self._expect(name, above=0.0)
        for name in ("step_size", "weight_decay"):
            self._expect(name, at_least=0.0)
        for name in ("epochs", "batch"):
            self._expect(name, at_least=1)
        for name in ("warm_up", "update_every", "patience", "seed", "input_size"):
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
                Sentence("Expected {name} to be {known} or {last}, but got {value!r}.").format(
                    name=name, known=", ".join(known[:-1]), last=known[-1], value=value
                )
            )

    @classmethod
    def preset(cls, name: PresetName, *, full: bool = False) -> TrainingSettings:
        """`default` or `paper`, for the way of training (`full`: end to end).

        The paper trains end to end, `PAPER_NETWORK`. Its learning rate would leave a last layer alone where it started,
        so that one learns at the default's. What it does not say is as in the code of the literature that it compares
        itself with, see docs/paper.md.
        """
        if name == "paper":
            published = cls(
                objective="kl", sigma=1.0, step_size=1.0, warm_up=1, update_every=1,
                learning_rate=1e-2, weight_decay=0.0, epochs=20, batch=8, patience=0,
                scale_to_top=False,
            )  # fmt: skip
            if not full:
                return published
            return replace(published, learning_rate=1e-5, input_size=448, augment="mirror", start="random")
        if name == "default":
            return cls(learning_rate=1e-4, epochs=10, batch=16, warm_up=3, update_every=2) if full else cls()
        raise WrongUsage(Sentence("Expected a preset named default or paper, but got {name!r}.").format(name=name))

    @property
    def output(self) -> Literal["kl", "bce"]:
        """What the classifier answers with: `kl` all labels together (softmax), `bce` each alone (sigmoid)."""
        return "bce" if self.objective == "bce" else "kl"

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
