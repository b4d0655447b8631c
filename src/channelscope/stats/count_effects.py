"""How much more is sold where something holds: counts with an effect of each product and week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.intervals import t_quantile
from channelscope.stats.resampling import MINIMUM_BLOCKS
from channelscope.stats.tails import t_p

STEPS = 60
"""Newton steps at most; a handful is usual."""
LONGEST = 2.0
"""The farthest that a step may go."""
CONVERGED = 1e-9
NOT_SEEN = 1e-7
"""A regressor of which less than this part is its own cannot be told from the others."""
FARTHEST = 15.0
"""A larger effect has no maximum: nothing, or everything, was sold where the regressor is on."""
NO_SPREAD = 1e-12
"""Products that agree better than this, counts being what they are, differ by rounding alone."""
AT_ONCE = 2**22
"""Numbers of the matrices that are solved at once, products being left out one by one."""


@dataclass(frozen=True, slots=True)
class CountEffects:
    """Log ratios of counts and how sure they are; nan = the data cannot tell.

    Shapes: (regressors,), but `replicates` (products, regressors): the effects with that product
    left out; nan where it takes no part, or where nothing is left to tell an effect by.
    """

    effect: Floats
    lo: Floats
    hi: Floats
    error: Floats
    freedom: Floats
    p_value: Floats
    replicates: Floats


def count_effects(
    units: npt.ArrayLike,
    regressors: npt.ArrayLike,
    used: npt.NDArray[np.bool_],
    *,
    level: float = 0.95,
) -> CountEffects:
    """Return by how much, in logarithms, counts are higher per unit of each regressor.

    To a shop owner: how many times as much of a product is sold in weeks with a promotion as in
    its other weeks, beside what the same weeks did to all products.

    The mean of a cell is exp(product + week + regressors x effects); the effects maximise the
    Poisson likelihood, of which only this mean is taken to be right. Unlike the mean of log units
    it takes weeks without a sale as they are: with a few pieces a week, logarithms of what was
    sold where something was sold understate every effect.

    Shapes: (products, weeks), (regressors, products, weeks), (products, weeks). Units: counts;
    logarithms of ratios.

    Args:
        units: Pieces sold; anything where not used.
        regressors: 1 where something holds, 0 where not, parts of a week between; or a logarithm.
        used: Cells in which the product could be bought.
        level: Coverage wanted.

    Returns:
        Effects with intervals by leaving out one product after the other, and t quantiles on one
        less than the effective number of products an effect rests on. nan where weeks, products
        and the other regressors leave nothing of a regressor (what covers all products of a week,
        two that always come together), and where fewer than three products tell of it or all hangs
        on one of them.

    Raises:
        ValueError: Shapes that do not agree, counts or regressors that are not known where used.

    Source: Santos Silva and Tenreyro (2006); the product effects drop out as in Hausman, Hall and
        Griliches (1984). Errors: MacKinnon, Nielsen and Webb (2023), one Newton step for each
        product left out; effective clusters: Carter, Schnepel and Steigerwald (2017).

    >>> sold = np.array([[2, 4, 2], [3, 3, 6], [9, 10, 9], [8, 4, 4]])
    >>> deal = np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0], [1, 0, 0]])
    >>> np.exp(count_effects(sold, deal[None], sold > 0).effect).round(2)
    array([2.02])
    """
    panel = _panel(units, regressors, used)
    replicates = np.full((len(used), panel.count), np.nan)
    if not panel.products.size or not panel.count:
        nothing = np.full(panel.count, np.nan)
        return CountEffects(nothing, nothing, nothing, nothing, nothing, nothing, replicates)
    model, effect = _fitted(panel)
    columns, scale = _solved(panel, model)
    seen = _is_seen(columns)[0] & (np.abs(effect) < FARTHEST)
    replicates[panel.products] = np.where(seen, _left_out(panel, model, effect), np.nan)
    error, freedom = _error(panel, model, columns[0] * scale[:, None], replicates[panel.products])
    told = np.where(np.isfinite(error), effect, np.nan)
    reach = t_quantile(freedom, level=level) * error
    return CountEffects(
        told, told - reach, told + reach, error, freedom, t_p(told, error, freedom), replicates
    )


@dataclass(frozen=True, slots=True)
class _Panel:
    """Products and weeks that sold anything. Shapes: (I,), (I, T), (K, I, T), (I, T)."""

    products: npt.NDArray[np.intp]
    units: Floats
    regressors: Floats
    used: Bools

    @property
    def count(self) -> int:
        return len(self.regressors)


@dataclass(frozen=True, slots=True)
class _Model:
    """Expected counts, their totals by product, regressors about their mean in each product."""

    expected: Floats
    totals: Floats
    centred: Floats


def _panel(units: npt.ArrayLike, regressors: npt.ArrayLike, used: npt.ArrayLike) -> _Panel:
    within = np.asarray(used, dtype=bool)
    counts, given = np.asarray(units, np.float64), np.asarray(regressors, np.float64)
    if within.ndim != 2 or counts.shape != within.shape or given.shape[1:] != within.shape:
        raise ValueError("expected (products, weeks), regressors (any number, products, weeks)")
    counts = np.where(within, counts, 0.0)
    given = np.where(within, given, 0.0)
    if not (np.isfinite(counts).all() and np.isfinite(given).all() and (counts >= 0).all()):
        raise ValueError("expected known counts of zero or more and known regressors where used")
    rows = np.flatnonzero((counts.sum(axis=1) > 0) & (within.sum(axis=1) > 1))
    weeks = np.flatnonzero(counts[rows].sum(axis=0) > 0)
    cut = np.ix_(rows, weeks)
    return _Panel(rows, counts[cut], given[:, rows][:, :, weeks], within[cut])


def _fitted(panel: _Panel) -> tuple[_Model, Floats]:
    """The maximum, by Newton; the smallest of those that cannot be told apart."""
    weeks = panel.units.shape[1]
    place = np.zeros(weeks + panel.count)
    for _ in range(STEPS):
        model = _model(panel, place)
        score = _scores(panel, model).sum(axis=0)
        step = np.linalg.lstsq(_information(model), score, rcond=NOT_SEEN**2)[0]
        longest = float(np.abs(step).max())
        place += step / max(1.0, longest / LONGEST)
        if longest < CONVERGED:
            break
    return _model(panel, place), place[weeks:]


def _model(panel: _Panel, place: Floats) -> _Model:
    """Within a product, the sale of its total falls on weeks as their heights say."""
    weeks = panel.units.shape[1]
    height = place[:weeks] + np.tensordot(place[weeks:], panel.regressors, axes=1)
    height = np.where(panel.used, height, -np.inf)
    part = np.exp(height - height.max(axis=1, keepdims=True))
    part /= part.sum(axis=1, keepdims=True)
    mean = (part * panel.regressors).sum(axis=2, keepdims=True)
    centred = np.where(panel.used, panel.regressors - mean, 0.0)
    totals = panel.units.sum(axis=1)
    return _Model(totals[:, None] * part, totals, centred)


def _scores(panel: _Panel, model: _Model) -> Floats:
    """What pulls at each parameter, by product. Shapes: (I, T + K)."""
    rest = panel.units - model.expected
    return np.concatenate([rest, (rest * panel.regressors).sum(axis=2).T], axis=1)


def _information(model: _Model, at: slice | None = None) -> Floats:
    """How sharply the likelihood bends, of all products together or of each one `at`.

    Shapes: (T + K, T + K), with an axis of products before them where `at` is given.
    """
    each = "" if at is None else "i"
    at = at or slice(None)
    expected, centred = model.expected[at], model.centred[:, at]
    weeks, many = expected.shape[1], len(centred)
    pairs = np.einsum(f"it,iu->{each}tu", -expected / model.totals[at, None], expected)
    pairs[..., np.arange(weeks), np.arange(weeks)] += np.einsum(f"it->{each}t", expected)
    found = np.empty((*pairs.shape[:-2], weeks + many, weeks + many))
    found[..., :weeks, :weeks] = pairs
    found[..., :weeks, weeks:] = np.einsum(f"it,kit->{each}tk", expected, centred)
    found[..., weeks:, :weeks] = np.swapaxes(found[..., :weeks, weeks:], -1, -2)
    found[..., weeks:, weeks:] = np.einsum(
        f"it,kit,lit->{each}kl", expected, centred, centred, optimize=True
    )
    return found


def _solved(panel: _Panel, model: _Model, at: slice | None = None) -> tuple[Floats, Floats]:
    """Columns of the inverse information that belong to effects, scaled, and their scale.

    `at`: products left out one by one; None: none is. Shapes: (products, T + K, K), (T + K,).
    """
    whole = _information(model)
    # Regressors by what there was of them before products and weeks took their part.
    given = np.einsum("it,kit->k", model.expected, panel.regressors**2)
    size = np.concatenate([np.diag(whole)[: -panel.count], given])
    scale = np.asarray(1 / np.sqrt(np.where(size > 0, size, 1.0)), np.float64)
    left = whole[None] if at is None else whole - _information(model, at)
    scaled = left * scale[:, None] * scale
    scaled[:, np.arange(len(scale)), np.arange(len(scale))] += NOT_SEEN / 100
    columns = np.asarray(np.linalg.solve(scaled, np.eye(len(scale))[:, -panel.count :]), np.float64)
    return columns, scale


def _is_seen(columns: Floats) -> Bools:
    """Whether anything of a regressor is its own. Shapes: (products, T + K, K) to (products, K)."""
    inverse = np.diagonal(columns[:, -columns.shape[2] :], axis1=1, axis2=2)
    return np.asarray(inverse * NOT_SEEN < 1)


def _left_out(panel: _Panel, model: _Model, effect: Floats) -> Floats:
    """The effects with one product left out. Shapes: (I, K)."""
    score = _scores(panel, model)
    chunk = max(1, AT_ONCE // score.shape[1] ** 2)
    found = np.empty((len(score), panel.count))
    for first in range(0, len(score), chunk):
        at = slice(first, first + chunk)
        columns, scale = _solved(panel, model, at)
        step = np.einsum("ipk,ip->ik", columns, score[at] * scale) * scale[-panel.count :]
        found[at] = np.where(_is_seen(columns), effect - step, np.nan)
    return found


def _error(
    panel: _Panel, model: _Model, columns: Floats, replicates: Floats
) -> tuple[Floats, Floats]:
    """Standard errors and degrees of freedom; nan where an effect hangs on a product or two."""
    weeks, many = panel.units.shape[1], len(replicates)
    # Where the others leave the regressor: what each product then tells of the effect.
    own = columns[:weeks].T[:, None] + np.einsum("lk,lit->kit", columns[weeks:], panel.regressors)
    part = model.expected / model.totals[:, None]
    own = own - (part * own).sum(axis=2, keepdims=True)
    own = own / np.diagonal(columns[weeks:])[:, None, None]
    told = (model.expected * own**2).sum(axis=2)
    rests_on = told.sum(axis=1) ** 2 / np.maximum((told**2).sum(axis=1), np.finfo(float).tiny)
    variance = (many - 1) / many * ((replicates - replicates.mean(axis=0)) ** 2).sum(axis=0)
    known = (rests_on >= MINIMUM_BLOCKS) & (variance * told.sum(axis=1) > NO_SPREAD)
    error: Floats = np.sqrt(np.where(known, variance, np.nan))
    freedom: Floats = np.where(known, rests_on - 1, np.nan)
    return error, freedom
