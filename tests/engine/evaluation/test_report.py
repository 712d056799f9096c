"""The report: one HTML file that opens offline, whatever the labels and photos are called."""

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from engine.errors import UserError
from engine.formats.known_labels import KnownLabels
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import begin_run, finish_run, store_scores
from engine.stages.evaluation.compare import Side, compare
from engine.stages.evaluation.evaluate import evaluate
from engine.stages.evaluation.report import report, write_report
from engine.stages.importing.import_truth import match_truth

NASTY = '<script>alert("a")</script>'
LABELS = ("cat", NASTY, "C++ & 'co'")
PATHS = ["a.jpg", "<b onclick=x>.jpg", "c.jpg", "d\udcff.jpg"]


class Tags(HTMLParser):
    """The elements of a page, those that were never closed, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def page(project: Project) -> str:
    labels = use_label_set(project, [NewLabel(name) for name in LABELS])
    record_folder(project, [FoundPhoto(path, 1, 1) for path in PATHS])
    scores = np.array([[0.9, 0.2, 0.1], [0.1, 0.7, 0.1], [0.8, 0.1, 0.6], [0.05, 0.1, 0.1]], np.float32)
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings={})
    store_scores(project, run, "initial", [1, 2, 3, 4], scores)
    store_scores(project, run, "global", [1, 2, 3, 4], scores[::-1])
    finish_run(project, run)
    answers = {path: {"cat": 1} for path in PATHS[:2]} | {"c.jpg": {NASTY: 1, LABELS[2]: -1}, PATHS[3]: {}}
    truth = match_truth(project, KnownLabels(LABELS, answers), NASTY).table
    both = compare(project, truth, Side("global"), Side("initial"))
    return report(evaluate(project, truth), both, photos=project.photos)


def test_names_are_text_and_never_markup(page: str) -> None:
    found = Tags(page)
    assert not found.open
    names = {tag for tag, _ in found.tags}
    assert "script" not in names
    assert "b" not in names
    assert not [attributes for _, attributes in found.tags if any(name.startswith("on") for name in attributes)]
    text = "".join(found.texts)
    assert NASTY in text
    assert "C++ & 'co'" in text
    assert "<b onclick=x>.jpg" in text


def test_nothing_comes_from_elsewhere(page: str) -> None:
    addresses = [
        attributes[name] for _, attributes in Tags(page).tags for name in ("src", "href") if name in attributes
    ]
    assert addresses == []
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page


def test_figures_and_plots_are_in_it(page: str) -> None:
    found = Tags(page)
    text = " ".join("".join(found.texts).split())
    assert "labels with positives" in text
    assert "Suggested wrongly" in text
    assert "initial beside global" in text
    assert len([tag for tag, _ in found.tags if tag == "polyline"]) == 2  # a curve for each label with a positive


def test_it_is_written_whole_also_where_a_name_is_not_utf_8(page: str, project: Project, tmp_path: Path) -> None:
    truth = match_truth(project, KnownLabels(("cat",), {PATHS[3]: {"cat": 1}, "a.jpg": {}})).table
    write_report(tmp_path / "report.html", evaluate(project, truth))
    assert "d\\udcff.jpg" in (tmp_path / "report.html").read_text("utf-8")
    assert [file.name for file in tmp_path.glob("*.html*")] == ["report.html"]


def test_it_never_takes_the_place_of_a_photo(page: str, project: Project, tmp_path: Path) -> None:
    photo = tmp_path / "cat.JPG"
    photo.write_bytes(b"of a cat")
    truth = match_truth(project, KnownLabels(("cat",), {"a.jpg": {"cat": 1}})).table
    with pytest.raises(UserError, match="is a photo"):
        write_report(photo, evaluate(project, truth))
    assert photo.read_bytes() == b"of a cat"


def test_a_truth_without_positives_makes_a_report_too(page: str, project: Project) -> None:
    empty = match_truth(project, KnownLabels(("cat",), {"a.jpg": {}})).table
    said = "".join(Tags(report(evaluate(project, empty))).texts)
    assert "0 labels with positives" in said
