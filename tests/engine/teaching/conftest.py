from __future__ import annotations

from pathlib import Path

import pytest
from taught_photos import Made


@pytest.fixture
def made(tmp_path: Path):
    found = Made(tmp_path)
    yield found
    found.project.close()
