"""Results that stand in place of records: nothing else may speak of the same time."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterator

from whenever import Instant

from ratewright.account.binder import Binder
from ratewright.account.counted.pieces import Counted, Piece
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Record

Beside = tuple[Instant, Instant | None, Record]


def check_results(binder: Binder, counted: Counted) -> None:
    """Report results of a time of which there are records too, or another result."""
    for name, pieces in counted.given.items():
        meter = binder.tariff.meters[name]
        given: dict[Hashable, list[Piece]] = defaultdict(list)
        for piece in pieces:
            given[_of(meter, piece)].append(piece)
        for group in given.values():
            group.sort(key=lambda piece: piece.start)
            _check_others(group, binder)
        for of, beside in _records(meter, counted):
            if of in given:
                _check_records(given[of], beside, binder)


def _of(meter: tree.Meter, piece: Piece) -> Hashable:
    """Of what a piece of usage may have one result: its key; of a sum also what one subaccount used."""
    return (piece.key, piece.subaccount if meter.each is not None else None)


def _records(meter: tree.Meter, counted: Counted) -> Iterator[tuple[Hashable, list[Beside]]]:
    """What there is of a meter beside results."""
    found: dict[Hashable, list[Beside]] = defaultdict(list)
    if meter.each is None:
        for (name, key), records in counted.whole.items():
            if name == meter.name:
                found[key, None] = [(each.start, each.end, each.record) for each in records]
    for piece in counted.pieces if meter.each is not None else ():
        record = piece.record
        if piece.meter == meter.name and record is not None and not record.measured:
            found[_of(meter, piece)].append((piece.start, piece.end, record))
    yield from found.items()


def _check_others(given: list[Piece], binder: Binder) -> None:
    reached: Piece | None = None
    for piece in given:
        if reached is not None and _meet(reached, piece.start, piece.end):
            assert piece.record is not None
            assert reached.record is not None
            _report(reached.record, "another", piece.record, "give one result for each time", binder)
        if reached is None or (piece.end or piece.start) > (reached.end or reached.start):
            reached = piece


def _check_records(given: list[Piece], beside: list[Beside], binder: Binder) -> None:
    starts = [piece.start for piece in given]
    told: set[int] = set()
    for start, end, record in beside:
        place = bisect_right(starts, start)
        for number in (place - 1, place):
            if 0 <= number < len(given) and number not in told and _meet(given[number], start, end):
                told.add(number)
                own = given[number].record
                assert own is not None
                _report(record, "a record", own, "give the result or the records, not both", binder)


def _meet(piece: Piece, start: Instant, end: Instant | None) -> bool:
    """Whether a result stands for a time in which something else begins, or goes on."""
    inside = start == piece.start or (piece.end is not None and piece.start <= start < piece.end)
    return inside or (end is not None and start < piece.start < end)


def _report(other: Record, what: str, of: Record, help: str, binder: Binder) -> None:
    binder.problems.add(
        "A103",
        f"`{of.meter}` has a measured result here and {what} in the same time ({other.place.span.place})",
        of.place,
        help,
    )
