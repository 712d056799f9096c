"""NNCF, which chooses the whole numbers that a network is computed in; it brings torch along."""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from typing import Any


def nncf_package() -> Any:
    """NNCF, which says nothing, neither here nor elsewhere; whatever it raises where it does not load."""
    # It would tell a server abroad what is done here; None keeps that out.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # as Python's reference says
    # It loads what torch compiles with for cards, which warns where there is none.
    logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)
    nncf = import_module("nncf")
    nncf.set_log_level(logging.ERROR)
    return nncf
