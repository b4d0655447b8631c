"""Personal data that tests plant into exports, and how to find any of them again.

Every planted text holds a mark that nothing else holds, so that a piece of it is found as well.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

import polars as pl

MARKS = re.compile(
    r"欧阳|ouyang|灵隐路|planted\.example|91330100PL|OUY 9PL|(?<![\d.])1390571\d{4}(?!\d)",
    re.IGNORECASE,
)
"""What no output may hold: a name, a login, a street, a mailbox, a tax number, a zip, a phone."""

_GIVEN = "念昭澜潇沅珩祁晏"


def person(key: str) -> dict[str, str]:
    """Everything an export may know of one person; the same key is the same person."""
    number = zlib.crc32(key.encode())
    name = f"欧阳{_GIVEN[number % 8]}{_GIVEN[number // 8 % 8]}"
    phone = f"1390571{number % 10_000:04}"
    street = f"灵隐路{number % 900 + 1}号3幢201室"
    return {
        "nick": f"tb_ouyang_{key}",
        "name": name,
        "phone": phone,
        "street": street,
        "mail": f"ouyang.{key}@planted.example",
        "tax_number": f"91330100PL{number % 10**8:08}",
        "zip": "OUY 9PL",
        "message": f"请放门口，{name} {phone}，{street}",
    }


def people(keys: Iterable[str]) -> pl.DataFrame:
    """One row per key, in `person`, and what is known of that person."""
    return pl.DataFrame([{"person": key, **person(key)} for key in sorted(set(keys))])


def found(text: str) -> list[str]:
    """The planted texts in a text, with what stands around them."""
    return [text[max(0, m.start() - 20) : m.end() + 20] for m in MARKS.finditer(text)]
