"""Price gaps: linear in purchases, so that few pieces tell no lie; noise alone is no gap."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from channelscope.stats.dealing import deal_order
from channelscope.stats.price_gaps import gap_distance, gap_noise, mean_gap, price_gaps


def test_two_stores_that_price_alike_are_alike_over_all_ways_to_part_their_purchases():
    """Four purchases of one product in one week: whoever made them, the parts cancel."""
    paid = np.array([30.0, 9.0, 22.0, 8.5])
    units = np.array([4.0, 1.0, 3.0, 1.0])
    total = 0.0
    for who in product((0, 1), repeat=4):
        mine = np.array(who, dtype=bool)
        sides = [(paid[side].sum(), units[side].sum()) for side in (mine, ~mine)]
        if min(units for _, units in sides) > 0:
            (pa, ua), (pb, ub) = sides
            total += (ub * pa - ua * pb) / (ua + ub)
    assert total == pytest.approx(0.0, abs=1e-12)


def test_a_small_store_with_coupons_is_not_dearer_for_its_size():
    """Half of the baskets are of three pieces at a better price; a tenth of them is compared."""
    random = np.random.default_rng(3)
    means, plain = [], []
    for _ in range(400):
        week = random.integers(0, 52, 1100)
        units = random.choice([1.0, 3.0], 1100)
        paid = units * 10 * np.where(units > 1, 0.8, 1.0)
        small = random.random(1100) < 1 / 11
        cells = [
            np.bincount(week[side], weights=part[side], minlength=52)[None]
            for side in (small, ~small)
            for part in (paid, units)
        ]
        means.append(price_gaps(*cells).gap[0])
        known = (cells[1] > 0) & (cells[3] > 0)
        log = np.log(cells[0][known] / cells[1][known] * cells[3][known] / cells[2][known])
        plain.append(log.mean())
    assert np.mean(means) == pytest.approx(0.0, abs=0.003)
    # The mean log ratio of weekly unit values makes the small store dearer by two per cent.
    assert np.mean(plain) > 0.015


def stores(random, *, gap=0.0, scatter=0.0, noise=0.05, items=60, weeks=26):
    units = random.integers(1, 5, (2, items, weeks)).astype(float)
    level = np.stack([np.zeros(items), gap + scatter * random.normal(size=items)])
    price = 10 * np.exp(level[:, :, None] + noise * random.normal(size=(2, items, weeks)))
    paid = units * price
    return paid[0], units[0], paid[1], units[1]


@pytest.mark.parametrize("gap", [0.0, 0.03, -0.15])
def test_the_mean_gap_is_that_of_the_stores_whatever_the_noise(gap):
    for noise in (0.02, 0.15):
        random = np.random.default_rng(5)
        found = []
        for _ in range(30):
            gaps = price_gaps(*stores(random, gap=gap, noise=noise))
            found.append(mean_gap(gaps, gap_noise(gaps))[0])
        assert np.mean(found) == pytest.approx(abs(gap), abs=0.006)


def test_scatter_around_the_same_level_is_a_gap_too():
    random = np.random.default_rng(6)
    gaps = price_gaps(*stores(random, scatter=0.10, items=400))
    # The mean size of a normal value is 0.798 of its deviation.
    assert mean_gap(gaps, gap_noise(gaps))[0] == pytest.approx(0.0798, abs=0.008)


def distance(random, **how):
    paid_a, units_a, paid_b, units_b = stores(random, **how)
    gaps = price_gaps(paid_a, units_a, paid_b, units_b)
    groups = random.integers(0, 64, paid_a.shape)

    def by_group(part):
        return np.stack([np.where(groups == g, part, 0.0).sum(axis=1) for g in range(64)])

    buyers = tuple(by_group(part) for part in (paid_a, units_a, paid_b, units_b))
    signs = random.choice([-1.0, 1.0], (299, paid_a.shape[1]))
    return gap_distance(gaps, signs, deal_order(64, draws=299, seed=2), buyers=buyers, full=0.30)


def test_the_distance_is_the_mean_gap_in_parts_of_the_full_one():
    found = distance(np.random.default_rng(9), gap=0.15)
    assert found.value == pytest.approx(0.5, abs=0.03)
    assert found.lo < 0.5 < found.hi
    assert found.p_value < 1e-4


def test_stores_that_price_alike_are_rarely_called_different():
    random = np.random.default_rng(10)
    found = [distance(random) for _ in range(60)]
    assert sum(each.p_value <= 0.05 for each in found) <= 6


def test_prices_further_apart_than_the_scale_stand_at_its_end():
    found = distance(np.random.default_rng(12), gap=0.9)
    assert (found.value, found.lo, found.hi) == (1.0, 1.0, 1.0)


def test_products_without_a_common_week_take_no_part():
    paid = np.array([[10.0, 0.0], [10.0, 10.0]])
    units = (paid > 0).astype(float)
    gaps = price_gaps(paid, units, paid[:, ::-1], units[:, ::-1])
    assert gaps.items.tolist() == [1]
    assert gaps.weight.sum() == pytest.approx(1.0)
