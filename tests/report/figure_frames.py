"""The figures of the sample results: every column of every query, rows with a bit of everything."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl

from channelscope import registry
from channelscope.domain import Figure
from channelscope.results import FigureData
from tests.report import (
    basket_frames,
    frames,
    order_frames,
    pair_frames,
    pocket_frames,
    sales_frames,
)

_CATEGORIES = ("炒锅与煎锅", "刀具", "餐具", "收纳", "小家电", "杯壶")
_MECHANISMS = ("coupon_shop", "tier_cross", "markdown", "flash", "subsidy", "tier_qty", "redpack")


def figures() -> tuple[FigureData, ...]:
    makers = {
        ("F0.1", "five_dimensions", "overview/five_dimensions", None): _five_dimensions,
        ("F0.2", "store_cards", "overview/store_cards", None): _store_cards,
        ("F0.3", "pair_verdicts", "overview/pair_verdicts", None): pair_frames.pair_verdicts,
        ("F0.4", "similarity", "overview/similarity", "similarity"): pair_frames.similarity,
        ("F0.5", "store_map", "overview/store_places", "store_map"): pair_frames.store_map,
        ("F1.1", "sku_intersections", "product/sku_intersections", "upset"): _intersections,
        ("F1.2", "category_mix", "product/category_mix", "category_mix"): _category_mix,
        ("F2.1", "price_forest", "price/price_forest", "price_forest"): _forest,
        ("F2.2", "price_ladder", "price/price_ladder", "price_ladder"): _ladder,
        ("F2.5", "price_order", "price/price_order", "grid"): order_frames.price_order,
        ("F2.8", "pocket_waterfall", "price/pocket_steps", "pocket_waterfall"):
            pocket_frames.pocket,
        ("F3.1", "mechanism_mix", "promotion/mechanism_mix", "mechanism_mix"): _mechanisms,
        ("F3.2", "promotion_calendar", "promotion/promotion_calendar", "promotion_calendar"):
            _calendar,
        ("F3.5", "clashes", "promotion/clash_shares", "grid"): basket_frames.clashes,
        ("F3.7", "basket_prices", "promotion/basket_curves", "basket_curves"):
            basket_frames.curves,
        ("F4.1", "sales_decomposition", "sales/sales_decomposition", "sales_waterfall"):
            sales_frames.waterfall,
        ("F4.2", "weekly_sales", "sales/weekly_sales", "weekly_multiples"): sales_frames.weekly,
        ("F4.3", "cart_rate_by_source", "sales/cart_rate_by_source", "cart_rate_by_source"):
            sales_frames.cart,
        ("F4.4", "refund_cohorts", "sales/refund_cohorts", "refund_cohorts"): sales_frames.refunds,
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
    frame = frames.frame("metrics", frames.metric_rows()).filter(
        pl.col("metric").is_in(list(metrics))
    )
    told = _differences()
    rows = []
    for row in frame.to_dicts():
        at = frames.IDS.index(row["store_id"])
        difference = told.get((row["store_id"], row["metric"]), {})
        outcome = difference.get("outcome")
        apart = None if outcome in (None, "not_identifiable") else outcome == "differs"
        apart = False if row["store_id"] == "F1" else apart
        rows.append({
            "store_id": row["store_id"], "dimension": row["dimension"], "metric": row["metric"],
            "unit": row["unit"], "better": row["better"], "value": row["value"], "lo": row["lo"],
            "hi": row["hi"], "n": row["n"], "reference_value": 1.0, "outcome": outcome,
            "apart": apart, "step": min(at // 2, 3), "detectable": difference.get("detectable"),
            "outcome_reason": row["outcome_reason"] or difference.get("outcome_reason"),
        })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _differences() -> dict[tuple[str, str], dict[str, object]]:
    return {(row["store_id"], row["metric"]): row for row in pair_frames.differences().to_dicts()}


def _store_cards() -> pl.DataFrame:
    wanted = ("sales", "price_level", "conversion", "depth", "refund_share")
    frame = frames.frame("metrics", frames.metric_rows()).filter(pl.col("metric").is_in(wanted))
    reference = {r["metric"]: r["value"] for r in frame.to_dicts() if r["store_id"] == "F1"}
    told = _differences()
    rows = []
    for row in frame.to_dicts():
        base, value = reference[row["metric"]], row["value"]
        change = None if value is None else value - base
        if change is not None and row["unit"] == "money":
            change /= base
        rows.append({
            "store_id": row["store_id"], "metric": row["metric"], "unit": row["unit"],
            "better": row["better"], "value": value, "reference_value": base, "change": change,
            "outcome": told.get((row["store_id"], row["metric"]), {}).get("outcome"),
            "n": told.get((row["store_id"], row["metric"]), {}).get("n"),
            "rank": wanted.index(row["metric"]) + 1,
        })  # fmt: skip
    rows.sort(key=lambda row: (frames.IDS.index(row["store_id"]), row["rank"]))
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
    for at, store in enumerate(frames.SELLING):
        weights = [
            1 + (k * 7 + at * 3) % 5 + (8 if store == "S1" and k == 0 else 0) for k in range(6)
        ]
        for name, weight in zip(_CATEGORIES, weights, strict=True):
            share = weight / sum(weights)
            rows.append((store, name, frames.SALES[store] * 1e6 * share, share))
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "category": pl.String, "sales": pl.Decimal(18, 4),
                      "share": pl.Float64}, orient="row")  # fmt: skip


def _forest() -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for rung, pull in (("realised", 1.0), ("one_piece", 0.7), ("list", 0.1)):
        for at, store in enumerate(frames.IDS):
            level = 100 + (frames.LEVELS[store] - 100) * pull
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
        for place, store in enumerate(frames.IDS):
            if (place + at) % 7 == 6:
                continue
            ratio = frames.LEVELS[store] / 100 - 0.008 * ((at * place) % 4)
            rows.append((sku, title, store, price * ratio, price, ratio, at))
    return pl.DataFrame(
        rows, schema=["sku", "title", "store_id", "price", "reference_price", "ratio", "rank"],
        orient="row")  # fmt: skip


def _mechanisms() -> pl.DataFrame:
    rows = []
    for at, store in enumerate(frames.SELLING):
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
                    frames.SALES[store] * 1e6 * depth * share,
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
    for store in frames.SELLING:
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
                    min(end, frames.PERIOD.last),
                    draw.choice([0.08, 0.12, 0.22, 0.35, None]),
                )
            )
    rows.sort(key=lambda row: (frames.IDS.index(row[0]), row[4], row[1]))
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


def _service() -> pl.DataFrame:
    keep = ["metric", "value", "lo", "hi", "n", "better", "unit"]
    frame = frames.frame("metrics", frames.metric_rows()).filter(
        (pl.col("dimension") == "service") & pl.col("value").is_not_null()
    )
    return frame.select("store_id", *keep)
