"""The forms that people have weights in: each opens to the same embeddings, or is refused with its true reason."""

import argparse
import io
import os
import pickle
import shutil
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from making import smooth_photo
from safetensors.torch import load_file, save_file

from engine.models.encoders.checkpoints.inert_pickle import Made, Name, NotPlainData, read_inert
from engine.models.encoders.checkpoints.torch_archive import _BoundedReads
from engine.models.encoders.clip_encoder import ClipEncoder
from engine.models.encoders.encoder import EncoderUnavailable

Weights = dict[str, torch.Tensor]


def snippets() -> np.ndarray:
    return np.stack([np.asarray(smooth_photo(seed, (32, 32))) for seed in range(2)])


@pytest.fixture
def weights(tiny_clip: Path) -> Weights:
    return load_file(tiny_clip / "open_clip_model.safetensors")


@pytest.fixture
def folder(tiny_clip: Path, tmp_path: Path) -> Path:
    """A folder with the small CLIP's configuration, and no weights yet."""
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(tiny_clip / "open_clip_config.json", folder)
    return folder


def named(weights: Weights, prefix: str) -> Weights:
    return {f"{prefix}{name}": values for name, values in weights.items()}


def opened(file: Path) -> ClipEncoder:
    return ClipEncoder.open(str(file), device="cpu", precision="float32")


FORMS: dict[str, Callable[[Weights], object]] = {
    "plain.pt": lambda weights: weights,
    "ordered.pth": OrderedDict,
    "parameters.pt": lambda weights: {name: torch.nn.Parameter(values) for name, values in weights.items()},
    "module.pt": lambda weights: {"epoch": 3, "state_dict": named(weights, "module."), "optimizer": {"state": {0: 1}}},
    "compiled.pt": lambda weights: {"state_dict": named(weights, "_orig_mod.")},
    "both.pt": lambda weights: {"state_dict": named(weights, "module._orig_mod.")},
    "compiled photo network.pt": lambda weights: {
        name.replace("visual.", "visual._orig_mod."): values for name, values in weights.items()
    },
    "lightning.ckpt": lambda weights: {"state_dict": named(weights, "model."), "hyper_parameters": {"lr": 0.1}},
    "deep.pt": lambda weights: {"a": {"net.clip": weights}},
    "under model.pth": lambda weights: {"model": weights, "args": {}},
    "averaged.pt": lambda weights: {
        "state_dict": {name: values * 2 for name, values in weights.items()},
        "state_dict_ema": weights,
    },
    "numpy.pt": lambda weights: {"epoch": np.int64(3), "best": np.float64(0.5), "state_dict": weights},
    "namespace.pt": lambda weights: {"state_dict": weights, "args": argparse.Namespace(lr=1, path=Path("x"))},
    "a set.pt": lambda weights: {"state_dict": weights, "seen": {1, 2}, "frozen": frozenset("ab"), "tuple": ((1,),)},
}


def check_same(these: np.ndarray, those: np.ndarray) -> None:
    """But for what OpenVINO rounds otherwise, which computes once an encoder has worked for some seconds."""
    np.testing.assert_allclose(these, those, atol=1e-6)


@pytest.mark.parametrize("name", FORMS)
def test_wrapped_in_what_trainings_write(
    name: str, weights: Weights, folder: Path, tiny_clip_encoder: ClipEncoder
) -> None:
    torch.save(FORMS[name](weights), folder / name)
    check_same(opened(folder / name).encode_snippets(snippets()), tiny_clip_encoder.encode_snippets(snippets()))


def test_from_before_archives(weights: Weights, folder: Path, tiny_clip_encoder: ClipEncoder) -> None:
    torch.save({"state_dict": named(weights, "module.")}, folder / "old.bin", _use_new_zipfile_serialization=False)
    check_same(opened(folder).encode_snippets(snippets()), tiny_clip_encoder.encode_snippets(snippets()))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_in_half_precision(dtype: torch.dtype, weights: Weights, folder: Path, tiny_clip_encoder: ClipEncoder) -> None:
    torch.save({name: values.to(dtype) for name, values in weights.items()}, folder / "half.pt")
    encoder = opened(folder)
    assert encoder.opening.stored == str(dtype).removeprefix("torch.")
    assert encoder.opening.computed == "float32"
    np.testing.assert_allclose(
        encoder.encode_snippets(snippets()), tiny_clip_encoder.encode_snippets(snippets()), atol=0.02
    )


def test_views_of_one_flat_tensor(weights: Weights, folder: Path, tiny_clip_encoder: ClipEncoder) -> None:
    flat = torch.cat([values.flatten() for values in weights.values()])
    parts = flat.split([values.numel() for values in weights.values()])
    views = {name: part.view(values.shape) for (name, values), part in zip(weights.items(), parts, strict=True)}
    views["text_projection"] = views["text_projection"].T.contiguous().T  # lies in memory by columns
    torch.save(views, folder / "flat.pt")
    check_same(opened(folder).encode_snippets(snippets()), tiny_clip_encoder.encode_snippets(snippets()))


