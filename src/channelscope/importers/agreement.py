"""Files of one import are of one store: of one platform, one shop and the store's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duckdb import ColumnExpression

from channelscope.engine.duckdb import Session
from channelscope.errors import DataError, UsageError
from channelscope.importers import staging
from channelscope.importers.layout import ExportKind, catalogue
from channelscope.importers.staging import Recognised, Staged

_ORDERS = (ExportKind.ORDERS, ExportKind.LINES)


def of_platform(
    sheets: Sequence[Recognised], *, store: Mapping[str, object], choose: bool
) -> list[Recognised]:
    """The sheets that a store of its platform can have.

    `choose`: those of other platforms are left out; else, or when none is left, they are an error.
    A platform that no export is of may have any.
    """
    platform = str(store["platform"]).casefold()
    if not any(platform in one.platforms for one in catalogue().values()):
        return list(sheets)
    fitting = [one for one in sheets if platform in one[2].platforms]
    others = [one for one in sheets if platform not in one[2].platforms]
    if others and not (choose and fitting):
        sheet, _, layout = others[0]
        raise UsageError(
            f"{sheet.name} is an export of {' or '.join(layout.platforms)}; store "
            f"{store['store_id']} is on {platform}",
            where="--store",
            expected="the exports of the store's own platform",
            advice="name the right store, or correct its platform in stores.csv",
        )
    return fitting


def require_one_store(staged: Sequence[Staged]) -> None:
    """DataError when files are of several platforms, or of several shops."""
    _require_one([(part.layout.source, part.sheet.name) for part in staged], "platforms")
    # What a platform calls a shop differs between its exports, not within one.
    for stem in dict.fromkeys(part.stem for part in staged):
        named = [(p.shop, p.sheet.name) for p in staged if p.stem == stem and p.shop]
        _require_one(named, "shops")


def _require_one(found: Sequence[tuple[str, str]], what: str) -> None:
    first_of = dict(reversed(found))
    if len(first_of) > 1:
        shown = ", ".join(f"{name} ({sheet})" for name, sheet in sorted(first_of.items())[:5])
        raise DataError(
            f"these files are of {len(first_of)} {what}: {shown}",
            expected="the exports of one store",
            advice="import once per store, and name only its own files",
        )


def require_currency(
    session: Session, staged: Sequence[Staged], *, shop: str | None, currency: object
) -> None:
    """DataError when orders are in another currency than their store."""
    orders = [part for part in staged if part.layout.kind in _ORDERS]
    if not orders or currency is None:
        return
    rows = staging.union(session, orders, ("currency",), shop=shop)
    named = rows.filter(ColumnExpression("currency").isnotnull()).distinct().fetchall()
    others = sorted({str(row[0]) for row in named} - {str(currency)})
    if others:
        raise DataError(
            f"has amounts in {', '.join(others)}; the store's currency is {currency}",
            where=", ".join(part.sheet.name for part in orders[:3]),
            expected="amounts in the currency of the store",
            advice="write the store's currency into stores.csv (and fx.csv for other ones), or "
            "export without orders in other currencies",
        )
