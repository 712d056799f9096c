"""A classifier that is saved, taken elsewhere and used there, and the backbones it can stand on."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from engine.models.training.backbones import BackboneUnavailable, empty_backbone, open_backbone
from engine.models.training.classifier import Classifier, new_head
from engine.models.training.classifier_features import BackboneFeatures
from engine.models.training.saved_classifier import ClassifierDescription, ClassifierUnreadable, Preprocessing
from engine.models.training.training_settings import PAPER_NETWORK

LABELS = ("dog", "sofa | couch", "Köter")
SMALL = "test_efficientnet"
"""timm's own tiny network for tests."""


def a_classifier(objective="bce"):
    backbone = empty_backbone(SMALL, Preprocessing(48, (0.4, 0.5, 0.6), (0.2, 0.25, 0.3)))
    description = ClassifierDescription(LABELS, objective, (0.5, 0.25, 0.75), {"photos": 862, "seed": 3})
    return Classifier(backbone, new_head(backbone.dimension, np.full((2, 3), 0.3, np.float32)), description)


@pytest.fixture
def photos():
    return np.random.default_rng(0).integers(0, 256, (4, 48, 48, 3), dtype=np.uint8)


@pytest.mark.parametrize("objective", ["kl", "bce"])
def test_a_saved_classifier_says_the_same_elsewhere(tmp_path, photos, objective):
    classifier = a_classifier(objective)
    classifier.save(tmp_path / "mine")
    loaded = Classifier.load(tmp_path / "mine")
    np.testing.assert_array_equal(loaded.predict(photos), classifier.predict(photos))
    assert loaded.description == classifier.description
    assert loaded.backbone.preprocessing == classifier.backbone.preprocessing
    assert sorted(file.name for file in (tmp_path / "mine").iterdir()) == [
        "README.md",
        "classifier.json",
        "model.safetensors",
    ]


def test_scores_follow_the_objective(photos):
    shared_out = a_classifier("kl").predict(photos)
    np.testing.assert_allclose(shared_out.sum(1), 1, rtol=1e-5)
    classifier = a_classifier("bce")
    features = torch.tensor(classifier.features(photos))
    with torch.no_grad():
        expected = classifier.head(features).sigmoid().numpy()
    np.testing.assert_allclose(classifier.predict(photos), expected, rtol=1e-5)


def test_photos_are_normalised_as_the_backbone_asks():
    classifier = a_classifier()
    seen = []
    classifier.backbone.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    grey = np.full((1, 48, 48, 3), 51, np.uint8)
    classifier.predict(grey)
    for colour, expected in enumerate([(0.2 - 0.4) / 0.2, (0.2 - 0.5) / 0.25, (0.2 - 0.6) / 0.3]):
        torch.testing.assert_close(seen[0][0, colour], torch.full((48, 48), expected))


def test_the_card_tells_labels_thresholds_preprocessing_and_origin(tmp_path):
    a_classifier().save(tmp_path)
    card = (tmp_path / "README.md").read_text("utf-8")
    for words in ("| dog | 0.500 |", "Köter", "48 x 48", "photos: 862", "2307.16634", SMALL):
        assert words in card


def test_photos_of_another_size_are_refused(photos):
    with pytest.raises(ValueError, match="48 x 48"):
        a_classifier().predict(photos[:, :40])


def damage_nothing_there(folder):
    (folder / "classifier.json").unlink()


def damage_weights(folder):
    (folder / "model.safetensors").write_bytes(b"\x80\x04pickle")


def damage_labels(folder):
    change_description(folder, labels=["dog"])


def damage_version(folder):
    change_description(folder, version=99)


def damage_backbone(folder):
    change_description(folder, backbone="hf-hub:someone/something")


def change_description(folder, **changes):
    path = folder / "classifier.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (damage_nothing_there, "classifier.json"),
        (damage_weights, "cannot be opened"),
        (damage_labels, "threshold"),
        (damage_version, "newer program"),
        (damage_backbone, "no network"),
    ],
)
def test_a_damaged_folder_is_refused_with_a_reason(tmp_path, damage, words):
    a_classifier().save(tmp_path)
    damage(tmp_path)
    with pytest.raises(ClassifierUnreadable, match=words):
        Classifier.load(tmp_path)


