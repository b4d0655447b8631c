"""The verdicts on a pair of stores in the order in which they are tried: the first that holds wins.

Data, not code: the judge applies the rules in this order and the appendix of the report prints them
in it, so that what is printed and what is done cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One verdict; `when` is the catalogue key of the sentence that says when it holds."""

    verdict: str
    when: str


RULES: tuple[Rule, ...] = (
    Rule("not_identifiable", "verdict_rule.not_identifiable"),
    Rule("price_clash", "verdict_rule.price_clash"),
    Rule("complements", "verdict_rule.complements"),
    Rule("mechanism_split", "verdict_rule.mechanism_split"),
    Rule("twins", "verdict_rule.twins"),
    Rule("unclear", "verdict_rule.unclear"),
)
"""The whole list. `unclear` holds always, so every pair has a verdict."""

CLAIMS: tuple[str, ...] = ("price_clash", "twins", "mechanism_split", "complements")
"""The verdicts that claim something, what calls for a decision first."""
