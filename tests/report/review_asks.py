"""The rows of a made-up review that ask for something: exceptions, decisions, predictions."""

from __future__ import annotations

from datetime import date

from tests.report.review_rows import ALL, BAD, SOLD, Rows


def exceptions() -> Rows:
    sales = {"metric": "sales", "base": "aligned", "unit": "money", "floor_relative": -0.15,
             "floor_absolute": -50_000.0, "outcome": "differs"}  # fmt: skip
    return [
        {"rank": 1, "rule": "sales_drop", "store_id": "M2", "actual": 310_000.0,
         "baseline": 885_714.29, "change": -575_714.29, "relative": -0.65, "amount": -575_714.29,
         "seen_before": False, **sales},
        {"rank": 2, "rule": "sales_drop", "store_id": "D2", "actual": 520_000.0,
         "baseline": 684_210.53, "change": -164_210.53, "relative": -0.24, "amount": -164_210.53,
         "seen_before": True, **sales},
        {"rank": 3, "rule": "sku_drop", "store_id": "F1", "sku": "P-0117", "title": BAD,
         "actual": 41_000.0, "baseline": 172_000.0, "change": -131_000.0, "relative": -0.762,
         "amount": -131_000.0, "seen_before": False, **sales, "outcome": "unclear"},
        {"rank": 4, "rule": "weak_conversion", "store_id": "D3", "metric": "conversion",
         "base": "now", "unit": "rate", "actual": 0.0192, "baseline": 0.0310,
         "change": -0.0118, "relative": -0.38, "floor_relative": 0.75, "floor_absolute": 20_000.0,
         "amount": -178_000.0, "outcome": "differs", "seen_before": False},
        {"rank": 5, "rule": "refunds_high", "store_id": "M1", "metric": "refund_share",
         "base": "aligned", "unit": "rate", "actual": 0.142, "baseline": 0.104, "change": 0.038,
         "relative": 0.365, "floor_relative": 0.25, "floor_absolute": 0.02, "amount": -98_000.0,
         "outcome": "differs", "seen_before": False},
        {"rank": 6, "rule": "visitors_drop", "store_id": "F1", "metric": "visitor_days",
         "base": "aligned", "unit": "count", "actual": 812_000.0, "baseline": 1_010_000.0,
         "change": -198_000.0, "relative": -0.196, "floor_relative": -0.15,
         "floor_absolute": -20_000.0, "amount": None, "outcome": "differs", "seen_before": True},
        {"rank": 7, "rule": "conversion_drop", "store_id": "D1", "metric": "conversion",
         "base": "previous", "unit": "rate", "actual": 0.021, "baseline": 0.026,
         "change": -0.005, "relative": -0.19, "floor_relative": -0.15, "floor_absolute": -0.004,
         "amount": -51_000.0, "outcome": "unclear", "seen_before": False},
    ]  # fmt: skip


def price_orders() -> Rows:
    return [
        {"rank": 1, "store_id": "D1", "sku": "P-0031", "title": "Cast-iron pan 28 cm",
         "change": "broken", "base": "previous", "share_before": 0.0, "share_now": 0.62,
         "depth_before": 0.0, "depth_now": 0.18, "cause_mechanism": "coupon_shop",
         "funder": "merchant", "shortfall_amount": 38_400.0},
        {"rank": 2, "store_id": "M1", "sku": "P-0044", "title": "珐琅锅 24 厘米",
         "change": "worse", "base": "previous", "share_before": 0.2, "share_now": 0.45,
         "depth_before": 0.08, "depth_now": 0.11, "cause_mechanism": "subsidy",
         "funder": "platform", "shortfall_amount": 21_000.0},
        {"rank": 3, "store_id": "D2", "sku": "P-0007", "title": None, "change": "mended",
         "base": "previous", "share_before": 0.5, "share_now": 0.0, "depth_before": 0.14,
         "depth_now": 0.0, "cause_mechanism": None, "funder": None, "shortfall_amount": None},
        {"rank": 4, "store_id": "D1", "sku": "P-0090", "title": "Steamer", "change": "better",
         "base": "previous", "share_before": 0.7, "share_now": 0.3, "depth_before": 0.2,
         "depth_now": 0.12, "cause_mechanism": "unknown", "funder": "unknown",
         "shortfall_amount": 4_000.0},
    ]  # fmt: skip


