"""How the window trains: the settings of a training, or a preset that decides them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cdul_gui.settings import Settings
from engine.errors import WrongUsage
from engine.models.training.training_settings import PAPER_NETWORK, PresetName, TrainingSettings

if TYPE_CHECKING:
    from engine.stages.training.refine import RefineSettings

NETWORKS = ("tf_efficientnet_lite2", PAPER_NETWORK, "resnet101")
"""The one that comes with the program and the paper's, with its own weights and timm's. Others can be typed."""

WAYS = ("head", "full")
"""How much of the network is trained; see `RefineSettings.train`."""


@dataclass(frozen=True)
class TrainingChoice:
    """What a person chose: a preset, or settings of their own where `preset` is None."""

    preset: PresetName | None = "default"
    own: TrainingSettings = field(default_factory=TrainingSettings)
    network: str = NETWORKS[0]
    train: Literal["head", "full"] = "head"

    @property
    def settings(self) -> TrainingSettings:
        """The settings this means."""
        if self.preset is None:
            return self.own
        return TrainingSettings.preset(self.preset, full=self.train == "full")

    @classmethod
    def kept(cls) -> TrainingChoice:
        """What was chosen last by this user; the default where that cannot be read."""
        try:
            return cls.from_json(json.loads(Settings().training))
        except (WrongUsage, ValueError, TypeError):
            return cls()

    def keep(self) -> None:
        """Choose this the next time as well."""
        Settings().training = json.dumps(self.to_json())

    def request(self) -> RefineSettings:
        """What to ask the engine for. Loads the networks' library; for worker threads."""
        from engine.stages.training.refine import RefineSettings

        return RefineSettings(self.settings, self.network, train=self.train)

    def to_json(self) -> dict[str, Any]:
        return {"preset": self.preset, "own": self.own.to_json(), "network": self.network, "train": self.train}

    @classmethod
    def from_json(cls, values: Any) -> TrainingChoice:
        """What `to_json` wrote; of nothing the default. WrongUsage, ValueError or TypeError for anything else."""
        if not isinstance(values, dict):
            raise ValueError(f"Expected what was chosen for training by name, but got {values}.")
        if values.get("train") == "auto":  # what there was before the last layer was best everywhere
            values = {**values, "train": "head"}
        if values.get("preset", "default") not in ("default", "paper", None) or values.get("train", "head") not in WAYS:
            raise ValueError(f"Expected a known preset and way to train, but got {values}.")
        return cls(**{**values, "own": TrainingSettings.from_json(values.get("own", {}))})
