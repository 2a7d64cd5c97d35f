"""What is drawn in a period, what is left out of later bills, and that nothing is lost unnoticed."""

from __future__ import annotations

import pytest

from ratewright.quota.holdings import ConservationError, Holdings
from tests.quota.lot_oracle import Plain, at


def test_what_was_drawn_before_and_in_a_period():
    holdings = Holdings()
    lot = Plain("l", 10).lot()
    holdings.add(lot)
    first = holdings.begin_period()
    for quantity in (2, 3):
        lot.draw(quantity, None)
        first.note(lot, quantity)
    assert (first.earlier(lot), first.since(lot)) == (0, 5)
    second = holdings.begin_period()
    assert (second.earlier(lot), second.since(lot)) == (5, 0)
    lot.draw(1, None)
    second.note(lot, 1)
    assert (second.earlier(lot), second.since(lot), second.lots) == (5, 1, [lot])


def test_a_lot_that_had_been_drawn_before_the_rating_began():
    lot = Plain("l", 10).lot()
    lot.open_with(4)
    drawn = Holdings().begin_period()
    lot.draw(1, None)
    drawn.note(lot, 1)
    assert (lot.drawn, drawn.earlier(lot), drawn.since(lot)) == (7, 6, 1)


def _expires(lot):
    return lot.expires


@pytest.mark.parametrize(
    ("end", "left", "told"),
    [(5, 0, True), (6, 0, False), (7, 0, False), (6, 1, True)],
)
def test_a_lot_is_told_of_until_it_is_over_and_longer_if_something_lapsed(end, left, told):
    holdings = Holdings()
    lot = Plain("l", 10, expires=6).lot()
    lot.draw(10 - left, None)
    holdings.add(lot)
    holdings.leave_out(at(end), _expires)
    assert list(holdings) == ([lot] if told else [])


@pytest.mark.parametrize(("end", "told"), [(7, True), (8, False)])
def test_a_cycle_that_waits_for_usage_is_told_of_until_that_is_settled(end, told):
    holdings = Holdings()
    lot = Plain("l", 10, expires=6).lot()
    lot.draw(10, None)
    holdings.add(lot)
    holdings.leave_out(at(end), lambda lot: at(8))
    assert list(holdings) == ([lot] if told else [])


def test_usage_that_is_served_late_brings_a_lot_back():
    holdings = Holdings()
    lot = Plain("l", 10, expires=6).lot()
    lot.draw(10, None)
    holdings.add(lot)
    holdings.leave_out(at(6), _expires)
    holdings.begin_period().note(lot, 1)
    assert list(holdings) == [lot]
    holdings.begin_period()
    assert list(holdings) == []


@pytest.mark.parametrize("name", ["drawn_now", "refunded", "rolled", "opened"])
def test_a_quantity_that_is_lost_is_noticed(name):
    holdings = Holdings()
    lot = Plain("l", 10).lot()
    holdings.add(lot)
    lot.draw(3, None)
    holdings.check()
    setattr(lot, name, getattr(lot, name) + 1)
    with pytest.raises(ConservationError, match="lot l:"):
        holdings.check()


def test_a_lot_drawn_below_nothing_is_noticed():
    holdings = Holdings()
    lot = Plain("l", 10).lot()
    holdings.add(lot)
    lot.draw(11, None)
    with pytest.raises(ConservationError):
        holdings.check()
