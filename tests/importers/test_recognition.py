"""Which export a file is, is told from its column names, whatever the file is called."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.importers.layout import Layout, LayoutColumn, catalogue
from channelscope.importers.recognition import Names, fit, normalise

EVERY = Names.of(catalogue())


@pytest.mark.parametrize(
    "written",
    [
        "商家备注等级(1-5)",
        "\ufeff商家备注等级（1-5）",
        ' ="商家备注等级（1–5）"',
        "\t'商家备注等级(１—５)",
        "商家备注等级(1-5)　",
    ],
)
def test_one_name_in_many_spellings(written: str) -> None:
    assert normalise(written) == "商家备注等级(1-5)"


@given(st.text())
def test_normalising_twice_changes_nothing_more(written: str) -> None:
    once = normalise(written)
    assert normalise(once) == once


def test_blanks_within_a_name_are_one() -> None:
    assert normalise("Sessions  –\u00a0Total") == "Sessions - Total"


@pytest.mark.parametrize("stem", catalogue())
def test_every_layout_is_told_from_all_others(stem: str) -> None:
    header = list(catalogue()[stem].header)
    random.Random(stem).shuffle(header)
    for unknown in ((), ("新列一", "New column", "x")):
        match = EVERY.best([*unknown, *header])
        assert (match.stem, match.is_recognised) == (stem, True)
        assert (set(match.columns), match.unknown) == (set(header), unknown)
        assert not match.lacking


def test_exports_of_one_source_are_told_apart() -> None:
    orders, lines = catalogue()["taobao_orders"], catalogue()["taobao_order_lines"]
    shared = set(orders.header) & set(lines.header)
    assert shared  # or this would say nothing
    assert EVERY.best(list(orders.header)[:45]).stem == "taobao_orders"
    assert EVERY.best(list(lines.header)[:10]).stem == "taobao_order_lines"
    assert not fit("taobao_order_lines", lines, list(orders.header)).is_recognised


def layout(**header: LayoutColumn) -> Layout:
    return Layout(
        source="s", kind="order_lines", title="t", platforms=("p",), header=header
    )  # fmt: skip


PLAIN, NEEDED = LayoutColumn(), LayoutColumn(required=True)
SMALL = layout(id=NEEDED, a=PLAIN, b=PLAIN, c=PLAIN)
LARGE = layout(id=NEEDED, a=PLAIN, b=PLAIN, c=PLAIN, d=PLAIN, e=NEEDED)


@pytest.mark.parametrize(
    ("header", "stem"),
    [
        ("id a b c", "small"),  # all of the small one; what the large one needs is missing
        ("id a b c e", "large"),  # more known columns
        ("id a b c d", "small"),  # d does not make up for e
        ("e d c b a id", "large"),
        ("id a b c e x y z", "large"),
    ],
)
def test_the_layout_with_most_columns_known(header: str, stem: str) -> None:
    match = Names.of({"large": LARGE, "small": SMALL}).best(header.split())
    assert (match.stem, match.is_recognised) == (stem, True)


def test_fewer_missing_columns_decide_when_as_many_are_known() -> None:
    wide = layout(id=NEEDED, a=PLAIN, b=PLAIN, c=PLAIN, d=PLAIN)
    names = Names.of({"a_wide": wide, "small": SMALL})
    assert names.best(["id", "a", "b", "c"]).stem == "small"


@pytest.mark.parametrize(
    ("header", "recognised"),
    [
        ("id a", False),  # too few
        ("id a b", True),
        ("a b c d e", False),  # id is needed
        ("id a e x y z", True),  # half of the layout's columns
        ("id e d x y", True),
    ],
)
def test_enough_columns(header: str, recognised: bool) -> None:
    names = Names.of({"s": SMALL if "e" not in header else LARGE})
    assert names.best(header.split()).is_recognised == recognised


def test_few_columns_of_many_among_many_unknown_are_not_enough() -> None:
    many = layout(id=NEEDED, **{f"c{i}": PLAIN for i in range(9)})
    chosen = ["id", "c1", "c2"]
    assert fit("s", many, [*chosen, "x", "y", "z"]).is_recognised
    assert not fit("s", many, [*chosen, "x", "y", "z", "w"]).is_recognised


def test_aliases_count_and_the_name_itself_goes_first() -> None:
    named = layout(id=NEEDED, paid=LayoutColumn(aliases=("settled",), to="paid_at"), b=PLAIN)
    match = fit("s", named, ["id", "Settled", "b"])
    assert match.columns == {"id": "id", "paid": "Settled", "b": "b"}
    assert match.used == ("Settled",)
    for header in (["id", "settled", "paid", "b"], ["id", "paid", "settled", "b"]):
        both = fit("s", named, header)
        assert both.columns["paid"] == "paid"
        assert both.unknown == ("settled",)


def test_columns_of_sums_are_used() -> None:
    summed = Layout(
        source="s", kind="order_lines", title="t", platforms=("p",),
        header={"id": NEEDED, "all": PLAIN, "post": PLAIN, "note": PLAIN},
        sums={"line_paid": ("all", "-post")},
    )  # fmt: skip
    assert fit("s", summed, ["note", "post", "all", "id"]).used == ("all", "post")