def drift() -> Rows:
    told = [
        ("F1", "F2", "product", 0.31, 0.24, 0.03), ("F1", "D1", "price", 0.22, 0.37, 0.06),
        ("M1", "M2", "promotion", 0.41, 0.40, 0.08), ("F1", "S1", "service", 0.18, 0.20, 0.07),
        ("D1", "D2", "price", 0.12, 0.16, 0.06), ("F2", "M1", "product", 0.52, 0.49, 0.05),
    ]  # fmt: skip
    rows: Rows = [
        {"store_a": a, "store_b": b, "dimension": dimension, "base": "previous",
         "distance_before": before, "distance": now, "change": now - before,
         "lo": now - before - half, "hi": now - before + half,
         "p_value": 0.001 if abs(now - before) > half else 0.4,
         "p_adjusted": 0.01 if abs(now - before) > half else 0.8,
         "direction": "alike" if now < before else "apart",
         "outcome": "differs" if abs(now - before) > half else "unclear"}
        for a, b, dimension, before, now, half in told
    ]  # fmt: skip
    return [*rows, {"store_a": "F1", "store_b": "X1", "dimension": "price", "base": "previous",
                    "outcome": "not_identifiable",
                    "outcome_reason": "reason.no_data_in_base"}]  # fmt: skip


def decisions() -> Rows:
    due = {"origin": "review", "made_in": "2026-Q2", "look_on": date(2026, 9, 30)}
    to_come = {"origin": "review", "made_in": "2026-Q3", "look_on": date(2026, 12, 31),
               "outcome": "proposed"}  # fmt: skip
    return [
        {**due, "decision_id": "2026-Q2-1", "rule": "sales_drop", "owner": "Chen Yu",
         "store_id": "D2", "metric": "sales", "side": "at_least", "threshold": 600_000.0,
         "unit": "money", "actual": 520_000.0, "outcome": "missed"},
        {**due, "decision_id": "2026-Q2-2", "what": BAD, "owner": f"<b>{BAD}", "store_id": "F1",
         "metric": "conversion", "side": "at_least", "threshold": 0.03, "unit": "rate",
         "actual": 0.031, "outcome": "kept"},
        {**due, "decision_id": "2026-Q2-3", "rule": "refunds_high", "owner": None,
         "store_id": "M1", "metric": "refund_share", "side": "at_most", "threshold": 0.12,
         "unit": "rate", "actual": 0.142, "outcome": "missed"},
        {**due, "decision_id": "2026-Q2-4", "rule": "sku_drop", "owner": "Lin Na", "store_id": "F1",
         "sku": "P-0042", "metric": "sales", "side": "at_least", "threshold": 90_000.0,
         "unit": "money", "actual": 104_000.0, "outcome": "kept"},
        {**due, "decision_id": "2026-Q2-5", "rule": "price_order", "owner": "Lin Na",
         "store_id": "X1", "metric": "below_suggested_share", "side": "at_most",
         "threshold": 0.1, "unit": "rate", "outcome": "cannot_be_told",
         "outcome_reason": "reason.no_data_in_period"},
        {**due, "decision_id": "2026-Q2-6", "rule": "drift", "owner": "Lin Na", "store_id": "D1",
         "metric": "price_level", "side": "at_least", "threshold": 88.0, "unit": "index",
         "look_on": date(2026, 12, 31), "outcome": "not_due"},
        {"decision_id": "S1-stop-6", "origin": "decide", "made_in": "S1", "rule": "stop",
         "owner": "Head of channels", "store_id": "S1", "metric": "sales", "side": "at_most",
         "threshold": 900_000.0, "unit": "money", "look_on": date(2026, 8, 31),
         "actual": 1_610_000.0, "outcome": "not_met"},
        {"decision_id": "S1-scale-6", "origin": "decide", "made_in": "S1", "rule": "scale",
         "owner": "Head of channels", "store_id": "S1", "metric": "sales", "side": "at_least",
         "threshold": 1_500_000.0, "unit": "money", "look_on": date(2026, 8, 31),
         "actual": 1_610_000.0, "outcome": "met"},
        {**to_come, "decision_id": "2026-Q3-1", "rule": "sales_drop", "owner": "Chen Yu",
         "store_id": "D2", "metric": "sales", "side": "at_least", "threshold": 640_000.0,
         "unit": "money"},
        {**to_come, "decision_id": "2026-Q3-2", "rule": "price_order", "owner": None,
         "store_id": "D1", "sku": "P-0031", "metric": "below_suggested_share", "side": "at_most",
         "threshold": 0.1, "unit": "rate"},
        {**to_come, "decision_id": "2026-Q3-3", "rule": "refunds_high", "owner": None,
         "store_id": "M1", "metric": "refund_share", "side": "at_most", "threshold": 0.11,
         "unit": "rate"},
        {**to_come, "decision_id": "2026-Q3-4", "rule": "weak_conversion", "owner": None,
         "store_id": "D3", "metric": "conversion", "side": "at_least", "threshold": 0.0232,
         "unit": "rate"},
        {**to_come, "decision_id": "2026-Q3-5", "rule": "drift", "owner": None, "store_id": "D1",
         "metric": "price_level", "side": "at_least", "threshold": 90.0, "unit": "index"},
    ]  # fmt: skip


