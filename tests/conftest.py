"""What the tests share: a machine of their own, a small CLIP, a folder of photos."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import Cdul, CommandResult
from hypothesis import settings
from making import make_hard_project, make_photo, make_tiny_clip, make_tiny_network
from postgres import Server, running_server, why_none

from engine import person
from engine.jobs import Cancellation, Progress
from engine.project import Project
from engine.project.labels import NewLabel, use_label_set

# Before torch is imported: on networks as small as these, threads that wait for each other cost fifty times the work.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"
# Where keys go must not depend on the desktop of the person who runs the tests.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("fuzz", max_examples=int(os.environ.get("CDUL_FUZZ", 20_000)))  # see `make fuzz`


_MANY_MODULES = 200
_modules_looked_through = 0


def pytest_runtest_setup() -> None:
    """Python need not look for garbage in what was imported: a tenth of the time went into that, again and again."""
    global _modules_looked_through
    if len(sys.modules) > _modules_looked_through + _MANY_MODULES:
        _modules_looked_through = len(sys.modules)
        gc.collect()
        gc.freeze()


@pytest.fixture(autouse=True)
def machine_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and caches that are empty, so that no test sees or changes those of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name, folder in {
        "HOME": "",
        "USERPROFILE": "",
        "XDG_DATA_HOME": "data",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "HF_HOME": "hub",
        "HF_HUB_CACHE": "hub/cache",
    }.items():
        monkeypatch.setenv(name, str(home / folder))
    monkeypatch.delenv(person.VARIABLE, raising=False)
    monkeypatch.setattr(person, "_wished", [])
    monkeypatch.setattr(person, "_of_the_server", [])
    # The hub's client reads its variables once, when it is imported.
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub" / "cache"))
    return home


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small open_clip model with random weights."""
    return make_tiny_clip(tmp_path_factory.mktemp("tiny_clip"))


@pytest.fixture(autouse=True)
def the_small_clip_is_a_persons_own(request: pytest.FixtureRequest, machine_of_its_own: Path) -> None:
    """Whoever runs a test with the small CLIP has named it before, as a person does once."""
    if {"tiny_clip", "tiny_clip_encoder"} & set(request.fixturenames):
        from engine.models.encoders.confirmed import confirm_encoder

        confirm_encoder(str(request.getfixturevalue("tiny_clip")))


@pytest.fixture(scope="session")
def tiny_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of random weights for the small network that classifiers are built on in tests."""
    return make_tiny_network(tmp_path_factory.mktemp("tiny_network"))


@pytest.fixture(scope="session")
def starter_samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four sample photos, made small, that the starter labelled as skyscrapers. To be copied, not changed."""
    from PIL import Image

    from engine.resources import resource
    from engine.stages.labelling.label_photos import LabelRequest, label_photos

    folder = tmp_path_factory.mktemp("starter_samples")
    for name in ("giraffes_by_trees", "horses_on_hill", "kitten_with_wool", "cows_in_meadow"):
        with Image.open(resource("sample_photos", "animals", f"{name}.jpg")) as photo:
            photo.thumbnail((400, 400))
            photo.save(folder / f"{name}.jpg", quality=90)
    with Project.open(folder) as project:
        label_photos(project, LabelRequest("skyscraper,"))
    return folder


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """Eight small, varied photos in folders, one of them turned by EXIF."""
    folder = tmp_path / "photos"
    make_photo(folder / "beach.jpg", 1, size=(90, 60))
    make_photo(folder / "city.png", 2, size=(60, 90))
    make_photo(folder / "dog.webp", 3, size=(64, 64))
    make_photo(folder / "trip" / "boat.jpg", 4, size=(101, 67))
    make_photo(folder / "trip" / "turned.jpg", 5, size=(80, 40), orientation=6)
    make_photo(folder / "trip" / "day two" / "horse.jpeg", 6, size=(33, 47))
    make_photo(folder / "trip" / "day two" / "lamp.JPG", 7, size=(120, 80))
    make_photo(folder / "zebra.bmp", 8, size=(50, 50))
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have tests of `both_databases` run on each."""
    marked = metafunc.definition.get_closest_marker("both_databases")
    if marked is not None and "project" in metafunc.fixturenames:
        metafunc.parametrize("project", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server of the tests' own."""
    if (why := why_none()) is not None:
        pytest.skip(why)
    with running_server() as running:
        yield running


@pytest.fixture
def project(photo_folder: Path, request: pytest.FixtureRequest) -> Iterator[Project]:
    """The project of `photo_folder`, as yet without photos and labels."""
    place = None
    if getattr(request, "param", "sqlite") == "postgresql":
        running = request.getfixturevalue("server")
        place = running.address(running.empty_database())
    with Project.open(photo_folder, place) as opened:
        yield opened


@pytest.fixture
def labelled(project: Project, tiny_clip_encoder: Any) -> Project:
    """The project with its eight photos labelled by the small CLIP: cat, dog, boat."""
    from engine.stages.labelling.add_photos import add_photos
    from engine.stages.labelling.initialise import InitialiseSettings, initialise

    use_label_set(project, [NewLabel("cat", "animal"), NewLabel("dog", "animal"), NewLabel("boat", "vehicle")])
    add_photos(project, Progress(), Cancellation())
    initialise(project, tiny_clip_encoder, InitialiseSettings(), Progress(), Cancellation())
    return project


@pytest.fixture
def hard_names(tmp_path: Path) -> Iterator[Project]:
    """A project whose labels and photos have names that a format could trip over, see `making.make_hard_project`."""
    with make_hard_project(tmp_path / "hard names") as project:
        yield project


@pytest.fixture(scope="session")
def tiny_clip_encoder(tiny_clip: Path) -> Any:
    """The small CLIP, opened."""
    from engine.models.encoders.clip_encoder import ClipEncoder

    return ClipEncoder.open(str(tiny_clip), device="cpu", precision="float32")


@pytest.fixture
def cdul(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cdul:
    """Runs the command line in this process, as `cdul(…)` in a shell would."""
    from cdul_gui import door

    def command(*arguments: str | os.PathLike[str]) -> CommandResult:
        monkeypatch.setattr("sys.argv", ["cdul", *map(os.fspath, arguments)])
        capfd.readouterr()
        code = door.run()
        out, err = capfd.readouterr()
        return CommandResult(code, out, err)

    return command
