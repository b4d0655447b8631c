"""Price: the level of each store on the same goods at the same time, and who differs from whom."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from channelscope.dimensions import (
    _pocket,
    _price_index,
    _price_leads,
    _price_pairs,
    _price_tiers,
    _regions,
)
from channelscope.dimensions._price_levels import (
    CONTENT_UNITS,
    Grains,
    Matched,
    Paid,
    match,
    within,
)
from channelscope.dimensions._price_order import price_order
from channelscope.dimensions._price_scatter import dispersion
from channelscope.domain import Figure, Rung, Scope, TimeGrain
from channelscope.engine.duckdb import Session
from channelscope.registry import METRIC_OF_RUNG

POSITION = 2
FIGURES = (
    Figure("F2.1", "price_forest", "price/price_forest", "price_forest"),
    Figure("F2.2", "price_ladder", "price/price_ladder", "price_ladder"),
    Figure("F2.3", "category_levels", "price/category_levels", "grid"),
    Figure("F2.4", "price_links", "price/linked_stores", "grid"),
    Figure("F2.5", "price_order", "price/price_order", "grid"),
    Figure("F2.6", "price_leads", "price/first_movers", "grid"),
    Figure("F2.7", "price_tiers", "price/tier_shares", "grid"),
    Figure("F2.8", "pocket_waterfall", "price/pocket_steps", "pocket_waterfall"),
    Figure("F2.9", "out_of_region", "price/shipped_outside", "grid"),
)
SOLD_RUNGS = (Rung.LIST, Rung.REALISED, Rung.MERCHANT, Rung.POCKET)
SHELF_RUNGS = (Rung.ACTIVITY, Rung.ONE_PIECE)


def off(scope: Scope) -> str | None:
    """Prices are in either of the two tables one of which every workspace has."""
    return None if scope.present & {"order_lines", "price_snapshots"} else "off.no_prices"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of the levels of all rungs, of `pairs`, and of what stands beside the levels."""
    reference = scope.store_ids.index(scope.reference_id)
    judged = Rung.REALISED if "order_lines" in scope.present else Rung.ONE_PIECE
    paid = Paid.read(session, scope)
    grains = Grains(session, scope, paid, rung=judged)
    grain = grains.choose()
    pairs = _price_pairs.pairs(session, scope)
    index, links, metrics, differences = [], [], [], []
    for matched in _rungs(session, scope, paid, grains=grains, grain=grain):
        found = matched.levels(reference)
        is_judged = matched.rung is judged
        moves = grains.moves(grain, found) if is_judged else np.zeros(len(found.lo), dtype=bool)
        metric = METRIC_OF_RUNG[matched.rung]
        gaps = _price_pairs.level_differences(scope, metric, found, moves=moves)
        frame = _price_index.rows(scope, matched, found, moves=moves, gaps=gaps)
        metrics.append(_price_index.metric_rows(metric, frame))
        differences.append(gaps)
        index.append(frame)
        index += _parts(session, scope, paid, matched=matched, is_judged=is_judged)
        links.append(_price_index.link_rows(scope, matched))
        if is_judged:
            cover = matched.coverage[:, reference]
            metrics += dispersion(scope, matched.sums, cover, reference=reference)
    order = price_order(session, scope)
    shipped = _regions.shipped(session, scope)
    return {
        "price_index": _price_pairs.no_surer(pairs, pl.concat(index), scope),
        "price_links": pl.concat(links),
        "metrics": pl.concat([*metrics, order["metrics"], shipped["metrics"]]),
        "differences": _price_pairs.no_surer_than(pairs, pl.concat(differences)),
        "pairs": pairs,
        "price_gaps": order["price_gaps"],
        "pocket_waterfall": _pocket.pocket_waterfall(session, scope),
        "price_leads": _price_leads.leads(session, scope),
        "price_tiers": _price_tiers.tiers(session, scope),
        "out_of_region": shipped["out_of_region"],
    }


def _rungs(
    session: Session, scope: Scope, paid: Paid, *, grains: Grains, grain: TimeGrain
) -> Iterator[Matched]:
    """Every rung on which some store has a price; list and the judged one are always told."""
    sold = SOLD_RUNGS if "order_lines" in scope.present else (Rung.LIST,)
    for rung in sold + (SHELF_RUNGS if "price_snapshots" in scope.present else ()):
        if rung is grains.rung:
            yield grains.at(grain)
            continue
        matched = match(session, scope, paid, rung=rung, grain=grain)
        if matched.priced.any() or rung not in (Rung.MERCHANT, Rung.POCKET):
            yield matched


def _parts(
    session: Session, scope: Scope, paid: Paid, *, matched: Matched, is_judged: bool
) -> Iterator[pl.DataFrame]:
    """Levels of each category, where there are several; on the judged rung by content as well."""
    reference = scope.store_ids.index(scope.reference_id)
    categories = sorted({name for name in matched.category if name is not None})
    parts = [within(matched, name, paid) for name in categories if len(categories) > 1]
    if is_judged:
        for unit in CONTENT_UNITS:
            found = match(session, scope, paid, rung=matched.rung, grain=matched.grain, unit=unit)
            parts += [found] if len(found.category) else []
    still = np.zeros(len(scope.stores), dtype=bool)
    for part in parts:
        told = part.levels(reference)
        metric = METRIC_OF_RUNG[part.rung]
        gaps = _price_pairs.level_differences(scope, metric, told, moves=still)
        yield _price_index.rows(scope, part, told, moves=still, gaps=gaps)
