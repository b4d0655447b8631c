"""Statements made by rules from the result tables; each claims only what its interval supports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope.domain import Better, Grade, Outcome, Rung, Scope
from channelscope.findings.baskets import baskets
from channelscope.findings.bridges import bars
from channelscope.findings.clashes import clashes
from channelscope.findings.evidence import (
    ROUNDING,
    Book,
    Finding,
    Row,
    Told,
    grade,
    has_enough_cases,
    stands_out,
)
from channelscope.findings.exchange import exchanges
from channelscope.findings.lifts import lifts
from channelscope.findings.needs import needs
from channelscope.findings.openings import openings
from channelscope.findings.price_order import below_suggested
from channelscope.findings.regions import regions
from channelscope.findings.rules import rules
from channelscope.findings.verdicts import pairs
from channelscope.registry import METRIC_OF_RUNG
from channelscope.results import TABLES

DIGITS = 12
"""Significant digits of a result: those of every table that is written."""
JUDGED_ON = (Rung.REALISED, Rung.ONE_PIECE)
"""The rungs on which a store is told to be cheaper or dearer, the better one first."""


def find(tables: Mapping[str, pl.DataFrame], scope: Scope) -> pl.DataFrame:
    """The `findings` table, the weightiest first."""
    book = Book(tables, scope)
    sold = list(sales(book))
    gaps = [finding for finding in sold if finding.evidence == ("bridge",)]
    found = [
        *pairs(book), *price(book), *promotion(book), *sold, *service(book), *product(book),
        *bars(book, gaps), *below_suggested(book, scope), *regions(book), *rules(book),
        *lifts(book), *baskets(book), *clashes(book),
        *openings(book), *needs(book), *exchanges(book),
    ]  # fmt: skip
    ranked = sorted(found, key=lambda f: (-f.weight, f.template, f.stores))
    rows = [
        {
            "id": f"N{rank}", "rank": rank, "dimension": f.dimension, "stores": "+".join(f.stores),
            "template": f.template, "parameters": _as_json(f.parameters),
            "evidence": ",".join(f.evidence), "money": _rounded(f.stake), "grade": str(f.grade),
        }
        for rank, f in enumerate(ranked, start=1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["findings"])


def _as_json(parameters: Mapping[str, Any]) -> str:
    plain = {
        name: _rounded(value) if isinstance(value, float) else value
        for name, value in parameters.items()
    }
    return json.dumps(plain, sort_keys=True)


def _rounded(number: float) -> float:
    """So that the order of summing, which threads change, leaves no trace."""
    return float(f"{number:.{DIGITS}g}")


def price(book: Book) -> Iterator[Finding]:
    """Stores below, above and at the reference on the same goods, each on its best rung."""
    index = book.tables["price_index"].filter(
        pl.col("category") == "all", pl.col("unit") == "piece"
    )
    told: set[str] = {book.reference}
    for rung in JUDGED_ON:
        rows = index.filter(
            pl.col("rung") == rung,
            pl.col("value").is_not_null(),
            ~pl.col("store_id").is_in(list(told)),
        )
        told |= set(rows["store_id"])
        yield from _placed(list(rows.iter_rows(named=True)), rung, book)


def _placed(rows: Sequence[Row], rung: Rung, book: Book) -> Iterator[Finding]:
    least = book.delta[METRIC_OF_RUNG[rung]] * (1 - ROUNDING)
    differs = [row for row in rows if row["outcome"] == Outcome.DIFFERS and _distance(row) >= least]
    sides = {
        "price_below": [row for row in differs if row["value"] < 100],
        "price_above": [row for row in differs if row["value"] > 100],
        "price_same": [row for row in rows if row["outcome"] == Outcome.SAME],
    }
    for template, side in sides.items():
        if side:
            yield _price(template, sorted(side, key=_distance, reverse=True), rung, book)


def _distance(row: Row) -> float:
    return abs(float(row["value"]) - 100)


def _price(template: str, rows: Sequence[Row], rung: Rung, book: Book) -> Finding:
    extreme, nearest = rows[0], rows[-1]
    stores = [row["store_id"] for row in rows]
    known = [row for row in rows if book.sales(row["store_id"]) is not None]
    # Sales are at the store's own prices: at the reference's they would be sales × 100 / level.
    worth = sum(book.touched(r["store_id"], abs(100 / r["value"] - 1)) for r in known)
    return Finding(
        "price", tuple(stores), template,
        {
            "stores": "+".join(stores), "store": extreme["store_id"], "level": extreme["value"],
            "lo": extreme["lo"], "hi": extreme["hi"], "n": extreme["matched_skus"],
            "level_nearest": nearest["value"], "count": len(stores),
            "money": worth if known else None, "reference": book.reference, "rung": str(rung),
        },
        (METRIC_OF_RUNG[rung],), worth, grade(extreme),
    )  # fmt: skip


def promotion(book: Book) -> Iterator[Finding]:
    """Deeper discounts than the reference's."""
    deeper = [
        (store, told)
        for store in book.others
        if (told := book.told(store, "depth")) and told.difference["value"] > 0
    ]
    if deeper:
        store, told = max(deeper, key=lambda item: float(item[1].difference["value"]))
        money = book.touched(store, told.difference["value"])
        yield _against("promotion_deeper", "depth", store, told, book=book, money=money)


