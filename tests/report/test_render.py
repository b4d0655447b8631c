"""The whole file: self-contained, the same every time, honest about what is missing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import ModuleType

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report.language import Language
from channelscope.report.render import render
from channelscope.report.texts import MissingTextError, Texts, catalogue
from channelscope.results import FigureData, Message, Results

BUILT = datetime(2026, 10, 8, 9, 0, tzinfo=UTC)
SPOILT = ("five_dimensions", "category_mix", "price_ladder", "promotion_calendar")
EVIL = "A\"><script>alert(1)</script>'😀~0~"


class _Page(HTMLParser):
    """Attributes, texts and scripts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: Counter[str] = Counter()
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def test_the_same_input_gives_the_same_bytes(results: Results, both: str) -> None:
    again = render(results, languages=("en", "zh"), generated_at=BUILT)
    assert again.encode() == both.encode()


def test_one_language_is_under_800_kb_and_two_under_1500(english: str, both: str) -> None:
    assert len(english.encode()) < 620_000
    assert len(both.encode()) < 1_240_000


def test_nothing_is_loaded_from_anywhere(both: str) -> None:
    page = _Page(both)
    assert not [v for name in ("src", "srcset", "action") for v in page.values(name)]
    assert all(href.startswith("#") for href in page.values("href"))
    assert page.tags["link"] == page.tags["iframe"] == page.tags["img"] == 0
    assert "url(" not in both.replace("url(#", "") and "@import" not in both


def test_the_policy_allows_the_one_script_by_its_hash(both: str) -> None:
    scripts = re.findall(r"<script>(.*?)</script>", both, flags=re.S)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', both)
    assert policy
    allowed = policy[1].replace("&#39;", "'")
    assert f"script-src 'sha256-{digest}'" in allowed
    assert allowed.startswith("default-src 'none'")
    assert "unsafe-eval" not in allowed
    assert len(scripts[0].encode()) <= 2_560


def test_no_event_handlers_in_attributes(both: str) -> None:
    assert not [name for _, name, _ in _Page(both).attributes if name.startswith("on")]