def test_the_starter_opens_offline_with_its_own_preprocessing():
    backbone = open_backbone()
    assert backbone.dimension == 1280
    assert backbone.preprocessing == Preprocessing(260, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    again = open_backbone()
    for name, tensor in backbone.state_dict().items():
        torch.testing.assert_close(tensor, again.state_dict()[name], rtol=0, atol=0)


@pytest.mark.parametrize("kind", ["safetensors", "pth"])
def test_weights_come_from_a_file(tmp_path, kind):
    import timm

    trained = timm.create_model(SMALL, pretrained=False)
    file = tmp_path / f"weights.{kind}"
    if kind == "safetensors":
        save_file(trained.state_dict(), file)
    else:
        torch.save(trained.state_dict(), file)
    backbone = open_backbone(SMALL, file)
    for name, tensor in backbone.network.state_dict().items():
        torch.testing.assert_close(tensor, trained.state_dict()[name], rtol=0, atol=0)


def test_published_weights_are_taken_from_torchs_cache(tmp_path, monkeypatch):
    import timm

    trained = timm.create_model("resnet18.tv_in1k", pretrained=False)
    (tmp_path / "checkpoints").mkdir()
    name = timm.models.get_pretrained_cfg("resnet18.tv_in1k").url.rpartition("/")[2]
    torch.save(trained.state_dict(), tmp_path / "checkpoints" / name)
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    for torchvisions_name in ("resnet18.tv_in1k", "torchvision/resnet18.IMAGENET1K_V1"):
        backbone = open_backbone(torchvisions_name)
        assert backbone.name == "resnet18.tv_in1k"
        torch.testing.assert_close(backbone.network.conv1.weight, trained.conv1.weight, rtol=0, atol=0)


def test_a_state_of_torchvisions_own_is_taken_from_a_file_and_answers_the_same(tmp_path):
    import torchvision

    theirs = torchvision.models.resnet18(weights=None).eval()
    torch.save(theirs.state_dict(), tmp_path / "resnet18.pth")
    ours = open_backbone("torchvision/resnet18.IMAGENET1K_V1", tmp_path / "resnet18.pth", 64).eval()
    assert ours.preprocessing == Preprocessing(64, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    theirs.fc = torch.nn.Identity()
    pixels = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(ours(pixels), theirs(pixels), rtol=1e-4, atol=1e-5)


def test_a_network_of_one_size_alone_says_so(tmp_path):
    import timm

    torch.save(timm.create_model("vit_tiny_patch16_224", pretrained=False).state_dict(), tmp_path / "weights.pth")
    with pytest.raises(BackboneUnavailable, match="takes no photos of 448 x 448 pixels"):
        open_backbone("vit_tiny_patch16_224", tmp_path / "weights.pth", 448)


def test_what_is_missing_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda repository, file: None)
    with pytest.raises(BackboneUnavailable, match=r"resnet101 are not on this machine.*huggingface.co/timm/resnet101"):
        open_backbone("resnet101")
    with pytest.raises(
        BackboneUnavailable, match=r"download.pytorch.org/models/resnet101-63fe2227.pth \(.*checkpoints"
    ):
        open_backbone(PAPER_NETWORK)
    with pytest.raises(BackboneUnavailable, match=r"no network 'torchvision/resnet101\.DEFAULT'"):
        open_backbone("torchvision/resnet101.DEFAULT")
    with pytest.raises(BackboneUnavailable, match="no network 'nonsense'"):
        open_backbone("nonsense")
    with pytest.raises(BackboneUnavailable, match="no weights at"):
        open_backbone(SMALL, tmp_path / "nothing.safetensors")


def test_a_file_that_carries_code_is_refused(tmp_path):
    class Code:
        def __reduce__(self):
            return (print, ("this must not run",))

    torch.save({"state_dict": Code()}, tmp_path / "weights.pth")
    with pytest.raises(BackboneUnavailable, match="cannot be read"):
        open_backbone(SMALL, tmp_path / "weights.pth")


def test_weights_of_another_network_are_refused(tmp_path):
    save_file({"something.weight": torch.zeros(3)}, tmp_path / "weights.safetensors")
    with pytest.raises(BackboneUnavailable, match="cannot be read"):
        open_backbone(SMALL, tmp_path / "weights.safetensors")


def test_features_in_half_precision_keep_the_statistics_that_were_learnt(photos):
    """Rounded to bfloat16, a mean of 100.3 is 100.5, and all that comes out of a quiet channel another thing."""
    backbone = a_classifier().backbone
    norms = [module for module in backbone.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    norms[-1].running_mean.fill_(100.3)
    norms[-1].bias.data.fill_(100.3 / float((norms[-1].running_var[0] + norms[-1].eps).sqrt()))
    half, full = (BackboneFeatures(backbone, "cpu", precision) for precision in ("bfloat16", "float32"))
    exact = full.encode_snippets(photos)
    np.testing.assert_allclose(half.encode_snippets(photos), exact, atol=0.02)
    assert half.id != full.id
    assert float(norms[-1].running_mean[0]) == pytest.approx(100.3)
