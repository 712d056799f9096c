"""A CLIP in whole numbers of 8 bits: asked for, calibrated on the person's own photos, its cost told, kept apart."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from commands import Cdul
from making import make_photo, make_tiny_clip

from engine.errors import UserError, WrongUsage
from engine.jobs import NEVER, QUIET, Cancellation, Cancelled, Progress
from engine.models.encoders import fast_clip, fast_names
from engine.models.encoders.catalog import open_encoder, title_of
from engine.models.encoders.confirmed import confirm_encoder
from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.failures import EncoderNotConfirmed, NotCalibrated
from engine.models.encoders.fast_kept import FastCost, costs_measured, find_fast, keep_fast
from engine.project import Project
from engine.project.embeddings import contents_with_embeddings
from engine.project.runs import runs
from engine.stages.labelling.label_photos import LabelRequest, LabelResult, label_photos

needs_nncf = pytest.mark.skipif(not fast_names.can_be_made(), reason="no NNCF here: pip install '.[fast]'")


def label(
    project: Project, cancellation: Cancellation = NEVER, progress: Progress = QUIET, **asked: object
) -> LabelResult:
    return label_photos(project, LabelRequest(**asked), progress, cancellation)


def kept_files(machine: Path) -> list[Path]:
    return sorted(file for file in machine.rglob("encoders/fast/*/*") if file.suffix in (".bin", ".xml"))


@needs_nncf
def test_it_tells_what_it_costs_is_near_the_exact_one_and_kept_apart_from_it(
    project: Project, tiny_clip: Path, machine_of_its_own: Path
) -> None:
    label(project, labels="cat,dog", encoder=str(tiny_clip))
    fast = label(project, fast=True)
    cost = costs_measured()[str(tiny_clip)]
    assert (fast.encoder, fast.encoded, fast.fast) == (f"fast:{tiny_clip}", 8, cost)
    assert cost.parts == 10
    assert 0.97 < cost.least <= cost.mean <= 1
    assert str(fast.warnings[0]) == str(cost.sentence)
    again = label(project)
    assert (again.encoder, again.encoded, again.warnings) == (fast.encoder, 0, ())
    with pytest.raises(WrongUsage, match="not for --engine ray"):  # whose machines have calibrated nothing
        label_photos(project, LabelRequest(), encode=lambda *_asked: iter(()))
    exact = label(project, fast=False)
    assert (exact.encoder, exact.encoded) == (str(tiny_clip), 0)

    snippets = np.random.default_rng(0).integers(0, 256, (7, 32, 32, 3), np.uint8)
    of_both = [open_encoder(name).encode_snippets(snippets) for name in (exact.encoder, fast.encoder)]
    assert 0.97 < (of_both[0] * of_both[1]).sum(axis=1).min() < 0.999999

    ids = {run.settings["encoder"]: run.settings["encoder_id"] for run in runs(project)}
    assert ":int8:" in ids[fast.encoder]
    assert ":int8:" not in ids[exact.encoder]
    for kept_as in ids.values():
        assert len(list(contents_with_embeddings(project, kept_as, (1, 3)))) == 8
    assert not [name for name, loaded in sys.modules.items() if name.startswith("openvino_telemetry") and loaded]


@needs_nncf
def test_a_damaged_one_is_made_again_and_says_the_same(
    project: Project, tiny_clip: Path, machine_of_its_own: Path
) -> None:
    name = label(project, labels="cat,dog", encoder=str(tiny_clip), fast=True).encoder
    before = open_encoder(name).id
    for file in kept_files(machine_of_its_own):
        whole = file.read_bytes()
        file.write_bytes(whole[:-40] + b"x" + whole[-39:])
        with pytest.raises(NotCalibrated, match="Label the photos again"):
            open_encoder(name)
        file.write_bytes(whole)
        assert open_encoder(name).id == before
    file.unlink()
    again = label(project)
    assert again.warnings
    assert open_encoder(name).id == before
    assert again.encoded == 0


@needs_nncf
@pytest.mark.parametrize("least", [1.1, float("nan")])  # a mean that is no number compares with none, either
def test_one_that_would_say_something_else_is_not_used(
    project: Project, tiny_clip: Path, machine_of_its_own: Path, monkeypatch: pytest.MonkeyPatch, least: float
) -> None:
    monkeypatch.setattr(fast_clip, "_LEAST", least)
    with pytest.raises(EncoderUnavailable, match="says something else on your photos"):
        label(project, labels="cat,dog", encoder=str(tiny_clip), fast=True)
    assert kept_files(machine_of_its_own) == []
    assert runs(project) == []


@needs_nncf
def test_calibrating_ends_when_it_is_cancelled(project: Project, tiny_clip: Path, machine_of_its_own: Path) -> None:
    calibrating = False

    def hear(report: object) -> None:
        nonlocal calibrating
        calibrating = calibrating or getattr(report, "task", "") == "Calibrating the fast encoder"

    class StopsAmidIt(Cancellation):
        asked = 0

        def check(self) -> None:
            self.asked += calibrating
            if self.asked == 11:  # eight photos are read; then it is asked while the network is looked at
                self.cancel()
            super().check()

    cancellation = StopsAmidIt()
    with pytest.raises(Cancelled):
        label(project, cancellation, Progress(hear), labels="cat,dog", encoder=str(tiny_clip), fast=True)
    assert kept_files(machine_of_its_own) == []


@needs_nncf
def test_too_few_photos_are_told(tmp_path: Path, tiny_clip: Path, machine_of_its_own: Path) -> None:
    make_photo(tmp_path / "one.jpg")
    with (
        Project.open(tmp_path) as project,
        pytest.raises(UserError, match="4 photos, but 1 of yours can be read"),
    ):
        label(project, labels="cat,dog", encoder=str(tiny_clip), fast=True)


def test_the_starter_has_none(project: Project) -> None:
    with pytest.raises(EncoderUnavailable, match="starter has no fast form"):
        label(project, labels="cat,dog", fast=True)


def test_without_what_makes_it_is_said_what_to_install(
    project: Project, tiny_clip: Path, machine_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_names, "can_be_made", lambda: False)
    with pytest.raises(EncoderUnavailable, match=r"pip install 'cdul\[fast\]'"):
        label(project, labels="cat,dog", encoder=str(tiny_clip), fast=True)


def test_where_it_gains_nothing_is_said_what_is_better() -> None:
    assert "no faster than the exact one on this computer, which is the better" in str(
        FastCost(0.9999, 0.9995, 20, 1.0, "2026-11-30").sentence
    )


def test_where_nncf_does_not_load_is_said_before_anything_heavy_is_loaded(
    project: Project, tiny_clip: Path, tmp_path: Path, machine_of_its_own: Path
) -> None:
    project.close()
    (tmp_path / "nncf.py").write_text("raise ImportError('libhalf.so is not there')")
    site = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", _LABEL, "label", str(project.photos), "--fast", "--encoder", str(tiny_clip)]
    ran = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": site}
    )
    sentence, loaded = ran.stderr.strip().rsplit("\n", 1)
    assert "libhalf.so is not there" in sentence
    assert "pip install --force-reinstall nncf" in sentence
    assert loaded == "1 False"


_LABEL = """
import sys
from cdul_gui.door import run
print(run(), "torch" in sys.modules, file=sys.stderr)
"""


@needs_nncf
def test_nothing_but_the_program_speaks_on_the_terminal(
    project: Project, tiny_clip: Path, machine_of_its_own: Path
) -> None:
    project.close()
    command = [sys.executable, "-c", _LABEL, "label", "-q", str(project.photos), "--fast", "--encoder", str(tiny_clip)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert (ran.stdout, ran.stderr.split()[-2:], len(ran.stderr.splitlines())) == ("", ["0", "True"], 1)


@pytest.mark.parametrize("form", ["fast:", "fast:fast:", "fast:" * 5000])
def test_that_of_a_file_nobody_named_is_not_opened(tmp_path: Path, machine_of_its_own: Path, form: str) -> None:
    name = f"{form}{make_tiny_clip(tmp_path)}"
    assert title_of(name) == f"{tmp_path.name} (int8)"
    with pytest.raises(EncoderNotConfirmed):
        open_encoder(name)
    confirm_encoder(name)
    with pytest.raises(NotCalibrated):
        open_encoder(name)


def test_encoders_are_listed_with_what_their_fast_form_was_measured_to_cost(
    cdul: Cdul, machine_of_its_own: Path
) -> None:
    cost = FastCost(0.9993, 0.9974, 20, 1.5, "2026-11-30")
    keep_fast("ViT-B-32:openai", "clip:abc", cost, lambda graph, weights: [graph.touch(), weights.touch()])
    said = (
        "The fast form of this encoder is 1.5 times as fast as the exact one. On 20 parts of your photos both see the "
        "same to 99.93 % on average, and to 99.74 % at least. (--fast, 2026-11-30)"
    )
    assert cdul("encoders").out.count(said) == 1
    (listed,) = [one for one in cdul("encoders", "--json").json["encoders"] if one["name"] == "ViT-B-32:openai"]
    assert listed["fast"] == {"mean": 0.9993, "least": 0.9974, "parts": 20, "gain": 1.5, "made": "2026-11-30"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"encoder": "x", "digests": [], "cost": {}}',
        b'{"encoder": "x", "digests": [], "cost": {"mean": "1", "least": 1, "parts": 2, "gain": 1, "made": ""}}',
        b"\xff",
    ],
)
def test_a_broken_record_says_nothing(machine_of_its_own: Path, content: bytes) -> None:
    cost = FastCost(1, 1, 20, 1.5, "2026-11-30")
    keep_fast("ViT-B-32:openai", "clip:abc", cost, lambda graph, weights: [graph.touch(), weights.touch()])
    assert find_fast("clip:abc") is not None
    (record,) = machine_of_its_own.rglob("record.json")
    record.write_bytes(content)
    assert find_fast("clip:abc") is None
    assert costs_measured() == {}


def test_people_call_it_by_what_it_computes_in() -> None:
    assert title_of("fast:ViT-B-32:openai") == "CLIP B/32 (OpenAI) (int8)"


def test_that_nothing_can_be_kept_is_said_before_a_minutes_work(
    project: Project, tiny_clip: Path, machine_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_names, "can_be_made", lambda: True)
    monkeypatch.setitem(sys.modules, "nncf", None)  # which is not reached
    (machine_of_its_own / "data" / "cdul" / "encoders" / "fast").write_text("no folder")
    with pytest.raises(UserError, match=r"fast form of .* cannot be kept in"):
        label(project, labels="cat,dog", encoder=str(tiny_clip), fast=True)


def test_where_nothing_can_be_kept_is_said_so(machine_of_its_own: Path) -> None:
    def full(_graph: Path, _weights: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    cost = FastCost(0.999, 0.99, 10, 2.0, "2026-11-30")
    with pytest.raises(UserError, match="No space left on device"):
        keep_fast("ViT-B-32:openai", "clip:abc", cost, full)
    assert find_fast("clip:abc") is None
    assert not [*machine_of_its_own.rglob("making-*")]
