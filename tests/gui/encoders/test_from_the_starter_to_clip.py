"""From the starter's labels to CLIP's in the window: one click gets it, one labels, one shows either's labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from acting import command, settle, wait_until
from hub import Hub, publish_tiny_clip
from making import make_photo
from offering import choose, text_of_choices, wait_for_offer
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cdul_gui.dialogs.encoders.dialog import EncodersDialog
from cdul_gui.dialogs.encoders.name_dialog import NameDialog
from cdul_gui.dialogs.encoders.source_dialog import SourceDialog
from cdul_gui.settings import LabellingChoice, Settings
from cdul_gui.window.main_window import MainWindow
from engine.models.device_choice import kept_device
from engine.models.encoders import remembered
from engine.models.encoders.fast_names import can_be_made
from engine.models.encoders.proxy import chosen_proxy
from engine.models.encoders.recommended import recommended
from engine.project.runs import INITIAL, runs_with

NAME = "ViT-B-32:datacomp_xl_s13b_b90k"

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def labelled_by_starter(empty_window: MainWindow, photo_folder: Path, hub: Hub) -> MainWindow:
    """A window in which the starter has labelled and better labels are offered."""
    Settings().labelling = LabellingChoice("cat, dog, boat, tree", "starter", (2,))
    empty_window.desk.opening.open_folder(photo_folder)
    settle(empty_window)
    QTest.mouseClick(empty_window.label_button, Qt.MouseButton.LeftButton)
    wait_for_offer(empty_window, "Get better labels")
    settle(empty_window)
    return empty_window


def likely(window: MainWindow) -> list[list[float]]:
    snapshot = window.session.snapshot
    assert snapshot is not None
    return snapshot.scores.tolist()


def test_one_click_gets_clip_one_labels_and_one_shows_the_labels_of_either(
    labelled_by_starter: MainWindow, photo_folder: Path, hub: Hub, tiny_clip: Path
) -> None:
    window = labelled_by_starter
    # It stands beside what there is to do with the labels, if anything.
    *_, better, refuse = (one.text() for one in window.messages.choices)
    assert refuse == "Not now"
    assert "CLIP B/32 (DataComp) finds more than the starter and errs less." in window.messages.text.text()
    # Guessed from the labelling that has just been.
    assert "photos a minute" in window.messages.choices[-2].toolTip()
    assert Settings().labelling.encoder == "starter"
    by_starter = likely(window)
    # How fast this machine was just now says which one it gets.
    best = recommended()
    if best.name != NAME:
        publish_tiny_clip(hub, tiny_clip, best.name)
    assert better == f"Get better labels · {best.size_mb} MB"

    choose(window, "Get better labels")
    assert window.desk.download_bar.isVisible()
    wait_for_offer(window, "Label 8 photos")
    assert likely(window) == by_starter  # the labels stay until a person wants others

    choose(window, "Label 8 photos")
    wait_for_offer(window, "Show those of the starter")
    settle(window)
    by_clip = likely(window)
    assert by_clip != by_starter
    wait_until(lambda: window.encoder_line.text().startswith(best.title))

    if text_of_choices(window, "Show these photos"):  # random weights may see it as the starter does
        choose(window, "Show these photos")
        assert window.desk.finding.choice is not None
        assert window.desk.finding.choice.title == "Other labels than by the starter"
    choose(window, "Show those of the starter")
    wait_for_offer(window, f"Show those of {best.title}")
    settle(window)
    assert likely(window) == by_starter
    choose(window, f"Show those of {best.title}")
    wait_for_offer(window, "Show those of the starter")
    settle(window)
    assert likely(window) == by_clip
    # What was measured takes the place of the guess.
    assert best.name in remembered.measured_speeds()


def test_who_closed_the_offer_of_better_labels_is_not_asked_again_with_the_next_labelling(
    labelled_by_starter: MainWindow, photo_folder: Path, hub: Hub
) -> None:
    window = labelled_by_starter
    QTest.mouseClick(window.messages.close_button, Qt.MouseButton.LeftButton)
    make_photo(photo_folder / "later.jpg", 3)
    window.desk.opening.look_for_photos()
    settle(window)
    window.desk.labelling.label()
    settle(window)
    assert window.session.snapshot is not None
    assert not np.isnan(window.session.snapshot.scores).any()
    assert not text_of_choices(window, "Get better labels")


def test_the_starters_labels_are_offered_also_after_a_labelling_that_was_left_and_went_on(
    labelled_by_starter: MainWindow, photo_folder: Path, tiny_clip: Path
) -> None:
    window, session = labelled_by_starter, labelled_by_starter.session
    by_starter = likely(window)
    window.desk.encoders.use_own(str(tiny_clip))
    wait_for_offer(window, "Label 8 photos")

    def cancel() -> None:
        assert session.project is not None
        assert session.job is not None
        if runs_with(session.project, INITIAL)[0].finished_at is None:  # it has begun to score
            session.job.cancellation.cancel()

    # In the thread that scores, so that it is between the first scores and the last.
    session.scores_arrived.connect(cancel, Qt.ConnectionType.DirectConnection)
    choose(window, "Label 8 photos")
    wait_for_offer(window, "Label the rest")
    settle(window)
    assert window.messages.text.text().endswith("Label goes on from there.")
    session.scores_arrived.disconnect(cancel)
    command(window, "close").trigger()
    window.desk.opening.open_folder(photo_folder)
    wait_for_offer(window, "Label the rest")
    settle(window)
    assert window.messages.text.text().startswith("Labelling stopped at ")
    choose(window, "Label the rest")
    wait_for_offer(window, "Show those of the starter")
    settle(window)
    choose(window, "Show those of the starter")
    wait_for_offer(window, f"Show those of {tiny_clip.name}")
    settle(window)
    assert likely(window) == by_starter


def test_an_encoder_that_is_not_here_can_be_got_or_done_without(
    empty_window: MainWindow, photo_folder: Path, hub: Hub
) -> None:
    Settings().labelling = LabellingChoice("cat, dog", NAME, (2,))
    window = empty_window
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    QTest.mouseClick(window.label_button, Qt.MouseButton.LeftButton)
    wait_for_offer(window, "Get it")
    assert [one.text() for one in window.messages.choices] == ["Get it · 605 MB", "From a file…", "Use the starter"]
    assert window.messages.text.text().startswith("CLIP B/32 (DataComp) is not on this computer")
    choose(window, "Get it")
    wait_for_offer(window, "Label 8 photos")
    assert "again" not in window.messages.text.text()


def test_all_encoders_are_shown_and_one_is_got(window: MainWindow, hub: Hub) -> None:
    command(window, "encoders").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EncodersDialog)
    wait_until(lambda: dialog.model.rowCount() > 5)
    chosen = dialog.chosen
    assert chosen is not None
    assert (chosen.name, dialog.act.text()) == (NAME, "Get it · 605 MB")
    texts = [dialog.model.index(1, column).data() for column in range(6)]
    assert texts == ["CLIP B/32 (DataComp) (suits this computer)", "", "605 MB", "", "69.2 %", "MIT"]
    assert "Understands English." in dialog.facts.text()
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    wait_until(lambda: dialog.act.text() == "Label with it")
    assert dialog.act.isEnabled()
    dialog.close()
    settle(window)


def test_another_model_of_open_clip_is_found_by_a_part_of_its_name(window: MainWindow, hub: Hub) -> None:
    name = "RN50:yfcc15m"
    hub.put("timm/resnet50_clip.yfcc15m", "open_clip_model.safetensors", b"weights")
    window.desk.ask_encoders.choose_another_encoder()
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), NameDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NameDialog)
    QTest.keyClicks(dialog.line, "YFCC")
    assert dialog.left.text() == "4 names contain this"
    assert not dialog.take.isEnabled()
    dialog.line.setText(name.upper())
    assert dialog.take.isEnabled()
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    wait_for_offer(window, "Label 8 photos")
    assert name in window.messages.text.text()
    settle(window)


def test_the_status_bar_offers_what_there_is(window: MainWindow) -> None:
    wait_until(window.encoder_line.isVisible)
    QTest.mouseClick(window.encoder_line, Qt.MouseButton.LeftButton)
    menu = window.encoder_line.menu_of_encoders
    wait_until(menu.isVisible)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts == [
        "Get better labels · 605 MB",
        "From a file…",
        "From a folder…",
        "Another model of open_clip…",
        "All encoders…",
        "Compute on",
    ]
    [devices] = [action.menu() for action in menu.actions() if action.text() == "Compute on"]
    assert [action.text() for action in devices.actions() if action.isChecked()] == ["Whatever is fastest here"]
    next(action for action in devices.actions() if action.text() == "The processor").trigger()
    assert kept_device() == "cpu"
    menu.close()


def test_a_mirror_is_named_in_the_window(window: MainWindow, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    command(window, "encoders").trigger()
    encoders = QApplication.activeModalWidget()
    assert isinstance(encoders, EncodersDialog)
    wait_until(lambda: encoders.source.text() == "Fetched from http://127.0.0.1:9…")
    QTest.mouseClick(encoders.source, Qt.MouseButton.LeftButton)
    wait_until(lambda: isinstance(QApplication.activeModalWidget(), SourceDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SourceDialog)
    dialog.mirror.setText("nowhere")
    dialog.proxy.setText("proxy.example:3128")
    dialog.accept()
    assert dialog.problem.text() == "Expected an address such as https://huggingface.co, but got nowhere."
    assert chosen_proxy() is None
    dialog.mirror.setText("http://hub.example")
    dialog.accept()
    through = "Fetched from http://hub.example through the proxy http://proxy.example:3128…"
    wait_until(lambda: encoders.source.text() == through)
    window.desk.encoders.fetch_from(hub.address, "")
    wait_until(lambda: encoders.source.text() == f"Fetched from {hub.address}…")
    encoders.close()
    window.desk.encoders.fetch(NAME)
    wait_for_offer(window, "Label 8 photos")


def test_what_is_no_clip_has_no_switch_for_a_fast_form(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "mine-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[cdul.encoders]\nmine = mine:Encoder\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    command(window, "encoders").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EncodersDialog)
    wait_until(lambda: dialog.chosen is not None)
    names = [one.name for one in dialog.model.things]
    for name in ("starter", "mine"):
        dialog.view.setCurrentIndex(dialog.model.index(names.index(name), 0))
        assert dialog.fast.isHidden()
        assert dialog.cost.isHidden()
    dialog.close()


@pytest.mark.skipif(not can_be_made(), reason="no NNCF here: pip install '.[fast]'")
def test_its_fast_form_is_a_switch_whose_cost_is_said_once_it_is_measured(
    empty_window: MainWindow, photo_folder: Path, hub: Hub
) -> None:
    window = empty_window
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    window.desk.encoders.fetch(NAME)
    wait_for_offer(window, "Label 8 photos")
    command(window, "encoders").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, EncodersDialog)
    wait_until(lambda: dialog.chosen is not None and dialog.chosen.name == NAME)
    assert not dialog.fast.isChecked()
    assert "what it costs is measured and said then" in dialog.cost.text()
    dialog.fast.click()
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    wait_until(lambda: "On 10 parts of your photos both see the same" in window.messages.text.text())
    settle(window)
    wait_until(lambda: window.encoder_line.text().startswith("CLIP B/32 (DataComp) (int8)"))
    command(window, "encoders").trigger()
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, EncodersDialog)
    wait_until(lambda: "On 10 parts of your photos" in shown.cost.text())
    # Who presses *Label with it* once more is not put back to the exact one.
    wait_until(shown.fast.isChecked, seconds=10)
    shown.view.setCurrentIndex(shown.model.index(0, 0))  # the starter
    assert shown.fast.isHidden()
    shown.close()
