"""An event in progress: sums carry the projection, the days' own unevenness its range."""

from __future__ import annotations

from itertools import product, zip_longest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from channelscope.stats.projection import BY_SIZE, MEMORY, PEAKS, USUAL, Projection, project

NAN = np.nan
LAST = [100.0, 60, 40, 40, 60, 40, 40, 60, 40, 200]
THIS = [150.0, 70, 60, 50, 80, 45]

SALES = st.floats(0.5, 1e6)


@st.composite
def events(draw: st.DrawFn) -> tuple[list[float], list[float]]:
    """Days so far, some without sales, and last year's days; both years sold something."""
    days = draw(st.integers(4, 30))
    gone = draw(st.integers(3, days - 1))
    may_be_none = st.one_of(SALES, st.just(0.0))
    this = draw(st.lists(may_be_none, min_size=gone - 1, max_size=gone - 1))
    last = draw(st.lists(may_be_none, min_size=days - 2, max_size=days - 2))
    return [draw(SALES), *this], [draw(SALES), *last, draw(SALES)]


def width(found: Projection) -> float:
    return float(np.log(found.high / found.low))


def test_the_total_is_what_is_sold_and_last_years_rest_at_the_growth_so_far() -> None:
    found = project(THIS, LAST)
    assert found.sold == 455 and found.compared == 6
    assert found.growth == pytest.approx(455 / 340 - 1)
    assert found.total == pytest.approx(455 + 340 * 455 / 340)
    assert found.to_come == pytest.approx(455)


def test_days_that_all_grow_alike_end_exactly_there() -> None:
    found = project([1.25 * day for day in LAST[:6]], LAST)
    assert found.total == pytest.approx(1.25 * sum(LAST))
    assert found.growth == pytest.approx(0.25)
    noisy = project(THIS, LAST)
    assert width(found) < width(noisy) / 2
    # Even then something may come otherwise: one day's worth of what years usually differ by.
    assert found.low < found.total < found.high


@pytest.mark.parametrize(
    ("this", "last"),
    [
        (THIS, LAST),
        # A refunded day in either year, a day that is not known and one that last year had not.
        ([150.0, -20, NAN, 60, 50, 80, 45], [100.0, 60, 70, NAN, 40, -10, 30, 0, 50, -20, 200]),
    ],
)
def test_the_range_is_that_of_a_model_whose_scale_is_integrated_out(
    this: list[float], last: list[float]
) -> None:
    """Harville's marginal likelihood is that of contrasts, which follow a multivariate t."""
    pairs = list(zip_longest(this, last, fillvalue=NAN))
    told = [at for at, pair in enumerate(pairs) if not np.isnan(pair).any()]
    ahead = [at for at, (now, _) in enumerate(pairs) if np.isnan(now)]
    days, gone = [*told, *ahead], len(told)
    now, then = np.array([pairs[at] for at in told]).T
    rest = np.array([last[at] for at in ahead])
    grown = now.sum() / then.sum()
    now, then = np.maximum(now / grown, 0), np.maximum(then, 0)
    gap = (now - then) / ((now + then) / 2)
    size = np.concatenate(((now + then) / 2, np.maximum(rest, 0)))
    weight = size / np.repeat((-size[:gone].sum(), size[gone:].sum()), (gone, len(ahead)))
    size = np.maximum(size / size.mean(), 1e-3)
    wide = np.sqrt(1 + PEAKS * np.maximum(np.log(size / np.median(size)), 0) ** 2)
    contrasts = np.linalg.qr(np.c_[np.ones(gone), np.eye(gone)[:, 1:]])[0][:, 1:].T
    seen = contrasts @ gap
    fits, variances = [], []
    for memory, by_size in product(MEMORY, BY_SIZE):
        shape = np.array([[
            (1 - by_size) * memory ** abs(days[a] - days[b]) * wide[a] * wide[b]
            + (a == b) * by_size / size[a]
            for b in range(len(days))] for a in range(len(days))])  # fmt: skip
        among = contrasts @ shape[:gone, :gone] @ contrasts.T
        fits.append(stats.multivariate_t(shape=USUAL**2 * among, df=1).pdf(seen))
        scale = (USUAL**2 + seen @ np.linalg.solve(among, seen)) / gone
        variances.append([scale * part @ shape @ part for part in
                          (weight, np.where(weight < 0, weight, 0))])  # fmt: skip
    outcome, lasting = np.sqrt(np.average(variances, axis=0, weights=fits)) * stats.t(gone).ppf(0.9)
    found = project(this, last)
    assert found.compared == gone
    assert found.to_come == pytest.approx(grown * rest.sum())
    assert found.high == pytest.approx(found.sold + found.to_come * np.exp(outcome))
    assert found.low == pytest.approx(found.sold + found.to_come * np.exp(-outcome))
    assert found.growth_high == pytest.approx(grown * np.exp(lasting) - 1)
    assert found.growth_low == pytest.approx(grown * np.exp(-lasting) - 1)


