"""Meters that measure a whole period (a peak, a mean, a count of records): one piece for each period."""

from __future__ import annotations

from whenever import Instant

from ratewright.rating.bind_records import BoundRecord, Piece
from ratewright.rating.problems import RatingError, stop
from ratewright.tree import nodes as tree
from ratewright.tree.evaluate import RECORDS, EvaluationError, evaluate
from ratewright.values.calendar import Cadence, Calendar, Period
from ratewright.values.exact import Exact


def whole_pieces(
    meter: tree.Meter,
    records: list[BoundRecord],
    cadence: Cadence,
    calendar: Calendar,
    end: Instant,
    activated: Instant | None,
) -> list[Piece]:
    """The meter's result for each period of `cadence` that has records and starts before `end`.

    The period of the activation counts from then on, so that a grant issued on activation covers it.
    """
    members: dict[Period, list[BoundRecord]] = {}
    for record in records:
        if record.start >= end:
            continue
        last = record.end or record.start
        period = calendar.period_of(record.start, cadence)
        members.setdefault(period, []).append(record)
        while period.end < last:
            period = calendar.period_of(period.end, cadence)
            members.setdefault(period, []).append(record)
    return [_piece(meter, period, members[period], activated) for period in sorted(members)]


def _piece(meter: tree.Meter, period: Period, records: list[BoundRecord], activated: Instant | None) -> Piece:
    try:
        amount: Exact = evaluate(meter.measure, {RECORDS: [r.values for r in records]})
    except EvaluationError as error:
        raise RatingError([error.diagnostic]) from error
    if amount < 0:
        raise stop("A501", f"meter `{meter.name}` comes out below 0", meter.span, "say what holds then: `max(…, 0)`")
    start = period.start if activated is None else max(period.start, activated)
    return Piece(start, period.end, meter.name, amount, None, None)
