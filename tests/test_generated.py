"""Two hundred small random workspaces: what is claimed follows, holds, and can be said."""

from __future__ import annotations

from pathlib import Path

import pytest

from channelscope import pipeline
from tests import generated
from tests.differentiation import invariants
from tests.findings.ledger import Ledger
from tests.findings.readers import read_back
from tests.findings.saying import can_be_said

WORKSPACES, A_TEST = 200, 10


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, WORKSPACES, A_TEST))
def test_what_is_found_in_random_workspaces_holds(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + A_TEST):
        folder = tmp_path / str(seed)
        folder.mkdir()
        results = pipeline.compare(generated.write(folder, seed))
        try:
            invariants.hold(results)
            read_back(Ledger.of(results), results.tables["findings"])
            can_be_said(results)
        except Exception as wrong:
            wrong.add_note(f"in the workspace of seed {seed}")
            raise
