"""Typed rows as the cells of an export become them, written by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl

from channelscope.contract import Type
from channelscope.importers import canonical

POLARS = {
    Type.TEXT: pl.String(), Type.DATE: pl.Date(), Type.TIMESTAMP: pl.Datetime("us"),
    Type.INT: pl.Int64(), Type.MONEY: pl.Decimal(18, 4), Type.DOUBLE: pl.Float64(),
}  # fmt: skip


def figures(*rows: dict[str, Any], sheet: int = 0) -> pl.DataFrame:
    """A sheet of daily figures whose rows begin at 2."""
    return _typed(rows, canonical.FIGURES, sheet)


def cases(*rows: dict[str, Any], sheet: int = 0) -> pl.DataFrame:
    """A sheet of after-sales cases."""
    return _typed(rows, canonical.REFUND, sheet)


def _typed(rows: tuple[dict[str, Any], ...], words: dict[str, Type], sheet: int) -> pl.DataFrame:
    unknown = {word for row in rows for word in row} - set(words)
    assert not unknown
    full = [
        {word: _value(row.get(word), type_) for word, type_ in words.items()}
        | {"row": sheet * 10**10 + number, "sheet": sheet}
        for number, row in enumerate(rows, start=2)
    ]
    types = {word: POLARS[type_] for word, type_ in words.items()}
    return pl.DataFrame(full, schema={**types, "row": pl.Int64(), "sheet": pl.Int64()})


def _value(value: Any, type_: Type) -> Any:
    return Decimal(str(value)) if value is not None and type_ is Type.MONEY else value