def sales(book: Book) -> Iterator[Finding]:
    """The largest sales gap and its main factor; conversion and refunds that stand apart."""
    gap = _largest_gap(book)
    if gap:
        yield gap
    yield from _extremes("conversion", "conversion", book)
    yield from _extremes("refund_share", "refunds", book, only_worse=True)


def _largest_gap(book: Book) -> Finding | None:
    """Of the stores that traded all the time: opening and closing are no lever of theirs."""
    bridge = book.tables["bridge"]
    bridge = bridge.filter(
        pl.col("from_id") == book.reference, pl.col("from_period") == pl.col("to_period")
    )
    events = bridge.filter(pl.col("factor").str.contains("^(opened|closed):"))
    bridge = bridge.filter(~pl.col("to_id").is_in(events["to_id"].to_list()))
    gaps = {
        str(store[0]): sum(rows["effect"], Decimal())
        for store, rows in bridge.group_by("to_id", maintain_order=True)
    }
    gaps = {store: gap for store, gap in gaps.items() if book.told(store, "sales")}
    store = max(gaps, key=lambda name: abs(gaps[name]), default="")
    if not gaps.get(store):
        return None
    gap = float(gaps[store])
    # The factor that explains the gap works in its direction, however large another is.
    sign = -1 if gap < 0 else 1
    main = max(
        bridge.filter(pl.col("to_id") == store).iter_rows(named=True),
        key=lambda row: sign * float(row["effect"]),
    )
    if not stands_out(main, of=bridge.height):
        return None
    return Finding(
        "sales", (store,), "sales_lead" if gap > 0 else "sales_gap",
        {
            "store": store, "reference": book.reference, "factor": main["factor"],
            "money": float(main["effect"]), "money_gap": gap,
            "share": float(main["effect"]) / gap, "change_lo": main["lo"],
            "change_hi": main["hi"],
        },
        ("bridge",), gap, book.grade(store, "orders"),
    )  # fmt: skip


def _extremes(metric: str, name: str, book: Book, *, only_worse: bool = False) -> Iterator[Finding]:
    found = [(s, told) for s in book.others if (told := book.told(s, metric))]
    for word, sign in (("higher", 1), ("lower", -1)):
        if only_worse and word == "lower":
            continue
        side = [item for item in found if sign * item[1].difference["value"] > 0]
        if side:
            store, told = max(side, key=lambda item: abs(item[1].difference["value"]))
            share = abs(told.difference["value"])
            # A conversion moves sales in proportion; a refund is a share of them already.
            base = told.theirs["value"]
            share = share if only_worse or not base else share / base
            money = book.touched(store, share)
            yield _against(f"{name}_{word}", metric, store, told, book=book, money=money)


def service(book: Book) -> Iterator[Finding]:
    """The service metric on which stores stand furthest below, and above, the reference."""
    metrics = book.tables["metrics"].filter(pl.col("dimension") == "service")["metric"].unique()
    worst: dict[str, tuple[float, str, str, Told]] = {}
    for store in book.others:
        for metric in metrics.sort():
            told = book.told(store, metric)
            if told is None:
                continue
            steps = book.steps(metric, told)
            worse = (steps > 0) == (told.mine["better"] == Better.LOWER)
            side = "service_lower" if worse else "service_higher"
            if side not in worst or abs(steps) > worst[side][0]:
                worst[side] = (abs(steps), store, metric, told)
    for template, (_, store, metric, told) in sorted(worst.items()):
        money = book.touched(store, 1)
        yield _against(template, metric, store, told, book=book, money=money)


def product(book: Book) -> Iterator[Finding]:
    """The store that lives most on goods no other store sells."""
    known = [(s, book.row(s, "exclusive_sales_share")) for s in [*book.others, book.reference]]
    delta = book.delta["exclusive_sales_share"]
    shares = [
        (s, r) for s, r in known
        if r and has_enough_cases(r) and r["lo"] is not None and r["lo"] > delta
    ]  # fmt: skip
    if shares:
        store, row = max(shares, key=lambda item: float(item[1]["value"]))
        yield Finding(
            "product", (store,), "product_exclusive",
            {"store": store, "share": row["value"], "lo": row["lo"], "hi": row["hi"],
             "money": book.touched(store, row["value"]) or None,
             "n": int((book.row(store, "exclusive_skus") or row)["value"])},
            ("exclusive_sales_share",), book.touched(store, row["value"]), grade(row),
        )  # fmt: skip


def _against(
    template: str, metric: str, store: str, told: Told, *, book: Book, money: float
) -> Finding:
    mine, theirs, gap = told.mine, told.theirs, told.difference
    word = "value" if mine["dimension"] == "service" else str(mine["unit"])
    parameters = {
        "store": store, "reference": book.reference, word: mine["value"],
        f"{word}_reference": theirs["value"], "unit": mine["unit"],
        "change": gap["value"], "change_lo": gap["lo"], "change_hi": gap["hi"],
        "money": abs(money) if book.sales(store) is not None else None,
    }  # fmt: skip
    if word == "value":
        parameters |= {"metric": metric}
    return Finding(
        mine["dimension"], (store,), template, parameters,
        (metric,), money, _grade(metric, store, book),
    )  # fmt: skip


def _grade(metric: str, store: str, book: Book) -> Grade:
    """The weaker of both sides; C where platforms count visitors in their own ways."""
    if metric in ("conversion", "visitor_value") and not book.counts_alike(store):
        return Grade.C
    return book.grade(store, metric)
