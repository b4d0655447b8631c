"""Analyses of other tools on the same order lines: what each takes, and whether it says the same.

Each is one analysis; a run of ours has all of them, and more. So there is no goal, only figures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Cost, run

NAMES = ("CrossShop", "GainLoss", "RevenueTree", "compare")


@dataclass(frozen=True, slots=True)
class Peer:
    """One analysis; `failure` says why there is no cost."""

    name: str
    cost: Cost | None = None
    tool: str = ""
    equal: int = 0
    unlike: tuple[str, ...] = ()
    failure: str = ""


def measured(workspace: Path, *, python: Path) -> Iterator[Peer]:
    """Run each once, and hold its figures against the cubes."""
    known = json.loads(run("-m", "benchmarks.same_figures", workspace).output)
    for name in NAMES:
        try:
            cost = run("-W", "ignore", "-m", "benchmarks.peers", name, workspace, python=python)
        except SystemExit as failure:
            yield Peer(name, failure=str(failure).strip().splitlines()[-1])
            continue
        told = json.loads(cost.output.splitlines()[-1])
        wrong = unlike(told["figures"], known)
        yield Peer(name, cost, told["tool"], len(told["figures"]) - len(wrong), tuple(wrong))


def unlike(theirs: Mapping[str, float], known: Mapping[str, float]) -> list[str]:
    """The figures of a tool that the cubes have otherwise, or do not have."""
    return [
        f"{name}: {value:g}, here {known.get(name, float('nan')):g}"
        for name, value in theirs.items()
        if not abs(value - known.get(name, float("nan"))) <= 1e-9 * max(abs(value), 1)
    ]


def lines(peers: list[Peer]) -> list[str]:
    """A table, with a line for each of those that did not run."""
    head = ["| tool | CPU s | wall s | peak memory, GB | figures equal |", "|-|-|-|-|-|"]
    ran = [
        f"| {peer.tool} `{peer.name}` | {peer.cost.cpu:.2f} | {peer.cost.wall:.2f} "
        f"| {peer.cost.memory / 1e9:.2f} | {_agreement(peer)} |"
        for peer in peers
        if peer.cost
    ]
    skipped = [f"`{peer.name}` left out: {peer.failure}" for peer in peers if not peer.cost]
    return [*(head + ran if ran else []), *([""] if ran and skipped else []), *skipped]


def _agreement(peer: Peer) -> str:
    return "; ".join([f"{peer.equal} of {peer.equal + len(peer.unlike)}", *peer.unlike])
