"""The classifier: what training leaves, and all that labels a photo afterwards. A folder of three files."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from engine.models.training.backbones import Backbone, BackboneUnavailable, empty_backbone
from engine.models.training.saved_classifier import (
    CARD,
    DESCRIPTION,
    VERSION,
    WEIGHTS,
    ClassifierDescription,
    ClassifierUnreadable,
    SavedClassifier,
)
from engine.synced import make_folder, write_synced
from engine.wording import Sentence


class Classifier(nn.Module):
    """A backbone and a linear layer to the labels.

    Its `forward` is what training needs: pixels from 0 to 1, n x 3 x input_size x input_size, to logits.
    """

    def __init__(self, backbone: Backbone, head: nn.Linear, description: ClassifierDescription) -> None:
        super().__init__()
        if (head.in_features, head.out_features) != (backbone.dimension, len(description.labels)):
            raise ValueError(
                f"Expected argument `head` to lead from {backbone.dimension} features to {len(description.labels)} "
                f"labels, but got {head.in_features} to {head.out_features}."
            )
        self.backbone, self.head, self.description = backbone, head, description
        for name in ("mean", "std"):
            values = torch.tensor(getattr(backbone.preprocessing, name)).view(1, 3, 1, 1)
            self.register_buffer(name, values, persistent=False)
        self.eval()

    def forward(self, pixels: Tensor) -> Tensor:
        return self.head(self._features(pixels))

    def _features(self, pixels: Tensor) -> Tensor:
        return self.backbone((pixels - self.get_buffer("mean")) / self.get_buffer("std"))

    @property
    def device(self) -> torch.device:
        return self.head.weight.device

    @torch.no_grad()
    def features(self, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x input_size x input_size x 3, RGB, 0 to 255, to n x dimension, float32."""
        return self._features(self.pixels(photos)).float().cpu().numpy()

    @torch.no_grad()
    def predict(self, photos: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """n x input_size x input_size x 3, RGB, 0 to 255, to scores, n x labels, from 0 to 1."""
        return self.scores(self(self.pixels(photos))).float().cpu().numpy()

    @torch.no_grad()
    def predict_from(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The same from features of the backbone: n x dimension to n x labels."""
        return self.scores(self.head(torch.tensor(features, device=self.device))).cpu().numpy()

    def scores(self, logits: Tensor) -> Tensor:
        """n x labels, from 0 to 1."""
        return logits.softmax(-1) if self.description.objective == "kl" else logits.sigmoid()

    def pixels(self, photos: npt.NDArray[np.uint8]) -> Tensor:
        """What `forward` takes, on the classifier's device, from photos as bytes."""
        size = self.backbone.preprocessing.input_size
        if photos.dtype != np.uint8 or photos.ndim != 4 or photos.shape[1:] != (size, size, 3):
            raise ValueError(
                f"Expected argument `photos` to be uint8 of shape n x {size} x {size} x 3, "
                f"but got {photos.dtype} of shape {photos.shape}."
            )
        return torch.tensor(photos, device=self.device).permute(0, 3, 1, 2).float() / 255

    def save(self, folder: Path) -> None:
        """Write the folder; each file beside its place and then moved there, the description last."""
        from safetensors.torch import save

        make_folder(folder)
        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in self.state_dict().items()}
        document = {
            "format": "cdul-classifier",
            "version": VERSION,
            "backbone": self.backbone.name,
            "preprocessing": asdict(self.backbone.preprocessing),
            **asdict(self.description),
        }
        write_synced(folder / WEIGHTS, save(tensors))
        write_synced(folder / CARD, _card(self).encode())
        write_synced(folder / DESCRIPTION, json.dumps(document, indent=2, ensure_ascii=False).encode())

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Open what `save` wrote; needs neither a network nor the backbone's own weights.

        Raises:
            ClassifierUnreadable: files are missing, damaged, or of a newer version.
        """
        from safetensors import SafetensorError, safe_open
        from safetensors.torch import load_file

        saved = SavedClassifier.read(folder)
        try:
            if not (folder / WEIGHTS).is_file():
                raise OSError(f"there is no file {WEIGHTS} in it")
            # Judged before it has any room: a small file may name a network of gigabytes.
            with torch.device("meta"):
                expected = {name: tensor.shape for name, tensor in cls._empty(saved).state_dict().items()}
            with safe_open(folder / WEIGHTS, framework="pt") as file:
                there = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
            if there != {name: tuple(shape) for name, shape in expected.items()}:
                raise ValueError(
                    f"its weights are not those of {saved.backbone} with {len(saved.description.labels)} labels"
                )
            classifier = cls._empty(saved)
            classifier.load_state_dict(load_file(folder / WEIGHTS))
            if not all(bool(tensor.isfinite().all()) for tensor in classifier.state_dict().values()):
                raise ValueError("some of its weights are no numbers")
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError, BackboneUnavailable) as error:
            raise ClassifierUnreadable(
                Sentence("{folder} cannot be opened as a classifier: {error}").format(folder=folder, error=error)
            ) from error
        return classifier

    @classmethod
    def _empty(cls, saved: SavedClassifier) -> Classifier:
        """As it is described, with weights that mean nothing yet."""
        backbone = empty_backbone(saved.backbone, saved.preprocessing)
        return cls(backbone, nn.Linear(backbone.dimension, len(saved.description.labels)), saved.description)

    def export_onnx(self, path: Path) -> None:
        """Write one ONNX file: input `photos` (n x 3 x input_size x input_size, RGB, 0 to 1), output `scores`.

        Labels, thresholds and preprocessing are in the file's metadata, as JSON.

        Raises:
            ImportError: the packages of the extra `onnx` are not installed.
        """
        import onnx

        size = self.backbone.preprocessing.input_size
        example = torch.zeros(2, 3, size, size, device=self.device)
        # The exporter tells of its progress where a command may have promised one JSON object.
        with redirect_stdout(sys.stderr):
            program = torch.onnx.export(
                _Scores(self).eval(),
                (example,),
                input_names=["photos"],
                output_names=["scores"],
                dynamic_shapes={"photos": {0: torch.export.Dim("n")}},
                dynamo=True,
                verbose=False,
            )
        assert program is not None
        model = program.model_proto
        onnx.helper.set_model_props(
            model,
            {
                "labels": json.dumps(self.description.labels, ensure_ascii=False),
                "thresholds": json.dumps(self.description.thresholds),
                "preprocessing": json.dumps(asdict(self.backbone.preprocessing) | {"resize": "squash, bicubic"}),
            },
        )
        write_synced(path, model.SerializeToString())


class _Scores(nn.Module):
    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, photos: Tensor) -> Tensor:
        return self.classifier.scores(self.classifier(photos))


def new_head(dimension: int, labels: npt.NDArray[np.float32], *, seed: int = 0) -> nn.Linear:
    """A linear layer of small random weights that starts at how frequent each label is.

    Args:
        dimension: features a photo.
        labels: photos x labels, from 0 to 1.
        seed: decides the weights, whatever random numbers were drawn before.
    """
    head = nn.Linear(dimension, labels.shape[1])
    with torch.no_grad():
        head.weight.copy_(0.01 * torch.randn(head.weight.shape, generator=torch.Generator().manual_seed(seed)))
        head.bias.copy_(torch.logit(torch.tensor(labels.mean(0)), eps=1e-4))
    return head


def random_head(dimension: int, labels: int, *, seed: int = 0) -> nn.Linear:
    """A linear layer as torch begins one; `seed` decides it, whatever random numbers were drawn before."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Linear(dimension, labels)


def _card(classifier: Classifier) -> str:
    description, shape = classifier.description, classifier.backbone.preprocessing
    head = "softmax over all labels" if description.objective == "kl" else "a sigmoid for each label"
    made = "".join(f"- {name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in description.made.items())
    rows = "".join(
        f"| {label.replace('|', '/')} | {threshold:.3f} |\n"
        for label, threshold in zip(description.labels, description.thresholds, strict=True)
    )
    return f"""# Classifier of {len(description.labels)} labels

Gives each photo a score from 0 to 1 for each label ({classifier.backbone.name} with a linear layer, {head}).
It was trained with CDUL (arXiv 2307.16634) on pseudo labels, so it repeats mistakes of the model that made them; check
its suggestions before relying on them.

## Preprocessing
The whole photo, upright, RGB, squashed to {shape.input_size} x {shape.input_size} pixels (bicubic); pixels from 0 to 1,
less mean {list(shape.mean)}, divided by {list(shape.std)}.

## How it was made
{made or "- not recorded" + chr(10)}
## Labels and thresholds
| label | threshold |
|---|---|
{rows}"""
