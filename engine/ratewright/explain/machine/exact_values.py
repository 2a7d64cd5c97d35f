"""What the figures of all trace nodes are written with for machines: exact strings, instants in UTC."""

from __future__ import annotations

from typing import Any

from whenever import Instant

from ratewright.derivation import trace
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, plain
from ratewright.values.units import Unit, in_unit

Data = dict[str, Any]


def instant(moment: Instant) -> str:
    """`2026-02-28T16:00:00Z`."""
    return moment.format_iso()


def at(moment: Instant | None) -> str | None:
    """An instant that may not be there."""
    return None if moment is None else instant(moment)


def stretch(period: Period) -> Data:
    """From when until when; the end no longer belongs to it."""
    return {"start": instant(period.start), "end": instant(period.end)}


def in_(value: Exact, unit: Unit) -> str:
    """A figure in base units, as it is in `unit`."""
    return plain(in_unit(value, unit))


def maybe(value: Exact | None, unit: Unit) -> str | None:
    """The same of a figure that may not be there."""
    return None if value is None else in_(value, unit)


def key(parts: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What something is kept apart by, or is for only."""
    return dict(parts)


def arithmetic(made: trace.Arithmetic) -> Data:
    """A formula as written and with its values put in, what it read, and where it stands."""
    rule = {} if made.span is None else {"rule": made.span.place}
    return {"formula": made.text, "filled": made.filled, "readings": readings(made.readings), **rule}


def how(made: trace.Arithmetic | None) -> Data:
    """The arithmetic of a figure, where there is one."""
    return {} if made is None else {"how": arithmetic(made)}


def readings(found: tuple[trace.Reading, ...]) -> list[Data]:
    """What a formula read."""
    return [{"name": reading.name, "value": reading.text, **how(reading.how)} for reading in found]


def condition(asked: trace.ConditionTrace) -> Data:
    """A condition, what it read and its answer."""
    return {
        "text": asked.text,
        "readings": readings(asked.readings),
        "holds": asked.holds,
        "rule": asked.span.place,
    }
