"""The documentation as a site: it is built, every link leads somewhere, and it asks nobody for anything."""

import shutil
import subprocess
import sysconfig
from pathlib import Path
from urllib.parse import unquote

import pytest
from chromium import browser, needs_chromium

TOP = Path(__file__).parents[2]
ZENSICAL = shutil.which("zensical", path=sysconfig.get_path("scripts"))

pytestmark = pytest.mark.skipif(ZENSICAL is None, reason="no Zensical here: pip install '.[docs]'")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, from a copy, so that nothing of it is left in the source."""
    copy = tmp_path_factory.mktemp("site")
    shutil.copytree(TOP / "docs", copy / "docs")
    shutil.copyfile(TOP / "mkdocs.yml", copy / "mkdocs.yml")
    done = subprocess.run([str(ZENSICAL), "build", "--strict"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy / "build" / "site"


def test_the_guide_and_the_references_are_pages(site: Path) -> None:
    for page in ("index", "guide/first_minutes", "guide/erste_minuten", "command_line", "formats", "results"):
        assert (site / f"{page}.html").is_file()
    assert not list(site.rglob("*.py"))


@needs_chromium
def test_in_a_browser_from_the_file_system(site: Path, tmp_path: Path) -> None:
    links = "[...document.querySelectorAll('a[href]')].map(link => link.href)"
    with browser(tmp_path / "profile") as page:
        for name in ("index", "guide/first_minutes", "guide/thresholds", "results"):
            for width in (1300, 360):
                page.open((site / f"{name}.html").as_uri(), width=width)
                assert page.run("document.documentElement.scrollWidth") <= width, name
            here = [link for link in page.run(links) if link.startswith("file:")]
            gone = [link for link in here if not Path(unquote(link.removeprefix("file://").partition("#")[0])).exists()]
            assert gone == []
            assert (
                page.run("[...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)")
                == []
            )
        asked = [address for address in page.asked_for if not address.startswith(("file:", "data:", "blob:"))]
        assert asked == []
