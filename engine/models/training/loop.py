"""The training loop: step A teaches the classifier the labels, step B lets the labels follow the classifier.

`head_training` learns a linear layer over frozen features, `full_training` the whole network. Both are this loop, an
epoch at a time, and can be stopped after any epoch and taken up again: on the processor with the same result bit for
bit, because the random numbers of an epoch depend only on the seed and the epoch.
"""

from __future__ import annotations

import json
import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.errors import UserError
from engine.method.latent import SMALLEST
from engine.method.refinement import unexplained, update_latent
from engine.models.memory import Portions, fitting, if_it_fits
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings
from engine.synced import move_synced
from engine.wording import Sentence

FloatArray = npt.NDArray[np.float32]

PLATEAU = 1e-3
"""A relative fall of the objective, or a mean movement of the labels, below this is no progress."""


MOST_UNEXPLAINED = {"kl": 0.2, "bce": 0.8}
"""Labels stay where they are while a classifier has more than this of them still to learn, see `unexplained`.

One that knows no more than how frequent each label is would make the labels of all photos the same. `kl` draws them to
what is predicted, so that whatever is not learnt yet is lost; `bce` only to that side of one half. The paper has no
such rule: its 700 batches an epoch teach enough before the labels first move, the 16 of 128 photos do not.
"""


class TrainingDiverged(UserError):
    """The objective is no number any more; the message says what to change."""


@dataclass(frozen=True)
class EpochReport:
    """What one epoch did.

    `objective`: mean loss of a photo and label in step A. `moved`: mean distance that undecided labels moved in
    step B, in probability. `crossed`: how many of them crossed their threshold. `agreement`: the share of held-out
    decisions that the classifier agrees with, None where none are held out. `truth_map`: how well the labels now
    agree with a truth, where whoever trains has one; the training itself neither knows nor heeds it.
    """

    epoch: int
    objective: float
    moved: float
    crossed: int
    agreement: float | None
    seconds: float
    truth_map: float | None = None


