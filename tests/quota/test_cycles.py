"""Lots that renew, without any bill: which cycles they have, and what of one goes over into the next."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from whenever import Instant

from ratewright.meaning.nodes import Pool
from ratewright.quota.cycles import Plan, Renewing
from ratewright.quota.filling import Filling
from ratewright.quota.lots import Lot
from ratewright.quota.needs import Need
from ratewright.quota.queues import LotQueue
from ratewright.quota.scans import LotScan
from ratewright.refusal import RatingError
from ratewright.values.calendar import Cadence, PeriodUnit, calendar_of
from ratewright.values.lot_names import LotName
from tests.rating.accounts import tariff

CALENDAR = calendar_of("UTC")
DAY = 24


def hour(hours: int, nanoseconds: int = 0) -> Instant:
    return Instant.from_utc(2026, 3, 1).add(hours=hours, nanoseconds=nanoseconds)


def pool(statements: str) -> Pool:
    rules = tariff(
        f"""
        meter m {{ measure sum(quantity) in calls }}
        package pack {{ covers m; sizes {{ 10 calls 1 USD }}; {statements} }}
        deduct m from pack
        """
    )
    return rules.pools["pack"]


def daily(
    statements: str = "renews every day",
    starts: int | None = 6,
    expires: int | None = 3 * DAY + 6,
    **plan: object,
) -> Renewing:
    """A lot of 10 calls that has them again each day, valid from 6:00 on the first of March to 6:00 on the fourth."""
    lot = Lot(
        name=LotName("p", 1),
        pool=pool(statements),
        size=10,
        remaining=10,
        starts=None if starts is None else hour(starts),
        expires=None if expires is None else hour(expires),
        purchased=None if starts is None else hour(starts),
        paid=7,
        listed=8,
    )
    made = Plan(Cadence(PeriodUnit.DAY), CALENDAR, lambda at: 10, None, None, 100, Filling())
    return Renewing.of(lot, replace(made, **plan))


def test_cycles_are_cut_where_the_lot_begins_and_ends():
    """The last ends on the day on which it begins, and is told by the time: another might begin on that day."""
    one = daily()
    found = [one.cycle(hour(h)) for h in (6, DAY, 2 * DAY, 3 * DAY)]
    assert [(c.starts, c.expires) for c in found] == [
        (hour(6), hour(DAY)),
        (hour(DAY), hour(2 * DAY)),
        (hour(2 * DAY), hour(3 * DAY)),
        (hour(3 * DAY), hour(3 * DAY + 6)),
    ]
    assert [c.id for c in found] == [f"p#1@2026-03-0{day}" for day in (1, 2, 3, "4T00:00")]
    assert {(c.size, c.remaining, c.paid, c.listed, c.purchased) for c in found} == {(10, 10, 7, 8, hour(6))}


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (hour(6, -1), None),
        (hour(6), "p#1@2026-03-01"),
        (hour(DAY, -1), "p#1@2026-03-01"),
        (hour(DAY), "p#1@2026-03-02"),
        (hour(3 * DAY + 6, -1), "p#1@2026-03-04T00:00"),
        (hour(3 * DAY + 6), None),
    ],
)
def test_the_cycle_at_an_instant(at, expected):
    found = daily().cycle(at)
    assert (None if found is None else found.id) == expected


def test_a_cycle_is_made_once_whatever_is_asked_in_between():
    one = daily()
    first = one.cycle(hour(7))
    assert one.cycle(hour(DAY)) is not first
    assert one.cycle(hour(8)) is first
    assert one.made == [first, one.cycle(hour(DAY))]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (hour(7), hour(DAY), ["01"]),
        (hour(7), hour(DAY, 1), ["01", "02"]),
        (hour(5), hour(6), []),
        (hour(5), hour(6, 1), ["01"]),
    ],
)
def test_a_total_meets_the_cycle_that_begins_inside_it(start, end, expected):
    found = daily().covering(start, end)
    assert [lot.id for lot in found] == [f"p#1@2026-03-{day}" for day in expected]


def test_what_is_left_goes_over_and_is_gone_at_its_end():
    one = daily("renews every day; rolls over for 1 day")
    one.cycle(hour(7)).draw(4, None)
    one.reach(hour(DAY, -1))
    assert not one.over
    one.reach(hour(DAY))
    (over,) = one.over
    assert (over.id, over.size, over.remaining) == ("p#1@2026-03-01-rolled", 6, 6)
    assert (over.starts, over.expires) == (hour(DAY), hour(2 * DAY))
    assert (one.made[0].remaining, one.made[0].rolled) == (0, 6)
    assert over.is_rolled
    assert not one.made[0].is_rolled


def test_at_most_so_much_goes_over_in_all():
    one = daily("renews every day; rolls over for 5 days up to 13 calls")
    one.reach(hour(7))
    one.reach(hour(2 * DAY))
    assert [lot.remaining for lot in one.over] == [10, 3]
    one.over[0].draw(10, None)
    one.reach(hour(3 * DAY))
    assert [lot.size for lot in one.over] == [10, 3, 10]


def test_what_ended_makes_room_for_what_comes():
    one = daily("renews every day; rolls over for 1 day up to 4 calls")
    one.reach(hour(3 * DAY))
    assert [lot.size for lot in one.over] == [4, 4, 4]


def test_nothing_goes_over_behind_the_end_of_the_lot():
    one = daily("renews every day; rolls over for 5 days", expires=2 * DAY)
    one.reach(hour(2 * DAY))
    assert [(lot.id, lot.expires) for lot in one.over] == [("p#1@2026-03-01-rolled", hour(2 * DAY))]


def test_given_back_in_the_middle_of_a_cycle():
    one = daily()
    one.cycle(hour(7)).draw(4, None)
    one.give_back(hour(DAY + 1))
    assert [(lot.refunded, lot.remaining) for lot in one.made] == [(0, 6), (10, 0)]
    assert one.drawn == 4
    assert one.cycle(hour(DAY + 1)) is None
    assert one.next_after(hour(DAY + 1)) is None


def test_cycles_from_before_the_balances_hold_only_what_those_say():
    one = daily(opening=hour(DAY + 1))
    assert one.cycle(hour(DAY)).remaining == 0
    held = daily(opening=hour(DAY + 1))
    assert held.hold(hour(DAY + 1), 3, None).remaining == 3
    assert held.cycle(hour(2 * DAY)).remaining == 10


def test_more_cycles_than_the_limit_are_refused():
    one = daily(most=2)
    one.cycle(hour(7))
    one.cycle(hour(DAY))
    with pytest.raises(RatingError) as found:
        one.cycle(hour(2 * DAY))
    assert found.value.diagnostics[0].code == "A602"


@pytest.mark.parametrize(("at", "expected"), [(5, 6), (7, DAY), (DAY, 2 * DAY), (3 * DAY + 1, 3 * DAY + 6)])
def test_when_the_next_cycle_begins(at, expected):
    assert daily().next_after(hour(at)) == hour(expected)


@pytest.mark.parametrize("kind", [LotQueue, LotScan])
def test_usage_at_the_turn_of_a_cycle_is_the_next_ones(kind):
    queue = kind([], (), [daily()])
    found = [queue.take(2, Need(at)) for at in (hour(7), hour(DAY, -1), hour(DAY), hour(3 * DAY + 6))]
    assert [[taken.lot.id for taken in each] for each in found] == [
        ["p#1@2026-03-01"],
        ["p#1@2026-03-01"],
        ["p#1@2026-03-02"],
        [],
    ]