def predictions() -> Rows:
    past = {"made_in": "2026-Q2", "first": date(2026, 7, 1), "last": date(2026, 9, 30),
            "metric": "sales", "unit": "money", "level": 0.8}  # fmt: skip
    to_come = {"made_in": "2026-Q3", "first": date(2026, 10, 1), "last": date(2026, 12, 31),
               "metric": "sales", "unit": "money", "level": 0.8, "outcome": "not_due"}  # fmt: skip
    rows: Rows = []
    for at, (store, sold) in enumerate([("all", sum(SOLD.values())), *SOLD.items()]):
        likely = sold * (1 + 0.03 * ((at * 5) % 7 - 3))
        low, high = likely * 0.92, likely * 1.1
        told = {"actual": sold, "outcome": "inside" if low <= sold <= high else "outside"}
        if store == "D3":
            told = {"actual": None, "outcome": "cannot_be_told",
                    "outcome_reason": "reason.no_data_in_period"}  # fmt: skip
        if store == "M2":
            told = {"actual": sold, "outcome": "outside"}
            likely, low, high = sold * 1.8, sold * 1.5, sold * 2.2
        rows.append({**past, "prediction_id": f"p{at}", "store_id": store, "low": low,
                     "likely": likely, "high": high, **told})  # fmt: skip
        rows.append({**to_come, "prediction_id": f"n{at}", "store_id": store, "low": sold * 1.4,
                     "likely": sold * 1.6, "high": sold * 1.9})  # fmt: skip
    rows.append({**past, "prediction_id": "p90", "metric": "conversion", "unit": "rate",
                 "store_id": "F1", "low": 0.029, "likely": 0.031, "high": 0.034,
                 "actual": 0.0312, "outcome": "inside"})  # fmt: skip
    return rows


def hit_rates() -> Rows:
    return [
        {"made_in": "all", "due": 18, "inside": 14, "rate": 14 / 18, "lo": 0.548, "hi": 0.91,
         "level": 0.8},
        {"made_in": "2026-Q1", "due": 9, "inside": 8, "rate": 8 / 9, "lo": 0.565, "hi": 0.98,
         "level": 0.8},
        {"made_in": "2026-Q2", "due": 9, "inside": 6, "rate": 6 / 9, "lo": 0.354, "hi": 0.879,
         "level": 0.8},
    ]  # fmt: skip


def moved() -> Rows:
    return [{"store_id": "D2", "metric": "sales", "before": 533_000.0, "now": 520_000.0,
             "unit": "money"}]  # fmt: skip


def projection() -> Rows:
    rows: Rows = []
    days = {"event": "double_11", "first": date(2026, 10, 21), "last": date(2026, 11, 11),
            "to_day": date(2026, 11, 3), "days": 22, "days_so_far": 14, "level": 0.8}  # fmt: skip
    for at, (store, sold) in enumerate([("all", sum(SOLD.values())), *SOLD.items()]):
        row = {**days, "store_id": store, "stores": ALL if store == "all" else store,
               "so_far": sold}  # fmt: skip
        if store == "S1":
            rows.append({**row, "outcome_reason": "reason.event_without_last_year"})
            continue
        growth = -0.062 + 0.05 * (at % 4)
        before = sold / (1 + growth)
        rows.append({
            **row, "aligned_so_far": before, "aligned": before * 2.1, "growth": growth,
            "growth_lo": growth - 0.04, "growth_hi": growth + 0.04, "projected": sold * 2.1,
            "low": sold * 2.0, "high": sold * (2.24 if store == "all" else 2.2),
        })  # fmt: skip
    return rows
