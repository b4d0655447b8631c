"""What the sample says of its stores, read once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import comparison, decision, preparation
from channelscope.candidate import Candidate
from channelscope.config import PolicySection
from channelscope.decision import Evidence
from channelscope.progress import silence

Tables = dict[str, pl.DataFrame]
Decide = Callable[..., Tables]
SEED = 7


@contextmanager
def evidence_of(workspace: Path) -> Iterator[Evidence]:
    """The evidence of a workspace."""
    prepared = preparation.prepare(preparation.Request(workspace))
    with closing(prepared):
        tables, _ = comparison.tables(prepared, silence)
        yield decision.read(prepared.answers, tables, prepared.frames, prepared.scope)


@pytest.fixture(scope="session")
def evidence(sample_workspace: Path) -> Evidence:
    """That of the sample."""
    with evidence_of(sample_workspace) as found:
        return found


@pytest.fixture(scope="session")
def decide(evidence: Evidence) -> Decide:
    """Decides candidates on the sample, with few draws unless told otherwise."""

    def run(*candidates: Candidate, on: Evidence = evidence, draws: int = 4000,
            seed: int = SEED) -> Tables:  # fmt: skip
        return decision.decide(candidates, on, PolicySection(), seed=seed, draws=draws)

    return run


@pytest.fixture(scope="session")
def answer(decide: Decide) -> Callable[..., dict[str, Any]]:
    """The recommendation of one candidate."""

    def run(candidate: Candidate, **more: Any) -> dict[str, Any]:
        return decide(candidate, **more)["recommendation"].row(0, named=True)

    return run
