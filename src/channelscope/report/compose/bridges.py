"""What to know beside a bridge: where its bars begin or are joined otherwise, whose, and why."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from channelscope.report.compose.speaker import Speaker
from channelscope.results import FigureData
from channelscope.spans import against

ENOUGH_TRACKED = 0.8
"""From this part of its orders on days with known visitors on a store's bridge begins there."""
_OWN = ("sales_decomposition", "piece_price_gaps")


def bridge_notes(speaker: Speaker, data: FigureData) -> list[str]:
    """Sentences on a bridge of stores or of years; none where nothing is out of the way."""
    name = data.figure.name
    if not data.frame.height or name not in (*_OWN, "year_bridge"):
        return []
    if name == "year_bridge":
        return [*_orders_of_years(speaker, data), *_goods_of_years(speaker, data)]
    joined = _with_factor(data.frame, "goods")
    said = _of_stores(speaker, _with_factor(data.frame, "orders"))
    return [*said, *_say(speaker, "bridge.goods_joined", joined, reference=speaker.reference)]


def _with_factor(frame: pl.DataFrame, factor: str) -> list[str]:
    rows = frame.filter(pl.col("factor") == factor)
    return rows["store_id"].unique(maintain_order=True).to_list()


def _of_stores(speaker: Speaker, stores: list[str]) -> list[str]:
    """Between two stores visitors of either may be what is missing."""
    if not stores:
        return []
    ends = [speaker.facts.reference_id, *stores]
    return [*_say(speaker, "bridge.at_orders", stores), *_missing(speaker, ends)]


def _missing(speaker: Speaker, stores: Sequence[str]) -> list[str]:
    """Whose visitors are not known, and whose for too few orders."""
    unknown = [store for store in stores if _tracked(speaker, store) is None]
    little = [s for s in stores if (known := _tracked(speaker, s)) and known < ENOUGH_TRACKED]
    return [
        *_say(speaker, "bridge.no_traffic", unknown),
        *_say(speaker, "bridge.little_traffic", little, share=_enough(speaker)),
    ]


def _tracked(speaker: Speaker, store: str) -> float | None:
    """The part of a store's orders on days with known visitors; None without any."""
    row = speaker.facts.metric("visitor_days").get(store)
    return None if row is None or not row["value"] else row["coverage"] or None


def _enough(speaker: Speaker) -> str:
    return speaker.words.numbers.value(ENOUGH_TRACKED, "percent")


def _orders_of_years(speaker: Speaker, data: FigureData) -> list[str]:
    """Stores whose own bridge from the year before begins with orders, beside those of others."""
    stores = _stores_of_year(speaker, data, "orders")
    if not stores:
        return []
    mixed = "visitor_days" in data.frame["factor"]
    said = _say(speaker, "bridge.at_orders" + ".mixed" * mixed, stores)
    now = [s for s in stores if (_tracked(speaker, s) or 0.0) < ENOUGH_TRACKED]
    before = [store for store in stores if store not in now]
    share = _enough(speaker)
    said += _missing(speaker, now)
    first = data.frame.row(0, named=True)
    days = speaker.words.before(against(first["from_period"], first["to_period"]))
    return [*said, *_say(speaker, "bridge.no_traffic_before", before, share=share, before=days)]


def _goods_of_years(speaker: Speaker, data: FigureData) -> list[str]:
    stores = _stores_of_year(speaker, data, "goods")
    return _say(speaker, "bridge.goods_joined.year", stores)


def _stores_of_year(speaker: Speaker, data: FigureData, factor: str) -> list[str]:
    """The stores in whose own bridge over the same periods a bar stands."""
    table = speaker.facts.table("bridge")
    if not table.height:
        return []
    first = data.frame.row(0, named=True)
    rows = table.filter(
        pl.col("from_id") == pl.col("to_id"), factor=factor,
        from_period=first["from_period"], to_period=first["to_period"],
    )  # fmt: skip
    return [store for store in speaker.facts.results.scope.store_ids if store in rows["to_id"]]


def _say(speaker: Speaker, key: str, stores: Sequence[str], **params: str) -> list[str]:
    if not stores:
        return []
    named = speaker.words.store_list(stores)
    return [speaker.words.text(key, stores=named, **params)]
