"""The rows of a made-up review: the third quarter of 2026, nine stores, every outcome once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.report import frames

Rows = list[dict[str, Any]]
NOW, PREVIOUS = "2026-07-01..2026-09-30", "2026-04-01..2026-06-30"
YEAR, ALIGNED = "2025-07-02..2025-10-01", "2025-07-01..2025-09-30"
SPANS = {"previous": PREVIOUS, "year_before": YEAR, "aligned": ALIGNED}
BAD = '"><script>alert(1)</script>'
SOLD = dict(zip(frames.SELLING, (4.42e6, 2.91e6, 1.61e6, 2.75e6, 0.31e6, 0.98e6, 0.52e6, 0.29e6),
                strict=True))  # fmt: skip
"""Sales of the period."""
CHANGES = {
    "previous": dict(zip(
        frames.SELLING, (-0.141, -0.082, 0.062, -0.121, -0.71, 0.018, -0.33, -0.05), strict=True,
    )),
    "year_before": dict(zip(frames.SELLING, (-0.06, 0.03, None, 0.11, -0.64, 0.09, -0.21, None),
                            strict=True)),
    "aligned": dict(zip(frames.SELLING, (-0.071, 0.024, None, 0.094, -0.65, 0.081, -0.24, None),
                        strict=True)),
    "plan": dict(zip(frames.SELLING, (-0.09, -0.01, 0.12, 0.05, -0.7, None, -0.3, None),
                     strict=True)),
}  # fmt: skip
STATUS = {"M2": "closed", "D3": "late"}
ALL = "+".join(frames.SELLING)
SAME = "F1+F2+M1+D1+D2"


def periods() -> Rows:
    spans = {"now": NOW, **SPANS}
    return [{"base": base, "first": _days(span)[0], "last": _days(span)[1], "days": 92,
             "outcome_reason": None} for base, span in spans.items()]  # fmt: skip


def _days(span: str) -> tuple[date, date]:
    first, _, last = span.partition("..")
    return date.fromisoformat(first), date.fromisoformat(last)


def aligned_days() -> Rows:
    """A quarter with one event of two days more than the year before."""
    rows: Rows = []
    for at in range(92):
        day = date(2026, 7, 1) + timedelta(at)
        event = "brand_day" if date(2026, 8, 18) <= day <= date(2026, 8, 21) else None
        shift = 360 if event and day.day >= 20 else 361 if event else 364
        rows.append({"day": day, "aligned_day": day - timedelta(shift), "event": event})
    return rows


def variance() -> Rows:
    return [*_sales(), *_drivers()]


def _sales() -> Rows:
    rows: Rows = []
    for base, changes in CHANGES.items():
        for store, sold in SOLD.items():
            rows.append(_sale(store, store, base, sold, changes[store]))
        rows.append({"store_id": "X1", "stores": "X1", "metric": "sales", "base": base,
                     "unit": "money", "better": "higher", "status": "no_data",
                     "outcome": "not_identifiable",
                     "outcome_reason": "reason.no_data_in_period"})  # fmt: skip
        for name, ids in (("all", ALL), ("like_for_like", SAME)):
            sold = sum(SOLD[store] for store in ids.split("+"))
            before = sum(SOLD[s] / (1 + c) for s in ids.split("+") if (c := changes[s]) is not None)
            rows.append(_sale(name, ids, base, sold, sold / before - 1))
    return rows


def _sale(store: str, ids: str, base: str, sold: float, relative: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "store_id": store, "stores": ids, "metric": "sales", "base": base, "unit": "money",
        "better": "higher", "actual": round(sold, 2), "status": STATUS.get(store, "traded"),
        "days": 92, "last_day": date(2026, 9, 30), "immature": 0.11, "developed": sold * 0.97,
    }  # fmt: skip
    if store == "D3":
        row |= {"days": 79, "last_day": date(2026, 9, 18)}
    if store == "M2":
        row |= {"days": 40, "last_day": date(2026, 8, 12)}
    if relative is None:
        opened = store == "S1" and base != "plan"
        reason = "opened_since" if opened else "no_plan" if base == "plan" else "no_data_in_base"
        status = "opened" if opened else row["status"]
        return {**row, "outcome": "not_identifiable", "status": status,
                "outcome_reason": f"reason.{reason}"}  # fmt: skip
    baseline = round(sold / (1 + relative), 2)
    change = round(sold - baseline, 2)
    row |= {"baseline": baseline, "change": change, "relative": relative}
    if base == "plan":
        return row
    half = {"all": 0.022, "like_for_like": 0.024}.get(store, 0.05)
    sure = abs(relative) > half
    return {
        **row, "lo": change - half * baseline, "hi": change + half * baseline,
        "relative_lo": relative - half, "relative_hi": relative + half,
        "p_value": 0.004 if sure else 0.4, "p_adjusted": 0.01 if sure else 0.6,
        "outcome": "differs" if sure else "unclear",
    }  # fmt: skip


_DRIVERS = (
    ("orders", "count", "higher", 8_000.0, -0.10, 0.04),
    ("visitor_days", "count", "higher", 9e5, -0.14, 0.05),
    ("conversion", "rate", "higher", 0.031, 0.02, 0.05),
    ("order_value", "money", "higher", 312.0, 0.03, 0.02),
    ("refund_share", "rate", "lower", 0.094, 0.12, 0.05),
)  # fmt: skip


def _drivers() -> Rows:
    rows: Rows = []
    for at, store in enumerate(("all", *frames.SELLING)):
        for metric, unit, better, value, change, half in _DRIVERS:
            for base in ("previous", "aligned"):
                moved = change * (1 - 0.25 * at)
                baseline = value / (1 + moved)
                known = store not in ("S1", "D3") or base == "previous"
                row = {"store_id": store, "stores": ALL if store == "all" else store,
                       "metric": metric, "base": base, "unit": unit, "better": better,
                       "actual": value, "status": STATUS.get(store, "traded"), "days": 92,
                       "last_day": date(2026, 9, 30), "outcome": "not_identifiable",
                       "outcome_reason": None if known else "reason.no_data_in_base"}  # fmt: skip
                if known:
                    row |= {"baseline": baseline, "change": value - baseline, "relative": moved,
                            "relative_lo": moved - half, "relative_hi": moved + half,
                            "lo": value - baseline - half * baseline,
                            "hi": value - baseline + half * baseline,
                            "outcome": "differs" if abs(moved) > half else "unclear"}  # fmt: skip
                rows.append(row)
    return rows


_FACTORS = (("visitor_days", 0.62), ("conversion", -0.18), ("units_per_order", 0.08), ("mix", -0.1),
            ("list_price", 0.02), ("mechanism:coupon_shop", 0.21), ("mechanism:markdown", 0.09),
            ("refunds", 0.26))  # fmt: skip


def bridges() -> Rows:
    """Bars that add up to the change of each store, and of all stores."""
    rows: Rows = []
    sales = {(r["store_id"], r["base"]): r for r in _sales()}
    for base in ("previous", "aligned"):
        span = {"base": base, "from_period": SPANS[base], "to_period": NOW}
        for store in ("all", *frames.SELLING):
            row = sales[store, base]
            ends = {"from_id": store, "to_id": store, **span}
            if row.get("change") is None:
                continue
            left = round(row["change"], 2)
            bars = [(name, round(row["change"] * part, 2)) for name, part in _FACTORS[:-1]]
            if store == "all" and base == "aligned":
                bars.append(("opened:S1", 1_610_000.00))
                bars.append(("closed:M2", -575_714.29))
            bars.append(("refunds", round(left - sum(effect for _, effect in bars), 2)))
            rows += [{**ends, "position": at, "factor": name, "effect": effect,
                      "lo": effect - 4e4 if ":" not in name[:7] else None,
                      "hi": effect + 4e4 if ":" not in name[:7] else None}
                     for at, (name, effect) in enumerate(bars, 1)]  # fmt: skip
    return rows


def weeks() -> Rows:
    rows: Rows = []
    mondays = [date(2026, 7, 1), *(date(2026, 7, 6) + timedelta(7 * at) for at in range(13))]
    for base in ("previous", "aligned"):
        for store in ("all", *frames.SELLING):
            sold = SOLD.get(store, sum(SOLD.values()))
            for at, monday in enumerate(mondays):
                days = 5 if at == 0 else min(7, (date(2026, 10, 1) - monday).days)
                wave = 1 + 0.22 * ((at * 7 + len(store)) % 5 - 2) / 2 + (0.5 if at == 7 else 0)
                before = 1.06 * (1 + 0.15 * ((at * 3) % 4 - 1.5) / 2 + (0.45 if at == 7 else 0))
                known = not (base == "aligned" and store in ("S1", "D3"))
                rows.append({
                    "store_id": store, "base": base, "week_start": monday, "days": days,
                    "actual": sold / 92 * days * wave,
                    "baseline": sold / 92 * days * before if known else None,
                })  # fmt: skip
    return rows
