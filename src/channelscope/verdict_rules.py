"""The verdicts on a pair of stores in the order in which they are tried: the first that holds wins.

One table: the judge tries its conditions, and the appendix of the report prints its sentences with
the numbers of this page, so that what is printed and what is done cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channelscope.domain import Outcome

HALF = 0.5
"""From this share of shared sales on, two stores live on the same goods; from this distance of
consumers on, the needs of their buyers are mostly others."""
ENOUGH_SAME = 3
"""So many dimensions must be the same for two stores to be twins."""
SHARED_BUYERS = 0.05
"""So many of the smaller store's buyers bought in both: buyers are shown to be shared."""
SHOWN = "shown"
"""Overlap of buyers of which the whole interval is at least that."""
DIMENSIONS = ("product", "price", "promotion", "sales", "service", "consumers")
NUMBERS: Mapping[str, float] = {"share": HALF, "count": ENOUGH_SAME, "rate": SHARED_BUYERS}
"""What the sentences of the table fill in."""


@dataclass(frozen=True, slots=True)
class PairFacts:
    """What is known of two stores. `shared_sales`: lower and upper end of the shared part;
    `needs_apart`: lower end of the distance of consumers."""

    outcomes: Mapping[str, str]
    shared_sales: tuple[float, float] | None
    overlap: str
    needs_apart: float = 0.0

    def told(self, *dimensions: str) -> bool:
        """Whether all of the dimensions can be told."""
        return all(
            self.outcomes.get(name, Outcome.NOT_IDENTIFIABLE) != Outcome.NOT_IDENTIFIABLE
            for name in dimensions
        )

    def differs(self, *dimensions: str) -> bool:
        """Whether one of the dimensions differs."""
        return any(self.outcomes.get(name) == Outcome.DIFFERS for name in dimensions)

    def same(self, *dimensions: str) -> bool:
        """Whether all of the dimensions are the same."""
        return all(self.outcomes.get(name) == Outcome.SAME for name in dimensions)


def _not_identifiable(pair: PairFacts) -> bool:
    goods = pair.shared_sales is not None and (pair.told("price") or pair.told("product"))
    rules = goods or pair.told("price", "promotion") or pair.told("product", "price")
    return not rules


def _price_clash(pair: PairFacts) -> bool:
    lives_on_the_same = pair.shared_sales is not None and pair.shared_sales[0] >= HALF
    # Needs that differ in part leave buyers in common, and buyers shown to buy in both are the same
    # people whatever they need.
    mostly_others = pair.differs("consumers") and pair.needs_apart >= HALF
    other_buyers = mostly_others and pair.overlap != SHOWN
    return lives_on_the_same and pair.differs("price") and not other_buyers


def _complements(pair: PairFacts) -> bool:
    lives_on_others = pair.shared_sales is not None and pair.shared_sales[1] < HALF
    return lives_on_others and pair.differs("product", "consumers")


def _mechanism_split(pair: PairFacts) -> bool:
    return pair.same("price") and pair.differs("promotion")


def _twins(pair: PairFacts) -> bool:
    alike = sum(outcome == Outcome.SAME for outcome in pair.outcomes.values())
    return pair.same("product", "price") and not pair.differs(*DIMENSIONS) and alike >= ENOUGH_SAME


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """One verdict; `when` is the catalogue key of the sentence that says when it `holds`, and
    `evidence` what it rests on."""

    verdict: str
    when: str
    holds: Callable[[PairFacts], bool]
    evidence: tuple[str, ...]


RULES: tuple[VerdictRule, ...] = (
    VerdictRule("not_identifiable", "verdict_rule.not_identifiable", _not_identifiable, ()),
    VerdictRule("price_clash", "verdict_rule.price_clash", _price_clash,
                ("shared_sales", "price", "buyer_overlap", "consumers")),
    VerdictRule("complements", "verdict_rule.complements", _complements,
                ("shared_sales", "product", "consumers")),
    VerdictRule("mechanism_split", "verdict_rule.mechanism_split", _mechanism_split,
                ("price", "promotion")),
    VerdictRule("twins", "verdict_rule.twins", _twins, DIMENSIONS),
    VerdictRule("unclear", "verdict_rule.unclear", lambda _pair: True, DIMENSIONS),
)  # fmt: skip
"""The whole list. `unclear` holds always, so every pair has a verdict."""

CLAIMS: tuple[str, ...] = ("price_clash", "twins", "mechanism_split", "complements")
"""The verdicts that claim something, what calls for a decision first."""
