"""The worked figures of outside sources, shared by the tests of the statistics."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def oracles() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("oracles.toml").read_text(encoding="utf-8"))
