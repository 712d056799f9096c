"""Reading known labels as Pascal VOC lays them out, also from broken files."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import make_photo

from engine.formats.known_labels import ABSENT, IGNORED, PRESENT, KnownLabelsError
from engine.formats.voc import read_voc


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


@pytest.fixture
def class_files(tmp_path: Path) -> Path:
    main = tmp_path / "VOC2012" / "ImageSets" / "Main"
    write(main / "train.txt", "2008_01\n2008_02\n2008_03\n")
    write(main / "dog_train.txt", "2008_01  1\n2008_02 -1\n2008_03  0\n")
    write(main / "dog_trainval.txt", "2008_01  1\n2008_02 -1\n2008_03  0\n2008_04  1\n")
    write(main / "potted_plant_train.txt", "2008_01 -1\n2008_02  1\n2008_03 -1\n")
    return tmp_path / "VOC2012"


def annotation(objects: str, filename: str = "2008_01.jpg") -> str:
    return f"<annotation><folder>VOC</folder><filename>{filename}</filename>{objects}</annotation>"


def thing(name: str, difficult: str = "") -> str:
    return f"<object><name>{name}</name>{difficult and f'<difficult>{difficult}</difficult>'}</object>"


def test_flags_of_class_files(class_files: Path) -> None:
    known = read_voc(class_files)
    assert known.labels == ("dog", "potted_plant")
    assert known.answers == {
        "2008_01": {"dog": PRESENT, "potted_plant": ABSENT},
        "2008_02": {"dog": ABSENT, "potted_plant": PRESENT},
        "2008_03": {"dog": IGNORED, "potted_plant": ABSENT},
        # No file of potted_plant names it: nobody knows.
        "2008_04": {"dog": PRESENT, "potted_plant": IGNORED},
    }


def test_what_is_difficult_can_count_as_absent(class_files: Path) -> None:
    flags = {photo: answers["dog"] for photo, answers in read_voc(class_files, ABSENT).answers.items()}
    assert flags == {"2008_01": PRESENT, "2008_02": ABSENT, "2008_03": ABSENT, "2008_04": PRESENT}
    # What no file of the label names stays unknown.
    assert read_voc(class_files, ABSENT).answers["2008_04"]["potted_plant"] == IGNORED


def test_the_folder_of_class_files_or_one_of_them(class_files: Path) -> None:
    main = class_files / "ImageSets" / "Main"
    assert read_voc(main) == read_voc(class_files)
    assert read_voc(main / "dog_train.txt").answers == {
        "2008_01": {"dog": PRESENT},
        "2008_02": {"dog": ABSENT},
        "2008_03": {"dog": IGNORED},
    }


def test_photos_beside_give_their_whole_names(class_files: Path) -> None:
    make_photo(class_files / "JPEGImages" / "2008_01.png")
    known = read_voc(class_files)
    assert list(known.answers)[:2] == ["2008_01.png", "2008_02"]
    assert known.photo_folder == class_files / "JPEGImages"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2008_01", "line 2: Expected a photo and 1, -1 or 0, but got '2008_01'"),
        ("2008_01 2", "line 2: Expected a photo and 1, -1 or 0"),
        ("2008_09 -1", "line 2: The photo '2008_09' has another flag elsewhere"),
    ],
)
def test_a_wrong_line_is_said_with_its_place(line: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path / "dog_train.txt", f"2008_09 1\n{line}\n2008_10 1\n")
    known = read_voc(file)
    assert known.passed_over == 1
    assert re.search(rf"dog_train\.txt, {said}", known.problems[0])
    assert known.answers["2008_10"] == {"dog": PRESENT}


def test_objects_of_annotations(tmp_path: Path) -> None:
    folder = tmp_path / "Annotations"
    write(folder / "2008_01.xml", annotation(thing("dog", "1") + thing("dog", "0") + thing("cat", "1")))
    write(folder / "2008_02.xml", annotation("", "C:\\voc\\2008_02.jpg"))
    write(folder / "more" / "2008_03.xml", "<annotation>" + thing("cat") + "</annotation>")
    known = read_voc(tmp_path)
    assert known.labels == ("cat", "dog")
    assert known.answers == {
        "2008_01.jpg": {"dog": PRESENT, "cat": IGNORED},
        "2008_02.jpg": {},
        "more/2008_03": {"cat": PRESENT},
    }
    assert read_voc(folder) == known


def test_parts_of_objects_are_no_labels(tmp_path: Path) -> None:
    person = "<object><name>person</name><part><name>head</name></part></object>"
    assert read_voc(write(tmp_path / "a.xml", annotation(person))).labels == ("person",)


BOMB = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;&b;">]><annotation><filename>&d;</filename></annotation>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><annotation><filename>&b;</filename></annotation>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "uses what no annotation needs"),
        (OUTSIDE, "uses what no annotation needs"),
        ("<annotation>", "is not XML"),
        ("", "is not XML"),
        ("<svg/>", "Expected an element <annotation>, but got <svg>"),
        (annotation("<object/>"), "An <object> has no <name>"),
    ],
)
def test_what_is_no_annotation_is_one_sentence(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(KnownLabelsError, match=rf"a\.xml:? {said}"):
        read_voc(write(tmp_path / "a.xml", text))


def test_one_photo_with_two_annotations(tmp_path: Path) -> None:
    write(tmp_path / "Annotations" / "a.xml", annotation(thing("dog")))
    write(tmp_path / "Annotations" / "b.xml", annotation(thing("cat")))
    known = read_voc(tmp_path)
    assert known.answers == {"2008_01.jpg": {"dog": PRESENT}}
    assert re.search(r"b\.xml: The photo '2008_01\.jpg' has an annotation already", known.problems[0])


def test_a_folder_without_either_and_nothing_at_all(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(KnownLabelsError, match="holds neither"):
            read_voc(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=80) | st.text("<>/annotationobjectname difficult01&;\n", max_size=80).map(str.encode))
def test_whatever_is_in_it_it_is_known_labels_or_one_sentence(data: bytes, tmp_path: Path) -> None:
    for name in ("dog_train.txt", "a.xml"):
        (tmp_path / name).write_bytes(data)
        with contextlib.suppress(KnownLabelsError):
            known = read_voc(tmp_path / name)
            assert {answer for of_photo in known.answers.values() for answer in of_photo.values()} <= {PRESENT, IGNORED}
