"""What lots are bought for: attributes as an account's data write them → values of the pool's scope."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.account.binder import Binder
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as tree
from ratewright.quota.lots import Attributes
from ratewright.usage.model import Amount, Place


def bind_attributes(
    pool: tree.Pool, written: Mapping[str, str | Amount], place: Place, binder: Binder
) -> Attributes | None:
    """The attributes in the order of the pool's scope; those that are not written stand open. None if one is wrong
    (reported)."""
    names = [s.name for s in pool.scope]
    wrong = False
    for name in written:
        if name not in names:
            help = did_you_mean(name, names) or (
                f"it is told apart by {', '.join(f'`{n}`' for n in names)}"
                if names
                else "take it out: every lot of it pays for all usage that it covers"
            )
            binder.problems.add("A108", f"`{pool.name}` has no scope `{name}`", place, help)
            wrong = True
    found = []
    for scope in pool.scope:
        if scope.name not in written:
            continue
        value, problem, help = binder.amounts.value(
            written[scope.name], scope.type, scope.unit, binder.calendar, below=True
        )
        if problem or value is None:
            binder.problems.add("A108", f"`{scope.name}` {problem}", place, help)
            wrong = True
        else:
            found.append((scope.name, value))
    return None if wrong else tuple(found)
