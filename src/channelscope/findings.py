"""Statements made by rules from the result tables; each claims only what its interval supports."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope import registry
from channelscope.domain import Better, Grade, Outcome, Rung, Scope
from channelscope.results import TABLES

Row = Mapping[str, Any]
GRADE_A_CASES, GRADE_B_CASES = 100, 30
GRADE_A_COVERAGE, GRADE_B_COVERAGE = 0.8, 0.5
DIGITS = 12
"""Significant digits of a result: those of every table that is written."""
_CERTAINTY = {Grade.A: 1.0, Grade.B: 0.5, Grade.C: 0.2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement: a template of the catalogue and its values."""

    dimension: str
    stores: tuple[str, ...]
    template: str
    parameters: Mapping[str, Any]
    evidence: tuple[str, ...]
    money: float
    grade: Grade

    @property
    def weight(self) -> float:
        """Money touched × certainty: the order in which findings are told."""
        return abs(self.money) * _CERTAINTY[self.grade]


def find(tables: Mapping[str, pl.DataFrame], scope: Scope) -> pl.DataFrame:
    """The `findings` table, the weightiest first."""
    book = _Book(tables, scope)
    found = [*price(book), *promotion(book), *sales(book), *service(book), *product(book)]
    ranked = sorted(found, key=lambda f: (-f.weight, f.template, f.stores))
    rows = [
        {
            "id": f"N{rank}", "rank": rank, "dimension": f.dimension, "stores": "+".join(f.stores),
            "template": f.template, "parameters": _as_json(f.parameters),
            "evidence": ",".join(f.evidence), "money": _rounded(f.money), "grade": str(f.grade),
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


class _Book:
    """The metrics by store and id, for rules that read like sentences."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], scope: Scope) -> None:
        self.tables = tables
        self.reference = scope.reference_id
        self.delta = scope.delta
        self.others = [s for s in scope.store_ids if s != scope.reference_id]
        self._platform = {store.store_id: store.platform for store in scope.stores}
        self._metrics = {
            (row["store_id"], row["metric"]): row for row in tables["metrics"].iter_rows(named=True)
        }

    def row(self, store: str, metric: str) -> Row | None:
        """A metric of a store when its value is known."""
        found = self._metrics.get((store, metric))
        return found if found and found["value"] is not None else None

    def sales(self, store: str) -> float:
        """The store's sales, 0 where unknown: it only orders findings."""
        found = self.row(store, "sales")
        return float(found["value"]) if found else 0.0

    def smallest(self, metric: str) -> float:
        """The smallest difference that matters; the steps of a walkthrough share one."""
        return self.delta.get(metric) or self.delta[registry.find(metric).id]

    def counts_alike(self, store: str) -> bool:
        """Whether the store's visitors are counted as the reference's are: on one platform."""
        return self._platform[store] == self._platform[self.reference]

    def apart(self, store: str, metric: str) -> tuple[Row, Row] | None:
        """The store's and the reference's rows when their intervals do not meet."""
        mine, theirs = self.row(store, metric), self.row(self.reference, metric)
        if not mine or not theirs or None in (mine["lo"], theirs["lo"], mine["hi"], theirs["hi"]):
            return None
        meets = mine["lo"] <= theirs["hi"] and theirs["lo"] <= mine["hi"]
        return None if meets else (mine, theirs)


def grade(row: Row) -> Grade:
    """A, B or C by the number of cases and the coverage behind a value."""
    cases = row.get("n", row.get("matched_skus")) or 0
    coverage = 1.0 if row.get("coverage") is None else row["coverage"]
    if cases >= GRADE_A_CASES and coverage >= GRADE_A_COVERAGE:
        return Grade.A
    enough = cases >= GRADE_B_CASES and coverage >= GRADE_B_COVERAGE
    return Grade.B if enough else Grade.C


def price(book: _Book) -> Iterator[Finding]:
    """Stores below and above the reference on the same goods; stores that cannot be placed."""
    index = book.tables["price_index"].filter(pl.col("category") == "all")
    realised = index.filter(pl.col("rung") == Rung.REALISED)
    rows = realised if realised.height else index.filter(pl.col("rung") == Rung.ONE_PIECE)
    named = [row for row in rows.iter_rows(named=True) if row["store_id"] != book.reference]
    differs = [row for row in named if row["outcome"] == Outcome.DIFFERS]
    below = sorted((r for r in differs if r["value"] < 100), key=lambda r: float(r["value"]))
    above = sorted((r for r in differs if r["value"] > 100), key=lambda r: -float(r["value"]))
    if below:
        yield _price("price_below", below, book)
    if above:
        yield _price("price_above", above, book)
    same = sorted((r for r in named if r["outcome"] == Outcome.SAME), key=_distance, reverse=True)
    if same:
        yield _price("price_same", same, book)


def _distance(row: Row) -> float:
    return abs(float(row["value"]) - 100)


def _price(template: str, rows: Sequence[Row], book: _Book) -> Finding:
    extreme, nearest = rows[0], rows[-1]
    stores = [row["store_id"] for row in rows]
    touched = sum(book.sales(r["store_id"]) * abs(r["value"] - 100) / 100 for r in rows)
    return Finding(
        "price", tuple(stores), template,
        {
            "stores": "+".join(stores), "store": extreme["store_id"], "level": extreme["value"],
            "lo": extreme["lo"], "hi": extreme["hi"], "n": extreme["matched_skus"],
            "level_nearest": nearest["value"], "count": len(stores), "money": touched,
            "reference": book.reference,
        },
        ("price_level",), touched, grade(extreme),
    )  # fmt: skip


def promotion(book: _Book) -> Iterator[Finding]:
    """Same price by other mechanisms; deeper discounts than the reference's."""
    mixed = _most_different_mix(book)
    if mixed:
        yield mixed
    deeper = [
        (store, pair) for store in book.others
        if (pair := book.apart(store, "depth")) and pair[0]["value"] > pair[1]["value"]
    ]  # fmt: skip
    if deeper:
        store, (mine, theirs) = max(deeper, key=lambda item: float(item[1][0]["value"]))
        money = book.sales(store) * (mine["value"] - theirs["value"])
        yield _against("promotion_deeper", "depth", store, (mine, theirs), book=book, money=money)


def _most_different_mix(book: _Book) -> Finding | None:
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
        ("mechanisms",), book.sales(store) * apart(store) / 10, Grade.B,
    )  # fmt: skip


def _main(mix: Mapping[str, float]) -> str:
    return max(mix, key=lambda code: mix[code])


def sales(book: _Book) -> Iterator[Finding]:
    """The largest sales gap and its main factor; conversion and refunds that stand apart."""
    bridge = book.tables["bridge"]
    gaps = {
        str(store[0]): sum(rows["effect"], Decimal())
        for store, rows in bridge.group_by("to_id", maintain_order=True)
    }
    store = max(gaps, key=lambda name: abs(gaps[name]), default="")
    if gaps.get(store):
        gap = float(gaps[store])
        # The factor that explains the gap works in its direction, however large another is.
        sign = -1 if gap < 0 else 1
        main = max(
            bridge.filter(pl.col("to_id") == store).iter_rows(named=True),
            key=lambda row: sign * float(row["effect"]),
        )
        sure = main["lo"] is not None and (main["lo"] > 0 or main["hi"] < 0)
        if sure:
            yield Finding(
                "sales", (store,), "sales_gap",
                {
                    "store": store, "reference": book.reference, "factor": main["factor"],
                    "money": float(main["effect"]), "money_gap": gap,
                    "share": float(main["effect"]) / gap, "lo": main["lo"],
                    "hi": main["hi"],
                },
                ("bridge",), gap / 10, Grade.A,
            )  # fmt: skip
    yield from _extremes("conversion", "conversion", book)
    yield from _extremes("refund_share", "refunds", book, only_worse=True)


def _extremes(
    metric: str, name: str, book: _Book, *, only_worse: bool = False
) -> Iterator[Finding]:
    pairs = [(s, pair) for s in book.others if (pair := book.apart(s, metric))]
    for word, sign in (("higher", 1), ("lower", -1)):
        if only_worse and word == "lower":
            continue
        side = [p for p in pairs if sign * (p[1][0]["value"] - p[1][1]["value"]) > 0]
        if side:
            store, (mine, theirs) = max(side, key=lambda p: abs(p[1][0]["value"]
                                                                - p[1][1]["value"]))  # fmt: skip
            share = abs(mine["value"] - theirs["value"])
            money = book.sales(store) * (share if only_worse else share / theirs["value"])
            yield _against(f"{name}_{word}", metric, store, (mine, theirs), book=book, money=money)


def service(book: _Book) -> Iterator[Finding]:
    """The service metric on which stores stand furthest below, and above, the reference."""
    metrics = book.tables["metrics"].filter(pl.col("dimension") == "service")["metric"].unique()
    worst: dict[str, tuple[float, str, str, tuple[Row, Row]]] = {}
    for store in book.others:
        for metric in metrics.sort():
            pair = book.apart(store, metric)
            if pair is None:
                continue
            steps = (pair[0]["value"] - pair[1]["value"]) / book.smallest(metric)
            worse = (steps > 0) == (pair[0]["better"] == Better.LOWER)
            side = "service_lower" if worse else "service_higher"
            if side not in worst or abs(steps) > worst[side][0]:
                worst[side] = (abs(steps), store, metric, pair)
    for template, (_, store, metric, pair) in sorted(worst.items()):
        money = 0.05 * book.sales(store)
        yield _against(template, metric, store, pair, book=book, money=money)


def product(book: _Book) -> Iterator[Finding]:
    """The store that lives most on goods no other store sells."""
    shares = [(s, r) for s in [*book.others, book.reference]
              if (r := book.row(s, "exclusive_sales_share")) and r["lo"] is not None
              and r["lo"] > book.delta["exclusive_sales_share"]]  # fmt: skip
    if shares:
        store, row = max(shares, key=lambda item: float(item[1]["value"]))
        yield Finding(
            "product", (store,), "product_exclusive",
            {"store": store, "share": row["value"], "lo": row["lo"], "hi": row["hi"],
             "n": int((book.row(store, "exclusive_skus") or row)["value"])},
            ("exclusive_sales_share",), 0.1 * book.sales(store) * row["value"], grade(row),
        )  # fmt: skip


def _against(
    template: str, metric: str, store: str, pair: tuple[Row, Row], *, book: _Book, money: float
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
        (metric,), money, _grade(metric, store, pair, book),
    )  # fmt: skip


def _grade(metric: str, store: str, pair: tuple[Row, Row], book: _Book) -> Grade:
    """The weaker of both sides; C where platforms count visitors in their own ways."""
    if metric in ("conversion", "visitor_value") and not book.counts_alike(store):
        return Grade.C
    return min(map(grade, pair), key=lambda found: _CERTAINTY[found])
