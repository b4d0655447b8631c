"""The memory of a review: `reviews/<period>.toml`, read with clear errors, never overwritten."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from channelscope import config_file, registry
from channelscope.config import Section
from channelscope.errors import ConfigError, OutputError, UsageError

FOLDER = "reviews"
SCHEMA = 1
_HEAD = """\
What channelscope saw of {name}, {period} ({first} to {last}), and what was decided.
Written once and never overwritten; 'channelscope review --amend' writes a new revision beside it.
Decisions are yours: edit them, add some, take some out. The next review reads them and says which
were kept. A decision names a store and a metric ('channelscope explain' lists them), a threshold
(at_least or at_most), and the day to look: the next review of the same kind (of a quarter, or of as
many days) whose period holds it decides. What stands here counts as decided."""
_PARTS: Mapping[str, str] = {
    "findings": "What was found: the exceptions of this period.",
    "decisions": "What is to be done. `what` may say it in your own words.",
    "predictions": "What the next period is expected to bring.",
    "thresholds": "When to stop or scale a store that was decided on ('channelscope decide').",
}


def _known_metric(metric: str) -> str:
    try:
        registry.find(metric)
    except UsageError as error:
        raise ValueError(f"a metric; {error.advice or 'channelscope explain lists them'}") from None
    return metric


def _known_figure(key: str) -> str:
    _known_metric(key.partition(":")[0])
    return key


Metric = Annotated[str, AfterValidator(_known_metric)]
FigureKey = Annotated[str, AfterValidator(_known_figure)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Finding(Section):
    """An exception of the period."""

    rule: str
    store: str
    sku: str | None = None
    base: str | None = None
    actual: float | None = None
    baseline: float | None = None


class Decision(Section):
    """Something to be done, and how to see whether it was."""

    id: str = Field(min_length=1, description="its name, unlike that of any other decision")
    store: str = Field(description="a store_id")
    metric: Metric = Field(description="a metric of the registry")
    at_least: Number | None = Field(default=None, description="kept from this value on")
    at_most: Number | None = Field(default=None, description="kept up to this value")
    look_on: date = Field(description="the day to look again")
    owner: str | None = Field(default=None, description="who sees to it")
    what: str | None = Field(default=None, description="what is to be done, in your words")
    sku: str | None = Field(default=None, description="one product of the store; of sales alone")
    rule: str | None = Field(default=None, description="why it was proposed")

    @model_validator(mode="after")
    def _one_threshold(self) -> Decision:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("exactly one of at_least and at_most")
        if self.sku is not None and self.metric != "sales":
            raise ValueError("the metric sales, where a product is named")
        return self

    @property
    def side(self) -> str:
        """Which way the threshold is met."""
        return "at_most" if self.at_least is None else "at_least"

    @property
    def threshold(self) -> float:
        """The value from or up to which it is kept."""
        return float(self.at_most if self.at_least is None else self.at_least)  # type: ignore[arg-type]


class Prediction(Section):
    """A range that is to hold the figure of a later period."""

    store: str
    metric: Metric
    first: date
    last: date
    low: Number
    likely: Number
    high: Number
    level: Number

    @model_validator(mode="after")
    def _in_order(self) -> Prediction:
        if not (self.low <= self.likely <= self.high and self.first <= self.last):
            raise ValueError(
                "low, likely and high in this order, and the first day before the last"
            )
        return self


class Threshold(Section):
    """A stop or scale rule that `decide` wrote for a store."""

    candidate: str
    rule: Literal["stop", "scale"]
    metric: Literal["sales", "diverted"]
    side: Literal["below", "above"]
    limit: Number
    unit: str
    look_on: date


class ReviewFile(Section):
    """One revision of the review of one period."""

    schema_version: Literal[1] = Field(alias="channelscope_review")
    period: str
    first: date
    last: date
    revision: int = Field(ge=1)
    data_to: date
    currency: str
    basis: str
    figures: dict[str, dict[FigureKey, Number]] = Field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    decisions: tuple[Decision, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    @model_validator(mode="after")
    def _first_to_last(self) -> ReviewFile:
        if self.first > self.last:
            raise ValueError("the first day, then the last day")
        return self

    @field_validator("decisions")
    @classmethod
    def _named_apart(cls, decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
        ids = [each.id for each in decisions]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"an id of its own for each decision; '{twice[0]}' is there twice")
        return decisions


def file_name(period: str, revision: int) -> str:
    """Where a revision lies in the folder."""
    return f"{period}.toml" if revision == 1 else f"{period}.r{revision}.toml"


def read_all(workspace: Path) -> tuple[ReviewFile, ...]:
    """The newest revision of every review of the workspace, in order of time.

    ConfigError for a file that is no review, with the line of what is wrong.
    """
    newest: dict[str, ReviewFile] = {}
    for path in sorted((workspace / FOLDER).glob("*.toml")):
        found = read(path)
        other = newest.get(found.period)
        if other is None or other.revision < found.revision:
            newest[found.period] = found
    return tuple(sorted(newest.values(), key=lambda each: (each.last, each.first, each.period)))


def read(path: Path) -> ReviewFile:
    """The review in `path`; all that is wrong with it in one error."""
    name = f"{FOLDER}/{path.name}"
    values, text = config_file.loaded(path, name=name)
    found = config_file.validated(ReviewFile, values, text=text, name=name)
    expected = file_name(found.period, found.revision)
    if path.name != expected:
        raise ConfigError(
            f"says that it is revision {found.revision} of {found.period}",
            where=name,
            expected=f"the name {expected}",
            advice="a copy of a review is best kept in another folder",
        )
    return found


def write(review: ReviewFile, workspace: Path, *, name: str) -> Path:
    """Write a revision that is not there yet, whole or not at all; returns where.

    OutputError where the file is there already: it is left as it was.
    """
    folder = workspace / FOLDER
    target = folder / file_name(review.period, review.revision)
    beside = folder / f".{target.name}.{uuid.uuid4().hex[:8]}"
    try:
        folder.mkdir(exist_ok=True)
        try:
            beside.write_text(as_text(review, name=name), encoding="utf-8", newline="\n")
            _put(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    except FileExistsError as error:
        raise OutputError(
            "is there already, and a review is never overwritten",
            where=str(target),
            advice="--amend writes a new revision beside it",
        ) from error
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}",
            where=str(target),
            advice="the folder 'reviews' of the workspace keeps what a review remembers",
        ) from error
    return target


def _put(made: Path, target: Path) -> None:
    """In place, but never in that of another file, as a rename would."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: whole all the same unless the machine stops here
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(made.read_text("utf-8"))


