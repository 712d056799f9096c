"""Two programs never write the same download."""

from pathlib import Path

import pytest
from filelock import FileLock

from engine.models.encoders.failures import Cause, DownloadFailed
from engine.models.encoders.fetch import fetch


def test_a_file_that_another_program_is_fetching_is_left_to_it(tmp_path: Path) -> None:
    (tmp_path / "weights.partial").write_bytes(b"so far")
    with (
        FileLock(tmp_path / "weights.partial.lock"),
        pytest.raises(DownloadFailed, match="Another program is fetching http://hub/weights just now") as told,
    ):
        fetch("http://hub/weights", tmp_path / "weights", size=100, published=None)
    assert told.value.cause == Cause.BUSY
    assert (tmp_path / "weights.partial").read_bytes() == b"so far"
