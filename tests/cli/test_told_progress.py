"""What a person reads of how far a stage is."""

from __future__ import annotations

import pytest

from channelscope.cli.console import counted


@pytest.mark.parametrize(
    ("stage", "done", "of", "told"),
    [
        ("load", 812_300_000, 1_553_061_137, "812.3 of 1,553.1 MB"),
        ("cube", 1_200_000, 9_950_661, "1,200,000 of 9,950,661 rows"),
        ("compare", 2, 6, "2 of 6 dimensions"),
        ("render", 0, 62, "0 of 62 charts"),
        ("judge", 0, 0, ""),
    ],
)
def test_a_stage_is_told_in_what_it_counts(stage: str, done: int, of: int, told: str) -> None:
    assert counted(stage, done, of) == told
