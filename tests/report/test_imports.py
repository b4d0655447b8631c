"""What the appendix tells of imports, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope import imported, sqlfile
from channelscope.importers.layout import catalogue as layouts
from channelscope.report.compose.imports import imports
from channelscope.report.compose.speaker import Speaker
from channelscope.report.facts import Facts
from channelscope.report.language import Language
from channelscope.report.render import render
from channelscope.report.texts import catalogue
from channelscope.report.wording import Wording
from channelscope.results import TABLES, Message, Results
from tests.report.conftest import BUILT

Voice = Callable[[str], Wording]
JULY = {"first_day": date(2026, 7, 1), "last_day": date(2026, 7, 31)}
EXPORT = {
    "store_id": "F1", "source": "taobao", "layouts": "taobao_orders+taobao_order_lines",
    "files": 2, "rows": 12_345, **JULY, "left_out": "unpaid=1200+no_order=3+odd_reason=1",
    "bases": "paid+paid_net", "cannot_tell": "platform_money+unheard_of",
    "discount_amount": Decimal(200), "explained_amount": Decimal(150),
    "unexplained_amount": Decimal(50),
}  # fmt: skip
ROUTE = {"store_id": "F1", "route": "code", "lines": 10, "sales": Decimal(8), "share": 0.8}
TOTAL = {
    "store_id": "F1", **JULY, "days": 31,
    "platform_amount": Decimal("2000.5"), "lines_amount": Decimal("1980.495"),
}  # fmt: skip
ROWS: Mapping[str, list[dict[str, Any]]] = {
    "imports": [EXPORT], "product_routes": [ROUTE], "platform_totals": [TOTAL],
}  # fmt: skip


def with_imports(results: Results, rows: Mapping[str, list[dict[str, Any]]] = ROWS) -> Results:
    told = {name: pl.DataFrame(found, schema=TABLES[name]) for name, found in rows.items()}
    return replace(results, tables={**results.tables, **told})


def cells(results: Results, words: Wording) -> list[list[list[str]]]:
    found = imports(Speaker(Facts(results), words))
    return [[[cell.text for cell in row] for row in table.rows] for table in found]


def test_what_was_imported_is_told_in_words(results: Results, wording: Voice) -> None:
    ((export,), (route,), (total,)) = cells(with_imports(results), wording("en"))
    assert export == [
        "F1", "taobao_orders and taobao_order_lines", "1 July 2026 – 31 July 2026",
        "1,200 not paid; 3 lines without an order; 1 odd_reason",
        "paid by consumers, before refunds; paid by consumers, net of refunds",
        "what the platform pays towards discounts; unheard_of", "2", "12,345", "25.0%",
    ]  # fmt: skip
    assert route == ["F1", "merchant code", "10", "80.0%"]
    assert total == [
        "F1", "1 July 2026 – 31 July 2026", "31", "2,000.50", "1,980.50", "−1.00%",
    ]  # fmt: skip
    chinese = cells(with_imports(results), wording("zh"))
    assert chinese[0][0][5] == "平台承担的优惠；unheard_of"
    assert chinese[1][0][1] == "商家编码"


def test_what_is_not_known_is_a_dash(results: Results, wording: Voice) -> None:
    nothing = {"first_day": None, "last_day": None, "left_out": "", "bases": "", "cannot_tell": "",
               "discount_amount": None, "explained_amount": None,
               "unexplained_amount": None}  # fmt: skip
    rows = {
        "imports": [{**EXPORT, **nothing}], "product_routes": [{**ROUTE, "share": None}],
        "platform_totals": [{**TOTAL, "platform_amount": Decimal(0)}],
    }  # fmt: skip
    ((export,), (route,), (total,)) = cells(with_imports(results, rows), wording("en"))
    assert export[2:6] == ["–"] * 4 and export[-1] == "–"
    assert (route[-1], total[-1]) == ("–", "–")


def test_the_appendix_speaks_of_imports_only_where_there_are_some(results: Results) -> None:
    pages = [
        render(told, languages=("en", "zh"), generated_at=BUILT)
        for told in (results, with_imports(results))
    ]
    for said in ("<h3>Imported exports</h3>", "<h3>导入的平台导出</h3>", "F1", "odd_reason"):
        assert said in pages[1]
    assert "Imported exports" not in pages[0] and "导入的平台导出" not in pages[0]


@pytest.mark.parametrize(
    ("key", "params", "said"),
    [
        ("warning.products_not_matched", {"store": "D1", "share": 0.123},
         "12.3% of the imported sales of D1 are of products that are not matched"),
        ("warning.basis_not_allowed", {"stores": "D1", "basis": "merchant_net"},
         "(paid plus platform money, net of refunds): refunds or platform money that they do not "
         "tell are left out of its sales"),
        ("warning.basis_not_allowed", {"stores": "D1+D2", "basis": "paid"},
         "left out of their sales"),
        ("warning.lines_below_platform", {"store": "D1", "share": 0.05},
         "order lines of D1 are 5.00% below"),
        ("warning.texts_not_understood", {"store": "D1", "n": 1}, "1 promotion text of D1 was"),
        ("warning.texts_not_understood", {"store": "D1", "n": 2}, "2 promotion texts of D1 were"),
    ],
)  # fmt: skip
def test_warnings_are_sentences(
    wording: Voice, key: str, params: Mapping[str, Any], said: str
) -> None:
    assert said in wording("en").message(key, params)


def test_a_warning_of_imports_stands_beside_what_it_concerns(results: Results) -> None:
    message = Message("warning.products_not_matched", {"store": "D1", "share": 0.123})
    page = render(replace(results, warnings=(message,)), languages=("en",), generated_at=BUILT)
    # The product and the price section, and the appendix.
    assert page.count("12.3% of the imported sales of D1") == 3


def test_every_word_that_imports_may_use_has_a_text() -> None:
    texts = catalogue(Language.EN).forms
    reasons = re.findall(
        r"then '(no_\w+|unpaid)'$", sqlfile.find("import/exported_lines").sql, re.M
    )
    spoken = {f"cannot_tell.{word}" for one in layouts().values() for word in one.cannot_tell}
    # The last one is of orders, and no query says it: no file tells what was bought.
    spoken |= {f"left_out.{reason}" for reason in (*reasons, "no_lines")}
    spoken |= {f"route.{route}" for route in imported.ROUTES}
    assert len(spoken) > 20 and len(reasons) > 3
    assert spoken - set(texts) == set()
    told = {key for key in texts if key.startswith(("cannot_tell.", "left_out.", "route."))}
    assert told - spoken == set(), "no text is left over"
