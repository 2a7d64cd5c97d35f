"""What a bill is made from, exchanged: periods laid upon one another, inputs that go together, orders."""

from __future__ import annotations

import pytest
from whenever import Date, Instant, PlainDateTime

from ratewright.comparison.compare import compare
from ratewright.comparison.moving import Move
from ratewright.refusal import RatingError
from ratewright.values.calendar import Period, calendar_of
from tests.comparison.sides import HEAD, calls, parts, rules, side, told

METER = "meter used in calls\n"
FEE = "charge fee { on used; every month; rate 0.10 USD/call }\n"
PLAIN = rules(METER + FEE)
SEATS = rules(
    METER + FEE + "setting seats = off\ncharge seat { every month; amount 31 USD; prorated by day; when seats }"
)
PACKS = rules(METER + FEE + "package pack { covers used; sizes { 10 calls 3 USD }; valid 1 year; refund in full }\n"
              "deduct used from pack > fee")  # fmt: skip
MONEY = rules(METER + FEE + "grant voucher { covers total; size 20 USD }\ndeduct total from voucher")


def month(name: str, timezone: str = "UTC") -> Period:
    calendar = calendar_of(timezone)
    start = calendar.instant(Date.parse_iso(f"{name}-01"))
    return Period(start, calendar.instant(Date.parse_iso(f"{name}-01").add(months=1)))


@pytest.mark.parametrize(
    ("moment", "moved"),
    [
        (Date(2026, 3, 5), Date(2026, 2, 5)),
        (Date(2026, 3, 31), Date(2026, 2, 28)),
        (Date(2026, 4, 1), Date(2026, 3, 1)),
        (Instant("2026-03-31T22:30:00Z"), Instant("2026-02-28T23:30:00Z")),  # 1 April 00:30 in Berlin, and 1 March
        (Instant("2026-03-30T22:00:00Z"), Instant("2026-02-27T23:00:00Z")),
        (PlainDateTime(2026, 3, 29, 12), Instant("2026-02-28T11:00:00Z")),
    ],
)
def test_moved_by_a_month(moment: object, moved: object) -> None:
    move = Move(calendar_of("Europe/Berlin"), month("2026-03", "Europe/Berlin"), month("2026-02", "Europe/Berlin"))
    assert move.moment(moment) == moved  # type: ignore[arg-type]


def test_what_falls_behind_the_end_of_the_month_goes_to_its_last_day() -> None:
    account = calls("2026-02-28 1", "2026-03-30 10", "2026-03-31 100")
    assert parts(side(PLAIN, account, "2026-02"), side(PLAIN, account, "2026-03")) == [("used", "used", "fee", "10.9")]


def test_what_would_have_no_length_ends_with_the_month() -> None:
    usage = side(PLAIN, calls("2026-03-30 10", "2026-03-31 10"), "2026-03").usage
    calendar = calendar_of("UTC")
    moved = Move(calendar, month("2026-03"), month("2026-02")).usage(usage)
    ends = [(calendar.instant(each.start), calendar.instant(each.end or each.start)) for each in moved.records]
    assert ends == [(Instant("2026-02-28T00:00:00Z"), Instant("2026-03-01T00:00:00Z"))] * 2


def test_totals_of_months_stay_such() -> None:
    account = calls("2026-02 10", "2026-03 30")
    assert parts(side(PLAIN, account, "2026-02"), side(PLAIN, account, "2026-03")) == [("used", "used", "fee", "2")]
    assert parts(side(PLAIN, account, "2026-03"), side(PLAIN, account, "2026-02")) == [("used", "used", "fee", "-2")]


def test_days() -> None:
    daily = rules(METER + "charge fee { on used; every day; rate 0.10 USD/call }")
    account = calls("2026-02-28 10", "2026-03-01 30")
    was, now = side(daily, account, "2026-02-28"), side(daily, account, "2026-03-01")
    assert parts(was, now) == [("used", "used", "fee", "2")]


def test_the_length_of_the_month_is_the_calendar() -> None:
    account = "settings: {seats: {2026-02-10: on}}\n" + calls("2026-02 10", "2026-03 10")
    daily = rules("charge fee { every day; amount 1 USD }")
    assert parts(side(daily, "usage: []\n", "2026-02"), side(daily, "usage: []\n", "2026-03")) == [
        ("calendar", "amount", "fee", "3")
    ]
    # 31 for 19 of 28 days, then all of them; with another month 31 for all 31 days
    assert parts(side(SEATS, account, "2026-02"), side(SEATS, account, "2026-03")) == [
        ("settings", "rest", "seat", "9.96")
    ]


def test_what_was_left_of_a_quota() -> None:
    account = calls("2026-02 150", "2026-03 150")
    assert parts(side(MONEY, account, "2026-02"), side(MONEY, account, "2026-03")) == [
        ("held", "amount", "voucher", "10")
    ]


def test_a_setting_of_before_is_what_came_before() -> None:
    body = METER + "setting seats = off\ncharge seat { every month; amount 15 USD; when seats }\n" + FEE
    credit = rules(body + "grant voucher { covers total; size 20 USD }\ndeduct total from voucher")
    rest = "activated: 2026-02-01\n" + calls("2026-03 150")
    was = side(credit, "settings: {seats: {2026-03-01: off}}\n" + rest, "2026-03")
    now = side(credit, "settings: {seats: {2026-02-01: on, 2026-03-01: off}}\n" + rest, "2026-03")
    assert parts(was, now) == [("held", "amount", "voucher", "10")]
    assert parts(now, was) == [("held", "amount", "voucher", "-10")]


