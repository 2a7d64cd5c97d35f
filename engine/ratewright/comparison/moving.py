"""What happened in one period, as if it had happened in another: moved by whole calendar months, or days.

The time of the day stays. What would fall behind the end of a month goes to its last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as with_fields
from whenever import Date, Instant

from ratewright.plan.plan import Plan
from ratewright.usage.model import Balance, Record, SettingChange, Usage
from ratewright.values.calendar import MONTHLY, Calendar, Duration, Moment, OutOfRangeError, Period, seconds_between
from ratewright.values.lot_names import parse


class Move:
    """From one period to another, both months or both days of a calendar. Methods raise CalendarError."""

    def __init__(self, calendar: Calendar, source: Period, target: Period) -> None:
        self.calendar = calendar
        first, other = calendar.date_of(source.start), calendar.date_of(target.start)
        months = (other.year - first.year) * 12 + other.month - first.month
        whole = calendar.period_of(source.start, MONTHLY) == source
        days = 0 if whole else int(first.until(other, total="days"))
        self._length = Duration(months=months) if whole else Duration(days=days)
        self.still = not months and not days

    def moment(self, moment: Moment) -> Moment:
        """A day stays a day."""
        if isinstance(moment, Date):
            return self.date(moment)
        return self.calendar.add(self.calendar.instant(moment), self._length)

    def maybe(self, moment: Moment | None) -> Moment | None:
        return None if moment is None else self.moment(moment)

    def date(self, date: Date) -> Date:
        try:
            return date.add(months=self._length.months, days=self._length.days)
        except ValueError as error:
            raise OutOfRangeError(f"what is so long after or before {date}") from error

    def usage(self, usage: Usage) -> Usage:
        """All that an account's data say, with its times."""
        if self.still:
            return usage
        return replace(
            usage,
            activated=self.maybe(usage.activated),
            opening=self.maybe(usage.opening),
            settings=tuple(self._setting(each) for each in usage.settings),
            balances=tuple(self._balance(each) for each in usage.balances),
            purchases=tuple(with_fields(each, at=self.moment(each.at)) for each in usage.purchases),
            extensions=tuple(with_fields(each, start=self.moment(each.start)) for each in usage.extensions),
            refunds=tuple(with_fields(each, at=self.moment(each.at)) for each in usage.refunds),
            pauses=tuple(with_fields(each, at=self.moment(each.at)) for each in usage.pauses),
            withdrawals=tuple(with_fields(each, at=self.moment(each.at)) for each in usage.withdrawals),
            records=tuple(self._record(each) for each in usage.records),
            history=None if usage.history is None else tuple(self._record(each) for each in usage.history),
        )

    def plans(self, plans: Sequence[Plan]) -> tuple[Plan, ...]:
        """Versions of a price list, with the days on which they begin and end."""
        if self.still:
            return tuple(plans)
        return tuple(plan.in_time(plan.tariff.in_time(*self._days(plan))) for plan in plans)

    def _days(self, plan: Plan) -> tuple[Date | None, Date | None]:
        effective, until = plan.tariff.effective, plan.tariff.until
        return effective and self.date(effective), until and self.date(until)

    def _record(self, record: Record) -> Record:
        start, end = self.moment(record.start), self.maybe(record.end)
        if record.end is not None and end is not None:
            end = self._end(record.start, record.end, start, end)
        return with_fields(record, start=start, end=end, reported=self.maybe(record.reported))

    def _end(self, old_start: Moment, old_end: Moment, start: Moment, end: Moment) -> Moment:
        """Where a record ends that would have no length, both its ends being moved to the last day of a month."""
        instant = self.calendar.instant
        begins = instant(start)
        if begins < instant(end):
            return end
        length = seconds_between(instant(old_start), instant(old_end))
        last = self.calendar.period_of(begins, MONTHLY).end
        return min(self.calendar.add(begins, Duration(seconds=length)), last)

    def _setting(self, change: SettingChange) -> SettingChange:
        return with_fields(change, at=self.maybe(change.at))

    def _balance(self, held: Balance) -> Balance:
        return with_fields(
            held,
            lot=held.lot and self._lot(held.lot),
            expires=self.maybe(held.expires),
            starts=self.maybe(held.starts),
            purchased=self.maybe(held.purchased),
            refunded=self.maybe(held.refunded),
            valid_from=self.maybe(held.valid_from),
            valid_until=self.maybe(held.valid_until),
        )

    def _lot(self, name: str) -> str:
        """The name of a lot; that of a cycle says when it begins."""
        lot = parse(name)
        if not lot.cycle:
            return name
        day, rest = lot.cycle[:_DATE], lot.cycle[_DATE:]
        return str(with_fields(lot, cycle=self.date(Date.parse_iso(day)).format_iso() + rest))


_DATE = len("2026-03-02")


def ends_of(record: Record, calendar: Calendar) -> tuple[Instant, Instant]:
    """When a record begins and ends: an event at once."""
    start = calendar.instant(record.start)
    return start, start if record.end is None else calendar.instant(record.end)
