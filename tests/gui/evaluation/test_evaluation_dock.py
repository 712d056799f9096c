"""The evaluation dock: what a truth says of the scores, and the photos behind every number."""

import json
from pathlib import Path

import numpy as np
import pytest
from acting import CTRL, SHIFT, click_row, command, open_dialog, press, settle, wait_until
from naming import nameless
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMessageBox
from taught_cats import PHOTOS, make_cats, say_cats

from cdul_gui.dialogs.truth.dialog import MeaningDialog, TruthDialog
from cdul_gui.panels.evaluation.evaluation_table import EvaluationColumn
from cdul_gui.panels.evaluation.panel import EvaluationPanel
from cdul_gui.session.training_choice import TrainingChoice
from cdul_gui.window.main_window import MainWindow
from cdul_gui.wording import translated
from engine.formats.known_labels import IGNORED, PRESENT, KnownLabels
from engine.jobs import Cancellation, Progress
from engine.models.training.training_settings import TrainingSettings
from engine.project import Project
from engine.project.runs import begin_run, finish_run, store_scores
from engine.project.take_snapshot import take_snapshot
from engine.stages.evaluation.result import Outcome
from engine.stages.importing.import_truth import import_truth
from engine.wording import LabelWords, Sentence

ANSWERS = {
    "beach.jpg": {"boat": PRESENT},
    "city.png": {"cat": PRESENT},
    "dog.webp": {"dog": PRESENT, "cat": IGNORED},
    "trip/boat.jpg": {"ship": PRESENT},
    "trip/turned.jpg": {"tree": PRESENT},
    "zebra.bmp": {"cat": PRESENT},
}
"""Of zebra.bmp the scores say dog, of trip/turned.jpg cat, dog and boat."""


@pytest.fixture
def with_truth(window: MainWindow) -> MainWindow:
    """The window on photos with made-up scores and a truth; its `ship` means no label here."""
    project = window.session.project
    assert project is not None
    known = KnownLabels(("cat", "dog", "boat", "tree", "ship"), ANSWERS)
    import_truth(project, known, Progress(), Cancellation(), source=Path("mine.json"), format_name="coco", name="mine")
    window.session.refresh()
    settle(window)
    return window


@pytest.fixture
def dock(with_truth: MainWindow) -> EvaluationPanel:
    """The evaluation dock, with the figures in it."""
    return show(with_truth)


def show(window: MainWindow) -> EvaluationPanel:
    press(window, Qt.Key.Key_U, CTRL | SHIFT)
    dock = window.desk.evaluation_panel
    assert dock.isVisible()
    wait_until(lambda: dock.pages.currentWidget().isVisible())
    return dock


def shown(window: MainWindow) -> set[str]:
    """The photos in the gallery."""
    snapshot = window.session.snapshot
    assert snapshot is not None
    return {snapshot.paths[row] for row in window.session.shown}


def rows_of(dock: EvaluationPanel) -> list[str]:
    model = dock.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def choose_label(window: MainWindow, dock: EvaluationPanel, label: str) -> None:
    click_row(dock.table, rows_of(dock).index(label))
    settle(window)


def test_it_is_hidden_until_it_is_asked_for_and_nothing_is_compared(with_truth: MainWindow) -> None:
    window = with_truth
    assert not window.desk.evaluation_panel.isVisible()
    assert window.desk.evaluating.evaluation is None
    toggle = next(action for action in window.findChildren(QAction) if action.text() == "Evaluation")
    toggle.trigger()
    settle(window)
    assert window.desk.evaluating.evaluation is not None


def test_without_a_truth_it_says_what_to_do(window: MainWindow) -> None:
    dock = show(window)
    assert dock.first.isVisible()
    QTest.mouseClick(dock.first, Qt.MouseButton.LeftButton)
    dialog = open_dialog(window)
    assert isinstance(dialog, TruthDialog)
    dialog.close()


