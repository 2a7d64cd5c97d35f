"""The refusal of a stretch that the end of a period divides, where it has to be whole."""

from __future__ import annotations

from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.refusal import RatingError, stop
from ratewright.usage.model import Form, Record
from ratewright.values.calendar import Calendar, Period, moment_text


def divided(
    meter: tree.Meter, record: Record | None, start: Instant, end: Instant, period: Period, calendar: Calendar
) -> RatingError:
    """The error for a stretch that the end of a period divides."""
    when = moment_text(period.end if end > period.end else period.start, calendar)
    total = record is None or record.form is Form.TOTAL
    return stop(
        "A303",
        f"this {'total' if total else 'record'} runs past {when}, where a period ends for which `{meter.name}` is "
        "measured",
        record.place.span if record is not None else None,
        f"give a total for each side of {when}"
        if total
        else f"split it at {when}: a sum would count it in each of the two",
        ("the meter", meter.span),
    )
