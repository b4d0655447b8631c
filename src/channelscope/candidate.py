"""The schema of a candidate's toml: a store that might be opened, and every assumption about it.

Nothing has a default that a number rests on: what is not known is a range, and a word such as
`as_nearest` says that the brand's own data are to tell.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from channelscope.config import Section
from channelscope.domain import Kind
from channelscope.mechanisms import CODES

AS_NEAREST, AS_OPENINGS, AS_MEASURED = "as_nearest", "as_openings", "as_measured"


class Guess(Section):
    """A value that is known, or a range around the likely one; half of it lies on either side."""

    low: float = Field(allow_inf_nan=False, description="it will hardly be lower")
    likely: float = Field(allow_inf_nan=False, description="as likely exceeded as not")
    high: float = Field(allow_inf_nan=False, description="it will hardly be higher")
    source: str | None = Field(default=None, description="where the numbers come from")
    owner: str | None = Field(default=None, description="whose assumption it is")
    word: str | None = Field(default=None, description="instead of numbers: who is to tell")

    @model_validator(mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        """A bare number, or `value` beside its source, is a range without width."""
        if isinstance(value, bool):
            raise ValueError("a number, or a table with low, likely and high")
        if isinstance(value, str):
            return {"low": 0, "likely": 0, "high": 0, "word": value}
        if isinstance(value, int | float):
            return {"low": value, "likely": value, "high": value}
        if isinstance(value, dict) and "value" in value:
            exact = value["value"]
            rest = {name: part for name, part in value.items() if name != "value"}
            return {"low": exact, "likely": exact, "high": exact, **rest}
        return value

    @model_validator(mode="after")
    def _ordered(self) -> Guess:
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"low at most likely, likely at most high, not {self.low:g}, {self.likely:g},"
                f" {self.high:g}"
            )
        return self


def _within(low: float, high: float, *words: str) -> AfterValidator:
    """A number or a range within these ends, or one of the words."""

    def check(guess: Guess) -> Guess:
        known = f"a number or a range{''.join(f', or {word}' for word in words)}"
        if guess.word is not None and guess.word not in words:
            raise ValueError(known)
        if guess.word is None and not (low <= guess.low and guess.high <= high):
            raise ValueError(f"{known}, from {low:g} to {high:g}".replace(" to inf", " on"))
        return guess

    return AfterValidator(check)


_INF, _LEAST = float("inf"), 1e-9
Rate = Annotated[Guess, _within(0, 1)]
RateOrNearest = Annotated[Guess, _within(0, 1, AS_NEAREST)]
RateOrOpenings = Annotated[Guess, _within(0, 1, AS_OPENINGS)]
RateOrMeasured = Annotated[Guess, _within(0, 1, AS_MEASURED)]
Amount = Annotated[Guess, _within(0, _INF)]
Below = Annotated[Guess, _within(-_INF, 0)]
Positive = Annotated[Guess, _within(_LEAST, _INF)]
PositiveOrNearest = Annotated[Guess, _within(_LEAST, _INF, AS_NEAREST)]
PositiveOrOpenings = Annotated[Guess, _within(_LEAST, _INF, AS_OPENINGS)]
RatingOrNearest = Annotated[Guess, _within(1, 5, AS_NEAREST)]
Share = Annotated[float, Field(gt=0, le=1)]
Price = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _mechanism(code: str) -> str:
    if code not in CODES:
        raise ValueError(f"one of {', '.join(CODES)}")
    return code


class Rule(Section):
    """One promotion, in the words of the table promotions; without days it always runs."""

    mechanism: Annotated[str, AfterValidator(_mechanism)]
    label: str | None = None
    scope: str | None = None
    starts_on: date | None = Field(default=None, description="first day; default: the opening")
    ends_on: date | None = Field(default=None, description="last day; default: the horizon's end")
    threshold_kind: Literal["none", "amount", "qty"] | None = None
    threshold: Annotated[float, Field(ge=0)] | None = None
    threshold_base: Literal["list", "activity", "running"] | None = None
    benefit_kind: Literal["rate", "amount", "price"]
    benefit: Annotated[float, Field(ge=0)]
    repeat: bool = False
    cap: float | None = None
    stack_group: str | None = None
    priority: int = 0
    eligibility: Literal["all", "member", "new"] = "all"
    merchant_share: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Rule:
        if self.benefit_kind == "rate" and self.benefit > 1:
            raise ValueError("a rate is the part taken off, 0-1")
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("starts_on, then ends_on")
        if (self.threshold_kind or "none") != "none" and self.threshold is None:
            raise ValueError(f"a threshold of the kind '{self.threshold_kind}'")
        return self


class Goods(Section):
    """What is sold: products, or shares of categories."""

    skus: tuple[str, ...] = Field(default=(), description="products of the table products")
    category_shares: dict[str, Share] = Field(
        default_factory=dict, description="category (one level or a path) = its share of sales"
    )
    exclusive_share: Rate | None = Field(
        default=None,
        description="with category_shares: part of the sales in goods that no other store sells",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Goods:
        if bool(self.skus) == bool(self.category_shares):
            raise ValueError("exactly one of skus and category_shares")
        if self.category_shares and self.exclusive_share is None:
            raise ValueError("exclusive_share beside category_shares; 0 when there are none")
        total = sum(self.category_shares.values())
        if self.category_shares and abs(total - 1) > 1e-6:
            raise ValueError(f"category_shares that add up to 1, not {total:g}")
        if self.skus and self.exclusive_share is not None:
            raise ValueError("no exclusive_share beside skus: which are sold elsewhere is known")
        if len(set(self.skus)) < len(self.skus):
            raise ValueError("every product once")
        return self


class PricePosition(Section):
    """Where everyday prices stand, before the promotions of the plan."""

    level: Positive | None = Field(
        default=None, description="against the realised price of the reference store = 100"
    )
    prices: dict[str, Price] = Field(default_factory=dict, description="sku = price")

    @model_validator(mode="after")
    def _one_way(self) -> PricePosition:
        if (self.level is None) == (not self.prices):
            raise ValueError("exactly one of level and prices")
        return self


class Demand(Section):
    """How many buy, and how demand answers to the price."""

    visitors: PositiveOrNearest = Field(
        description="a month, once it has grown up; as_nearest: sales as its nearest stores have"
    )
    conversion: RateOrNearest = Field(description="orders per visitor")
    order_value: PositiveOrNearest = Field(description="money per order")
    refund_share: RateOrNearest = Field(description="part of sales given back")
    price_elasticity: Below = Field(
        description="percent more pieces for one percent higher prices, below 0"
    )
    start_share: RateOrOpenings = Field(
        description="first month's sales as part of those when it has grown up"
    )
    ramp_up_months: PositiveOrOpenings = Field(description="months until it has grown up")


class Losses(Section):
    """What it takes from the brand's other stores."""

    at_full_overlap: Rate = Field(
        description="part of its sales that the others would have had, did one of them offer the"
        " same goods at the same price to the same buyers; scaled by overlap"
    )
    other_platforms: Rate = Field(
        description="overlap of buyers with stores whose buyer ids cannot be compared with it"
    )
    split: Positive = Field(
        description="what a single store loses, times this: who loses is known less well than how"
        " much is lost; 1 = as sales and overlap say"
    )
    carry_over: Amount = Field(
        description="what past openings took, times this, where the data identify it; 1 = the same"
    )


