"""The second evaluator by itself: contracts, limits and usage that is taken back, by the documents' own figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from tests.reference.account import Account, Balance, Extension, Purchase, Record
from tests.reference.bill import Bill, bills
from tests.reference.problems import Refused
from tests.reference.rules import Rules
from tests.reference.versions import read_list

PHOTOS = """
tariff photo_api { currency USD;  timezone "UTC" }
unit photo, photos
meter improved in photos
charge photo_fee { on improved;  every month;  volume { below 10,000 0.02 USD/photo;  beyond 0.01 USD/photo } }
charge support_fee { every month;  amount 20 USD }
"""


def used(quantity: int, month: int, day: int = 3) -> Record:
    return Record("improved", "event", datetime(2026, month, day), f"{quantity} photos")


def under(said: str, *records: Record, months: tuple[str, ...] = ("2026-04",), more: str = "") -> list[Bill]:
    rules = read_list((PHOTOS,), None, (f"contract c {{ list photo_api;  {said} }}\n{more}",))
    return bills(rules, Account(datetime(2026, 1, 1), records=records), list(months))


def amounts(bill: Bill, name: str) -> list[Fraction]:
    return [line.amount for line in bill.lines if line.source == name]


def test_a_whole_contract() -> None:
    said = "effective from 2026-04-01 until 2027-01-01;  replace below 10,000 of photo_fee with below 5,000"
    made = under(f"{said};  scale photo_fee by 80%", used(6000, 3), used(6000, 4), months=("2026-03", "2026-04"))
    assert [amounts(bill, "photo_fee") for bill in made] == [[120], [48]]


@pytest.mark.parametrize(("way", "amount"), [("compound", "72.68"), ("add", "70"), ("largest", "85")])
def test_factors_that_meet(way: str, amount: str) -> None:
    scales = ";  ".join(f"scale photo_fee by {percent}%" for percent in (95, 90, 85))
    assert amounts(under(f"{scales};  factors {way}", used(10000, 4))[0], "photo_fee") == [Fraction(amount)]
    with pytest.raises(Refused, match="factors that meet"):
        under(scales, used(10000, 4))


def test_a_change_inside_a_period() -> None:
    said = "effective from 2026-04-16;  replace beyond of photo_fee with 0.008 USD/photo;  changes split the period"
    (bill,) = under(said, used(12000, 4, 10), used(4000, 4, 20))
    assert amounts(bill, "photo_fee") == [120, 80]
    assert amounts(bill, "support_fee") == [20, 20]


def test_a_quota_and_a_line_more_and_a_line_less() -> None:
    more = "grant launch { covers improved;  size 1,000 photos;  renews every month }\n"
    more += "charge manager { every month;  amount 100 USD }\ndeduct improved from launch > photo_fee"
    (bill,) = under("drop support_fee", used(6000, 4), more=more)
    assert (bill.total, amounts(bill, "support_fee")) == (200, [0])


def test_what_the_list_alone_asks() -> None:
    more = "charge manager { every month;  amount 100 USD }"
    said = "replace below 10,000 of photo_fee with below 5,000;  scale photo_fee by 80%;  drop support_fee"
    (bill,) = under(said, used(6000, 4), more=more)
    asked = {line.source: (line.amount, line.listed) for line in bill.lines}
    assert asked == {"photo_fee": (48, 120), "support_fee": (0, 20), "manager": (100, None)}


def test_what_a_contract_adds_and_drops_for_some_of_the_time() -> None:
    said = "effective from 2026-04-01 until 2026-05-01;  drop support_fee"
    more = "grant launch { covers improved;  size 1,000 photos;  renews every month }\n"
    more += "charge manager { every month;  amount 100 USD }\ndeduct improved from launch > photo_fee"
    months = ("2026-03", "2026-04", "2026-05")
    made = under(said, *(used(6000, month) for month in (3, 4, 5)), more=more, months=months)
    assert [bill.total for bill in made] == [140, 200, 140]
    with pytest.raises(Refused, match="no longer there"):  # it rolls over the end of the contract
        rolls = more.replace("renews every month", "renews every month;  rolls over for 1 month")
        under(said, used(10, 4), more=rolls, months=("2026-04", "2026-05"))


TRANSFER = """
tariff transfer { currency USD;  timezone "UTC";  bytes by 1000 }
meter traffic { field region one of EU, US;  measure sum(quantity) in GB;  by region }
package pack { covers traffic;  scope region;  sizes { 100 GB 5 USD };  valid 1 year }
charge traffic_fee { on traffic;  every month;  rate 0.10 USD/GB }
deduct traffic from pack > traffic_fee
"""


def test_an_opening_with_a_balance() -> None:
    at = datetime(2026, 3, 1)
    records = tuple(
        Record("traffic", "event", datetime(2026, 3, 10), "60 GB", fields=(("region", region),))
        for region in ("EU", "US")
    )
    held = Balance("package", "pack", "20 GB", "p0", expires=datetime(2026, 7, 1), scope=(("region", "US"),))
    bought = Purchase("p1", "pack", "100 GB", at, paid="4.50 USD", scope=(("region", "EU"),))
    account = Account(records=records, purchases=(bought,), opening=at, balances=(held,))
    (bill,) = bills(Rules(TRANSFER), account, ["2026-03"])
    assert (amounts(bill, "traffic_fee"), amounts(bill, "pack")) == ([4], [Fraction("4.50")])
    assert bill.balances == {"p0": 0, "p1": Rules(TRANSFER).units["GB"].number * 40}


@pytest.mark.parametrize("purchased", [None, datetime(2026, 2, 1)])
def test_a_balance_that_does_not_say_how_long_it_is_valid(purchased: datetime | None) -> None:
    held = Balance("package", "pack", "20 GB", "p0", purchased=purchased, scope=(("region", "US"),))
    account = Account(opening=datetime(2026, 3, 1), balances=(held,))
    if purchased is not None:
        assert bills(Rules(TRANSFER), account, ["2026-03"])
        return
    with pytest.raises(Refused):
        bills(Rules(TRANSFER), account, ["2026-03"])


TASKS = """
tariff x { currency USD;  timezone "UTC" }
unit call, calls
unit task, tasks
meter made in calls
limit slots { on made;  default 1 task;  extend 1 task for 5 USD/day;  shared by account and subaccounts }
"""


@pytest.mark.parametrize(("extended", "waited", "total"), [(False, (1, 30), 0), (True, (0, 0), 10)])
def test_a_limit(extended: bool, waited: tuple[int, int], total: int) -> None:
    first = datetime(2026, 3, 2, 10)
    starts = (first, first + timedelta(seconds=30))
    records = tuple(Record("made", "event", at, "1 calls", at + timedelta(seconds=60)) for at in starts)
    more = (Extension("c1", "slots", "1 task", "day", datetime(2026, 3, 1), 2),) if extended else ()
    (bill,) = bills(Rules(TASKS), Account(datetime(2026, 3, 1), records=records, extensions=more), ["2026-03"])
    (seen,) = bill.limits["slots"]
    assert (seen.peak, (seen.waited, seen.waiting), bill.total) == (2, waited, total)


CORRECTED = """
tariff x { currency USD;  timezone "UTC" }
unit call, calls
meter made { measure sum(quantity) in calls;  corrections down to 0 }
grant gift { covers made;  size 100 calls }
charge fee { on made;  every month;  volume { below 1,000 calls 0.08 USD/call;  beyond 0.06 USD/call } }
deduct made from gift > fee
"""


@pytest.mark.parametrize(
    ("back", "total", "left"), [(50, 76, 0), (1000, 0, 0), (1050, 0, 50)], ids=["in a lower tier", "all", "of a quota"]
)
def test_usage_that_is_taken_back(back: int, total: int, left: int) -> None:
    (bill,) = bills(Rules(CORRECTED), _corrected(back), ["2026-03"])
    assert (bill.total, bill.balances["gift"]) == (total, left)


def test_no_more_is_taken_back_than_there_was() -> None:
    with pytest.raises(Refused, match="more is taken back"):
        bills(Rules(CORRECTED), _corrected(1101), ["2026-03"])


def _corrected(back: int) -> Account:
    both = ((5, 1100), (20, -back))
    records = tuple(Record("made", "event", datetime(2026, 3, day), f"{quantity} calls") for day, quantity in both)
    return Account(datetime(2026, 3, 1), records=records)
