"""Labels of other programs are read, whatever way the file was saved; what is wrong is said with its place."""

import json
import re
from pathlib import Path

import pytest

from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabels, KnownLabelsError
from engine.formats.registry import READERS, guess_format

TWO = {"a.jpg": {"cat": PRESENT, "dog": PRESENT}, "trip/b.jpg": {}}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files; returns the one file, or the folder where there are several."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return folder


def read(format_name: str, path: Path) -> KnownLabels:
    known = READERS[format_name].read(path)
    assert isinstance(known, KnownLabels)
    return known


@pytest.mark.parametrize("state", ["ignored", "ignore", "Difficult", "?"])
def test_a_table_says_what_is_not_to_be_counted(state: str, tmp_path: Path) -> None:
    file = write(tmp_path, {"in.csv": f"file_name,label,state\na.jpg,cat,{state}\n"}) / "in.csv"
    assert read("csv", file).answers == {"a.jpg": {"cat": IGNORED}}


GOOD: dict[str, tuple[dict[str, str | bytes], str, dict[str, dict[str, int]]]] = {
    "csv": ({"in.csv": "file_name,label\na.jpg,cat\na.jpg,dog\ntrip/b.jpg,\n"}, "in.csv", TWO),
    "csv-wide": (
        {"in.csv": "file_name,cat,dog,cow\r\na.jpg,1,yes,\r\ntrip/b.jpg,,0,?\r\n"},
        "in.csv",
        {"a.jpg": {"cat": PRESENT, "dog": PRESENT}, "trip/b.jpg": {"dog": ABSENT, "cow": IGNORED}},
    ),
    "huggingface": (
        {
            "metadata.jsonl": '{"file_name": "a.jpg", "labels": ["cat", "dog"]}\n',
            "trip/metadata.jsonl": '\n{"file_name": "b.jpg", "labels": []}\n',
        },
        ".",
        TWO,
    ),
    "fiftyone": (
        {"labels.json": json.dumps({"classes": ["cat", "dog"], "labels": {"a.jpg": [0, "dog"], "trip/b.jpg": None}})},
        "labels.json",
        TWO,
    ),
    "createml": (
        {
            "in.json": json.dumps(
                [
                    {"image": "a.jpg", "annotations": [{"label": "cat", "coordinates": {}}, "dog"]},
                    {"imagefilename": "trip/b.jpg", "annotation": []},
                ]
            )
        },
        "in.json",
        TWO,
    ),
    "labelme": (
        {
            "a.json": json.dumps(
                {"flags": {"cat": True, "cow": False}, "shapes": [{"label": "dog"}], "imagePath": "..\\x\\a.jpg"}
            ),
            "trip/b.json": json.dumps({"version": "5", "flags": {}, "shapes": [], "imagePath": "b.jpg"}),
        },
        ".",
        {"a.jpg": {"cat": PRESENT, "dog": PRESENT, "cow": ABSENT}, "trip/b.jpg": {}},
    ),
    "text": (
        {"a.jpg.txt": 'cat, "big, old dog"\ncow\n', "trip/b.txt": ""},
        ".",
        {"a.jpg": {"cat": PRESENT, "big, old dog": PRESENT, "cow": PRESENT}, "trip/b": {}},
    ),
}


@pytest.mark.parametrize("format_name", GOOD)
def test_what_a_file_says_is_what_is_known(format_name: str, tmp_path: Path) -> None:
    files, name, expected = GOOD[format_name]
    path = write(tmp_path, files) / name
    assert read(format_name, path).answers == expected
    assert guess_format(path) == format_name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("format_name", ["csv", "csv-wide", "createml", "fiftyone", "text", "huggingface"])
def test_byte_order_marks_and_utf_16_are_understood(format_name: str, encoding: str, tmp_path: Path) -> None:
    files, name, expected = GOOD[format_name]
    again = {file: text.encode(encoding) for file, text in files.items() if isinstance(text, str)}
    path = write(tmp_path, again) / name
    assert read(format_name, path).answers == expected
    assert guess_format(path) == format_name


