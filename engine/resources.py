"""Files that come with the program: label sets, sample photos, icons, translations."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parents[1] / "resources"


def resource(*names: str) -> Path:
    """A file or folder that comes with the program, by its path below `resources/` of the checkout.

    The wheel has these files inside of this package (see `pyproject.toml`), so that it installs nothing beside its two
    packages that another program's `resources` could hide.
    """
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT).joinpath(*names)


def document(*names: str) -> Path:
    """A page of the documentation, by its path below `docs/` of the checkout; the wheel has the guide and what it
    refers to, and no pictures."""
    return (_INSTALLED / "docs" if _INSTALLED.is_dir() else _CHECKOUT.parent / "docs").joinpath(*names)
