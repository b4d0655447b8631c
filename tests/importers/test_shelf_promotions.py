"""The promotions of a shelf export: windows, ids, scope, and what nobody understands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from channelscope.contract import PROMOTIONS
from channelscope.domain import Period
from channelscope.errors import UsageError
from channelscope.promotion_rules import read_promotions
from tests.importers.test_shelf import DAY, WEEK, read, rows
from tests.promotion_rules.tills import net

WINDOW = "2026-03-23 00:00:00-2026-03-31 23:59:59"
CAMPAIGN = {"promo_label": "春季家装节", "promo_level": "单品级", "promo_tool": "官方立减",
            "promo_text": "减400元", "promo_id": "130", "promo_window": WINDOW}  # fmt: skip


def promotions(*told: dict[str, Any], span: Period | None = DAY) -> pl.DataFrame:
    return read(*told, span=span)["exported_promotions"]


def test_a_promotion_has_the_columns_of_the_contract_and_an_item_as_its_scope() -> None:
    (found,) = promotions({"item_id": "7", "list_price": 4999} | CAMPAIGN).to_dicts()
    assert set(found) == {c.name for c in PROMOTIONS.columns} - {"scope"} | {"item_key"}
    assert found["promo_id"].startswith("F1/130/")
    told = ("store_id", "mechanism", "item_key", "label", "benefit_kind", "benefit", "starts_at",
            "ends_at", "eligibility")  # fmt: skip
    assert tuple(found[name] for name in told) == (
        "F1", "official_cut", "7", "春季家装节 减400元", "amount", 400.0,
        datetime(2026, 3, 23), datetime(2026, 3, 31, 23, 59, 59), "all",
    )  # fmt: skip


def test_one_promotion_over_several_items_has_one_id() -> None:
    found = promotions(
        {"item_id": "7"} | CAMPAIGN,
        {"item_id": "8"} | CAMPAIGN,
        {"item_id": "8"} | CAMPAIGN,
        {"item_id": "9"} | CAMPAIGN | {"promo_text": "减300元"},
    )
    assert found["item_key"].to_list().count("8") == 1
    ids = dict(rows(found, "item_key", "promo_id"))
    assert ids["7"] == ids["8"] != ids["9"]


def test_the_id_is_that_of_any_other_export() -> None:
    (alone,) = promotions({"item_id": "9"} | CAMPAIGN)["promo_id"]
    longer = CAMPAIGN | {"promo_window": "2026-03-23 00:00:00-2026-04-05 23:59:59"}
    (prolonged,) = promotions({"item_id": "7"} | longer)["promo_id"]
    (later,) = promotions({"item_id": "7", **CAMPAIGN, "promo_window": "2026-04-01-2026-04-05"})[
        "promo_id"
    ]
    both = promotions({"item_id": "7"} | CAMPAIGN, {"item_id": "8"} | longer)["promo_id"]
    assert alone == prolonged != later
    assert both.n_unique() == 2


@pytest.mark.parametrize(
    ("window", "span", "starts", "ends"),
    [
        ("2026/3/1 至 2026/3/2", None, datetime(2026, 3, 1), datetime(2026, 3, 2, 23, 59, 59)),
        ("2026-03-01 10:00~2026-03-02 12:30", DAY, datetime(2026, 3, 1, 10),
         datetime(2026, 3, 2, 12, 30)),
        ("2026年3月1日-2026年3月2日", DAY, datetime(2026, 3, 1), datetime(2026, 3, 2, 23, 59, 59)),
        ("长期有效", WEEK, datetime(2026, 4, 13), datetime(2026, 4, 19, 23, 59, 59)),
        ("2026-03-02-2026-03-01", WEEK, datetime(2026, 4, 13), datetime(2026, 4, 19, 23, 59, 59)),
        ("2026-03-01-2026-03-02, 2026-03-05", DAY, datetime(2026, 4, 17),
         datetime(2026, 4, 17, 23, 59, 59)),
        ("2026-13-01-2026-13-02", None, datetime(2026, 4, 1), datetime(2026, 4, 1, 23, 59, 59)),
        (None, None, datetime(2026, 4, 1), datetime(2026, 4, 1, 23, 59, 59)),
    ],
)  # fmt: skip
def test_the_window_is_as_printed_or_the_days_named_or_the_day_seen(
    window: str | None, span: Period | None, starts: datetime, ends: datetime
) -> None:
    told = {"item_id": "7", "date": date(2026, 4, 1), "promo_text": "减4元", "promo_window": window}
    found = promotions(told, span=span)
    assert rows(found, "starts_at", "ends_at") == [(starts, ends)]


def test_several_rules_of_one_text_are_several_promotions() -> None:
    found = promotions({"item_id": "7", "promo_text": "预售定金100抵220+尾款立减50"})
    assert found["promo_id"].n_unique() == 2
    assert sorted(rows(found, "benefit_kind", "benefit")) == [("amount", 50), ("credit", 220)]


def test_what_is_not_understood_is_kept_once_per_text_and_item() -> None:
    strange = {"promo_text": "神秘优惠", "promo_tool": "惊喜立减"}
    found = read(
        {"item_id": "7", "title": "炒锅"} | strange,
        {"promo_text": "神秘优惠"},
        {"promo_text": "减4元"},
        {"item_id": "8"} | strange,
    )
    assert rows(found["promotions_not_understood"], "store_id", "text", "item_key", "title") == [
        ("F1", "神秘优惠", "7", "炒锅"), ("F1", "神秘优惠", "8", None),
    ]  # fmt: skip
    assert found["exported_promotions"]["item_key"].to_list() == ["7"]


@pytest.mark.parametrize(
    ("told", "mechanism", "kind", "benefit"),
    [
        ({"promo_rate": 0.12, "promo_amount": 36}, "official_cut", "rate", 0.12),
        ({"promo_rate": 0.125}, "official_cut", "rate", 0.125),
        ({"promo_amount": 36}, "official_cut", "amount", 36),
        ({"promo_amount": 36, "promo_tool": "优惠券"}, "coupon_shop", "amount", 36),
        ({"promo_amount": 36, "promo_text": "一口价99元"}, "markdown", "price", 99),
    ],
)
def test_figures_stand_for_a_text_that_is_not_there(
    told: dict[str, Any], mechanism: str, kind: str, benefit: float
) -> None:
    found = promotions({"item_id": "7"} | told, span=WEEK)
    assert rows(found, "mechanism", "benefit_kind", "benefit") == [(mechanism, kind, benefit)]


def test_an_item_that_takes_no_part_has_no_promotion() -> None:
    found = read({"item_id": "7", "promo_rate": 0.0, "promo_amount": 0}, {"item_id": "8"})
    assert set(found) == {"items"}


def test_a_campaign_needs_its_days() -> None:
    with pytest.raises(UsageError, match="does not say of which days") as told:
        read({"item_id": "7", "promo_rate": 0.12}, span=None)
    assert "--from DAY --to DAY" in str(told.value.expected)


def test_coupons_rank_by_threshold_so_that_none_contradicts_another() -> None:
    found = promotions(
        {"item_id": "7", "promo_text": "店铺券满399减50"},
        {"promo_text": "店铺券满199减20"},
        {"promo_text": "满300减30"},
    )
    ranks = dict(rows(found, "threshold", "priority"))
    assert ranks == {199: 1, 399: 2, 300: None}


def test_a_shelf_row_is_priced_by_all_of_its_promotions() -> None:
    """一口价 4999, campaign price 2298, then 官方立减 280 and 满2000减450: 1568."""
    told = promotions(
        {"item_id": "720", "list_price": 4999, "promo_tool": "官方大促", "promo_level": "单品级",
         "promo_text": "一口价2298元", "promo_window": WINDOW},
        {"promo_tool": "官方立减", "promo_level": "单品级", "promo_text": "减280元",
         "promo_window": WINDOW},
        {"promo_tool": "店铺优惠券", "promo_level": "店铺级", "promo_text": "满2000减450",
         "promo_window": WINDOW},
    )  # fmt: skip
    june = pl.lit(datetime(2026, 6, 30))
    scoped = told.with_columns(pl.lit("sku:720").alias("scope"), june.alias("ends_at"))
    assert net(*read_promotions(scoped), lines=[("720", 4999.0, 1)]) == 1568
