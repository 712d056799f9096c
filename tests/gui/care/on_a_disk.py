"""The window on photos on a small disk of its own, which gets into trouble; run by `test_a_disk_in_trouble`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from acting import (
    SUGGESTED,
    click_chip,
    click_photo,
    command,
    open_dialog,
    press,
    settle,
    states_kept,
    states_shown,
    wait_until,
)
from making import make_photo
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from showing import wait_for_thumbnails

from cdul_gui.dialogs.export.dialog import ExportDialog
from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.window.main_window import MainWindow
from engine.models.training.training_settings import TrainingSettings

SHORT = TrainingChoice(None, TrainingSettings(epochs=2, warm_up=1, update_every=1), train="head")


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    place, image = tmp_path / "disk", tmp_path / "disk.image"
    place.mkdir()
    if "full" in request.node.name:
        mount("-t", "tmpfs", "-o", "size=24m", "none", str(place))
    else:
        image.write_bytes(bytes(24 << 20))
        subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
        mount("-o", "loop,errors=remount-ro", str(image), str(place))
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def photo_folder(disk: Path) -> Path:
    for seed, path in enumerate(SUGGESTED):
        make_photo(disk / "photos" / path, seed)
    return disk / "photos"


def told(window: MainWindow, act: Callable[[], object]) -> str:
    """What the window says when it is asked for something."""
    window.messages.hide()
    window.messages.text.setText("")
    act()
    settle(window)
    wait_until(lambda: window.messages.isVisible() and bool(window.messages.text.text()))
    assert not window.messages.details.isVisible(), window.messages.text.text()
    return window.messages.text.text()


def export_to(window: MainWindow, out: Path) -> None:
    command(window, "export").trigger()
    dialog = open_dialog(window)
    assert isinstance(dialog, ExportDialog)
    dialog.file.setText(str(out))
    wait_until(lambda: not dialog.looking)
    QTest.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    settle(window)


def nothing_can_be_kept(window: MainWindow, disk: Path, elsewhere: Path, words: tuple[str, ...]) -> None:
    """Decide, train and export there: each is refused in a sentence; labels can be brought to another disk, and
    thumbnails are shown that cannot be kept."""

    def reject() -> None:
        click_photo(window, "beach.jpg")
        click_chip(window, "boat", Qt.MouseButton.RightButton)

    said = [told(window, reject)]
    assert states_shown(window)["boat"] == "likely"
    SHORT.keep()
    said.append(told(window, command(window, "refine").trigger))
    said.append(told(window, lambda: export_to(window, disk / "labels.json")))
    for sentence in said:
        assert any(word in sentence for word in words), sentence
    assert not (disk / "labels.json").exists()
    export_to(window, elsewhere)
    assert elsewhere.is_file(), window.messages.text.text()
    gallery = window.desk.pages.gallery
    gallery.thumbnail_side = 300
    wait_for_thumbnails(gallery.thumbnails, range(8))
    assert all(gallery.thumbnails.thumbnail(row) is not None for row in range(8))


def test_full(window: MainWindow, disk: Path, scored_photos: Path, tmp_path: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    before = states_kept(scored_photos, "city.png")
    assert before["cat"] == "rejected"
    # To the last byte, also the room that a file's last block leaves.
    for size in (1 << 20, 4096, 1):
        with suppress(OSError), (disk / "filled").open("ab", buffering=0) as file:
            while True:
                file.write(bytes(size))
    nothing_can_be_kept(window, disk, tmp_path / "rescued.json", ("room", "space"))
    (disk / "filled").unlink()
    click_photo(window, "beach.jpg")
    click_chip(window, "boat", Qt.MouseButton.RightButton)
    assert states_kept(scored_photos, "beach.jpg")["boat"] == "rejected"
    assert states_kept(scored_photos, "city.png") == before
    export_to(window, disk / "labels.json")
    assert (disk / "labels.json").is_file()


def test_read_only(window: MainWindow, disk: Path, scored_photos: Path, tmp_path: Path) -> None:
    click_photo(window, "city.png")
    press(window, Qt.Key.Key_X)
    before = states_kept(scored_photos, "city.png")
    device = subprocess.run(["findmnt", "-no", "SOURCE", str(disk)], capture_output=True, text=True, check=True)
    # As the system does by itself where a disk fails under it.
    Path("/sys/fs/ext4", Path(device.stdout.strip()).name, "trigger_fs_error").write_text("1")
    with pytest.raises(OSError, match="Read-only"):
        (disk / "file").write_bytes(b"")
    nothing_can_be_kept(window, disk, tmp_path / "rescued.json", ("written", "Read-only", "reading only"))
    window.close()
    subprocess.run(["umount", str(disk)], check=True)
    image = tmp_path / "disk.image"
    subprocess.run(["fsck.ext4", "-fy", str(image)], capture_output=True)
    mount("-o", "loop", str(image), str(disk))
    assert states_kept(scored_photos, "city.png") == before
    assert states_kept(scored_photos, "beach.jpg")["boat"] != "rejected"
