"""What is taken back of an account's quotas: from the lots that are valid at an instant, in the order of drawing."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.account.bought.bought import BoundWithdrawal
from ratewright.derivation.trace import WithdrawnTrace
from ratewright.quota.cycles import Renewing
from ratewright.quota.lots import Lot, draw_key
from ratewright.refusal import stop
from ratewright.values.calendar import Calendar, moment_text
from ratewright.values.exact import exact, summed
from ratewright.values.units import quantity_text


def withdraw(asked: BoundWithdrawal, calendar: Calendar) -> None:
    """Take it from what is left; of a lot that renews, from the cycle at hand and from what rolled over.

    Raises RatingError where less is left, unless the usage that took it became known later: then what is left goes.
    """
    lots = sorted(_valid(asked), key=lambda lot: draw_key(lot, asked.pool.draws))
    if any(lot.total_meets(asked.at) for lot in lots):
        raise stop(
            "A304",
            f"a part of {asked.pool.title} is withdrawn on {moment_text(asked.at, calendar)}, inside a total that drew "
            "from it: how much was left by then is not known",
            asked.place.span,
            "split the total at that time, or give the records themselves",
        )
    left = summed(lot.remaining for lot in lots)
    if asked.quantity > left and not asked.overtaken:
        unit = asked.pool.unit
        held = f"has {quantity_text(left, unit)} left" if lots else "has no lot that is valid"
        raise stop(
            "A310",
            f"{quantity_text(asked.quantity, unit)} withdrawn on {moment_text(asked.at, calendar)}, and {asked.asked} "
            f"{held} then",
            asked.place.span,
            "withdraw no more than is left" if left else "correct its time, or take it out",
        )
    missing = asked.quantity
    for number, lot in enumerate(lots, start=1):
        part = min(missing, lot.remaining)
        missing = exact(missing - part)
        short = missing if number == len(lots) else 0
        if part or short:
            lot.withdraw(WithdrawnTrace(asked.at, part, asked.reason, short))


def _valid(asked: BoundWithdrawal) -> Iterator[Lot]:
    """The lots that are valid at the instant."""
    allotted = asked.allotted[0].of(asked.allotted[1]) if asked.allotted is not None else None
    for one in (*asked.lots, *((allotted,) if allotted is not None else ())):
        for lot in one.covering(asked.at, None) if isinstance(one, Renewing) else (one,):
            bought = lot.purchased is None or lot.purchased <= asked.at
            if bought and lot.begun_by(asked.at) and not lot.ended_by(asked.at):
                yield lot
