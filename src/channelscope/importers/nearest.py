"""Of thousands of products the few whose titles are worth a close look, per item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from channelscope.importers.likeness import Spoken, Weights
from channelscope.importers.titles import SCRIPTS, Said

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ENOUGH = 0.3  # of a product's words
_STATED = 0.5  # of the likeness: sizes, colours, numbers and lines that agree
_AT_ONCE = 256


def nearest(
    items: Sequence[Said],
    products: Sequence[Said],
    *,
    spoken: Sequence[Spoken],
    worth: Weights,
    most: int,
) -> Iterator[Sequence[int]]:
    """Per item the places of the products that share most with it, nearest first.

    `spoken`: the scripts in which each product's title says what it is.
    """
    import numpy as np  # noqa: PLC0415  only where products are matched

    places = {token: at for at, token in enumerate(sorted(worth.by_token))}
    wanted = []
    for script in SCRIPTS:
        own = [
            product.tokens(script) if script in (*each.mainly, *each.less) else frozenset()
            for product, each in zip(products, spoken, strict=True)
        ]
        wanted.append(_matrix(own, places, worth.by_token))
    stated = [_stated(product) for product in products]
    names = {name: at for at, name in enumerate(sorted(frozenset().union(*stated)))}
    wanted_stated = _matrix(stated, names, dict.fromkeys(names, 1.0))
    for first in range(0, len(items), _AT_ONCE):
        some = items[first : first + _AT_ONCE]
        words: NDArray[np.float64] = np.zeros((len(some), len(products)))
        for script, matrix in zip(SCRIPTS, wanted, strict=True):
            said = _matrix([item.tokens(script) for item in some], places, None)
            words = np.maximum(words, (said @ matrix.T).toarray())
        agreed = (
            _matrix([_stated(item) for item in some], names, None) @ wanted_stated.T
        ).toarray()
        for of_words, of_stated in zip(words, agreed, strict=True):
            enough = np.flatnonzero(of_words >= _ENOUGH)
            value = np.round(of_words[enough] + _STATED * of_stated[enough], 6)
            yield enough[np.argsort(-value, kind="stable")[:most]].tolist()


def _stated(text: Said) -> frozenset[str]:
    """Roughly, since sizes that are nearly the same agree as well."""
    sizes = {f"{name}:{value:.2g}" for name, values in text.sizes.items() for value in values}
    colours = {colour for names in text.colours.values() for colour in names}
    return frozenset(sizes | colours | text.letters | text.numbers | text.lines)


def _matrix(
    rows: Sequence[frozenset[str]], places: Mapping[str, int], worth: Mapping[str, float] | None
) -> Any:
    """A row per text; its known tokens are 1, or what part they are of all it says."""
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    known = [sorted(places[token] for token in row if token in places) for row in rows]
    starts = np.cumsum([0, *(len(row) for row in known)])
    columns = np.array([at for row in known for at in row], dtype=np.int64)
    if worth is None:
        values = np.ones(len(columns))
    else:
        by_place = np.array([worth[token] for token in places])
        each = by_place[columns]
        sums = np.add.reduceat(np.append(each, 0.0), starts[:-1]) if len(rows) else each
        values = each / np.repeat(np.where(np.diff(starts) > 0, sums, 1.0), np.diff(starts))
    return sparse.csr_array((values, columns, starts), shape=(len(rows), len(places)))
