"""The net price of a basket, step by step as a checkout takes it, to the cent."""

from __future__ import annotations

from channelscope.promotion_rules.apportion import apportion, divide_half_up, per_order
from channelscope.promotion_rules.baskets import Baskets
from channelscope.promotion_rules.beside import GiftWorth
from channelscope.promotion_rules.net_price import Given, Priced, Taken, price
from channelscope.promotion_rules.promotions import Base, Promotion, Step, read_promotions

__all__ = [
    "Base",
    "Baskets",
    "GiftWorth",
    "Given",
    "Priced",
    "Promotion",
    "Step",
    "Taken",
    "apportion",
    "divide_half_up",
    "per_order",
    "price",
    "read_promotions",
]
