"""Counts with an effect of each product and week: against dummies, refits, and simulated stores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.stats.count_effects import count_effects
from tests.stats.panels import Bools, Floats, between_sales, deals, dense, sales


@pytest.fixture(scope="module")
def panel() -> tuple[Floats, Floats, Bools]:
    rng = np.random.default_rng(5)
    regressors = np.array([deals(rng, products=25, weeks=20, a_week=k) for k in (2, 3)])
    regressors[1] *= rng.choice([0.4, 1.0], size=(25, 20))
    units = sales(rng, regressors[0] + 0.5 * regressors[1], lift=1.8)
    used = rng.random((25, 20)) < 0.85
    # Products of which everything was sold in one cell tell nothing and fit any height.
    return units, regressors, used & (units.sum(axis=1) > 2)[:, None]


def test_it_is_the_fit_with_a_dummy_for_each_product_and_week(
    panel: tuple[Floats, Floats, Bools],
) -> None:
    found = count_effects(*panel)
    assert found.effect == pytest.approx(dense(*panel), abs=1e-8)
    alone = count_effects(panel[0], panel[1][:1], panel[2])
    assert alone.effect == pytest.approx(dense(panel[0], panel[1][:1], panel[2]), abs=1e-8)
    assert abs(float(alone.effect[0] - found.effect[0])) > 0.001


def test_without_noise_it_is_least_squares_of_logarithms() -> None:
    rng = np.random.default_rng(6)
    deal = deals(rng, products=8, weeks=11, a_week=2)
    units = np.exp(rng.normal(1, 1, (8, 1)) + rng.normal(0, 0.5, 11) + 0.7 * deal)
    used = rng.random((8, 11)) < 0.8
    at = np.argwhere(used)
    design = np.zeros((len(at), 20))
    design[np.arange(len(at)), at[:, 0]] = 1
    design[np.arange(len(at)), 8 + at[:, 1]] = 1
    design[:, 19] = deal[used]
    logs = np.linalg.lstsq(design, np.log(units[used]), rcond=None)[0]
    assert logs[19] == pytest.approx(0.7)
    # Nothing moves when a product is left out: that is no certainty.
    moved = count_effects(units * np.exp(0.05 * rng.normal(size=units.shape)), deal[None], used)
    assert moved.effect[0] == pytest.approx(0.7, abs=0.05)
    assert np.isnan(count_effects(units, deal[None], used).effect[0])


def test_a_product_left_out_is_nearly_a_fit_without_it(
    panel: tuple[Floats, Floats, Bools],
) -> None:
    units, regressors, used = panel
    found = count_effects(units, regressors, used)
    steps = []
    for product in range(len(used)):
        rest = np.arange(len(used)) != product
        again = count_effects(units[rest], regressors[:, rest], used[rest])
        steps.append(again.effect)
    refitted = np.array(steps)
    taking_part = np.isfinite(found.replicates[:, 0])
    assert taking_part.sum() > 20
    moves = refitted[taking_part] - found.effect
    assert np.abs(found.replicates[taking_part] - refitted[taking_part]).max() < 0.35 * (
        np.abs(moves).max()
    )
    many = taking_part.sum()
    by_hand = np.sqrt((many - 1) / many * ((refitted - refitted.mean(0))[taking_part] ** 2).sum(0))
    assert found.error == pytest.approx(by_hand, rel=0.1)


def test_weeks_without_a_sale_count() -> None:
    """Logarithms of what was sold where something was sold see half of the effect."""
    rng = np.random.default_rng(7)
    effects, logs = [], []
    for _ in range(20):
        deal = deals(rng, products=60, weeks=40, a_week=4)
        units = sales(rng, deal, lift=1.6, mean=1.5, own=0, scatter=0.2)
        effects.append(count_effects(units, deal[None], between_sales(units)).effect[0])
        sold = units > 0
        seen = [np.log(units[sold & (deal == on)]).mean() for on in (0, 1)]
        logs.append(seen[1] - seen[0])
    assert np.exp(np.mean(effects)) == pytest.approx(1.6, abs=0.06)
    assert np.exp(np.mean(logs)) < 1.45


@pytest.mark.parametrize(
    ("lift", "products", "a_week", "mean"),
    [(1.0, 60, 5, 2.4), (1.6, 40, 4, 2.4), (1.0, 15, 2, 2.0)],
)
def test_intervals_hold_the_truth_and_nothing_is_found_where_nothing_is(
    lift: float, products: int, a_week: int, mean: float
) -> None:
    rng = np.random.default_rng(8)
    runs, held, told = 250, 0, 0
    for _ in range(runs):
        deal = deals(rng, products=products, weeks=40, a_week=a_week)
        units = sales(rng, deal, lift=lift, mean=mean)
        found = count_effects(units, deal[None], between_sales(units))
        held += int(found.lo[0] <= np.log(lift) <= found.hi[0])
        told += int(found.p_value[0] <= 0.05)
    # 250 draws of 0.95: 99.9% of them between 0.905 and 0.995.
    assert 0.905 <= held / runs <= 0.995
    assert told == (runs - held if lift == 1 else told)
    assert lift == 1 or told > 0.9 * runs


def absorbed(panel: tuple[Floats, Floats, Bools]) -> dict[str, Floats]:
    units, (first, _), _ = panel
    week, product = np.zeros_like(first), np.zeros_like(first)
    week[:, 3:6], product[4:9] = 1, 1
    one, two = np.zeros_like(first), np.zeros_like(first)
    one[7, 4], two[7, 4], two[8, 9] = 1, 1, 1
    unsold = (units == 0) & (first == 0)
    return {
        "nothing": np.zeros((1, *first.shape)), "everything": np.ones((1, *first.shape)),
        "all products of a week": week[None], "all weeks of a product": product[None],
        "always together": np.array([first, first]), "one product": one[None],
        "two products": two[None], "only what never sells": unsold[None].astype(float),
    }  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["nothing", "everything", "all products of a week", "all weeks of a product",
     "always together", "one product", "two products", "only what never sells"],
)  # fmt: skip
def test_what_cannot_be_told_apart_is_not_known(
    panel: tuple[Floats, Floats, Bools], name: str
) -> None:
    found = count_effects(panel[0], absorbed(panel)[name], panel[2])
    for values in (found.effect, found.lo, found.hi, found.error, found.p_value):
        assert np.isnan(values).all()


def test_what_is_not_known_leaves_the_rest_alone(panel: tuple[Floats, Floats, Bools]) -> None:
    units, regressors, used = panel
    week = np.zeros_like(units)
    week[:, 3:6] = 1
    beside = count_effects(units, np.array([week, *regressors]), used)
    assert np.isnan(beside.effect[0])
    expected = count_effects(units, regressors, used)
    assert beside.effect[1:] == pytest.approx(expected.effect, abs=1e-7)
    assert beside.error[1:] == pytest.approx(expected.error, rel=1e-5)


@pytest.mark.parametrize("shape", [(0, 5), (1, 5), (5, 1), (2, 2), (3, 0)])
def test_too_small_a_panel_tells_nothing(shape: tuple[int, int]) -> None:
    units = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    deal = (np.indices(shape).sum(axis=0) % 2).astype(float)
    found = count_effects(units, deal[None], np.ones(shape, dtype=bool))
    assert np.isnan(found.effect).all()
    assert found.replicates.shape == (shape[0], 1)
    assert count_effects(units, np.empty((0, *shape)), units > 0).effect.shape == (0,)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 50), st.floats(0.5, 4))
def test_units_of_measure_and_order_do_not_matter(seed: int, size: float, step: float) -> None:
    rng = np.random.default_rng(seed)
    deal = deals(rng, products=12, weeks=14, a_week=2)
    units = sales(rng, deal, lift=1.5, mean=4)
    used = rng.random(units.shape) < 0.9
    found = count_effects(units, deal[None], used)
    rows, weeks = rng.permutation(12), rng.permutation(14)
    cut = np.ix_(rows, weeks)
    moved = step * deal + rng.normal(size=(12, 1)) + rng.normal(size=14)
    again = count_effects(size * units[cut], moved[cut][None], used[cut])
    assert step * again.effect == pytest.approx(found.effect, abs=1e-6, nan_ok=True)
    assert step * again.error == pytest.approx(found.error, rel=1e-4, nan_ok=True)
    assert again.freedom == pytest.approx(found.freedom, rel=1e-4, nan_ok=True)


def test_cells_that_are_not_used_are_not_read(panel: tuple[Floats, Floats, Bools]) -> None:
    units, regressors, used = panel
    dirty = count_effects(np.where(used, units, np.nan), np.where(used, regressors, np.inf), used)
    assert dirty.effect == pytest.approx(count_effects(units, regressors, used).effect, abs=1e-12)


@pytest.mark.parametrize("wrong", ["shape", "negative", "nan", "regressor"])
def test_what_is_no_panel_is_refused(panel: tuple[Floats, Floats, Bools], wrong: str) -> None:
    units, regressors, used = (part.copy() for part in panel)
    row, week = np.argwhere(used)[0]
    if wrong == "shape":
        regressors = regressors[:, :-1]
    elif wrong == "regressor":
        regressors[0, row, week] = np.nan
    else:
        units[row, week] = -1 if wrong == "negative" else np.nan
    with pytest.raises(ValueError, match="expected"):
        count_effects(units, regressors, used)
