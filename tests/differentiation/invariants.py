"""What holds of the judged tables of every comparison, by rules written down once more."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
import pytest

from channelscope import registry
from channelscope.domain import Outcome, Scope
from channelscope.results import Results
from tests.findings.rule_readers import orders_and_rules_agree

Row = Mapping[str, Any]
DIMENSIONS = ("product", "price", "promotion", "sales", "service", "consumers")
CLOSE = 1e-8
"""Judged numbers are kept to nine digits."""


def hold(results: Results) -> None:
    """Every invariant of the result tables."""
    tables, scope = results.tables, results.scope
    nothing_is_nan(tables)
    for row in tables["differences"].iter_rows(named=True):
        judged(row, _step(row, tables["metrics"], scope))
        if row["lo"] is not None:
            assert _in_order(row["lo"], row["value"], row["hi"]), row
    for table in ("switching", "exchange"):
        for row in tables[table].iter_rows(named=True):
            lifts_are_judged(row, scope)
    for row in tables["pairs"].iter_rows(named=True):
        judged(row, scope.delta.get(row["dimension"], 0.10))
        distance_is_one(row)
    families_are_adjusted(tables, scope)
    every_two_stores_once(results)
    verdicts_are_the_first_that_hold(tables)
    the_map_is_of_known_distances(tables, scope)
    orders_and_rules_agree(tables)


def nothing_is_nan(tables: Mapping[str, pl.DataFrame]) -> None:
    for name, frame in tables.items():
        for column in frame.select(pl.col(pl.Float64)):
            assert column.is_finite().all(), f"{name}.{column.name} is nan or infinite"


def judged(row: Row, step: float | None) -> None:
    """One of four outcomes, and what each of them claims."""
    lo, hi, p, adjusted = row["lo"], row["hi"], row["p_value"], row["p_adjusted"]
    outcome = Outcome(row["outcome"])
    known = [part is not None for part in (lo, hi, p, adjusted)]
    assert all(known) or not any(known), row
    assert (outcome is Outcome.NOT_IDENTIFIABLE) == (not any(known)), row
    if outcome is Outcome.NOT_IDENTIFIABLE:
        assert row["outcome_reason"], row
        return
    assert 0 < p <= adjusted * (1 + CLOSE) and adjusted <= 1, row
    assert lo <= hi, row
    if outcome is Outcome.SAME:
        assert step is not None and -step * (1 + CLOSE) <= lo and hi <= step * (1 + CLOSE), row
    if outcome is Outcome.DIFFERS:
        assert adjusted <= 0.05 and (lo > 0 or hi < 0), row
        assert step is None or not (lo >= -step * (1 - CLOSE) and hi <= step * (1 - CLOSE)), row


def lifts_are_judged(row: Row, scope: Scope) -> None:
    """By rule 2 around 1; between two stores of three or more, or of a store with itself."""
    stays = row.get("from_store") == row.get("to_store") and "from_store" in row
    around = {name: None if row[name] is None else row[name] - 1 for name in ("lo", "hi")}
    judged({**row, **around}, scope.delta["loyalty" if stays else "exchange"])
    if row["lo"] is not None:
        assert _in_order(row["lo"], row["lift"], row["hi"]), row


def _in_order(*numbers: float) -> bool:
    return all(a <= b + CLOSE * max(abs(a), abs(b)) for a, b in itertools.pairwise(numbers))


def _step(row: Row, metrics: pl.DataFrame, scope: Scope) -> float | None:
    entry = registry.find(row["metric"])
    size = scope.delta.get(row["metric"], scope.delta[entry.id])
    if not entry.relative:
        return size
    found = metrics.filter(store_id=row["reference_id"], metric=row["metric"])["value"]
    return size * abs(found[0]) if found.len() and found[0] is not None else None


def distance_is_one(row: Row) -> None:
    """A distance is from 0 to 1; it may be none where its lower end lies below zero."""
    if row["distance"] is None:
        assert row["lo"] is None, row
        return
    assert 0 <= row["distance"] <= 1 and row["hi"] <= 1, row
    assert row["lo"] <= row["distance"] + CLOSE, row
    assert row["distance"] == 0 or row["distance"] <= row["hi"] + CLOSE, row


# ---------------------------------------------------------------------------------------------
# p-values, adjusted in their families once more, one at a time.


def holm_of(values: list[float]) -> list[float]:
    """Each: the largest, over those no larger than it, of p times how many are no smaller."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, largest = [0.0] * len(values), 0.0
    for place, at in enumerate(order):
        largest = max(largest, (len(values) - place) * values[at])
        found[at] = min(largest, 1.0)
    return found


