"""Which keys of a meter are asked for: those by which it is kept apart, as far as who asks knows them."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as tree

Key = tuple[tree.Value, ...]
Keys = Mapping[str, tree.Value]
Wanted = frozenset[tuple[str, tree.Value]]


def wanted_of(meter: tree.Meter, keys: Keys) -> Wanted:
    """Those of the keys by which the meter is kept apart."""
    return frozenset((name, value) for name, value in keys.items() if name in meter.by)


def fits(meter: tree.Meter, key: Key, wanted: Wanted) -> bool:
    """Whether usage of a key is among what is asked for."""
    return not wanted or wanted <= set(zip(meter.by, key, strict=True))
