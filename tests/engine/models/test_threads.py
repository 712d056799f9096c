"""Work is shared out among threads that do not share their products."""

import threading
from contextlib import closing

import pytest
import torch

from engine.models.threads import map_in_threads


def test_results_come_in_order_and_torch_computes_as_before_afterwards() -> None:
    before = torch.get_num_threads()
    made = list(map_in_threads(lambda number: (number * 2, torch.get_num_threads()), range(20)))
    assert made == [(number * 2, 1) for number in range(20)]
    assert torch.get_num_threads() == before
    later: list[int] = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert later == [before]


def test_what_goes_wrong_is_raised_where_the_results_are_taken() -> None:
    with pytest.raises(ZeroDivisionError):
        list(map_in_threads(lambda number: 1 / number, [2, 1, 0]))


def test_what_nobody_takes_any_more_is_not_made() -> None:
    made: list[int] = []
    with closing(map_in_threads(made.append, range(1000))) as results:
        next(results)
    assert len(made) < 20
