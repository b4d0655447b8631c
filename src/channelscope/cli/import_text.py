"""What `import` tells the person at the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

    from channelscope.importers.preview import Preview
    from channelscope.importers.staging import Staged
    from channelscope.importing import Asked, Imported

_REASONS = {
    "unpaid": "were never paid",
    "no_order": "have no row in the list of orders",
    "no_quantity": "have no quantity",
    "no_amount": "have no amount, or less than nothing",
    "no_time": "have no time",
}
_TABLES = {
    "exported_price_snapshots": "price_snapshots",
    "exported_promotions": "promotions",
    "promotions_not_understood": "warning: promotion texts not understood, kept as they are",
    "control_totals": "what the platform says it sold, to hold order lines against",
    "items": "products as the store calls them",
}
"""What is not called as the contract calls it."""
_ROUTES = {
    "code": "by merchant code",
    "map": "by product_map.csv",
    "new": "as products of this store alone, as product_map.csv says",
    "unmatched": "not matched: counted as products of this store alone",
}


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def preview(one: Preview) -> Iterator[str]:
    """The columns of a sheet, one a line."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415  only where it is used

    yield f"{one.sheet.name}: {one.layout.source} {one.layout.kind}, {one.layout.title}"
    width = max(cell_len(column.name) for column in one.columns)
    for column in one.columns:
        samples = f": {' | '.join(column.samples)}" if column.samples else ""
        yield f"  {set_cell_size(column.name, width)}  {column.becomes}{samples}"
    if one.missing:
        yield f"  missing: {', '.join(one.missing)}"
    if one.layout.needs:
        yield f"  imported together with the {one.layout.needs.replace('_', ' ')}"


def told(done: Imported, asked: Asked) -> Iterator[str]:
    """What an import did, worst news last."""
    if done.known:
        yield f"nothing to do: these files were imported for {asked.store} before"
        return
    for part in done.sheets:
        yield from _sheet(part)
    if done.passed_over:
        yield f"passed over, of another platform than {asked.store}: {', '.join(done.passed_over)}"
    yield from _lines(done)
    for table, rows in sorted(done.rows.items()):
        if table != "order_lines":
            changed = done.changed.get(table)
            again = f", {changed:,} earlier rows replaced" if changed else ""
            yield f"{_TABLES.get(table, table)}: {_many(rows, 'row')}{again}"
    if done.not_understood:
        yield f"  first: {' | '.join(done.not_understood)}"
    yield from _control(done.told, asked.store)
    assert asked.workspace is not None
    yield from matched(done, asked.workspace, store=asked.store)
    if done.basis_missing:
        yield (
            f"warning: these exports do not allow the workspace's basis {done.basis_missing}; "
            "the report says what is missing"
        )
    if done.salt_made:
        yield f"a secret to hash buyers with was made: {done.salt_made}; keep it, and share it not"


def _sheet(part: Staged) -> Iterator[str]:
    yield f"{part.sheet.name}: {_many(part.rows, 'row')} of {part.layout.title}"
    if part.sheet.passed_over:
        yield f"  passed over: {', '.join(part.sheet.passed_over)}"
    if part.unknown_columns:
        yield f"  columns not known and not read: {', '.join(part.unknown_columns)}"
    for text, rows in part.unknown_states:
        known = f"status '{text}' is not known ({_many(rows, 'row')})"
        yield f"  warning: {known}: taken as paid where there is a payment"


def _lines(done: Imported) -> Iterator[str]:
    if done.summary is None:
        return
    for row in done.summary.iter_rows(named=True):
        if row["reason"] == "sold":
            yield (
                f"order lines: {row['lines']:,} in {row['orders']:,} orders from "
                f"{row['first_day']} to {row['last_day']}, {row['paid_amount']:,.2f} paid"
            )
            yield from _residual(row)
            if row["fake_lines"]:
                yield f"  {row['fake_lines']:,} lines are marked as fake orders and left out"
        else:
            what = _REASONS[row["reason"]]
            first = f", first: order {row['first_order']}" if row["first_order"] else ""
            yield f"  {row['lines']:,} lines {what} and are no sales{first}"
    yield from _without_lines(done.without_lines)
    again, gone = done.replaced.again, done.replaced.gone
    if again:
        yield f"  {again:,} orders imported before are replaced by what these files say"
    if gone:
        yield (
            f"  {gone:,} orders imported before ({Decimal(done.replaced.gone_amount):,.2f}) are of "
            "the same days and not in these files: removed"
        )


def _without_lines(orders: pl.DataFrame | None) -> Iterator[str]:
    if orders is None or orders.is_empty():
        return
    paid = sum(orders["paid_amount"].drop_nulls().to_list(), Decimal())
    days = [str(day) for day in orders["day"].drop_nulls()]
    when = f" from {days[0]} to {days[-1]}" if days else ""
    yield (
        f"  warning: {orders['orders'].sum():,} paid orders ({paid:,.2f}){when} have no lines in "
        "these files and are left out: add the file that says what was bought"
    )


def _residual(row: Mapping[str, Any]) -> Iterator[str]:
    reduced, rest = row["reduced_amount"], row["unexplained_amount"]
    if reduced:
        yield (
            f"  below list price by {reduced:,.2f}, of which columns explain "
            f"{reduced - rest:,.2f} and {rest:,.2f} stay unexplained"
        )
    if row["overexplained_amount"]:
        over = row["overexplained_amount"]
        yield f"  warning: discount columns say {over:,.2f} more than prices were reduced by"


def _control(facts: Mapping[str, Any], store: str | None) -> Iterator[str]:
    for row in facts.get("control", ()):
        if row["store"] == store:
            yield (
                f"of {row['days']:,} days from {row['first']} to {row['last']} the platform says "
                f"{Decimal(row['platform']):,.2f} paid, the order lines say "
                f"{Decimal(row['lines']):,.2f}"
            )


def matched(done: Imported, workspace: Path, *, store: str | None = None) -> Iterator[str]:
    """How products were found, and what a person should do."""
    rows = [row for row in done.told.get("matched", ()) if store in (None, row["store"])]
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["store"]] = totals.get(row["store"], Decimal()) + Decimal(row["sales"])
    for row in rows:
        share = Decimal(row["sales"]) / totals[row["store"]] if totals[row["store"]] else 0
        yield f"{row['store']}: {share:.1%} of sales {_ROUTES[row['route']]}"
    if done.seeded:
        yield (
            f"products.csv was empty: {done.seeded:,} products written from merchant codes; "
            "fill in their categories"
        )
    if done.undecided:
        yield (
            f"{_many(done.undecided, 'product')} to decide on in {workspace / 'product_map.csv'}, "
            f"{done.proposed:,} with a proposal: write accept, reject or new beside them, then "
            f"'channelscope import match --into {workspace}'"
        )
