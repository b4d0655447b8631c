"""Should this store be opened? Candidates beside the brand's own data, in many futures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import polars as pl

from channelscope.candidate import Candidate
from channelscope.config import PolicySection
from channelscope.decision import answers, rows
from channelscope.decision.checks import check
from channelscope.decision.evidence import Evidence, read
from channelscope.decision.futures import DRAWS, draw
from channelscope.decision.inputs import inputs
from channelscope.decision.outcome import outcome, outcomes
from channelscope.decision.setting import setting
from channelscope.decision_tables import DECISION_TABLES

__all__ = ["DRAWS", "Evidence", "decide", "read"]


def decide(
    candidates: Sequence[Candidate], evidence: Evidence, policy: PolicySection, *,
    seed: int, draws: int = DRAWS,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Every table of `decide`. Raises ConfigError and DataError with all that is wrong."""
    check(candidates, evidence)
    parts = [_decided(each, evidence, policy, seed, draws) for each in candidates]
    return {
        name: pl.concat(pl.DataFrame(part[name], schema=schema) for part in parts)
        for name, schema in DECISION_TABLES.items()
    }


def _decided(
    candidate: Candidate, evidence: Evidence, policy: PolicySection, seed: int, draws: int
) -> dict[str, list[rows.Row]]:
    this = setting(candidate, evidence, policy)
    known = inputs(this)
    futures = draw(known, this.season, draws=draws, seed=seed)
    planned = outcome(this, futures, this.plan)
    others = outcomes(this, futures, (one for one in this.positions if not one.is_planned))
    ranked, best = rows.positions(this, chain([(this.plan, planned)], others))
    is_known = answers.is_known(planned)
    pays = planned.contribution >= 0
    return {
        "recommendation": [answers.recommendation(this, futures, planned, best, seed)],
        "payback": list(rows.payback(this, futures, planned)),
        "tornado": list(answers.tornado(this, known, this.plan)) if is_known else [],
        "changes": list(answers.changes(this, known, futures, pays)) if is_known else [],
        "positions": ranked,
        "own_losses": list(rows.own_losses(this, planned)),
        "nearest": list(rows.nearest(this)),
        "assumptions": list(rows.assumptions(this, known)),
        "checkpoints": list(rows.checkpoints(this, futures, planned)),
    }
