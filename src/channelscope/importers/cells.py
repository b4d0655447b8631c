"""Cells of an export → typed columns: one expression per word of `canonical`, nothing else.

Exports write the same things in many ways: ids as `="123"` or behind a tab, money with ¥, 元, 万
and thousands separators, percent as text, `-` where nothing is known. What cannot be read is a
fault with its row, never a null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
from duckdb import CaseExpression, CoalesceOperator, ColumnExpression, Expression

from channelscope.contract import ROW, Type
from channelscope.errors import DataError
from channelscope.importers.cell_values import READ, as_text, cleaned, trimmed, unwrapped
from channelscope.importers.expressions import (
    both,
    call,
    constant,
    either,
    null,
    one_of,
    starts_or_contains,
)
from channelscope.importers.layout import STATES, VOCABULARY, ExportKind, Layout, LayoutColumn
from channelscope.importers.recognition import normalise

ROWS_OF_A_SHEET = 10**10
UNKNOWN_ITEM = "unknown"
_MASKS = ("*", "#", "$$")
_FAKE = ("刷单", "补单")
PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江",
    "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川",
    "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "台湾", "香港", "澳门",
)  # fmt: skip
_WORDS = {
    "money": "an amount (1,234.50, ¥12, 1.2万)",
    "int": "a whole number",
    "number": "a number",
    "percent": "a share (12.5%)",
    "datetime": "a time (2026-01-31 10:30:00)",
    "date": "a date (2026-01-31)",
    "id": "an id: a spreadsheet cut off its last digits",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """How one sheet is read. `secret`: salt and scope that buyers are hashed with; `index`: its
    place among the sheets of an import, of which a later one wins."""

    layout: Layout
    header: Sequence[str]
    secret: str = field(repr=False)
    zone: str | None = None
    index: int = 0

    def typed(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """The sheet's rows as the words of its kind, then `row`, `sheet`, `layout`,
        `state_text` and `is_bad`.

        `state_text` is a status that the mapping does not know; `is_bad` marks rows in which a
        value is lost.
        """
        words = VOCABULARY[self.layout.kind]
        columns = [self._word(word, type_).alias(word) for word, type_ in words.items()]
        if self.layout.kind is not ExportKind.ORDERS and "item_id" in words:
            columns.append(self._item_key().alias("item_key"))
        row = ColumnExpression(ROW) + constant(self.index * ROWS_OF_A_SHEET)
        columns.append(row.cast(duckdb.sqltype(Type.INT)).alias("row"))
        columns.append(constant(self.index).cast(duckdb.sqltype(Type.INT)).alias("sheet"))
        columns.append(constant(self.layout.name).alias("layout"))
        columns.append(self._unknown_state().alias("state_text"))
        columns.append(either([lost for _, lost in self._lost()]).alias("is_bad"))
        return self._cells(relation).select(*columns)

    def texts(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """The columns that are used, as text without what spreadsheets put around it."""
        used = list(self._used_columns())
        row = ColumnExpression(ROW)
        bare = [unwrapped(ColumnExpression(n)).alias(n) for n, _ in used]
        trim = [trimmed(ColumnExpression(n), c).alias(n) for n, c in used]
        cells = [cleaned(ColumnExpression(n), c).alias(n) for n, c in used]
        return relation.select(row, *bare).select(row, *trim).select(row, *cells)

    def _cells(self, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
        """Each used column typed, and beside it its text. Made in steps, so that no cell is read
        more than once, however many words it is part of."""
        used = list(self._used_columns())
        texts = [ColumnExpression(name).alias(_text_of(name)) for name, _ in used]
        values = [self.value(name, column).alias(name) for name, column in used]
        return self.texts(relation).select(ColumnExpression(ROW), *texts, *values)

    def faults(self, relation: duckdb.DuckDBPyRelation, name: str) -> Iterator[DataError]:
        """One fault per column with values that cannot be read, with the first three."""
        cells = self._cells(relation)
        for column, lost in self._lost():
            text = ColumnExpression(_text_of(column))
            bad = cells.filter(lost).select(ColumnExpression(ROW), text)
            first = bad.limit(3).fetchall()
            if not first:
                continue
            total = int(bad.shape[0])
            shown = ", ".join(f"row {row} {value!r}" for row, value in first)
            yield DataError(
                f"{total:,} {'value is' if total == 1 else 'values are'} not "
                f"{_WORDS[self._of(column).type]}; first: {shown}",
                where=f"{name}: {column}",
                advice="export the file again, or correct these cells; leave blank what is unknown",
            )

    def used(self) -> Mapping[str, tuple[str, ...]]:
        """Per word the columns of the sheet that it is made of."""
        made: dict[str, tuple[str, ...]] = {}
        for word in VOCABULARY[self.layout.kind]:
            names = [name for name, column in self._columns() if column.to == word]
            terms = [term.removeprefix("-") for term in self.layout.sums.get(word, ())]
            there = [actual for term in terms if (actual := self._actual(term))]
            if names or (there and self._actual(terms[0])):
                made[word] = (*names, *there)
        return made

    def taken_off(self, word: str) -> frozenset[str]:
        """Columns of the sheet that are taken off the others of a word."""
        terms = [t.removeprefix("-") for t in self.layout.sums.get(word, ()) if t.startswith("-")]
        return frozenset(actual for term in terms if (actual := self._actual(term)))

    def missing(self) -> tuple[str, ...]:
        """Columns of the mapping that have a word and are not in the sheet."""
        terms = {t.removeprefix("-") for sum_ in self.layout.sums.values() for t in sum_}
        wanted = [n for n, c in self.layout.header.items() if c.to or n in terms]
        return tuple(name for name in wanted if self._actual(name) is None)

    def of(self, header: str) -> LayoutColumn | None:
        """What the mapping says of a column of the sheet; None when it does not know it."""
        return next((c for name, c in self._columns() if name == header), None)

    def _of(self, header: str) -> LayoutColumn:
        column = self.of(header)
        assert column is not None
        return column

    def _columns(self) -> Iterator[tuple[str, LayoutColumn]]:
        """The columns of the sheet that the mapping knows, as the sheet calls them."""
        for name, column in self.layout.header.items():
            actual = self._actual(name)
            if actual is not None:
                yield actual, column

    def _used_columns(self) -> Iterator[tuple[str, LayoutColumn]]:
        terms = {t.removeprefix("-") for sum_ in self.layout.sums.values() for t in sum_}
        by_term = {self._actual(term) for term in terms}
        known = dict(self._columns())
        yield from ((n, c) for n, c in known.items() if c.to or n in by_term)

    def _actual(self, name: str) -> str | None:
        names = (name, *self.layout.header[name].aliases)
        there = {header.casefold(): header for header in self.header}
        return next((there[n] for n in map(_folded, names) if n in there), None)

    def _word(self, word: str, type_: Type) -> Expression:
        ways = [ColumnExpression(n) for n, c in self._columns() if c.to == word]
        if word in self.layout.sums and (total := self._sum(self.layout.sums[word])) is not None:
            ways.append(total)
        if not ways:
            return null(type_)
        value = ways[0] if len(ways) == 1 else CoalesceOperator(*ways)
        return value.cast(duckdb.sqltype(type_))

    def _sum(self, terms: Sequence[str]) -> Expression | None:
        """The first term must be known; of the others one that is not there takes nothing off."""
        total: Expression | None = None
        for term in terms:
            name = term.removeprefix("-")
            actual = self._actual(name)
            if actual is None:
                if total is None:
                    return None
                continue
            value = ColumnExpression(actual)
            if total is None:
                total = -value if term.startswith("-") else value
                continue
            known = CoalesceOperator(value, constant(0).cast(duckdb.sqltype(Type.MONEY)))
            total = total - known if term.startswith("-") else total + known
        return total

    def _item_key(self) -> Expression:
        """What identifies a product in this store: the most exact that is known."""
        names = ("sku_code", "variant_id", "item_id", "variant", "item_code", "title")
        words = {word: self._word(word, Type.TEXT) for word in names}
        joined = [_joined(words["item_id"], words["variant"]),
                  _joined(words["title"], words["variant"])]  # fmt: skip
        return CoalesceOperator(
            words["sku_code"], words["variant_id"], joined[0], words["item_code"],
            words["item_id"], joined[1], words["title"], constant(UNKNOWN_ITEM),
        )  # fmt: skip

    def value(self, name: str, column: LayoutColumn) -> Expression:
        """A cell of the column `name` of `texts`, typed; null where nothing is known."""
        text = ColumnExpression(name)
        value = self._read(text, column)
        if column.zero:
            is_zero = one_of(CoalesceOperator(text, constant("")), column.zero)
            value = CaseExpression(is_zero, constant(0).cast(duckdb.sqltype(Type.MONEY))).otherwise(
                value
            )
        return value

    def _read(self, text: Expression, column: LayoutColumn) -> Expression:
        match column.type:
            case "state":
                return self._state(text)
            case "buyer":
                masked = either([call("contains", text, constant(mask)) for mask in _MASKS])
                digest = call("sha256", call("||", constant(self.secret), call("lower", text)))
                return CaseExpression(
                    both(text.isnotnull(), ~masked),
                    call("substr", digest, constant(1), constant(32)),
                )
            case "datetime":
                return self._time(text)
            case "region":
                pattern = f"^({'|'.join(PROVINCES)})"
                found = call("regexp_extract", text, constant(pattern), constant(1))
                return call("nullif", found, constant(""))
            case "memo":
                return CoalesceOperator(
                    either([call("contains", text, constant(word)) for word in _FAKE]),
                    constant(False),
                )
            case _:
                return READ.get(column.type, as_text)(text, column)

    def _state(self, text: Expression) -> Expression:
        ways = []
        for state in STATES:
            patterns = self.layout.states.get(state, ())
            is_it = either([starts_or_contains(text, pattern) for pattern in patterns])
            ways.append(CaseExpression(is_it, constant(state)))
        return CoalesceOperator(*ways)

    def _unknown_state(self) -> Expression:
        ways = []
        for name, column in self._columns():
            if column.type == "state":
                text = ColumnExpression(_text_of(name))
                ways.append(CaseExpression(ColumnExpression(name).isnull(), text))
        return CoalesceOperator(*ways) if ways else null(Type.TEXT)

    def _time(self, text: Expression) -> Expression:
        """Local time: as printed, or turned into the zone of the shop where an offset says so."""
        stamp = duckdb.sqltype(Type.TIMESTAMP)
        plain = call(
            "regexp_extract",
            text,
            constant(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"),
        )
        if self.zone is None:
            usual = [call("substr", text, constant(at), constant(1)) == constant(":")
                     for at in (14, 17)]  # fmt: skip
            is_usual = both(call("strlen", text) == constant(19), both(*usual))
            return CaseExpression(is_usual, text.try_cast(stamp)).otherwise(plain.try_cast(stamp))
        zoned = text.try_cast(duckdb.sqltype("TIMESTAMP WITH TIME ZONE"))
        return call("timezone", constant(self.zone), zoned)

    def _lost(self) -> Iterator[tuple[str, Expression]]:
        for name, column in self._used_columns():
            if column.type in _WORDS:
                text, value = ColumnExpression(_text_of(name)), ColumnExpression(name)
                yield name, both(text.isnotnull(), value.isnull())


def _text_of(name: str) -> str:
    return f"{name} text"


def _joined(first: Expression, second: Expression) -> Expression:
    """Both texts, or nothing when one is not known."""
    return call("||", call("||", first, constant("/")), second)


def _folded(name: str) -> str:
    return normalise(name).casefold()
