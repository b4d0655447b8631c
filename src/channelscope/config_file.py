"""channelscope.toml as text: read into a Config with clear errors, or written as a template."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from channelscope import contract
from channelscope.config import FILE_NAME, Config, Section
from channelscope.errors import ConfigError, did_you_mean

_HEAD = re.compile(r"^\s*(?P<open>\[{1,2})(?P<path>[^\[\]]+)\]")
_PREFIX = re.compile("^(Value error, |Input should be |String should )")
_KEY = re.compile(r"^\s*(?P<key>[\w.\-]+|\"[^\"]*\")\s*=")


def read(path: Path) -> Config:
    """The Config in `path`, the defaults when there is no file; all that is wrong in one error."""
    if not path.exists():
        return Config()
    values, text = loaded(path)
    return parse(values, text=text, name=path.name)


def loaded(path: Path, *, name: str | None = None) -> tuple[dict[str, Any], str]:
    """The values of a toml and its text; ConfigError when it is none. `name`: as errors say it."""
    name = name or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"is not utf-8 at byte {error.start}", where=name, advice="save it as utf-8"
        ) from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=name) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            f"is not toml: {error}",
            where=name,
            expected='each section once, and under it lines such as name = "value"',
            advice="put what belongs to a section under the one that is there",
        ) from error


def parse(values: dict[str, Any], *, text: str = "", name: str = FILE_NAME) -> Config:
    """The Config in `values`; `text` lets errors name the line."""
    wrong = tuple(_unknown_tables(values, text, name))
    return validated(Config, values, text=text, name=name, wrong=wrong)


M = TypeVar("M", bound=BaseModel)


def validated(
    model: type[M],
    values: dict[str, Any],
    *,
    text: str,
    name: str,
    wrong: Sequence[ConfigError] = (),
) -> M:
    """The values as the model; with `wrong`, all that is wrong in one error."""
    faults = list(wrong)
    try:
        found = model.model_validate(values)
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults += [_told(detail, model, text, name) for detail in details]
    if faults:
        raise ConfigError.gathered(f"{name} has {len(faults)} faults", faults)
    return found


def _unknown_tables(values: dict[str, Any], text: str, name: str) -> Iterator[ConfigError]:
    tables = values.get("tables", {})
    for table in tables if isinstance(tables, dict) else ():
        if table not in contract.BY_NAME:
            yield ConfigError(
                f"there is no table '{table}'",
                where=_where(("tables", table), text, name),
                expected=f"one of {', '.join(contract.BY_NAME)}",
                advice=did_you_mean(table, contract.BY_NAME),
            )


def _told(detail: ErrorDetails, model: type[BaseModel], text: str, name: str) -> ConfigError:
    path = [part for part in detail["loc"] if part != "[key]"]
    where = _where(path, text, name)
    if detail["type"] == "extra_forbidden":
        known = _keys_beside(path, model)
        return ConfigError(
            f"unknown key '{path[-1]}'",
            where=where,
            expected=f"one of {', '.join(known)}",
            advice=did_you_mean(str(path[-1]), known),
        )
    if detail["type"] == "missing":
        return ConfigError(f"lacks '{path[-1]}'", where=where, expected=_described(path, model))
    value = detail["input"]
    expected = detail.get("ctx", {}).get("expected") or detail["msg"]
    shown = value if isinstance(value, str | int | float | bool) else "this"
    advice = did_you_mean(value, expected.split("'")) if isinstance(value, str) else None
    return ConfigError(
        f"{shown!r} is not allowed" if shown != "this" else "the value is not allowed",
        where=where,
        expected=_PREFIX.sub("", str(expected)),
        advice=advice,
    )


def _where(path: Sequence[int | str], text: str, name: str) -> str:
    keys = [str(part) for part in path if isinstance(part, str)]
    line = _line_of([str(part) for part in path], text)
    return f"{name}{f':{line}' if line else ''}: {'.'.join(keys)}"


def _line_of(keys: list[str], text: str) -> int | None:
    """The first line of the key, or of the nearest table around it; of an array the right one."""
    best, section, found = 0, "", None
    wanted = ".".join(keys)
    seen: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _HEAD.match(line):
            section = here = head["path"].replace('"', "").replace(" ", "")
            if head["open"] == "[[":
                seen[section] += 1
                section = f"{section}.{seen[section] - 1}"
                here = section if wanted.startswith(section) else here
        elif key := _KEY.match(line):
            here = ".".join(part for part in (section, key["key"].strip('"')) if part)
        else:
            continue
        if len(here) > best and (wanted == here or wanted.startswith(f"{here}.")):
            best, found = len(here), number
    return found


def _keys_beside(path: Sequence[int | str], root: type[BaseModel]) -> list[str]:
    """The keys allowed where the last key of `path` stands."""
    model: Any = root
    for part in path[:-1]:
        field = _fields(model).get(str(part))
        model = field.annotation if field else model
        if not _is_section(model):
            inner = [arg for arg in get_args(model) if _is_section(arg)]
            model = inner[0] if inner else model
    return sorted(field.alias or name for name, field in _fields(model).items())


def _described(path: Sequence[int | str], root: type[BaseModel]) -> str | None:
    """What a key means, in the words of its model."""
    model: Any = root
    field: FieldInfo | None = None
    for part in path:
        field = _fields(model).get(str(part))
        model = field.annotation if field else model
    return field.description if field else None


def _fields(model: Any) -> dict[str, FieldInfo]:
    return dict(model.model_fields) if _is_section(model) else {}


def _is_section(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)


def template(name: str) -> str:
    """The commented toml `init` writes: every key with its default or an example."""
    blocks = [
        "# What channelscope reads of this workspace, and how it compares. Every key is optional:\n"
        "# a line beginning with '# key =' shows the default, or an example where it says e.g."
    ]
    for key, field in Config.model_fields.items():
        if isinstance(field.default, Section):
            given = {"name": name} if key == "workspace" else {}
            blocks.append(_section(key, type(field.default), given))
        else:
            blocks.append(_free_table(key, field))
    return "\n\n".join(blocks) + "\n"


def _section(key: str, model: type[Section], given: dict[str, str]) -> str:
    lines = [f"# {model.__doc__}", f"[{key}]"]
    for name, field in model.model_fields.items():
        default = given.get(name, field.get_default(call_default_factory=True))
        mark = "" if name in given else "# "
        if default in (None, {}):
            lines.append(f"# {field.description}, e.g.\n# {name} = {_example(field)}")
        else:
            lines.append(f"# {field.description}\n{mark}{name} = {_toml(default)}")
    return "\n".join(lines)


def _free_table(key: str, field: FieldInfo) -> str:
    examples = [str(example) for example in field.examples or ()]
    if not examples[0].startswith("["):
        examples = [f"[{key}]\n{examples[0]}"]
    text = "\n".join([f"{field.description}, e.g.", *examples])
    return "\n".join(f"# {line}" for line in text.splitlines())


def _example(field: FieldInfo) -> str:
    example = (field.examples or [""])[0]
    is_toml = isinstance(example, str) and example.startswith("{")
    return example if is_toml else _toml(example)


def _toml(value: object) -> str:
    if isinstance(value, Section):
        return f"{{ {', '.join(f'{key} = {_toml(part)}' for key, part in value)} }}"
    return json.dumps(value, ensure_ascii=False)
