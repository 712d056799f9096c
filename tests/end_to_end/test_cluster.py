"""`cdul label --engine ray` gives the labels of one machine, also where those who work at it are killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from commands import Cdul
from making import make_photo

from engine.project import Project
from engine.project.embeddings import contents_with_embeddings, load_embeddings
from engine.project.photos import readable_contents
from engine.project.runs import INITIAL, load_scores, newest_run_with

pytest.importorskip("ray", reason="the extra `cluster` is not installed")
pyarrow_parquet = pytest.importorskip("pyarrow.parquet", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="who is killed is looked up in /proc")

PHOTOS = 100

# `cdul label` that kills itself, or one of its workers, when it hears of the first part.
KILLED = """
import os, signal, sys
from importlib.util import find_spec
from pathlib import Path
from cdul_gui import door
from engine.cluster.ray_runner import RayRunner

def children(of):
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, _, rest = status.read_text().partition(" (")
        except OSError:
            continue
        if int(rest.rpartition(") ")[2].split()[1]) == of:
            yield int(pid)
            yield from children(int(pid))

def workers():
    for pid in children(os.getpid()):
        if b"_Worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
            yield pid

by_workers = RayRunner._by_workers
def killing(*arguments):
    for at, name in enumerate(by_workers(*arguments)):
        if at == 0:
            os.kill(os.getpid() if os.environ["WHOM"] == "driver" else next(workers()), signal.SIGKILL)
            print("killed", file=sys.stderr)
        yield name
RayRunner._by_workers = killing
sys.exit(door.run())
"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for at in range(PHOTOS):
        make_photo(tmp_path / "photos" / f"{at:03}.jpg", at, size=(24 + at % 7, 24 + at % 5))
    return tmp_path / "photos"


def test_whoever_is_killed_the_labels_are_those_of_one_machine(
    photos: Path, tiny_clip: Path, tmp_path: Path, cdul: Cdul
) -> None:
    store, asked = tmp_path / "parts", ["--encoder", tiny_clip, "--labels", "cat,dog,boat"]

    def by_workers(whom: str) -> tuple[int, str]:
        command = [sys.executable, "-c", KILLED, "label", photos, "--project", tmp_path / "cluster", *asked]
        # Into a file: Ray's own processes outlive the killed one for a moment, and would hold a pipe open.
        with (tmp_path / "said").open("w+") as said:
            done = subprocess.run(
                [*map(str, command), "--engine", "ray", "--store", str(store), "--workers", "1"],
                env={**os.environ, "WHOM": whom},
                stdout=said,
                stderr=said,
                timeout=300,
                check=False,
            )
            said.seek(0)
            return done.returncode, said.read()

    assert cdul("label", photos, "--project", tmp_path / "here", *asked).code == 0
    assert by_workers("driver")[0] == -signal.SIGKILL
    parts = {part: part.stat().st_mtime_ns for part in store.glob("*/*.parquet")}
    assert parts
    code, said = by_workers("worker")
    assert code == 0, said
    assert "killed" in said
    assert "raylet" not in said  # what Ray says of it is for its makers
    assert "Starting Ray's workers on this machine…" in said
    # The others lay ready, those of workers that outlived the first command among them: nobody looked at them again.
    kept = sum(pyarrow_parquet.read_metadata(part).num_rows for part in parts)
    counted = re.search(r"(\d+) photos taken from the store and (\d+) photos encoded", said)
    assert counted is not None, said
    assert (int(counted[1]) >= kept, int(counted[1]) + int(counted[2])) == (True, PHOTOS)
    # What the first had kept was not made again.
    assert {part: part.stat().st_mtime_ns for part in parts} == parts
    with Project.open(photos, tmp_path / "here") as here, Project.open(photos, tmp_path / "cluster") as cluster:
        run, other = (newest_run_with(project, INITIAL) for project in (here, cluster))
        assert run is not None
        assert other is not None
        kept_as, dimension = run.settings["encoder_id"], run.settings["dimension"]
        contents = [content for _, content in readable_contents(here)]
        assert [content for _, content in readable_contents(cluster)] == contents
        assert contents_with_embeddings(cluster, kept_as, [1, 3]) == set(contents)
        vectors = [load_embeddings(each, kept_as, contents, [1, 3], dimension)[1] for each in (here, cluster)]
        assert vectors[0].tobytes() == vectors[1].tobytes()
        scores = [load_scores(each, INITIAL) for each in (here, cluster)]
        assert scores[0] is not None
        assert scores[1] is not None
        assert np.array_equal(scores[0].values, scores[1].values)
    table = pyarrow_parquet.read_table(store / "scores", filters=[("stage", "=", "initial")]).sort_by("path")
    columns = [table[name].to_numpy() for name in ("cat", "dog", "boat")]
    assert np.array_equal(np.stack(columns, axis=1), scores[0].values)


