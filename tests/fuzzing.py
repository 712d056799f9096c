"""How much random input a test gets: little in every run of the tests, as much as one likes by `make fuzz`.

Such tests are marked `fuzz`, and their settings come from here.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings


def examples(few: int, **more: Any) -> settings:
    """So many examples, or a tenth of what the environment says in CDUL_FUZZ, as each of them opens a project."""
    count = int(os.environ.get("CDUL_FUZZ", 10 * few)) // 10
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True, **more)
