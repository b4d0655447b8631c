"""The figures of the decision report, in the order of its sections."""

from __future__ import annotations

from channelscope.domain import Figure

DECISION_FIGURES = (
    Figure("F2.1", "options", "decision/options", "grid"),
    Figure("F2.2", "positions", "decision/position_ranks", "positions"),
    Figure("F3.1", "payback_curve", "decision/payback_curve", "payback_curve"),
    Figure("F4.1", "tornado", "decision/tornado_bars", "tornado"),
    Figure("F4.2", "changes", "decision/what_would_change", "grid"),
    Figure("F5.1", "own_losses", "decision/losses_by_store", "own_losses"),
    Figure("F5.2", "nearest", "decision/nearest_stores", "grid"),
    Figure("F6.1", "assumptions", "decision/assumption_register", "grid"),
    Figure("F7.1", "checkpoints", "decision/kill_criteria", "grid"),
)