def test_states_and_scores_of_a_tidy_table(tmp_path: Path) -> None:
    text = (
        "file_name;label;score;state;source\r\n"
        "a.jpg;cat;1;confirmed;human\r\n"
        "a.jpg;'=dog;0.25;suggested;initial\r\n"
        "'-b.jpg;cat;;rejected;human\r\n"
        "'-b.jpg;cow;;suggested;\r\n"
    )
    known = read("csv", write(tmp_path, {"in.csv": text}) / "in.csv")
    assert known.answers == {"a.jpg": {"cat": PRESENT}, "-b.jpg": {"cat": ABSENT}}
    assert known.scores == {"a.jpg": {"cat": 1.0, "=dog": 0.25}, "-b.jpg": {"cow": 1.0}}
    assert known.labels == ("cat", "=dog", "cow")


def test_fractions_in_a_wide_table_are_suggestions(tmp_path: Path) -> None:
    known = read("csv-wide", write(tmp_path, {"in.csv": "file_name,cat,dog\na.jpg,0.75,1\n"}) / "in.csv")
    assert known.answers == {"a.jpg": {"dog": PRESENT}}
    assert known.scores == {"a.jpg": {"cat": 0.75}}


def test_words_for_weak_suggestions(tmp_path: Path) -> None:
    tidy = "file_name,label,score,state\na.jpg,cat,0.75,likely\na.jpg,dog,0.25,Maybe\na.jpg,cow,0.5,suggested\n"
    wide = "file_name,cat,dog,cow\na.jpg,0.75,0.25?,0.5\n"
    for name, text in (("csv", tidy), ("csv-wide", wide)):
        known = read(name, write(tmp_path, {f"{name}.csv": text}) / f"{name}.csv")
        assert known.scores == {"a.jpg": {"cat": 0.75, "dog": 0.25, "cow": 0.5}}
        assert known.weak == {"a.jpg": {"dog"}}
        assert known.answers == {"a.jpg": {}}


def test_confidences_of_fiftyone(tmp_path: Path) -> None:
    data = {"labels": {"a": {"label": "cat", "confidence": 0.5}, "b": {"labels": [{"label": "dog"}]}}}
    known = read("fiftyone", write(tmp_path, {"labels.json": json.dumps(data)}))
    assert known.answers == {"a": {"cat": PRESENT}, "b": {"dog": PRESENT}}
    assert known.scores == {"a": {"cat": 0.5}}


def test_names_that_are_no_utf_8_come_back_as_their_bytes(tmp_path: Path) -> None:
    known = read("csv", write(tmp_path, {"in.csv": b"file_name,label\ncaf\xe9.jpg,cat\n"}) / "in.csv")
    assert list(known.answers) == ["caf\udce9.jpg"]


CSV, WIDE = "file_name,label,state\n", "file_name,cat,dog\n"


