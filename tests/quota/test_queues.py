"""Both queues against a list that is sorted anew for each piece, and each boundary by hand, a nanosecond around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.meaning.nodes import DrawRule
from ratewright.quota.lots import PartlyCoveredError
from ratewright.quota.needs import Need, UndecidedError
from ratewright.quota.queues import LotQueue
from ratewright.quota.scans import LotScan
from tests.quota.lot_oracle import ONE, TWO, Piece, Plain, at, naive
from tests.tries import tries

BOTH = pytest.mark.parametrize("kind", [LotQueue, LotScan])
maybe_time = st.none() | st.integers(0, 9)
BY_FIRST_RULE = pytest.mark.parametrize("first", [None, *DrawRule], ids=lambda rule: rule.value if rule else "no rule")
lots_held = st.lists(
    st.builds(
        Plain,
        name=st.just(""),
        left=st.integers(1, 9),
        starts=maybe_time,
        expires=maybe_time,
        purchased=maybe_time,
        region=st.sampled_from([None, "EU", "US"]),
        pool=st.sampled_from([ONE, TWO]),
    ),
    max_size=8,
)


@st.composite
def usage(draw) -> list[Piece]:
    """Pieces in order of time. The later a piece is, the later its bill is closed."""
    found = []
    closes_after = draw(st.none() | st.integers(1, 4))
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, 9))
        end = start + draw(st.integers(1, 4)) if draw(st.integers(0, 2)) == 0 else None
        found.append(
            Piece(
                start,
                end,
                draw(st.integers(1, 15)),
                draw(st.booleans()),
                draw(st.sampled_from(["EU", "US"])),
                None if closes_after is None else start + closes_after,
            )
        )
    return sorted(found, key=lambda p: p.start)


def orders(first: DrawRule | None) -> st.SearchStrategy[tuple[DrawRule, ...]]:
    """Up to three rules of drawing that begin with one."""
    if first is None:
        return st.just(())
    others = st.sampled_from([rule for rule in DrawRule if rule is not first])
    return st.lists(others, max_size=2, unique=True).map(lambda more: (first, *more))


def named(lots: list[Plain]) -> list[Plain]:
    for number, lot in enumerate(lots):
        lot.name = f"l{number}"
    return lots


def check(queue, lots: list[Plain], order, pieces: list[Piece]) -> None:
    for piece in pieces:
        expected = naive(lots, order, piece)
        try:
            taken = queue.take(piece.quantity, piece.need)
        except PartlyCoveredError as error:
            assert expected == error.lot.id
            assert error.instant == (error.lot.starts if error.starts else error.lot.expires)
            return
        assert [(t.lot.id, t.drawn) for t in taken] == expected
        assert all(t.covered == t.drawn for t in taken)


@BY_FIRST_RULE
@given(lots=lots_held, pieces=usage(), data=st.data())
@tries(45)
def test_usage_in_order_of_time(first, lots, pieces, data):
    lots, order = named(lots), data.draw(orders(first))
    check(LotQueue([lot.lot() for lot in lots], order), lots, order, pieces)


@BY_FIRST_RULE
@given(lots=lots_held, pieces=usage(), data=st.data())
@tries(45)
def test_usage_in_any_order(first, lots, pieces, data):
    lots, order, pieces = named(lots), data.draw(orders(first)), data.draw(st.permutations(pieces))
    check(LotScan([lot.lot() for lot in lots], order), lots, order, pieces)


# ---------------------------------------------------------------- boundaries by hand


def drawn(kind, lot: Plain, *needs: Need) -> list[int]:
    """What each need draws of one lot of 10, one after the other, asking for 3."""
    queue = kind([lot.lot()], ())
    return [sum(t.drawn for t in queue.take(3, need)) for need in needs]


@BOTH
def test_a_lot_covers_its_first_instant_and_not_its_last(kind):
    lot = Plain("l", 10, starts=4, expires=6)
    assert drawn(kind, lot, *(Need(at(t)) for t in (3, 4, 5, 6, 7))) == [0, 3, 3, 0, 0]


@BOTH
def test_a_total_that_touches_a_lot_at_either_end_meets_nothing_of_it(kind):
    lot = Plain("l", 10, starts=4, expires=6)
    assert drawn(kind, lot, Need(at(2), at(4)), Need(at(4), at(6)), Need(at(6), at(8))) == [0, 3, 0]


@BOTH
@pytest.mark.parametrize(("start", "end", "starts"), [(3, 5, True), (3, 6, True), (4, 7, False), (5, 7, False)])
def test_a_total_that_reaches_a_nanosecond_into_a_lot_cannot_be_told(kind, start, end, starts):
    with pytest.raises(PartlyCoveredError) as found:
        drawn(kind, Plain("l", 10, starts=4, expires=6), Need(at(start), at(end)))
    assert (found.value.starts, found.value.instant) == (starts, at(4 if starts else 6))


@BOTH
def test_an_earlier_and_longer_total_opens_nothing_for_a_shorter_one(kind):
    """The lot begins inside the first total, which another lot pays, and at the end of the second."""
    lots = [Plain("a", 3, expires=20).lot(), Plain("b", 9, starts=5, expires=30).lot()]
    queue = kind(lots, (DrawRule.SOONEST_EXPIRY,))
    assert [t.lot.id for t in queue.take(3, Need(at(0), at(10)))] == ["a"]
    assert queue.take(3, Need(at(1), at(5))) == []
    assert [t.lot.id for t in queue.take(3, Need(at(5)))] == ["b"]


@BOTH
@pytest.mark.parametrize(("purchased", "expected"), [(6, 3), (7, 0), (8, 0)])
def test_what_was_bought_when_the_bill_is_closed_comes_too_late(kind, purchased, expected):
    lot = Plain("l", 10, starts=0, purchased=purchased)
    assert drawn(kind, lot, Need(at(3), closes=at(7))) == [expected]


@BOTH
def test_a_lot_that_came_too_late_for_one_bill_pays_on_the_next(kind):
    lot = Plain("l", 10, starts=0, purchased=7)
    assert drawn(kind, lot, Need(at(3), closes=at(7)), Need(at(7), closes=at(14))) == [0, 3]


@BOTH
def test_of_two_meters_one_whose_bills_close_earlier_leaves_the_lot_to_the_other(kind):
    lot = Plain("l", 10, starts=0, purchased=7)
    needs = [Need(at(3), closes=at(9)), Need(at(4), closes=at(5)), Need(at(5), closes=at(9))]
    assert drawn(kind, lot, *needs) == [3, 0, 3]


@BOTH
def test_a_piece_is_paid_to_the_last_unit_and_no_further(kind):
    for asked, expected in ((9, [9]), (10, [10]), (11, [10, 1]), (25, [10, 10])):
        queue = kind([Plain("a", 10).lot(), Plain("b", 10).lot()], ())
        assert [t.drawn for t in queue.take(asked, Need(at(0)))] == expected


@BOTH
def test_a_ratio_takes_more_or_less_of_the_lot_than_it_pays_for(kind):
    queue = kind([Plain("a", 10).lot()], ())
    first, second = (queue.take(q, Need(at(0), ratio=lambda pool: 4))[0] for q in (2, 2))
    assert (first.drawn, first.covered) == (8, 2)
    assert (second.drawn, second.covered * 2) == (2, 1)


def test_a_queue_is_empty_only_when_nothing_can_come():
    queue = LotQueue([Plain("a", 3, starts=5).lot()], ())
    assert not queue.empty
    queue.take(1, Need(at(0)))
    assert not queue.empty
    queue.take(3, Need(at(5)))
    assert queue.empty


def test_a_lot_that_was_given_back_is_undecided_for_usage_of_before():
    lot = Plain("l", 10, starts=0).lot()
    scan = LotScan([lot], ())
    assert [t.drawn for t in scan.take(3, Need(at(4)))] == [3]
    lot.give_back(at(5))
    assert scan.take(3, Need(at(5))) == []
    with pytest.raises(UndecidedError) as found:
        scan.take(3, Need(at(4)))
    assert found.value.decided == at(5)
    assert found.value.how == "was given back"


def test_of_a_lot_that_was_used_up_nothing_is_undecided():
    lot = Plain("l", 3, starts=0).lot()
    scan = LotScan([lot], ())
    scan.take(3, Need(at(4)))
    lot.give_back(at(5))
    assert scan.take(3, Need(at(4))) == []
