"""The shipped sample, its truths, and the design the generator draws buyers on."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sample_data.generator.simulation import Design, build_design

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    return tomllib.loads((ROOT / "sample_data" / "TRUTH.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def design() -> Design:
    return build_design()


@pytest.fixture(scope="session")
def lines(sample_workspace: Path) -> pl.DataFrame:
    return pl.read_parquet(sample_workspace / "order_lines.parquet")


@pytest.fixture(scope="session")
def promotions(sample_workspace: Path) -> pl.DataFrame:
    return pl.read_csv(sample_workspace / "promotions.csv", try_parse_dates=True)
