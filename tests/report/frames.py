"""A `Results` to try reports on: the nine stores of the sample, figures with every column."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import polars as pl

from channelscope import registry
from channelscope.domain import Basis, Kind, Period, Scope, Store
from channelscope.results import TABLES, FigureData, Message, Meta, Results

STORES = (
    Store("F1", "兰溪家居官方旗舰店", Kind.FLAGSHIP, "tmall", "own"),
    Store("F2", "兰溪家居京东官方旗舰店", Kind.FLAGSHIP, "jd", "own"),
    Store("S1", "兰溪锅具专卖店", Kind.SPECIALTY, "tmall", "own", date(2025, 9, 1)),
    Store("M1", "悦居厨房专营店", Kind.MULTIBRAND, "jd", "悦居"),
    Store("M2", "好物厨具专营店", Kind.MULTIBRAND, "pdd", "好物"),
    Store("D1", "恒达家居", Kind.DISTRIBUTOR, "tmall", "恒达"),
    Store("D2", "兰溪家居恒信店", Kind.DISTRIBUTOR, "pdd", "恒信"),
    Store("D3", "兰溪家居万顺店", Kind.DISTRIBUTOR, "pdd", "万顺"),
    Store("X1", "小王厨具", Kind.DISTRIBUTOR, "taobao", None),
)
IDS = tuple(store.store_id for store in STORES)
SELLING = IDS[:-1]
LEVELS = dict(zip(IDS, (100, 98.9, 96.1, 92.4, 89.8, 84.7, 81.9, 82.3, 91.0), strict=True))
SALES = dict(zip(SELLING, (18.4, 11.6, 5.5, 11.1, 3.9, 4.3, 2.1, 1.2), strict=True))
PERIOD = Period(date(2025, 10, 1), date(2026, 9, 30))


def results() -> Results:
    """The whole thing, as `compare` would hand it over."""
    from tests.report import figure_frames  # noqa: PLC0415 - it is built on this module

    figures = figure_frames.figures()
    return Results(
        meta=_meta(),
        scope=_scope(),
        tables=_tables(figures),
        figures=figures,
        switched_off={"consumers": "off.not_yet"},
        warnings=(Message("warning.traffic_definitions", {"stores": ["F2", "M1"]}),),
    )


def bare() -> Results:
    """A workspace of snapshots alone: one dimension, nothing found, the rest switched off."""
    full = results()
    only = tuple(data for data in full.figures if data.figure.figure_id == "F2.1")
    metrics = full.tables["metrics"].filter(pl.col("dimension") == "price")
    off = dict.fromkeys(("product", "promotion", "sales"), "off.no_orders")
    return replace(
        full,
        tables={**full.tables, "metrics": metrics, "findings": full.tables["findings"].clear()},
        figures=only,
        switched_off={**off, "service": "off.no_service"},
        warnings=(),
    )


def _scope() -> Scope:
    return Scope(
        stores=STORES, reference_id="F1", period=PERIOD, data_end=date(2026, 9, 30),
        basis=Basis.PAID_NET, currency="CNY", present=frozenset({"order_lines"}),
        delta={metric.id: metric.delta for metric in registry.METRICS}, seed=7,
    )  # fmt: skip


def _meta() -> Meta:
    return Meta(
        version="0.1.0", generated_at="2026-10-08T09:00:00+00:00", workspace="兰溪家居 Lanxi Home",
        period=PERIOD, basis="paid_net", reference_id="F1", currency="CNY", engine="duckdb",
        inputs={"order_lines": "4f2d9c", "stores": "77aa01"}, rows_in=182_340,
        rows_analysed=181_790, rows_excluded={"is_excluded": 550}, seed=7, group_by=None,
    )  # fmt: skip


def frame(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """Rows as a result table."""
    return pl.DataFrame(rows, schema=dict(TABLES[name]), orient="row")


def _tables(figures: tuple[FigureData, ...]) -> dict[str, pl.DataFrame]:
    from tests.report import pair_frames  # noqa: PLC0415 - it is built on this module

    tables = {name: pl.DataFrame(schema=dict(schema)) for name, schema in TABLES.items()}
    tables["metrics"] = frame("metrics", metric_rows())
    tables["findings"] = frame("findings", _finding_rows())
    for name in ("differences", "pairs", "verdicts", "store_map", "roles"):
        tables[name] = getattr(pair_frames, name)()
    tables["quality"] = frame("quality", _quality_rows())
    tables["provenance"] = frame("provenance", [
        (data.figure.figure_id, data.figure.query, data.sql, json.dumps(dict(data.params)),
         data.rows, "4f2d9c") for data in figures
    ])  # fmt: skip
    return tables


_BASE = {
    "count": 140.0, "rate": 0.18, "ratio": 1.8, "index": 100.0, "money": 320.0, "effective": 42.0,
    "seconds": 24.0, "hours": 20.0, "score": 4.86,
}  # fmt: skip


def metric_rows() -> list[tuple[object, ...]]:
    """Every metric of the registry for every store."""
    rows: list[tuple[object, ...]] = []
    for metric in registry.METRICS:
        name = "walkthrough_search" if metric.id == "walkthrough" else metric.id
        for at, store in enumerate(IDS):
            value = _metric(metric, store, at)
            known = (value is not None and store != "F1") or metric.id != "price_level"
            half = None if value is None or metric.unit == "count" else abs(value) * 0.02
            reason = "reason.snapshots_only" if value is None else None
            rows.append((
                store, metric.dimension, name, value,
                value - half if value is not None and half and known else None,
                value + half if value is not None and half and known else None,
                None if value is None else 24 if store == "D3" else 310 - 20 * at,
                metric.unit.value, metric.better.value, 0.91, reason,
            ))  # fmt: skip
    return rows


def _metric(metric: registry.Metric, store: str, at: int) -> float | None:
    if store == "X1" and metric.dimension in ("sales", "promotion"):
        return None
    if store == "D3" and metric.id in ("visitor_days", "conversion", "visitor_value"):
        return None
    special = {
        "price_level": lambda: LEVELS[store],
        "sales": lambda: SALES[store] * 1e6,
        "visitor_days": lambda: SALES[store] * 70_000 * (1 + at / 10),
        "conversion": lambda: 0.0314 - 0.0012 * at,
        "growth": lambda: 0.12 - 0.03 * at,
        "orders": lambda: float(round(SALES[store] * 3_210)),
        "order_value": lambda: 478.0 - 22 * at,
        "refund_share": lambda: 0.061 + 0.009 * at,
        "depth": lambda: 0.182 + 0.024 * at,
        "exclusive_skus": lambda: float((3, 1, 0, 9, 4, 6, 2, 0, 1)[at]),
        "exclusive_sales_share": lambda: (0.021, 0.004, 0.0, 0.06, 0.03, 0.05, 0.02, 0.0, 0.01)[at],
    }.get(metric.id)
    if special is not None:
        return special()
    base = _BASE[metric.unit.value]
    if metric.unit == "score" and metric.id != "walkthrough":
        return base - 0.03 * at
    if metric.unit in ("seconds", "hours"):
        return base * (1 + 0.3 * at)
    return float(round(base * (1 - 0.05 * at), 0 if metric.unit == "count" else 4))


def _finding_rows() -> list[tuple[object, ...]]:
    found = [
        ("price", "D1+D2+D3", "price_below", {"stores": ["D1", "D2", "D3"], "store": "D2",
         "level": 81.9, "lo": 80.2, "hi": 83.6, "reference": "F1",
         "rung": "realised", "money": 9.0e5}, "price_level", 9.0e5, "A"),
        ("sales", "D2", "sales_gap", {"store": "D2", "reference": "F1", "factor": "visitor_days",
         "share": 0.71, "money": -11.6e6, "money_gap": -16.3e6, "change_lo": -13.1e6,
         "change_hi": -10.1e6}, "bridge", -11.6e6, "B"),
        ("service", "D3", "service_lower", {"store": "D3", "metric": "rating_service",
         "unit": "score", "value": 4.55, "change": -0.31, "change_lo": -0.39, "change_hi": -0.23,
         "reference": "F1", "value_reference": 4.86}, "rating_service", None, "A"),
        ("promotion", "F1+F2", "mechanism_split", {"store_a": "F1", "store_b": "F2",
         "mechanism_a": "coupon_shop", "share_a": 0.52, "mechanism_b": "markdown",
         "share_b": 0.64, "ratio": 0.62, "ratio_lo": 0.58, "ratio_hi": 0.66, "ratio_delta": 0.1,
         "count": 1, "money": None,
         "share": 0.91, "reason": "verdict.mechanism_split.reason"}, "mechanisms", None, "B"),
    ]  # fmt: skip
    return [
        (f"N{at}", at, dimension, stores, template, json.dumps(params, ensure_ascii=False),
         evidence, money, grade)
        for at, (dimension, stores, template, params, evidence, money, grade)
        in enumerate(found, start=1)
    ]  # fmt: skip


def _quality_rows() -> list[tuple[object, ...]]:
    return [
        ("order_lines_discounts_do_not_add_up", "order_lines", "warn", 182_340, 902, 0.0048,
         "rows 17, 2044, 9001"),
        ("traffic_days_missing", "traffic", "warn", 2_920, 41, None, "M2 2026-02-03 to 02-15"),
        ("order_lines_duplicate_key", "order_lines", "fatal", 182_340, 0, 0.0, None),
    ]  # fmt: skip
