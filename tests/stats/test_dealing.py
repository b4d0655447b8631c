"""Dealt buyers: stores alike are at distance none, stores apart at theirs, whatever their sizes."""

from __future__ import annotations

import numpy as np
import pytest

from channelscope.stats.dealing import deal_order, dealt, mix_distance
from channelscope.stats.distances import jensen_shannon

ORDER = deal_order(64, draws=299, seed=11)


def drawn(random, mix, buyers):
    """Purchases by group of buyers and item; a buyer buys the same item several times."""
    item = random.choice(len(mix), buyers, p=mix)
    found = np.zeros((64, len(mix)))
    np.add.at(found, (random.integers(0, 64, buyers), item), random.integers(1, 6, buyers))
    return found


MIX = np.arange(1, 31) / np.arange(1, 31).sum()
OTHER = MIX[::-1]


@pytest.mark.parametrize("sizes", [(800, 800), (4000, 400)])
def test_stores_alike_are_at_no_distance_on_average(sizes):
    random = np.random.default_rng(7)
    found = [
        mix_distance(drawn(random, MIX, sizes[0]), drawn(random, MIX, sizes[1]), ORDER)
        for _ in range(120)
    ]
    values = np.array([each.value for each in found])
    raw = np.mean([each.null_mean for each in found])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(120) + 0.05 * raw
    assert np.mean([each.p_value <= 0.05 for each in found]) < 0.12


def test_stores_apart_are_at_their_distance_whatever_their_sizes():
    random = np.random.default_rng(8)
    truth = float(jensen_shannon(MIX, OTHER))
    for size in (4000, 400):
        found = [
            mix_distance(drawn(random, MIX, 4000), drawn(random, OTHER, size), ORDER)
            for _ in range(40)
        ]
        assert np.mean([each.value for each in found]) == pytest.approx(truth, abs=0.02)
        assert max(each.p_value for each in found) < 1e-6


def test_nothing_in_common_is_a_distance_of_one():
    first, second = np.zeros((64, 4)), np.zeros((64, 4))
    first[:, :2], second[:, 2:] = 1.0, 2.0
    found = mix_distance(first, second, ORDER)
    assert found.value == pytest.approx(1.0)
    assert found.lo == pytest.approx(1.0)


def test_dealing_keeps_every_group_whole_and_all_of_the_money():
    pooled = np.random.default_rng(1).random((64, 5))
    first, second, scale = dealt(pooled, ORDER, share=0.25)
    assert first + second == pytest.approx(np.broadcast_to(pooled.sum(axis=0), (299, 5)))
    assert (first.sum(axis=1) < second.sum(axis=1)).all()
    assert scale == pytest.approx(1.0)


def test_a_share_smaller_than_a_group_is_made_up_for():
    first, _, scale = dealt(np.ones(64), ORDER, share=1 / 640)
    assert (first == 1).all()
    assert scale == pytest.approx((640 + 640 / 639) / (64 + 64 / 63))


def test_orders_are_permutations_and_repeat_with_their_seed():
    assert (np.sort(ORDER, axis=1) == np.arange(64)).all()
    assert (deal_order(64, draws=299, seed=11) == ORDER).all()
    assert (deal_order(64, draws=299, seed=12) != ORDER).any()


def test_a_store_without_anything_is_at_no_known_distance():
    assert np.isnan(mix_distance(np.zeros((64, 2)), np.ones((64, 2)), ORDER).value)


@pytest.mark.parametrize("share", [0.0, 1.0, 1.2])
def test_impossible_deals_are_an_error(share):
    with pytest.raises(ValueError, match="share"):
        dealt(np.ones(64), ORDER, share=share)
    with pytest.raises(ValueError, match="groups"):
        deal_order(1, draws=9, seed=1)
