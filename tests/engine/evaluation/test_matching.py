"""Photos and labels that another file names, found again."""

import shutil
from pathlib import Path

import pytest
from making import make_photo

from engine.project import Project
from engine.project.photos import readable_photos
from engine.stages.matching import match_labels, match_photos, match_photos_by_content


def test_a_path_goes_before_a_name_and_a_name_before_a_stem() -> None:
    paths = ["a.jpg", "x/b.jpg", "x/c.png", "y/c.jpg", "z/d.e.jpg"]
    found = match_photos(paths, ["a", "elsewhere/b.jpg", "y/c", "elsewhere/c.png", "d.e", "b.png"])
    assert found == {"a": 0, "elsewhere/b.jpg": 1, "y/c": 3, "elsewhere/c.png": 2, "d.e": 4}


def test_a_stem_that_two_photos_have_is_neither() -> None:
    assert match_photos(["x/a.jpg", "y/a.png"], ["a"]) == {}
    assert match_photos(["a.jpg", "a.png"], ["a"]) == {}


def test_accents_may_be_composed_or_apart() -> None:
    together, apart = "caf\u00e9.jpg", "cafe\u0301.jpg"
    assert match_photos([f"x/{apart}", f"y/{apart}"], [f"y/{together}", "x/cafe\u0301"]) == {
        f"y/{together}": 1,
        "x/cafe\u0301": 0,
    }
    assert match_photos([apart], [together]) == {together: 0}
    assert match_photos([apart, together], [together, apart]) == {together: 1, apart: 0}
    assert match_photos([f"x/{apart}", f"y/{together}"], ["z/caf\u00e9"]) == {"z/caf\u00e9": 1}


@pytest.mark.parametrize(
    ("name", "paths", "index"),
    [
        ("gro\u0308\u00dfe/a.jpg", ["gr\u00f6\u00dfe/a.jpg", "x/a.jpg", "y/a.jpg"], 0),
        ("x\\a.jpg", ["gr\u00f6\u00dfe/a.jpg", "x/a.jpg"], 1),
        ("X/a.JPG", ["y/a.jpg", "x/a.jpg"], 1),
        ("elsewhere/img_1.jpg", ["x/IMG_1.JPG"], 0),
        ("Img_1", ["x/IMG_1.JPG"], 0),
        ("a.jpg", ["A.jpg", "a.JPG", "a.jpg"], 2),
        ("A.jpg", ["a.jpg", "a.JPG"], None),
        ("a.jpg", ["x/A.jpg", "y/A.jpg"], None),
    ],
)
def test_a_photo_is_found_however_another_system_spells_it(name: str, paths: list[str], index: int | None) -> None:
    assert match_photos(paths, [name]).get(name) == index


@pytest.mark.parametrize(
    ("name", "others", "index"),
    [
        ("Dining-Table", ["chair", "dining table"], 1),
        ("aeroplane", ["airplane"], 0),
        ("TV monitor", ["tv"], 0),
        ("tv", ["tvmonitor", "TV"], 1),
        ("people", ["person"], 0),
        ("C", ["C++"], None),
        ("C++", ["C", "c++"], 1),
        ("C#", ["C", "C++"], None),
        ("++", ["--", "++"], 1),
        ("cat", ["dog"], None),
        ("café", ["cafe\u0301"], 0),
    ],
)
def test_which_labels_are_the_same(name: str, others: list[str], index: int | None) -> None:
    assert match_labels([name], others) == [index]


def test_photos_are_known_by_their_content_whatever_they_are_called(labelled: Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "sub").mkdir(parents=True)
    shutil.copy(labelled.photos / "beach.jpg", other / "sub" / "0001.jpg")
    make_photo(other / "0002.jpg", 99)
    found = match_photos_by_content(labelled, ["sub/0001.jpg", "0002.jpg", "missing.jpg", "bad\0name"], other)
    beach = next(i for i, path in photo_paths(labelled).items() if path == "beach.jpg")
    assert found == {"sub/0001.jpg": beach}


def test_nothing_outside_the_folder_is_opened(labelled: Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(labelled.photos / "beach.jpg", tmp_path / "outside.jpg")
    (other / "link.jpg").symlink_to(tmp_path / "outside.jpg")
    names = ["../outside.jpg", str(tmp_path / "outside.jpg"), "link.jpg"]
    assert match_photos_by_content(labelled, names, other) == {}


def photo_paths(project: Project) -> dict[int, str]:
    return {photo.id: photo.path for photo in readable_photos(project)}