@pytest.mark.parametrize(
    ("format_name", "name", "text", "said"),
    [
        ("csv", "in.csv", "", "in.csv, line 1: Expected the columns 'file_name' and 'label', but got an empty file"),
        (
            "csv",
            "in.csv",
            "day,label\n",
            "line 1: Expected the columns 'file_name' and 'label', but got 'day', 'label'",
        ),
        ("csv", "in.csv", "file_name,label,label\n", "line 1: The column 'label' is there twice"),
        ("csv", "in.csv", CSV + "a.jpg,cat,perhaps\n", "line 2: Expected confirmed, .* but got 'perhaps'"),
        ("csv", "in.csv", CSV + "a.jpg,cat\n", "line 2: Expected 3 cells, as in the first line, but got 2"),
        ("csv", "in.csv", CSV + ",cat,\n", "line 2: Expected the name of a photo, but got ''"),
        ("csv", "in.csv", CSV + "a.jpg,caf\u0007,\n", "line 2: Expected a label's name to be printable"),
        ("csv", "in.csv", "file_name,label,score\na.jpg,cat,1e999\n", "line 2: Expected a score from 0 to 1 for 'cat'"),
        (
            "csv-wide",
            "in.csv",
            "file_name," + ",".join(map(str, range(200_000))),  # at once, not after hours of looking for repeats
            "line 1: Expected at most 10,000 labels",
        ),
        ("csv-wide", "in.csv", "day,cat\n", "line 1: Expected a first column 'file_name'"),
        ("csv-wide", "in.csv", WIDE + "a.jpg,2,\n", "line 2: Expected confirmed, .* for 'cat', but got '2'"),
        ("csv-wide", "in.csv", WIDE + '"a.jpg,2,\n', "line 2: .*unexpected end of data"),
        ("csv-wide", "in.csv", WIDE + "a" * 200_000 + ",,\n", "line 2: .*field larger than field limit"),
        ("csv-wide", "in.csv", b"\xff\xfe\x00\xd8", "in.csv.*: .*utf-16"),
        ("huggingface", "metadata.jsonl", "\n[]\n", "metadata.jsonl, line 2: Expected an object with the name"),
        ("huggingface", "metadata.jsonl", '{"file_name": "a", "labels": 3}', "line 1: Expected a list of labels under"),
        ("huggingface", "metadata.jsonl", '{"file_name": "a", "labels": [3]}', "line 1: Expected the name of a label"),
        ("huggingface", "metadata.jsonl", '{"file_name": ', "line 1: It is not JSON"),
        ("fiftyone", "labels.json", '{"labels": []}', "Expected an object with classes and"),
        (
            "fiftyone",
            "labels.json",
            '{"classes": ["a"], "labels": {"x": 7}}',
            r"labels\['x'\]: Expected an index",
        ),
        ("fiftyone", "labels.json", '{"classes": [{}], "labels": {}}', r"classes\[0\]: Expected the name of a label"),
        ("fiftyone", "labels.json", '{"labels": {"a": "b", "a": "c"}}', "The key 'a' is there twice"),
        ("createml", "in.json", "{}", "Expected a list of photos"),
        ("createml", "in.json", '[{"image": 5}]', r"\[0\]: Expected the name of a photo, but got 5"),
        ("createml", "in.json", '[{"image": "a", "annotations": [{}]}]', r"\[0\]: Expected the name of a label"),
        (
            "createml",
            "in.json",
            '[{"image": "a", "annotations": NaN}]',
            "Expected a list of annotations, but got a number",
        ),
        ("createml", "in.json", "[" * 200_000, "too deeply nested"),
        ("createml", "in.json", "[" + "9" * 5000 + "]", r"in.json, \[0\]: Expected an object, but got a number"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_place(
    format_name: str, name: str, text: str | bytes, said: str, tmp_path: Path
) -> None:
    with pytest.raises(KnownLabelsError, match=said):
        read(format_name, write(tmp_path, {name: text}) / name)


@pytest.mark.parametrize(
    ("format_name", "name", "text", "said"),
    [
        ("labelme", "in.json", '{"flags": [1]}', "Expected a list of shapes and an object of flags"),
        ("labelme", "in.json", '{"flags": {"a": true, "a": false}}', "The key 'a' is there twice in one object"),
        ("labelme", "package.json", "[1, 2]", "It has neither flags nor shapes"),
        ("text", "boxes.txt", "0 0.71 0.39 0.21 0.14\n", "It holds numbers, as .*and no labels"),
        ("text", "diary.txt", "We went to the sea. It was warm.", "It holds prose, as .*and no labels"),
        ("text", "caption.txt", "a cat that sits on a red mat", "It holds prose"),
        ("text", "README.txt", "cat\n" + "x" * 200_000, ".*field larger than field limit"),
    ],
)
def test_a_file_of_one_photo_that_is_wrong_is_passed_over(
    format_name: str, name: str, text: str, said: str, tmp_path: Path
) -> None:
    files, _, expected = GOOD[format_name]
    known = read(format_name, write(tmp_path, {**files, name: text}))
    assert {photo: said for photo, said in known.answers.items() if said or photo != "in"} == expected
    assert len(known.problems) == 1
    assert re.search(rf"{name}(, flags)?: {said}", known.problems[0])


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    write(tmp_path / "secret", {"a.txt": "password", "b.json": '{"flags": {"password": true}}'})
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "a.txt").symlink_to(tmp_path / "secret" / "a.txt")
    (folder / "b.json").symlink_to(tmp_path / "secret" / "b.json")
    assert read("text", folder).answers == {}
    assert read("labelme", folder).answers == {}


def test_a_pipe_or_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KnownLabelsError, match="not a file that can be read"):
        read("csv", Path("/dev/zero"))
    monkeypatch.setattr("engine.formats.text.MOST_BYTES_BESIDE", 10)
    (problem,) = read("text", write(tmp_path, {"a.txt": "cat, dog, boat"})).problems
    assert "a.txt is larger than" in problem
