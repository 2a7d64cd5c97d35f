"""What each of the accounts that are billed together used, and its part of the lines that price that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ratewright.derivation import trace
from ratewright.pricing.spread import spread
from ratewright.rating.bill import Line, LineKind
from ratewright.usage.model import Record
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact
from ratewright.values.money import minor_unit


def account_shares(
    account: str, lines: Sequence[Line], meters: Sequence[trace.MeterTrace], period: Period, currency: str
) -> tuple[trace.AccountShare, ...]:
    """The shares of each meter of which a sub-account used something.

    A line on such a meter alone, and what pools of money paid of it, is shared in proportion to what each used of the
    meter in the period, for the line's key, in the currency's smallest unit. One that prices a single record is its
    user's. What has nothing to go by is the account's own: a minimum where nothing was used, say.
    """
    found: list[trace.AccountShare] = []
    for meter in meters:
        if not meter.subaccounts:
            continue
        names = [name for name, _ in meter.subaccounts]
        amounts: dict[str, Exact] = defaultdict(int)
        for line, record in _priced(meter, lines, period):
            if record is not None:
                name = record.subaccount or account
                amounts[name] = exact(amounts[name] + line.amount)
                continue
            used = _used(meter, line, names)
            whole = used if sum(used) else [1, *([0] * (len(names) - 1))]
            for name, share in zip(names, spread(line.amount, whole, minor_unit(currency)), strict=True):
                amounts[name] = exact(amounts[name] + share)
        found += [
            trace.AccountShare(meter.meter, name, quantity, amounts[name]) for name, quantity in meter.subaccounts
        ]
    return tuple(found)


def _priced(meter: trace.MeterTrace, lines: Sequence[Line], period: Period) -> Iterator[tuple[Line, Record | None]]:
    """The lines that price what was used of a meter in the period, and what was paid of them; each with its record
    where it is for one alone."""
    own = {
        line.source: None
        for line in lines
        if line.kind is LineKind.CHARGE
        and isinstance(line.why, trace.ChargeTrace)
        and tuple(line.why.charge.meters) == (meter.meter.name,)
    }
    for line in lines:
        why = line.why
        if line.period is not None and line.period.start < period.start:
            continue
        charged = isinstance(why, trace.ChargeTrace) and line.kind is LineKind.CHARGE and line.source in own
        if charged or (isinstance(why, trace.PaymentTrace) and why.target in own):
            assert isinstance(why, trace.ChargeTrace | trace.PaymentTrace)
            yield line, why.record


def _used(meter: trace.MeterTrace, line: Line, names: Sequence[str]) -> list[Exact]:
    """How much each used of the meter for the key of a line."""
    found: dict[str, Exact] = dict.fromkeys(names, 0)
    for key, used in meter.used_by:
        if set(line.key) <= set(key):
            for name, quantity in used:
                found[name] = exact(found[name] + quantity)
    return list(found.values())
