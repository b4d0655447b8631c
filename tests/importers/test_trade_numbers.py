"""Trade numbers and codes: what is one, what is none, what a code of a pack is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.importers import trade_numbers
from channelscope.importers.trade_numbers import Part


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6970202400004", "06970202400004"),
        ("06970202400004", "06970202400004"),
        (" 6970202400004\t", "06970202400004"),
        ('="6970202400004"', "06970202400004"),
        ('"=""6970202400004"""', None),  # still quoted: not read as CSV yet
        ("'6970202400004", "06970202400004"),
        ("６９７０２０２４００００４", "06970202400004"),
        ("697 0202 400004", "06970202400004"),
        ("036000291452", "00036000291452"),
        ("36000291452", "00036000291452"),  # a spreadsheet took the zero
        ("96385074", "00000096385074"),
        ("6970202400005", None),  # check digit
        ("6970202400040", None),  # two digits changed places
        ("6.97E+12", None),
        ("0000000000000", None),
        ("1234567", None),
        ("LX-CK-001", None),
        ("", None),
        (None, None),
    ],
)
def test_gtin(text: str | None, number: str | None) -> None:
    assert trade_numbers.gtin(text) == number


@given(st.integers(min_value=10**6, max_value=10**12 - 1), st.integers(min_value=1, max_value=9))
def test_a_wrong_digit_is_always_seen(body: int, off: int) -> None:
    valid = next(n for d in range(10) if (n := trade_numbers.gtin(f"{body}{d}")))
    wrong = f"{valid[:-1]}{(int(valid[-1]) + off) % 10}"
    assert trade_numbers.gtin(wrong) is None


@pytest.mark.parametrize(
    "text", ["lx-ck-001", "LX CK 001", "ＬＸ－ＣＫ－００１", '="LX-CK-001"', "LX_CK.001"]
)
def test_codes_that_are_one(text: str) -> None:
    assert trade_numbers.code(text) == trade_numbers.code("LX-CK-001")


def test_codes_that_are_not_one() -> None:
    assert trade_numbers.code("LX-CK-0010") != trade_numbers.code("LX-CK-001")
    assert trade_numbers.code("LX-CK-001A") != trade_numbers.code("LX-CK-001")
    assert trade_numbers.code("红") != trade_numbers.code("蓝")
    assert trade_numbers.code(" - ") is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("A-1*2", (Part("A-1", 2),)),
        ("A-1x3", (Part("A-1", 3),)),
        ("2×A-1", (Part("A-1", 2),)),
        ("A-1+B-2", (Part("A-1", 1), Part("B-2", 1))),
        ("A-1*2 + B-2", (Part("A-1", 2), Part("B-2", 1))),
        ("A-1；B-2", (Part("A-1", 1), Part("B-2", 1))),
        ("A-1", ()),
        ("A-1-2", ()),  # a hyphen is part of the code
        ("A-1*0", ()),
        ("", ()),
    ],
)
def test_parts_of_a_bundle(text: str, parts: tuple[Part, ...]) -> None:
    assert trade_numbers.parts(text) == parts


def test_a_known_code_that_ends_like_a_pack_is_not_taken_apart() -> None:
    assert trade_numbers.parts("lx1+lx2") == (Part("l", 1), Part("l", 2))
    assert trade_numbers.parts("lx1+lx2", known={"lx1", "lx2"}) == (Part("lx1", 1), Part("lx2", 1))
