"""Where two stores promote the same product by different mechanisms at the same time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl

from channelscope.dimensions._listed_days import ABSENT, Counts, Listed
from channelscope.promotion_rules import Step
from channelscope.results import TABLES

MOST_ROWS = 20_000
"""Of more clashes the largest are told: those with most days times gap."""
NAMES = ("clashes", "clash_pairs")
_NONE = 0
_GAP = pl.when(pl.col("money_a") > 0).then((pl.col("money_b") / pl.col("money_a") - 1).round(6))
_ALL = "all"


def clashes(listed: Listed) -> dict[str, pl.DataFrame]:
    """Rows of `clashes` and `clash_pairs`: what is open to everybody, and the gap of one piece.

    A clash has a mechanism in the price on both sides, and not the same set of them. Whether one
    piece alone earns it does not matter: a coupon from 359 clashes with a markdown.
    """
    cells = listed.cells.with_columns(pieces=pl.lit(1, pl.Int64))
    done = listed.price(cells, rules=listed.rules)
    names, used = _sets(listed)
    net = np.full_like(listed.cents, ABSENT)
    net[tuple(cells[name].to_numpy() for name in ("store", "sku", "stretch"))] = done.paid
    found, pairs = [], []
    for a, b in _pairs(listed.stores):
        runs = _pair_runs(listed, net[[a, b]], used[[a, b]])
        both = (net[a] != ABSENT) & (net[b] != ABSENT)
        if not both.any():
            continue
        ends = {"store_a": listed.stores[a], "store_b": listed.stores[b]}
        named = runs.with_columns(
            **{end: pl.lit(store) for end, store in ends.items()},
            mechanism_a=pl.Series(names).gather(runs["a"]),
            mechanism_b=pl.Series(names).gather(runs["b"]),
        )
        found.append(_joined(named))
        pairs.append(_pair_row(named, ends, products=int(both.any(axis=1).sum()),
                               days=int((both * listed.days).sum())))  # fmt: skip
    return {
        "clashes": _told(listed, found),
        "clash_pairs": pl.DataFrame(pairs, schema=TABLES["clash_pairs"]),
    }


def _pairs(stores: tuple[str, ...]) -> list[tuple[int, int]]:
    ordered = sorted(range(len(stores)), key=lambda at: stores[at])
    return list(combinations(ordered, 2))


def _sets(listed: Listed) -> tuple[list[str], Counts]:
    """The sets of mechanisms by name, the empty one first, and which one each price stands beside.

    *Shapes*: as `listed.cents`; the empty set where a store does not list the product.
    """
    rules = [
        rule for rule in listed.rules
        if rule.eligibility == _ALL and rule.step is not Step.BESIDE
        and rule.store_id in listed.stores
    ]  # fmt: skip
    codes = [code for _, code in sorted({(rule.step, rule.mechanism) for rule in rules})]
    bits = np.zeros_like(listed.cents)
    for rule in rules:
        covered, on = listed.reach(rule)
        bits[listed.stores.index(rule.store_id)][covered, on] |= 1 << codes.index(rule.mechanism)
    bits[listed.cents == ABSENT] = _NONE
    found = np.unique(np.append(bits, _NONE))
    names = [
        "+".join(code for place, code in enumerate(codes) if bit >> place & 1)
        for bit in found.tolist()
    ]
    return names, np.searchsorted(found, bits).astype(np.int64)


def _pair_runs(listed: Listed, net: Counts, used: Counts) -> pl.DataFrame:
    """Runs of days of one product in clash by the same two sets: `a`, `b`, days, gap."""
    (a, b), (price_a, price_b) = used, net
    is_clash = (a > _NONE) & (b > _NONE) & (a != b)
    sku, stretch = np.nonzero(is_clash)
    at = (sku, stretch)
    days = listed.days[stretch]
    frame = pl.DataFrame({
        "sku": sku, "stretch": stretch, "a": a[at], "b": b[at], "days": days,
        "money_a": price_a[at] * days, "money_b": price_b[at] * days,
    })  # fmt: skip
    same = pl.all_horizontal(
        *(pl.col(name) == pl.col(name).shift(1) for name in ("sku", "a", "b")),
        pl.col("stretch") == pl.col("stretch").shift(1) + 1,
    )
    return (
        frame.with_columns(run=(~same.fill_null(value=False)).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("sku", "a", "b").first(),
            pl.col("stretch").first().alias("first"),
            pl.col("stretch").last().alias("last"),
            pl.col("days", "money_a", "money_b").sum(),
        )
        .with_columns(gap=_GAP)
    )  # fmt: skip


def _joined(runs: pl.DataFrame) -> pl.DataFrame:
    """Runs without a day between them as one, by the two sets of most of its days.

    A tier that rests for the last days of every month would else cut a year of one clash into two
    dozen rows a product.
    """
    follows = (pl.col("sku") == pl.col("sku").shift(1)) & (
        pl.col("first") == pl.col("last").shift(1) + 1
    )
    spells = runs.with_columns(spell=(~follows.fill_null(value=False)).cum_sum())
    sets = ("mechanism_a", "mechanism_b")
    main = (
        spells.group_by("spell", *sets)
        .agg(pl.col("days").sum())
        .sort("spell", "days", *sets, descending=[False, True, False, False])
        .unique("spell", keep="first")
        .drop("days")
    )
    return (
        spells.group_by("spell")
        .agg(
            pl.col("sku", "store_a", "store_b", "first").first(), pl.col("last").last(),
            pl.col("days", "money_a", "money_b").sum(),
        )
        .join(main, on="spell")
        .sort("spell")
        .with_columns(gap=_GAP)
    )  # fmt: skip


def _pair_row(
    runs: pl.DataFrame, ends: dict[str, str], *, products: int, days: int
) -> dict[str, object]:
    """How much of their common product-days two stores clash, and by what mostly."""
    clash = int(runs["days"].sum())
    main = (
        runs.group_by("mechanism_a", "mechanism_b")
        .agg(pl.col("days").sum())
        .sort("days", "mechanism_a", "mechanism_b", descending=[True, False, False])
        .row(0, named=True)
        if clash
        else {}
    )
    return {
        **ends, "products": products, "days": days, "days_clash": clash,
        "share": round(clash / days, 6), "gap": _median(runs),
        "mechanism_a": main.get("mechanism_a"), "mechanism_b": main.get("mechanism_b"),
    }  # fmt: skip


def _median(runs: pl.DataFrame) -> float | None:
    """The gap that half the days in clash do not exceed."""
    known = runs.drop_nulls("gap").sort("gap")
    if known.is_empty():
        return None
    reached = known["days"].cum_sum() * 2 >= known["days"].sum()
    return float(known["gap"].gather([reached.arg_max() or 0])[0])


def _told(listed: Listed, found: list[pl.DataFrame]) -> pl.DataFrame:
    schema = TABLES["clashes"]
    if not found:
        return pl.DataFrame(schema=schema)
    rows = pl.concat(found)
    if rows.height > MOST_ROWS:
        size = pl.col("gap").abs().fill_null(0) * pl.col("days")
        rows = rows.sort(size, descending=True, maintain_order=True).head(MOST_ROWS)
    first = pl.Series(listed.first).cast(pl.Date)
    last = pl.Series(listed.first + listed.days - 1).cast(pl.Date)
    return (
        rows.with_columns(
            pl.Series(listed.skus).gather(rows["sku"]).alias("sku"),
            first.gather(rows["first"]).alias("from"),
            last.gather(rows["last"]).alias("to"),
        )
        .select(schema.names())
        .cast(schema)
        .sort("sku", "store_a", "store_b", "from")
    )
