"""Stores that trade in other currencies: their money is turned into the workspace's."""

from __future__ import annotations

from collections.abc import Collection

from channelscope import sql_mapping, sqlfile
from channelscope.engine.duckdb import Session

AS_GIVEN = "_as_given"
"""A table before conversion is called after it, with this ending."""

_CONVERTED = ("order_lines", "price_snapshots", "costs")


def convert(session: Session, *, currency: str, tables: Collection[str]) -> bool:
    """Replaces those of `tables` with money by views in `currency`, when a store has another one;
    whether there is one.

    A day without a rate keeps its amounts; the checks `*_rate_unknown` then stop everything.
    """
    rates = session.run(sqlfile.find("load/fx_by_day"), {"currency": currency})
    if rates.is_empty():
        return False
    session.connection.from_arrow(rates.to_arrow()).create("fx_by_day")
    for name in (name for name in _CONVERTED if name in tables):
        convert_rows(session, name, view=name)
    return True


def convert_rows(session: Session, table: str, *, view: str) -> None:
    """Makes `view` of the rows of `table` that are kept under its name with the ending `AS_GIVEN`,
    once `convert` has found a currency to turn."""
    query = sqlfile.find(f"load/{table}_converted")
    sql = sql_mapping.with_tables(session.connection, query.sql, {table: f"{view}{AS_GIVEN}"})
    session.connection.sql(sql).create_view(view, replace=True)
