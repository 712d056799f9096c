"""The report: one HTML file that opens offline, whatever the labels and photos are called."""

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from html.parser import HTMLParser
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import UserError
from engine.formats.known_labels import KnownLabels
from engine.method.bootstrap import draw_photos, resampled_f1
from engine.method.confusion import f1_scores, two_by_two
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.runs import begin_run, finish_run, store_scores
from engine.stages.evaluation.compare import Side, compare
from engine.stages.evaluation.evaluate import evaluate
from engine.stages.evaluation.mistakes import MOST_THUMBNAILS, Thumbnails, worst_mistakes
from engine.stages.evaluation.provenance import without_folders
from engine.stages.evaluation.report import report, write_report
from engine.stages.evaluation.result import Outcome
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
        if tag not in ("meta", "br", "img"):
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
    return report(project, evaluate(project, truth), both)


def test_names_are_text_and_never_markup(page: str) -> None:
    found = Tags(page)
    assert not found.open
    names = [tag for tag, _ in found.tags]
    assert names.count("script") == 1
    assert "b" not in names
    assert not [attributes for _, attributes in found.tags if any(name.startswith("on") for name in attributes)]
    text = "".join(found.texts)
    assert NASTY in text
    assert "C++ & 'co'" in text
    assert "<b onclick=x>.jpg" in text


def test_nothing_comes_from_elsewhere_and_no_script_runs_but_its_own(page: str) -> None:
    found = Tags(page)
    addresses = [attributes[name] for _, attributes in found.tags for name in ("src", "href") if name in attributes]
    assert all(address.startswith(("#label-", "data:image/jpeg;base64,")) for address in addresses if address)
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    policy = next(attributes["content"] for tag, attributes in found.tags if "http-equiv" in attributes) or ""
    script = page[page.index("<script>") + len("<script>") : page.index("</script>")]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert "default-src 'none'; img-src data:;" in policy
    assert f"script-src 'sha256-{digest}';" in policy


def test_nothing_private_is_in_it(page: str, project: Project) -> None:
    assert project.photos.name in page
    assert str(project.photos.parent) not in page
    truth = match_truth(project, KnownLabels(("cat",), {"a.jpg": {"cat": 1}}), "mine").table
    said = report(project, evaluate(project, truth, unmatched_photos=("/home/ada/secret/x.jpg", "trip/y.jpg")))
    assert "secret" not in said
    assert "…/x.jpg" in said
    assert "trip/y.jpg" in said


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ViT-B-32:/home/ada/w.pt@openai", "ViT-B-32:…/w.pt@openai"),
        (r"ViT-B-32:C:\Users\Ada\w.pt", "ViT-B-32:…/w.pt"),
        ("~/models/mine", "…/mine"),
        ("ViT-B-32:laion2b_s34b_b79k", "ViT-B-32:laion2b_s34b_b79k"),
        ("hf-hub:timm/ViT-B-16-SigLIP", "hf-hub:timm/ViT-B-16-SigLIP"),
    ],
)
def test_an_encoder_is_named_without_its_folders(name: str, shown: str) -> None:
    assert without_folders(name) == shown


def test_figures_and_plots_are_in_it(page: str) -> None:
    found = Tags(page)
    text = " ".join("".join(found.texts).split())
    assert "labels with positives: 2, with fewer than 5: 2" in text
    assert "Suggested wrongly" in text
    assert "initial beside global" in text
    assert "Labels with fewer than 5 positives, too few to tell much: 3" in text


def test_it_is_written_whole_also_where_a_name_is_not_utf_8(page: str, project: Project, tmp_path: Path) -> None:
    truth = match_truth(project, KnownLabels(("cat",), {PATHS[3]: {"cat": 1}, "a.jpg": {}})).table
    write_report(tmp_path / "report.html", project, evaluate(project, truth))
    assert "d\\udcff.jpg" in (tmp_path / "report.html").read_text("utf-8")
    assert [file.name for file in tmp_path.glob("*.html*")] == ["report.html"]


def test_it_never_takes_the_place_of_a_photo(page: str, project: Project, tmp_path: Path) -> None:
    photo = tmp_path / "cat.JPG"
    photo.write_bytes(b"of a cat")
    truth = match_truth(project, KnownLabels(("cat",), {"a.jpg": {"cat": 1}})).table
    with pytest.raises(UserError, match="is a photo"):
        write_report(photo, project, evaluate(project, truth))
    assert photo.read_bytes() == b"of a cat"


