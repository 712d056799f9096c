"""Killed while it writes sidecars, what is there is whole and known to be ours, and the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Cdul

from engine.formats.files.xmp_packet import FLAT, XmpPacket

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

# `cdul` that kills itself when the third sidecar is written, but not yet moved into its place.
KILLED = """
import contextlib, os, signal, sys
from cdul_gui import door
from engine.stages.exporting import beside_files
whole_file, written = beside_files.whole_file, []
@contextlib.contextmanager
def killed(file, **more):
    with whole_file(file, **more) as stream:
        yield stream
        stream.flush()
        written.append(file)
        if len(written) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
beside_files.whole_file = killed
sys.exit(door.run())
"""


def keywords(photos: Path) -> list[list[str]]:
    return [XmpPacket(file.read_bytes()).keywords(FLAT) for file in photos.rglob("*.xmp")]


def test_a_kill_between_two_sidecars(cdul: Cdul, photo_folder: Path, tmp_path: Path) -> None:
    photos = sorted(file.relative_to(photo_folder).as_posix() for file in photo_folder.rglob("*.*"))
    labels = tmp_path / "labels.csv"
    labels.write_text("\n".join(["file_name,label", *(f"{photo},cat" for photo in photos)]))
    assert cdul("import", photo_folder, labels).code == 0
    export = ["export", str(photo_folder), "--format", "xmp", "--beside"]
    ended = subprocess.run([sys.executable, "-c", KILLED, *export], timeout=120)
    assert ended.returncode == -signal.SIGKILL
    assert keywords(photo_folder) == [["cat"]] * 2
    assert cdul(*export).code == 0
    assert keywords(photo_folder) == [["cat"]] * len(photos)
    # Those that were written before the kill are ours as well: they go with the rest.
    labels.write_text("\n".join(["file_name,label,state", *(f"{photo},cat,rejected" for photo in photos)]))
    assert cdul("import", photo_folder, labels, "--on-conflict", "replace").code == 0
    assert cdul(*export).code == 0
    assert keywords(photo_folder) == [[]] * len(photos)
