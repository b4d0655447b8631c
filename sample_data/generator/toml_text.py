"""Tables of TOML with the comment that says how they were computed."""

from __future__ import annotations

from collections.abc import Mapping


def pair(designed: float | None, computed: float, digits: int) -> dict[str, object]:
    """What was meant and what came of it; nothing was meant: only what came."""
    meant: dict[str, object] = {} if designed is None else {"designed": designed}
    return meant | {"computed": round(float(computed), digits)}


def block(name: str, note: str, rows: Mapping[str, object]) -> str:
    """One commented table."""
    comment = "\n".join(f"# {line}" for line in note.split("\n"))
    body = "\n".join(f"{key} = {value_of(value)}" for key, value in rows.items())
    return f"{comment}\n[{name}]\n{body}\n"


def value_of(value: object) -> str:
    """A value as TOML: inline tables, lists, texts, numbers."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {value_of(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(value_of(v) for v in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
