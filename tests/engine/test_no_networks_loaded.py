"""Opening, searching, deciding, importing and exporting start at once: the networks' libraries come with their use."""

import subprocess
import sys

NETWORKS = ("torch", "torchvision", "timm", "open_clip", "openvino", "tokenizers", "huggingface_hub")

PROGRAM = """
import importlib, pkgutil, sys

def load(name):
    module = importlib.import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", []), name + "."):
        if not found.name.startswith(("engine.stages.training", "engine.project.storage.migrations")):
            load(found.name)

for name in ("cli", "commands", "formats", "method", "photos", "project", "stages", "models.encoders.catalog",
             "models.training.saved_classifier", "models.training.training_settings", "stages.training.classifiers"):
    load("engine." + name)
print(*sys.modules)
"""


LIST = """
import sys
from engine.models.encoders.catalog import encoders
found = encoders(every=True)
assert len(found) > 100 and all(one.activation and one.pixels for one in found[1:])
print(*sys.modules)
"""


def test_what_opens_no_network_loads_none_of_their_libraries() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.split())
    assert {"engine.project.snapshot", "engine.stages.exporting.export", "engine.stages.labelling.explain"} <= loaded
    assert not loaded & set(NETWORKS)


FIRST_FACTS = """
import sys
from engine.stages.care.doctor import facts
for name, value in facts():
    assert value
    if name == "nncf":
        break
print(*sys.modules)
"""


def test_what_is_installed_is_told_before_any_of_it_is_loaded() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_FACTS], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert not set(ran.stdout.split()) & {*NETWORKS, "nncf"} - {"huggingface_hub"}


def test_listing_the_encoders_loads_nothing_that_takes_long() -> None:
    ran = subprocess.run([sys.executable, "-c", LIST], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.split())
    assert not loaded & {*NETWORKS, "httpx", "httpx2", "numpy"} - {"huggingface_hub"}
    assert "huggingface_hub.file_download" not in loaded
