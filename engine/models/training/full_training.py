"""Training end to end: the backbone learns too, from photos that are cropped and mirrored at random."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from itertools import islice

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from engine.models.device import precision_for
from engine.models.training.classifier import Classifier
from engine.models.training.loop import Training
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings

Photos = Callable[[Sequence[int]], npt.NDArray[np.uint8]]
"""The photos with these indices as the classifier takes them: n x input_size x input_size x 3, RGB, 0 to 255."""

SMALLEST_CROP = 0.6
"""Share of the photo's area that a random crop keeps at least; a smaller one would often lose what a label names."""

ASPECT_CHANGE = 4 / 3
"""A random crop is stretched or squeezed by at most this."""


class FullTraining(Training):
    """Learns all of a classifier, which must start with its pretrained backbone; it is changed in place.

    Steps, reports and states are those of `Training`. On CUDA devices with bfloat16 the network computes in mixed
    precision.

    Args:
        classifier: moved to `device`.
        photos: gives photos by index, in the order of `labels`.
        labels, settings, device: see `Training`.
    """

    def __init__(
        self,
        classifier: Classifier,
        photos: Photos,
        labels: TrainingLabels,
        settings: TrainingSettings,
        device: torch.device | None = None,
    ) -> None:
        device = device or torch.device("cpu")
        if len(classifier.description.labels) != labels.values.shape[1]:
            raise ValueError(
                f"Expected argument `classifier` to have {labels.values.shape[1]} labels, "
                f"but got one with {len(classifier.description.labels)}."
            )
        if classifier.description.objective != settings.output:
            raise ValueError(
                f"Expected argument `classifier` to be one for {settings.output}, "
                f"but got one for {classifier.description.objective}."
            )
        # Colours last, as the photos' bytes lie: a third of the time on a processor.
        self.classifier, self._photos = classifier.to(memory_format=torch.channels_last), _Ahead(photos)
        self._mixed = device.type == "cuda" and precision_for(device) == torch.bfloat16
        super().__init__(classifier, labels, settings, device)

    def _expect(self, batches: Sequence[Tensor]) -> None:
        self._photos.expect([photos.tolist() for photos in batches])

    @property
    def precision(self) -> str:
        """In which the network computes: float32 or bfloat16."""
        return "bfloat16" if self._mixed else "float32"

    def _batch_logits(self, photos: Tensor, generator: torch.Generator) -> Tensor:
        pixels = augment(self.classifier.pixels(self._photos(photos.tolist())), generator, self.settings.augment)
        with self._precision():
            return self.classifier(pixels).float()

    def _all_logits(self, check: Callable[[], None]) -> Tensor:
        self.classifier.eval()

        def logits(rows: slice) -> Tensor:
            check()
            return self.classifier(self.classifier.pixels(self._photos(range(rows.start, rows.stop)))).float()

        with torch.no_grad(), self._precision():
            return torch.cat(self._at_once.of(logits, len(self.labels.values)))

    def _precision(self) -> AbstractContextManager[object]:
        return torch.autocast("cuda", torch.bfloat16) if self._mixed else nullcontext()


class _Ahead:
    """Photos, two batches of them read before they are asked for, where their order is known."""

    def __init__(self, photos: Photos) -> None:
        self._photos = photos
        self._pool = ThreadPoolExecutor(1, "read photos")
        self._order: Iterator[list[int]] = iter(())
        self._reading: deque[tuple[list[int], Future[npt.NDArray[np.uint8]]]] = deque()

    def expect(self, batches: Sequence[list[int]]) -> None:
        """In this order; what was expected before is forgotten."""
        self._order = iter(batches)
        self._reading.clear()
        self._go_on()

    def __call__(self, indices: Sequence[int]) -> npt.NDArray[np.uint8]:
        while self._reading and self._reading[0][0] != indices:
            if indices[0] in self._reading[0][0]:  # a part of a batch, where memory is short
                return self._photos(indices)
            self._reading.popleft()
        if not self._reading:
            return self._photos(indices)
        read = self._reading.popleft()[1]
        self._go_on()
        return read.result()

    def _go_on(self) -> None:
        for batch in islice(self._order, 2 - len(self._reading)):
            self._reading.append((batch, self._pool.submit(self._photos, batch)))


def augment(pixels: Tensor, generator: torch.Generator, how: str = "crop") -> Tensor:
    """A random crop of each photo, mirrored half of the time, at the size it had: n x 3 x size x size.

    All that is random is drawn from `generator`, on the processor, so that every device gets the same crops.

    Args:
        how: crop; mirror, without crops; or none, which leaves the photos as they are.
    """
    count = len(pixels)
    if how != "crop":
        mirrored = torch.rand(count, generator=generator).to(pixels.device) < (0.5 if how == "mirror" else 0)
        return torch.where(mirrored.view(-1, 1, 1, 1), pixels.flip(-1), pixels)
    area, aspect, left, top, mirror = torch.rand(5, count, generator=generator)
    area = SMALLEST_CROP + (1 - SMALLEST_CROP) * area
    aspect = torch.exp((2 * aspect - 1) * math.log(ASPECT_CHANGE))
    width, height = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    # grid_sample counts from -1 to 1; a crop is a scale about its centre, mirrored by a negative scale.
    transform = torch.zeros(count, 2, 3)
    transform[:, 0, 0] = torch.where(mirror < 0.5, -width, width)
    transform[:, 0, 2] = (2 * left - 1) * (1 - width)
    transform[:, 1, 1] = height
    transform[:, 1, 2] = (2 * top - 1) * (1 - height)
    grid = functional.affine_grid(transform.to(pixels.device), list(pixels.shape), align_corners=False)
    return functional.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)
