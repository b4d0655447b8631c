"""Warnings: told where they apply, of the right stores, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from channelscope import circles, imported, notices, segment_sets
from channelscope.config import SegmentSet
from channelscope.domain import Basis, Scope, Store
from channelscope.loading import Loaded
from channelscope.manifest import Manifest
from tests.dimensions.small_cubes import MONDAY, frame, scope, traded

CUBES = ("store_days", "line_counts", "shelf_span", "cost_amounts", "traffic", "stores")


@dataclass
class Fake:
    """What the warnings read of a loaded workspace."""

    definition: Mapping[str, str] = field(default_factory=dict)
    extra_columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def config(self) -> Any:
        return SimpleNamespace(traffic=SimpleNamespace(definition=self.definition))


def told(of: Scope, *, definition: Mapping[str, str] | None = None, **rows: Any) -> dict[str, Any]:
    """The values of each warning by its key."""
    frames = {name: frame(name, rows.get(name, ())) for name in CUBES}
    frames["products"] = frame("products", rows.get("products", ()))
    frames["segment_sets"] = segment_sets.table(rows.get("segments", {}))
    frames |= imported.told(rows.get("manifest", Manifest()), edited=rows.get("edited", False))
    frames["store_bits"] = circles.store_bits(frames["stores"], of.stores, {})
    loaded: Loaded = Fake(definition or {})  # type: ignore[assignment]
    return {note.key: dict(note.params) for note in notices.collect(loaded, of, frames)}


def lines(store: str, **counts: int) -> dict[str, Any]:
    known = {"rows_in": 10, "rows_excluded": 0, "rows_refund_known": 10, "rows_platform_known": 10}
    return {"store_id": store, **known, **counts}


def groups(*platforms: str) -> tuple[Scope, list[dict[str, str]]]:
    """One group of a store on each platform, and the table of these stores."""
    members = tuple(f"S{at}" for at, _ in enumerate(platforms))
    group = Store("kind:outlet", "outlet", "outlet", "mixed", members=members)
    rows = [{"store_id": m, "platform": p} for m, p in zip(members, platforms, strict=True)]
    return replace(scope("F1"), stores=(group,), reference_id="kind:outlet"), rows


def test_whole_data_of_plain_stores_get_no_warning() -> None:
    days = [traded("F1", 0, sales="10")]
    assert told(scope("F1"), store_days=days, line_counts=[lines("F1")]) == {}


def test_values_of_segments_that_no_product_has_are_told() -> None:
    goods = [{"sku": "a", "category": "Home > Pans"}, {"sku": "b", "category": "Home > Cups"}]
    held = SegmentSet(groups={"cooking": ("Pans", "Home > Pans"), "other": ("Pots", "Home > Cup")})
    notes = told(scope("F1"), products=goods, segments={"use": held})
    assert notes == {
        "warning.segment_value": {"set": "use", "value": "Pots", "columns": "products.category"},
        "warning.segment_value_near": {
            "set": "use", "value": "Home > Cup", "columns": "products.category",
            "near": "Home > Cups",
        },
    }  # fmt: skip
    by_sku = SegmentSet(by="sku", groups={"x": ("a", "c")})
    assert set(told(scope("F1"), products=goods, segments={"own": by_sku})) == {
        "warning.segment_value"
    }


def test_more_than_twelve_stores_of_one_scope_are_told() -> None:
    names = [f"S{at:02}" for at in range(13)]
    stores = [{"store_id": name, "platform": "p"} for name in names]
    assert told(scope(*names[:12]), stores=stores[:12]) == {}
    found = told(scope(*names), stores=stores)
    assert found == {"warning.many_stores_of_a_scope": {"n": 12, "m": 13, "ids": "p"}}


def test_partly_known_refunds_are_told_on_a_net_basis() -> None:
    days = [
        traded("F1", 0, sales="30"), traded("F1", 1, sales="70", refunded=None),
        traded("M1", 0, sales="50"), traded("D1", 0, sales="20", refunded=None),
        traded("D1", 1, sales="80"), traded("F1", -1, sales="900"),
    ]  # fmt: skip
    asked = scope("F1", "M1", "D1")
    found = told(asked, store_days=days)
    assert found == {"warning.refunds_partly_known": {"stores": "F1+D1", "share": 0.55}}
    assert told(replace(asked, basis=Basis.PAID), store_days=days) == {}


def test_partly_known_platform_money_is_told_where_it_is_added() -> None:
    counts = [lines("F1", rows_platform_known=4), lines("D1"), lines("M1", rows_platform_known=0)]
    asked = replace(scope("F1", "D1", "M1"), basis=Basis.MERCHANT)
    found = told(asked, line_counts=counts)
    assert found["warning.platform_money_partly_known"] == {"stores": "F1", "share": 0.4}
    assert found["warning.platform_money_unknown"] == {"stores": "M1"}
    assert told(scope("F1", "D1", "M1"), line_counts=counts) == {}


def test_groups_are_told_by_what_they_were_made() -> None:
    asked, rows = groups("tmall", "tmall")
    assert told(asked, stores=rows) == {"warning.groups": {"by": "kind"}}


def test_definitions_of_traffic_are_those_of_the_members() -> None:
    traffic = [{"store_id": "kind:outlet", "visitors": 1}]
    same = {"tmall": "people", "jd": "people"}
    asked, rows = groups("tmall", "jd")
    key = "warning.traffic_definitions"
    assert key not in told(asked, stores=rows, traffic=traffic, definition=same)
    other = {"tmall": "people", "jd": "devices"}
    found = told(asked, stores=rows, traffic=traffic, definition=other)
    assert found[key] == {"stores": "kind:outlet"}
    assert key not in told(asked, stores=rows, definition=other)


def test_stores_without_any_costs_are_named_where_others_have_them() -> None:
    costs = [{"store_id": "F1", "kind": "staff", "amount": 1.0, "known_sales": 1.0}]
    counts = [lines("F1"), lines("D1"), lines("X1", rows_excluded=10)]
    asked = scope("F1", "D1", "X1")
    found = told(asked, line_counts=counts, cost_amounts=costs)
    assert found == {"warning.costs_missing": {"store": "D1", "kinds": "staff"}}
    assert told(asked, line_counts=counts) == {}


def test_opening_and_closing_inside_the_period_are_told() -> None:
    plain = scope("F1", "D1")
    middle, last = MONDAY + timedelta(days=9), plain.period.last
    stores = (
        replace(plain.stores[0], opened_on=MONDAY, closed_on=last),
        replace(plain.stores[1], opened_on=middle, closed_on=middle),
    )
    note = {"store": "D1", "day": middle}
    found = told(replace(plain, stores=stores))
    assert found == {"warning.opened_inside": note, "warning.closed_inside": note}


def test_a_share_of_known_refunds_is_by_money() -> None:
    days = [{**traded("F1", 0, sales="100"), "refund_known_paid": Decimal(25)}]
    share = told(scope("F1"), store_days=days)["warning.refunds_partly_known"]["share"]
    assert share == 0.25
