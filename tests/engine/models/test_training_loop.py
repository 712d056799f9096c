"""Training as a user meets it: it learns, it heals labels, it can be stopped anywhere and goes on the same."""

import dataclasses

import numpy as np
import pytest
import torch

from engine.method.refinement import loss
from engine.models.training.head_training import HeadTraining
from engine.models.training.loop import EpochReport, TrainingDiverged, TrainingState
from engine.models.training.training_labels import TrainingLabels
from engine.models.training.training_settings import TrainingSettings

SETTINGS = TrainingSettings(epochs=6, warm_up=2, update_every=1, batch=32, patience=0)


def made_up_photos(count=400, labels=6, dimension=32, seed=0):
    """Features and the truth behind them: a direction for each label, and noise."""
    random = np.random.default_rng(seed)
    truth = (random.random((count, labels)) < 0.3).astype(np.float32)
    directions = random.normal(size=(labels, dimension))
    features = truth @ directions + 0.7 * random.normal(size=(count, dimension))
    return features.astype(np.float32), truth


def noisy_labels(truth, flipped=0.15, seed=1):
    """Pseudo labels near the truth, but for a share that are flipped; all of them away from 0 and 1."""
    random = np.random.default_rng(seed)
    flips = random.random(truth.shape) < flipped
    sure = random.uniform(0.6, 0.8, truth.shape)
    return np.where(flips ^ (truth > 0), sure, 1 - sure).astype(np.float32), flips


def head_training(features, labels, settings=SETTINGS):
    return HeadTraining(features, labels, settings)


def test_refinement_recovers_most_flipped_labels_and_breaks_few():
    features, truth = made_up_photos()
    pseudo, flips = noisy_labels(truth)
    training = head_training(features, TrainingLabels.merge(pseudo), TrainingSettings(learning_rate=0.03))
    list(training.epochs())
    right = (training.refined_labels() >= 0.5) == (truth > 0)
    assert right[flips].mean() >= 0.5
    assert right[~flips].mean() >= 0.97


def test_without_step_b_no_label_moves():
    features, truth = made_up_photos(count=60)
    pseudo, _ = noisy_labels(truth)
    training = head_training(features, TrainingLabels.merge(pseudo), dataclasses.replace(SETTINGS, update_every=0))
    reports = list(training.epochs())
    np.testing.assert_allclose(training.refined_labels(), pseudo, rtol=1e-5)
    assert [report.moved for report in reports] == [0.0] * 6


def test_step_a_of_reverse_kl_goes_down_the_same_loss_as_step_b():
    features, truth = made_up_photos(count=60)
    pseudo, _ = noisy_labels(truth)
    still = dataclasses.replace(SETTINGS, objective="reverse-kl", epochs=1, learning_rate=1e-12, update_every=0)
    training = head_training(features, TrainingLabels.merge(pseudo), still)
    (report,) = training.epochs()
    expected = loss(pseudo, training.predictions(), "reverse-kl").mean()
    assert report.objective * pseudo.shape[1] == pytest.approx(expected, rel=1e-4)


def test_labels_wait_for_the_classifier_unless_they_need_not():
    features, truth = made_up_photos(count=60)
    labels = TrainingLabels.merge(noisy_labels(truth)[0])
    learns_nothing = dataclasses.replace(SETTINGS, learning_rate=1e-12, warm_up=1)
    for wait in (True, False):
        reports = head_training(features, labels, dataclasses.replace(learns_nothing, wait=wait)).epochs()
        assert any(report.moved > 0 for report in reports) != wait


def test_decisions_stay_whatever_the_classifier_thinks_and_teach_it():
    features, truth = made_up_photos()
    pseudo = np.full_like(truth, 0.4)
    decisions = np.full_like(truth, np.nan)
    decisions[:200] = truth[:200]
    decisions[0] = 1 - truth[0]
    training = head_training(features, TrainingLabels.merge(pseudo, decisions), TrainingSettings(epochs=30))
    list(training.epochs())
    np.testing.assert_array_equal(training.refined_labels()[:200], decisions[:200])
    unseen = training.predictions()[200:]
    assert unseen[truth[200:] > 0].mean() > unseen[truth[200:] == 0].mean() + 0.2


