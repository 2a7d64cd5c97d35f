"""Reading the records of one meter: instants, quantities and fields, once for all the meters that they count for."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.counted import lasting
from ratewright.account.counted.record_fields import RecordFields
from ratewright.advice.forms import RECORDED_ELSEWHERE
from ratewright.diagnostics import Span
from ratewright.formula.interpreter import CALENDAR, REACHED
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import CalendarError, moment_text, seconds_between
from ratewright.values.exact import Exact
from ratewright.values.units import Unit

_SOME_LENGTH = 1
"""Stands for a length that was refused, in seconds."""


class Facts(Struct, frozen=True, eq=False):
    """A record as it was read. `key` is the same for the same fields; `values` are what a formula on it reads."""

    record: Record
    start: Instant
    end: Instant | None
    quantity: Exact
    lasted: Exact
    key: Any
    fields: dict[str, Any]
    values: dict[str, Any]


class RecordReader:
    """Reads the records of one meter; what repeats from record to record is worked out once."""

    def __init__(self, meter: tree.Meter, binder: Binder, reached: set[Span]) -> None:
        self.binder = binder
        self.fields = RecordFields(meter, binder)
        self._unit = meter.recorded or meter.unit
        self._reached = reached
        self._scales: dict[tuple[str | None, str], Exact] = {}

    def read(self, record: Record, *, past: bool = False) -> Facts | None:
        """The facts of a record; None where something is wrong (reported). `past` ones lie before the opening."""
        start, end = self.times(record)
        quantity = self.quantity(record, self._unit)
        key, fields = self.fields.read(record)
        if quantity is None or fields is None or not (past or self.check_times(record, start, end)):
            return None
        lasted = self._lasted(record, start, end)
        values = {
            **fields,
            "record:quantity": quantity,
            "record:times": record.quantity.number,
            "record:at": start,
            "record:until": end,
            "record:lasted": lasted,
            CALENDAR: self.binder.calendar,
            REACHED: self._reached,
        }
        return Facts(record, start, end, quantity, lasted, key, fields, values)

    def times(self, record: Record) -> tuple[Instant, Instant | None]:
        """When a record begins and ends."""
        start = record.start
        if not isinstance(start, Instant):
            start = self.binder.instant(start, record.place)
        end = record.end
        if end is not None and not isinstance(end, Instant):
            end = self.binder.instant(end, record.place)
        if end is None:
            return start, None
        activated = self.binder.activated
        if record.form is Form.TOTAL and activated is not None and start < activated < end:
            return activated, end
        return start, end

    def check_times(self, record: Record, start: Instant, end: Instant | None) -> bool:
        """Whether a record lies in the account's time; reports it if not."""
        binder = self.binder
        if binder.activated is not None and start < binder.activated:
            binder.problems.add(
                "A201",
                "this usage is from before the account was activated",
                record.place,
                "correct its time, or `activated`",
            )
            return False
        if binder.opening is not None and start < binder.opening:
            self._refuse_settled(record, end, binder.opening)
            return False
        if end is not None and end <= start:
            binder.problems.add("A205", "this record ends before it begins", record.place, "`to` comes after `from`")
            return False
        return True

    def _refuse_settled(self, record: Record, end: Instant | None, opening: Instant) -> None:
        calendar, why = self.binder.calendar, "the opening balances have it settled"
        help = "take it out, or give the balances of an earlier opening"
        if record.reported is not None and calendar.instant(record.reported) >= opening:
            why = "was reported behind it: the opening balances do not know of it"
            help = "give the balances of an earlier opening, from which on all usage is given"
        elif end is not None and end > opening and record.form is Form.STATE:
            help = f"let it begin at {moment_text(opening, calendar)}; what came before that is settled"
        self.binder.problems.add("A202", f"this usage is from before the opening, and {why}", record.place, help)

    def quantity(self, record: Record, wanted: Unit) -> Exact | None:
        """The quantity in base units; None where its unit does not fit (reported)."""
        number, name = record.quantity
        scale = self._scales.get((name, wanted.singular))
        if scale is None:
            _, problem, help = self.binder.amounts.figure(record.quantity, wanted)
            if problem:
                elsewhere = f"; {RECORDED_ELSEWHERE}" if name and self.binder.amounts.unit(name) else ""
                self.binder.problems.add(
                    "A103", f"the quantity {problem}", record.place, f"{help}{elsewhere}", cause=f"quantity in {name}"
                )
                return None
            unit = self.binder.amounts.unit(name) if name is not None else None
            scale = self._scales[name, wanted.singular] = unit[1] if unit else wanted.scale
        return number * scale if scale != 1 else number

    def _lasted(self, record: Record, start: Instant, end: Instant | None) -> Exact:
        if record.lasts is not None:
            figure, problem, help = lasting.seconds(record.lasts, self.binder.amounts)
            if problem:
                self.binder.problems.add("A103", f"`lasts` {problem}", record.place, help)
                return _SOME_LENGTH
            try:
                lasting.ended(start, figure)
            except CalendarError as error:
                self.binder.problems.add("A205", str(error), record.place, error.help)
                return _SOME_LENGTH
            return figure
        return seconds_between(start, end) if record.form is Form.STATE and end is not None else 0
