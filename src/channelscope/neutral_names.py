"""Stores under neutral names, `flagship 1`, `distributor 2`: for a copy that hides who is who.

Names are changed in the cubes, before anything is computed from them, so that no text made later
can hold a real one. Raw rows stay as they are: draws by hash and bits of stores are those of the
whole report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from channelscope.domain import OWN, Kind

_STORES = ("store_id", "member_id", "opened_id", "seller_id", "from_store", "to_store")
_PROMOTIONS = ("promo_id", "term_id")
_WITH_SCOPE = ("store_bits", "order_switches")
"""Cubes whose `scope` is one of buyer ids; that of `promotions` says which goods they cover."""
_NULL = ("label", "regions")
"""What shops print, and where they may sell: who knows the trade knows the store by it."""


@dataclass(frozen=True, slots=True)
class NeutralNames:
    """Real names as keys, neutral ones as values; without any, names stay."""

    stores: Mapping[str, str] = field(default_factory=dict)
    operators: Mapping[str, str] = field(default_factory=dict)
    scopes: Mapping[str, str] = field(default_factory=dict)
    promotions: Mapping[str, str] = field(default_factory=dict)

    def frames(self, frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        """The small tables and cubes under neutral names."""
        return {name: self.frame(name, frame) for name, frame in frames.items()}

    def frame(self, name: str, frame: pl.DataFrame) -> pl.DataFrame:
        """One of them."""
        if not self.stores:
            return frame
        if name == "region_groups":  # no store is told by its regions
            return frame.clear()
        told = frame.with_columns(
            *_replaced(frame, _STORES, self.stores),
            *_replaced(frame, _PROMOTIONS, self.promotions),
            *_replaced(frame, ("scope",) if name in _WITH_SCOPE else (), self.scopes),
            *(pl.lit(None, frame.schema[gone]).alias(gone) for gone in _within(frame, _NULL)),
        )
        if name == "stores":
            return self._stores(told)
        return _numbered_orders(told) if name == "sampled_lines" else told

    def _stores(self, stores: pl.DataFrame) -> pl.DataFrame:
        """In the order of the new names: that of the table would betray the old ones."""
        return stores.with_columns(
            *_replaced(stores, ("operator",), self.operators),
            *_replaced(stores, ("buyer_id_scope",), self.scopes),
            name="store_id",
        ).sort("store_id")


def draw(frames: Mapping[str, pl.DataFrame]) -> NeutralNames:
    """Neutral names of all stores of the workspace, and of what is named after them.

    Of each kind the store with most sales in the data is the first: the report ranks stores by
    sales, so that the order adds nothing to it, and does not follow from the old names. What the
    brand runs itself stays `own`; a scope of buyer ids that is a platform stays one.
    """
    stores = _ranked(frames)
    names = dict(_numbered(stores))
    ordered = sorted(stores, key=lambda row: _place(row["kind"], names[row["store_id"]]))
    platforms = {row["platform"] for row in stores}
    scopes = _listed(row["buyer_id_scope"] for row in ordered)
    return NeutralNames(
        names,
        _counted("partner", (o for o in _listed(r["operator"] for r in ordered) if o != OWN)),
        _counted("buyer ids", (scope for scope in scopes if scope not in platforms)),
        dict(_of_promotions(frames["promotions"], names)),
    )


def _place(kind: str, name: str) -> tuple[int, str]:
    return list(Kind).index(Kind(kind)), name


def _ranked(frames: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    sold = dict(frames["line_counts"].select("store_id", "paid_amount").iter_rows())
    seen = dict(frames["shelf_span"].select("store_id", "snapshots").iter_rows())

    def rank(row: Mapping[str, Any]) -> tuple[Any, ...]:
        store = row["store_id"]
        return (
            -(sold.get(store) or 0), -(seen.get(store) or 0),
            hashlib.sha256(store.encode()).hexdigest(),
        )  # fmt: skip

    return sorted(frames["stores"].iter_rows(named=True), key=rank)


def _numbered(stores: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    by_kind: dict[str, list[str]] = {}
    for row in stores:
        by_kind.setdefault(row["kind"], []).append(row["store_id"])
    for kind, ids in by_kind.items():
        yield from _counted(kind, ids).items()


def _of_promotions(
    promotions: pl.DataFrame, stores: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """In the order of the old ids: which of two equal promotions is the first stays so."""
    rows = promotions.select("store_id", "promo_id").sort("promo_id")
    for (store,), mine in rows.group_by("store_id", maintain_order=True):
        name = f"{stores[str(store)]} promotion"
        yield from _counted(name, mine["promo_id"].to_list()).items()


def _listed(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value is not None))


def _counted(word: str, names: Iterable[str]) -> dict[str, str]:
    """The names as `word 1`, `word 2`; with zeros in front, so that they sort as they count."""
    listed = list(names)
    width = len(str(len(listed)))
    return {name: f"{word} {at:0{width}}" for at, name in enumerate(listed, start=1)}


def _numbered_orders(lines: pl.DataFrame) -> pl.DataFrame:
    """Order numbers as places in their order: shops write themselves into them."""
    place = pl.col("order_id").rank("dense").cast(pl.String)
    width = place.str.len_chars().max()
    return lines.with_columns(order_id=pl.lit("order ") + place.str.pad_start(width, "0"))


def _within(frame: pl.DataFrame, columns: Iterable[str]) -> list[str]:
    return [name for name in columns if name in frame.columns]


def _replaced(
    frame: pl.DataFrame, columns: Iterable[str], names: Mapping[str, str]
) -> list[pl.Expr]:
    return [pl.col(name).replace(dict(names)) for name in _within(frame, columns)]