def test_ids_are_unique_and_every_link_has_its_target(both: str) -> None:
    page = _Page(both)
    ids = Counter(page.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    assert {href[1:] for href in page.values("href")} - set(ids) == set()
    assert set(page.values("aria-labelledby")) - set(ids) == set()


def test_ids_carry_their_language(both: str) -> None:
    shared = {"tip", "theme", "print"}
    ids = set(_Page(both).values("id")) - shared
    assert all(name.startswith(("en-", "zh-", "k-")) for name in ids)  # k: a shape for both


def test_charts_have_no_fixed_colour(both: str) -> None:
    for drawing in re.findall(r'<svg class="[wn]".*?</svg>', both, flags=re.S):
        assert not re.search(r'(fill|stroke)="#', drawing)
        assert 'role="img"' in drawing and re.search(r'aria-label="[^"]+"', drawing)


def test_both_languages_hold_the_same_parts(both: str) -> None:
    english, chinese = both.split('data-lang="zh"')
    for part in ("<figure", "<svg class=", "<table", "<section", "data-tip="):
        assert english.count(part) == chinese.count(part)


def test_every_token_was_put_back_into_words(both: str) -> None:
    assert not re.search(r"~\d+~", both)
    assert "{" not in "".join(
        _Page(re.sub(r"<(style|script|pre).*?</\1>", "", both, flags=re.S)).text
    )


def test_the_title_is_the_first_finding(english: str) -> None:
    title = re.search(r"<h1>(.*?)</h1>", english)
    assert title and title[1] == "D1, D2 and D3 sell identical products below F1, by up to 18.1%"
    assert english.count("<h1>") == 1


def test_findings_link_to_the_figure_that_shows_them(english: str) -> None:
    for figure in ("F2.1", "F4.1", "F5.1", "F3.1"):
        assert f'<a href="#en-{figure}">{figure}</a>' in english


def test_every_figure_names_its_query_and_the_query_is_printed(
    results: Results, english: str
) -> None:
    for data in results.figures:
        assert f'href="#en-query-{data.figure.figure_id}">{data.figure.query}</a>' in english
        assert f'<details class="sql" id="en-query-{data.figure.figure_id}">' in english
        assert data.figure.query in english


def test_every_drawn_figure_has_a_real_table_with_a_caption(english: str) -> None:
    for figure in re.findall(r"<figure.*?</figure>", english, flags=re.S):
        assert "<caption>" in figure and 'scope="col"' in figure and 'scope="row"' in figure


def test_rows_read_are_rows_analysed_and_left_out(english: str) -> None:
    for count in ("182,340", "181,790", "550"):
        assert re.search(rf"<td>{count}\s*<", english)


def test_failed_checks_stand_in_the_appendix_and_beside_what_they_touch(english: str) -> None:
    assert english.count("Discounts do not add up to list minus paid") == 1 + 4
    assert "duplicate key" not in english


def test_warnings_stand_in_the_appendix_and_beside_what_they_touch(english: str) -> None:
    assert english.count("Platforms may count visitors in their own ways") == 2


def test_a_switched_off_section_says_why(english: str) -> None:
    assert "6 Consumers" in english
    assert english.count("Not part of this report yet.") == 2


def test_a_switched_off_figure_says_why_in_its_section(results: Results) -> None:
    without = replace(
        results,
        figures=tuple(d for d in results.figures if d.figure.name == "refund_cohorts"),
        switched_off={"cart_rate_by_source": "off.no_traffic"},
    )
    html = render(without, languages=("en",), generated_at=BUILT)
    section = html[html.index('id="en-section-sales"') : html.index('id="en-section-service"')]
    assert "Where visitors fill their cart: No traffic table: visitors are not known." in section


def test_what_is_not_known_is_a_dash_with_a_reason(english: str) -> None:
    row = re.search(r'<tr><th scope="row"><span class="store">.{0,250}X1.*?</tr>', english, re.S)
    assert row
    assert row[0].count(">–</td>") == 7
    assert 'data-tip="Sales: Known by shelf snapshots alone; this needs orders."' in row[0]
    assert "X1" in english[english.index("Not known or with a reservation") :]


def test_a_small_base_is_muted_and_never_shaded(english: str) -> None:
    cells = re.findall(r'<td class="([^"]*few[^"]*)"', english)
    assert cells
    assert not [css for css in cells if re.search(r"k[123]", css)]


def test_only_cells_that_are_apart_are_shaded(results: Results, english: str) -> None:
    frame = next(d.frame for d in results.figures if d.figure.name == "five_dimensions")
    apart = frame.filter(pl.col("apart") & (pl.col("step") > 0) & (pl.col("n") >= 30)).height
    table = english[english.index('<table class="matrix">') :]
    table = table[: table.index("</table>")]
    assert len(re.findall(r'class="(?:g )?k[123]"', table)) == apart > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workspace_of_snapshots_alone_is_a_whole_report(bare: str, lang: str) -> None:
    texts = Texts(catalogue(Language(lang)))
    assert f"<h1>{texts.text('title.none')}</h1>" in bare
    assert texts.text("summary.none") in bare
    assert bare.count(texts.text("off.no_orders")) >= 6
    assert f'id="{lang}-F2.1"' in bare


def test_names_from_the_data_come_out_as_text(frames: ModuleType, results: Results) -> None:
    stores = tuple(replace(store, name=EVIL, platform=EVIL) for store in results.scope.stores)

    def spoilt(data: FigureData) -> FigureData:
        frame = data.frame
        for column in ("title", "label", "category"):
            if column in frame.columns:
                frame = frame.with_columns(pl.lit(EVIL).alias(column))
        if "category" in frame.columns:
            frame = frame.unique("store_id", maintain_order=True)
        return replace(data, frame=frame, sql=f"-- </code>{EVIL}")

    few = tuple(data for data in results.figures if data.figure.name in SPOILT)
    evil = replace(
        results,
        meta=replace(results.meta, workspace=EVIL),
        scope=replace(results.scope, stores=stores),
        figures=tuple(spoilt(data) for data in few),
    )
    html = render(evil, languages=("en", "zh"), generated_at=BUILT)
    page = _Page(html)
    assert page.tags["script"] == 1
    assert page.tags["code"] == 2 * len(few)
    assert any(EVIL in tip for tip in page.values("data-tip"))
    assert any(EVIL in text for text in page.text)
    assert len(page.values("id")) == len(set(page.values("id")))


def test_a_new_dimension_needs_a_figure_and_nothing_else(results: Results) -> None:
    frame = pl.DataFrame({
        "store_id": ["F1", "F2"], "metric": ["repeat_share"] * 2, "value": [0.2, 0.3],
        "lo": [0.1, 0.2], "hi": [0.3, 0.4], "n": [90, 80], "better": ["higher"] * 2,
        "unit": ["rate"] * 2,
    })  # fmt: skip
    figure = FigureData(
        Figure("F6.1", "repeat_buyers", "toys/repeat_buyers", "dots"), frame, "select 1", {}
    )
    html = render(
        replace(results, figures=(figure,), switched_off={}),
        languages=("en", "zh"), generated_at=BUILT,
    )  # fmt: skip
    assert 'id="en-section-toys"' in html and 'id="zh-F6.1"' in html
    assert "<td>20.0%" in html


def test_a_figure_without_a_chart_is_its_table(results: Results) -> None:
    forest = next(data for data in results.figures if data.figure.name == "price_forest")
    figure = replace(forest.figure, chart=None)
    shown = replace(results, figures=(replace(forest, figure=figure),))
    html = render(shown, languages=("en",), generated_at=BUILT)
    assert 'id="en-F2.1"' in html
    assert '<svg class="w"' not in html


def test_groups_are_shown_by_their_own_names(results: Results) -> None:
    names = {"F1": "kind:flagship", "D1": "kind:distributor"}
    stores = tuple(
        replace(store, store_id=names[store.store_id])
        for store in results.scope.stores
        if store.store_id in names
    )

    def grouped(frame: pl.DataFrame) -> pl.DataFrame:
        if "store_id" not in frame.columns:
            return frame
        kept = frame.filter(pl.col("store_id").is_in([*names, "all"]))
        return kept.with_columns(pl.col("store_id").replace(names))

    figures = tuple(
        replace(data, frame=grouped(data.frame))
        for data in results.figures
        if data.figure.name in ("five_dimensions", "store_cards", "price_forest", "weekly_sales")
    )
    tables = {**results.tables, "metrics": grouped(results.tables["metrics"])}
    tables["findings"] = tables["findings"].clear()
    scope = replace(results.scope, stores=stores, reference_id="kind:flagship")
    meta = replace(results.meta, group_by="kind", reference_id="kind:flagship")
    html = render(
        replace(results, meta=meta, scope=scope, tables=tables, figures=figures, warnings=()),
        languages=("en", "zh"), generated_at=BUILT,
    )  # fmt: skip
    text = "".join(_Page(re.sub(r"<pre.*?</pre>", "", html, flags=re.S)).text)
    assert "kind:" not in text
    assert "分销店" in text and "Distributor" in text


def test_an_unknown_warning_is_an_error(results: Results) -> None:
    wrong = replace(results, warnings=(Message("warning.nobody_wrote"),))
    with pytest.raises(MissingTextError, match=r"warning\.nobody_wrote"):
        render(wrong, languages=("en",), generated_at=BUILT)
