"""imported/manifest.json: which Parquet parts the imports of a workspace are made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from channelscope.errors import DataError

FOLDER = "imported"
FILE_NAME = "manifest.json"
VERSION = 1
TOLD = ("lines", "matched", "control", "not_understood")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was imported. `parts`: the files of each table, those of the contract and our own.

    The rest is told as the JSON has it: days and money are texts. `lines`: what the lines
    that count now explain and leave out; `matched`: sales by the route by
    which their product was found; `control`: what the platform says, beside the order lines;
    `not_understood`: promotion texts; `product_map`: the SHA-256 of the file that was applied.
    """

    imports: tuple[Mapping[str, Any], ...] = ()
    lines: tuple[Mapping[str, Any], ...] = ()
    matched: tuple[Mapping[str, Any], ...] = ()
    control: tuple[Mapping[str, Any], ...] = ()
    not_understood: tuple[Mapping[str, Any], ...] = ()
    product_map: str | None = None
    parts: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)


def read(root: Path) -> Manifest:
    """The manifest of the workspace in `root`, empty when nothing was imported yet.

    Only this one file says what counts: parts beside it that it does not name are leftovers of an
    import that was interrupted.
    """
    path = root / FOLDER / FILE_NAME
    if not path.exists():
        return Manifest()
    values = _values(path)
    parts = {
        table: tuple(_part(path.parent, name) for name in names)
        for table, names in values["parts"].items()
        if names
    }
    told = {name: tuple(values.get(name, ())) for name in ("imports", *TOLD)}
    return Manifest(**told, product_map=values.get("product_map"), parts=parts)


def _values(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unusable(f"cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # of the encoding, or of the JSON
        raise _unusable(f"is not JSON: {error}") from error
    version = values.get("version") if isinstance(values, dict) else None
    if version != VERSION:
        raise _unusable(f"has version {version}; this program reads {VERSION}")
    if not (_is_list(values.get("imports"), dict) and _are_parts(values.get("parts"))):
        raise _unusable("lacks the list of imports, or the parts of each table")
    if not all(_is_list(values.get(name, []), dict) for name in TOLD):
        raise _unusable(f"has something else than rows in {', '.join(TOLD)}")
    return dict(values)


def _is_list(value: object, of: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, of) for item in value)


def _are_parts(value: object) -> bool:
    return isinstance(value, dict) and all(_is_list(names, str) for names in value.values())


def _part(folder: Path, name: str) -> Path:
    if name != Path(name).name:
        raise _unusable(f"names a part outside its folder: '{name}'")
    path = folder / name
    if not path.is_file():
        raise DataError(
            "is missing",
            where=f"{FOLDER}/{name}",
            expected=f"the part that {FILE_NAME} names",
            advice="bring it back from a copy of the workspace, or remove the folder "
            f"{FOLDER} and import again",
        )
    return path.resolve()


def _unusable(what: str) -> DataError:
    return DataError(
        what,
        where=f"{FOLDER}/{FILE_NAME}",
        expected="the file as 'channelscope import' wrote it",
        advice=f"bring it back from a copy of the workspace, or remove the folder {FOLDER} "
        "and import again",
    )
