"""How often intervals of lift hold what is planted, and how often deals that are none are told.

The sample drawn anew with other seeds, held against `associated` of sample_data/TRUTH.toml; the
same deals dealt to other products at random, beside the real ones, sell as usual.

python -m benchmarks.lift_coverage --seeds 10
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.interval_coverage import GOAL
from benchmarks.measuring import ROOT, machine
from channelscope.dimensions._lift import lifts
from channelscope.dimensions._lift_cells import Cells, all_cells
from channelscope.domain import Outcome
from channelscope.preparation import Request, prepare
from channelscope.stats.adjustment import LEVEL
from channelscope.stats.count_effects import count_effects
from sample_data.generator.workspace import write_workspace

MOST_FALSE = 0.08
FIRST_SEED = 21
"""The sample itself and its truths have other seeds."""
DEALINGS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What one drawing of a store shows: 0 where the interval holds the truth, -1 below, 1 above.

    `told`: whether deals are said to go with more; `claimed`: of `dealt` deals drawn by lot that
    can be told from the real ones, those with p of 5% at most.
    """

    side: int
    told: bool
    claimed: int
    dealt: int


def truths() -> dict[str, float]:
    """The planted lift of every store that has deals."""
    text = (ROOT / "sample_data" / "TRUTH.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["lift"]
    return {name[:2]: each["associated"] for name, each in found.items() if "associated" in each}


def main() -> None:
    """Draw, compare, count, and print a row per store and one of all."""
    parser = argparse.ArgumentParser(description="coverage of intervals of lift")
    parser.add_argument("--seeds", type=int, default=10, help=f"seeds from {FIRST_SEED} on")
    parser.add_argument("--dealings", type=int, default=DEALINGS, help="per store and seed")
    flags = parser.parse_args()
    print(machine())
    error = np.sqrt(LEVEL * (1 - LEVEL) / (flags.seeds * len(truths())))
    print(f"goals: coverage {GOAL[0]:.1%} to {GOAL[1]:.1%} (standard error {error:.1%}), "
          f"deals drawn by lot told in at most {MOST_FALSE:.0%}")  # fmt: skip
    seeds = range(FIRST_SEED, FIRST_SEED + flags.seeds)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        found = pool.map(partial(seen, dealings=flags.dealings), seeds, chunksize=1)
    for line in report(found):
        print(line)
    print(machine())


def seen(seed: int, *, dealings: int = DEALINGS) -> dict[str, Seen]:
    """What the sample drawn with that seed shows of each store's deals."""
    with tempfile.TemporaryDirectory() as folder:
        write_workspace(Path(folder), seed=seed)
        with closing(prepare(Request(Path(folder), threads=1))) as prepared:
            rows = lifts(prepared.answers, prepared.scope).filter(mechanism="markdown")
            cells = all_cells(prepared.answers, prepared.scope)
    told = {row["store_id"]: row for row in rows.iter_rows(named=True)}
    rng = np.random.default_rng(seed)
    found = {}
    for store, truth in truths().items():
        row = told[store]
        side = int(row["lo"] > truth) - int(row["hi"] < truth)
        is_more = row["outcome"] == Outcome.DIFFERS and row["lift"] > 1
        p_values = np.array([_dealt_p(cells[store], rng) for _ in range(dealings)])
        claimed, dealt = (p_values <= LEVEL).sum(), np.isfinite(p_values).sum()
        found[store] = Seen(side, is_more, int(claimed), int(dealt))
    return found


def _dealt_p(cells: Cells, rng: np.random.Generator) -> float:
    """The p-value of deals of products drawn by lot, beside the real ones; nan = not told apart."""
    dealt = cells.promoted[:, rng.permutation(len(cells.units))]
    found = count_effects(cells.units, np.concatenate([cells.promoted, dealt]), cells.used)
    return float(found.p_value[len(cells.mechanisms)])


def report(found: Sequence[Mapping[str, Seen]]) -> Iterator[str]:
    """A line per store, and one of all."""
    for store, truth in truths().items():
        yield _line(f"{store} (planted {truth})", [each[store] for each in found])
    yield _line("all", [row for each in found for row in each.values()])


def _line(name: str, rows: Sequence[Seen]) -> str:
    sides = Counter(row.side for row in rows)
    told, n = sum(row.told for row in rows), len(rows)
    claimed, dealt = sum(row.claimed for row in rows), sum(row.dealt for row in rows)
    return (
        f"{name}: {sides[0]}/{n} = {sides[0] / n:.1%} hold the truth, too low {sides[-1]}, "
        f"too high {sides[1]}; told {told}/{n} = {told / n:.1%}; "
        f"drawn by lot told {claimed}/{dealt} = {claimed / max(dealt, 1):.1%}"
    )


if __name__ == "__main__":
    main()