def test_figures_of_the_truth_and_of_each_label(dock: EvaluationPanel) -> None:
    assert dock.truth.currentText() == "mine"
    assert dock.stage.currentText() == "what suggests now"
    assert "4 labels, 6 photos" in dock.summary.text()
    assert "CF1" in dock.summary.text()
    assert "Photos that are not in the truth and do not count: 2." in dock.notes.text()
    cat = dock.table.labels.things[0].figures
    assert (cat.label, cat.positives, cat.ignored, cat.hits, cat.false_alarms, cat.misses) == ("cat", 2, 1, 1, 1, 1)


def test_a_screen_reader_can_name_everything(dock: EvaluationPanel) -> None:
    assert nameless(dock) == []


def test_the_table_is_sorted_by_a_click_on_a_header(dock: EvaluationPanel) -> None:
    header = dock.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(EvaluationColumn.LABEL) + 20, 8)
    for names in (["tree", "dog", "cat", "boat"], ["boat", "cat", "dog", "tree"]):
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert sorted(rows_of(dock)) == sorted(names)
        assert rows_of(dock) in (names, names[::-1])


def test_each_of_the_four_numbers_shows_its_photos(window: MainWindow, dock: EvaluationPanel) -> None:
    choose_label(window, dock, "cat")
    for outcome, photos in {
        Outcome.HIT: {"city.png"},
        Outcome.FALSE_ALARM: {"trip/turned.jpg"},
        Outcome.MISS: {"zebra.bmp"},
        Outcome.REJECTION: {"beach.jpg", "trip/boat.jpg"},
    }.items():
        button = dock.figures.table.buttons[outcome]
        assert button.text() == str(len(photos))
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        settle(window)
        assert shown(window) == photos
        assert "cat" in window.said.text()
    assert window.session.label == 0


def test_a_confusion_shows_its_photos(window: MainWindow, dock: EvaluationPanel) -> None:
    pairs = [(item.text(0), item.text(1)) for item in map(dock.confusions.topLevelItem, range(20)) if item is not None]
    assert ("cat", "dog") in pairs
    click_row(dock.confusions, pairs.index(("cat", "dog")))
    settle(window)
    assert shown(window) == {"zebra.bmp"}
    everything = window.desk.filter_bar.all_button
    assert everything.isVisible()
    QTest.mouseClick(everything, Qt.MouseButton.LeftButton)
    settle(window)
    assert len(shown(window)) == 8
    assert not everything.isVisible()
    window.desk.queues.start("new")
    settle(window)
    assert not everything.isVisible()  # the queue's bar has a way back of its own


def test_the_curve_and_the_dot_at_the_threshold(window: MainWindow, dock: EvaluationPanel) -> None:
    choose_label(window, dock, "cat")
    recall, precision = dock.figures.plot.dot.getData()
    assert (recall.tolist(), precision.tolist()) == ([0.5], [0.5])
    assert dock.figures.plot.curve.getData()[0][-1] == 1.0


def test_a_stage_without_scores_is_one_sentence(window: MainWindow, dock: EvaluationPanel) -> None:
    choose(dock.stage, "refined")
    settle(window)
    assert "There are no refined scores yet" in dock.summary.text()
    assert dock.table.model().rowCount() == 0
    assert not dock.report.isEnabled()


def test_the_figures_are_those_of_what_suggests_now_and_follow_the_answers(
    empty_window: MainWindow, tmp_path: Path
) -> None:
    window = empty_window
    window.desk.opening.open_folder(make_cats(tmp_path / "cats"))
    settle(window)
    project = window.session.project
    assert project is not None
    known = KnownLabels(("cat",), {f"{n:02}.jpg": {} if n % 3 else {"cat": PRESENT} for n in range(PHOTOS)})
    import_truth(project, known, Progress(), Cancellation(), source=Path("mine.json"), format_name="coco", name="mine")
    window.session.refresh()
    settle(window)
    dock = show(window)
    assert dock.stage.currentText() == "what suggests now"
    say_cats(window, np.arange(14))
    wait_until(lambda: "Labels whose scores are what people's answers taught: 1 (cat)" in dock.notes.text())
    choose(dock.stage, "initial")
    settle(window)
    assert "taught" not in dock.notes.text()


