"""The first page of a review: the finding, its numbers, and kept, missed, changed."""

from __future__ import annotations

from collections.abc import Iterator

from channelscope.report import headings
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.head import notice
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Digest, DigestLine, Fact, Head, Kpi
from channelscope.report.headings import by_review
from channelscope.report.numbers import MISSING
from channelscope.report.review_facts import (
    ALL,
    is_watch,
    leading,
    left_out,
    sales_rows,
    status_rows,
    total,
    with_outcome,
)
from channelscope.report.review_words import (
    base_name,
    held_to,
    in_unit,
    owner_name,
    relative_bounds,
    signed,
    status,
    store_name,
)
from channelscope.report.wording import plain_name

_MOST_LINES = 4
_CHANGES = ("exceptions", "price_order_changes", "drift")


def head(speaker: Speaker) -> Head:
    """What the review is about; its title is the finding."""
    words, results = speaker.words, speaker.facts.results
    period = words.numbers.span(results.scope.period.first, results.scope.period.last)
    kind = "review.kind.watch" if is_watch(speaker.facts) else "review.kind"
    stores = words.message("header.stores", {"n": len(results.scope.stores)})
    message = by_review.title(speaker.facts)
    facts = [*_spans(speaker), Fact(words.text("header.basis"), words.text(
        f"basis.{results.meta.basis}"))]  # fmt: skip
    facts.append(Fact(words.text("header.data_to"), results.scope.data_end.isoformat()))
    return Head(" · ".join([words.text(kind), period, stores]),
                words.message(message.key, message.params), tuple(facts), (),
                notice(speaker))  # fmt: skip


def _spans(speaker: Speaker) -> Iterator[Fact]:
    """The periods that this one is held against; why one is not."""
    words = speaker.words
    table = speaker.facts.table("review_periods")
    for row in table.to_dicts() if table.height else []:
        if row["base"] == "now":
            continue
        known = row["first"] is not None and row["last"] is not None
        reason = row["outcome_reason"]
        said = words.texts.text_or(reason, reason) if reason else MISSING
        if known and not reason:
            said = words.numbers.span(row["first"], row["last"])
        yield Fact(base_name(words, row["base"]), said)


def kpis(speaker: Speaker) -> tuple[Kpi, ...]:
    """Sales against what matters most, the period before and the plan; decisions; predictions."""
    parts = (_projected(speaker), _sales(speaker), *_other_bases(speaker), _kept(speaker),
             _hits(speaker), _exceptions(speaker))  # fmt: skip
    return tuple(part for part in parts if part is not None)


def _projected(speaker: Speaker) -> Kpi | None:
    """What an event in progress will come to."""
    words = speaker.words
    row = next((r for r in speaker.facts.rows("projection") if r["store_id"] == ALL), None)
    if row is None or row["projected"] is None:
        return None
    bounds = words.numbers.bounds(row["projected"], row["low"], row["high"], "money")
    caption = bounds if row["aligned"] is None else words.text(
        "review.kpi.event_before", bounds=bounds,
        money=words.numbers.value(row["aligned"], "money"),
    )  # fmt: skip
    value = words.numbers.value(row["projected"], "money")
    return Kpi(words.text("review.kpi.projected"), value, caption)


def _sales(speaker: Speaker) -> Kpi | None:
    words = speaker.words
    row = leading(speaker.facts)
    if row is None:
        known = next((r for r in sales_rows(speaker.facts) if r["store_id"] == ALL), None)
        if known is None:
            return None
        return Kpi(_sales_of(speaker, known), in_unit(words, known["actual"], "money"),
                   words.text("review.kpi.alone"))  # fmt: skip
    return Kpi(_sales_of(speaker, row), in_unit(words, row["actual"], "money"),
               _moved(speaker, row))  # fmt: skip


def _sales_of(speaker: Speaker, row: Row) -> str:
    """Of how many stores: those without data are none of them."""
    if not row["stores"]:
        return speaker.words.text("kpi.sales")
    return speaker.words.message("review.kpi.sales", {"n": len(row["stores"].split("+"))})


def _moved(speaker: Speaker, row: Row) -> str:
    words = speaker.words
    said = f"{signed(words, row['relative'])} {relative_bounds(words, row)}".strip()
    return words.text("review.kpi.moved", change=said, base=words.text(f"base.{row['base']}.on"))


