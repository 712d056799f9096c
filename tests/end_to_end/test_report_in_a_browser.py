"""The report in a real browser: it sorts, its links unfold what they lead to, and it asks nobody for anything."""

from pathlib import Path

import numpy as np
import pytest
from chromium import browser, needs_chromium
from PIL import Image

from engine.formats.known_labels import KnownLabels
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import begin_run, finish_run, store_scores
from engine.stages.evaluation.evaluate import evaluate
from engine.stages.evaluation.report import write_report
from engine.stages.importing.import_truth import match_truth

LABELS = ("ant", "bee", "cat")


@pytest.fixture
def report_file(project: Project, tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    labels = use_label_set(project, [NewLabel(name) for name in LABELS])
    names = [f"{number}.jpg" for number in range(40)]
    for name in names:
        Image.new("RGB", (40, 30), "green").save(project.photos / name)
    record_folder(project, [FoundPhoto(name, 1, 1) for name in names])
    there = random.random((40, 3)) < (0.5, 0.3, 0.2)
    scores = np.clip(there * (0.2, 0.5, 0.9) + random.random((40, 3)) / 2, 0, 1).astype(np.float32)
    settings = {"thresholds": {"initial": [0.4, 0.4, 0.4]}}
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=settings)
    store_scores(project, run, "initial", range(1, 41), scores)
    finish_run(project, run)
    known = {name: {LABELS[at]: 1 for at in np.flatnonzero(row)} for name, row in zip(names, there, strict=True)}
    truth = match_truth(project, KnownLabels(LABELS, known), "mine").table
    write_report(tmp_path / "report.html", project, evaluate(project, truth))
    return tmp_path / "report.html"


@needs_chromium
def test_it_sorts_and_leads_and_asks_for_nothing(report_file: Path, tmp_path: Path) -> None:
    shown = "[...document.querySelectorAll('table.sortable tbody tr')].map(row => row.cells[0].textContent)"
    values = "[...document.querySelectorAll('table.sortable tbody tr')].map(row => +row.cells[1].dataset.value)"

    def press(column: int) -> str:
        return f"document.querySelectorAll('table.sortable th button')[{column}].click()"

    with browser(tmp_path / "profile") as page:
        page.open(report_file.as_uri())
        assert sorted(page.run(shown)) == [*LABELS]
        page.run(press(0))
        assert page.run(shown) == [*LABELS]
        page.run(press(0))
        assert page.run(shown) == [*reversed(LABELS)]
        page.run(press(1))  # the most positives first
        assert page.run(values) == sorted(page.run(values), reverse=True)
        assert page.run("document.querySelector('th[aria-sort]').textContent") == "Positives"

        assert page.run("document.querySelectorAll('.photos details[open]').length") == 0
        page.run(
            "new Promise(done => { addEventListener('hashchange', done); document.querySelector('td a').click() })"
        )
        assert page.run("document.querySelector('.photos details[open]').id") == page.run("location.hash.slice(1)")
        assert page.run("[...document.images].every(image => image.naturalWidth > 0)")

        # As wide as the screen and no wider, on a narrow one as well.
        for width in (1200, 360):
            page.open(report_file.as_uri(), width=width)
            assert page.run("document.documentElement.scrollWidth") <= width
        page.run("fetch('https://example.org').catch(() => 0)")  # what anybody might have put into it
        left = [address for address in page.asked_for if not address.startswith(("file:", "data:"))]
        assert left == []
        assert all("Content Security Policy" in problem for problem in page.problems)
