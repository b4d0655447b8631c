"""The promotion mechanisms of the trade: code, level, usual funder, and where the money stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """At which step of checkout a mechanism acts."""

    ITEM = "item"
    SET = "set"
    ORDER = "order"
    SHOP = "shop"
    PLATFORM = "platform"
    PAYMENT = "payment"
    POST = "post"


class Funder(StrEnum):
    """Who usually bears the discount; an activity may say otherwise."""

    MERCHANT = "merchant"
    PLATFORM = "platform"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One promotion mechanism. `in_price`: it lowers the paid amount of its line."""

    code: str
    chinese: str
    level: Level
    funder: Funder
    in_price: bool = True


_M, _P, _S = Funder.MERCHANT, Funder.PLATFORM, Funder.SHARED

MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism("markdown", "直降", Level.ITEM, _M),
    Mechanism("flash", "秒杀", Level.ITEM, _M),
    Mechanism("subsidy", "百亿补贴", Level.ITEM, _P),
    Mechanism("official_cut", "官方立减", Level.ITEM, _M),
    Mechanism("member", "会员价", Level.ITEM, _M),
    Mechanism("group", "拼团", Level.ITEM, _M),
    Mechanism("presale", "预售定金膨胀", Level.ITEM, _M),
    Mechanism("new_customer", "新客礼金", Level.ORDER, _M),
    Mechanism("coupon_item", "商品券", Level.SET, _M),
    Mechanism("coupon_shop", "店铺券", Level.SHOP, _M),
    Mechanism("tier_amount", "满减", Level.SHOP, _M),
    Mechanism("tier_qty", "满件折", Level.SHOP, _M),
    Mechanism("bundle", "套餐", Level.SHOP, _M),
    Mechanism("gift", "买赠", Level.SHOP, _M, in_price=False),
    Mechanism("tier_cross", "跨店满减", Level.PLATFORM, _S),
    Mechanism("coupon_platform", "平台券", Level.PLATFORM, _P),
    Mechanism("points", "积分抵扣", Level.PAYMENT, _S),
    Mechanism("redpack", "红包", Level.PAYMENT, _P),
    Mechanism("shipping", "运费券", Level.ORDER, _M, in_price=False),
    Mechanism("subscribe", "订阅省", Level.ITEM, _M),
    Mechanism("cashback", "返现", Level.POST, _M, in_price=False),
    Mechanism("trade_in", "以旧换新", Level.ITEM, _P, in_price=False),
)

CODES: tuple[str, ...] = tuple(mechanism.code for mechanism in MECHANISMS)
PREFIX = "discount_"
