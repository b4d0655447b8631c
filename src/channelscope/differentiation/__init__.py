"""Judges what the dimensions found: adjusted p-values, outcomes, verdicts, the map, the roles."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from channelscope.differentiation import outcomes, roles, store_map, verdicts
from channelscope.domain import Scope


def judge(tables: Mapping[str, pl.DataFrame], scope: Scope) -> dict[str, pl.DataFrame]:
    """The tables that rest on all dimensions together, by name."""
    differences = outcomes.of_differences(tables["differences"], tables["metrics"], scope)
    pairs = outcomes.of_pairs(tables["pairs"], scope)
    return {
        "overlap": outcomes.of_overlap(tables["overlap"]),
        "switching": outcomes.of_switching(tables["switching"], scope),
        "exchange": outcomes.of_exchange(tables["exchange"], scope),
        "differences": differences,
        "pairs": pairs,
        "price_index": outcomes.of_prices(tables["price_index"], differences, scope),
        "verdicts": verdicts.give(
            pairs, assortments=tables["assortment_pairs"], overlap=tables["overlap"]
        ),
        "store_map": store_map.draw(pairs, scope),
        "roles": roles.observe(differences, tables["metrics"], scope),
    }
