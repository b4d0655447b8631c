"""F4.6: what is said of the gaps of the price per piece."""

from __future__ import annotations

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.compose import figures, tables
from channelscope.report.compose.speaker import Speaker
from channelscope.results import Results
from tests.report.bridge_frames import Say, bar, pieces, shown, title

PIECES = pieces(
    bar("mix", -9.0, 1.0, store_id="D1"), bar("mechanism:markdown", -21.0, 22.0, store_id="D1"),
    bar("refunds", -0.5, 0.4, store_id="D2"), bar("mechanism:markdown", -26.0, 1.0, store_id="D2"),
    bar("mechanism:unexplained", -4.5, 1.0, store_id="D2"), bar("mix", 2.0, 0.5, store_id="F2"),
)  # fmt: skip


def judged(results: Results, between: str, **outcomes: str) -> pl.DataFrame:
    """Differences of the price per piece to F1, and between D1 and D2."""
    ends = [(store, "F1", outcome) for store, outcome in outcomes.items()]
    rows = [
        {"store_id": store, "reference_id": other, "dimension": "sales", "metric": "piece_price",
         "value": -30.0, "lo": -31.0, "hi": -29.0, "outcome": outcome, "unit": "money", "n": 500}
        for store, other, outcome in [*ends, ("D1", "D2", between)]
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(results.tables["differences"].schema))


def test_the_furthest_price_per_piece_names_its_largest_sure_bar(
    results: Results, wording: Say
) -> None:
    gaps = judged(results, "differs", D1="differs", D2="differs", F2="same")
    facts = shown(results, "piece_price_gaps", PIECES, differences=gaps)
    assert title(facts, "piece_price_gaps", wording("en")) == (
        "Price per piece lies furthest from F1 at D2 (−¥31.0); the largest bar is markdown, −¥26.0"
    )
    assert title(facts, "piece_price_gaps", wording("zh")) == (
        "D2 件单价与 F1 相差最大（−¥31.0），最大的一项是直降，−¥26.0"
    )
    near = shown(results, "piece_price_gaps", PIECES, differences=judged(
        results, "same", D1="differs", D2="differs", F2="same"))  # fmt: skip
    assert title(near, "piece_price_gaps", wording("en")) == (
        "Price per piece lies furthest from F1 at D1 and D2 (by up to −¥31.0); the largest bar of "
        "D2 is markdown, −¥26.0"
    )


@pytest.mark.parametrize(
    ("outcomes", "key"),
    [
        ({"D1": "differs", "D2": "unclear"}, "bar"),
        ({"D1": "same", "D2": "unclear"}, "same"),
        ({"D1": "not_identifiable"}, "not_told"),
    ],
)
def test_a_price_per_piece_that_is_not_shown_to_differ_is_no_headline(
    results: Results, wording: Say, outcomes: dict[str, str], key: str
) -> None:
    gaps = judged(results, "differs", **outcomes)
    facts = shown(results, "piece_price_gaps", PIECES, differences=gaps)
    message = headings.of_figure("piece_price_gaps", facts)
    assert message and message.key == f"heading.piece_price_gaps.{key}"
    # D1's markdown is larger than its mix, and its interval holds nothing as well.
    assert message.params.get("factor", "mix") == "mix"
    unsure = PIECES.with_columns(lo=pl.lit(-99.0), hi=pl.lit(99.0))
    if key == "bar":
        facts = shown(results, "piece_price_gaps", unsure, differences=gaps)
        message = headings.of_figure("piece_price_gaps", facts)
        assert message and message.key == "heading.piece_price_gaps.unsure"


def test_the_grid_shades_what_its_interval_shows(results: Results, wording: Say) -> None:
    gaps = judged(results, "differs", D1="differs", D2="differs")
    facts = shown(results, "piece_price_gaps", PIECES, differences=gaps)
    grid = figures.grid(Speaker(facts, wording("en")), facts.figures["piece_price_gaps"])
    assert grid and [head.text for head in grid.heads] == ["F2", "D1", "D2"]
    cells = {row.head.text: [(c.text, c.css) for c in row.cells] for row in grid.rows}
    empty = ("–", "few")
    assert cells == {
        "Price per piece": [("¥102", ""), ("¥70.0", ""), ("¥69.0", "")],
        "Whole gap": [("+¥2.00", ""), ("−¥30.0", ""), ("−¥31.0", "")],
        "Mix": [("+¥2.00", "k1"), ("−¥9.00", "k2"), empty],
        "Markdown": [empty, ("−¥21.0", "few"), ("−¥26.0", "k3")],
        "Unexplained": [empty, empty, ("−¥4.50", "k1")],
        "Refunds": [empty, empty, ("−¥0.50", "")],
    }
    details = [cell.detail.replace("\u00a0", " ") for cell in grid.rows[1].cells]
    assert details == ["", "[−31.0, −29.0]", "[−31.0, −29.0]"]


def test_the_data_table_writes_money_per_piece(results: Results, wording: Say) -> None:
    facts = shown(results, "piece_price_gaps", PIECES)
    table = tables.figure_table(Speaker(facts, wording("en")), "piece_price_gaps")
    first = zip(table.heads, table.rows[0], strict=True)
    assert {head.text: cell.text for head, cell in first} == {
        "Store": "D1", "Factor": "Mix", "Lower": "−¥10.0", "Upper": "−¥8.00",
        "Effect per piece": "−¥9.00",
    }  # fmt: skip
