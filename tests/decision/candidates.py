"""Candidates for tests: the shipped template with other values, or one without any width."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from typing import Any

from channelscope.candidate import Candidate

Values = dict[str, Any]
COOKWARE = "Cookware 锅具"
KITCHEN = "Kitchen 厨房"

BASE = tomllib.loads("""
store_id = "P1"
name = "Pilot"
kind = "specialty"
platform = "tmall"
owner = "Head of channels"
opens_on = 2026-12-01
horizon_months = 24
rating = "as_nearest"
promotions = []
[goods]
category_shares = { "Cookware 锅具" = 1.0 }
exclusive_share = { low = 0.1, likely = 0.2, high = 0.4 }
[price]
level = { low = 92, likely = 96, high = 99 }
[demand]
visitors = "as_nearest"
conversion = "as_nearest"
order_value = "as_nearest"
refund_share = "as_nearest"
price_elasticity = { low = -2.5, likely = -1.5, high = -0.8 }
start_share = { low = 0.3, likely = 0.5, high = 0.8 }
ramp_up_months = { low = 2, likely = 4, high = 8 }
[losses]
at_full_overlap = { low = 0.2, likely = 0.4, high = 0.7 }
other_platforms = { low = 0.1, likely = 0.3, high = 0.6 }
split = { low = 0.5, likely = 1.0, high = 2.0 }
carry_over = { low = 0.7, likely = 1.0, high = 1.3 }
[platform_fees]
source = "fee schedule"
as_of = 2026-09-01
commission = { low = 0.03, likely = 0.035, high = 0.05 }
payment_fee = 0.006
annual_fee = 30000
annual_fee_refund = []
deposit = 50000
[costs]
product_cost = "as_measured"
fulfilment = { low = 8, likely = 9.6, high = 12 }
affiliate = { low = 0.0, likely = 0.01, high = 0.03 }
advertising = { low = 2000, likely = 3000, high = 5000 }
staff = { low = 5000, likely = 6000, high = 8000 }
content = { low = 500, likely = 1000, high = 2000 }
set_up = { low = 20000, likely = 30000, high = 50000 }
capital_cost = 0.06
""")


def values(changes: Mapping[str, Any] | None = None) -> Values:
    """The base with changes by dotted path; None takes a key out."""
    found = copy.deepcopy(BASE)
    for path, value in (changes or {}).items():
        *sections, key = path.split(".")
        part = found
        for section in sections:
            part = part.setdefault(section, {})
        if value is None:
            part.pop(key, None)
        else:
            part[key] = value
    return found


def candidate(changes: Mapping[str, Any] | None = None) -> Candidate:
    """The base candidate with changes by dotted path."""
    return Candidate.model_validate(values(changes))


def goods(**parts: Any) -> Values:
    """The change of a candidate's goods as a whole."""
    return {"goods": parts}


EXACT = {
    "price.level": 96.0, "goods.exclusive_share": 0.0, "demand.visitors": 40_000.0,
    "demand.conversion": 0.03, "demand.order_value": 150.0, "demand.refund_share": 0.07,
    "demand.price_elasticity": -1.5, "demand.start_share": 1.0, "demand.ramp_up_months": 1.0,
    "losses.at_full_overlap": 0.4, "losses.other_platforms": 0.3, "losses.split": 1.0,
    "losses.carry_over": 1.0, "platform_fees.commission": 0.035, "costs.product_cost": 0.38,
    "costs.fulfilment": 9.6, "costs.affiliate": 0.01, "costs.advertising": 3000.0,
    "costs.staff": 6000.0, "costs.content": 1000.0, "costs.set_up": 30_000.0,
}  # fmt: skip
"""Nothing of it has any width."""
