"""The starter's weights, from our own package or from the two that it is made of."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from safetensors.numpy import load_file

from engine.models.encoders.encoder import EncoderUnavailable
from engine.models.encoders.starter.lite2_weights import read_last_layer, read_tensors
from engine.models.encoders.starter.sentences import SentenceEncoder
from engine.models.encoders.starter.starter_encoder import StarterEncoder
from engine.models.encoders.starter.weights import IMAGE, TEXT, TOKENIZER, folder_of, weights_file

PACKAGING = Path(__file__).parents[3] / "packaging" / "cdul-starter"


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="module")
def own_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What packaging/cdul-starter makes of the two packages."""
    folder = tmp_path_factory.mktemp("packages") / "cdul_starter"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('a package of weights was run')")
    (_, image, _), (_, text, _), (_, tokenizer, _) = IMAGE[0], TEXT[0], TOKENIZER[0]
    (folder / image).write_bytes(module("legacy_torch").to_safetensors(weights_file(IMAGE[1:]).read_bytes()))
    (folder / text).symlink_to(weights_file(TEXT[1:]))
    shutil.copy(weights_file(TOKENIZER[1:]), folder / tokenizer)
    return folder


def test_our_own_package_has_the_same_weights_under_the_same_name(
    own_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that nothing is encoded again, and nothing of the package is run."""
    of_others, name = read_tensors(weights_file(IMAGE[1:]))
    monkeypatch.syspath_prepend(str(own_package.parent))
    assert folder_of("cdul_starter") == own_package
    own, own_name = read_tensors()
    assert own_name == name == read_last_layer().digest
    assert [*own] == [*of_others]
    for one, other in zip(own.values(), of_others.values(), strict=True):
        np.testing.assert_array_equal(one, other)
    as_the_library_reads = load_file(own_package / IMAGE[0][1])
    np.testing.assert_array_equal(as_the_library_reads["_conv_stem.weight"], own["_conv_stem.weight"])
    assert SentenceEncoder().encode(["a cat"]).shape == (1, 384)


def test_what_the_package_is_built_from_is_what_the_engine_expects() -> None:
    build = (PACKAGING / "hatch_build.py").read_text("utf-8")
    for own, other in (IMAGE, TEXT, TOKENIZER):
        assert f'"{own[1]}": (' in build
        assert own[2] in build
        assert other[1] in build


def test_weights_that_are_not_the_known_ones_are_refused(
    own_package: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    damaged = shutil.copytree(own_package, tmp_path / own_package.name, symlinks=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    file = damaged / TOKENIZER[0][1]
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(EncoderUnavailable, match=r"minilm_tokenizer\.json cannot be used: expected a SHA-256") as told:
        SentenceEncoder()
    assert str(told.value).endswith(
        "pip install --force-reinstall --no-deps ./packaging/cdul-starter (in the folder of CDUL's sources)"
    )
    assert TOKENIZER[0][2] not in str(told.value)  # of which nobody needs all 64 digits
    with pytest.raises(EncoderUnavailable, match=r"minilm_tokenizer\.json"):  # not only once texts are encoded
        StarterEncoder.open()
    file.unlink()
    with pytest.raises(EncoderUnavailable, match=r"minilm_tokenizer\.json cannot be used: No such file"):
        SentenceEncoder()


def test_weights_that_are_not_installed_are_said_with_the_command() -> None:
    with pytest.raises(EncoderUnavailable, match=r"not installed.*pip install \./packaging/cdul-starter"):
        weights_file((("cdul_package_that_is_not_there", "some.safetensors", ""),))
