"""What a run tells of how far it is comes true."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from channelscope.preparation import Request, prepare


def test_every_stage_comes_to_the_end_that_it_foretold(sample_workspace: Path) -> None:
    told: list[tuple[str, int, int]] = []

    def hear(stage: str, /, *, done: int = 0, of: int = 0) -> None:
        told.append((stage, done, of))

    with closing(prepare(Request(sample_workspace, no_cache=True), progress=hear)) as found:
        lines = found.meta.rows_in
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["load", "check", "cube"]
    for stage in ("check", "cube"):
        gone = [(done, of) for name, done, of in told if name == stage and of]
        assert len({of for _, of in gone}) == 1
        assert [done for done, _ in gone] == list(range(0, gone[-1][1] + 1, lines))
