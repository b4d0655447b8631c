"""Made-up tables of `review` and results that show them: rich, sparse, an event in progress."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.answers import Answers
from channelscope.domain import Period
from channelscope.results import FigureData, Message, Results
from channelscope.review_figures import REVIEW_FIGURES
from channelscope.review_tables import REVIEW_TABLES
from tests.report import frames, review_asks, review_rows

Tables = dict[str, pl.DataFrame]
PERIOD = Period(date(2026, 7, 1), date(2026, 9, 30))
WATCHED = Period(date(2026, 10, 21), date(2026, 11, 3))


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a table of `review`; what a row does not give is null."""
    schema = REVIEW_TABLES[name]
    filled = [{column: row.get(column) for column in schema} for row in rows]
    assert all(set(row) <= set(schema) for row in rows), name
    return pl.DataFrame(filled, schema=schema)


def tables(**rows: list[dict[str, Any]]) -> Tables:
    """All tables of `review`, those not given empty."""
    return {name: table(name, rows.get(name, [])) for name in REVIEW_TABLES}


def reviewed(found: Mapping[str, pl.DataFrame], period: Period = PERIOD) -> Results:
    """The tables with the figures that have rows, as `review` would hand them over."""
    full = frames.results()
    shown = tuple(data for data in _figures(found) if data.frame.height)
    names = {data.figure.name for data in shown}
    return replace(
        full,
        meta=replace(full.meta, period=period),
        scope=replace(full.scope, period=period),
        tables=dict(found),
        figures=shown,
        switched_off={f.name: "off.no_rows" for f in REVIEW_FIGURES if f.name not in names},
        warnings=(Message("warning.traffic_definitions", {"stores": ["F2", "M1"]}),),
    )


def _figures(found: Mapping[str, pl.DataFrame]) -> list[FigureData]:
    scope = pl.DataFrame([
        {"store_id": store.store_id, "name": store.name, "kind": str(store.kind),
         "platform": store.platform, "operator": store.operator, "is_reference": at == 0,
         "position": at}
        for at, store in enumerate(frames.STORES)
    ])  # fmt: skip
    with closing(Answers({})) as session:
        session.register("scope_stores", scope)
        for name, frame in found.items():
            session.register(name, frame)
        return [_asked(session, figure) for figure in REVIEW_FIGURES]


def _asked(session: Answers, figure: Any) -> FigureData:
    query = sqlfile.find(figure.query)
    return FigureData(figure, session.run(query), query.sql, {})


def rich() -> Tables:
    """Nine stores, every table, every outcome."""
    return tables(
        review_periods=review_rows.periods(), aligned_days=review_rows.aligned_days(),
        variance=review_rows.variance(), period_bridge=review_rows.bridges(),
        weekly_variance=review_rows.weeks(), exceptions=review_asks.exceptions(),
        price_order_changes=review_asks.price_orders(), drift=review_asks.drift(),
        decisions=review_asks.decisions(), predictions=review_asks.predictions(),
        hit_rates=review_asks.hit_rates(), moved=review_asks.moved(),
    )  # fmt: skip


def sparse() -> Tables:
    """Nothing but sales against the quarter before, and nothing sure of them."""
    rows = [row for row in review_rows.variance() if row["metric"] == "sales"]
    known = [{**row, "outcome": "unclear", "lo": row["change"] - row["baseline"],
              "hi": row["change"] + row["baseline"], "relative_lo": row["relative"] - 1,
              "relative_hi": row["relative"] + 1}
             for row in rows
             if row["base"] == "previous" and row.get("change") is not None]  # fmt: skip
    lacking = [{**row, "base": base, "baseline": None, "change": None, "lo": None, "hi": None,
                "relative": None, "relative_lo": None, "relative_hi": None,
                "outcome": "not_identifiable", "outcome_reason": "reason.no_year_before_period"}
               for base in ("year_before", "aligned") for row in known]  # fmt: skip
    periods = [row for row in review_rows.periods() if row["base"] in ("now", "previous")]
    periods += [{"base": "year_before", "outcome_reason": "reason.no_year_before_period"}]
    return tables(review_periods=periods, variance=[*known, *lacking])


def watched() -> Tables:
    """Double 11 after its first fourteen days."""
    known = [row for row in review_rows.variance() if row["base"] == "aligned"]
    return tables(
        review_periods=[
            {"base": "now", "first": date(2026, 10, 21), "last": date(2026, 11, 3), "days": 14},
            {"base": "aligned", "first": date(2025, 10, 24), "last": date(2025, 11, 6),
             "days": 14},
        ],
        variance=known, projection=review_asks.projection(),
        exceptions=review_asks.exceptions()[:2],
        aligned_days=[
            {"day": date(2026, 10, 21) + timedelta(at), "event": "double_11",
             "aligned_day": date(2025, 10, 24) + timedelta(at)} for at in range(14)
        ],
    )  # fmt: skip