def test_options_that_do_not_belong_together_are_told(photos: Path, tiny_clip: Path, cdul: Cdul) -> None:
    told = cdul("label", photos, "--engine", "ray")
    assert (told.code, "--store" in told.err) == (2, True)
    told = cdul("label", photos, "--encoder", tiny_clip, "--engine", "ray", "--store", photos, "--fast")
    assert (told.code, "--fast is for this computer" in told.err) == (2, True)
    told = cdul("label", photos, "--store", "somewhere")
    assert (told.code, "--engine ray" in told.err) == (2, True)
    told = cdul("label", photos, "--engine", "ray", "--store", "nowhere://bucket", "--labels", "cat,dog")
    assert (told.code, "nowhere://bucket" in told.err) == (1, True)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_cluster_that_is_not_there_is_told(
    photos: Path, tiny_clip: Path, tmp_path: Path, cdul: Cdul, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:1")
    told = cdul(
        "label", photos, "--encoder", tiny_clip, "--labels", "cat,dog", "--engine", "ray", "--store", tmp_path / "parts"
    )
    assert (told.code, "There is no Ray cluster at RAY_ADDRESS=127.0.0.1:1" in told.err) == (1, True)
    assert "Starting Ray's workers in the cluster at 127.0.0.1:1" in told.err


CALLED = "import sys; from cdul_gui import door; sys.exit(door.run())"
# What `cdul label` does first, without the seconds that an encoder takes.
JOIN = """
import sys
from engine.cluster.ray_cluster import ray_cluster
from engine.errors import UserError
try:
    with ray_cluster(lambda sentence: print(sentence, file=sys.stderr)):
        pass
except UserError as error:
    sys.exit(str(error))
"""
TOKEN, ANOTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4


@contextmanager
def cluster(tmp_path: Path, **more: str) -> Iterator[str]:
    """The address of a cluster of one node that asks for a token, which lies in the folder `with token`."""
    (tmp_path / "with token" / ".ray").mkdir(parents=True)
    (tmp_path / "with token" / ".ray" / "auth_token").write_text(TOKEN)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = ["--head", "--block", f"--port={port}", "--num-cpus=1", "--include-dashboard=false"]
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as short:  # sockets have short paths
        head = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", "start", *asked, f"--temp-dir={short}"],
            env={**as_of_a_new_user(tmp_path / "with token"), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert head.stdout is not None
            assert any("Ray runtime started" in line for line in head.stdout)  # says little more afterwards
            yield f"127.0.0.1:{port}"
        finally:
            head.terminate()  # ends all that it began
            head.wait(60)


def as_of_a_new_user(home: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("RAY_")} | {"HOME": str(home)}


@pytest.fixture
def label(photos: Path, tiny_clip: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`cdul label` by the workers of a cluster, as of somebody whose home folder has this name."""

    def label(address: str, home: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", CALLED, "label", photos, "--project", tmp_path / "project"]
        asked = ["--encoder", tiny_clip, "--labels", "cat,dog", "--engine", "ray", "--store", tmp_path / "parts"]
        return subprocess.run(
            [*map(str, command), *map(str, asked)],
            env={**as_of_a_new_user(tmp_path / home), "RAY_ADDRESS": address, **more},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return label


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_cluster_that_asks_for_a_token_gets_it_or_says_soon_what_to_do(
    tmp_path: Path, label: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with cluster(tmp_path) as address:
        begins = f"Starting Ray's workers in the cluster at {address}…\nThe Ray cluster at {address} asks for"

        def join(home: str, **more: str) -> subprocess.CompletedProcess[str]:
            there = {**as_of_a_new_user(tmp_path / home), "RAY_ADDRESS": address, **more}
            return subprocess.run([sys.executable, "-c", JOIN], env=there, capture_output=True, text=True, timeout=300)

        for told in (label(address, "without token"), join("without token", RAY_AUTH_MODE="token")):
            assert told.returncode == 1
            assert told.stderr.startswith(f"{begins} a token, and there is none here.")
            assert told.stderr.count("\n") == 2  # nothing of Ray's own
        told = join("with token", RAY_AUTH_TOKEN=ANOTHER)
        assert (told.returncode, told.stderr.startswith(f"{begins} another token")) == (1, True)
        told = join("with token", RAY_AUTH_MODE="disabled")
        assert (told.returncode, "RAY_AUTH_MODE=disabled" in told.stderr) == (1, True)
        told = label(address, "with token")
        assert told.returncode == 0, told.stderr
        assert f"{PHOTOS} photos encoded" in told.stdout


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_cluster_that_asks_for_no_token_is_joined_by_who_has_one(
    tmp_path: Path, label: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with cluster(tmp_path, RAY_AUTH_MODE="disabled") as address:
        told = label(address, "with token")
        assert told.returncode == 0, told.stderr
        assert f"{PHOTOS} photos encoded" in told.stdout


def test_a_store_whose_reader_is_missing_is_told_with_its_package(photos: Path, cdul: Cdul) -> None:
    if find_spec("gcsfs") is not None:
        pytest.skip("gcsfs is installed")
    told = cdul("label", photos, "--labels", "cat", "--engine", "ray", "--store", "gs://bucket/parts")
    assert (told.code, "pip install gcsfs" in told.err) == (1, True)
