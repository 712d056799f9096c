"""How strongly a heatmap glows: on a scale of the label's own, the same on every photo.

Drawn on a scale of the photo's, the strongest snippet always glows, on a photo without the thing as well. So the
strength is the chance of `engine.method.review_order.chances` about the score from which the label may be there: half
of it there, hardly anything at a tenth of those odds, nearly all at ten times as much.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.method.review_order import chances

Floats = npt.NDArray[np.floating]


def heat(values: Floats, may_be_from: float) -> Floats:
    """Strengths from 0 to 1, in the shape of the values.

    Args:
        values: of a label's snippets, any shape, from 0 to 1.
        may_be_from: the score from which the label may be there, on the scale of the values.
    """
    return chances(values.reshape(-1, 1), np.array([may_be_from])).reshape(values.shape)


def smoothed(values: Floats, times: int = 16) -> npt.NDArray[np.float32]:
    """A heatmap without steps: rows x columns to so many times as many of both, by bicubic interpolation.

    Where two strong snippets lie side by side the top moves to between them; nothing leaves the range of the values.
    """
    # Mirrored about the middle of the snippets at the border: a strong one is strongest in its middle, not at its edge.
    around = 2
    wide = np.pad(np.asarray(values, np.float32), around, mode="reflect")
    rows, columns = wide.shape
    fine = np.asarray(Image.fromarray(wide).resize((columns * times, rows * times), Image.Resampling.BICUBIC))
    inside = slice(around * times, -around * times)
    return fine[inside, inside].clip(values.min(), values.max())
