"""What a reader must know beside the figures: warnings and failed data checks, by section."""

from __future__ import annotations

from collections.abc import Mapping

from channelscope.report.compose.speaker import Speaker

_ORDERS = ("product", "price", "promotion", "sales", "consumers")
_BY_TABLE: Mapping[str, tuple[str, ...]] = {
    "order_lines": _ORDERS, "stores": _ORDERS, "products": ("product", "price"),
    "price_snapshots": ("product", "price"), "promotions": ("promotion",), "traffic": ("sales",),
    "costs": ("price", "sales"), "fx": ("sales",), "service": ("service",),
}  # fmt: skip
"""Which sections read a table."""
_BY_CHECK: Mapping[str, tuple[str, ...]] = {"order_lines_no_rule_explains": ("promotion",)}
"""Checks of a table that concern fewer sections than read it."""

_BY_WARNING: Mapping[str, tuple[str, ...]] = {
    "warning.traffic_definitions": ("sales",),
    "warning.refunds_immature": ("sales",),
    "warning.refunds_unknown": ("sales",),
    "warning.platform_money_unknown": ("promotion",),
    "warning.costs_missing": ("price", "sales"),
    "warning.opened_inside": ("sales",),
    "warning.closed_inside": ("sales",),
    "warning.groups": ("sales",),
    "warning.refunds_partly_known": ("sales",),
    "warning.platform_money_partly_known": ("sales", "promotion"),
    "warning.snapshots_only": _ORDERS,
    "warning.many_stores_of_a_scope": ("consumers",),
    "warning.products_not_matched": ("product", "price"),
    "warning.product_map_edited": ("product", "price"),
    "warning.basis_not_allowed": ("sales",),
    "warning.lines_below_platform": ("sales",),
    "warning.lines_above_platform": ("sales",),
    "warning.texts_not_understood": ("promotion",),
}
"""Which sections a warning concerns; any other stands in the appendix alone."""


def cautions(speaker: Speaker, dimension: str) -> tuple[str, ...]:
    """The warnings of a section, then the checks that failed on the tables it reads."""
    words = speaker.words
    said = [
        words.message(message.key, message.params)
        for message in speaker.facts.results.warnings
        if dimension in _BY_WARNING.get(message.key, ())
    ]
    return (*said, *_checks(speaker, dimension))


def _checks(speaker: Speaker, dimension: str) -> list[str]:
    words, table = speaker.words, speaker.facts.table("quality")
    said = []
    for row in table.to_dicts() if table.height else []:
        concerned = _BY_CHECK.get(row["check"], _BY_TABLE.get(row["table"], ()))
        if not row["failed"] or dimension not in concerned:
            continue
        share = row["money_share"]
        said.append(words.text(
            "section.caution" if share is None else "section.caution_money",
            text=check_name(speaker, row["check"]), table=row["table"],
            failed=words.numbers.plain(row["failed"]), rows=words.numbers.plain(row["rows"]),
            share=words.numbers.value(share, "rate"),
        ))  # fmt: skip
    return said


def check_name(speaker: Speaker, check: str) -> str:
    """What a data check found, in words; its file name when the catalogues do not know it."""
    return speaker.words.texts.text_or(f"check.{check}", check.replace("_", " "))
