"""What is taken back of an account's quotas → the lots that it is taken from."""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.bought.bind_balances import Held
from ratewright.account.bought.bought import BoundWithdrawal
from ratewright.account.bought.lot_attributes import bind_attributes
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as tree
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Attributes, Lot
from ratewright.refusal import RatingError
from ratewright.usage.model import Withdrawal
from ratewright.values.calendar import CalendarError

_Found = tuple[tree.Pool, tuple[Lot | Renewing, ...], tuple[Allotments, Attributes] | None]
"""The pool, the lots that are known, and of a grant with a scope where the one is that it gives."""


def bind_withdrawals(binder: Binder, held: Held) -> Iterator[BoundWithdrawal]:
    """All withdrawals since the opening, which has settled those before; problems are reported in the binder."""
    for withdrawal in binder.usage.withdrawals:
        at = binder.instant(withdrawal.at, withdrawal.place)
        if binder.opening is not None and at < binder.opening:
            continue
        try:
            bound = _bound(withdrawal, at, binder, held)
        except RatingError as error:
            binder.problems.found.extend(error.diagnostics)
            continue
        if bound is not None:
            yield bound


def _bound(withdrawal: Withdrawal, at: Instant, binder: Binder, held: Held) -> BoundWithdrawal | None:
    place = withdrawal.place
    found = _of_purchase(withdrawal, binder, held) if withdrawal.pool is None else _of_pool(withdrawal, binder, held)
    if found is None:
        return None
    pool, lots, allotted = found
    quantity, problem, help = binder.amounts.figure(withdrawal.quantity, pool.unit)
    if problem or quantity <= 0:
        binder.problems.add("A310", f"what is withdrawn {problem or 'is nothing'}", place, help)
        return None
    asked, overtaken = withdrawal.pool or withdrawal.purchase or "", _overtaken(binder, at)
    return BoundWithdrawal(asked, at, pool, lots, allotted, quantity, withdrawal.reason, overtaken, place)


def _of_purchase(withdrawal: Withdrawal, binder: Binder, held: Held) -> _Found | None:
    """The lots of a purchase, or the lot, that is named."""
    every = list(held.holdings.every())
    lots = tuple(one for one in every if withdrawal.purchase in (one.id, one.purchase))
    if lots:
        return lots[0].pool, lots, None
    known = sorted({one.purchase or one.id for one in every if one.purchased is not None})
    binder.problems.add(
        "A206",
        f"a withdrawal from `{withdrawal.purchase}`, which was never bought",
        withdrawal.place,
        did_you_mean(withdrawal.purchase or "", known) or "name a purchase by its id, or the `grant` that it is of",
    )
    return None


def _of_pool(withdrawal: Withdrawal, binder: Binder, held: Held) -> _Found | None:
    """All lots of the pool that is named; of one with a scope those for the usage that is named."""
    pool = binder.tariff.pools.get(withdrawal.pool or "")
    if pool is None:
        binder.known("grant or package", withdrawal.pool or "", binder.tariff.pools, withdrawal.place, "A107")
        return None
    attributes = bind_attributes(pool, withdrawal.attributes, withdrawal.place, binder)
    if attributes is None:
        return None
    if not pool.scope or pool.kind is tree.PoolKind.PACKAGE:
        lots = (one for one in held.holdings.every() if one.pool is pool)
        return pool, tuple(one for one in lots if not attributes or one.attributes == attributes), None
    missing = next((s.name for s in pool.scope if s.name not in dict(attributes)), None)
    if missing is not None:
        message = f"the withdrawal does not say for which `{missing}` it is"
        binder.problems.add("A310", message, withdrawal.place, f"add `{missing}` to its `with`")
        return None
    return pool, (), (held.allotments(pool), attributes)


def _overtaken(binder: Binder, at: Instant) -> bool:
    """Whether the account's data have usage that was not known at an instant."""
    for record in binder.usage.records:
        try:
            if record.reported is not None and binder.calendar.instant(record.reported) >= at:
                return True
        except CalendarError:
            continue  # reported with the record
    return False
