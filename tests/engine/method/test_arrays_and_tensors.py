"""What `engine.method` exports takes NumPy arrays and tensors alike, and says with an example how it is called."""

import doctest
import importlib
import inspect
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from engine import method

RANDOM = np.random.default_rng(1)
SIMILARITIES = RANDOM.random((20, 5, 8)).astype(np.float32)
SCORES, OTHERS = RANDOM.random((2, 20, 8)).astype(np.float32)
TRUTH = RANDOM.integers(0, 2, (20, 8))
KNOWN = RANDOM.random((20, 8)) < 0.2

CALLS: dict[str, tuple[list[Any], dict[str, Any]]] = {
    "aggregate_min_max": ([SIMILARITIES, 0.9], {}),
    "average_precision": ([SCORES[:, 0], TRUTH[:, 0]], {}),
    "centre_by_label": ([SIMILARITIES], {"means": SIMILARITIES[0, 0]}),
    "class_probabilities": ([SIMILARITIES, 0.1], {}),
    "contrast_probabilities": ([SIMILARITIES, 0.1], {}),
    "from_latent": ([SCORES], {}),
    "initial_pseudo_labels": ([SCORES, OTHERS], {}),
    "label_means": ([SIMILARITIES], {}),
    "log_abundance": ([SIMILARITIES[:, 0], SIMILARITIES[:, 1:], 0.1], {}),
    "loss": ([SCORES, OTHERS, "kl"], {}),
    "loss_gradient": ([SCORES, OTHERS, "bce"], {}),
    "match_ranks": ([SCORES, OTHERS], {}),
    "mean_average_precision": ([SCORES, TRUTH], {}),
    "predict_from_all_labels": ([SCORES, OTHERS, SCORES], {"penalty": 10.0}),
    "pseudo_labels": ([SIMILARITIES], {"temperature": 0.1, "zeta": 0.3, "contrast": 1.0}),
    "psi": ([SCORES, 0.2], {}),
    "scale_by_abundance": ([SCORES, OTHERS[:, :1]], {}),
    "scale_to_top": ([SCORES, OTHERS[0]], {}),
    "to_latent": ([SCORES], {}),
    "typical_top": ([SCORES], {}),
    "update_latent": ([SCORES, OTHERS], {"sigma": 0.2, "step_size": 0.15, "known": KNOWN}),
    "update_pseudo_labels": ([SCORES, OTHERS], {"sigma": 0.2, "step_size": 0.15, "known": KNOWN}),
}
OF_NO_ARRAYS = {"check_grids", "grid_boxes"}
FUNCTIONS = {name for name in method.__all__ if inspect.isfunction(getattr(method, name))}


def as_tensor(value: Any) -> Any:
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


def test_no_function_is_left_out() -> None:
    assert CALLS.keys() | OF_NO_ARRAYS == FUNCTIONS


@pytest.mark.parametrize("name", CALLS)
def test_tensors_give_what_arrays_give(name: str) -> None:
    arguments, named = CALLS[name]
    function = getattr(method, name)
    expected = function(*arguments, **named)
    found = function(*map(as_tensor, arguments), **{key: as_tensor(value) for key, value in named.items()})
    if name == "mean_average_precision":
        expected, found = expected.value, found.value
    assert isinstance(found, torch.Tensor) == isinstance(expected, np.ndarray)
    if isinstance(found, torch.Tensor):
        assert found.dtype == torch.from_numpy(np.asarray(expected)).dtype
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6)


def test_gradients_flow_through_the_published_stage_one() -> None:
    similarities = torch.tensor(SIMILARITIES, requires_grad=True)
    method.pseudo_labels(similarities, temperature=0.1, zeta=0.5, rerank=False)[0, 0].backward()
    assert similarities.grad is not None
    assert similarities.grad.abs().sum() > 0


def test_arrays_never_open_torch() -> None:
    told = (
        "import sys, numpy as np; from engine import method;"
        "made = method.pseudo_labels(np.random.rand(4, 3, 9), temperature=0.1);"
        "method.update_pseudo_labels(made, made, sigma=0.2, step_size=0.15);"
        "print(sorted({'torch', 'sqlalchemy', 'PIL', 'scipy'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_its_example_runs(name: str) -> None:
    function = getattr(method, name)
    module = importlib.import_module(function.__module__)
    examples = doctest.DocTestFinder(recurse=False).find(function, name, globs=dict(vars(module)))
    assert [test for test in examples if test.examples], "it has no example"
    for test in examples:
        assert doctest.DocTestRunner().run(test).failed == 0
