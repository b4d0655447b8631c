"""What two stores are to one another: the first rule that holds."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from channelscope.results import TABLES
from channelscope.verdict_rules import DIMENSIONS, RULES, SHARED_BUYERS, SHOWN, PairFacts


def give(pairs: pl.DataFrame, *, assortments: pl.DataFrame, overlap: pl.DataFrame) -> pl.DataFrame:
    """The `verdicts` table: one row for each two stores."""
    known = _read(pairs, assortments, overlap)
    rows = [_verdict(ends, pair) for ends, pair in known.items()]
    return pl.DataFrame(rows, schema=TABLES["verdicts"], orient="row")


def _read(
    pairs: pl.DataFrame, assortments: pl.DataFrame, overlap: pl.DataFrame
) -> dict[tuple[str, str], PairFacts]:
    shared = {
        (row["store_a"], row["store_b"]): _ends(row) for row in assortments.iter_rows(named=True)
    }
    buyers = {row["stores"]: _overlap(row) for row in overlap.iter_rows(named=True)}
    outcomes: dict[tuple[str, str], dict[str, str]] = {}
    apart: dict[tuple[str, str], float] = {}
    for row in pairs.iter_rows(named=True):
        ends = (row["store_a"], row["store_b"])
        outcomes.setdefault(ends, {})[row["dimension"]] = row["outcome"]
        if row["dimension"] == "consumers" and row["lo"] is not None:
            apart[ends] = row["lo"]
    return {
        ends: PairFacts(
            found, shared.get(ends), buyers.get("+".join(ends), "unknown"), apart.get(ends, 0.0)
        )
        for ends, found in outcomes.items()
    }


def _ends(row: Mapping[str, object]) -> tuple[float, float] | None:
    """The interval of shared sales; without one nothing is said of them."""
    lo, hi = row["shared_sales_lo"], row["shared_sales_hi"]
    return (lo, hi) if isinstance(lo, float) and isinstance(hi, float) else None


def _overlap(row: Mapping[str, object]) -> str:
    """Whether shared buyers are shown, shown to be few, or cannot be told."""
    lo, hi = row["share_lo"], row["share_hi"]
    if not isinstance(lo, float) or not isinstance(hi, float):
        return "unknown"
    if lo >= SHARED_BUYERS:
        return SHOWN
    return "not_shown" if hi < SHARED_BUYERS else "unknown"


def _verdict(ends: tuple[str, str], pair: PairFacts) -> Mapping[str, object]:
    rule = next(rule for rule in RULES if rule.holds(pair))
    reason = f"verdict.{rule.verdict}.reason"
    if rule.verdict == "price_clash":
        reason += f".overlap_{pair.overlap}"
    missing = [name for name in DIMENSIONS if not pair.told(name)]
    evidence = [name for name in rule.evidence if _is_known(name, pair)]
    return {
        "store_a": ends[0], "store_b": ends[1], "verdict": rule.verdict, "reason": reason,
        "evidence": ",".join(evidence), "missing": ",".join(missing),
    }  # fmt: skip


def _is_known(name: str, pair: PairFacts) -> bool:
    if name == "shared_sales":
        return pair.shared_sales is not None
    if name == "buyer_overlap":
        return pair.overlap != "unknown"
    return pair.told(name)
