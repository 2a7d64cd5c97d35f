"""Random names of what a contract changes: a line, a quota, one row or cell of a table."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st
from msgspec.structs import replace

from ratewright.printing.rows import IN_ROWS
from ratewright.syntax import nodes as n
from tests.syntax.strategies import NOTHING, PLACE, amounts, lookups, make, maybe, names, numbers, times

TARGET_NAMES = names(frozenset({"below", "up", "next", "beyond", "else"}))
ROW_BOUNDS = st.one_of(
    make(n.Bound, st.sampled_from(["below", "up to", "next"]), numbers | amounts),
    make(n.Bound, st.sampled_from(["below", "up to"]), times()),
    make(n.Bound, st.just("beyond"), NOTHING),
).filter(lambda bound: not isinstance(bound.limit, n.Quantity) or bound.limit.unit.text not in IN_ROWS)


@cache
@st.composite
def targets(draw: st.DrawFn) -> n.Target:
    part = draw(
        NOTHING
        | TARGET_NAMES
        | ROW_BOUNDS
        | amounts
        | make(n.Rest)
        | lookups(frozenset({"below", "up", "next", "beyond", "else"}))
    )
    if isinstance(part, n.Lookup):
        row = draw(maybe(ROW_BOUNDS))
        keys = part.keys[draw(st.integers(0, 1)) :] if row is not None else part.keys
        return n.Target(PLACE, part.table, replace(part, keys=keys), row)
    return n.Target(PLACE, draw(TARGET_NAMES if part is None else names()), part)
