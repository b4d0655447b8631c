"""The decision report: what it says agrees with its tables, in both languages, and is safe."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import pipeline
from channelscope.preparation import Request
from channelscope.report.facts import Facts
from channelscope.report.headings import by_decision
from channelscope.report.language import Language
from channelscope.report.numbers import Numbers
from channelscope.report.render import render_decision
from channelscope.results import Results
from tests.decision.candidates import candidate
from tests.report.conftest import BUILT


def _row(decided: Results, name: str) -> dict[str, Any]:
    table = decided.tables["recommendation"]
    return table.row(by_predicate=pl.col("candidate_id") == name, named=True)


def test_the_title_is_the_answer_for_the_candidate_that_leaves_most(
    decided: Results, decision: str
) -> None:
    best = _row(decided, "P2")
    assert best["recommendation"] == "open"
    chance = Numbers(Language.EN, "CNY").chance(best["p_payback"]).replace(">", "&gt;")
    title = re.search(r"<h1>(.*?)</h1>", decision)
    assert title is not None
    assert title[1] == (
        f"Of 2 candidates Opened comes first: open it, {chance} to pay back within 24 months"
    )


def test_headings_say_what_the_tables_say(decided: Results) -> None:
    facts = Facts(decided)
    best, left = _row(decided, "P2"), _row(decided, "P1")
    said = by_decision.options(facts)
    assert said is not None
    assert (said.params["count_open"], said.params["count_leave"]) == (1, 1)
    assert left["recommendation"] == "do_not_open"
    losses = by_decision.own_losses(facts)
    assert losses is not None and losses.params["rate"] == pytest.approx(best["diverted"])
    top = by_decision.tornado(facts)
    row = decided.tables["tornado"].filter(candidate_id="P2", rank=1).row(0, named=True)
    assert top is not None and top.params["input"] == row["input"].partition(":")[0]
    crosses = min(row["at_low"], row["at_high"]) < 0 <= max(row["at_low"], row["at_high"])
    assert top.key == f"heading.tornado.{'crosses' if crosses else 'moves'}"
    plan = by_decision.positions(facts)
    planned = decided.tables["positions"].filter(candidate_id="P2", is_planned=True)
    assert plan is not None
    assert (plan.key == "heading.positions.worse") == (not planned["is_as_good"][0])


def test_names_are_shown_and_never_run(decision: str) -> None:
    assert "<script>alert" not in decision
    assert "Left &lt;script&gt;alert(1)&lt;/script&gt;" in decision


def test_ids_are_unique_links_lead_somewhere_and_it_is_small(decision: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', decision)
    assert len(ids) == len(set(ids))
    for link in re.findall(r'href="#([^"]+)"', decision):
        assert link in ids or link.startswith("k-"), link
    assert len(decision.encode()) < 800_000
    assert re.findall(r'(?:src|href)="(?!#)', decision) == []


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_code_has_words(decided: Results, code: str) -> None:
    text = render_decision(decided, languages=(code,), generated_at=BUILT)
    shown = re.sub(r"<pre.*?</pre>|<style.*?</style>|<script.*?</script>", "", text, flags=re.S)
    shown = re.sub(r"<[^>]+>", " ", shown)
    codes = re.findall(r"\b(?:decision|reason|input|origin|figure|heading|off)\.[a-z_]+", shown)
    assert codes == []
    assert not re.search(r"\bdo_not_open|as_nearest|diversion_at|losing_margin", shown)
    assert len(text.encode()) < 400_000


def test_the_register_names_every_assumption_with_its_owner(
    decided: Results, decision: str
) -> None:
    rows = decided.tables["assumptions"].filter(candidate_id="P1", origin="declared")
    assert set(rows["owner"]) == {"Head of channels"} and set(rows["grade"]) == {"C"}
    assert "fee schedule, 2026-09-01" in decision


def test_without_costs_it_says_what_would_be_needed(sample_workspace: Path, tmp_path: Path) -> None:
    bare = _bare(sample_workspace, tmp_path / "bare")
    found = pipeline.decide(Request(bare), [candidate({"goods.exclusive_share": 0.9})])
    text = render_decision(found, languages=("en", "zh"), generated_at=BUILT)
    assert "Without costs nobody can tell whether Pilot pays" in text
    assert "the answer is a break-even" in text and "Margin needed to break even" in text
    assert 'id="en-F3.1"' not in text and 'id="en-F4.1"' not in text
    assert "回本的概率为" not in text


def _bare(workspace: Path, into: Path) -> Path:
    """The sample without any cost."""
    into.mkdir()
    for path in workspace.iterdir():
        if path.name not in ("costs.csv", "products.csv"):
            shutil.copy(path, into)
    products = pl.read_csv(workspace / "products.csv", infer_schema=False)
    products.drop("unit_cost").write_csv(into / "products.csv")
    return into


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "<\u00a01%"), (0.004, "<\u00a01%"), (0.5, "50%"), (0.996, ">\u00a099%"),
     (1.0, ">\u00a099%"), (0.99, "99%"), (0.01, "1%"), (None, "–")],
)  # fmt: skip
def test_a_chance_is_never_certain(value: float | None, said: str) -> None:
    assert Numbers(Language.EN, "CNY").chance(value) == said
