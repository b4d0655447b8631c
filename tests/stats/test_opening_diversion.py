"""What an opening took: a worked example, what changes nothing, and how often it is right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.stats.arrays import Floats
from channelscope.stats.opening_diversion import Cells, Diversion, diversion

ON = np.array([True, False, False, False, False])
BEFORE = np.array([[100.0, 50, 80, 60, 40], [30.0, 20, 10, 40, 20]])
AFTER = np.array([[80.0, 55, 88, 66, 44], [45.0, 30, 15, 60, 30]])


def cells(before: Floats = BEFORE, after: Floats = AFTER, *, noise: float = 0.01) -> Cells:
    return Cells(before, after, before * noise, after * noise)


def read(given: Cells, *, gained: float = 60.0, **more: float) -> Diversion:
    return diversion(given, exposed=ON, controls=~ON, gained=gained, **more)


def test_a_store_is_held_against_its_other_categories() -> None:
    """All else grew by a tenth, and by half: 110 and 45 were to be expected."""
    found = read(cells())
    assert found.share == pytest.approx([0.5, 0.0])
    assert found.expected == pytest.approx([110, 45])
    assert found.sold == pytest.approx([80, 45])
    assert found.lo[0] > 0 > found.lo[1]


def test_the_noise_of_orders_is_what_the_squares_say() -> None:
    """No drift: the variance is that of the exposed sums and of the growth of four others."""
    found = read(cells())
    noise = 0.01 * (1 / BEFORE[0] + 1 / AFTER[0])
    growth = 1 / (1 / noise[1:]).sum()
    variance = 110**2 * (0.01 / 100 + growth) + 0.01 * 80
    assert found.error[0] == pytest.approx(np.sqrt(variance) / 60)
    assert found.freedom[0] == pytest.approx(60)


def test_categories_that_drift_apart_widen_the_interval_of_all_stores() -> None:
    wild = AFTER.copy()
    wild[0, 1:] *= [0.7, 1.3, 0.8, 1.25]
    quiet, restless = read(cells()), read(cells(after=wild))
    assert (restless.error > 2 * quiet.error).all()
    assert restless.error[0] > restless.error[1]
    assert (restless.freedom < 10).all()
    moved = np.log(wild[0, 1:] / BEFORE[0, 1:])
    # Drift this large is all there is: what a new category of the same kind would scatter.
    expected = 100 * np.exp(moved.mean()) * moved.std(ddof=1) * np.sqrt(1 + 1 / 4) / 60
    assert restless.error[0] == pytest.approx(expected, rel=0.05)


def test_what_cannot_be_told_is_not_told() -> None:
    few = BEFORE.copy()
    few[0, 3:] = 0  # two categories are left
    nothing = BEFORE.copy()
    nothing[1, 0] = 0
    found = read(cells(np.stack([few[0], nothing[1]]), AFTER))
    assert np.isnan(found.share).all()
    assert np.isnan(found.lo).all()
    assert np.isnan(found.expected[0])
    assert found.expected[1] == 0
    assert np.isnan(read(cells(), gained=0.0).share).all()


def test_what_was_put_into_the_cells_comes_with_its_variance() -> None:
    plain, more = read(cells()), read(cells(), extra=36.0)
    assert more.error**2 == pytest.approx(plain.error**2 + 36 / 3600)


def test_shapes_that_do_not_agree_are_refused() -> None:
    with pytest.raises(ValueError, match="expected cells"):
        read(replace(cells(), after=AFTER[:1]))
    with pytest.raises(ValueError, match="a category cannot be"):
        diversion(cells(), exposed=ON, controls=ON, gained=1.0)


@given(st.floats(0.2, 5), st.floats(0.2, 5))
def test_money_in_other_units_and_growth_of_all_change_no_share(unit: float, growth: float) -> None:
    """`growth`: of everything in all stores, the loss with it."""
    plain = read(cells())
    scaled = Cells(
        BEFORE * unit, AFTER * unit * growth, BEFORE * 0.01 * unit**2,
        AFTER * 0.01 * (unit * growth) ** 2,
    )  # fmt: skip
    found = read(scaled, gained=60 * unit * growth)
    assert found.share == pytest.approx(plain.share)
    assert found.error == pytest.approx(plain.error, rel=1e-6)


def test_nothing_taken_is_rarely_told_and_what_is_taken_is_held() -> None:
    """300 openings in three stores of six categories that drift: at least 90% hold the truth."""
    rng = np.random.default_rng(5)
    on = np.array([True, True, *[False] * 4])
    taken, gained = np.array([0.4, 0.2, 0.0]), 300.0
    held = []
    for _ in range(300):
        before = rng.uniform(400, 900, (3, 6))
        drift = rng.normal(0, 0.03, (1, 6)) + rng.normal(0, 0.03, (3, 6))
        mean = before * np.exp(0.1 + drift)
        mean[:, on] -= (taken * gained / 2)[:, None]
        sums = [rng.poisson(values).astype(float) for values in (before, mean)]
        found = diversion(Cells(*sums, *sums), exposed=on, controls=~on, gained=gained)
        held.append((found.lo <= taken) & (taken <= found.hi))
    assert (np.mean(held, axis=0) >= 0.9).all()
    assert np.mean(held) < 0.995
