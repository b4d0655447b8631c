"""What is wrong with a candidate beside the workspace, all of it at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

import numpy as np

from channelscope.candidate import Candidate, Goods
from channelscope.decision.evidence import Evidence
from channelscope.decision.goods import lies_in
from channelscope.domain import SEPARATOR
from channelscope.errors import ConfigError, did_you_mean

MOST_SHOWN = 3
FAR = 1.5
"""A price level so many times beyond those of all stores is a slip, or another business."""


def check(candidates: Sequence[Candidate], evidence: Evidence) -> None:
    """ConfigError with every fault of every candidate."""
    faults = [fault for one in candidates for fault in _faults(one, evidence)]
    ids = [one.store_id for one in candidates]
    faults += [
        ConfigError(f"'{name}' is the id of two candidates", expected="an id of its own each")
        for name in sorted({name for name in ids if ids.count(name) > 1})
    ]
    if faults:
        raise ConfigError.gathered(f"the candidates have {len(faults)} faults", faults)


def _faults(candidate: Candidate, evidence: Evidence) -> Iterator[ConfigError]:
    at = candidate.store_id
    for store in evidence.scope.workspace_stores:
        if store.store_id == at:
            yield ConfigError(
                f"the store '{at}' exists already: {store.name}", where="store_id",
                expected="an id that no store has",
            )  # fmt: skip
        elif (store.name, store.platform) == (candidate.name, candidate.platform):
            yield ConfigError(
                f"'{candidate.name}' exists already on {store.platform}: {store.store_id}",
                where=f"{at}: name", expected="a store that is not open yet",
                advice="to judge a second store of the same sort, give it another name",
            )  # fmt: skip
    if candidate.opens_on <= evidence.scope.period.last:
        yield ConfigError(
            f"{candidate.opens_on} lies in the data that decide", where=f"{at}: opens_on",
            expected=f"a day after {evidence.scope.period.last}",
            advice="or decide with earlier data: --to",
        )  # fmt: skip
    offers = {"goods": candidate.goods} | {
        f"free.goods.{name}": goods for name, goods in candidate.free.goods.items()
    }
    for where, goods in offers.items():
        yield from _unknown(goods, evidence, f"{at}: {where}")
    near = _platform_meant(candidate.platform, evidence)
    if near:
        yield ConfigError(
            f"no store is on '{candidate.platform}'", where=f"{at}: platform", advice=near,
            expected="a platform of the table stores, or a name unlike any of them",
        )  # fmt: skip
    yield from _levels(candidate, evidence)
    missing = sorted(set(candidate.goods.skus) - set(candidate.price.prices))
    if candidate.price.prices and missing:
        yield ConfigError(
            f"{len(missing)} products have no price: {_some(missing)}",
            where=f"{at}: price.prices", expected="a price for every product of goods.skus",
        )  # fmt: skip
    extra = sorted(set(candidate.price.prices) - set(candidate.goods.skus))
    if candidate.price.prices and extra:
        yield ConfigError(
            f"{len(extra)} products have a price and are not sold: {_some(extra)}",
            where=f"{at}: price.prices", expected="products of goods.skus",
        )  # fmt: skip


def _platform_meant(platform: str, evidence: Evidence) -> str | None:
    """The platform that was meant, where one is written almost the same."""
    known = {store.platform for store in evidence.scope.workspace_stores}
    if platform in known:
        return None
    alike = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(platform.casefold(), sorted(alike), n=1, cutoff=0.8)
    return f"did you mean '{alike[found[0]]}'?" if found else None


def _levels(candidate: Candidate, evidence: Evidence) -> Iterator[ConfigError]:
    """Levels that no store comes near: a ratio instead of an index, or a slip."""
    known = evidence.levels[np.isfinite(evidence.levels)]
    level = candidate.price.level
    asked = [*candidate.free.price_levels, *((level.low, level.high) if level else ())]
    if not len(known):
        return
    least, most = known.min() / FAR, known.max() * FAR
    wrong = [value for value in asked if not least <= value <= most]
    if wrong:
        yield ConfigError(
            f"a price level of {wrong[0]:g} is far from all stores",
            where=f"{candidate.store_id}: price.level",
            expected=f"an index, {evidence.scope.reference_id} = 100; the stores have"
            f" {known.min():.0f} to {known.max():.0f}",
        )  # fmt: skip


def _unknown(goods: Goods, evidence: Evidence, where: str) -> Iterator[ConfigError]:
    known = evidence.products["sku"]
    unknown = sorted(set(goods.skus) - set(known))
    if unknown:
        yield ConfigError(
            f"{len(unknown)} products are not in the table products: {_some(unknown)}",
            where=f"{where}.skus", expected="the sku of a product",
            advice=did_you_mean(unknown[0], known.to_list()) or "add them to the table products",
        )  # fmt: skip
    sold = set(evidence.goods["sku"])
    for category in goods.category_shares:
        inside = evidence.products.filter(lies_in(category))["sku"]
        if inside.is_empty() or not sold & set(inside):
            names = sorted(set(evidence.products["category"].drop_nulls()))
            levels = {level for name in names for level in name.split(SEPARATOR)} | set(names)
            none = "holds no product" if inside.is_empty() else "was sold by no store"
            yield ConfigError(
                f"the category '{category}' {none}", where=f"{where}.category_shares",
                expected="a category, one level or a path, of goods that a store sells",
                advice=did_you_mean(category, levels)
                or "of goods that no store sells list the products: goods.skus",
            )  # fmt: skip


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_SHOWN]) + (", ..." if len(names) > MOST_SHOWN else "")