@pytest.fixture(scope="module")
def archive(tiny_clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """TorchScript in float16 with OpenAI's three numbers beside the weights, as OpenAI published its CLIPs."""
    network = open_clip.create_model(f"local-dir:{tiny_clip}").eval()
    for name, value in {"input_resolution": 32, "context_length": 77, "vocab_size": 49408}.items():
        if hasattr(network, name):
            delattr(network, name)
        network.register_buffer(name, torch.tensor(value))
    inputs = torch.zeros(1, 3, 32, 32), torch.zeros(1, 77, dtype=torch.long)
    script = torch.jit.trace(network, inputs, check_trace=False).half()
    file = tmp_path_factory.mktemp("archive") / "ViT.pt"
    torch.jit.save(script, file)
    return file


@pytest.mark.filterwarnings("ignore:`torch.jit:FutureWarning", "ignore::torch.jit.TracerWarning")
def test_torchscript_as_openai_published_it(
    archive: Path, folder: Path, tiny_clip_encoder: ClipEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.jit, "load", None)  # its code is not even loaded
    encoder = opened(Path(shutil.copy(archive, folder)))
    assert encoder.opening.stored == "float16"
    np.testing.assert_allclose(
        encoder.encode_snippets(snippets()), tiny_clip_encoder.encode_snippets(snippets()), atol=0.01
    )


def test_what_openais_own_program_wrote_has_its_activation(archive: Path) -> None:
    from engine.models.encoders.checkpoints.checkpoint import open_checkpoint
    from engine.models.encoders.checkpoints.published import use_of_file

    use = use_of_file("ViT-B-32", open_checkpoint(archive), lambda: "", {})
    assert use.quick_gelu
    assert use.mean == open_clip.OPENAI_DATASET_MEAN
    assert "OpenAI" in use.known_from


class Code:
    """What a pickle would run on being loaded."""

    def __init__(self, trace: Path, state: object = None) -> None:
        self.trace, self.kept = trace, state

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (os.fspath(self.trace),), self.kept


def with_pickle(archive: Path, content: bytes, to: Path, **more: bytes) -> Path:
    """The archive with another pickle in it."""
    with zipfile.ZipFile(archive) as read, zipfile.ZipFile(to, "w") as written:
        for record in read.infolist():
            if not record.filename.endswith("/data.pkl"):
                written.writestr(record.filename, read.read(record))
        root = read.infolist()[0].filename.partition("/")[0]
        written.writestr(f"{root}/data.pkl", content)
    return to


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_code_in_a_torchscript_archive_is_refused_and_not_run(
    protocol: int, archive: Path, folder: Path, tmp_path: Path
) -> None:
    trace = tmp_path / "the code ran"
    for state in (None, {"logit_scale": 1}, {"a": Code(trace)}):
        content = pickle.dumps({"logit_scale": Code(trace, state)}, protocol)
        with pytest.raises(EncoderUnavailable):
            opened(with_pickle(archive, content, folder / "evil.pt"))
        assert not trace.exists()


def test_beside_whole_weights_code_is_passed_over(
    weights: Weights, folder: Path, tmp_path: Path, tiny_clip_encoder: ClipEncoder
) -> None:
    trace = tmp_path / "the code ran"
    torch.save({"state_dict": weights, "more": Code(trace)}, folder / "weights.pt")
    encoder = opened(folder)
    assert not trace.exists()
    check_same(encoder.encode_snippets(snippets()), tiny_clip_encoder.encode_snippets(snippets()))


def test_an_inert_pickle_names_what_would_be_called() -> None:
    made = read_inert(pickle.dumps({"a": [Code(Path("x"), {"b": 1})], "c": (1, 2.5, None, True, b"d")}, 4))
    (code,) = made["a"]
    assert isinstance(code, Made)
    assert code.maker in (Name("posix", "mkdir"), Name("nt", "mkdir"))
    assert (code.arguments, code.state) == (("x",), {"b": 1})
    assert made["c"] == (1, 2.5, None, True, b"d")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x02",
        b"\x80\x02.",
        b"\x80\x02}s.",
        b"\x80\x02cos\nmkdir\n(U\x01xtR",
        b"\x80\x02(cos\nmkdir\nU\x01xo.",
        b"(S'x'\nios\nmkdir\n.",
        b"\x80\x02h\x05.",
        b"\x80\x02\x8a\xffx.",
        b"\x80\x02P1\n.",
        b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fx.",
    ],
)
def test_a_damaged_or_strange_pickle_is_no_plain_data(content: bytes) -> None:
    with pytest.raises(NotPlainData):
        read_inert(content)


def test_rings_and_repetitions_end(weights: Weights, folder: Path) -> None:
    ring: dict[str, Any] = {"state_dict": weights}
    ring["self"] = ring
    many: list[Any] = []
    for _ in range(60):
        many = [many, many]  # 2 ** 60 lists, if each were looked into
    torch.save({**ring, "many": many}, folder / "ring.pt")
    opened(folder)


