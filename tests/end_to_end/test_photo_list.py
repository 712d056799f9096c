"""`--list`: photos to train on and photos to test on, of one folder."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from commands import Cdul
from making import TINY_NETWORK

import engine
from engine.errors import UserError


@pytest.fixture
def train_list(photo_folder: Path, tmp_path: Path) -> Path:
    """Four of the eight photos, by names of every kind, and one that is not there."""
    file = tmp_path / "train.txt"
    inside = photo_folder / "trip" / "boat.jpg"
    file.write_text(f"beach\r\ncity.png\r\n{inside}\r\ntrip\\day two\\horse\r\n000007\r\n")
    return file


def test_trained_on_one_list_and_tested_on_another(
    cdul: Cdul,
    photo_folder: Path,
    train_list: Path,
    tmp_path: Path,
    tiny_clip: Path,
    tiny_network: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    train, test = ("--project", tmp_path / "train"), ("--project", tmp_path / "test")
    labels = ("--encoder", tiny_clip, "--labels", "cat,dog,boat")
    said = cdul("label", photo_folder, *train, *labels, "--list", train_list)
    assert said.code == 0
    assert "Labelled 4 of 4 photos" in said.out
    assert "Of the list, not in the folder: 1 photo (000007)" in said.err
    # The project keeps to its list.
    assert cdul("label", photo_folder, *train, "--json").json["photos"] == 4

    short = ("--network", TINY_NETWORK, "--weights", tiny_network, "--train", "head", "--epochs", "2")
    learnt = cdul("refine", photo_folder, *train, *short, "--json").json
    assert learnt["photos"] == 4

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"dog.webp\nzebra.bmp\n")))
    told = cdul("predict", photo_folder, *test, "--classifier", learnt["classifier"], "--list", "-", "--json").json
    assert (told["photos"], told["labelled"], told["unlisted"]) == (2, 2, [])
    truth = tmp_path / "truth.csv"
    truth.write_text("file_name,label\nbeach.jpg,cat\ndog.webp,dog\nzebra.bmp,cat\n")
    for project, photos in ((train, 1), (test, 2)):
        result = cdul("evaluate", photo_folder, *project, "--truth", truth, "--stage", "classifier", "--json").json
        assert result["photos"] == photos


def test_a_list_takes_no_photo_from_a_project_that_has_it(
    cdul: Cdul, photo_folder: Path, train_list: Path, tmp_path: Path, tiny_clip: Path
) -> None:
    assert cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,").code == 0
    refused = cdul("label", photo_folder, "--list", train_list)
    assert refused.code == 1
    assert "has 4 photos that the list does not name, like dog.webp" in refused.err
    assert cdul("label", photo_folder, "--json").json["photos"] == 8
    # One that names all of them is taken, and may name more later.
    everything = tmp_path / "all.txt"
    everything.write_text("\n".join(str(file) for file in photo_folder.rglob("*.*")))
    assert cdul("label", photo_folder, "--list", everything, "--json").json["photos"] == 8


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [("000001\n", 1, "The list names no photo in "), (None, 1, "train.txt cannot be read")],
)
def test_a_list_that_is_of_no_use_is_said(
    content: str | None, code: int, said: str, cdul: Cdul, photo_folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "train.txt"
    if content is not None:
        file.write_text(content)
    told = cdul("label", photo_folder, "--list", file)
    assert (told.code, told.out) == (code, "")
    assert said in told.err


def test_labels_and_photos_cannot_both_come_from_standard_input(cdul: Cdul, photo_folder: Path) -> None:
    told = cdul("label", photo_folder, "--list", "-", "--labels", "-")
    assert (told.code, "either --labels or --list" in told.err) == (2, True)


def test_the_same_from_python(photo_folder: Path, train_list: Path, tmp_path: Path, tiny_clip: Path) -> None:
    with engine.open(photo_folder, tmp_path / "train") as photos:
        result = photos.label(["cat", "dog"], encoder=str(tiny_clip), photo_list=train_list)
        assert (result.photos, result.unlisted) == (4, ("000007",))
        more = (*train_list.read_text().splitlines(), "zebra")
        assert photos.label(photo_list=more).photos == 5
        with pytest.raises(UserError, match="that the list does not name"):
            photos.label(photo_list=["zebra"])


def test_single_photos_are_labelled_and_a_folder_in_a_labelled_one_is_one_of_its_own(
    cdul: Cdul, photo_folder: Path, tiny_clip: Path
) -> None:
    two = [photo_folder / "beach.jpg", photo_folder / "trip" / "boat.jpg"]
    assert cdul("label", *two, "--encoder", tiny_clip, "--labels", "cat,", "--json").json["photos"] == 2
    assert len(cdul("list", photo_folder, "--paths").out.splitlines()) == 2
    trip = cdul("label", photo_folder / "trip", "--encoder", tiny_clip, "--labels", "cat,", "--json").json
    assert (trip["photos"], trip["project"]) == (4, str(photo_folder / "trip" / ".cdul"))