def _other_bases(speaker: Speaker) -> Iterator[Kpi]:
    """The other periods and the plan; of both years before only the one that leads."""
    words, first = speaker.words, leading(speaker.facts)
    for base in ("previous", "against", "plan"):
        row = total(speaker.facts, base)
        if row is None or row["relative"] is None or (first and first["base"] == base):
            continue
        key = "planned" if base == "plan" else "from"
        then = words.message(f"review.kpi.{key}", {
            "money": row["baseline"], "money_now": row["actual"],
            "n": len((row["stores"] or "").split("+")),
        })  # fmt: skip
        label = words.text("review.kpi.against", base=words.text(f"base.{base}.on"))
        caption = f"{relative_bounds(words, row)} {then}".strip()
        yield Kpi(label, signed(words, row["relative"]), caption)


def _kept(speaker: Speaker) -> Kpi | None:
    words, rows = speaker.words, speaker.facts.rows("decision_log")
    due = with_outcome(rows, *by_review.DUE)
    if not due:
        return None
    unknown = len(with_outcome(rows, "cannot_be_told"))
    caption = words.message("review.kpi.unknown", {"n": unknown}) if unknown else ""
    value = words.text("review.kpi.of", n=str(len(with_outcome(due, "kept"))), m=str(len(due)))
    return Kpi(words.text("review.kpi.kept"), value, caption)


def _hits(speaker: Speaker) -> Kpi | None:
    words = speaker.words
    row = next((r for r in speaker.facts.rows("hit_rates") if r["made_in"] == "all"), None)
    if row is None:
        return None
    value = words.text("review.kpi.of", n=str(row["inside"]), m=str(row["due"]))
    caption = words.text(
        "review.kpi.hit_caption",
        rate=words.numbers.interval(row["rate"], row["lo"], row["hi"], "rate"),
        level=words.numbers.value(row["level"], "percent"),
    )
    return Kpi(words.text("review.kpi.hits"), value, caption)


def _exceptions(speaker: Speaker) -> Kpi | None:
    words, rows = speaker.words, speaker.facts.rows("exceptions")
    again = sum(bool(row["seen_before"]) for row in rows)
    caption = words.text("review.kpi.again", n=str(again)) if again else ""
    return Kpi(words.text("review.kpi.exceptions"), str(len(rows)), caption)


def digests(speaker: Speaker) -> tuple[Digest, ...]:
    """Missed, kept, changed: what a reader of one minute takes along."""
    words, rows = speaker.words, speaker.facts.rows("decision_log")
    found = [Digest(words.text("review.digest.changed"), tuple(_changed(speaker)))]
    if not is_watch(speaker.facts):
        missed, kept, met = (
            _decided(speaker, name, with_outcome(rows, name)) for name in ("missed", "kept", "met")
        )
        found = [one for one in (missed, kept, *found, met) if one is not None]
        if not rows:
            line = DigestLine(words.text(f"review.none.decision_log{left_out(speaker.facts)}"), ())
            found.insert(0, Digest(words.text("review.digest.decisions"), (line,)))
    return tuple(digest for digest in found if digest.digest)


def _decided(speaker: Speaker, name: str, rows: list[Row]) -> Digest | None:
    if not rows:
        return None
    words = speaker.words
    lines = [DigestLine(_sentence(speaker, row), ()) for row in rows[:_MOST_LINES]]
    if len(rows) > _MOST_LINES:
        left = words.message("review.digest.more", {"n": len(rows) - _MOST_LINES})
        lines.append(DigestLine(left, (speaker.figure_link("F2.1"),)))
    title = words.text(f"review.digest.{name}", n=str(len(rows)))
    return Digest(title, tuple(lines))


def _sentence(speaker: Speaker, row: Row) -> str:
    """Where, what was held, what came, whose it is; people's words where there are any."""
    words = speaker.words
    parts = [
        store_name(words, row["store_id"] or MISSING), plain_name(row["sku"]),
        plain_name(row["what"]),
        words.text("review.digest.came", held=held_to(words, row),
                   value=in_unit(words, row["actual"], row["unit"])),
        owner_name(words, row["owner"]),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _changed(speaker: Speaker) -> Iterator[DigestLine]:
    words, facts = speaker.words, speaker.facts
    trading = [
        words.text("review.digest.status", store=words.store(row["store_id"]),
                   status=status(words, row)) for row in status_rows(facts)
    ]  # fmt: skip
    if trading:
        yield DigestLine(" · ".join(trading), ())
    for name in _CHANGES:
        message = headings.of_figure(name, facts)
        if message is not None:
            link = speaker.figure_link(facts.figures[name].figure.figure_id)
            yield DigestLine(speaker.heading(message), (link,))
    moved = facts.table("moved")
    if moved.height:
        text = words.message("review.digest.moved", {"n": moved.height})
        yield DigestLine(text, (speaker.link("moved", words.text("appendix.name")),))