@dataclass(frozen=True)
class TrainingState:
    """All that a training needs to go on, apart from the photos: tensors, and a document for JSON."""

    tensors: dict[str, Tensor]
    document: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write one safetensors file (the document is in its header), beside its place and then moved there."""
        from safetensors.torch import save_file

        beside = path.with_name(path.name + ".part")
        contiguous = {name: tensor.contiguous() for name, tensor in self.tensors.items()}
        save_file(contiguous, beside, metadata={"training": json.dumps(self.document)})
        move_synced(beside, path)

    @classmethod
    def load(cls, path: Path) -> TrainingState:
        """ValueError where the file is not the state of a training."""
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="pt") as file:
                document = json.loads((file.metadata() or {})["training"])
                return cls({name: file.get_tensor(name) for name in file.keys()}, document)  # noqa: SIM118
        except (SafetensorError, KeyError, ValueError) as error:
            raise ValueError(
                f"Expected {path.name} to be the state of a training, but cannot read it: {error}."
            ) from error


class Training(ABC):
    """Steps A and B over one collection. After an error or a cancelled epoch, go on from the last `state`.

    Args:
        network: what learns; its outputs are logits, photos x labels.
        labels: what to learn.
        settings: how.
        device: where to compute.
    """

    def __init__(
        self,
        network: nn.Module,
        labels: TrainingLabels,
        settings: TrainingSettings,
        device: torch.device,
    ) -> None:
        self.network = fitting(lambda: network.to(device))
        self._at_once = Portions(settings.batch)
        self.labels, self.settings, self.device = labels, settings, device
        self.reports: list[EpochReport] = []
        self._latent = torch.logit(torch.tensor(labels.values, device=device), eps=1e-6)
        self._known = torch.tensor(labels.known, device=device)
        self._optimizer = self._new_optimizer()

    @abstractmethod
    def _batch_logits(self, photos: Tensor, generator: torch.Generator) -> Tensor:
        """Logits of the photos with these indices, to learn by: n x labels."""

    @abstractmethod
    def _all_logits(self, check: Callable[[], None]) -> Tensor:
        """Logits of every photo as it is, without gradients: photos x labels."""

    def _expect(self, batches: Sequence[Tensor]) -> None:
        """Be told the photos whose logits will be asked for, batch by batch; for those who can read ahead."""
        return

    @property
    def finished(self) -> bool:
        """Whether all epochs are done, or the last `patience` of them brought no progress.

        Progress is a better agreement with the held-out decisions, where there are any; else a falling objective or
        moving labels.
        """
        done, patience = len(self.reports), self.settings.patience
        if done >= self.settings.epochs:
            return True
        settled = self.settings.warm_up if self.settings.update_every else 0
        if not patience or done <= settled + patience:
            return False
        earlier, recent = self.reports[:-patience], self.reports[-patience:]
        if recent[-1].agreement is not None:
            return max(report.agreement or 0 for report in recent) <= max(report.agreement or 0 for report in earlier)
        fall = earlier[-1].objective - min(report.objective for report in recent)
        return fall < PLATEAU * abs(earlier[-1].objective) and max(report.moved for report in recent) < PLATEAU

    def epochs(self, check: Callable[[], None] = lambda: None) -> Iterator[EpochReport]:
        """Train until `finished`, an epoch at a time; `check` is called before each batch and may raise to stop."""
        while not self.finished:
            yield self.run_epoch(check)

    def run_epoch(self, check: Callable[[], None] = lambda: None) -> EpochReport:
        """Step A over all photos once and, when it is due, step B.

        Raises:
            TrainingDiverged: the objective is no number any more.
        """
        began, epoch = time.monotonic(), len(self.reports) + 1
        with torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else []):
            seed = int(np.random.SeedSequence([self.settings.seed, epoch]).generate_state(1, np.uint64)[0] >> 1)
            torch.manual_seed(seed)  # what happens inside the network, such as dropout, draws from here
            objective = self._step_a(torch.Generator().manual_seed(seed), check)
        if not math.isfinite(objective):
            raise TrainingDiverged(
                Sentence(
                    "The training went astray in epoch {epoch}: its objective is {objective}. Choose a learning rate "
                    "below {learning_rate:g}."
                ).format(epoch=epoch, objective=objective, learning_rate=self.settings.learning_rate)
            )
        moved, crossed, agreement = 0.0, 0, None
        due, measured = self._step_b_is_due(epoch), not np.isnan(self.labels.held_out).all()
        if due or measured:  # end to end, this pass over all photos costs a third of an epoch
            prediction = self._probabilities(self._all_logits(check))
            if due:
                moved, crossed = self._step_b(prediction)
            if measured:
                agreement = self._agreement(prediction)
        report = EpochReport(epoch, objective, moved, crossed, agreement, time.monotonic() - began)
        self.reports.append(report)
        return report

    def predictions(self, check: Callable[[], None] = lambda: None) -> FloatArray:
        """What the classifier now says of every photo: photos x labels, from 0 to 1."""
        return self._probabilities(self._all_logits(check)).cpu().numpy()

    def refined_labels(self) -> FloatArray:
        """The pseudo labels as they now are, decisions as 1 and 0: photos x labels."""
        refined = np.where(self.labels.known, self.labels.values, self._latent.sigmoid().cpu().numpy())
        return np.where(np.isnan(self.labels.held_out), refined, self.labels.held_out)

    def state(self) -> TrainingState:
        """All that `restore` needs, as it is between two epochs."""
        tensors = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        optimizer = self._optimizer.state_dict()["state"]
        tensors |= {f"optimizer.{i}.{key}": tensor for i, each in optimizer.items() for key, tensor in each.items()}
        tensors["latent"] = self._latent
        copies = {name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()}
        document = {"settings": self.settings.to_json(), "reports": [asdict(report) for report in self.reports]}
        return TrainingState(copies, document)

    def restore(self, state: TrainingState) -> None:
        """Go on where `state` was taken, by a training of the same photos, labels and settings.

        Raises:
            ValueError: the state belongs to another training.
        """
        if state.document["settings"] != self.settings.to_json():
            raise ValueError("Expected the state of a training with the same settings, but got one with others.")
        if state.tensors["latent"].shape != self._latent.shape:
            raise ValueError(
                f"Expected the state of a training of {tuple(self._latent.shape)} photos and labels, "
                f"but got one of {tuple(state.tensors['latent'].shape)}."
            )
        network: dict[str, Tensor] = {}
        optimizer: dict[int, dict[str, Tensor]] = {}
        for name, tensor in state.tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "network":
                network[rest] = tensor
            elif kind == "optimizer":
                index, _, key = rest.partition(".")
                optimizer.setdefault(int(index), {})[key] = tensor.clone()
        self.network.load_state_dict(network)
        self._optimizer.load_state_dict({**self._optimizer.state_dict(), "state": optimizer})
        self._latent = state.tensors["latent"].to(self.device, copy=True)
        self.reports = [EpochReport(**report) for report in state.document["reports"]]

    def _new_optimizer(self) -> torch.optim.Optimizer:
        # Summed over the photos, the loss has one penalty on the weights; a mean loss has its share of it.
        decay = self.settings.weight_decay / len(self.labels.values)
        groups = [
            {"params": [p for p in self.network.parameters() if p.ndim > 1], "weight_decay": decay},
            {"params": [p for p in self.network.parameters() if p.ndim <= 1], "weight_decay": 0.0},
        ]
        if self.settings.optimizer == "sgd":
            return torch.optim.SGD(groups, lr=self.settings.learning_rate, momentum=0.9)
        return torch.optim.Adam(groups, lr=self.settings.learning_rate)

    def _step_a(self, generator: torch.Generator, check: Callable[[], None]) -> float:
        labels, total = self._latent.sigmoid(), 0.0
        self.network.train()
        batches = torch.randperm(len(labels), generator=generator).split(self.settings.batch)
        self._expect(batches)
        for photos in batches:
            check()
            total += self._learn(photos, labels, generator) * len(photos)
        return total / labels.numel()

    def _learn(self, photos: Tensor, labels: Tensor, generator: torch.Generator) -> float:
        """One step of the optimizer, and the loss that it follows; added up from parts where the memory is short."""
        drawn = generator.get_state()

        def add_up(size: int) -> float:
            generator.set_state(drawn)
            self._optimizer.zero_grad()
            total = 0.0
            for part in photos.split(size):
                loss = self._loss(self._batch_logits(part, generator), labels[part.to(self.device)])
                (loss * (len(part) / len(photos))).backward()
                total += loss.item() * len(part) / len(photos)
            return total

        while True:
            size = min(self._at_once.size, len(photos))
            # A part that failed may have left half of its gradient behind: the step begins anew.
            result = if_it_fits(add_up, size)
            if result is not None:
                break
            self._optimizer.zero_grad()
            self._at_once.was_too_large(size)
        self._at_once.went_well(size)
        self._optimizer.step()
        return result[0]

    def _loss(self, logits: Tensor, labels: Tensor) -> Tensor:
        """Mean over the photos of the loss summed over the labels, but for what does not depend on the network."""
        if self.settings.objective == "kl":
            return -(labels * logits.log_softmax(-1)).sum(-1).mean()
        if self.settings.objective == "reverse-kl":
            shares = (labels / labels.sum(-1, keepdim=True)).clamp(SMALLEST)
            return functional.kl_div(shares.log(), logits.log_softmax(-1), reduction="batchmean", log_target=True)
        return functional.binary_cross_entropy_with_logits(logits, labels, reduction="none").sum(-1).mean()

    def _step_b_is_due(self, epoch: int) -> bool:
        every, since = self.settings.update_every, epoch - self.settings.warm_up
        return every > 0 and since >= 0 and since % every == 0

    def _step_b(self, prediction: Tensor) -> tuple[float, int]:
        settings, before = self.settings, self._latent.sigmoid()
        unlearnt = unexplained(before, prediction, settings.output) if settings.wait else 0.0
        if unlearnt > MOST_UNEXPLAINED[settings.output]:
            return 0.0, 0
        self._latent = update_latent(
            self._latent,
            prediction,
            sigma=settings.sigma,
            step_size=settings.step_size,
            known=self._known,
            objective=settings.objective,
        )
        after = self._latent.sigmoid()
        thresholds = torch.tensor(self.labels.thresholds, device=self.device)
        undecided = max(int((~self._known).sum()), 1)
        crossed = int(((before >= thresholds) != (after >= thresholds))[~self._known].sum())
        return float((after - before)[~self._known].abs().sum()) / undecided, crossed

    def _probabilities(self, logits: Tensor) -> Tensor:
        return logits.softmax(-1) if self.settings.output == "kl" else logits.sigmoid()

    def _agreement(self, prediction: Tensor) -> float:
        held_out = self.labels.held_out
        suggested = prediction.cpu().numpy() >= self.labels.thresholds
        return float((suggested == (held_out > 0))[~np.isnan(held_out)].mean())
