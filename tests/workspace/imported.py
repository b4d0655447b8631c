"""Imported parts and their manifest, as `channelscope import` leaves them in a workspace."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl


def import_parts(folder: Path, **tables: list[pl.DataFrame]) -> Path:
    """The workspace with every frame as a part of its table."""
    names: dict[str, list[str]] = {}
    (folder / "imported").mkdir()
    for table, frames in tables.items():
        for number, frame in enumerate(frames, start=1):
            name = f"{table}-F1-{number:012x}.parquet"
            frame.write_parquet(folder / "imported" / name)
            names.setdefault(table, []).append(name)
    return state(folder, {"version": 1, "imports": [{"store": "F1"}], "parts": names})


def state(folder: Path, manifest: object) -> Path:
    """The workspace with this manifest."""
    (folder / "imported").mkdir(exist_ok=True)
    text = manifest if isinstance(manifest, str) else json.dumps(manifest)
    (folder / "imported" / "manifest.json").write_text(text, encoding="utf-8")
    return folder
