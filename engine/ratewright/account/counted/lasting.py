"""How long an event lasted, when it ended, and which meters ask that: those that measure over time."""

from __future__ import annotations

from whenever import Instant

from ratewright.account.amounts import Amounts
from ratewright.account.counted.record_formulas import is_over_time
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.usage.model import Amount
from ratewright.values.calendar import NANOSECONDS, OutOfRangeError, nanoseconds
from ratewright.values.exact import Exact
from ratewright.values.instants import instant_of
from ratewright.values.units import SECOND, Unit

_SECONDS = Unit("second", "seconds", 1, SECOND)


def seconds(lasts: Amount, amounts: Amounts) -> tuple[Exact, str, str]:
    """A written length in seconds, or the problem with it and its remedy."""
    return amounts.figure(lasts, _SECONDS)


def ended(start: Instant, lasted: Exact) -> Instant:
    """When an event ended that lasted so many seconds, to the nanosecond. Raises OutOfRangeError."""
    try:
        return instant_of(nanoseconds(start) + int(lasted * NANOSECONDS))
    except OutOfRangeError as error:
        raise OutOfRangeError("the end of what lasts so long") from error


def over_time(meter: tree.Meter) -> tree.Expression | None:
    """What in a meter asks how long each quantity held, if anything does."""
    measured = (meter.measure, *(step.expression for step in meter.steps))
    return next((part for formula in measured for part in parts(formula) if is_over_time(part)), None)
