"""Sets of stores as sums of bits: which store has which bit, within stores that share buyer ids.

A set of stores is one whole number, so buyers are counted by the sets they bought in with one
grouping, on every engine, and stores are joined into groups afterwards: a buyer of two members of
a group bought in the group once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from channelscope.domain import Store

BITS = 61
"""Stores of one circle with a bit of their own; all bits together stay below 2 ** 63."""
ELSEWHERE = BITS
"""The place of all others of the scope: stores that are not compared, or have their bit in another
circle."""
STORE_BITS: Mapping[str, pl.DataType] = {
    "store_id": pl.String(), "scope": pl.String(), "circle": pl.Int64(), "place": pl.Int64(),
    "bit": pl.Int64(),
}  # fmt: skip


def store_bits(
    stores: pl.DataFrame, compared: Sequence[Store], lines: Mapping[str, int]
) -> pl.DataFrame:
    """`store_bits`: the bit of each store, in each circle of its scope.

    A scope is one circle. Only where more than 61 of its stores are compared it is several: each
    counts all buyers of the scope, and tells 61 of the compared stores or groups apart, those with
    most order lines first; members of one group then have one bit.
    """
    scopes = {
        store: platform if scope is None else scope
        for store, scope, platform in stores.select(
            "store_id", "buyer_id_scope", "platform"
        ).iter_rows()
    }
    rows: list[tuple[str, str, int, int, int]] = []
    circle = 0
    for scope in sorted(set(scopes.values())):
        inside = sorted(store for store, known in scopes.items() if known == scope)
        for places in _circles(inside, compared, lines):
            circle += 1
            of_store = ((store, places.get(store, ELSEWHERE)) for store in inside)
            rows += ((store, scope, circle, place, 1 << place) for store, place in of_store)
    return pl.DataFrame(rows, schema=dict(STORE_BITS), orient="row")


def _circles(
    inside: list[str], compared: Sequence[Store], lines: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """The places of compared stores, circle by circle; none where no store is compared."""
    units = [[m for m in store.members if m in set(inside)] for store in compared]
    units = [members for members in units if members]
    alone = sorted(member for members in units for member in members)
    if 0 < len(alone) <= BITS:
        yield {store: place for place, store in enumerate(alone)}
        return
    units.sort(key=lambda members: (-sum(lines.get(m, 0) for m in members), members))
    for first in range(0, len(units), BITS):
        part = units[first : first + BITS]
        yield {member: place for place, members in enumerate(part) for member in members}
