"""`product_map.csv`: which product each exported item is, as people decided it."""

from __future__ import annotations

import csv
import io
import os
import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from channelscope.contract import ROW
from channelscope.errors import DataError, OutputError, did_you_mean
from channelscope.importers import trade_numbers
from channelscope.text_files import read_csv

FILE = "product_map.csv"

COLUMNS = (
    "store_id", "item_key", "sku_code", "gtin", "title", "variant", "list_price", "sales",
    "sku", "pieces", "route", "score", "others", "decision", "note",
)  # fmt: skip
"""Of the file, in order; columns that people add stand behind them."""

ACCEPT, REJECT, NEW = "accept", "reject", "new"
DECISIONS = (ACCEPT, REJECT, NEW)
_REQUIRED = ("store_id", "item_key", "sku", "pieces", "decision")
_IDS = ("store_id", "item_key", "sku_code", "gtin", "sku")

_DAMAGED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_WHOLE = re.compile(r"\d+(?:\.0+)?")
_READ_OTHERWISE = re.compile(
    r"[=+\-@'].*|[\d.,/:\s-]+%?|\d+(?:\.\d+)?e[+-]?\d+|true|false"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/ ]?\d+",
    re.IGNORECASE | re.DOTALL,
)
"""What a spreadsheet takes for a formula, a number, a date or a truth."""


def read(root: Path, *, products: pl.DataFrame) -> pl.DataFrame:
    """The file of a workspace as text, `COLUMNS` first; without rows when there is none.

    DataError with every row that cannot be meant.
    """
    path = root / FILE
    if not path.exists():
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    frame = read_csv(path)
    lost = [name for name in _REQUIRED if name not in frame.columns]
    if lost:
        raise DataError(
            f"has no column {', '.join(lost)}",
            where=FILE,
            expected=", ".join(COLUMNS),
            advice="move the file away and run 'channelscope import match' to write it anew",
        )
    rows = [_bare(row) for row in frame.to_dicts()]
    faults = list(_faults(rows, known=set(products["sku"].to_list())))
    if faults:
        raise DataError.gathered(f"{FILE} cannot be used", faults)
    extra = [name for name in frame.columns if name not in (*COLUMNS, ROW)]
    return pl.DataFrame(rows, schema=dict.fromkeys((*COLUMNS, *extra), pl.String))


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    """Cells without what keeps a spreadsheet from reading them otherwise."""
    kept = {name: _cell(value) for name, value in row.items()}
    # A key is what stands in the export, full-width signs and all.
    ids = [name for name in _IDS if name != "item_key"]
    kept |= {name: trade_numbers.bare(kept.get(name)) or None for name in ids}
    kept["item_key"] = trade_numbers.unwrapped(kept.get("item_key")) or None
    kept["decision"] = (kept["decision"] or "").casefold() or None
    return kept


def _cell(value: Any) -> Any:
    return value.strip() or None if isinstance(value, str) else value


def _faults(rows: Sequence[Mapping[str, Any]], *, known: Collection[str]) -> Iterator[DataError]:
    decided: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        where = f"{FILE} row {row[ROW]}"
        wrong = next(_wrong_cells(row, known=known, where=where), None)
        if wrong:
            yield wrong
            continue
        if row["decision"] not in (ACCEPT, NEW):
            continue
        item = decided.setdefault((row["store_id"], row["item_key"]), {})
        sku = row["sku"] if row["decision"] == ACCEPT else NEW
        if sku in item or (item and NEW in (sku, *item)):
            yield DataError(
                f"the item {row['item_key']} is decided twice, first in {item.popitem()[1]}",
                where=where,
                expected="one row with 'accept' per part of a bundle, or one row with 'new'",
                advice="take the decision out of one of the two rows",
            )
        item[sku] = f"row {row[ROW]}"


def _wrong_cells(
    row: Mapping[str, Any], *, known: Collection[str], where: str
) -> Iterator[DataError]:
    for name in ("store_id", "item_key"):
        if not row[name]:
            yield DataError(f"has no {name}", where=where, expected="the item the row is about")
    for name in _IDS:
        if row[name] and _DAMAGED.fullmatch(row[name]):
            yield DataError(
                f"{name} is {row[name]}: a spreadsheet took the id for a number",
                where=where,
                expected="the id with all its digits",
                advice="take the row out and run 'channelscope import match' to write it anew",
            )
    decision = row["decision"]
    if decision and decision not in DECISIONS:
        yield DataError(
            f"the decision is '{decision}'",
            where=where,
            expected=f"{', '.join(DECISIONS)}, or nothing while it is open",
            advice=did_you_mean(decision, DECISIONS),
        )
    if decision != ACCEPT:
        return
    if row["sku"] not in known:
        yield DataError(
            f"there is no product '{row['sku']}'" if row["sku"] else "'accept' without a sku",
            where=where,
            expected="a sku of products",
            advice=did_you_mean(row["sku"] or "", known) or "write it as it stands in products",
        )
    pieces = row["pieces"] or ""
    if not _WHOLE.fullmatch(pieces) or not float(pieces):
        yield DataError(
            f"pieces is '{pieces}'" if pieces else "'accept' without pieces",
            where=where,
            expected="how many pieces of the product one of the item holds: 1, 2, 3 …",
        )


def write(product_map: pl.DataFrame, root: Path) -> bool:
    """Write the file, whole or not at all; False when it stands there already.

    In UTF-8 with a byte order mark, which spreadsheets look for. Cells that a spreadsheet would
    read as a number or a formula begin with a tab: it is not seen, and is kept when saved.
    """
    made = _as_bytes(product_map)
    target = root / FILE
    beside = root / f".{FILE}.{uuid.uuid4().hex[:8]}"
    try:
        if target.exists() and target.read_bytes() == made:
            return False
        try:
            beside.write_bytes(made)
            os.replace(beside, target)  # noqa: PTH105  the same on every system
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(target),
            advice="close it where it is open in a spreadsheet, and try again",
        ) from error
    return True


def _as_bytes(product_map: pl.DataFrame) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(product_map.columns)
    for row in product_map.iter_rows():
        writer.writerow(["" if cell is None else _guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _guarded(cell: str) -> str:
    return f"\t{cell}" if _READ_OTHERWISE.fullmatch(cell) else cell
