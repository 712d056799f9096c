"""The table of scores: global, best snippet, pseudo label, threshold."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from acting import LABELS, SUGGESTED, chip, click_chip, click_label, click_photo, click_row, press, settle, states_shown
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from cdul_gui.panels.photo.score_table import ScoreColumn, score_rows
from cdul_gui.window.main_window import MainWindow
from cdul_gui.wording import as_score
from engine.project import Project
from engine.project.history.edit_thresholds import threshold_by_hand
from engine.stages.labelling.explain import Heatmaps


def test_the_labels_of_a_photo_are_listed_best_first_with_their_scores(window: MainWindow, scored_photos: Path) -> None:
    click_photo(window, "trip/turned.jpg")
    window.desk.inspector.scores.setFixedWidth(500)
    settle(window)
    table = _table(window)
    assert [row[0] for row in table] == ["cat", "dog", "boat", "tree"]
    assert [row[1] for row in table] == ["likely", "likely", "likely", ""]
    assert [row[4] for row in table] == [".90 ≥ .20", ".80 ≥ .20", ".70 ≥ .20", ".05 < .20"]
    with Project.open(scored_photos, read_only=True) as project, project.reading() as connection:
        photo = connection.exec_driver_sql("SELECT id FROM photo WHERE path = 'trip/turned.jpg'").scalar_one()
        found = Heatmaps(project).of(photo)
    assert found is not None
    assert [row[2] for row in table] == [f"{value:.2f}"[1:] for value in found.whole]
    assert [row[3] for row in table] == [f"{value:.2f}"[1:] for value in found.snippets[3].max(axis=(0, 1))]


def test_a_click_on_a_row_looks_at_its_label(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    click_row(window.desk.inspector.scores, 2)
    settle(window)
    assert window.session.snapshot is not None
    assert window.session.label is not None
    assert window.session.snapshot.labels[window.session.label].name == "boat"


def test_a_narrow_table_keeps_the_names_and_drops_what_matters_least(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    table = window.desk.inspector.scores

    def headings(width: int) -> list[str]:
        table.setFixedWidth(width)
        settle(window)
        assert table.columnWidth(ScoreColumn.NAME) >= 90
        return [
            table.model().headerData(column, Qt.Orientation.Horizontal)
            for column in ScoreColumn
            if not table.isColumnHidden(column)
        ]

    assert headings(500) == ["Label", "State", "Photo", "Part", "Score"]
    narrow = headings(250)
    assert "Photo" not in narrow
    assert narrow[:2] == ["Label", "State"]
    assert "Score" in narrow
    assert headings(120) == ["Label"]
    assert headings(500) == ["Label", "State", "Photo", "Part", "Score"]


def test_the_columns_are_where_they_are_whatever_photo_is_shown(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    # What just misses it takes more room than what does not.
    window.session.edits.set_thresholds(threshold_by_hand(snapshot, LABELS.index("cat"), 0.901))
    settle(window)
    table = window.desk.inspector.scores
    for width in range(200, 400, 20):
        table.setFixedWidth(width)
        places = set()
        for path in ("beach.jpg", "city.png", "trip/day two/lamp.JPG"):
            click_photo(window, path)
            QApplication.sendPostedEvents()
            places.add(tuple(table.columnViewportPosition(column) for column in ScoreColumn))
        assert len(places) == 1, width


def test_the_columns_are_the_same_ones_beside_a_scroll_bar(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    table = window.desk.inspector.scores
    for width in range(200, 400, 5):
        hidden = []
        for height in (400, 90):
            table.setFixedSize(width, height)
            QApplication.sendPostedEvents()
            hidden.append([table.isColumnHidden(column) for column in ScoreColumn])
        assert table.verticalScrollBar().maximum() > 0
        assert hidden[0] == hidden[1], width


def test_the_table_of_a_photo_begins_at_its_top_unless_a_person_scrolls_it(window: MainWindow) -> None:
    table = window.desk.inspector.scores
    table.setFixedHeight(90)
    bar = table.verticalScrollBar()
    click_photo(window, "trip/turned.jpg")
    click_label(window, "tree")  # which stands last
    assert bar.maximum() > 0
    assert bar.value() == 0
    assert {index.row() for index in table.selectedIndexes()} == {3}
    bar.setValue(1)
    click_chip(window, "cat")
    assert bar.value() == 1
    click_photo(window, "beach.jpg")
    assert bar.value() == 0


def test_a_row_that_moves_below_a_pointer_that_rests_in_the_table_is_not_pointed_at(window: MainWindow) -> None:
    table = window.desk.inspector.scores
    table.setFixedHeight(90)
    click_photo(window, "trip/turned.jpg")
    place = table.visualRect(table.model().index(1, 0)).center()
    QCursor.setPos(table.viewport().mapToGlobal(place))
    for at in (place - QPoint(0, 24), place):
        QTest.mouseMove(table.viewport(), at)
    assert window.session.heatmap_label == LABELS.index("dog")
    table.setFocus()
    for _step in range(4):
        press(window, Qt.Key.Key_Down)
    assert table.verticalScrollBar().value() > 0
    assert window.session.heatmap_label is None
    QTest.mouseMove(table.viewport(), place + QPoint(1, 0))
    assert window.session.heatmap_label == table.model().things[table.indexAt(place).row()].column


def test_the_pointer_on_a_row_tells_what_each_stage_scored_the_label(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    window.desk.inspector.scores.setFixedWidth(500)
    settle(window)
    _, _, whole, snippet, pseudo = next(row for row in _table(window) if row[0] == "dog")
    window.desk.inspector.scores.setFixedWidth(200)  # where most columns are left out
    tip = window.desk.inspector.scores.model().index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.splitlines() == [
        "dog",
        f"State likely  ·  Photo {whole}  ·  Part {snippet}  ·  Score {pseudo}",
    ]


def test_the_pointer_on_a_chip_tells_in_words_how_likely_the_label_is(window: MainWindow) -> None:
    click_photo(window, "trip/turned.jpg")
    one = chip(window, "dog")
    place = one.rect().center()
    QApplication.sendEvent(one, QHelpEvent(QEvent.Type.ToolTip, place, one.mapToGlobal(place)))
    assert QToolTip.text().splitlines() == [
        "dog: likely",
        "Click confirms, right click rejects",
        "2 confirms, Shift+2 rejects",
    ]


def test_labels_with_scales_of_their_own_are_in_an_order_that_can_be_compared(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    window.desk.inspector.scores.setFixedWidth(500)
    # Before the photo is looked at: labels that were seen keep their places.
    window.session.edits.set_thresholds(threshold_by_hand(snapshot, LABELS.index("cat"), 0.95))
    settle(window)
    click_photo(window, "trip/turned.jpg")
    settle(window)
    # What is likely comes first, though .9 is more than .8 and .7.
    table = [row[:2] + row[4:] for row in _table(window)]
    assert table == [
        ["dog", "likely", ".80 ≥ .20"],
        ["boat", "likely", ".70 ≥ .20"],
        ["cat", "maybe", ".90 < .95"],
        ["tree", "", ".05 < .20"],
    ]
    assert list(states_shown(window)) == ["dog", "boat"]
    gallery = window.desk.pages.gallery
    told = gallery.model().index(list(SUGGESTED).index("trip/turned.jpg"), 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "turned.jpg; Likely: dog, boat; Maybe: cat"


def test_a_label_that_is_likely_nowhere_says_so_beside_its_score(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    window.session.edits.set_thresholds(threshold_by_hand(snapshot, LABELS.index("cat"), 1.0))
    settle(window)
    click_photo(window, "trip/turned.jpg")
    window.desk.inspector.scores.setFixedWidth(500)
    settle(window)
    assert ["cat", "maybe", ".90 < 1.00"] in [row[:2] + row[4:] for row in _table(window)]


def test_scores_are_written_short() -> None:
    assert [as_score(value) for value in (0.05, 0.996, 1.0, 0.0, np.nan)] == [".05", "1.00", "1.00", ".00", ""]


def test_a_score_just_below_its_threshold_is_seen_to_be(window: MainWindow) -> None:
    [row, *_] = score_rows(window.session.snapshot, 0, None)
    just_below = replace(row, score=0.5512, threshold=0.5531)
    assert just_below.compared == ".551 < .553"
    assert replace(just_below, score=0.5531).compared == ".55 ≥ .55"
    assert replace(just_below, score=0.1766, threshold=0.1771).compared == "< .18"
    assert replace(just_below, score=0.05, threshold=0.2).compared == ".05 < .20"
    assert replace(just_below, score=0.0041, threshold=0.0049).compared == ".004 < .005"


def _table(window: MainWindow) -> list[list[str]]:
    table = window.desk.inspector.scores
    model = table.model()
    columns = [column for column in range(model.columnCount()) if not table.isColumnHidden(column)]
    return [
        [model.index(row, column).data(Qt.ItemDataRole.DisplayRole) for column in columns]
        for row in range(model.rowCount())
    ]
