"""The menu entry, its icons, and what software centres are told: as desktops want them, where the wheel puts them."""

import configparser
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image

SHARE = Path(__file__).parents[2] / "packaging" / "share"
ENTRY = SHARE / "applications" / "cdul.desktop"
METAINFO = SHARE / "metainfo" / "cdul.metainfo.xml"


def test_the_entry_opens_a_folder_or_what_was_open_last() -> None:
    from typer.main import get_command

    from cdul_gui.door import app

    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(ENTRY, "utf-8")
    entry = parser["Desktop Entry"]
    program, command, file = entry["Exec"].split()
    assert (program, file) == ("cdul", "%f")
    opened = get_command(app).commands[command]  # type: ignore[attr-defined]
    assert not opened.params[0].required  # %f is left out where no folder is given
    assert "inode/directory" in entry["MimeType"].split(";")
    assert (SHARE / "icons/hicolor/scalable/apps" / f"{entry['Icon']}.svg").is_file()


@pytest.mark.parametrize("size", [16, 24, 32, 48, 64, 128, 256, 512])
def test_icons_have_the_size_of_their_folder(size: int) -> None:
    with Image.open(SHARE / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "cdul.png") as icon:
        assert icon.size == (size, size)
        assert icon.convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_metainfo_names_the_entry_and_is_of_this_licence() -> None:
    told = ElementTree.parse(METAINFO).getroot()  # noqa: S314 - our own
    assert told.findtext("launchable") == ENTRY.name
    assert told.findtext("project_license") == "Apache-2.0"


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils are not installed")
def test_the_entry_is_valid() -> None:
    checked = subprocess.run(["desktop-file-validate", ENTRY], capture_output=True, text=True)
    assert (checked.returncode, checked.stdout) == (0, "")
