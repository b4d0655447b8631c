"""Price indices: the door to the bilateral (two stores) and multilateral (all stores) ones.

`baskets` price a basket, `relatives` average price relatives, `multilateral` make one consistent
set of levels for all stores. Every bilateral index has the signature
`f(base_prices, prices, base_quantities, quantities)` and compares matched items only.
"""

from channelscope.stats.baskets import (
    fisher,
    laspeyres,
    marshall_edgeworth,
    paasche,
    stuvel,
    walsh,
)
from channelscope.stats.multilateral import (
    connected_component,
    cpd,
    geary_khamis,
    geks,
    linked_levels,
)
from channelscope.stats.relatives import (
    geometric_laspeyres,
    geometric_paasche,
    harmonic_laspeyres,
    jevons,
    montgomery_vartia,
    palgrave,
    sato_vartia,
    tornqvist,
)

__all__ = [
    "connected_component",
    "cpd",
    "fisher",
    "geary_khamis",
    "geks",
    "geometric_laspeyres",
    "geometric_paasche",
    "harmonic_laspeyres",
    "jevons",
    "laspeyres",
    "linked_levels",
    "marshall_edgeworth",
    "montgomery_vartia",
    "paasche",
    "palgrave",
    "sato_vartia",
    "stuvel",
    "tornqvist",
    "walsh",
]
