"""Which items a person still has to decide on, and what is proposed for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from channelscope.importers import proposals
from channelscope.importers.product_map import ACCEPT, COLUMNS, NEW, REJECT

Key = tuple[str, str]
Row = Mapping[str, Any]

_FACTS = ("sku_code", "gtin", "title", "variant")
_AMOUNTS = ("list_price", "sales")
_PROPOSED = ("sku", "pieces", "route", "score", "others")


def updated(
    product_map: pl.DataFrame,
    items: pl.DataFrame,
    *,
    products: pl.DataFrame,
    threshold: float = proposals.THRESHOLD,
) -> pl.DataFrame:
    """The map with a row for every item whose code is no sku, and what is proposed for it.

    Decided rows stay as and where they are. Open ones are proposed anew and keep their notes and
    the columns that people added; a product that a person wrote into an open row stays. New items
    stand at the end, those that sell most first.
    """
    rows = product_map.to_dicts()
    of_item: dict[Key, list[Row]] = {}
    for row in rows:
        of_item.setdefault(_key(row), []).append(row)
    seen, codes = _items(items), set(products["sku"].to_list())
    plain = {key for key, item in seen.items() if _is_plain(item, of_item.get(key, ()), codes)}
    asked = {
        key: item
        for key, item in seen.items()
        if key not in plain and not any(_is_settled(row) for row in of_item.get(key, ()))
    }
    proposed = _proposed(items, asked, rows, products=products, threshold=threshold)
    fresh = {key: _fresh(asked[key], proposed.get(key, ()), of_item.get(key, ())) for key in asked}
    kept = [*_in_place(rows, fresh, plain=plain), *_at_the_end(fresh, of_item, asked)]
    names = dict.fromkeys((*COLUMNS, *product_map.columns), pl.String)
    return pl.DataFrame(kept, schema=names)


def _key(row: Row) -> Key:
    return row["store_id"], row["item_key"]


def _items(items: pl.DataFrame) -> dict[Key, Row]:
    wanted = (*_FACTS, *_AMOUNTS)
    lost = [pl.lit(None, pl.String).alias(name) for name in wanted if name not in items.columns]
    unique = items.with_columns(lost).unique(
        ["store_id", "item_key"], keep="first", maintain_order=True
    )
    return {_key(row): row for row in unique.sort("store_id", "item_key").to_dicts()}


def _is_plain(item: Row, rows: Sequence[Row], codes: set[str]) -> bool:
    """Its code is a sku, and nobody said that this is wrong."""
    code = item["sku_code"]
    return code in codes and not any(r["decision"] == REJECT and r["sku"] == code for r in rows)


def _is_settled(row: Row) -> bool:
    """Decided, or with a product that was not proposed: somebody is at it."""
    return row["decision"] in (ACCEPT, NEW) or (_is_open(row) and row["sku"] and not row["route"])


def _is_open(row: Row) -> bool:
    return row["decision"] is None


def _proposed(
    items: pl.DataFrame,
    asked: Mapping[Key, Row],
    rows: Sequence[Row],
    *,
    products: pl.DataFrame,
    threshold: float,
) -> dict[Key, list[Row]]:
    refused = {(*_key(row), row["sku"]) for row in rows if row["decision"] == REJECT and row["sku"]}
    keys = pl.DataFrame(
        list(asked), schema={"store_id": pl.String, "item_key": pl.String}, orient="row"
    )
    open_items = items.join(keys, on=["store_id", "item_key"], how="semi")
    found: dict[Key, list[Row]] = {}
    for row in proposals.propose(
        open_items, products, turned_down=refused, threshold=threshold
    ).to_dicts():
        found.setdefault(_key(row), []).append(row)
    return found


def _fresh(item: Row, proposed: Sequence[Row], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The open rows of an item as they are to be; none when all that was proposed is rejected."""
    old = [row for row in rows if _is_open(row)]
    if not proposed and rows and not old:
        return []
    facts = {name: _text(item[name]) for name in ("store_id", "item_key", *_FACTS)}
    facts |= {name: _money(item[name]) for name in _AMOUNTS}
    made: list[dict[str, Any]] = []
    for row in proposed or [dict.fromkeys(_PROPOSED)]:
        before = next((each for each in old if each["sku"] == row["sku"]), old[0] if old else {})
        old = [each for each in old if each is not before]
        made.append({**before, **facts, **{name: _text(row[name]) for name in _PROPOSED}})
    return made + [dict(row) for row in old if _is_touched(row)]


def _is_touched(row: Row) -> bool:
    """A person wrote a note or filled a column of their own."""
    return any(row[name] for name in row if name == "note" or name not in COLUMNS)


def _in_place(
    rows: Sequence[Row], fresh: Mapping[Key, list[dict[str, Any]]], *, plain: set[Key]
) -> Iterator[Row]:
    written: set[Key] = set()
    for row in rows:
        key = _key(row)
        if not _is_open(row) or (key not in fresh and (key not in plain or _is_touched(row))):
            yield row
        elif key in fresh and key not in written:
            written.add(key)
            yield from fresh[key]


def _at_the_end(
    fresh: Mapping[Key, list[dict[str, Any]]],
    of_item: Mapping[Key, list[Row]],
    asked: Mapping[Key, Row],
) -> Iterator[Row]:
    """Items without an open row so far, by store, those that sell most first."""
    new = [key for key in fresh if not any(_is_open(row) for row in of_item.get(key, ()))]
    for key in sorted(new, key=lambda key: (key[0], -float(asked[key]["sales"] or 0), key[1])):
        yield from fresh[key]


def _text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


def _money(value: Any) -> str | None:
    return None if value is None or value == "" else f"{float(value):.2f}"
