"""The bills of an account, and what of them is of one stretch of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from ratewright.rating.bill import Bill, Line
from ratewright.values.calendar import Period

Rate = Callable[[Sequence[Period]], list[Bill]]
"""Gives the account's bills for consecutive periods. Raises RatingError."""


class Billed:
    """The bills of consecutive periods; `rate` makes others of the same account."""

    def __init__(self, bills: Sequence[Bill], rate: Rate) -> None:
        assert bills
        self.bills = bills
        self._rate = rate
        self._parts: dict[Period | None, Part] = {}

    def of(self, within: Period | None) -> Part:
        """What is of a stretch of time: of all there is for None."""
        if within not in self._parts:
            self._parts[within] = self._made(within)
        return self._parts[within]

    def _made(self, within: Period | None) -> Part:
        if within is None:
            return Part(self.bills, self.bills, None, self._rate)
        inside = [b for b in self.bills if within.start <= b.period.start and b.period.end <= within.end]
        whole = bool(inside) and (inside[0].period.start, inside[-1].period.end) == (within.start, within.end)
        return Part(inside if whole else None, self.bills, within, self._rate)


class Part:
    """What is of one stretch: whole bills, or those lines of all bills that lie in it.

    Usage and balances of a stretch that is no bill's are those of a bill that is made for it alone.
    """

    def __init__(self, whole: Sequence[Bill] | None, every: Sequence[Bill], within: Period | None, rate: Rate) -> None:
        self.whole = whole is not None
        self.tariff = every[0].tariff
        self._bills = whole
        self._every = every
        self._within = within
        self._rate = rate

    @cached_property
    def lines(self) -> list[Line]:
        """The lines, in the order of the bills."""
        bills, within = self._bills, self._within
        if bills is not None or within is None:
            return [line for bill in bills or () for line in bill.lines]
        return [line for bill in self._every for line in bill.lines if _lies_in(line, within)]

    @cached_property
    def bills(self) -> Sequence[Bill]:
        """The bills of exactly this stretch. Raises RatingError."""
        if self._bills is not None or self._within is None:
            return self._bills or ()
        return self._rate([self._within])

    def beside(self, name: str) -> Period | None:
        """The period of a line that meets the stretch and is billed elsewhere, if none of it is billed here."""
        within = self._within
        if within is None or any(line.source == name for line in self.lines):
            return None
        periods = [line.period for bill in self._every for line in bill.lines if line.source == name and line.period]
        return next((p for p in periods if p.overlaps(within.start, within.end)), None)


def _lies_in(line: Line, within: Period) -> bool:
    if line.at is not None or line.period is None:
        return line.at is not None and line.at in within
    return within.start <= line.period.start < within.end and line.period.end <= within.end
