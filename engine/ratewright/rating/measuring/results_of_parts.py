"""The refusal of results that are given for a part of a period: a peak of a month is no peak of its quarter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.account.counted.pieces import Piece
from ratewright.meaning import nodes as tree
from ratewright.plan.meter_plans import MeterPlan
from ratewright.plan.period_grid import Grid
from ratewright.refusal import RatingError, stop
from ratewright.values.calendar import MONTHLY, Cadence, Calendar, Period, moment_text, period_text


def refuse_parts(account: Account, grid: Grid, cadences: Mapping[str, Cadence], end: Instant) -> None:
    """Refuse results of times that begin before `end` and are shorter than a period for which lines, or quotas alone,
    have the measure. Sums add up, so theirs may be of any part. `cadences` are those of lines. Raises RatingError."""
    for name, pieces in account.counted.given.items():
        meter = account.plan.meters[name]
        for piece in pieces if meter.whole else ():
            for cadence in _asking(piece, meter, account, cadences) if piece.start < end else ():
                refuse_part(piece, meter.meter, grid.period_of(piece.start, cadence), account, grid)


def refuse_part(piece: Piece, meter: tree.Meter, period: Period, account: Account, grid: Grid) -> None:
    """Refuse a result that is given for a part of a period: of what the account and the list have of it. Raises
    RatingError."""
    asked = grid.of_the_list(period)
    start = max(asked.start, account.activated or asked.start)
    if start < piece.start or (piece.end or piece.start) < asked.end:
        raise _of_a_part(piece, meter, Period(start, asked.end), account.calendar)


def _asking(piece: Piece, meter: MeterPlan, account: Account, cadences: Mapping[str, Cadence]) -> Iterator[Cadence]:
    """The periods for which a result is asked: of lines that hold when it begins; of the month for quotas alone."""
    at = Period(piece.start, piece.start)
    for name in meter.lines:
        cadence = cadences[name]
        if not cadence.of_usage and account.in_force.line(account.plan.lines[name].charge, at):
            yield cadence
    if meter.ranks and not meter.lines and not meter.on_demand:
        yield MONTHLY


def _of_a_part(piece: Piece, meter: tree.Meter, period: Period, calendar: Calendar) -> RatingError:
    end = piece.end
    given = moment_text(piece.start, calendar) if end is None else period_text(Period(piece.start, end), calendar)
    return stop(
        "A312",
        f"this result of {meter.title} is of {given}, and it is asked for {period_text(period, calendar)}: what a part "
        "measures is not what the whole does",
        piece.record.place.span if piece.record is not None else None,
        "give the result for the whole period, or the records in its place",
        ("the meter", meter.span),
    )