def test_two_runs_are_compared_on_the_same_photos(window: MainWindow, dock: EvaluationPanel) -> None:
    project, snapshot = window.session.project, window.session.snapshot
    assert project is not None
    assert snapshot is not None
    run = begin_run(project, "import", label_ids=[label.id for label in snapshot.labels], settings={})
    store_scores(project, run, "initial", snapshot.photo_ids.tolist(), snapshot.scores[::-1])
    finish_run(project, run)
    window.session.refresh()
    settle(window)
    assert dock.table.isColumnHidden(EvaluationColumn.DIFFERENCE)
    assert [dock.beside.itemText(place) for place in range(dock.beside.count())] == ["none", "initial@2", "initial@1"]
    choose(dock.beside, "initial@1")
    settle(window)
    assert "beside initial@1" in dock.summary.text()
    comparison = window.desk.evaluating.comparison
    assert comparison is not None
    cat = rows_of(dock).index("cat")
    told = dock.table.model().index(cat, EvaluationColumn.DIFFERENCE).data()
    assert told == f"{100 * comparison.labels[0].difference:+.1f}"
    choose(dock.beside, "none")
    settle(window)
    assert dock.table.isColumnHidden(EvaluationColumn.DIFFERENCE)


def test_labels_are_mended_without_importing_again(window: MainWindow, dock: EvaluationPanel) -> None:
    QTest.mouseClick(dock.mend, Qt.MouseButton.LeftButton)
    dialog = open_dialog(window)
    assert isinstance(dialog, MeaningDialog)
    assert nameless(dialog) == []
    wait_until(lambda: dialog.save.isEnabled())
    assert dialog.table.item(0, 0).text() == "ship"  # what means nothing comes first
    dialog.table.item(0, 2).setText("boat")
    QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    settle(window)
    boat = next(one.figures for one in dock.table.labels.things if one.figures.label == "boat")
    assert boat.positives == 2


def test_a_truth_is_forgotten(window: MainWindow, dock: EvaluationPanel) -> None:
    QTest.mouseClick(dock.forget, Qt.MouseButton.LeftButton)
    box = open_dialog(window)
    assert isinstance(box, QMessageBox)
    assert box.informativeText().startswith("Labels and decisions stay. To compare with it again")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    settle(window)
    assert len(window.desk.evaluating.truths) == 1
    QTest.mouseClick(dock.forget, Qt.MouseButton.LeftButton)
    box = open_dialog(window)
    assert isinstance(box, QMessageBox)
    [forget] = [one for one in box.buttons() if one.text() == "Forget it"]
    QTest.mouseClick(forget, Qt.MouseButton.LeftButton)
    settle(window)
    assert window.desk.evaluating.truths == []
    assert dock.first.isVisible()


def test_a_report_is_written(window: MainWindow, dock: EvaluationPanel, tmp_path: Path) -> None:
    window.desk.evaluating.write_report(tmp_path / "report.html")
    settle(window)
    assert "against the truth “mine”" in (tmp_path / "report.html").read_text("utf-8")
    assert "report.html" in window.messages.text.text()
    assert [choice.text() for choice in window.messages.choices] == ["Open it"]


