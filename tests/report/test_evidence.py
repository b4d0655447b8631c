"""What a finding names as evidence is shown by a figure of its own section."""

from __future__ import annotations

import ast
import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from channelscope import findings, registry
from channelscope.dimensions import consumers, price, product, promotion, sales, service
from channelscope.report.compose.head import _SHOWN_BY, summary
from channelscope.report.compose.sections import OVERVIEW
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Summary
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import TABLES, Results

FIGURES = {
    figure.name: figure.query.partition("/")[0]
    for module in (consumers, price, product, promotion, sales, service)
    for figure in module.FIGURES
} | {"pair_verdicts": OVERVIEW, "five_dimensions": OVERVIEW}
AT_DIMENSION, AT_TEMPLATE, AT_EVIDENCE = 0, 2, 4
DYNAMIC = "of the caller"
Row = dict[str, object]
Say = Callable[[str], Wording]


def _said() -> Iterator[tuple[str, str, str]]:
    """The dimension, template and each word of evidence of every `Finding(...)` of the rules."""
    for path in sorted(Path(str(findings.__file__)).parent.glob("*.py")):
        name = path.stem.replace("__init__", "")
        module = importlib.import_module(f"channelscope.findings.{name}".rstrip("."))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding":
                at = [node.args[n] for n in (AT_DIMENSION, AT_TEMPLATE)]
                dimension, template = (_value(each, vars(module)) for each in at)
                evidence = node.args[AT_EVIDENCE]
                words = evidence.elts if isinstance(evidence, ast.Tuple) else [evidence]
                for word in words:
                    value = _value(word, vars(module))
                    for each in value if isinstance(value, tuple) else (value,):
                        yield str(dimension), str(template), str(each)


def _value(node: ast.expr, names: dict[str, object]) -> object:
    """A constant as written or by its name; else it is the caller's affair."""
    if isinstance(node, ast.Constant):
        return node.value
    return names.get(node.id, DYNAMIC) if isinstance(node, ast.Name) else DYNAMIC


SAID = sorted(set(_said()))
TABLES_NAMED = sorted({(dimension, word) for dimension, _, word in SAID if word in TABLES})


def test_the_rules_are_read() -> None:
    named = {word for _, word in TABLES_NAMED}
    assert named >= {"basket_prices", "cheapest_baskets", "broken_thresholds", "clash_pairs",
                     "clashes", "lift", "reconcile", "idle_promotions", "bridge"}  # fmt: skip
    metrics = {word for _, _, word in SAID} - named - {DYNAMIC}
    assert metrics >= {"reconciled_share", "out_of_region_share", "own_breach_share"}
    for metric in metrics:
        assert registry.find(metric)


@pytest.mark.parametrize(("dimension", "table"), TABLES_NAMED)
def test_a_table_named_as_evidence_has_a_figure_of_its_section(dimension: str, table: str) -> None:
    own = {dimension, OVERVIEW} if dimension != DYNAMIC else {"sales"}
    assert FIGURES[_SHOWN_BY[table]] in own


@pytest.mark.parametrize("name", sorted(_SHOWN_BY))
def test_what_is_shown_is_a_metric_or_a_table_in_its_section(name: str) -> None:
    section = FIGURES[_SHOWN_BY[name]]
    if name not in TABLES:
        assert section in (registry.find(name).dimension, OVERVIEW)


def test_metrics_named_as_evidence_have_a_figure() -> None:
    for _, _, word in SAID:
        if word != DYNAMIC and word not in TABLES:
            assert word in _SHOWN_BY, word


@pytest.mark.parametrize(
    ("code", "beyond"), [("en", ("never", "Shoppers are promised")), ("zh", ("从未", "谁也没"))]
)
def test_idle_rules_are_said_of_the_lines_looked_at(
    results: Results, wording: Say, code: str, beyond: tuple[str, ...]
) -> None:
    idle = _finding(
        "rules_idle", "idle_promotions", "promotion", stores="D1+F1", store="D1", n=2,
        promo="D1-0007", mechanism="flash", count_lines=40, share=0.075,
        reason="idle.takes_nothing", money=None,
    )  # fmt: skip
    (row,) = _summary(results, wording(code), idle).rows
    assert "40" in row.detail and "7.50%" in row.detail
    assert not any(word in text for word in beyond for text in (row.title, row.so_what))


@pytest.mark.parametrize(("code", "went"), [("en", "drawn"), ("zh", "会去")])
def test_a_crossing_says_who_pays_less_not_who_goes_where(
    wording: Say, code: str, went: str
) -> None:
    forms = wording(code).texts.catalogue.forms["finding.basket_crossing.so_what"]
    assert not any(went in form for form in forms)


def _summary(results: Results, words: Wording, *rows: Row) -> Summary:
    frame = pl.DataFrame(list(rows), schema=TABLES["findings"])
    facts = Facts(replace(results, tables={**results.tables, "findings": frame}))
    return summary(Speaker(facts, words))


def _links(results: Results, words: Wording, *rows: Row) -> list[list[str]]:
    return [[link.text for link in row.links] for row in _summary(results, words, *rows).rows]


def _finding(template: str, evidence: str, dimension: str, **parameters: object) -> Row:
    return {"id": "N1", "rank": 1, "dimension": dimension, "stores": "D1+F1", "template": template,
            "parameters": json.dumps(parameters), "evidence": evidence, "money": 0.0,
            "grade": "A"}  # fmt: skip


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_crossing_of_baskets_leads_to_the_figure_of_baskets(
    results: Results, wording: Say, code: str
) -> None:
    crossing = _finding(
        "basket_crossing", "cheapest_baskets,basket_prices", "promotion", store_a="D1",
        store_b="F1", n=3, share_a=0.9, share_b=0.8, rate_a=0.1, rate_b=0.2, count_products=5,
        share_a_lowest=0.5, share_b_lowest=0.6,
    )  # fmt: skip
    unknown = _finding(
        "basket_cheapest", "no_such_table", "promotion", store="D1", n=1, share=0.9,
        count_products=5, count_products_won=5,
    )  # fmt: skip
    found = _links(results, wording(code), crossing, unknown)
    assert found == [["F3.7"], []]


def test_a_measure_of_service_leads_to_the_levels_of_service(
    results: Results, wording: Say
) -> None:
    slow = _finding(
        "service_lower", "reply_seconds", "service", store="D1", reference="F1", value=40.0,
        value_reference=20.0, unit="seconds", change=20.0, change_lo=15.0, change_hi=25.0,
        metric="reply_seconds", money=None,
    )  # fmt: skip
    assert _links(results, wording("en"), slow) == [["F5.1"]]