def test_a_truth_without_positives_makes_a_report_too(page: str, project: Project) -> None:
    empty = match_truth(project, KnownLabels(("cat",), {"a.jpg": {}})).table
    said = "".join(Tags(report(project, evaluate(project, empty))).texts)
    assert "labels with positives: 0" in said


def test_it_says_how_the_scores_were_made(project: Project) -> None:
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog", prompts=("a puppy",))])
    record_folder(project, [FoundPhoto("a.jpg", 1, 1)])
    settings = {"encoder": "ViT-B-32:/home/ada/w.pt", "grids": [3, 4], "temperature": 0.5, "zeta": 0.0}
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=settings)
    store_scores(project, run, "initial", [1], np.array([[0.9, 0.2]], np.float32))
    finish_run(project, run)
    truth = match_truth(project, KnownLabels(("cat", "dog"), {"a.jpg": {"cat": 1}}), "mine").table
    said = " ".join("".join(Tags(report(project, evaluate(project, truth))).texts).split())
    assert "encoder ViT-B-32:…/w.pt, run 1 of " in said
    assert "grid 3 × 3 and 4 × 4 · temperature 0.5 · zeta 0" in said
    assert "prompt “a photo of a {label}”, and 1 label with prompts of their own" in said
    assert f"CDUL {version('cdul')}, torch " in said


def test_the_worst_mistakes_come_first_with_small_pictures(project: Project) -> None:
    labels = use_label_set(project, [NewLabel("cat"), NewLabel("dog")])
    names = [f"{number}.jpg" for number in range(5)]
    for name in names[:4]:
        Image.new("RGB", (900, 600), "red").save(project.photos / name)
    record_folder(project, [FoundPhoto(name, 1, 1) for name in names])
    of_run = {"thresholds": {"initial": [0.5, 0.2]}}
    run = begin_run(project, "initialise", label_ids=[label.id for label in labels], settings=of_run)
    scores = np.array([[0.9, 0.1], [0.6, 0.9], [0.1, 0.1], [0.4, 0.1], [0.9, 0.25]], np.float32)
    store_scores(project, run, "initial", [1, 2, 3, 4, 5], scores)
    finish_run(project, run)
    known = {
        names[0]: {"cat": 1},
        names[1]: {"dog": 1},
        names[2]: {"cat": 1},
        names[3]: {"cat": 1},
        names[4]: {"cat": 1},
    }
    truth = match_truth(project, KnownLabels(("cat", "dog"), known), "mine").table
    evaluation = evaluate(project, truth)
    worst = worst_mistakes(evaluation, 10, of_label=2)
    assert [(one.path, one.label, one.outcome) for one in worst] == [
        ("2.jpg", "cat", Outcome.MISS),  # four fifths of the way down from .5
        ("1.jpg", "cat", Outcome.FALSE_ALARM),  # a fifth of the way up, as far as 3.jpg is down: two of a label suffice
        ("4.jpg", "dog", Outcome.FALSE_ALARM),  # a sixteenth of the way up from .2
    ]
    pictures = [
        b64decode(found) for found in re.findall(r"data:image/jpeg;base64,([^\"]+)", report(project, evaluation))
    ]
    assert len(pictures) == 6  # three of cat above and again below; 4.jpg is not there to be read
    assert {Image.open(BytesIO(picture)).size for picture in pictures} == {(160, 107)}
    assert len(worst_mistakes(evaluation, 1, of_label=5)) == 1


def test_pictures_end_where_there_are_enough(project: Project) -> None:
    Image.new("RGB", (90, 60), "red").save(project.photos / "a.jpg")
    thumbnails = Thumbnails(project)
    assert [thumbnails.of("a.jpg") is not None for _ in range(MOST_THUMBNAILS + 1)] == [True] * MOST_THUMBNAILS + [
        False
    ]


def test_f1_of_resamples_is_that_of_the_photos_drawn() -> None:
    random = np.random.default_rng(3)
    suggested, truth = random.random((40, 5)) < 0.3, random.integers(-1, 2, (40, 5))
    truth[:, 4] = 0  # never there
    counts = draw_photos(40, 25)
    found = resampled_f1(suggested, truth, counts)
    for resample in range(25):
        drawn = np.repeat(np.arange(40), counts[:, resample])
        table = two_by_two(suggested[drawn], truth[drawn])
        expected = f1_scores(table)
        np.testing.assert_allclose(found.of1[resample], expected.of1)
        np.testing.assert_allclose(found.cf1[resample], expected.cf1)
        np.testing.assert_allclose(found.by_label[resample], table.f1)