def test_a_truth_is_imported_with_what_its_labels_mean(window: MainWindow, scored_photos: Path, tmp_path: Path) -> None:
    coco = {
        "images": [{"id": 1, "file_name": "beach.jpg"}, {"id": 2, "file_name": "city.png"}],
        "categories": [{"id": 1, "name": "Cat"}, {"id": 2, "name": "vessel"}],
        "annotations": [
            {"id": 1, "image_id": 2, "category_id": 1},
            {"id": 2, "image_id": 1, "category_id": 2},
        ],
    }
    (tmp_path / "people.json").write_text(json.dumps(coco))
    command(window, "import-truth").trigger()
    dialog = open_dialog(window)
    assert isinstance(dialog, TruthDialog)
    assert not dialog.take.isEnabled()
    dialog.file.setText(str(tmp_path / "people.json"))
    wait_until(dialog.take.isEnabled)
    assert dialog.name.text() == "people"
    assert dialog.table.meaning == {"vessel": None, "Cat": "cat"}
    dialog.table.item(0, 2).setText("boat")
    QTest.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    settle(window)
    dock = window.desk.evaluation_panel
    assert dock.isVisible()
    assert "2 labels, 2 photos" in dock.summary.text()
    with Project.open(scored_photos, read_only=True) as project:
        assert not take_snapshot(project).decisions.any()


def test_a_file_that_is_no_truth_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text('{"images": 3, "categories": [], "annotations": []}')
    command(window, "import-truth").trigger()
    dialog = open_dialog(window)
    assert isinstance(dialog, TruthDialog)
    dialog.file.setText(str(tmp_path / "wrong.json"))
    wait_until(lambda: "Expected a list under" in dialog.said.text())
    assert not dialog.take.isEnabled()
    dialog.close()


def choose(box: QComboBox, text: str) -> None:
    """Choose an entry as a person does, which sends `activated`."""
    box.setCurrentText(text)
    box.activated.emit(box.currentIndex())


def test_the_training_dock_draws_how_the_labels_come_to_agree(with_truth: MainWindow) -> None:
    window = with_truth
    toggle = next(action for action in window.findChildren(QAction) if action.text() == "Training")
    toggle.trigger()
    plots = window.desk.training_panel.plots
    assert not plots.truth_map.isVisible()
    settings = TrainingSettings(epochs=3, warm_up=1, update_every=1, patience=0)
    window.desk.training.learn(TrainingChoice(None, settings, train="head"))
    settle(window)
    wait_until(plots.truth_map.isVisible)
    epochs = plots.truth_map.curve()[0].tolist()
    assert (epochs[0], epochs[-1]) == (1, 3)  # and each between in which the labels moved


def test_the_stage_is_seen_in_full(dock: EvaluationPanel) -> None:
    dock.window().resize(1280, 720)
    QApplication.sendPostedEvents()
    for place in range(dock.stage.count()):
        dock.stage.setCurrentIndex(place)
        assert dock.stage.width() >= dock.stage.sizeHint().width()


def test_in_a_small_window_the_figures_of_all_labels_are_seen(window: MainWindow, dock: EvaluationPanel) -> None:
    window.resize(1024, 700)
    QApplication.sendPostedEvents()
    wait_until(lambda: not dock.figures.plot.isVisible())
    wait_until(lambda: dock.table.width() >= 200)
    assert dock.summary.width() >= 600
    window.resize(1500, 800)
    wait_until(dock.figures.plot.isVisible)


def test_no_label_is_cut_off_however_narrow_the_table(dock: EvaluationPanel) -> None:
    table = dock.table
    for width in (900, 260, 900):
        table.setFixedWidth(width)
        QApplication.processEvents()
        assert table.columnWidth(EvaluationColumn.LABEL) >= table.sizeHintForColumn(EvaluationColumn.LABEL)
        assert (table.horizontalHeader().length() > table.viewport().width()) == (width < 300)


def test_notes_name_labels_in_the_windows_language(dock: EvaluationPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "1 (tree)" in translated(Sentence("Only {count} ({labels}).").format(count=1, labels=LabelWords(["tree"])))
    monkeypatch.setattr("cdul_gui.wording.language_of_window", lambda: "de")
    assert "1 (Baum)" in translated(Sentence("Only {count} ({labels}).").format(count=1, labels=LabelWords(["tree"])))
