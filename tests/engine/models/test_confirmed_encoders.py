"""An encoder's path that comes out of a project is opened only after a person named it on this computer."""

import shutil
from pathlib import Path

import pytest
from commands import Cdul
from making import make_tiny_clip

import engine
from engine.models.encoders import confirmed
from engine.models.encoders.catalog import open_encoder
from engine.models.encoders.clip_weights import local_part
from engine.models.encoders.confirmed import EncoderNotConfirmed, check_confirmed, confirm_encoder
from engine.models.encoders.encoder import EncoderUnavailable


@pytest.fixture(scope="module")
def strangers_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_clip(tmp_path_factory.mktemp("strangers clip"), seed=2)


def test_a_path_is_asked_about_once(strangers_clip: Path) -> None:
    with pytest.raises(EncoderNotConfirmed) as error:
        open_encoder(str(strangers_clip))
    assert (error.value.name, error.value.path) == (str(strangers_clip), strangers_clip)
    assert f"--encoder '{strangers_clip}'" in str(error.value)
    confirm_encoder(error.value.name)
    confirm_encoder(error.value.name)
    open_encoder(str(strangers_clip))


def test_what_was_named_is_known_by_its_path_alone(
    strangers_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = strangers_clip / "open_clip_model.safetensors"
    confirm_encoder(f"RN50:{file}")
    for same in (str(file), f"RN50:{file}", f"RN50:{file}@openai", f"{strangers_clip}/x/../{file.name}"):
        check_confirmed(same)
    monkeypatch.chdir(strangers_clip)
    check_confirmed(f"RN50:{file.name}")
    with pytest.raises(EncoderNotConfirmed):
        check_confirmed(str(strangers_clip))
    shutil.copy(file, tmp_path)
    with pytest.raises(EncoderNotConfirmed):
        check_confirmed(f"RN50:{tmp_path / file.name}")


def test_the_starter_and_published_weights_need_no_confirmation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "starter").mkdir()
    (tmp_path / "ViT-B-32:openai").mkdir()  # a folder that is called like published weights is not meant
    for name in ("starter", "ViT-B-32:openai"):
        assert local_part(name) is None
        check_confirmed(name)
    with pytest.raises(EncoderUnavailable, match="not on this machine"):
        open_encoder("ViT-B-32:openai")


def test_a_path_to_another_machine_is_not_even_looked_at() -> None:
    with pytest.raises(EncoderNotConfirmed):
        check_confirmed("//nobody.invalid/share/model")


def test_a_damaged_list_asks_again(strangers_clip: Path, machine_of_its_own: Path) -> None:
    confirm_encoder(str(strangers_clip))
    (kept,) = machine_of_its_own.glob("**/confirmed.jsonl")
    content = kept.read_bytes()
    kept.write_bytes(b"\xff{[" + content)
    check_confirmed(str(strangers_clip))
    kept.write_bytes(content[: len(content) // 2])
    with pytest.raises(EncoderNotConfirmed):
        check_confirmed(str(strangers_clip))


def test_where_nothing_can_be_kept_it_is_asked_again_by_another_program_alone(
    strangers_clip: Path, machine_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine_of_its_own / "data").write_text("no folder")
    confirm_encoder(str(strangers_clip))
    check_confirmed(str(strangers_clip))
    monkeypatch.setattr(confirmed, "_not_kept", set())
    with pytest.raises(EncoderNotConfirmed):
        check_confirmed(str(strangers_clip))


def test_names_out_of_a_project_cannot_command_a_terminal_or_a_shell(tmp_path: Path) -> None:
    evil = tmp_path / "\x1b[2J;$(touch x)"
    evil.mkdir()
    with pytest.raises(EncoderNotConfirmed) as error:
        check_confirmed(str(evil))
    assert "\x1b" not in str(error.value)
    assert f"--encoder '{tmp_path}/?[2J;$(touch x)'" in str(error.value)


def test_a_strangers_project_asks_and_a_moved_one_goes_on(
    cdul: Cdul, photo_folder: Path, tmp_path: Path, tiny_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cdul("label", photo_folder, "--encoder", tiny_clip, "--labels", "cat,dog").code == 0
    moved = photo_folder.rename(tmp_path / "moved")
    assert cdul("label", moved).code == 0
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "another person"))
    refused = cdul("label", moved)
    assert (refused.code, refused.out) == (1, "")
    assert (
        f"nobody has used on this computer yet. If you know where it comes from, name it once: --encoder {tiny_clip}"
        in (" ".join(refused.err.split()))
    )
    assert cdul("label", moved, "--encoder", "starter", "--labels", "cat,dog").code == 0
    assert cdul("label", moved, "--encoder", tiny_clip).code == 0
    assert cdul("label", moved).code == 0


def test_python_names_it_as_the_command_line_does(photo_folder: Path, strangers_clip: Path) -> None:
    with engine.open(photo_folder) as photos:
        photos.label(["cat", "dog"], encoder=str(strangers_clip))
    open_encoder(str(strangers_clip))