def rebuilt(size: tuple[int, ...], stride: tuple[int, ...], offset: int, length: int) -> bytes:
    """A pickle that claims a tensor, as PyTorch writes one."""
    stream = io.BytesIO()

    class Claim:
        def __reduce__(self) -> tuple[object, ...]:
            from torch._utils import _rebuild_tensor_v2

            return _rebuild_tensor_v2, (Storage(), offset, size, stride, False, OrderedDict())

    class Storage:
        pass

    class Pickler(pickle.Pickler):
        def persistent_id(self, value: object) -> object:
            return ("storage", torch.FloatStorage, "0", "cpu", length) if isinstance(value, Storage) else None

    Pickler(stream, 2).dump({"logit_scale": Claim()})
    return stream.getvalue()


@pytest.mark.parametrize(
    ("size", "stride", "offset", "length"),
    [
        ((1 << 40,), (0,), 0, 1),  # a terabyte spread out of one number
        ((4,), (1,), 1 << 30, 4),  # beyond the end
        ((4,), (1,), -8, 4),
        ((4,), (-1,), 0, 4),
        ((4,), (1,), 0, 1 << 40),  # more than the record holds
        ((1,) * 5000, (1,) * 5000, 0, 4),
    ],
)
def test_a_tensor_that_claims_more_than_is_there_is_none(
    size: tuple[int, ...], stride: tuple[int, ...], offset: int, length: int, archive: Path, folder: Path
) -> None:
    with pytest.raises(EncoderUnavailable, match="holds no CLIP"):
        opened(with_pickle(archive, rebuilt(size, stride, offset, length), folder / "claims.pt"))


def test_compressed_numbers_are_refused(weights: Weights, folder: Path) -> None:
    torch.save(weights, folder / "weights.pt")
    with zipfile.ZipFile(folder / "weights.pt") as read:
        records = {record.filename: read.read(record) for record in read.infolist()}
    with zipfile.ZipFile(folder / "weights.pt", "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in records.items():
            written.writestr(name, content)
    with pytest.raises(EncoderUnavailable, match="compressed, which PyTorch never does"):
        opened(folder)


def test_a_list_of_records_that_never_ends_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(folder / "weights.pt", "w") as written:
        for number in range(2000):
            written.writestr(f"weights/data/{number}", b"")
    monkeypatch.setattr(_BoundedReads, "most", 100_000)  # of 16 MB
    with pytest.raises(EncoderUnavailable, match="lists too many records"):
        opened(folder)


def test_every_damage_is_one_plain_sentence(weights: Weights, folder: Path) -> None:
    file = folder / "weights.pt"
    torch.save(weights, file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    for damaged in (whole[:middle], whole[: middle - 1000] + b"x" * 2000 + whole[middle + 1000 :], b"PK", b"", b"\x80"):
        file.write_bytes(damaged)
        with pytest.raises(EncoderUnavailable, match="damaged") as error:
            opened(file)
        said = str(error.value)
        assert said.endswith(".")
        assert "weights_only" not in said
        assert "\x1b" not in said
        assert "\n" not in said


def test_what_does_not_fit_is_named_with_its_shape(weights: Weights, folder: Path) -> None:
    del weights["ln_final.weight"]
    weights["visual.proj"] = weights["visual.proj"][:, :7].contiguous()
    weights["visual.\x1b[31mred"] = torch.zeros(1)
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(EncoderUnavailable) as error:
        opened(folder)
    assert str(error.value) == (
        f"{folder / 'model.safetensors'} does not fit {folder}: it lacks ln_final.weight; it has no use for "
        "visual.?[31mred; of other shapes are visual.proj (64 x 7, not 64 x 32)."
    )


def test_weights_that_are_no_clip_are_said_to_be_none(folder: Path) -> None:
    save_file({"fc.weight": torch.zeros(2), "fc.bias": torch.zeros(2)}, folder / "model.safetensors")
    with pytest.raises(EncoderUnavailable, match=r"holds no CLIP: none of its tensors .* It has fc.bias, fc.weight\."):
        opened(folder)


def test_two_models_in_a_file_are_asked_about(weights: Weights, folder: Path) -> None:
    torch.save({"student": weights, "teacher": dict(weights)}, folder / "weights.pt")
    with pytest.raises(EncoderUnavailable, match="several models: student, teacher"):
        opened(folder)


@pytest.mark.parametrize(("value", "reason"), [(float("nan"), "NaN"), (float("inf"), "NaN or infinite")])
def test_weights_that_are_no_numbers_are_refused(value: float, reason: str, weights: Weights, folder: Path) -> None:
    weights["visual.proj"][3, 3] = value
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(EncoderUnavailable, match=rf"in visual.proj are values .*{reason}"):
        opened(folder)


@pytest.mark.parametrize("scale", [float("inf"), 300.0, -300.0])
def test_a_logit_scale_out_of_all_bounds_is_refused(scale: float, weights: Weights, folder: Path) -> None:
    weights["logit_scale"] = torch.tensor(scale)
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(EncoderUnavailable, match="logit_scale"):
        opened(folder)


def test_another_programs_file_is_told_what_is_read(folder: Path) -> None:
    (folder / "weights.npz").write_bytes(b"x")
    with pytest.raises(EncoderUnavailable, match=r"no file of PyTorch's. Expected .safetensors, or .pt"):
        opened(folder / "weights.npz")