def test_a_version_of_the_list() -> None:
    early = rules(METER + FEE, HEAD.replace('UTC"', 'UTC";  effective from 2026-01-01 until 2026-03-01'))
    late = rules(METER + FEE.replace("0.10", "0.15"), HEAD.replace('UTC"', 'UTC";  effective from 2026-03-01'))
    account = calls("2026-02 10", "2026-03 30")
    was, now = side([early, late], account, "2026-02"), side([early, late], account, "2026-03")
    assert parts(was, now) == [("used", "used", "fee", "2"), ("list", "price", "fee", "1.5")]
    assert parts(now, was) == [("used", "used", "fee", "-3"), ("list", "price", "fee", "-0.5")]


def test_inputs_that_have_no_bill_between_go_together() -> None:
    account = (
        "purchases:\n  - {id: p1, package: pack, size: 10 calls, at: 2026-02-10}\n"
        "refunds:\n  - {purchase: p1, at: 2026-03-10}\n" + calls("2026-03 0")
    )
    was, now = side(PACKS, account, "2026-02"), side(PACKS, account, "2026-03")
    assert parts(was, now) == [("bought", "amount", "pack", "-3"), ("bought", "amount", "pack", "-3")]
    found = compare(was, now, "shapley")
    assert told(found) == [("held+bought", "amount", "pack", "-3"), ("held+bought", "amount", "pack", "-3")]
    assert [[each.value for each in joined.inputs] for joined in found.joined] == [["held", "bought"]]
    assert "p1" in found.joined[0].why.message


def test_what_cannot_come_next_comes_later() -> None:
    account = "activated: 2026-02-10\n" + calls("2026-02-20 10", "2026-03-05 30")
    was, now = side(PLAIN, account, "2026-02"), side(PLAIN, account, "2026-03")
    assert parts(was, now) == [("used", "used", "fee", "2")]
    assert not compare(was, now).joined


def test_ids_that_come_again_are_kept_apart() -> None:
    account = (
        "purchases:\n  - {id: p1, package: pack, size: 10 calls, at: 2026-02-10}\n"
        "  - {id: p2, package: pack, size: 10 calls, count: 2, at: 2026-03-10}\n" + calls("2026-03-20 15")
    )
    was, now = side(PACKS, account, "2026-03"), side(PACKS, account, "2026-02")
    assert parts(was, now) == [("bought", "amount", "pack", "-3")]
    # of 15 the 10 of February pay for some; what came before is those as well, under the same id
    assert parts(now, was) == [
        ("used", "used", "fee", "1.5"),
        ("used", "quota", "fee", "-1"),
        ("held", "quota", "fee", "-0.5"),
        ("bought", "amount", "pack", "3"),
    ]


@pytest.mark.parametrize("reported", ["2026-03-01T00:00:00Z", "2026-03-05T00:00:00Z"])
def test_usage_that_was_reported_late(reported: str) -> None:
    late = "reported: 2026-03-05T00:00:00Z"
    account = (
        calls("2026-02 10", "2026-03 10") + f"  - {{meter: used, at: 2026-02-27T10:00:00Z, quantity: 7, {late}}}\n"
    )
    was, now = side(PLAIN, account, "2026-02"), side(PLAIN, account, "2026-03")
    assert parts(was, now) == [("late", "amount", "fee", "0.7")]


def test_orders_that_differ_are_told() -> None:
    dear = rules(METER + FEE.replace("0.10", "0.20"))
    was, now = side(PLAIN, calls("2026-03 10"), "2026-03"), side(dear, calls("2026-03 30"), "2026-03")
    assert parts(was, now) == [("used", "used", "fee", "2"), ("list", "price", "fee", "3")]
    found = compare(was, now, "shapley")
    assert told(found) == [("used", "used", "fee", "3"), ("list", "price", "fee", "2")]
    assert [(part.least, part.most) for part in found.parts] == [(2, 4), (1, 3)]
    assert found.orders == 2


def refused(was: object, now: object) -> str:
    with pytest.raises(RatingError) as caught:
        compare(was, now)  # type: ignore[arg-type]
    (problem,) = caught.value.diagnostics
    assert problem.code == "A211"
    assert problem.help
    return problem.message


def test_bills_that_cannot_be_compared() -> None:
    plain = side(PLAIN, calls("2026-03 10"), "2026-03")
    euros = rules(METER + FEE.replace("USD", "EUR"), HEAD.replace("USD", "EUR"))
    berlin = rules(METER + FEE, HEAD.replace("UTC", "Europe/Berlin"))
    assert refused(side(euros, calls("2026-03 10"), "2026-03"), plain) == "the bills are in two currencies: EUR and USD"
    assert "two timezones" in refused(side(berlin, calls("2026-03 10"), "2026-03"), plain)
    assert refused(side(PLAIN, calls("2026-03 10"), "2026-03-02"), plain) == "a month is compared with a day"
    with pytest.raises(RatingError, match="12 periods"):
        side(PLAIN, calls("2026-03 10"), "2026")
