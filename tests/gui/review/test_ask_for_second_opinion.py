"""A second opinion from another encoder, asked for in the window, and the queue of where both differ."""

from __future__ import annotations

from pathlib import Path

from acting import command, settle, wait_until
from making import make_tiny_clip

from cdul_gui.window.main_window import MainWindow
from engine.models.encoders.confirmed import confirm_encoder
from engine.project import Project
from engine.project.history.edit_thresholds import set_thresholds
from engine.project.labels import label_set
from engine.project.runs import INITIAL
from engine.project.thresholds import ManualThreshold
from engine.stages.labelling.label_photos import LabelRequest, label_photos
from engine.stages.labelling.second_opinion import encoders_to_ask


def test_where_nobody_else_is_here_one_can_be_got(empty_window: MainWindow, photo_folder: Path) -> None:
    window = empty_window
    with Project.open(photo_folder) as project:
        label_photos(project, LabelRequest("cat,dog,boat", "starter"))
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    command(window, "second-opinion").trigger()
    wait_until(lambda: bool(window.messages.choices))
    assert window.messages.text.text() == "No other encoder is here that could be asked. Get one first."
    assert [one.text() for one in window.messages.choices] == ["Encoders…"]


def test_who_suggests_is_not_asked_and_who_labelled_before_out_of_a_folder_is(
    photo_folder: Path, tiny_clip: Path
) -> None:
    with Project.open(photo_folder) as project:
        label_photos(project, LabelRequest("cat,dog,boat", "starter"))
        assert encoders_to_ask(project) == []
        label_photos(project, LabelRequest(encoder=str(tiny_clip)))
        confirm_encoder(str(tiny_clip))
        assert encoders_to_ask(project) == ["starter"]
        label_photos(project, LabelRequest(encoder="starter"))
        assert encoders_to_ask(project) == [str(tiny_clip)]


def test_another_encoder_is_asked_and_where_both_differ_is_reviewed(
    empty_window: MainWindow, photo_folder: Path, tiny_clip: Path, tmp_path: Path
) -> None:
    window = empty_window
    with Project.open(photo_folder) as project:
        label_photos(project, LabelRequest("cat,dog,boat", str(tiny_clip)))
        # What suggests says cat everywhere, which no other encoder will.
        set_thresholds(project, [ManualThreshold(label_set(project)[0].id, INITIAL, 0.0)])
    (tmp_path / "other").mkdir()
    other = str(make_tiny_clip(tmp_path / "other", seed=2))
    confirm_encoder(other)
    window.desk.opening.open_folder(photo_folder)
    settle(window)
    snapshot = window.session.snapshot
    assert snapshot is not None
    before = snapshot.scores.copy()
    window.desk.second_opinion.ask(other)
    wait_until(lambda: bool(window.messages.choices))
    settle(window)
    assert "The second opinion differs on" in window.messages.text.text()
    window.messages.choices[0].click()
    wait_until(lambda: window.desk.queues.name == "second")
    assert window.desk.queue_bar.title.text() == "The second opinion disagrees"
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert (snapshot.scores == before).all()