@pytest.mark.parametrize("objective", ["kl", "bce"])
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_resumed_run_is_the_same_bit_for_bit(tmp_path, objective, optimizer):
    features, truth = made_up_photos(count=100)
    labels = TrainingLabels.merge(noisy_labels(truth)[0])
    settings = dataclasses.replace(SETTINGS, objective=objective, optimizer=optimizer)
    whole = head_training(features, labels, settings)
    expected = list(whole.epochs())

    first = head_training(features, labels, settings)
    for _ in range(3):
        first.run_epoch()
    first.state().save(tmp_path / "state.safetensors")
    torch.rand(7)  # whatever else drew random numbers in between
    second = head_training(features, labels, settings)
    second.restore(TrainingState.load(tmp_path / "state.safetensors"))
    assert second.reports == first.reports
    list(second.epochs())

    np.testing.assert_array_equal(second.refined_labels(), whole.refined_labels())
    np.testing.assert_array_equal(second.predictions(), whole.predictions())
    assert [without_time(report) for report in second.reports] == [without_time(report) for report in expected]
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def without_time(report: EpochReport):
    return dataclasses.replace(report, seconds=0.0)


def test_a_state_does_not_change_while_training_goes_on():
    features, truth = made_up_photos(count=50)
    training = head_training(features, TrainingLabels.merge(noisy_labels(truth)[0]))
    training.run_epoch()
    state = training.state()
    before = {name: tensor.clone() for name, tensor in state.tensors.items()}
    list(training.epochs())
    for name, tensor in before.items():
        torch.testing.assert_close(state.tensors[name], tensor, rtol=0, atol=0)


def test_a_state_of_another_training_is_refused(tmp_path):
    features, truth = made_up_photos(count=50)
    labels = TrainingLabels.merge(noisy_labels(truth)[0])
    state = head_training(features, labels).state()
    with pytest.raises(ValueError, match="same settings"):
        head_training(features, labels, dataclasses.replace(SETTINGS, seed=5)).restore(state)
    with pytest.raises(ValueError, match="50, 6"):
        head_training(features[:20], TrainingLabels.merge(truth[:20])).restore(state)
    (tmp_path / "state").write_bytes(b"not a state")
    with pytest.raises(ValueError, match="state of a training"):
        TrainingState.load(tmp_path / "state")


def test_the_seed_decides():
    features, truth = made_up_photos(count=50)
    labels = TrainingLabels.merge(noisy_labels(truth)[0])

    def predictions(seed):
        training = head_training(features, labels, dataclasses.replace(SETTINGS, seed=seed))
        list(training.epochs())
        return training.predictions()

    np.testing.assert_array_equal(predictions(0), predictions(0))
    assert (predictions(0) != predictions(1)).any()


@pytest.mark.parametrize("objective", ["kl", "bce"])
@pytest.mark.parametrize(
    ("photos", "labels", "what"),
    [(1, 3, "none"), (1, 3, "all"), (4, 30, "none"), (30, 3, "all"), (30, 1, "none")],
    ids=["one photo", "one decided photo", "more labels than photos", "all decided", "one label"],
)
def test_small_and_strange_collections_train(objective, photos, labels, what):
    features, truth = made_up_photos(photos, labels)
    decisions = truth if what == "all" else None
    settings = dataclasses.replace(SETTINGS, objective=objective)
    training = head_training(features, TrainingLabels.merge(np.full_like(truth, 0.3), decisions), settings)
    assert len(list(training.epochs())) == settings.epochs
    for result in (training.refined_labels(), training.predictions()):
        assert result.shape == truth.shape
        assert ((result >= 0) & (result <= 1)).all()


def test_a_label_with_no_positive_and_a_constant_feature_do_no_harm():
    features, truth = made_up_photos(count=80)
    features[:, 3] = 7.0
    truth[:, 2] = 0
    decisions = np.full_like(truth, np.nan)
    decisions[:, 2] = 0
    training = head_training(features, TrainingLabels.merge(noisy_labels(truth)[0], decisions))
    list(training.epochs())
    assert training.predictions()[:, 2].max() < 0.5
    assert np.isfinite(training.linear_layer().weight.detach().numpy()).all()


