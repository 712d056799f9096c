"""`cdul rules` and `cdul opinion`, as a person or a script uses them."""

from __future__ import annotations

import json
from pathlib import Path

from commands import Cdul
from making import make_tiny_clip


def test_rules_are_tried_added_listed_and_removed(label: Cdul, cdul: Cdul, photo_folder: Path) -> None:
    label()
    tried = cdul("rules", "try", photo_folder, "folder:day*", "holidays", "--json").json
    assert (tried["photos"], tried["suggested"]) == (2, 2)
    assert sorted(tried["examples"]) == ["trip/day two/horse.jpeg", "trip/day two/lamp.JPG"]
    assert cdul("rules", "show", photo_folder, "--json").json == {"rules": []}
    assert cdul("rules", "add", photo_folder, "folder:day*", "holidays").code == 0
    assert "folder:day*" in cdul("rules", "show", photo_folder).out
    lines = cdul("list", photo_folder, "--filter", "source:rule", "--json").out.splitlines()
    sources = {one["source"] for line in lines for one in json.loads(line)["labels"] if one["label"] == "holidays"}
    assert (len(lines), sources) == (2, {"rule folder:day*"})
    assert "holidays by rule folder:day*" in cdul("list", photo_folder, "--filter", "source:rule").out
    assert cdul("rules", "remove", photo_folder, "folder:day*").code == 0
    assert cdul("list", photo_folder, "--filter", "source:rule", "--paths").out == ""
    assert cdul("undo", photo_folder).code == 0
    assert len(cdul("list", photo_folder, "--filter", "source:rule", "--paths").out.splitlines()) == 2
    assert cdul("rules", "remove", photo_folder, "folder:nothing").code == 1
    assert cdul("rules", "try", photo_folder, "colour:red", "dog").code == 2


def test_a_rule_knows_a_label_in_german_and_doubts_a_new_one_that_is_none_in_english(
    label: Cdul, cdul: Cdul, photo_folder: Path
) -> None:
    label()
    assert cdul("rules", "try", photo_folder, "folder:day*", "Hund", "--json").json["label"] == "dog"
    assert "'meadow' in place of 'Wiese'" in cdul("rules", "add", photo_folder, "folder:day*", "Wiese").err
    assert "in place of" not in cdul("rules", "add", photo_folder, "folder:day*", "Hund").err


def test_a_second_encoder_is_asked_and_differences_are_listed(
    label: Cdul, cdul: Cdul, photo_folder: Path, tmp_path: Path
) -> None:
    label()
    assert "second opinion first, with --encoder" in cdul("opinion", photo_folder).err
    other = tmp_path / "other"
    other.mkdir()
    make_tiny_clip(other, seed=2)
    asked = cdul("opinion", photo_folder, "--encoder", other, "--json").json
    assert (asked["asked"]["by"], asked["asked"]["photos"]) == (str(other), 8)
    again = cdul("opinion", photo_folder, "--json").json
    assert (again["asked"], again["photos"]) == (None, asked["photos"])
    paths = cdul("opinion", photo_folder, "--paths").out.splitlines()
    assert len(paths) == len(asked["photos"])
    scored = cdul("list", photo_folder, "--filter", "score(dog, second)>=0", "--paths").out.splitlines()
    assert len(scored) == 8
