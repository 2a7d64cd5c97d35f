"""What the list alone asks for a package that was bought under a contract."""

from __future__ import annotations

from ratewright.account.bought.bought import BoundPurchase
from ratewright.account.bought.issuing import row_of
from ratewright.derivation.contract_marks import marks_of
from ratewright.derivation.trace import ContractTrace
from ratewright.meaning import nodes as tree
from ratewright.rating.rounding import rounded
from ratewright.values.exact import exact


def by_list(bound: BoundPurchase, tariff: tree.Tariff) -> ContractTrace | None:
    """What there is to tell of a contract; nothing where it says nothing of the price, nor where the account's data say
    what was paid instead."""
    under = tariff.contract
    if under is None or not under.titles or bound.purchase.paid is not None:
        return None
    changes = marks_of(tariff).among((bound.pool.span, *bound.row.places))
    pool = under.by_list.pools.get(bound.pool.name)
    row = row_of(pool, bound.row.size, bound.row.unit) if pool is not None else None
    asked = None
    if row is not None:
        asked = rounded(exact(row.price * bound.purchase.count), under.by_list.rounding).after
    if not changes and asked == bound.billed:
        return None
    return ContractTrace(pool is not None, asked, None, bound.cost, bound.cost, changes)