def test_the_range_narrows_as_days_pass() -> None:
    random = np.random.default_rng(3)
    last = np.concatenate((random.lognormal(4, 0.3, 20), [400.0]))
    this = 1.2 * last * random.lognormal(0, 0.15, 21)
    widths = [width(project(this[:gone], last)) for gone in (4, 8, 12, 16)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[-1]


def test_a_higher_level_is_a_wider_range() -> None:
    few, usual, most = (project(THIS, LAST, level=level) for level in (0.5, 0.8, 0.95))
    assert width(few) < width(usual) < width(most)
    assert usual == project(THIS, LAST)
    assert few.total == most.total


def test_one_big_day_to_come_is_less_certain_than_many_of_the_same_sum() -> None:
    spread = project(THIS, [*LAST[:6], 85, 85, 85, 85])
    peak = project(THIS, [*LAST[:6], 20, 20, 20, 280])
    assert spread.total == pytest.approx(peak.total)
    assert width(spread) < width(peak)


@given(events(), st.floats(1e-3, 1e3))
def test_what_is_projected_follows_the_money(
    event: tuple[list[float], list[float]], factor: float
) -> None:
    this, last = event
    plain = project(this, last)
    other = project(np.multiply(this, factor), last)
    assert other.total == pytest.approx(plain.total * factor)
    assert (other.low, other.high) == pytest.approx((plain.low * factor, plain.high * factor))
    both = project(np.multiply(this, factor), np.multiply(last, factor))
    assert both.growth == pytest.approx(plain.growth)
    assert both.high == pytest.approx(plain.high * factor)
    ends = (plain.growth_low, plain.growth_high)
    assert (both.growth_low, both.growth_high) == pytest.approx(ends)


@given(events())
def test_a_range_holds_its_middle_and_nothing_below_what_is_sold(
    event: tuple[list[float], list[float]],
) -> None:
    found = project(*event)
    assert found.sold <= found.low <= found.total <= found.high < np.inf
    assert -1 <= found.growth_low <= found.growth <= found.growth_high < np.inf
    assert found.sold == pytest.approx(sum(event[0]))


def test_days_without_sales_and_days_of_refunds_count_in_the_sums() -> None:
    found = project([100.0, 0, -20, 60, 50], [80.0, 30, 10, -10, 40, 0, 50, 100])
    assert found.sold == 190
    assert found.growth == pytest.approx(190 / 150 - 1)
    assert found.total == pytest.approx(190 + 150 * 190 / 150)
    assert found.low < found.total < found.high < np.inf
    # A day on which neither year sold says nothing of how unevenly days grow.
    quiet = project([100.0, 0, 60, 50], [80.0, 0, 50, 40, 100])
    assert quiet.compared == 3


def test_a_day_that_is_not_known_is_projected_and_not_zero() -> None:
    found = project([110.0, NAN, 55, 55], [100.0, 40, 50, 50, 200])
    assert found.sold == 220 and found.compared == 3
    assert found.total == pytest.approx(220 + 1.1 * 240)


def test_days_that_last_year_did_not_have_are_sold_and_not_compared() -> None:
    found = project([110.0, 30, 55, 44], [100.0, NAN, 50, 40, NAN, 60])
    assert found.sold == 239 and found.compared == 3
    assert found.growth == pytest.approx(0.1)
    # The median of 100, 50, 40 and 60 stands in for the day to come.
    assert found.total == pytest.approx(239 + 1.1 * (55 + 60))


@pytest.mark.parametrize(
    ("so_far", "aligned", "level", "what"),
    [
        ([1.0, 2], [1.0, 2, 3, 4], 0.8, "at least 3 days"),
        ([1.0, 2, 3, 4], [1.0, 2, 3, 4], 0.8, "fewer than all"),
        ([[1.0, 2, 3]], [1.0, 2, 3, 4], 0.8, "days"),
        ([1.0, 2, 3], [[1.0, 2, 3, 4]], 0.8, "days"),
        ([1.0, NAN, 3], [1.0, 2, 3, 4], 0.8, "days to compare, got 2"),
        ([1.0, 2, 3], [NAN] * 5, 0.8, "days to compare, got 0"),
        ([1.0, np.inf, 3], [1.0, 2, 3, 4], 0.8, "finite"),
        ([1.0, 2, 3], [1.0, 2, 3, -np.inf], 0.8, "finite"),
        ([0.0, 0, 0], [1.0, 2, 3, 4], 0.8, "so_far: on the days compared"),
        ([5.0, -9, 1], [1.0, 2, 3, 4], 0.8, "so_far: on the days compared"),
        ([1.0, 2, 3], [0.0, 0, 0, 4], 0.8, "aligned: on the days compared"),
        ([1.0, 2, 3], [1.0, 2, 3, 0], 0.8, "aligned: on the days to project"),
        ([1.0, 2, 3], [1.0, 2, 3, 4], 1.0, "level"),
        ([1.0, 2, 3], [1.0, 2, 3, 4], 0.0, "level"),
        ([1.0, 2, 3], [1.0, 2, 3, 4], NAN, "level"),
    ],
)
def test_what_makes_no_sense_is_refused(
    so_far: list[float], aligned: list[float], level: float, what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        project(so_far, aligned, level=level)
