"""What two stores are to one another: the first rule that holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from channelscope.domain import Outcome
from channelscope.results import TABLES

HALF = 0.5
"""From this share of shared sales on, two stores live on the same goods."""
ENOUGH_SAME = 3
SHARED_BUYERS = 0.05
"""So many of the smaller store's buyers bought in both: buyers are shown to be shared."""
DIMENSIONS = ("product", "price", "promotion", "sales", "service", "consumers")


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of two stores."""

    outcomes: Mapping[str, str]
    shared_sales: float | None
    overlap: str

    def told(self, *dimensions: str) -> bool:
        """Whether all of the dimensions can be told."""
        return all(
            self.outcomes.get(name, Outcome.NOT_IDENTIFIABLE) != Outcome.NOT_IDENTIFIABLE
            for name in dimensions
        )

    def differs(self, *dimensions: str) -> bool:
        """Whether one of the dimensions differs."""
        return any(self.outcomes.get(name) == Outcome.DIFFERS for name in dimensions)

    def same(self, *dimensions: str) -> bool:
        """Whether all of the dimensions are the same."""
        return all(self.outcomes.get(name) == Outcome.SAME for name in dimensions)


def _not_identifiable(pair: Pair) -> bool:
    goods = pair.shared_sales is not None and (pair.told("price") or pair.told("product"))
    rules = goods or pair.told("price", "promotion") or pair.told("product", "price")
    return not rules


def _price_clash(pair: Pair) -> bool:
    lives_on_the_same = pair.shared_sales is not None and pair.shared_sales >= HALF
    return lives_on_the_same and pair.differs("price") and not pair.differs("consumers")


def _complements(pair: Pair) -> bool:
    lives_on_others = pair.shared_sales is not None and pair.shared_sales < HALF
    return lives_on_others and pair.differs("product", "consumers")


def _mechanism_split(pair: Pair) -> bool:
    return pair.same("price") and pair.differs("promotion")


def _twins(pair: Pair) -> bool:
    alike = sum(outcome == Outcome.SAME for outcome in pair.outcomes.values())
    return pair.same("product", "price") and not pair.differs(*DIMENSIONS) and alike >= ENOUGH_SAME


@dataclass(frozen=True, slots=True)
class Test:
    """When a verdict holds, and what it rests on."""

    verdict: str
    holds: Callable[[Pair], bool]
    evidence: tuple[str, ...]


TESTS = (
    Test("not_identifiable", _not_identifiable, ()),
    Test("price_clash", _price_clash, ("shared_sales", "price", "buyer_overlap")),
    Test("complements", _complements, ("shared_sales", "product", "consumers")),
    Test("mechanism_split", _mechanism_split, ("price", "promotion")),
    Test("twins", _twins, DIMENSIONS),
    Test("unclear", lambda _pair: True, DIMENSIONS),
)
"""In this order; `verdict_rules` has the words."""


def give(pairs: pl.DataFrame, *, assortments: pl.DataFrame, overlap: pl.DataFrame) -> pl.DataFrame:
    """The `verdicts` table: one row for each two stores."""
    known = _read(pairs, assortments, overlap)
    rows = [_verdict(ends, pair) for ends, pair in known.items()]
    return pl.DataFrame(rows, schema=TABLES["verdicts"], orient="row")


def _read(
    pairs: pl.DataFrame, assortments: pl.DataFrame, overlap: pl.DataFrame
) -> dict[tuple[str, str], Pair]:
    shared = {(a, b): value for a, b, value in assortments.select(
        "store_a", "store_b", "shared_sales").iter_rows()}  # fmt: skip
    buyers = {row["stores"]: _overlap(row) for row in overlap.iter_rows(named=True)}
    outcomes: dict[tuple[str, str], dict[str, str]] = {}
    for row in pairs.iter_rows(named=True):
        outcomes.setdefault((row["store_a"], row["store_b"]), {})[row["dimension"]] = row["outcome"]
    return {
        ends: Pair(found, shared.get(ends), buyers.get("+".join(ends), "unknown"))
        for ends, found in outcomes.items()
    }


def _overlap(row: Mapping[str, object]) -> str:
    """Whether shared buyers are shown, shown to be few, or cannot be told."""
    lo, hi = row["share_lo"], row["share_hi"]
    if not isinstance(lo, float) or not isinstance(hi, float):
        return "unknown"
    if lo >= SHARED_BUYERS:
        return "shown"
    return "not_shown" if hi < SHARED_BUYERS else "unknown"


def _verdict(ends: tuple[str, str], pair: Pair) -> Mapping[str, object]:
    test = next(test for test in TESTS if test.holds(pair))
    reason = f"verdict.{test.verdict}.reason"
    if test.verdict == "price_clash":
        reason += f".overlap_{pair.overlap}"
    missing = [name for name in DIMENSIONS if not pair.told(name)]
    evidence = [name for name in test.evidence if _is_known(name, pair)]
    return {
        "store_a": ends[0], "store_b": ends[1], "verdict": test.verdict, "reason": reason,
        "evidence": ",".join(evidence), "missing": ",".join(missing),
    }  # fmt: skip


def _is_known(name: str, pair: Pair) -> bool:
    if name == "shared_sales":
        return pair.shared_sales is not None
    if name == "buyer_overlap":
        return pair.overlap != "unknown"
    return pair.told(name)