def benjamini_hochberg_of(values: list[float]) -> list[float]:
    """Each: the smallest, over those no smaller than it, of p times family over place."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found, smallest = [0.0] * len(values), 1.0
    for place, at in reversed(list(enumerate(order, start=1))):
        smallest = min(smallest, len(values) * values[at] / place)
        found[at] = smallest
    return found


def _families(rows: Iterable[Row], *keys: str) -> list[list[Row]]:
    found: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[key] for key in keys)].append(row)
    return list(found.values())


def families_are_adjusted(tables: Mapping[str, pl.DataFrame], scope: Scope) -> None:
    """Differences: by dimension, with the reference apart. Pairs: by pair, then by dimension."""
    told = tables["differences"].drop_nulls("p_value")
    with_reference = told.with_columns(
        with_reference=pl.col("reference_id") == scope.reference_id
    ).iter_rows(named=True)
    for family in _families(with_reference, "dimension", "with_reference"):
        expected = benjamini_hochberg_of([row["p_value"] for row in family])
        assert [row["p_adjusted"] for row in family] == pytest.approx(expected, rel=CLOSE)
    pairs = list(tables["pairs"].drop_nulls("p_value").iter_rows(named=True))
    once: list[dict[str, Any]] = []
    for family in _families(pairs, "store_a", "store_b"):
        adjusted = holm_of([row["p_value"] for row in family])
        once += [{**row, "holm": p} for row, p in zip(family, adjusted, strict=True)]
    for family in _families(once, "dimension"):
        expected = benjamini_hochberg_of([row["holm"] for row in family])
        assert [row["p_adjusted"] for row in family] == pytest.approx(expected, rel=CLOSE)


# ---------------------------------------------------------------------------------------------
# Pairs, verdicts, the map.


def every_two_stores_once(results: Results) -> None:
    two = set(itertools.combinations(sorted(results.scope.store_ids), 2))
    verdicts = results.tables["verdicts"].select("store_a", "store_b").rows()
    assert sorted(verdicts) == sorted(two)
    for dimension in DIMENSIONS:
        rows = results.tables["pairs"].filter(dimension=dimension)
        expected = [] if dimension in results.switched_off else sorted(two)
        assert sorted(rows.select("store_a", "store_b").rows()) == expected, dimension


def verdict_of(
    said: Mapping[str, str], shared: tuple[float, float] | None, overlap: str, needs: float
) -> str:
    """The first rule of METHODS 7 that holds, from outcomes, shared sales and shared buyers."""

    def is_(outcome: Outcome, *names: str) -> list[bool]:
        return [said.get(name) == outcome for name in names]

    def known(*names: str) -> bool:
        return not any(is_(Outcome.NOT_IDENTIFIABLE, *names)) and set(names) <= set(said)

    same, differs = Outcome.SAME, Outcome.DIFFERS
    on_goods = shared is not None and (known("product") or known("price"))
    if not (on_goods or known("price", "promotion") or known("price", "product")):
        return "not_identifiable"
    if (
        shared is not None
        and shared[0] >= 0.5
        and is_(differs, "price") == [True]
        and (overlap == "shown" or is_(differs, "consumers") == [False] or needs < 0.5)
    ):
        return "price_clash"
    if shared is not None and shared[1] < 0.5 and any(is_(differs, "product", "consumers")):
        return "complements"
    if all([*is_(same, "price"), *is_(differs, "promotion")]):
        return "mechanism_split"
    alike = sum(is_(same, *DIMENSIONS))
    if all(is_(same, "product", "price")) and not any(is_(differs, *DIMENSIONS)) and alike >= 3:
        return "twins"
    return "unclear"


def verdicts_are_the_first_that_hold(tables: Mapping[str, pl.DataFrame]) -> None:
    ends_of = ("store_a", "store_b", "shared_sales_lo", "shared_sales_hi")
    known = tables["assortment_pairs"].select(ends_of).drop_nulls()
    goods = {(a, b): (lo, hi) for a, b, lo, hi in known.iter_rows()}
    buyers = {row["stores"]: row for row in tables["overlap"].iter_rows(named=True)}
    for row in tables["verdicts"].iter_rows(named=True):
        ends = row["store_a"], row["store_b"]
        own = tables["pairs"].filter(store_a=ends[0], store_b=ends[1])
        said = dict(own.select("dimension", "outcome").iter_rows())
        overlap = _overlap(buyers.get("+".join(ends)))
        needs = own.filter(dimension="consumers")["lo"].fill_null(0.0).sum()
        assert row["verdict"] == verdict_of(said, goods.get(ends), overlap, needs), row
        reason = f"verdict.{row['verdict']}.reason"
        if row["verdict"] == "price_clash":
            reason += f".overlap_{overlap}"
        assert row["reason"] == reason
        missing = [n for n in DIMENSIONS if said.get(n, "not_identifiable") == "not_identifiable"]
        assert row["missing"].split(",") == (missing or [""])
        assert not set(row["evidence"].split(",")) & set(missing), "evidence that is not known"


def _overlap(row: Row | None) -> str:
    if row is None or row["share_lo"] is None or row["share_hi"] is None:
        return "unknown"
    if row["share_lo"] >= 0.05:
        return "shown"
    return "not_shown" if row["share_hi"] < 0.05 else "unknown"


def the_map_is_of_known_distances(tables: Mapping[str, pl.DataFrame], scope: Scope) -> None:
    """Two stores on the map are known apart in two dimensions that count."""
    places = tables["store_map"]
    assert places.height == 0 or places.height >= 3
    assert places["stress"].n_unique() <= 1 and (places["stress"] >= 0).all()
    known = tables["pairs"].drop_nulls("distance")
    heavy = [name for name in known["dimension"].unique() if scope.weights.get(name, 1.0) > 0]
    for a, b in itertools.combinations(sorted(places["store_id"]), 2):
        rows = known.filter(pl.col("dimension").is_in(heavy), store_a=a, store_b=b)
        assert rows.height >= 2, f"{a} and {b} have no distance"
