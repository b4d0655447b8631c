"""What a query of a worked case may read: every input by name, with its columns and their types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import duckdb
import polars as pl

from channelscope import contract
from channelscope.decision_tables import DECISION_TABLES
from channelscope.engine.protocol import EARLIER
from channelscope.importers import canonical
from channelscope.member_frames import PER_MEMBER
from channelscope.results import TABLES
from channelscope.review_tables import REVIEW_TABLES
from channelscope.sqlfile import SqlFile

SCOPE_STORES = {
    **dict.fromkeys(("store_id", "name", "kind", "platform", "operator"), "VARCHAR"),
    "is_reference": "BOOLEAN", "position": "BIGINT",
}  # fmt: skip
SCOPE_MEMBERS = {"store_id": "VARCHAR", "compared_id": "VARCHAR"}
STORE_BITS = {"store_id": "VARCHAR", "scope": "VARCHAR"}
STORE_BITS |= dict.fromkeys(("circle", "place", "bit"), "BIGINT")
SEGMENT_SETS = {
    **dict.fromkeys(("segment_set", "by_column", "segment", "value"), "VARCHAR"),
    "is_need": "BOOLEAN", "position": "BIGINT",
}  # fmt: skip
SPAN_DAYS = {"day": "DATE", "span": "VARCHAR", "week_start": "DATE", "first_day": "DATE"}
OPENED_STORES = {
    "opened_id": "VARCHAR", "opened_on": "DATE", "short_last": "DATE", "long_last": "DATE",
}  # fmt: skip
BASE_DAYS = {"span": "VARCHAR", "day": "DATE", "as_day": "DATE"}
OPENING_DAYS = {"opened_id": "VARCHAR", "day": "DATE", "week": "BIGINT"}
_OF_A_SHEET = {"row": "BIGINT", "sheet": "BIGINT"}
IMPORT_FRAMES = {
    "export_orders": {**{n: str(t) for n, t in canonical.ORDER.items()}, **_OF_A_SHEET,
                      "layout": "VARCHAR"},
    "export_lines": {**{n: str(t) for n, t in canonical.LINE.items()}, "state": "VARCHAR",
                     "item_key": "VARCHAR", **_OF_A_SHEET},
    "item_matches": {"item_key": "VARCHAR", "component": "BIGINT", "sku": "VARCHAR",
                     "pieces": "BIGINT", "share_before": "DOUBLE", "share_until": "DOUBLE",
                     "route": "VARCHAR"},
    "refunds": {"order_id": "VARCHAR", "line_id": "VARCHAR",
                "refunded_amount": "DECIMAL(18,4)", "refunded_at": "TIMESTAMP"},
    "new_orders": {"order_id": "VARCHAR"},
    "control_totals": {"store_id": "VARCHAR", "date": "DATE", "paid_amount": "DECIMAL(18,4)"},
}  # fmt: skip
METRIC_REGISTRY = {
    **dict.fromkeys(("metric", "dimension", "unit", "better"), "VARCHAR"),
    **dict.fromkeys(("relative", "shown"), "BOOLEAN"), "delta": "DOUBLE", "position": "BIGINT",
}  # fmt: skip


class CaseError(AssertionError):
    """A case that cannot be read, or a query that does not do what its case says."""


def columns_of(name: str, catalogue: Mapping[str, SqlFile]) -> dict[str, str]:
    """The columns and DuckDB types of an input a header may name; CaseError when unknown."""
    if name in PER_MEMBER:
        return columns_of(name.removeprefix("member_"), catalogue)
    if name.startswith(EARLIER):
        return columns_of(name.removeprefix(EARLIER), catalogue)
    if name in contract.BY_NAME:
        table = contract.BY_NAME[name]
        return {**{c.name: str(c.type) for c in table.columns}, contract.ROW: "BIGINT"}
    known = {
        "scope_stores": SCOPE_STORES, "metric_registry": METRIC_REGISTRY,
        "scope_members": SCOPE_MEMBERS, "span_days": SPAN_DAYS, "store_bits": STORE_BITS,
        "opened_stores": OPENED_STORES, "opening_days": OPENING_DAYS, "segment_sets": SEGMENT_SETS,
        "base_days": BASE_DAYS,
        "dimension_weights": {"dimension": "VARCHAR", "weight": "DOUBLE"}, **result_tables(),
        **IMPORT_FRAMES,
    }  # fmt: skip
    if name in known:
        return dict(known[name])
    for query in catalogue.values():
        if query.stem == name:
            return {output.name: output.type for output in query.outputs}
    raise CaseError(f"no table, query or result is called '{name}'")


@cache
def result_tables() -> Mapping[str, Mapping[str, str]]:
    """The result tables as DuckDB sees their declared frames."""
    types = {}
    with duckdb.connect(":memory:") as con:
        for name, schema in {**TABLES, **DECISION_TABLES, **REVIEW_TABLES}.items():
            con.register(name, pl.DataFrame(schema=dict(schema)))
            relation = con.table(name)
            types[name] = dict(zip(relation.columns, map(str, relation.types), strict=True))
    return types
