"""How strongly a heatmap glows: on a scale of the label's own, the same on every photo.

Drawn on a scale of the photo's, the strongest snippet always glows, on a photo without the thing as well. So the
strength is the chance of `engine.method.review_order.chances`: half of it where the label is suggested from, hardly
anything at a tenth of those odds, nearly all at ten times as much.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.method.review_order import chances

Floats = npt.NDArray[np.floating]


def heat(values: Floats, suggested_from: float) -> Floats:
    """Strengths from 0 to 1, in the shape of the values.

    Args:
        values: of a label's snippets, any shape, from 0 to 1.
        suggested_from: the score from which the label is suggested, on the scale of the values.
    """
    return chances(values.reshape(-1, 1), np.array([suggested_from])).reshape(values.shape)


def smoothed(values: Floats, times: int = 16) -> npt.NDArray[np.float32]:
    """A heatmap without steps: rows x columns to so many times as many of both, by bicubic interpolation.

    Where two strong snippets lie side by side the top moves to between them; nothing leaves the range of the values.
    """
    rows, columns = values.shape
    fine = Image.fromarray(np.asarray(values, np.float32)).resize(
        (columns * times, rows * times), Image.Resampling.BICUBIC
    )
    return np.asarray(fine).clip(values.min(), values.max())
