"""A `Results` to try reports on: the nine stores of the sample, figures with every column."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from math import sin
from random import Random

import polars as pl

from channelscope import registry
from channelscope.domain import Basis, Figure, Kind, Period, Scope, Store
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
_CATEGORIES = ("炒锅与煎锅", "刀具", "餐具", "收纳", "小家电", "杯壶")
_MECHANISMS = ("coupon_shop", "tier_cross", "markdown", "flash", "subsidy", "tier_qty", "redpack")


def results() -> Results:
    """The whole thing, as `compare` would hand it over."""
    figures = _figures()
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


def _frame(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(TABLES[name]), orient="row")


def _tables(figures: tuple[FigureData, ...]) -> dict[str, pl.DataFrame]:
    tables = {name: pl.DataFrame(schema=dict(schema)) for name, schema in TABLES.items()}
    tables["metrics"] = _frame("metrics", _metric_rows())
    tables["findings"] = _frame("findings", _finding_rows())
    tables["quality"] = _frame("quality", _quality_rows())
    tables["provenance"] = _frame("provenance", [
        (data.figure.figure_id, data.figure.query, data.sql, json.dumps(dict(data.params)),
         data.rows, "4f2d9c") for data in figures
    ])  # fmt: skip
    return tables


_BASE = {
    "count": 140.0, "rate": 0.18, "ratio": 1.8, "index": 100.0, "money": 320.0, "effective": 42.0,
    "seconds": 24.0, "hours": 20.0, "score": 4.86,
}  # fmt: skip


def _metric_rows() -> list[tuple[object, ...]]:
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
         "money": 9.0e5}, "price_level", None, "A"),
        ("sales", "D2", "sales_gap", {"store": "D2", "reference": "F1", "factor": "visitor_days",
         "share": 0.71, "money": -11.6e6, "money_gap": -16.3e6}, "bridge", -11.6e6, "B"),
        ("service", "D3", "service_lower", {"store": "D3", "metric": "rating_service",
         "unit": "score", "value": 4.55, "lo": 4.47, "hi": 4.63, "reference": "F1",
         "value_reference": 4.86}, "rating_service", None, "A"),
        ("promotion", "F1+F2", "mechanism_differs", {"store_a": "F1", "store_b": "F2",
         "mechanism_a": "coupon_shop", "share_a": 0.52, "mechanism_b": "markdown",
         "share_b": 0.64}, "mechanisms", None, "B"),
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


def _figures() -> tuple[FigureData, ...]:
    makers = {
        ("F0.1", "five_dimensions", "overview/five_dimensions", None): _five_dimensions,
        ("F0.2", "store_cards", "overview/store_cards", None): _store_cards,
        ("F1.1", "sku_intersections", "product/sku_intersections", "upset"): _intersections,
        ("F1.2", "category_mix", "product/category_mix", "category_mix"): _category_mix,
        ("F2.1", "price_forest", "price/price_forest", "price_forest"): _forest,
        ("F2.2", "price_ladder", "price/price_ladder", "price_ladder"): _ladder,
        ("F3.1", "mechanism_mix", "promotion/mechanism_mix", "mechanism_mix"): _mechanisms,
        ("F3.2", "promotion_calendar", "promotion/promotion_calendar", "promotion_calendar"):
            _calendar,
        ("F4.1", "sales_decomposition", "sales/sales_decomposition", "sales_waterfall"): _waterfall,
        ("F4.2", "weekly_sales", "sales/weekly_sales", "weekly_multiples"): _weekly,
        ("F4.3", "cart_rate_by_source", "sales/cart_rate_by_source", "cart_rate_by_source"): _cart,
        ("F4.4", "refund_cohorts", "sales/refund_cohorts", "refund_cohorts"): _refunds,
        ("F5.1", "service_levels", "service/service_levels", "service_dots"): _service,
    }  # fmt: skip
    return tuple(
        FigureData(
            Figure(figure_id, name, query, chart), make(),
            f"-- purpose: {name}\nselect * from final\norder by 1;\n",
            {"first": "2025-10-01", "last": "2026-09-30"},
        )
        for (figure_id, name, query, chart), make in makers.items()
    )  # fmt: skip


def _five_dimensions() -> pl.DataFrame:
    metrics = {metric.id: metric for metric in registry.METRICS if metric.shown}
    frame = _frame("metrics", _metric_rows()).filter(pl.col("metric").is_in(list(metrics)))
    rows = []
    for row in frame.to_dicts():
        at = IDS.index(row["store_id"])
        apart = None if row["value"] is None or row["lo"] is None else at > 1
        rows.append({
            "store_id": row["store_id"], "dimension": row["dimension"], "metric": row["metric"],
            "unit": row["unit"], "better": row["better"], "value": row["value"], "lo": row["lo"],
            "hi": row["hi"], "n": row["n"], "reference_value": 1.0, "apart": apart,
            "step": min(at // 2, 3), "outcome_reason": row["outcome_reason"],
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _store_cards() -> pl.DataFrame:
    wanted = ("sales", "price_level", "conversion", "depth", "refund_share")
    frame = _frame("metrics", _metric_rows()).filter(pl.col("metric").is_in(wanted))
    reference = {r["metric"]: r["value"] for r in frame.to_dicts() if r["store_id"] == "F1"}
    rows = []
    for row in frame.to_dicts():
        base, value = reference[row["metric"]], row["value"]
        change = None if value is None else value - base
        if change is not None and row["unit"] == "money":
            change /= base
        rows.append({
            "store_id": row["store_id"], "metric": row["metric"], "unit": row["unit"],
            "better": row["better"], "value": value, "reference_value": base, "change": change,
            "rank": wanted.index(row["metric"]) + 1,
        })  # fmt: skip
    rows.sort(key=lambda row: (IDS.index(row["store_id"]), row["rank"]))
    return pl.DataFrame(rows, infer_schema_length=None)


def _intersections() -> pl.DataFrame:
    sets = [
        ("F1+F2+M1+D1", 38),
        ("F1+F2", 29),
        ("F1+F2+S1", 22),
        ("F1+F2+S1+M1+M2+D1+D2+D3", 18),
        ("F1+F2+M1+M2", 14),
        ("M1", 9),
        ("D1", 6),
        ("F1+S1", 5),
        ("M2", 4),
        ("F1", 3),
    ]
    rows = [(ids, ids.count("+") + 1, n, n * 91_000, at) for at, (ids, n) in enumerate(sets, 1)]
    rows.append(("other", None, 12, 800_000, 11))
    return pl.DataFrame(
        rows, schema={"intersection": pl.String, "stores": pl.Int64, "skus": pl.Int64,
                      "sales": pl.Decimal(18, 4), "rank": pl.Int64}, orient="row")  # fmt: skip


def _category_mix() -> pl.DataFrame:
    rows = []
    for at, store in enumerate(SELLING):
        weights = [
            1 + (k * 7 + at * 3) % 5 + (8 if store == "S1" and k == 0 else 0) for k in range(6)
        ]
        for name, weight in zip(_CATEGORIES, weights, strict=True):
            share = weight / sum(weights)
            rows.append((store, name, SALES[store] * 1e6 * share, share))
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "category": pl.String, "sales": pl.Decimal(18, 4),
                      "share": pl.Float64}, orient="row")  # fmt: skip


def _forest() -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for rung, pull in (("realised", 1.0), ("one_piece", 0.7), ("list", 0.1)):
        for at, store in enumerate(IDS):
            level = 100 + (LEVELS[store] - 100) * pull
            half = 0.8 + 0.25 * at
            if store == "X1" and rung == "realised":
                rows.append(
                    (
                        store,
                        rung,
                        None,
                        None,
                        None,
                        0,
                        0.0,
                        "month",
                        "not_identifiable",
                        "reason.snapshots_only",
                    )
                )
                continue
            own = store == "F1"
            rows.append(
                (
                    store,
                    rung,
                    level,
                    None if own else level - half,
                    None if own else level + half,
                    160 - 14 * at,
                    0.95 - 0.05 * at,
                    "month",
                    "same" if own else "differs",
                    None,
                )
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "rung": pl.String, "value": pl.Float64,
                      "lo": pl.Float64, "hi": pl.Float64, "matched_skus": pl.Int64,
                      "coverage": pl.Float64, "time_grain": pl.String, "outcome": pl.String,
                      "outcome_reason": pl.String}, orient="row")  # fmt: skip


def _ladder() -> pl.DataFrame:
    goods = [
        ("LX-1001", "铸铁炒锅 32cm 不粘无涂层家用老式", 499.0),
        ("LX-1002", "厨房刀具六件套", 399.0),
        ("LX-1003", "Cast-iron pot 24 cm", 329.0),
        ("LX-1004", "保温杯 500ml", 159.0),
        ("LX-1005", "电饭煲 3L", 699.0),
        ("LX-1006", "密封罐四件套", 129.0),
    ]
    rows = []
    for at, (sku, title, price) in enumerate(goods, 1):
        for place, store in enumerate(IDS):
            if (place + at) % 7 == 6:
                continue
            ratio = LEVELS[store] / 100 - 0.008 * ((at * place) % 4)
            rows.append((sku, title, store, price * ratio, price, ratio, at))
    return pl.DataFrame(
        rows, schema=["sku", "title", "store_id", "price", "reference_price", "ratio", "rank"],
        orient="row")  # fmt: skip


def _mechanisms() -> pl.DataFrame:
    rows = []
    for at, store in enumerate(SELLING):
        weights = [1.0 + ((k + at) * 5) % 7 for k in range(len(_MECHANISMS))]
        weights[0 if store == "F1" else 2] += 9
        depth = 0.18 + 0.024 * at
        shares = [0.7 * weight / sum(weights) for weight in weights]
        for position, (code, share) in enumerate(zip(_MECHANISMS, shares, strict=True), 1):
            rows.append(
                (
                    store,
                    code,
                    share,
                    SALES[store] * 1e6 * depth * share,
                    share / 0.7,
                    0.0 if code == "subsidy" else 1.0,
                    position,
                )
            )
        rows.append((store, "none", 0.295, 0, None, None, 21))
        rows.append((store, "unexplained", 0.005, 1200, None, None, 22))
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "mechanism": pl.String, "share_of_list": pl.Float64,
                      "discount_amount": pl.Decimal(18, 4), "share_of_discount": pl.Float64,
                      "merchant_funded": pl.Float64, "position": pl.Int64},
        orient="row", strict=False)  # fmt: skip


def _calendar() -> pl.DataFrame:
    draw = Random(5)
    rows = []
    for store in SELLING:
        for at in range(draw.randint(2, 6)):
            start = date(2026, 7, 2) + timedelta(days=draw.randint(0, 78))
            end = start + timedelta(days=draw.randint(1, 24))
            rows.append(
                (
                    store,
                    f"P-{store}-{at}",
                    draw.choice(_MECHANISMS),
                    f"活动 {at + 1}",
                    start,
                    min(end, PERIOD.last),
                    draw.choice([0.08, 0.12, 0.22, 0.35, None]),
                )
            )
    rows.sort(key=lambda row: (IDS.index(row[0]), row[4], row[1]))
    lanes: dict[str, list[date]] = {}
    laned = []
    for row in rows:
        ends = lanes.setdefault(row[0], [])
        free = next((i for i, end in enumerate(ends) if end < row[4]), len(ends))
        ends[free : free + 1] = [row[5]]
        laned.append((*row, free + 1))
    return pl.DataFrame(
        laned, schema={"store_id": pl.String, "promo_id": pl.String, "mechanism": pl.String,
                       "label": pl.String, "first_day": pl.Date, "last_day": pl.Date,
                       "depth": pl.Float64, "lane": pl.Int64}, orient="row")  # fmt: skip


def _waterfall() -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    reference = SALES["F1"] * 1e6
    for store in SELLING[1:]:
        own = SALES[store] * 1e6
        parts = [("visitor_days", 0.7), ("conversion", 0.18), ("order_value", 0.12)]
        if store == "D3":
            parts = [("orders", 0.85), ("order_value", 0.15)]
        if store == "M1":
            parts = [("visitor_days", -0.2), ("conversion", 0.5), ("order_value", 0.7)]
        for position, (factor, share) in enumerate(parts, 1):
            effect = (own - reference) * share
            rows.append(
                (store, "F1", position, factor, effect, effect - 2e5, effect + 2e5, reference, own)
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "reference_id": pl.String, "position": pl.Int64,
                      "factor": pl.String, "effect": pl.Float64, "lo": pl.Float64,
                      "hi": pl.Float64, "reference_sales": pl.Float64, "store_sales": pl.Float64},
        orient="row").with_columns(pl.col("effect").cast(pl.Decimal(18, 2)))  # fmt: skip


def _weekly() -> pl.DataFrame:
    rows = []
    for at, store in enumerate(("all", *SELLING)):
        for week in range(1, 53):
            festival = 150 if week in (6, 38) else 0
            level = 95 + 14 * sin(week / 4 + at) + festival
            before = (
                None
                if store == "S1"
                else 93 + 14 * sin(week / 4 + at + 0.4) + (150 if week in (6, 37) else 0)
            )
            rows.append(
                (
                    store,
                    week,
                    PERIOD.first + timedelta(days=7 * (week - 1)),
                    level * 3e3,
                    level,
                    before,
                )
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "week": pl.Int64, "week_start": pl.Date,
                      "sales": pl.Float64, "level": pl.Float64, "level_year_before": pl.Float64},
        orient="row")  # fmt: skip


def _cart() -> pl.DataFrame:
    rows = []
    for at, store in enumerate(SELLING[:-1]):
        for k, source in enumerate(("search", "recommendation", "paid", "content", "direct")):
            rate = 0.09 + 0.013 * k - 0.004 * at + 0.006 * ((at * k) % 3)
            rows.append(
                (
                    store,
                    source,
                    90_000 - 9_000 * k,
                    0.36 - 0.08 * k,
                    rate,
                    0.09 + 0.013 * k,
                    0.001,
                    -0.002,
                )
            )
    return pl.DataFrame(
        rows, schema=["store_id", "source", "visitor_days", "visitor_share", "cart_rate",
                      "reference_cart_rate", "mix_effect", "rate_effect"],
        orient="row")  # fmt: skip


def _refunds() -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for at, store in enumerate(SELLING):
        for k in range(12):
            month = date(2025 + (9 + k) // 12, (9 + k) % 12 + 1, 1)
            late = k == 11
            share = 0.055 + 0.008 * at + 0.006 * sin(k + at)
            rows.append(
                (
                    store,
                    month,
                    SALES[store] * 1e6 / 12,
                    share * (0.6 if late else 1),
                    late,
                    share if late else None,
                )
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "month": pl.Date, "sales": pl.Decimal(18, 4),
                      "refund_share": pl.Float64, "is_immature": pl.Boolean,
                      "developed": pl.Float64}, orient="row", strict=False)  # fmt: skip


def _service() -> pl.DataFrame:
    keep = ["metric", "value", "lo", "hi", "n", "better", "unit"]
    frame = _frame("metrics", _metric_rows()).filter(
        (pl.col("dimension") == "service") & pl.col("value").is_not_null()
    )
    return frame.select("store_id", *keep)
