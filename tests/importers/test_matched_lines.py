"""What a person says of products becomes of the order lines."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from channelscope import importing
from channelscope.importers import product_map
from tests.importers.small_brand import brand, lines, pdd, pdd_row, run


def test_products_are_matched_as_a_person_decides(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = pdd(
        tmp_path / "sets.csv",
        pdd_row("a", "2026-07-01 10:00:00", "SET-1", "300.00", **{"商品数量(件)": "2"}),
        pdd_row("b", "2026-07-02 10:00:00", "CUP2", "80.00"),
        pdd_row("c", "2026-07-03 10:00:00", "ODD", "10.00"),
    )
    done = run(workspace, file)
    assert lines(workspace)["sku"].to_list() == ["F1/SET-1", "F1/CUP2", "F1/ODD"]
    assert done.undecided == 3
    rows = product_map.read(workspace, products=pl.read_csv(workspace / "products.csv"))
    assert rows["decision"].to_list() == [None, None, None]
    decided = [
        {
            "store_id": "F1",
            "item_key": "SET-1",
            "sku": "LX-01",
            "pieces": "1",
            "decision": "accept",
        },
        {
            "store_id": "F1",
            "item_key": "SET-1",
            "sku": "LX-02",
            "pieces": "1",
            "decision": "accept",
        },
        {"store_id": "F1", "item_key": "CUP2", "sku": "LX-03", "pieces": "2", "decision": "accept"},
        {"store_id": "F1", "item_key": "ODD", "decision": "new"},
    ]
    schema = dict.fromkeys(product_map.COLUMNS, pl.String)
    product_map.write(pl.DataFrame(decided, schema=schema), workspace)
    again = importing.rematch(workspace)
    found = lines(workspace)
    assert found.select("order_id", "line_no", "sku").rows() == [
        ("a", 1, "LX-01"), ("a", 2, "LX-02"), ("b", 1, "LX-03"), ("c", 1, "ODD"),
    ]  # fmt: skip
    # The set's money by suggested price, 200 : 100; a pack of two is two pieces.
    assert found["paid_amount"].to_list() == [200, 100, 80, 10]
    assert found["qty"].to_list() == [2, 2, 2, 1]
    assert found["list_price"].to_list() == [100, 50, 40, 10]
    assert {row["route"]: row["sales"] for row in again.told["matched"]} == {
        "map": "380.0000", "new": "10.0000",
    }  # fmt: skip


def test_a_brand_without_products_gets_them_from_its_first_export(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop", products="sku,title,category\n")
    done = run(workspace, _two(tmp_path))
    assert done.seeded == 2
    written = pl.read_csv(workspace / "products.csv")
    assert written["sku"].to_list() == ["LX-01", "LX-02"]
    assert lines(workspace)["sku"].to_list() == ["LX-01", "LX-02", "LX-02"]
    # The next store's codes are held against them, and nothing is written over.
    other = pdd(tmp_path / "o.csv", pdd_row("x", "2026-07-01 10:00:00", "LX-09", "20.00"))
    assert run(workspace, other, store="D1").seeded == 0
    assert pl.read_csv(workspace / "products.csv").equals(written)


def _two(folder: Path) -> Path:
    return pdd(
        folder / "two.csv",
        pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00"),
        pdd_row("b", "2026-07-02 10:00:00", "LX-02", "100.00"),
        pdd_row("c", "2026-07-03 10:00:00", "LX-02", "90.00"),
    )
