"""Daily figures, traffic by source and service scores become rows by day, or an error says why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope import contract
from channelscope.domain import Period
from channelscope.errors import DataError, UsageError
from channelscope.importers import figures
from channelscope.importers.layout import Layout, catalogue
from tests.importers import typed_rows

DAY, NEXT = dt.date(2026, 1, 30), dt.date(2026, 1, 31)
SHOP = catalogue()["sycm_shop_daily"]
SOURCES = catalogue()["sycm_traffic_sources"]
SCORES = catalogue()["pdd_service"]
REVIEWS = catalogue()["olist_order_reviews"]


def _tables(
    layout: Layout, *rows: dict[str, Any], span: Period | None = None
) -> dict[str, pl.DataFrame]:
    return figures.tables(typed_rows.figures(*rows), store="F1", layout=layout, span=span)


def _source(name: str | None, detail: str | None, visitors: int | None, **more: Any) -> Any:
    return {"date": DAY, "traffic_source": name, "traffic_detail": detail,
            "traffic_visitors": visitors, **more}  # fmt: skip


def test_a_day_of_a_shop_becomes_traffic_service_and_a_control_total() -> None:
    found = _tables(
        SHOP,
        {"date": NEXT, "traffic_visitors": 210, "traffic_page_views": 900,
         "service_rating_item": 4.9, "control_paid": "1234.50", "control_orders": 12,
         "control_refunded": "0"},
        {"date": DAY, "traffic_visitors": 0, "traffic_cart_visitors": 3,
         "service_rating_item": 4.8, "service_first_response_s": 31.5},
    )  # fmt: skip
    assert found["traffic"].rows() == [
        ("F1", DAY, "all", 0, None, 3, None),
        ("F1", NEXT, "all", 210, 900, None, None),
    ]
    assert found["service"].rows() == [
        ("F1", DAY, "first_response_s", 31.5, None, None),
        ("F1", DAY, "rating_item", 4.8, None, None),
        ("F1", NEXT, "rating_item", 4.9, None, None),
    ]
    assert found["control_totals"].rows() == [
        ("F1", NEXT, Decimal("1234.5000"), 12, None, Decimal("0.0000")),
    ]
    assert list(found) == ["traffic", "service", "control_totals"]


def test_columns_and_types_are_those_of_the_contract() -> None:
    found = _tables(
        SHOP,
        {"date": DAY, "traffic_visitors": 1, "service_rating_item": 4.8, "control_paid": "1",
         "cost_base": "10", "cost_affiliate": "1"},
    )  # fmt: skip
    for name in ("traffic", "service", "costs"):
        wanted = [column.name for column in contract.BY_NAME[name].columns]
        assert found[name].columns == wanted
        for column in contract.BY_NAME[name].columns:
            assert found[name].schema[column.name] == typed_rows.POLARS[column.type], column.name
    wanted = ["store_id", "date", "paid_amount", "orders", "units", "refunded_amount"]
    assert found["control_totals"].columns == wanted


def test_days_without_visitors_are_no_traffic() -> None:
    assert "traffic" not in _tables(SHOP, {"date": DAY, "traffic_page_views": 4})
    assert _tables(SHOP, {"date": DAY}) == {}


def test_a_source_gives_way_to_its_details_and_stays_without_them() -> None:
    found = _tables(
        SOURCES,
        _source("淘内免费", "汇总", 90, traffic_cart_visitors=9),
        _source("淘内免费", "手淘搜索", 60, traffic_cart_visitors=6),
        _source("淘内免费", "手淘首页", 45),
        _source("自主访问", "汇总", 30),
        _source("付费流量", None, 20),
        _source("站外", "汇总", 7),
        _source("站外", "其他", None),
    )
    assert found["traffic"].select("source", "visitors", "cart_visitors").rows() == [
        ("付费流量", 20, None),
        ("淘内免费 > 手淘搜索", 60, 6),
        ("淘内免费 > 手淘首页", 45, None),
        ("站外", 7, None),
        ("自主访问", 30, None),
    ]


def test_details_of_one_day_do_not_take_the_whole_of_another() -> None:
    other = {**_source("淘内免费", "汇总", 80), "date": NEXT}
    found = _tables(SOURCES, _source("淘内免费", "手淘搜索", 60), other)
    assert found["traffic"].select("date", "source").rows() == [
        (DAY, "淘内免费 > 手淘搜索"),
        (NEXT, "淘内免费"),
    ]


def test_the_row_of_all_sources_is_the_source_all() -> None:
    found = _tables(SOURCES, _source("汇总", None, 100), _source("淘内免费", "手淘搜索", 60))
    assert found["traffic"].select("source", "visitors").rows() == [
        ("all", 100),
        ("淘内免费 > 手淘搜索", 60),
    ]


def test_a_detail_without_its_source_leaves_the_total() -> None:
    found = _tables(SOURCES, _source("汇总", "汇总", 100), _source(None, "手淘搜索", 60))
    assert found["traffic"]["source"].to_list() == ["all", "手淘搜索"]


def test_details_of_one_sheet_replace_the_whole_of_another() -> None:
    whole = typed_rows.figures(_source("淘内免费", "汇总", 90))
    details = typed_rows.figures(_source("淘内免费", "手淘搜索", 60), sheet=1)
    found = figures.tables(pl.concat([whole, details]), store="F1", layout=SOURCES)
    assert found["traffic"]["visitors"].to_list() == [60]


def test_one_detail_of_two_sources_is_two_sources() -> None:
    found = _tables(SOURCES, _source("淘内免费", "其他", 5), _source("付费流量", "其他", 6))
    assert found["traffic"]["source"].to_list() == ["付费流量 > 其他", "淘内免费 > 其他"]


def test_sales_by_source_are_no_control_total() -> None:
    assert list(_tables(SOURCES, _source("淘内免费", "汇总", 5, control_paid="10"))) == ["traffic"]


def test_a_row_that_comes_twice_counts_once() -> None:
    found = _tables(SOURCES, *[_source("淘内免费", "手淘搜索", 60)] * 2)
    assert found["traffic"]["visitors"].to_list() == [60]


@pytest.mark.parametrize(
    ("layout", "second", "told"),
    [
        (SHOP, {"date": DAY, "traffic_visitors": 8}, "2026-01-30 all stands in several rows"),
        (SOURCES, {"date": DAY, "traffic_visitors": 7, "traffic_page_views": 1}, "2026-01-30 all"),
        (SHOP, {"date": DAY, "service_rating_item": 4.1}, "2026-01-30 rating_item stands"),
        (SHOP, {"date": DAY, "control_paid": "2"}, "2026-01-30 stands in several rows"),
        (SHOP, {"date": DAY, "cost_ad_spend": "2"}, "2026-01-01 2026-01-30 stands"),
    ],
)
def test_a_day_that_contradicts_itself_is_an_error(
    layout: Layout, second: dict[str, Any], told: str
) -> None:
    first = {"date": DAY, "traffic_visitors": 7, "service_rating_item": 4.0, "control_paid": "1",
             "cost_ad_spend": "1"}  # fmt: skip
    other = {"date": NEXT, "traffic_visitors": 5}
    with pytest.raises(DataError) as caught:
        _tables(layout, other, first, second)
    assert told in caught.value.what
    assert caught.value.what.endswith("row 3, row 4")
    assert caught.value.where == layout.title


def test_a_later_sheet_wins_day_by_day() -> None:
    old = typed_rows.figures(
        {"date": DAY, "traffic_visitors": 1, "service_rating_item": 4.0},
        {"date": NEXT, "traffic_visitors": 2, "service_rating_item": 4.1},
    )
    new = typed_rows.figures({"date": NEXT, "traffic_visitors": 3}, sheet=1)
    found = figures.tables(pl.concat([new, old]), store="F1", layout=SHOP)
    assert found["traffic"].select("date", "visitors").rows() == [(DAY, 1), (NEXT, 3)]
    assert found["service"].select("date", "value").rows() == [(DAY, 4.0), (NEXT, 4.1)]


def test_scores_of_orders_keep_their_order() -> None:
    found = _tables(
        REVIEWS,
        {"date": DAY, "order_id": "o1", "service_rating_item": 5.0},
        {"date": DAY, "order_id": "o2", "service_rating_item": 2.0},
        {"date": DAY, "order_id": "o2", "service_rating_item": 3.0},
        {"date": NEXT, "order_id": "o2", "service_rating_item": 1.0},
    )
    assert found["service"].rows() == [
        ("F1", DAY, "rating_item", 5.0, None, "o1"),
        ("F1", DAY, "rating_item", 2.5, 2, "o2"),
        ("F1", NEXT, "rating_item", 1.0, None, "o2"),
    ]


def test_a_later_sheet_wins_order_by_order() -> None:
    old = typed_rows.figures(*[
        {"date": DAY, "order_id": order, "service_rating_item": 5.0} for order in ("o1", "o2")
    ])  # fmt: skip
    row = {"date": DAY, "order_id": "o2", "service_rating_item": 1.0}
    both = pl.concat([old, typed_rows.figures(row, sheet=1)])
    found = figures.tables(both, store="F1", layout=REVIEWS)["service"]
    assert found.select("value", "n", "order_id").rows() == [(5.0, None, "o1"), (1.0, None, "o2")]


def test_a_file_of_one_day_is_of_the_day_a_user_names() -> None:
    row = {**_source("淘内免费", "手淘搜索", 60), "date": None}
    found = _tables(SOURCES, row, span=Period(NEXT, NEXT))
    assert found["traffic"].select("date", "visitors").rows() == [(NEXT, 60)]
    found = _tables(SCORES, {"service_dispute_rate": 0.01}, span=Period(DAY, DAY))
    assert found["service"].rows() == [("F1", DAY, "dispute_rate", 0.01, None, None)]


def test_dates_of_the_file_stand_before_the_users() -> None:
    found = _tables(SHOP, {"date": DAY, "traffic_visitors": 1}, span=Period(NEXT, NEXT))
    assert found["traffic"]["date"].to_list() == [DAY]


def test_a_file_without_dates_needs_them() -> None:
    with pytest.raises(UsageError, match="does not say of which days") as caught:
        _tables(SCORES, {"service_dispute_rate": 0.01})
    assert caught.value.expected is not None
    assert "--from DAY --to DAY" in caught.value.expected


@pytest.mark.parametrize(
    "row", [{"traffic_visitors": 5}, {"service_dispute_rate": 0.1}, {"control_orders": 5}]
)
def test_figures_of_several_days_are_not_of_a_day(row: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="by day: its figures are of 2 days together"):
        _tables(SHOP, row, span=Period(DAY, NEXT))
    with pytest.raises(UsageError, match="by day: its figures are of a month"):
        _tables(SHOP, {**row, "month": dt.date(2026, 1, 1)})


def test_figures_without_a_date_among_others_are_told() -> None:
    blank: dict[str, Any] = {"traffic_detail": "注"}
    with pytest.raises(DataError, match="1 rows have no date; first: row 4"):
        _tables(SHOP, {"date": DAY, "traffic_visitors": 1}, blank, {"traffic_visitors": 2})


def test_words_an_export_has_not_are_not_known() -> None:
    frame = pl.DataFrame({"row": [2], "date": [DAY], "traffic_visitors": [5]})
    found = figures.tables(frame, store="F1", layout=SHOP)
    assert found["traffic"].row(0) == ("F1", DAY, "all", 5, None, None, None)
