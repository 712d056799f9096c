"""Weights are fetched when asked for and compared with their checksum; what came before a stop is not fetched again."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hub import Hub, open_hub

WEIGHTS = bytes(range(256)) * 20_000
"""Some five megabytes."""

MODEL = "ViT-B-32:datacomp_xl_s13b_b90k"
REPOSITORY, FILE = "laion/CLIP-ViT-B-32-DataComp.XL-s13B-b90K", "open_clip_model.safetensors"
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()

# pytest-socket closes the network for all tests; here a hub of our own listens on this machine.
pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with open_hub() as hub:
        hub.put(REPOSITORY, FILE, WEIGHTS)
        yield hub


def start_download(hub: Hub) -> subprocess.Popen[str]:
    environment = {**os.environ, "HF_ENDPOINT": hub.address}
    command = [sys.executable, "-m", "cdul_gui", "encoders", "--download", MODEL]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def download(hub: Hub) -> subprocess.CompletedProcess[str]:
    with start_download(hub) as process:
        out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def partial_of(hub: Hub) -> Path:
    folder = f"models--{REPOSITORY.replace('/', '--')}"
    return Path(os.environ["HF_HUB_CACHE"]) / folder / "blobs" / f"{DIGEST}.partial"


def test_source_size_and_checksum_are_named(hub: Hub) -> None:
    done = download(hub)
    assert done.returncode == 0, done.stderr
    assert f"{hub.address}/{REPOSITORY}" in done.stdout
    assert f"{len(WEIGHTS):,} bytes" in done.stdout
    assert DIGEST in done.stdout


def test_a_download_that_is_killed_goes_on_where_it_stopped(hub: Hub) -> None:
    hub.cuts, hub.stalls = [3_000_000], True
    partial, patience = partial_of(hub), time.monotonic() + 60
    with start_download(hub) as process:
        while not partial.is_file() or not partial.stat().st_size:
            assert process.poll() is None
            assert time.monotonic() < patience
            hub.closing.wait(0.01)
        process.kill()
    kept = partial.stat().st_size
    done = download(hub)
    assert done.returncode == 0, done.stderr
    assert hub.ranges == [None, f"bytes={kept}-"]
    assert f"SHA-256 {DIGEST}, as published" in done.stdout
    assert not partial.exists()
    weights = Path(done.stdout.partition(" are in ")[2].splitlines()[0])
    assert weights.read_bytes() == WEIGHTS


def test_without_a_network_the_cause_comes_first_and_soon(hub: Hub) -> None:
    hub.vanish()
    done = download(hub)
    assert done.returncode == 1
    assert done.stderr.startswith(f"127.0.0.1:{hub.port} cannot be reached")
    assert REPOSITORY in done.stderr
    assert "cdul encoders" not in done.stderr
    assert "Traceback" not in done.stderr