def test_held_out_decisions_are_measured_and_not_learnt():
    features, truth = made_up_photos()
    decisions = np.where(np.arange(len(truth))[:, None] < 100, truth, np.nan)
    labels = TrainingLabels.merge(np.full_like(truth, 0.5), decisions, hold_out=0.2)
    held_out = ~np.isnan(labels.held_out)
    assert held_out.sum() == 120
    assert not labels.known[held_out].any()
    assert (labels.values[held_out] == 0.5).all()
    training = head_training(features, labels, TrainingSettings(epochs=30))
    reports = list(training.epochs())
    agrees = (training.predictions() >= 0.5)[held_out] == (truth > 0)[held_out]
    assert reports[-1].agreement == pytest.approx(agrees.mean())
    np.testing.assert_array_equal(training.refined_labels()[held_out], truth[held_out])


def reports(objectives, moved=0.0, agreements=None):
    agreements = agreements or [None] * len(objectives)
    return [
        EpochReport(epoch, objective, moved, 0, agreement, 0.0)
        for epoch, (objective, agreement) in enumerate(zip(objectives, agreements, strict=True), start=1)
    ]


@pytest.mark.parametrize(
    ("history", "finished"),
    [
        (reports([1.0] * 9), True),
        (reports([1.0] * 9, moved=0.1), False),
        (reports([1 - 0.05 * epoch for epoch in range(9)]), False),
        (reports([1.0] * 5), False),
        (reports([1 - 0.05 * epoch for epoch in range(9)], agreements=[0.5] * 4 + [0.8] + [0.7] * 4), True),
        (reports([1.0] * 9, agreements=[0.5] * 8 + [0.6]), False),
    ],
    ids=["plateau", "labels move", "objective falls", "too early", "agreement is past its best", "agreement rises"],
)
def test_it_stops_without_a_truth(history, finished):
    features, truth = made_up_photos(count=10)
    settings = TrainingSettings(epochs=20, warm_up=3, patience=3)
    training = head_training(features, TrainingLabels.merge(truth), settings)
    training.reports = history
    assert training.finished is finished


def test_a_settled_training_ends_before_its_last_epoch():
    features, truth = made_up_photos(count=60)
    settings = TrainingSettings(epochs=500, update_every=0, weight_decay=1.0, patience=5)
    training = head_training(features, TrainingLabels.merge(0.2 + 0.6 * truth), settings)
    assert len(list(training.epochs())) < 500


def test_the_folded_layer_says_the_same_about_raw_features():
    features, truth = made_up_photos(count=60)
    features = features * 100 + 30
    training = head_training(features, TrainingLabels.merge(noisy_labels(truth)[0]))
    list(training.epochs())
    with torch.no_grad():
        predicted = training.linear_layer()(torch.tensor(features)).sigmoid().numpy()
    np.testing.assert_allclose(predicted, training.predictions(), atol=1e-4)


def test_crossed_counts_the_thresholds_in_force():
    features, truth = made_up_photos()
    pseudo = noisy_labels(truth)[0]
    settings = dataclasses.replace(SETTINGS, epochs=2, warm_up=2)
    thresholds = np.array([0.5, 0.3, 0.7, 0.5, 0.4, 2.0])
    training = head_training(features, TrainingLabels.merge(pseudo, thresholds=thresholds), settings)
    *_, last = training.epochs()
    refined = training.refined_labels()
    assert last.crossed == ((refined >= thresholds) != (pseudo >= thresholds)).sum() > 0
    assert last.moved == pytest.approx(np.abs(refined - pseudo).mean(), rel=1e-4)


def test_a_training_that_goes_astray_says_so():
    features, truth = made_up_photos(count=60)
    settings = dataclasses.replace(SETTINGS, optimizer="sgd", learning_rate=1e30, epochs=50)
    with pytest.raises(TrainingDiverged, match="learning rate below"):
        list(head_training(features, TrainingLabels.merge(truth), settings).epochs())