class PlatformFees(Section):
    """What the platform charges: dated, and with its source."""

    source: str = Field(min_length=1, description="the fee schedule")
    as_of: date = Field(description="its date")
    commission: Rate = Field(description="part of sales")
    payment_fee: Rate = Field(description="part of sales")
    annual_fee: Amount = Field(description="money a year")
    annual_fee_refund: tuple[tuple[float, Share], ...] = Field(
        description="[sales of a year, part given back from there on]; [] when there is none"
    )
    deposit: Amount = Field(description="money, given back at the end")


class Costs(Section):
    """All other costs. Money is a month unless it says otherwise."""

    product_cost: RateOrMeasured = Field(
        description="part of sales at the price of its nearest stores; as_measured: unit costs"
    )
    fulfilment: Amount = Field(description="money per order")
    affiliate: Rate = Field(description="part of sales")
    advertising: Amount = Field(description="money a month")
    staff: Amount = Field(description="money a month")
    content: Amount = Field(description="money a month")
    set_up: Amount = Field(description="money, once")
    capital_cost: Rate = Field(description="a year, on deposit and set-up")


class Policy(Section):
    """When it is opened; what is left out is taken from channelscope.toml."""

    open_probability: Annotated[float, Field(ge=0, le=1)] | None = None
    pilot_probability: Annotated[float, Field(ge=0, le=1)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Policy:
        pilot, opened = self.pilot_probability, self.open_probability
        if pilot is not None and opened is not None and pilot > opened:
            raise ValueError("pilot_probability at most open_probability")
        return self


class Free(Section):
    """Choices that are still open: every combination is a position, the plan's own among them."""

    goods: dict[str, Goods] = Field(default_factory=dict)
    price_levels: tuple[Price, ...] = ()
    promotions: dict[str, tuple[Rule, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _apart(self) -> Free:
        if "planned" in self.goods or "planned" in self.promotions:
            raise ValueError("another name than 'planned', which is the candidate's own")
        return self


class Candidate(Section):
    """One store that might be opened."""

    store_id: str = Field(min_length=1, description="an id that no store has")
    name: str = Field(min_length=1)
    kind: Kind
    platform: str = Field(min_length=1)
    owner: str = Field(min_length=1, description="who answers for what is assumed here")
    opens_on: date = Field(lt=date(2200, 1, 1))
    horizon_months: int | None = Field(
        default=None, ge=1, le=60, description="default: policy.horizon_months of the workspace"
    )
    rating: RatingOrNearest = Field(description="service level: mean rating of the service, 1-5")
    goods: Goods
    price: PricePosition
    promotions: tuple[Rule, ...] = Field(description="the plan; [] for none")
    demand: Demand
    losses: Losses
    platform_fees: PlatformFees
    costs: Costs
    policy: Policy = Policy()
    free: Free = Free()
