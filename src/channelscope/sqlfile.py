"""One SQL file, one statement, one output: reads the header, runs, and holds it to its promise.

The header is a block of comment lines `-- key: value`; a value goes on in lines that begin with
three blanks after the dashes:

    -- purpose: units and money of each store, product and week
    -- grain: store_id, sku, week_start
    -- inputs: order_lines
    -- params: first date, last date
    -- outputs:
    --   store_id varchar, the store
    --   units decimal(18,3), pieces sold
    -- source: METHODS 2
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from channelscope import assets
from channelscope.errors import QueryError, UsageError, did_you_mean

REQUIRED_KEYS = ("purpose", "grain", "inputs", "params", "outputs", "source")
_LINE = re.compile(r"^--\s(?P<key>[a-z_]+):\s*(?P<value>.*)$")
_MORE = re.compile(r"^--\s{3,}(?P<value>\S.*)$")
_OUTPUT = re.compile(r"^(?P<name>\w+)\s+(?P<type>\w+(?:\([\d,\s]+\))?),\s*(?P<meaning>.+)$")


@dataclass(frozen=True, slots=True)
class Output:
    """A promised column."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class SqlFile:
    """A query with its promises. `name` is `folder/stem`, unique and public."""

    name: str
    path: Path
    purpose: str
    grain: tuple[str, ...]
    inputs: tuple[str, ...]
    params: Mapping[str, str]
    outputs: tuple[Output, ...]
    source: str
    sql: str
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The dimension, or `scan` or `checks`."""
        return self.name.split("/")[0]

    @property
    def stem(self) -> str:
        """The file's name: what the row set is, and how other queries name it as an input."""
        return self.name.split("/")[1]

    @property
    def sql_unordered(self) -> str:
        """The statement without its last line, which says the order of the rows."""
        return self.sql.rpartition("\norder by ")[0] or self.sql


def read(path: Path) -> SqlFile:
    """The query in `path`; QueryError names the file and the part of the header that is wrong."""
    text = path.read_text(encoding="utf-8")
    header, sql = _split(text)
    keys = _keys(header, path)
    missing = [key for key in REQUIRED_KEYS if key not in keys]
    if missing:
        raise QueryError(f"header lacks {', '.join(missing)}", where=str(path))
    return SqlFile(
        name=f"{path.parent.name}/{path.stem}",
        path=path,
        purpose=" ".join(keys["purpose"]),
        grain=_names(keys["grain"]),
        inputs=_names(keys["inputs"]),
        params=_params(keys["params"], path),
        outputs=tuple(_outputs(keys["outputs"], path)),
        source=" ".join(keys["source"]),
        sql=sql,
        extra={k: " ".join(v) for k, v in keys.items() if k not in REQUIRED_KEYS},
    )


def _split(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    end = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return lines[:end], "\n".join(lines[end:]).strip() + "\n"


def _keys(header: list[str], path: Path) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(header, start=1):
        if match := _LINE.match(line):
            current = keys.setdefault(match["key"], [])
            if match["value"].strip():
                current.append(match["value"].strip())
        elif (match := _MORE.match(line)) and current is not None:
            current.append(match["value"].strip())
        else:
            raise QueryError(f"not a header line: {line!r}", where=f"{path}:{number}")
    return keys


def _names(values: list[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for value in values for name in value.split(",") if name.strip())
    return () if names == ("none",) else names


def _params(values: list[str], path: Path) -> dict[str, str]:
    pairs = [item.split() for item in _names(values)]
    if any(len(pair) != 2 for pair in pairs):
        raise QueryError("params are written 'name type, name type'", where=str(path))
    return {pair[0]: pair[1] for pair in pairs}


def _outputs(values: list[str], path: Path) -> Iterator[Output]:
    for value in values:
        match = _OUTPUT.match(value)
        if match is None:
            raise QueryError(
                f"output {value!r} is not written 'name type, meaning'", where=str(path)
            )
        yield Output(match["name"], match["type"].replace(" ", "").upper(), match["meaning"])


@cache
def catalogue(root: Path | None = None) -> Mapping[str, SqlFile]:
    """Every query by `folder/stem`, in the order of their names."""
    base = root or assets.queries()
    files = sorted(p for p in base.glob("*/*.sql"))
    return {query.name: query for query in map(read, files)}


def find(name: str) -> SqlFile:
    """The query called `name`, with or without its folder; UsageError suggests the nearest."""
    known = catalogue()
    if name in known:
        return known[name]
    by_stem = [query for query in known.values() if query.stem == name]
    if len(by_stem) == 1:
        return by_stem[0]
    raise UsageError(
        f"there is no query '{name}'",
        advice=did_you_mean(name, [*known, *(q.stem for q in known.values())])
        or "list them with 'channelscope query --list'",
    )
