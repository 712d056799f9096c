"""A reviewer's computer, which has neither labelled the photos nor may: it looks at them for itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from acting import settle, wait_until
from commands import Cdul
from postgres import Server, let_in_by_the_guide

from cdul_gui.window.main_window import MainWindow
from engine.project import Project
from engine.project.storage.address import folder_of, place_of
from engine.project.take_snapshot import take_snapshot
from engine.stages.care.copy_project import copy_project
from engine.stages.labelling.explain import Heatmaps

LOOKED = "This computer has looked at 4 of 4 photos: heatmaps and searches work here, and answers teach."


@pytest.fixture
def photos(starter_samples: Path, tmp_path: Path) -> Path:
    """A reviewer's copy: only photos."""
    return Path(shutil.copytree(starter_samples, tmp_path / "photos", ignore=shutil.ignore_patterns(".cdul")))


@pytest.fixture
def cora(starter_samples: Path, server: Server) -> Iterator[str]:
    """The address for who only reviews the sample photos that somebody else labelled."""
    there = place_of(server.address(server.empty_database()))
    copy_project(starter_samples / ".cdul", there)
    shutil.rmtree(folder_of(there), ignore_errors=True)
    with let_in_by_the_guide(server, "cora") as address:
        shutil.rmtree(folder_of(place_of(address)), ignore_errors=True)
        yield address


def test_the_window_offers_to_look_and_then_shows_the_heatmaps_of_who_labelled(
    empty_window: MainWindow, photos: Path, cora: str, starter_samples: Path
) -> None:
    empty_window.desk.opening.open_folder(photos, place_of(cora))
    settle(empty_window)
    wait_until(lambda: "has not looked at these photos yet" in empty_window.messages.text.text())
    project = empty_window.session.project
    before = take_snapshot(project)
    assert Heatmaps(project).of(1) is None
    next(one for one in empty_window.messages.choices if one.text() == "Look at them").click()
    settle(empty_window)
    assert empty_window.messages.text.text().startswith(LOOKED)
    with Project.open(starter_samples, read_only=True) as owners:
        np.testing.assert_allclose(Heatmaps(project).of(1).snippets[3], Heatmaps(owners).of(1).snippets[3], rtol=1e-5)
    np.testing.assert_array_equal(take_snapshot(project).scores, before.scores)
    empty_window.desk.opening.close()
    wait_until(lambda: empty_window.session.project is None and not empty_window.session.workers.busy)


def test_a_reviewer_has_photos_looked_at_by_the_command_that_labels_and_then_searches(
    cdul: Cdul, photos: Path, cora: str
) -> None:
    assert cdul("search", photos, "a giraffe", "--project", cora).code == 1
    assert LOOKED in cdul("label", photos, "--project", cora).out
    assert "giraffes_by_trees.jpg" in cdul("search", photos, "a giraffe", "--project", cora, "--top", "1").out
    refused = cdul("label", photos, "--labels", "cat,dog", "--project", cora)
    assert "The role cora may answer in" in refused.err
