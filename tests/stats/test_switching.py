"""Stays and switches by chance: worked by hand, by dealing, and by their sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats.switching import FREE_FROM, dealt, drawn_freely, exchanged

COUNTS = arrays(np.int64, (3, 4), elements=st.integers(0, 30))


def test_two_cells_by_hand() -> None:
    before = [[6, 3, 0], [2, 0, 4]]
    orders = [[5, 3, 2], [1, 1, 6]]
    by_size = dealt(before, orders)
    assert by_size[0] == pytest.approx([6 * 0.5 + 2 / 8, 6 * 0.3 + 2 / 8, 6 * 0.2 + 2 * 6 / 8])
    assert by_size[2] == pytest.approx([4 / 8, 4 / 8, 3])
    elsewhere = exchanged(before, orders)
    assert elsewhere[0, 1:] == pytest.approx([6 * 3 / 5 + 2 / 7, 6 * 2 / 5 + 2 * 6 / 7])
    assert elsewhere[1, [0, 2]] == pytest.approx([3 * 5 / 7, 3 * 2 / 7])
    assert np.isnan(np.diag(elsewhere)).all()


@given(COUNTS, COUNTS)
def test_all_who_are_dealt_go_somewhere(before: np.ndarray, orders: np.ndarray) -> None:
    """Where there is anything to go to at all."""
    some = orders.sum(axis=1, keepdims=True) > 0
    assert dealt(before, orders).sum(axis=1) == pytest.approx((before * some).sum(axis=0))
    others = orders.sum(axis=1, keepdims=True) > orders
    assert np.nansum(exchanged(before, orders), axis=1) == pytest.approx(
        (before * others).sum(axis=0)
    )


def test_dealing_gives_what_is_expected() -> None:
    """Stores dealt to the orders of a cell, whose buyers' orders before stay what they were."""
    random = np.random.default_rng(3)
    store = np.repeat([0, 1, 2, 3], [40, 25, 20, 15])
    before = random.integers(0, 4, 100)
    own = np.bincount(store, minlength=4)[None, :]
    draws = [np.zeros((4, 4)) for _ in range(2)]
    rounds = 4000
    for _ in range(rounds):
        seen = np.zeros((4, 4))
        np.add.at(seen, (before, random.permutation(store)), 1)
        left = (seen.sum(axis=1) - np.diag(seen))[None, :]
        draws[0] += seen - dealt(np.bincount(before, minlength=4)[None, :], own)
        draws[1] += seen - np.nan_to_num(exchanged(left, own), nan=0) - np.diag(np.diag(seen))
    for drawn in draws:
        assert np.abs(drawn / rounds).max() < 0.15


def test_rates_of_losing_and_drawing_are_taken_out() -> None:
    """Whatever each store loses and draws; and the pair's own switches do not tell of it."""
    expected = np.array([[9, 4, 3, 2], [5, 9, 2, 6], [1, 7, 9, 2], [3, 3, 5, 9]], dtype=float)
    flows = np.array([0.5, 2, 1, 3])[:, None] * expected * np.array([1, 0.2, 2, 1.5])
    truth = flows.copy()
    np.fill_diagonal(truth, np.nan)
    assert drawn_freely(flows, expected) == pytest.approx(truth, rel=1e-6, nan_ok=True)
    tied = flows.copy()
    tied[1, 2] *= 5
    tied[2, 1] *= 3
    found = drawn_freely(np.stack([flows, tied]), expected)
    assert found.shape == (2, 4, 4)
    assert found[1, 1, 2] == pytest.approx(truth[1, 2], rel=1e-6)
    assert found[1, 2, 1] == pytest.approx(truth[2, 1], rel=1e-6)
    assert found[0] == pytest.approx(truth, rel=1e-6, nan_ok=True)


def test_three_stores_say_nothing_and_neither_does_an_empty_one() -> None:
    three = np.ones((FREE_FROM - 1, FREE_FROM - 1))
    assert np.isnan(drawn_freely(three, three)).all()
    flows = np.ones((4, 4))
    flows[3, :2] = flows[:2, 3] = 0
    found = drawn_freely(flows, np.ones((4, 4)))
    assert np.isnan(found[2, 3])
    assert np.isfinite(found[0, 1])


@pytest.mark.parametrize("function", [dealt, exchanged, drawn_freely])
def test_negative_numbers_are_refused(function) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        function(-np.ones((4, 4)), np.ones((4, 4)))
