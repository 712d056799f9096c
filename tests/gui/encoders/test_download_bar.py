"""An encoder is fetched beside all other work; one can pause, cancel and go on with it, also in the next window."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from acting import SUGGESTED, click_row, press, settle, states_kept, wait_until
from hub import Hub
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from windows import shown_window

from cdul_gui.panels.bars.download_bar import DownloadBar
from cdul_gui.settings import Settings
from cdul_gui.window.main_window import MainWindow
from engine.models.encoders.catalog import encoders
from engine.models.encoders.download import begun
from engine.models.encoders.known import BY_NAME

NAME = "ViT-B-32:datacomp_xl_s13b_b90k"
HALF = 6_000_000
"""Bytes of some fourteen million."""

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def here() -> list[str]:
    return [one.name for one in encoders() if one.available]


def click(button: QPushButton) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def bar_of(window: MainWindow) -> DownloadBar:
    return window.desk.download_bar


def begin(window: MainWindow) -> DownloadBar:
    window.desk.encoders.fetch(NAME)
    return bar_of(window)


def wait_for_half(window: MainWindow) -> None:
    download = window.desk.encoders.download
    assert download is not None
    wait_until(lambda: download.report is not None and download.report.done >= HALF - 100_000)


def test_it_shows_how_far_it_is_and_offers_to_label_when_it_is_done(window: MainWindow, hub: Hub) -> None:
    assert not bar_of(window).isVisible()
    hub.hold_at = HALF
    bar = begin(window)
    assert bar.isVisible()
    assert bar.text.text() == "Fetching CLIP B/32 (DataComp)"
    wait_for_half(window)
    assert bar.detail.text().startswith("6 of 14 MB")
    assert 400 < bar.bar.value() < 600
    hub.held.set()
    wait_until(lambda: not bar.isVisible())
    assert here() == ["starter", NAME]
    assert window.messages.text.text().startswith("CLIP B/32 (DataComp) is here. Label 8 photos again with it?")
    assert [one.text() for one in window.messages.choices] == ["Label 8 photos", "Later"]


def test_one_works_on_while_it_comes(window: MainWindow, hub: Hub, scored_photos: Path) -> None:
    hub.hold_at = HALF
    begin(window)
    wait_for_half(window)
    assert window.session.job is None
    click_row(window.desk.pages.gallery, list(SUGGESTED).index("city.png"))
    press(window, Qt.Key.Key_Space)
    assert states_kept(scored_photos, "city.png")["cat"] == "confirmed"


def test_pause_and_go_on(window: MainWindow, hub: Hub) -> None:
    hub.hold_at = HALF
    bar = begin(window)
    wait_for_half(window)
    click(bar.pause)
    hub.held.set()
    assert bar.detail.text() == "Paused at 6 of 14 MB"
    assert not bar.pause.isVisible()
    click(bar.again)
    wait_until(lambda: NAME in here())
    assert hub.ranges == [None]


def test_cancel_ends_it_at_once_and_keeps_what_came(window: MainWindow, hub: Hub) -> None:
    hub.hold_at = HALF
    bar = begin(window)
    wait_for_half(window)
    asked = monotonic()
    click(bar.cancel)
    assert not bar.isVisible()
    window.session.workers._downloads.waitForDone()
    assert monotonic() - asked < 1
    assert window.desk.encoders.begun(NAME) == 6
    assert not Settings().unfinished_download


@pytest.fixture
def closed_at_half(qtbot: QtBot, qapp: QApplication, hub: Hub) -> None:
    with shown_window(qtbot, qapp) as first:
        hub.hold_at = HALF
        begin(first)
        wait_for_half(first)
    hub.held.set()


FETCHES = f"""
import sys
from pathlib import Path
from windows import use_settings_in
use_settings_in(Path(sys.argv[1]))
from cdul_gui.window.application import make_application, make_window

