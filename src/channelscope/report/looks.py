"""What a store looks like everywhere in the report: colour and shape by kind, its id as letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from channelscope.domain import Kind, Store

_KINDS: dict[str, tuple[str, str, str]] = {
    Kind.FLAGSHIP: ("f", "circle", "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1Z"),
    Kind.SPECIALTY: ("s", "square", "M1.5 1.5h9v9h-9Z"),
    Kind.MULTIBRAND: ("m", "triangle-up", "M6 1 11.5 11H.5Z"),
    Kind.DISTRIBUTOR: ("d", "diamond", "M6 0l5 6-5 6-5-6Z"),
    Kind.OUTLET: ("o", "triangle-down", "M6 11 .5 1h11Z"),
    Kind.LIVE: ("l", "cross", "M4 1h4v3h3v4H8v3H4V8H1V4h3Z"),
    Kind.MARKETPLACE: ("p", "triangle-left", "M1 6 11 .5v11Z"),
}
_OTHER = _KINDS[Kind.OUTLET]
MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class StoreLook:
    """One store's sign: never a colour of its own, always the colour of its kind."""

    store_id: str
    name: str
    kind: str
    platform: str
    token: str
    shape: str
    path: str
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def colour(self) -> str:
        """The CSS variable of its kind."""
        return f"var(--{self.token})"


def look_of(store: Store) -> StoreLook:
    """The look of a store or of a group of stores."""
    token, shape, path = _KINDS.get(store.kind, _OTHER)
    return StoreLook(
        store.store_id, store.name, store.kind, store.platform, token, shape, path,
        store.opened_on, store.closed_on,
    )  # fmt: skip


def shapes() -> tuple[tuple[str, str], ...]:
    """Token and outline of every kind."""
    return tuple((token, path) for token, _, path in _KINDS.values())


def kind_look(kind: str) -> StoreLook:
    """The look of a kind, for legends."""
    token, shape, path = _KINDS.get(kind, _OTHER)
    return StoreLook(kind, kind, kind, "", token, shape, path)
