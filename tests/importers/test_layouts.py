"""Every layout reads its export: the rows that are in it become the words that they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope.contract import Type
from channelscope.engine.duckdb import Session
from channelscope.importers import quirks, staging
from channelscope.importers.layout import VOCABULARY, ExportKind, catalogue
from channelscope.importers.opening import open_sheets
from channelscope.importers.recognition import normalise
from channelscope.limits import Limits
from tests.importers.layout_files import PERSONAL, Export, exports, new_columns, write

Imported = Callable[[str], tuple[staging.Staged, list[dict[str, Any]]]]
SECRET = "salt"
STEMS = sorted(catalogue())
READ = [stem for stem in STEMS if catalogue()[stem].kind is not ExportKind.NOT_USED]
EVIDENCED = {
    "taobao_orders": 61, "taobao_order_lines": 10, "alipay_bill": 22, "sycm_shop_daily": 105,
    "sycm_traffic_sources": 32, "jd_orders": 38, "jd_items": 21, "pdd_orders": 23,
    "douyin_orders": 74, "douyin_merged_orders": 75, "douyin_after_sales": 50,
    "douyin_settlement_bill": 34, "douyin_fund_flow": 30, "shopify_orders": 79, "amazon_orders": 31,
    "olist_orders": 8, "olist_order_items": 7, "olist_order_payments": 5, "olist_order_reviews": 7,
    "olist_products": 9, "olist_customers": 5, "olist_sellers": 4, "olist_geolocation": 5,
    "olist_category_names": 2,
}  # fmt: skip
"""How many columns the exports have whose list and order are known."""


def _read(path: Path, scratch: Path) -> tuple[staging.Staged, list[dict[str, Any]]]:
    sheets = open_sheets([path], layouts=catalogue(), scratch=scratch, progress=lambda *_: None)
    session = Session.over_files((scratch,), limits=Limits(threads=1))
    layouts = catalogue()
    (staged,) = staging.stage(
        session, [(sheet, stem, layouts[stem]) for sheet, stem in sheets],
        secret=SECRET, shop=None, scratch=scratch,
    )  # fmt: skip
    session.close()
    numbers = [w for w, t in VOCABULARY[staged.layout.kind].items()
               if t in (Type.MONEY, Type.QUANTITY)]  # fmt: skip
    frame = pl.read_parquet(staged.path).with_columns(pl.col(numbers).cast(pl.Float64))
    by = [name for name in ("row", "line_id", "title") if name in frame.columns]
    return staged, frame.sort(by, nulls_last=True).to_dicts()


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Reads the export of a layout, once."""

    @cache
    def once(stem: str) -> tuple[staging.Staged, list[dict[str, Any]]]:
        folder = tmp_path_factory.mktemp(stem)
        return _read(write(exports()[stem], folder), folder)

    return once


def _only(rows: list[dict[str, Any]], words: set[str]) -> list[dict[str, Any]]:
    return [{word: _rounded(row[word]) for word in words} for row in rows]


def _rounded(value: Any) -> Any:
    return round(value, 9) if isinstance(value, float) else value


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(sorted(row.items(), key=lambda item: item[0])))


@pytest.mark.parametrize("stem", READ)
def test_an_export_becomes_the_rows_worked_by_hand(stem: str, imported: Imported) -> None:
    export = exports()[stem]
    staged, rows = imported(stem)
    words = export.layout_words()
    assert (staged.stem, staged.unknown_states) == (stem, ())
    assert _in_order(_only(rows, words)) == _in_order(export.expected(secret=SECRET))
    # Words without a column are not known, whatever the vocabulary has.
    others = set(VOCABULARY[export.layout.kind]) - words
    assert {row[word] for row in rows for word in others} <= {None}


@pytest.mark.parametrize("stem", READ)
def test_columns_are_found_by_name_in_any_order_beside_new_ones(stem: str, tmp_path: Path) -> None:
    export = exports()[stem]
    staged, rows = _read(write(export, tmp_path, shuffled=len(stem)), tmp_path)
    assert staged.stem == stem
    assert set(new_columns(export)) <= set(staged.sheet.header)
    found, worked = _only(rows, export.layout_words()), export.expected(secret=SECRET)
    assert _in_order(found) == _in_order(worked)


