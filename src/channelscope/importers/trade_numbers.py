"""Trade item numbers and merchant codes, brought to one form so that equal ones are equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

_NOT_OF_A_CODE = re.compile(r"[\W_]+")
_BETWEEN_PARTS = re.compile(r"[+&;,、|]")
_TIMES_AFTER = re.compile(r"^(.+?)\s*[*x×]\s*(\d{1,3})\s*$", re.IGNORECASE)
_TIMES_BEFORE = re.compile(r"^\s*(\d{1,3})\s*[*x×]\s*(.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """So many pieces of what a code names."""

    code: str
    pieces: int


def bare(text: str | None) -> str:
    """An id in half-width signs, without what spreadsheets and exports put around it."""
    return unwrapped(unicodedata.normalize("NFKC", text or ""))


def unwrapped(text: str | None) -> str:
    """Without what spreadsheets and exports put around an id: blanks, tabs, ="…", a leading '."""
    kept = (text or "").strip()
    if kept.startswith("="):
        kept = kept[1:].strip().strip('"').strip()
    return kept.removeprefix("'").strip()


def gtin(text: str | None) -> str | None:
    """The number in 14 digits, or None when it is none.

    The check digit does not mind zeros in front, so a lost or an added zero makes no other number.

    >>> gtin("036000291452") == gtin("36000291452") == "00036000291452"
    True
    >>> gtin("036000291453") is None
    True
    """
    digits = bare(text).replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 14):
        return None
    padded = digits.zfill(14)
    weighted = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(padded))
    return padded if weighted % 10 == 0 and int(padded) else None


def code(text: str | None) -> str | None:
    """A merchant code without case, blanks, hyphens and full-width signs; None when empty.

    >>> code("lx－ck 001") == code("LX-CK-001")
    True
    """
    kept = _NOT_OF_A_CODE.sub("", bare(text).casefold())
    return kept or None


def parts(text: str | None, *, known: Collection[str] = ()) -> tuple[Part, ...]:
    """What a code of a pack or a bundle is made of; empty when it says neither.

    `known`: codes as `code` gives them; one that ends in x2 by itself is not taken apart.

    >>> parts("LX-1*2+LX-2")
    (Part(code='LX-1', pieces=2), Part(code='LX-2', pieces=1))
    """
    kept = bare(text)
    pieces = [piece.strip() for piece in _BETWEEN_PARTS.split(kept) if piece.strip()]
    found = tuple(Part(each, 1) if code(each) in known else _part(each) for each in pieces)
    plain = len(found) == 1 and found[0].code == kept
    return () if plain or any(part.pieces < 1 for part in found) else found


def _part(text: str) -> Part:
    if after := _TIMES_AFTER.match(text):
        return Part(code=after[1].strip(), pieces=int(after[2]))
    if before := _TIMES_BEFORE.match(text):
        return Part(code=before[2].strip(), pieces=int(before[1]))
    return Part(code=text, pieces=1)
