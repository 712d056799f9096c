"""The command line, as a person or a script uses it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Cdul
from making import make_photo

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer


def test_export_and_evaluate(label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path) -> None:
    label()
    exported = cdul("export", photo_folder, "--format", "scores", "--stage", "global", "--out", tmp_path / "scores.csv")
    assert exported.code == 0
    assert exported.out == f"Wrote {tmp_path / 'scores.csv'}: 8 photos.\n"
    with (tmp_path / "scores.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) == 9
    truth = {
        "images": [
            {"id": 1, "file_name": "beach.jpg"},
            {"id": 2, "file_name": "x/lamp.JPG"},
            {"id": 3, "file_name": "?"},
        ],
        "categories": [{"id": 1, "name": "Cat"}, {"id": 2, "name": "zebra"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1}],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    result = cdul("evaluate", photo_folder, "--truth", tmp_path / "truth.json", "--json")
    assert result.code == 0
    told = result.json
    assert (told["stage"], told["photos"]) == ("initial", 2)
    assert 0 <= told["map"] <= 1
    assert [(one["label"], one["positives"]) for one in told["labels"]] == [("cat", 1), ("dog", 0), ("boat", 0)]
    assert [one["ap"] for one in told["labels"][1:]] == [None, None]
    assert told["unmatched_photos"] == ["?"]
    said = cdul("evaluate", photo_folder, "--truth", tmp_path / "truth.json", "--stage", "global").out
    assert "over 1 label with positives, 2 photos, stage global (all-point AP)" in said
    assert "Of the truth, not in the project: 1 photo (?" in said
    assert "Of the truth, not in the project: 1 label (zebra)" in said


def test_only_reviewed_photos_are_exported_on_request(
    label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path
) -> None:
    label()
    with Project.open(photo_folder) as project:
        answer(project, "reviewed", [Answer(1, None, True)])
    result = cdul("export", photo_folder, "--only", "reviewed", "--out", tmp_path / "coco.json", "--json")
    assert result.json["photos"] == 1


def test_an_export_of_what_nobody_confirmed_says_so(
    label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path
) -> None:
    label()
    result = cdul("export", photo_folder, "--states", "confirmed", "--out", tmp_path / "coco.json")
    assert result.code == 0
    assert "Nobody has confirmed a label of these photos; --states suggested writes the likely ones." in result.out


def test_export_while_a_window_has_the_project_open(
    label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.console.SECONDS_FOR_ANOTHER", 0)
    label()
    with Project.open(photo_folder):
        assert cdul("export", photo_folder, "--out", tmp_path / "coco.json").code == 0
        busy = label()
    assert busy.code == 1
    assert "is open in another window or command" in busy.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument"),
        (["PHOTOS", "--colour", "red"], "No such option"),
        (["PHOTOS", "--temperature", "warm"], "Invalid value for '--temperature'"),
        (["PHOTOS", "--temperature", "0"], "`temperature` to be above 0, but got 0"),
        (["PHOTOS", "--zeta", "2"], "`zeta` to be from 0 to 1, but got 2"),
        (
            ["PHOTOS", "--grid", "three"],
            "Expected --grid to be whole numbers from 2 to 8, like 3 or 2,3, but got 'three'",
        ),
        (["PHOTOS", "--grid", "9"], "--grid to be whole numbers from 2 to 8, like 3 or 2,3, but got '9'"),
        (["PHOTOS", "--threshold", "5"], "--threshold to be from 0 to 1, but got 5"),
        (["PHOTOS", "--preset", "best"], "'best' is not one of 'default', 'paper'"),
        (["PHOTOS", "--format", "xml"], "'xml' is not one of 'coco', 'coco-labels', 'voc'"),
        ([""], "Expected the name of a file or folder, but got an empty one."),
        (["PHOTOS", "--labels", "cat,Cat"], "'Cat' is there twice"),
    ],
)
def test_wrong_usage_ends_with_2(
    arguments: list[str], said: str, cdul: Cdul, photo_folder: Path, tiny_clip: Path
) -> None:
    given = [str(photo_folder) if one == "PHOTOS" else one for one in arguments]
    labels = [] if "--labels" in given else ["--labels", "cat"]
    result = cdul("label", *given, "--encoder", tiny_clip, *labels)
    assert result.code == 2
    assert said in result.err
    assert result.out == ""


def test_an_unknown_command_ends_with_2(cdul: Cdul) -> None:
    result = cdul("lable")
    assert result.code == 2
    assert "No such command 'lable'" in result.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["label", "NOWHERE"], "There is no folder"),
        (["label", "EMPTY"], "There are no photos in"),
        (["label", "PHOTOS", "--encoder", "ViT-B-32:openai"], "are not on this machine"),
        (["label", "PHOTOS", "--labels", "missing.txt"], "The label set missing.txt cannot be read"),
        (["export", "PHOTOS", "--out", "x.json"], "There is no project in"),
        (["evaluate", "PHOTOS", "--truth", "missing.json"], "There is no project in"),
    ],
)
def test_what_fails_is_one_sentence_and_ends_with_1(
    arguments: list[str], said: str, cdul: Cdul, photo_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    places = {"PHOTOS": photo_folder, "NOWHERE": tmp_path / "nowhere", "EMPTY": tmp_path / "empty"}
    result = cdul(*[places.get(one, one) for one in arguments])
    assert result.code == 1
    assert said in result.err
    assert "Traceback" not in result.err
    assert result.out == ""


def test_an_export_that_cannot_be_written_ends_with_1(label: Cdul, photo_folder: Path) -> None:
    result = label("--out", photo_folder / "beach.jpg" / "coco.json")
    assert result.code == 1
    assert "cannot be written" in result.err


def test_the_photos_are_left_as_they_are(label: Cdul, photo_folder: Path) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        files = [file for file in photo_folder.rglob("*") if file.is_file() and ".cdul" not in file.parts]
        return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in files}

    before = state()
    label()
    assert state() == before


def test_the_project_can_lie_elsewhere(label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path) -> None:
    label("--project", tmp_path / "project")
    assert not (photo_folder / ".cdul").exists()
    result = cdul("export", photo_folder, "--project", tmp_path / "project", "--out", tmp_path / "coco.json")
    assert result.code == 0


def test_names_that_are_no_text_can_be_told(
    label: Cdul, photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cdul_gui import door

    label()
    truth = {
        "images": [{"id": 1, "file_name": "beach.jpg"}, {"id": 2, "file_name": "caf\udce9.jpg"}],
        "categories": [{"id": 1, "name": "cat"}],
        "annotations": [],
    }
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    # As strict as a terminal's; pytest's own is not.
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="strict")
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.argv", ["cdul", "evaluate", str(photo_folder), "--truth", str(tmp_path / "truth.json")])
    assert door.run() == 0
    out.flush()
    assert "Of the truth, not in the project: 1 photo (caf\\udce9.jpg)" in out.buffer.getvalue().decode()


def test_ctrl_c_ends_with_a_sentence_and_what_was_done_stays(label: Cdul, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.models.encoders.clip_encoder import ClipEncoder

    encode = ClipEncoder.encode_snippets
    calls = iter([encode, encode])  # the picture that a new encoder is remembered by, then one batch

    def interrupted(self: ClipEncoder, snippets: object) -> object:
        if (one := next(calls, None)) is None:
            raise KeyboardInterrupt
        return one(self, snippets)

    monkeypatch.setattr(ClipEncoder, "encode_snippets", interrupted)
    result = label()
    assert result.code == 130
    assert "Stopped. What was done so far is kept" in result.err
    monkeypatch.setattr(ClipEncoder, "encode_snippets", encode)
    told = label("--json").json
    assert (told["labelled"], told["encoded"]) == (8, 4)


def test_ctrl_c_before_the_work_ends_in_the_same_way(label: Cdul, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.project.storage.sqlite_project._bring_up_to_date", interrupted)
    result = label()
    assert result.code == 130
    assert result.err == "Stopped. What was done so far is kept; the same command goes on from there.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="The system has no disk that is always full.")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_output_that_cannot_be_written_is_a_sentence(label: Cdul, photo_folder: Path, more: list[str]) -> None:
    label()
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "cdul_gui", "thresholds", str(photo_folder), *more]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 1
    said = "The work is done, but what it found could not be told (No space left on device)."
    assert (json.loads(done.stderr)["error"] if more else done.stderr.rstrip()) == said


def test_a_mistake_of_the_program_is_a_sentence_too(
    photo_folder: Path, machine_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(machine_of_its_own / "state"))
    broken = (
        "import sys; from cdul_gui import door; from engine.project import Project;"
        "Project.open = lambda *_, **__: int('one day');"
        f"sys.argv = ['cdul', 'thresholds', {str(photo_folder)!r}]; door.main()"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stdout == ""
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("CDUL made a mistake: ValueError: invalid literal for int() with base 10: 'one day'.")
    details = Path(sentence.rpartition(" the file ")[2].rstrip("."))
    assert details.is_relative_to(machine_of_its_own)
    assert "Traceback (most recent call last)" in details.read_text("utf-8")


def test_nothing_is_sent_while_labelling(
    label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_arguments: object) -> None:
        raise AssertionError("A connection was opened.")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(f"socket.socket.{name}", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    assert label("--out", tmp_path / "coco.json").code == 0
    # Not even for weights that are missing, with the hub's own switch left on.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    assert cdul("label", photo_folder, "--encoder", "ViT-B-32:openai").code == 1
    assert cdul("encoders").code == 0


def test_encoders_are_listed(cdul: Cdul) -> None:
    lines = cdul("encoders").out.splitlines()
    assert lines[0].split()[:3] == ["starter", "here", "107"]
    (place,) = [place for place, line in enumerate(lines) if line.startswith("RN50x64:openai")]
    assert "not here" in lines[place]
    assert lines[place + 1].strip() == "CLIP RN50x64 (OpenAI) · ImageNet 73.9 % · MIT · English"
    assert sum("recommended for this machine" in line for line in lines) == 1
    listed = cdul("encoders", "--json").json["encoders"]
    assert {"name", "title", "description", "size_mb", "licence", "available", "recommended"} <= set(listed[0])


def test_doctor_tells_versions_device_and_places(cdul: Cdul, machine_of_its_own: Path) -> None:
    facts = cdul("doctor", "--json").json
    assert {"cdul", "python", "torch", "device", "threads", "model cache", "projects"} <= set(facts)
    assert str(machine_of_its_own) in facts["projects"]
    assert "torch" in cdul("doctor").out


def test_help_and_version(cdul: Cdul) -> None:
    shown = cdul("--help")
    assert shown.code == 0
    for command in ("label", "export", "evaluate", "encoders", "doctor", "open"):
        assert command in shown.out
    assert cdul("label", "--help").code == 0
    assert cdul("--version").out.startswith("cdul ")


def test_help_imports_neither_networks_nor_windows() -> None:
    script = (
        "import sys; from cdul_gui import door; sys.argv = ['cdul', 'label', '--help']; code = door.run();"
        "heavy = {'torch', 'open_clip', 'timm', 'sentence_transformers', 'numpy', 'PIL', 'sqlalchemy', 'PySide6'};"
        "print(code, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_photo_of_one_pixel_is_labelled(cdul: Cdul, tmp_path: Path, tiny_clip: Path) -> None:
    make_photo(tmp_path / "tiny" / "dot.png", size=(1, 1))
    told = cdul("label", tmp_path / "tiny", "--encoder", tiny_clip, "--labels", "cat", "--json").json
    assert (told["labelled"], told["unreadable"]) == (1, [])