@pytest.mark.parametrize("stem", sorted(set(STEMS) - set(READ)))
def test_a_file_that_nothing_is_read_from_is_known(stem: str, tmp_path: Path) -> None:
    path = write(exports()[stem], tmp_path, shuffled=3)
    ((sheet, found),) = open_sheets(
        [path], layouts=catalogue(), scratch=tmp_path, progress=lambda *_: None
    )
    assert (found, sheet.used) == (stem, ())


@pytest.mark.parametrize("stem", READ)
def test_personal_data_stay_in_the_file(stem: str, imported: Imported) -> None:
    export = exports()[stem]
    staged, rows = imported(stem)
    personal = [n for n in export.columns if export.layout.header[n].type in ("personal", "buyer")]
    given = {str(row.get(name, PERSONAL)) for row in export.cells for name in personal} - {"", "-"}
    printed = repr(rows) + repr(staged)
    assert [text for text in given if text in printed] == []


@pytest.mark.parametrize("stem", sorted(EVIDENCED))
def test_an_export_of_known_columns_has_them_in_order(stem: str) -> None:
    export = exports()[stem]
    assert export.layout.ordered
    assert len(export.columns) == EVIDENCED[stem]
    assert export.columns == list(export.layout.header)[: EVIDENCED[stem]] or stem == (
        "sycm_shop_daily"
    )


def test_the_others_are_read_by_name() -> None:
    assert {s for s in STEMS if catalogue()[s].ordered} == set(EVIDENCED)


def test_every_layout_has_its_export() -> None:
    assert sorted(exports()) == STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_names_of_a_layout_are_normal_and_each_means_one_column(stem: str) -> None:
    layout = catalogue()[stem]
    names = [*layout.header, *(a for c in layout.header.values() for a in c.aliases)]
    assert [name for name in names if normalise(name) != name] == []
    assert [n for n, times in Counter(map(str.casefold, names)).items() if times > 1] == []


@pytest.mark.parametrize("stem", STEMS)
def test_a_layout_says_what_its_kind_needs(stem: str) -> None:
    export = exports()[stem]
    layout, words = export.layout, export.layout_words()
    required = {
        ExportKind.ORDERS: {"order_id", "state", "created_at", "paid_at"},
        ExportKind.LINES: {"order_id", "qty"},
        ExportKind.TRAFFIC: {"traffic_source", "traffic_visitors"},
        ExportKind.DAILY: {"date"},
        ExportKind.PRICES: {"item_id"},
        ExportKind.AFTER_SALES: {"order_id", "line_refunded", "line_state", "refunded_at"},
        ExportKind.SETTLEMENT: {"date", "cost_base", "cost_commission"},
    }
    assert required.get(layout.kind, set()) <= words
    money = {"order_paid", "line_paid"} & words
    sold = layout.kind in (ExportKind.ORDERS, ExportKind.LINES)
    if sold and layout.needs is None:
        assert money and words & {"paid_at", "created_at"}
        assert layout.bases
    has_state = any(column.type == "state" for column in layout.header.values())
    assert bool(layout.states) == has_state
    merchant = {"order_platform", "line_platform"} & words
    assert bool(merchant) == any(basis.startswith("merchant") for basis in layout.bases)


def test_quirks_of_layouts_are_those_there_are() -> None:
    named = {name for layout in catalogue().values() for name in layout.quirks}
    assert named == set(quirks.QUIRKS) | set(quirks.JOINS)


def test_an_export_of_the_tests_uses_only_columns_of_its_layout() -> None:
    def strangers(export: Export) -> set[str]:
        named = {name for row in export.cells for name in row}
        return (named | set(export.without) | set(export.shown)) - set(export.layout.header)

    assert {e.stem: s for e in exports().values() if (s := strangers(e))} == {}


@pytest.mark.parametrize("stem", READ)
def test_an_export_of_the_tests_shows_every_word_that_its_columns_give(stem: str) -> None:
    """A word that is never known could be lost without a test failing."""
    export = exports()[stem]
    columns = {name: export.layout.header[name] for name in export.columns}
    given = {column.to for column in columns.values() if column.to}
    given |= {word for word, terms in export.layout.sums.items() if terms[0].lstrip("-") in columns}
    rows = export.expected(secret=SECRET)
    assert {word for word in given if not any(row[word] for row in rows)} - {"is_excluded"} == set()
