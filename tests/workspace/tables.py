"""A tiny workspace that is right in every way; tests change one thing in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channelscope import loading
from channelscope.loading import Loaded
from channelscope.workspace import open_workspace

STORES = """\
store_id,name,kind,platform
F1,旗舰店 “一”,flagship,tmall
D1,Dealer,distributor,pdd
"""
PRODUCTS = """\
sku,title,category
a,Wok 炒锅,Kitchen > Woks
b,Cup,Kitchen > Cups
"""
ORDER_LINES = """\
store_id,order_id,line_no,sku,ordered_at,qty,list_price,paid_amount,discount_markdown,is_excluded
F1,1001,1,a,2026-01-05 10:00:00,2,100.00,190.00,10.00,
F1,1001,2,b,2026-01-05T10:00:00,1,20.5,20.50,,false
D1,1001,1,a,2026/01/06 9:05,1,100,85,15,是
"""


def write(folder: Path, **tables: str | None) -> Path:
    """The tiny workspace in `folder`, with some tables replaced, added or (None) left out."""
    texts: dict[str, str | None] = {
        "stores": STORES, "products": PRODUCTS, "order_lines": ORDER_LINES, **tables,
    }  # fmt: skip
    for name, text in texts.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def configure(folder: Path, text: str) -> Path:
    """The workspace with a channelscope.toml."""
    (folder / "channelscope.toml").write_text(text, encoding="utf-8")
    return folder


@contextmanager
def loaded(folder: Path, **options: Any) -> Iterator[Loaded]:
    """The loaded workspace, closed afterwards."""
    result = loading.load(open_workspace(folder, **options))
    try:
        yield result
    finally:
        result.close()


def rows(data: Loaded, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of a table, in the order of its rows."""
    frame = data.session.connection.table(table).pl()
    return frame.sort("_row").select(columns).rows()