application = make_application(["cdul"])
window = make_window()
window.show()
window.desk.encoders.fetch({NAME!r})
application.exec()
"""


@pytest.fixture
def killed_at_half(hub: Hub, machine_of_its_own: Path) -> None:
    hub.hold_at = HALF
    with subprocess.Popen([sys.executable, "-c", FETCHES, str(machine_of_its_own)], env=with_tests()) as program:
        wait_until(lambda: begun(BY_NAME[NAME].repository) >= HALF - 1_000_000)  # a little may be on its way
        program.kill()
    hub.held.set()


def with_tests() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.mark.parametrize("last_one", ["closed_at_half", "killed_at_half"])
def test_the_next_window_goes_on_where_the_last_one_ended(
    last_one: str, request: pytest.FixtureRequest, hub: Hub, qtbot: QtBot, qapp: QApplication
) -> None:
    request.getfixturevalue(last_one)
    with shown_window(qtbot, qapp) as window:
        goes_on(window, hub)


def goes_on(empty_window: MainWindow, hub: Hub) -> None:
    bar = bar_of(empty_window)
    assert bar.isVisible()
    assert bar.text.text() == "CLIP B/32 (DataComp) is not here in full: its download was stopped."
    assert bar.detail.text() in ("5 MB are here", "6 MB are here")
    click(bar.again)
    wait_until(lambda: NAME in here())
    last = hub.ranges[-1]
    assert last is not None
    assert int(last.removeprefix("bytes=").removesuffix("-")) >= HALF - 1_000_000


def test_a_network_that_goes_at_half_is_said_and_tried_again(window: MainWindow, hub: Hub) -> None:
    hub.hold_at = HALF
    bar = begin(window)
    wait_for_half(window)
    hub.vanish()
    wait_until(lambda: bar.close_button.isVisible())
    said = bar.text.text()
    assert said.startswith("CLIP B/32 (DataComp) could not be fetched. ")
    assert "cannot be reached" in said
    assert "cdul " not in said
    assert said.endswith("6 MB came and are kept.")
    assert bar.file.isVisible()
    assert bar.source.isVisible()
    hub.open()
    click(bar.again)
    wait_until(lambda: NAME in here())
    assert hub.ranges[-1] is not None


def test_what_was_changed_on_the_way_is_not_used(window: MainWindow, hub: Hub) -> None:
    hub.wrong = True
    bar = begin(window)
    wait_until(lambda: bar.close_button.isVisible())
    assert "is not what was published" in bar.text.text()
    assert here() == ["starter"]
    hub.wrong = False
    click(bar.again)
    wait_until(lambda: NAME in here())


def test_a_full_disk_asks_for_another_folder(window: MainWindow, hub: Hub, tmp_path: Path) -> None:
    hub.claimed = 10**16
    bar = begin(window)
    wait_until(lambda: bar.close_button.isVisible())
    assert "are still to come, but only" in bar.text.text()
    hub.claimed = None
    click(bar.elsewhere)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    (tmp_path / "big disk").mkdir()
    dialog.fileSelected.emit(str(tmp_path / "big disk"))
    dialog.close()
    wait_until(lambda: NAME in here())
    assert list((tmp_path / "big disk").rglob("*.safetensors"))


def test_a_disk_that_fills_up_on_the_way_keeps_what_came(window: MainWindow, hub: Hub) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HALF, before[1]))
    try:
        bar = begin(window)
        wait_until(lambda: bar.close_button.isVisible())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert bar.text.text().endswith(" is full. 6 MB came and are kept.")
    click(bar.again)
    wait_until(lambda: NAME in here())
    assert hub.ranges[-1] == f"bytes={HALF}-"


@pytest.mark.parametrize(
    ("status", "said", "offered"),
    [
        (404, "has none of the files", ["file", "others"]),
        (403, "asks for an account, or the network blocks it", ["again", "file", "source"]),
        (429, "was asked too often from this network", ["again", "file", "source"]),
    ],
)
def test_a_refusal_says_what_can_be_done(
    window: MainWindow, hub: Hub, status: int, said: str, offered: list[str]
) -> None:
    hub.status = status
    bar = begin(window)
    wait_until(lambda: bar.close_button.isVisible())
    assert said in bar.text.text()
    buttons = {"again": bar.again, "file": bar.file, "source": bar.source, "others": bar.others}
    assert [name for name, button in buttons.items() if button.isVisible()] == offered
    click_close = bar.close_button
    QTest.mouseClick(click_close, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_another_one_takes_its_place(window: MainWindow, hub: Hub) -> None:
    hub.hold_at = HALF
    begin(window)
    wait_for_half(window)
    other = "ViT-B-32:openai"
    hub.put(BY_NAME[other].repository, "open_clip_model.safetensors", b"small")
    window.desk.encoders.fetch(other)
    hub.held.set()
    wait_until(lambda: window.desk.encoders.download is None)
    assert other in here()
    assert NAME not in here()
    assert window.desk.encoders.begun(NAME) == 6
    settle(window)
