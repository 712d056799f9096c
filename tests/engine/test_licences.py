"""What is installed is under licences that whoever passes CDUL on can keep."""

import importlib.util
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("licences", TOP / ".ci" / "licences.py")
assert _spec is not None
assert _spec.loader is not None
licences = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(licences)


@pytest.mark.parametrize(
    ("licence", "binds"),
    [
        ("MIT", False),
        ("GPL-3.0-or-later", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("AGPL-3.0-only", True),
        ("LGPL-3.0-only", False),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("MIT AND GPL-2.0-only", True),
        ("MIT AND (Apache-2.0 OR GPL-2.0-only)", False),
        ("UNKNOWN", False),
    ],
)
def test_a_gpl_is_told_from_what_only_looks_like_one(licence: str, binds: bool) -> None:
    assert licences.binds(licence) == binds


def test_the_expression_counts_before_classifiers_and_those_before_a_text() -> None:
    classifiers = ["Topic :: Software", "License :: OSI Approved", "License :: OSI Approved :: MIT License"]
    assert licences.licence_of({"License-Expression": "Apache-2.0", "License": "x"}, classifiers) == "Apache-2.0"
    assert licences.licence_of({"License": "Copyright …\nand more"}, classifiers) == "MIT License"
    assert licences.licence_of({"License": "BSD\nRedistribution …"}, []) == "BSD"
    assert licences.licence_of({"License": "UNKNOWN"}, []) == "UNKNOWN"


def test_nothing_is_installed_under_a_gpl_that_was_not_expected(capsys: pytest.CaptureFixture[str]) -> None:
    assert licences.main() == 0, capsys.readouterr().err
