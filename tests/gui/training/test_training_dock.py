"""The training dock: settings in plain words, live curves, another training's curves beside them, what changed."""

from dataclasses import fields

import pytest
from acting import command, settle, wait_until
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox

from cdul_gui.panels.training.panel import TrainingPanel
from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.window.main_window import MainWindow
from engine.models.training.training_settings import PAPER_NETWORK, TrainingSettings
from engine.stages.training.curves import Curves


@pytest.fixture
def dock(window: MainWindow) -> TrainingPanel:
    """The training dock, shown from the View menu."""
    toggle = next(action for action in window.findChildren(QAction) if action.text() == "Training")
    toggle.trigger()
    assert window.training_dock.isVisible()
    return window.desk.training_panel


def train(window: MainWindow, dock: TrainingPanel, *, epochs: int) -> None:
    """Train for so many epochs, by the button of the dock."""
    for name, value in (("epochs", epochs), ("warm_up", 1), ("update_every", 1)):
        editor = dock.form.editors[name]
        assert isinstance(editor, QSpinBox)
        editor.setValue(value)
    dock.form.train.setCurrentText("head")
    QTest.mouseClick(dock.start, Qt.MouseButton.LeftButton)
    settle(window)


def choose(box: QComboBox, place: int) -> None:
    """Choose an entry as a person does, which sends `activated`."""
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_it_is_hidden_until_it_is_asked_for(window: MainWindow) -> None:
    assert not window.training_dock.isVisible()


def test_before_the_first_training_it_says_what_one_is_for(window: MainWindow, dock: TrainingPanel) -> None:
    assert dock.nothing_yet.isVisible()
    assert "Nothing was trained yet" in dock.nothing_yet.text()
    assert not dock.plots.isVisible()
    train(window, dock, epochs=1)
    assert not dock.nothing_yet.isVisible()
    assert dock.plots.isVisible()
    assert dock.changes.isVisible()


def test_every_explanation_is_read_in_full(dock: TrainingPanel) -> None:
    shown = dock.form.explanation
    for words in dock.form._words.values():
        shown.setText(words)
        assert shown.heightForWidth(325) <= shown.height(), words


def test_every_setting_has_its_name_and_an_explanation(dock: TrainingPanel) -> None:
    assert dock.form.preset.currentText() == "Best on real photos"
    for setting in fields(TrainingSettings):
        if setting.metadata["published"]:  # for a comparison with the paper, by commands
            assert setting.name not in dock.form.editors
        else:
            editor = dock.form.editors[setting.name]
            assert editor.accessibleName()
            assert editor.toolTip() == setting.metadata["words"]
    dock.form.editors["sigma"].setFocus()
    assert dock.form.explanation.text() == TrainingSettings.words()["sigma"]


def test_the_papers_preset_fills_in_what_the_paper_states(dock: TrainingPanel) -> None:
    choose(dock.form.preset, 1)
    assert dock.form.choice.preset == "paper"
    assert dock.form.choice.settings == TrainingSettings.preset("paper")
    # The paper trains the whole network; a last layer alone would stand still at its rate.
    assert _text(dock, "learning_rate") == "0.01"
    choose(dock.form.train, dock.form.train.findText("full"))
    assert dock.form.choice.settings == TrainingSettings.preset("paper", full=True)
    assert dock.form.choice.network == PAPER_NETWORK
    assert {name: _text(dock, name) for name in ("objective", "sigma", "step_size", "learning_rate", "batch")} == {
        "objective": "kl",
        "sigma": "1",
        "step_size": "1",
        "learning_rate": "1e-05",
        "batch": "8",
    }


def test_one_setting_changed_by_hand_makes_them_ones_own(dock: TrainingPanel) -> None:
    editor = dock.form.editors["seed"]
    assert isinstance(editor, QSpinBox)
    editor.setValue(7)
    assert dock.form.preset.currentText() == "My own settings"
    assert dock.form.choice == TrainingChoice(None, TrainingSettings(seed=7))


def test_a_setting_that_cannot_be_is_explained_and_nothing_is_trained_with_it(dock: TrainingPanel) -> None:
    sigma = dock.form.editors["sigma"]
    assert isinstance(sigma, QLineEdit)
    sigma.selectAll()
    QTest.keyClicks(sigma, "0")
    assert dock.form.explanation.text() == "Expected sigma to be above 0, but got 0.0."
    assert not dock.start.isEnabled()
    sigma.selectAll()
    QTest.keyClicks(sigma, "0.3")
    assert dock.start.isEnabled()


def test_what_was_chosen_is_remembered_for_the_one_button(window: MainWindow, dock: TrainingPanel) -> None:
    train(window, dock, epochs=2)
    assert TrainingChoice.kept() == TrainingChoice(
        None, TrainingSettings(epochs=2, warm_up=1, update_every=1), train="head"
    )
    command(window, "refine").trigger()
    settle(window)
    assert [len(run.settings["reports"]) for run in window.desk.training.runs] == [2, 2]


def test_the_curves_of_a_training_are_drawn_while_it_goes_on(window: MainWindow, dock: TrainingPanel) -> None:
    window.desk.training.learn(TrainingChoice(None, TrainingSettings(epochs=1_000_000, patience=0), train="head"))
    wait_until(lambda: dock.plots.objective.curve().shape[1] > 0)
    assert dock.run.currentText() == "under way"
    assert dock.plots.objective.curve()[0].tolist() == list(range(1, dock.plots.objective.curve().shape[1] + 1))
    window.progress.cancel.click()
    settle(window)
    assert dock.run.count() == 0


def test_two_trainings_are_compared(window: MainWindow, dock: TrainingPanel) -> None:
    train(window, dock, epochs=2)
    train(window, dock, epochs=4)
    assert dock.plots.objective.curve()[0].tolist() == [1, 2, 3, 4]
    assert dock.plots.objective.curve(dashed=True).size == 0
    choose(dock.beside, 2)
    older = window.desk.training.runs[1]
    assert dock.plots.objective.curve(dashed=True)[1].tolist() == [
        report["objective"] for report in older.settings["reports"]
    ]
    newest = window.desk.training.runs[0].settings["reports"]
    moved = [report["epoch"] for report in newest if report["moved"]]
    assert moved[-1] == 4
    assert dock.plots.moved.curve()[0].tolist() == moved
    assert not dock.plots.agreement.isVisible()
    choose(dock.beside, 0)
    assert dock.plots.objective.curve(dashed=True).size == 0


def test_labels_that_stood_still_and_unknown_agreement_are_no_points() -> None:
    report = {"objective": 1.0, "moved": 0.0, "crossed": 0, "agreement": None}
    moved = {"epoch": 2, "objective": 0.5, "moved": 0.1, "crossed": 0, "agreement": 0.75}
    curves = Curves.of([{"epoch": 1, **report}, moved])
    assert curves.points("objective").tolist() == [[1, 2], [1.0, 0.5]]
    assert curves.points("moved").tolist() == [[2], [0.1]]
    assert curves.points("crossed").tolist() == [[2], [0]]
    assert curves.points("agreement").tolist() == [[2], [0.75]]


def _text(dock: TrainingPanel, name: str) -> str:
    editor = dock.form.editors[name]
    return editor.currentText() if isinstance(editor, QComboBox) else editor.text()
