"""When usage is served, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter

from whenever import Instant

from ratewright.account.counted.pieces import Piece, tie_of
from ratewright.account.counted.undecided_usage import place_of
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import Plan
from ratewright.rating.serving.settling_times import SettlingTimes
from ratewright.refusal import stop
from ratewright.values.calendar import Cadence

Scheduled = tuple[list[Piece], list[Instant]]


def scheduled(pieces: list[Piece], plan: Plan, settling: SettlingTimes, cadences: Mapping[str, Cadence]) -> Scheduled:
    """The pieces, which come in order of time, in the order in which they are served, and when each is.

    A result of all records of a period is known at its end, also one that the account's data give; as is a reading,
    or another record that is priced alone. Where `deduct` says in which order usage is served, or a quota is filled
    until then, it is at the end of the charge's period, the first in its order first. `cadences` are those of charges,
    by name. Raises RatingError.
    """
    if not pieces:
        return [], []
    orders = settling.orders
    ended = {n for n, meter in plan.meters.items() if meter.whole or any(cadences[line].alone for line in meter.lines)}
    if not orders and (not ended or all(piece.meter not in ended for piece in pieces)):
        return pieces, [piece.start for piece in pieces]

    def when(piece: Piece) -> Instant:
        if piece.meter not in orders:
            known = piece.end if piece.meter in ended else None
            return known.subtract(nanoseconds=1) if known is not None else piece.start
        return max(settling.of(piece.meter, piece.start).subtract(nanoseconds=1), piece.start)

    def tie(piece: Piece) -> tuple[object, ...]:
        ranks = [_rank(piece, name, values, plan.tariff) for name, values in orders.get(piece.meter, ())]
        return ranks, piece.start, tie_of(piece)

    placed: list[Piece] = []
    times: list[Instant] = []
    for at, together in groupby(
        sorted(((when(p), n, p) for n, p in enumerate(pieces)), key=itemgetter(0, 1)), itemgetter(0)
    ):
        group = [piece for _, _, piece in together]
        placed += sorted(group, key=tie) if len(group) > 1 else group
        times += [at] * len(group)
    return placed, times


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
