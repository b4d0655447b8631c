"""A newer export of the same days takes the place of what was imported of them before."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression

from channelscope import contract, sqlfile
from channelscope.engine.duckdb import Session
from channelscope.importers.orders import Exported
from channelscope.importers.parts import Changes, digest, part_name

TABLE = "exported_lines"


@dataclass(frozen=True, slots=True)
class Replaced:
    """Orders of earlier imports that came again, and those that a newer export holds no longer."""

    again: int = 0
    gone: int = 0
    gone_amount: str = "0"


NOTHING_REPLACED = Replaced()


def put_lines(
    session: Session, changes: Changes, new: Exported, *, store: str, made_of: str
) -> Replaced:
    """The new lines as a part of the store; earlier parts lose what they cover."""
    fresh = part_name(TABLE, store, made_of)
    new.path.rename(changes.scratch / fresh)
    earlier = changes.of(TABLE, store)
    replaced, kept = Replaced(), []
    if earlier:
        lines = session.connection.read_parquet(str(changes.scratch / fresh))
        # Lines whose order nobody knows take no earlier order's place.
        known = CoalesceOperator(ColumnExpression("reason"), ConstantExpression(""))
        orders = lines.filter(known != ConstantExpression("no_order")).select("order_id")
        orders.distinct().create_view("new_orders", replace=True)
        view = session.connection.read_parquet([str(path) for path in earlier])
        view.create_view(TABLE, replace=True)
        session.register("covered_days", new.covered)
        held = session.run(sqlfile.find("import/held_days"))
        session.connection.unregister("covered_days")
        session.register("covered_days", held)
        replaced = _counted(session)
        kept = [name for path in earlier if (name := _kept(session, changes, path, store, made_of))]
    changes.set(TABLE, store, [*kept, fresh])
    return replaced


def _counted(session: Session) -> Replaced:
    rows = {row["is_gone"]: row for row in
            session.run(sqlfile.find("import/replaced_orders")).iter_rows(named=True)}  # fmt: skip
    again, gone = rows.get(False), rows.get(True)
    return Replaced(
        again=again["orders"] if again else 0,
        gone=gone["orders"] if gone else 0,
        gone_amount=str(gone["paid_amount"]) if gone else "0",
    )


def _kept(session: Session, changes: Changes, path: Path, store: str, made_of: str) -> str | None:
    """What is left of an earlier part: itself, a smaller one, or nothing."""
    before = session.connection.read_parquet(str(path))
    before.create_view(TABLE, replace=True)
    name = part_name(TABLE, store, digest(path.name, made_of))
    session.write(sqlfile.find("import/kept_lines"), changes.scratch / name)
    rows = session.connection.read_parquet(str(changes.scratch / name)).shape[0]
    if rows == before.shape[0]:
        (changes.scratch / name).unlink()
        return path.name
    return name if rows else None


def put_rows(changes: Changes, table: str, store: str, new: pl.DataFrame) -> int:
    """New rows of a small table beside the earlier ones of the store; returns how many of those
    they replace with other values."""
    if new.is_empty():
        return 0
    before = changes.rows(table, store)
    if before is None:
        changes.put(table, store, new)
        return 0
    grain = list(GRAINS[table])
    stay = before.join(new.select(grain).unique(), on=grain, how="anti", nulls_equal=True)
    same = before.join(new, on=[c for c in new.columns if c in before.columns], how="semi",
                       nulls_equal=True)  # fmt: skip
    changes.put(table, store, pl.concat([stay, new], how="diagonal_relaxed").sort(grain))
    return before.height - stay.height - same.height


GRAINS = {
    **{name: table.grain for name, table in contract.BY_NAME.items()},
    "exported_price_snapshots": ("store_id", "item_key", "observed_at"),
    "exported_promotions": ("promo_id", "item_key"),
    "promotions_not_understood": ("store_id", "text", "item_key"),
    "service": ("store_id", "date", "metric", "order_id"),
    "refunds": ("order_id", "line_id"),
    "items": ("item_key",),
    "control_totals": ("store_id", "date"),
}
"""What identifies a row of each table that imports fill."""
