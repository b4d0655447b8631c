"""Statements made by rules from the result tables; each claims only what its interval supports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope.domain import Better, Grade, Outcome, Rung, Scope
from channelscope.findings.evidence import Book, Finding, Pair, Row, grade, has_enough_cases
from channelscope.results import TABLES

DIGITS = 12
"""Significant digits of a result: those of every table that is written."""
JUDGED_ON = {Rung.REALISED: "price_level", Rung.ONE_PIECE: "one_piece_level"}
"""The rungs on which a store is told to be cheaper or dearer, the better one first."""


def find(tables: Mapping[str, pl.DataFrame], scope: Scope) -> pl.DataFrame:
    """The `findings` table, the weightiest first."""
    book = Book(tables, scope)
    found = [*price(book), *promotion(book), *sales(book), *service(book), *product(book)]
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
    index = book.tables["price_index"].filter(pl.col("category") == "all")
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
    differs = [row for row in rows if row["outcome"] == Outcome.DIFFERS]
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
        (JUDGED_ON[rung],), worth, grade(extreme),
    )  # fmt: skip


def promotion(book: Book) -> Iterator[Finding]:
    """Same price by other mechanisms; deeper discounts than the reference's."""
    mixed = _most_different_mix(book)
    if mixed:
        yield mixed
    deeper = [
        (store, pair) for store in book.others
        if (pair := book.matters(store, "depth")) and pair[0]["value"] > pair[1]["value"]
    ]  # fmt: skip
    if deeper:
        store, (mine, theirs) = max(deeper, key=lambda item: float(item[1][0]["value"]))
        money = book.touched(store, mine["value"] - theirs["value"])
        yield _against("promotion_deeper", "depth", store, (mine, theirs), book=book, money=money)


def _most_different_mix(book: Book) -> Finding | None:
    """The store of the same price as the reference whose mechanisms differ most from its."""
    mixes: dict[str, dict[str, float]] = {}
    for row in book.tables["mechanisms"].iter_rows(named=True):
        if row["share_of_discount"] and row["mechanism"] != "unexplained":
            mixes.setdefault(row["store_id"], {})[row["mechanism"]] = row["share_of_discount"]
    base = mixes.get(book.reference)
    same = book.tables["price_index"].filter(
        (pl.col("rung") == Rung.REALISED) & (pl.col("outcome") == Outcome.SAME)
    )
    candidates = [s for s in same["store_id"] if s in mixes and s != book.reference]
    if not base or not candidates:
        return None

    def apart(store: str) -> float:
        codes = base.keys() | mixes[store].keys()
        return sum(abs(base.get(c, 0) - mixes[store].get(c, 0)) for c in codes) / 2

    store = max(candidates, key=apart)
    mine, theirs = _main(mixes[store]), _main(base)
    if mine == theirs:
        return None
    return Finding(
        "promotion", (book.reference, store), "mechanism_differs",
        {
            "store_a": book.reference, "store_b": store, "mechanism_a": theirs,
            "mechanism_b": mine, "share_a": base[theirs], "share_b": mixes[store][mine],
        },
        ("mechanisms",), book.touched(store, apart(store)), book.grade(store, "depth"),
    )  # fmt: skip


def _main(mix: Mapping[str, float]) -> str:
    return max(mix, key=lambda code: mix[code])


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
    events = bridge.filter(pl.col("factor").str.contains("^(opened|closed):"))
    bridge = bridge.filter(~pl.col("to_id").is_in(events["to_id"].to_list()))
    gaps = {
        str(store[0]): sum(rows["effect"], Decimal())
        for store, rows in bridge.group_by("to_id", maintain_order=True)
    }
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
    sure = main["lo"] is not None and (main["lo"] > 0 or main["hi"] < 0)
    if not sure:
        return None
    return Finding(
        "sales", (store,), "sales_lead" if gap > 0 else "sales_gap",
        {
            "store": store, "reference": book.reference, "factor": main["factor"],
            "money": float(main["effect"]), "money_gap": gap,
            "share": float(main["effect"]) / gap, "lo": main["lo"], "hi": main["hi"],
        },
        ("bridge",), gap, book.grade(store, "orders"),
    )  # fmt: skip


def _extremes(metric: str, name: str, book: Book, *, only_worse: bool = False) -> Iterator[Finding]:
    pairs = [(s, pair) for s in book.others if (pair := book.matters(s, metric))]
    for word, sign in (("higher", 1), ("lower", -1)):
        if only_worse and word == "lower":
            continue
        side = [p for p in pairs if sign * (p[1][0]["value"] - p[1][1]["value"]) > 0]
        if side:
            store, (mine, theirs) = max(side, key=lambda p: abs(p[1][0]["value"]
                                                                - p[1][1]["value"]))  # fmt: skip
            share = abs(mine["value"] - theirs["value"])
            # A conversion moves sales in proportion; a refund is a share of them already.
            share = share if only_worse or not theirs["value"] else share / theirs["value"]
            money = book.touched(store, share)
            yield _against(f"{name}_{word}", metric, store, (mine, theirs), book=book, money=money)


def service(book: Book) -> Iterator[Finding]:
    """The service metric on which stores stand furthest below, and above, the reference."""
    metrics = book.tables["metrics"].filter(pl.col("dimension") == "service")["metric"].unique()
    worst: dict[str, tuple[float, str, str, Pair]] = {}
    for store in book.others:
        for metric in metrics.sort():
            pair = book.matters(store, metric)
            if pair is None:
                continue
            steps = book.steps(metric, pair)
            worse = (steps > 0) == (pair[0]["better"] == Better.LOWER)
            side = "service_lower" if worse else "service_higher"
            if side not in worst or abs(steps) > worst[side][0]:
                worst[side] = (abs(steps), store, metric, pair)
    for template, (_, store, metric, pair) in sorted(worst.items()):
        money = book.touched(store, 1)
        yield _against(template, metric, store, pair, book=book, money=money)


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
             "n": int((book.row(store, "exclusive_skus") or row)["value"])},
            ("exclusive_sales_share",), book.touched(store, row["value"]), grade(row),
        )  # fmt: skip


def _against(
    template: str, metric: str, store: str, pair: Pair, *, book: Book, money: float
) -> Finding:
    mine, theirs = pair
    word = "value" if mine["dimension"] == "service" else str(mine["unit"])
    parameters = {
        "store": store, "reference": book.reference, word: mine["value"],
        f"{word}_reference": theirs["value"], "lo": mine["lo"], "hi": mine["hi"],
    }  # fmt: skip
    if word == "value":
        parameters |= {"metric": metric, "unit": mine["unit"]}
    return Finding(
        mine["dimension"], (store,), template, parameters,
        (metric,), money, _grade(metric, store, book),
    )  # fmt: skip


def _grade(metric: str, store: str, book: Book) -> Grade:
    """The weaker of both sides; C where platforms count visitors in their own ways."""
    if metric in ("conversion", "visitor_value") and not book.counts_alike(store):
        return Grade.C
    return book.grade(store, metric)
