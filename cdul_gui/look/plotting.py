"""pyqtgraph, opened without the drivers of graphics cards, which it looks for to show video and we do not."""

from __future__ import annotations

import sys

_DRIVERS = "cuda.bindings"

# None keeps a package out, as Python's reference says. torch, which may want it, is not there yet; it gets it later.
_keep_out = _DRIVERS not in sys.modules
if _keep_out:
    sys.modules[_DRIVERS] = None  # type: ignore[assignment]
try:
    import pyqtgraph as pg
finally:
    if _keep_out:
        del sys.modules[_DRIVERS]

__all__ = ["pg"]
