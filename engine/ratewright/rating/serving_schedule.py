"""When usage is served, and in which order."""

from __future__ import annotations

from collections.abc import Mapping

from whenever import Instant

from ratewright.account.pieces import Piece
from ratewright.account.undecided_usage import place_of
from ratewright.meaning import nodes as tree
from ratewright.rating.drawing import chains
from ratewright.refusal import stop
from ratewright.values.calendar import Cadence, Calendar, PeriodUnit

_MONTHLY = Cadence(PeriodUnit.MONTH)
_Place = tuple[Instant, list[int], Instant]


def scheduled(
    pieces: list[Piece], tariff: tree.Tariff, calendar: Calendar, cadences: Mapping[str, Cadence]
) -> tuple[list[Piece], list[Instant]]:
    """The pieces in the order in which they are served, and when: in order of time.

    A result of all records of a period is known at its end, as is a reading, or another record that is priced
    alone. Where `deduct` says in which order usage is served, it is at the end of the charge's period, the first
    in its order first. `cadences` are those of charges, by name. Raises RatingError.
    """
    orders = {name: order for name, deduction in tariff.deductions.items() if (order := deduction.order)}
    endings = chains(tariff)
    alone = {name for name, (_, charges) in endings.items() if any(cadences[c].alone for c in charges)}
    if not orders and all(piece.measure is None and piece.meter not in alone for piece in pieces):
        return pieces, [piece.start for piece in pieces]

    def place(piece: Piece) -> _Place:
        if piece.meter not in orders:
            known = piece.end if piece.measure is not None or piece.meter in alone else None
            return known.subtract(nanoseconds=1) if known is not None else piece.start, [], piece.start
        charges = endings[piece.meter][1]
        cadence = cadences[charges[0]] if charges else _MONTHLY
        end = calendar.period_of(piece.start, cadence).end.subtract(nanoseconds=1)
        ranks = [_rank(piece, name, values, tariff) for name, values in orders[piece.meter]]
        return max(end, piece.start), ranks, piece.start

    placed = sorted(((place(piece), piece) for piece in pieces), key=lambda item: item[0])
    return [piece for _, piece in placed], [at for (at, _, _), _ in placed]


def _rank(piece: Piece, name: str, values: tuple[tree.Value, ...], tariff: tree.Tariff) -> int:
    """Where a piece stands in the order that `deduct` states by a name."""
    value = piece.tags[name]
    if value not in values:
        deduction = tariff.deductions[piece.meter]
        raise stop(
            "A402",
            f"`deduct {piece.meter}` serves usage in order of `{name}`, and that order has no `{value}`",
            place_of(piece) or deduction.span,
            "add it to the choices, or to the table, that give the order",
            ("the order", deduction.span),
        )
    return values.index(value)
