"""Label sets: read, checked, built in, and kept with their decisions."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.project import Project
from engine.project.answer import Answer
from engine.project.history.history import answer
from engine.project.label_state import YES
from engine.project.labels import LabelSetError, NewLabel, label_set, parse_label_set, read_label_set, use_label_set
from engine.project.photos import FoundPhoto, record_folder
from engine.project.take_snapshot import take_snapshot
from engine.stages.labelling.label_sets import BUILT_IN, built_in_label_set, resolve_label_set


def test_name_supercategory_and_prompts() -> None:
    text = "\ufeff# my labels\ncat\n\n  # more\ntraffic light\toutdoor\tlights\ta red light\r\ntv\t\ta screen"
    assert parse_label_set(text) == [
        NewLabel("cat"),
        NewLabel("traffic light", "outdoor", ("lights", "a red light")),
        NewLabel("tv", "", ("a screen",)),
    ]


@settings(max_examples=50)
@given(st.text())
def test_any_text_is_a_label_set_or_one_sentence(text: str) -> None:
    with contextlib.suppress(LabelSetError):
        names = [label.name.casefold() for label in parse_label_set(text)]
        assert len(set(names)) == len(names) > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("# only a remark", "empty"),
        ("cat\ndog\ncat", "'cat' is there twice"),
        ("cat\nCat", "'Cat' is there twice"),
        ("\tanimal", "printable text"),
        ("bell\x07", "printable text"),
        ("\n".join(f"label {at}" for at in range(10_001)), "at most 10000 labels, but got 10001"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(LabelSetError, match=said):
        parse_label_set(text)


def test_files_that_are_no_label_sets(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Äpfel".encode("latin-1"))
    with pytest.raises(LabelSetError, match=r"latin.txt is not UTF-8 text \(.* at byte 0\)"):
        read_label_set(tmp_path / "latin.txt")
    (tmp_path / "huge.txt").write_bytes(b"x" * (4 * 2**20 + 1))
    with pytest.raises(LabelSetError, match="larger than 4 MB"):
        read_label_set(tmp_path / "huge.txt")
    with pytest.raises(LabelSetError, match=r"missing.txt cannot be read \(No such file"):
        read_label_set(tmp_path / "missing.txt")
    (tmp_path / "twice.txt").write_text("cat\ncat\n")
    with pytest.raises(LabelSetError, match=r"twice.txt: The label 'cat' is there twice"):
        read_label_set(tmp_path / "twice.txt")


@pytest.mark.parametrize(
    "name", ["👩\u200d👩\u200d👧", "🏳\ufe0f\u200d🌈 flag", "👩🏽\u200d🚀", "❤\ufe0f\u200d🔥", "🧔\u200d♂\ufe0f"]
)
def test_an_emoji_made_of_several_is_a_name(name: str, project: Project) -> None:
    assert use_label_set(project, [NewLabel(name)])[0].name == name


@pytest.mark.parametrize(
    "name",
    [
        "c\u200dat",
        "\u200d",
        "👩\u200d",
        "\u200d👩",
        "👩\u200d\u200d👧",
        "👩\u200da",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\x07b",
    ],
)
def test_what_cannot_be_seen_is_no_part_of_a_name(name: str, project: Project) -> None:
    with pytest.raises(LabelSetError, match="printable text"):
        use_label_set(project, [NewLabel(name)])


def test_the_built_in_label_sets_have_their_published_numbers() -> None:
    counts = {name: len(built_in_label_set(name)) for name in BUILT_IN}
    assert counts == {"everyday": 226, "coco": 80, "voc": 20, "nus-wide": 81}
    coco = built_in_label_set("coco")
    assert (coco[0].name, coco[0].supercategory) == ("person", "person")
    assert (coco[79].name, coco[79].supercategory) == ("toothbrush", "indoor")


def test_a_person_names_a_label_set(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("cat\tanimal\n")
    assert len(resolve_label_set("COCO")) == 80
    assert resolve_label_set(str(tmp_path / "mine.txt")) == [NewLabel("cat", "animal")]
    assert resolve_label_set(" cat, traffic light ,dog,") == [
        NewLabel("cat"),
        NewLabel("traffic light"),
        NewLabel("dog"),
    ]
    assert resolve_label_set("cat") == [NewLabel("cat")]
    assert resolve_label_set("coco,") == [NewLabel("coco")]
    assert resolve_label_set("cat\nsport\tactivity\ta photo of sports, and games\n") == [
        NewLabel("cat"),
        NewLabel("sport", "activity", ("a photo of sports, and games",)),
    ]
    assert resolve_label_set("~nobody,cat") == [NewLabel("~nobody"), NewLabel("cat")]


@pytest.mark.parametrize("text", ["labels.txt", "some/where", "./labels"])
def test_a_path_that_is_not_there_does_not_become_a_label(text: str) -> None:
    with pytest.raises(LabelSetError, match="cannot be read"):
        resolve_label_set(text)


@pytest.mark.parametrize("text", ["", " ", ",,"])
def test_nothing_is_no_label_set(text: str) -> None:
    with pytest.raises(LabelSetError, match="empty"):
        resolve_label_set(text)


def test_labels_that_are_left_out_keep_their_decisions_and_come_back(project: Project) -> None:
    record_folder(project, [FoundPhoto("a.jpg", 1, 1)])
    cat, dog = use_label_set(project, [NewLabel("cat", "animal", ("a kitten",)), NewLabel("dog")])
    answer(project, "confirmed", [Answer(1, cat.id, True), Answer(1, dog.id, True)])
    assert [label.name for label in use_label_set(project, [NewLabel("horse"), NewLabel("dog")])] == ["horse", "dog"]
    assert take_snapshot(project).decisions.tolist() == [[0, YES]]
    back = use_label_set(project, [NewLabel("cat"), NewLabel("horse")])
    assert back[0] == cat
    assert take_snapshot(project).decisions.tolist() == [[YES, 0]]


def test_a_label_takes_the_capitals_and_prompts_it_is_given_last(project: Project) -> None:
    [before] = use_label_set(project, [NewLabel("tv", "electronic", ("a television",))])
    [after] = use_label_set(project, [NewLabel("TV", prompts=("a screen",))])
    assert (after.id, after.name, after.supercategory, after.prompts) == (before.id, "TV", "electronic", ("a screen",))


def test_a_label_without_prompts_gets_the_default_one(project: Project) -> None:
    [plain, braces] = use_label_set(project, [NewLabel("cat"), NewLabel("{odd}")])
    assert plain.texts == ("a photo of a cat",)
    assert braces.texts == ("a photo of a {odd}",)


def test_an_empty_or_doubled_label_set_changes_nothing(project: Project) -> None:
    use_label_set(project, [NewLabel("cat")])
    for wrong in ([], [NewLabel("a"), NewLabel("A")]):
        with pytest.raises(LabelSetError):
            use_label_set(project, wrong)
    assert [label.name for label in label_set(project)] == ["cat"]
