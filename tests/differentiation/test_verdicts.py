"""Each verdict where it just holds, and where it just does not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from channelscope.differentiation import verdicts
from channelscope.report.language import Language
from channelscope.report.texts import Texts, catalogue
from channelscope.results import TABLES
from channelscope.verdict_rules import RULES

ALIKE = dict.fromkeys(("product", "price", "promotion", "sales", "service"), "same")


def given(
    outcomes: dict[str, str],
    shared: tuple[float, float] | float | None,
    share: tuple[float, float] | None = None,
    needs: float = 0.6,
) -> dict[str, Any]:
    pairs = [
        {"store_a": "A", "store_b": "B", "dimension": name, "outcome": outcome,
         "lo": needs if name == "consumers" else 0.9}
        for name, outcome in outcomes.items()
    ]  # fmt: skip
    lo, hi = shared if isinstance(shared, tuple) else (shared, shared)
    goods = [{"store_a": "A", "store_b": "B", "shared_sales_lo": lo, "shared_sales_hi": hi}]
    buyers = [{"stores": "A+B", "share_lo": share[0], "share_hi": share[1]}] if share else []
    frames = [
        pl.DataFrame(rows, schema=TABLES[name], orient="row")
        for name, rows in (("pairs", pairs), ("assortment_pairs", goods), ("overlap", buyers))
    ]
    found = verdicts.give(frames[0], assortments=frames[1], overlap=frames[2])
    assert found.height == 1
    return found.row(0, named=True)


def verdict(outcomes: dict[str, str], shared: tuple[float, float] | float | None) -> str:
    return str(given(outcomes, shared)["verdict"])


@pytest.mark.parametrize(
    ("changed", "shared", "expected"),
    [
        ({"price": "differs"}, 0.5, "price_clash"),
        ({"price": "differs"}, 0.4999, "unclear"),
        ({"price": "differs"}, (0.49, 0.60), "unclear"),
        ({"price": "differs"}, None, "unclear"),
        ({"price": "unclear"}, 0.9, "unclear"),
        ({"price": "differs", "consumers": "differs"}, 0.9, "unclear"),
        ({"price": "differs", "product": "differs"}, 0.4999, "complements"),
        ({"product": "differs"}, 0.4999, "complements"),
        ({"product": "differs"}, 0.5, "unclear"),
        ({"product": "differs"}, (0.40, 0.51), "unclear"),
        ({"consumers": "differs"}, 0.3, "complements"),
        ({"promotion": "differs"}, 0.9, "mechanism_split"),
        ({"promotion": "differs", "price": "unclear"}, 0.9, "unclear"),
        ({"promotion": "differs", "price": "differs"}, 0.9, "price_clash"),
        ({}, 0.9, "twins"),
        ({}, None, "twins"),
        ({"promotion": "unclear", "sales": "unclear"}, 0.9, "twins"),
        ({"promotion": "unclear", "sales": "unclear", "service": "unclear"}, 0.9, "unclear"),
        ({"service": "differs"}, 0.9, "unclear"),
        ({"product": "unclear"}, 0.9, "unclear"),
    ],
)
def test_the_first_rule_that_holds(
    changed: dict[str, str], shared: tuple[float, float] | float | None, expected: str
) -> None:
    assert verdict({**ALIKE, **changed}, shared) == expected


@pytest.mark.parametrize(
    ("outcome", "needs", "expected"),
    [
        ("differs", 0.5, "unclear"),
        ("differs", 0.4999, "price_clash"),
        ("unclear", 0.6, "price_clash"),
    ],
)
def test_buyers_are_shown_to_be_others_where_most_of_their_needs_are(
    outcome: str, needs: float, expected: str
) -> None:
    row = given({**ALIKE, "price": "differs", "consumers": outcome}, 0.9, needs=needs)
    assert row["verdict"] == expected


NOTHING = dict.fromkeys(ALIKE, "not_identifiable")


@pytest.mark.parametrize(
    ("known", "shared", "expected"),
    [
        ((), None, "not_identifiable"),
        (("price", "service"), None, "not_identifiable"),
        (("product", "service"), None, "not_identifiable"),
        (("price", "promotion"), None, "unclear"),
        (("price",), 0.7, "unclear"),
        (("promotion", "sales"), 0.7, "not_identifiable"),
    ],
)
def test_without_any_rule_that_could_hold_nothing_can_be_told(
    known: tuple[str, ...], shared: float | None, expected: str
) -> None:
    assert verdict({**NOTHING, **dict.fromkeys(known, "unclear")}, shared) == expected


@pytest.mark.parametrize(
    ("share", "reason"),
    [
        (None, "unknown"),
        ((0.05, 0.3), "shown"),
        ((0.049, 0.3), "unknown"),
        ((0.01, 0.049), "not_shown"),
        ((0.01, 0.05), "unknown"),
    ],
)
def test_a_clash_says_whether_buyers_are_shared(
    share: tuple[float, float] | None, reason: str
) -> None:
    apart = given({**ALIKE, "price": "differs", "consumers": "differs"}, 0.8, share)
    assert apart["verdict"] == ("price_clash" if reason == "shown" else "unclear")
    row = given({**ALIKE, "price": "differs"}, 0.8, share)
    assert row["reason"] == f"verdict.price_clash.reason.overlap_{reason}"
    assert ("buyer_overlap" in row["evidence"]) == (reason != "unknown")


def test_what_is_missing_is_named_and_no_evidence() -> None:
    row = given({**ALIKE, "sales": "not_identifiable"}, 0.9)
    assert row["verdict"] == "twins"
    assert row["missing"] == "sales,consumers"
    assert row["evidence"] == "product,price,promotion,service"


def test_every_rule_is_tried_and_has_its_words() -> None:
    assert [rule.verdict for rule in RULES][-1] == "unclear"
    for language in Language:
        texts = Texts(catalogue(language))
        for rule in RULES:
            assert rule.when in texts and f"verdict.{rule.verdict}" in texts
            for name in rule.evidence:
                assert f"evidence.{name}" in texts or f"dimension.{name}" in texts, name
