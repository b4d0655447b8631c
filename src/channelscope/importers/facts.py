"""What the manifest tells of imports: files, days, what the columns allow and do not tell."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.domain import Basis, Period
from channelscope.engine.duckdb import Session
from channelscope.importers.layout import ExportKind
from channelscope.importers.orders import Exported
from channelscope.importers.parts import Changes, store_of
from channelscope.importers.staging import Staged

_NEEDS = {
    Basis.PAID_NET: ("refunds",),
    Basis.MERCHANT: ("platform_money",),
    Basis.MERCHANT_NET: ("refunds", "platform_money"),
}
"""What a basis cannot do without."""


def bases(staged: Sequence[Staged]) -> tuple[Basis, ...]:
    """What the columns of the order exports allow as sales, in the files that were given."""
    orders = [s for s in staged if s.layout.kind in (ExportKind.ORDERS, ExportKind.LINES)]
    allowed = {basis for part in orders for basis in part.layout.bases}
    lacking = {word for part in orders for word in part.lacking}
    return tuple(
        basis for basis in Basis if basis in allowed and not lacking & set(_NEEDS.get(basis, ()))
    )


def days_asked(span: Period | None) -> str | None:
    """The days that a user says files are of."""
    return f"{span.first} {span.last}" if span else None


def of_import(
    store: str, shop: str | None, made_of: str, staged: Sequence[Staged], exported: Exported | None
) -> dict[str, Any]:
    """One entry of the manifest."""
    told = [word for part in staged for word in (*part.layout.cannot_tell, *part.lacking)]
    entry: dict[str, Any] = {
        "id": made_of,
        "store": store,
        "shop": shop,
        "source": staged[0].layout.source,
        "layouts": [part.stem for part in staged],
        "files": [
            {"name": part.sheet.name, "sha256": part.sheet.sha256, "rows": part.rows}
            for part in staged
        ],
        "bases": [str(basis) for basis in bases(staged)],
        "cannot_tell": list(dict.fromkeys(told)),
    }
    return entry | (_of_lines(exported) if exported else {})


def _of_lines(exported: Exported) -> dict[str, Any]:
    found = of_lines(exported.summary)
    if alone := int(exported.without_lines["orders"].sum()):
        found["left_out"]["no_lines"] = alone
    days = exported.covered["day"]
    return {"first": days.min(), "last": days.max(), **found}


def of_lines(summary: pl.DataFrame) -> dict[str, Any]:
    """Of exported lines how many there are, what is no sale, what their columns explain."""
    sold = summary.filter(pl.col("reason") == "sold")
    out = summary.filter(pl.col("reason") != "sold")
    reduced, unexplained = (
        sum(sold[name].to_list(), Decimal()) for name in ("reduced_amount", "unexplained_amount")
    )
    return {
        "rows": int(summary["lines"].sum()),
        "left_out": dict(zip(out["reason"], out["lines"], strict=True)),
        "residual": {
            "discount": str(reduced),
            "explained": str(reduced - unexplained),
            "unexplained": str(unexplained),
        },
    }


def compare_control(session: Session, changes: Changes) -> None:
    """What platforms say they sold, beside the order lines of the same days."""
    lines = changes.every("order_lines")
    totals = changes.every("control_totals")
    changes.told["control"] = []
    if not lines or not totals:
        return
    for name, paths in (("order_lines", lines), ("control_totals", totals)):
        rows = session.connection.read_parquet([str(p) for p in paths], union_by_name=True)
        rows.create_view(name, replace=True)
    for row in session.run(sqlfile.find("import/control_sales")).iter_rows(named=True):
        changes.told["control"].append({
            "store": row["store_id"], "first": row["first_day"], "last": row["last_day"],
            "days": row["days"], "platform": str(row["platform_amount"]),
            "lines": str(row["lines_amount"]),
        })  # fmt: skip


def count_not_understood(changes: Changes) -> None:
    """How many promotion texts of each store nobody could read."""
    changes.told["not_understood"] = [
        {"store": store_of(path.name), "texts": pl.read_parquet(path)["text"].n_unique()}
        for path in changes.every("promotions_not_understood")
    ]
