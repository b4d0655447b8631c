"""What is told of imports: joined, grouped, shared out, and warned of where it must be."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from channelscope import imported
from channelscope.domain import Basis, GroupBy, Redacted
from channelscope.manifest import Manifest
from channelscope.preparation import Request, prepare
from channelscope.results import TABLES
from tests.dimensions.small_cubes import scope
from tests.test_notices import told

FACTS = {
    "source": "taobao", "layouts": ["taobao_orders", "taobao_order_lines"],
    "files": [{"name": "a.zip", "sha256": "00", "rows": 7}], "rows": 7,
    "first": "2026-07-01", "last": "2026-07-31", "left_out": {}, "bases": ["paid", "paid_net"],
    "cannot_tell": [], "residual": None,
}  # fmt: skip


def one(store: str, **facts: Any) -> dict[str, Any]:
    return {"id": "x", "store": store, **FACTS, **facts}


def route(store: str, name: str, sales: str, lines: int = 1) -> dict[str, Any]:
    return {"store": store, "route": name, "lines": lines, "sales": sales}


def control(store: str, platform: str, lines: str, month: int = 7) -> dict[str, Any]:
    return {
        "store": store, "first": f"2026-{month:02}-01", "last": f"2026-{month:02}-28", "days": 28,
        "platform": platform, "lines": lines,
    }  # fmt: skip


def rows(table: str, found: Manifest, *stores: str) -> list[dict[str, Any]]:
    frame = imported.tables(imported.told(found, edited=False), stores)[table]
    assert frame.schema == TABLES[table]
    return frame.to_dicts()


def test_months_of_one_export_are_one_row() -> None:
    residual = {"discount": "10.00", "explained": "4.00", "unexplained": "6.00"}
    found = Manifest(imports=(
        one("F1", left_out={"unpaid": 3, "closed": 1}, cannot_tell=["platform_money"],
            residual=residual),
        one("F1", first="2026-06-01", last="2026-06-30", rows=5, left_out={"unpaid": 2},
            cannot_tell=["platform_money", "buyers"], bases=["paid", "merchant"]),
        one("F1", layouts=["alipay_bill"], bases=[], first=None, last=None),
    ))  # fmt: skip
    bill, orders = rows("imports", found, "F1")
    assert orders == {
        "store_id": "F1", "source": "taobao", "layouts": "taobao_orders+taobao_order_lines",
        "files": 2, "rows": 12, "first_day": date(2026, 6, 1), "last_day": date(2026, 7, 31),
        "left_out": "unpaid=5+closed=1", "bases": "paid", "cannot_tell": "platform_money+buyers",
        "discount_amount": Decimal(10), "explained_amount": Decimal(4),
        "unexplained_amount": Decimal(6),
    }  # fmt: skip
    assert bill["unexplained_amount"] is None, "not known, and no zero"
    assert (bill["bases"], bill["first_day"], bill["left_out"]) == ("", None, "")


def test_shares_are_of_the_imported_sales_of_each_store() -> None:
    found = Manifest(matched=(
        route("D1", "unmatched", "25.00", 9), route("F1", "unmatched", "10.00"),
        route("D1", "code", "75.00"), route("F1", "map", "30.00"), route("M1", "code", "0.00"),
    ))  # fmt: skip
    told_routes = [(r["store_id"], r["route"], r["share"], r["lines"])
                   for r in rows("product_routes", found, "F1", "D1", "M1")]  # fmt: skip
    assert told_routes == [
        ("F1", "map", 0.75, 1), ("F1", "unmatched", 0.25, 1),
        ("D1", "code", 0.75, 1), ("D1", "unmatched", 0.25, 9), ("M1", "code", None, 1),
    ]  # fmt: skip


def test_sales_not_matched_are_told_of_each_store() -> None:
    found = Manifest(matched=(route("F1", "code", "30"), route("F1", "unmatched", "10")))
    key = "warning.products_not_matched"
    assert told(scope("F1"), manifest=found) == {key: {"store": "F1", "share": 0.25}}
    whole = Manifest(matched=(route("F1", "code", "30"), route("F1", "unmatched", "0")))
    assert told(scope("F1"), manifest=whole) == {}
    assert told(scope("D1"), manifest=Manifest(matched=(route("D1", "new", "9"),))) == {}


def test_a_basis_is_allowed_where_every_import_with_sales_allows_it() -> None:
    found = Manifest(imports=(
        one("F1"), one("F1", layouts=["alipay_bill"], bases=[]),
        one("D1"), one("D1", layouts=["other"], bases=["paid"]),
        one("M1", bases=["merchant_net", "paid_net"]),
    ))  # fmt: skip
    asked = scope("F1", "D1", "M1", "X1")
    key = "warning.basis_not_allowed"
    assert told(asked, manifest=found) == {key: {"stores": "D1", "basis": "paid_net"}}
    merchant = told(replace(asked, basis=Basis.MERCHANT_NET), manifest=found)
    assert merchant == {key: {"stores": "F1+D1", "basis": "merchant_net"}}


@pytest.mark.parametrize(
    ("lines", "key", "share"),
    [
        ("197.00", "warning.lines_below_platform", 0.015),
        ("203.00", "warning.lines_above_platform", 0.015),
        ("199.00", None, None),
    ],
)
def test_totals_are_told_where_they_are_apart(
    lines: str, key: str | None, share: float | None
) -> None:
    """Of all days together: one day's orders may be the next day's payments."""
    found = Manifest(control=(control("F1", "150", lines), control("F1", "50", "0", month=8)))
    said = told(scope("F1", "D1"), manifest=found)
    assert said == ({key: {"store": "F1", "share": pytest.approx(share)}} if key else {})


def test_a_platform_that_tells_no_sales_is_no_difference() -> None:
    found = Manifest(control=(control("F1", "0", "9"),))
    assert told(scope("F1"), manifest=found) == {}


def test_texts_without_a_rule_are_counted() -> None:
    texts = ({"store": "F1", "texts": 4}, {"store": "D1", "texts": 0})
    said = told(scope("F1", "D1"), manifest=Manifest(not_understood=texts))
    assert said == {"warning.texts_not_understood": {"store": "F1", "n": 4}}


def test_an_edited_product_map_is_told() -> None:
    assert told(scope("F1"), edited=True) == {"warning.product_map_edited": {}}


def _workspace(root: Path, *, applied: str | None, decisions: str | None) -> bool:
    (root / "imported").mkdir()
    body = {"version": 1, "imports": [one("F1")], "parts": {}, "product_map": applied}
    (root / "imported" / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
    if decisions is not None:
        (root / "product_map.csv").write_text(decisions, encoding="utf-8-sig")
    return bool(imported.frames(root)["product_map_state"]["is_edited"].item())


def test_a_product_map_as_it_was_applied_is_not_edited(tmp_path: Path) -> None:
    text = "item_key,decision\na,accept\n"
    digest = hashlib.sha256(text.encode("utf-8-sig")).hexdigest()
    assert not _workspace(tmp_path, applied=digest, decisions=text)


@pytest.mark.parametrize(
    ("applied", "decisions", "edited"),
    [
        ("0" * 64, "item_key,decision\na,\n", True),
        ("0" * 64, None, False),
        (None, "item_key,decision\na,\nb, accept\n", True),
        (None, "item_key,decision\na,\nb,reject\n", False),
        (None, "item_key\na\n", False),
        (None, "", False),
    ],
)
def test_a_product_map_is_edited_when_what_counts_in_it_is_new(
    tmp_path: Path, applied: str | None, decisions: str | None, *, edited: bool
) -> None:
    """Proposals that nobody has decided are not applied either."""
    assert _workspace(tmp_path, applied=applied, decisions=decisions) is edited


def test_nothing_is_told_of_a_workspace_without_imports(tmp_path: Path) -> None:
    (tmp_path / "product_map.csv").write_text("item_key,decision\na,accept\n", encoding="utf-8")
    found = imported.frames(tmp_path)
    assert not found.pop("product_map_state")["is_edited"].item()
    assert all(frame.is_empty() for frame in found.values())


@pytest.fixture(scope="module")
def imported_sample(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, as if sales of three of its stores had been imported."""
    root = tmp_path_factory.mktemp("imported") / "sample"
    shutil.copytree(sample_workspace, root)
    (root / "imported").mkdir()
    routes = [route("D1", "code", "70"), route("D2", "unmatched", "30"), route("F1", "code", "9")]
    body = {"version": 1, "imports": [one("D1")], "parts": {}, "matched": routes}
    (root / "imported" / "manifest.json").write_text(json.dumps(body), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("asked", "stores", "shares"),
    [
        ({"stores": ("F1", "D1")}, {"F1", "D1"}, [1.0, 1.0]),
        ({"by": GroupBy.KIND}, {"kind:flagship", "kind:distributor"}, [1.0, 0.7, 0.3]),
        ({"stores": ("D1", "D2"), "redact": (Redacted.STORES,)}, None, [1.0, 1.0]),
    ],
)
def test_imports_are_told_of_what_is_compared(
    imported_sample: Path, asked: Any, stores: set[str] | None, shares: list[float]
) -> None:
    """Of the stores that are, of groups together, and under the names that a copy has."""
    with closing(prepare(Request(imported_sample, **asked))) as prepared:
        found = imported.tables(prepared.frames, prepared.scope.store_ids)["product_routes"]
        assert set(found["store_id"]) == (stores or set(prepared.scope.store_ids))
        assert sorted(found["share"], reverse=True) == pytest.approx(shares)
    assert stores or not set(found["store_id"]) & {"D1", "D2"}
