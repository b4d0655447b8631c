"""What queries are told of a scope: the usual parameters, and little tables."""

from __future__ import annotations

from typing import Any

import polars as pl

from channelscope import registry
from channelscope.domain import Scope

_MEMBERS = {"store_id": pl.String, "compared_id": pl.String}


def params(scope: Scope) -> dict[str, Any]:
    """The parameters that every query may name."""
    return {
        "first": scope.period.first,
        "last": scope.period.last,
        "before_first": scope.period.year_before.first,
        "data_end": scope.data_end,
        "reference": scope.reference_id,
        "currency": scope.currency,
        "merchant_basis": scope.basis.with_platform_money,
        "less_refunds": scope.basis.net_of_refunds,
        "seed": scope.seed,
        "switching_days": scope.switching_days,
        "rung": "realised",
        "time_grain": "month",
        "unit": "piece",
    }


def descriptions(scope: Scope) -> dict[str, pl.DataFrame]:
    """The little tables that say what is compared, what each metric is, what dimensions weigh."""
    members = [(member, store.store_id) for store in scope.stores for member in store.members]
    stores = [
        {
            "store_id": store.store_id, "name": store.name, "kind": store.kind,
            "platform": store.platform, "operator": store.operator,
            "is_reference": store.store_id == scope.reference_id, "position": position,
        }
        for position, store in enumerate(scope.stores, start=1)
    ]  # fmt: skip
    metrics = [
        {
            "metric": metric.id, "dimension": metric.dimension, "unit": str(metric.unit),
            "better": str(metric.better), "delta": float(scope.delta[metric.id]),
            "relative": metric.relative, "shown": metric.shown, "position": position,
        }
        for position, metric in enumerate(registry.METRICS, start=1)
    ]  # fmt: skip
    weights = [
        {"dimension": name, "weight": float(scope.weights.get(name, 1.0))}
        for name in registry.dimensions()
    ]
    return {
        "scope_stores": pl.DataFrame(stores, schema_overrides={"operator": pl.String}),
        "scope_members": pl.DataFrame(members, schema=_MEMBERS, orient="row"),
        "metric_registry": pl.DataFrame(metrics),
        "dimension_weights": pl.DataFrame(weights),
    }