def as_text(review: ReviewFile, *, name: str) -> str:
    """The file: figures a line each, so that two reviews can be compared by their lines."""
    import tomlkit  # noqa: PLC0415  only where a review is written

    document = tomlkit.document()
    head = _HEAD.format(name=name, period=review.period, first=review.first, last=review.last)
    for line in head.splitlines():
        document.add(tomlkit.comment(line))
    values = review.model_dump(by_alias=True, exclude_none=True)
    for key in ("channelscope_review", "period", "first", "last", "revision", "data_to",
                "currency", "basis"):  # fmt: skip
        document.add(key, values[key])
    figures = tomlkit.table(is_super_table=True)
    for store, told in values["figures"].items():
        figures.add(store, _table(told))
    document.add("figures", figures)
    for part, comment in _PARTS.items():
        if values[part]:
            document.add(tomlkit.nl())
            document.add(tomlkit.comment(comment))
            document.add(part, _array(values[part]))
    return tomlkit.dumps(document)


def _table(values: Mapping[str, Any]) -> Any:
    import tomlkit  # noqa: PLC0415

    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, value)
    return table


def _array(rows: Sequence[Mapping[str, Any]]) -> Any:
    import tomlkit  # noqa: PLC0415

    array = tomlkit.aot()
    for row in rows:
        array.append(_table(row))
    return array
