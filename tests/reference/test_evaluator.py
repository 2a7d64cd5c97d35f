"""The second evaluator by itself: bills of the documents, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import pytest

from tests.reference.account import Account, Purchase, Record, Request
from tests.reference.bill import Bill, bills
from tests.reference.problems import Refused
from tests.reference.rules import Rules
from tests.reference.versions import read_list

HEAD = 'tariff x { currency USD;  timezone "UTC" }\nunit pic, pics\nmeter made in pics\n'


def billed(text: str, account: Account, *months: str) -> list[Bill]:
    return bills(Rules(text), account, list(months or ("2026-03",)))


def used(quantity: str, *, day: int = 3, hour: int = 0, month: int = 3, meter: str = "made") -> Record:
    return Record(meter, "event", datetime(2026, month, day, hour), quantity)


CLOUD = """
tariff cloud { currency USD;  timezone "UTC" }
unit call, calls
table call_price by region in USD/call { EU 0.012;  US 0.010 }
meter    calls_made { field region one of EU, US;  measure sum(quantity) in calls;  by region }
grant    credit     { covers call_fee;  size 5 USD;  renews every month }
grant    voucher    { covers total;  size 20 USD }
charge   call_fee   { on calls_made;  every month;  rate call_price[region] }
charge   seat_fee   { every month;  amount 25 USD;  prorated by day;  when seats }
setting  seats = off
discount loyal      { on call_fee + seat_fee;  rate 10% }
tax      vat        { on subtotal;  rate 20% }
deduct   call_fee from credit
deduct   total from voucher
"""


def test_from_the_charges_to_what_is_due() -> None:
    account = Account(
        datetime(2026, 3, 1),
        (("seats", datetime(2026, 3, 11), "on"),),
        tuple(
            Record("calls_made", "event", datetime(2026, 3, day), quantity, fields=(("region", region),))
            for day, quantity, region in ((2, "1500 calls", "EU"), (3, "1000 calls", "US"))
        ),
    )
    (bill,) = billed(CLOUD, account)
    sums = (bill.charges, bill.subtotal, bill.total, bill.due)
    assert sums == tuple(map(Fraction, ("39.94", "35.95", "43.14", "23.14")))


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [
        ("rate 0.08 USD/pic", 12000, "960"),
        ("rate 5 USD per started 1,000 pics", 12000, "60"),
        ("rate 5 USD per started 1,000 pics", 12001, "65"),
        ("volume { below 10,000 0.08 USD/pic; beyond 0.06 USD/pic }", 12000, "720"),
        ("volume { below 10,000 0.08 USD/pic; beyond 0.06 USD/pic }", 10000, "600"),
        ("volume { up to 10,000 600 USD; beyond 900 USD }", 10000, "600"),
        ("volume { up to 10,000 600 USD; beyond 900 USD }", 10001, "900"),
        ("graduated { up to 10,000 0.08 USD/pic; beyond 10 USD + 0.06 USD/pic }", 12000, "930"),
        ("graduated { up to 10,000 0.08 USD/pic; beyond 10 USD + 0.06 USD/pic }", 10000, "800"),
        ("graduated { below 10,000 0.08 USD/pic; beyond 10 USD + 0.06 USD/pic }", 10000, "810"),
        ("graduated { up to 10 0 USD; next 5 1 USD/pic; beyond 2 USD/pic }", 16, "7"),
        ("rate 0.0001 USD/pic; minimum 5 USD", 12000, "5"),
        ("rate 0.08 USD/pic; maximum 500 USD", 12000, "500"),
        ("rate 25 USD", 12000, "25"),
        ("rate 1 USD/3 pics", 1, "0.33"),
    ],
)
def test_price_forms(price: str, quantity: int, amount: str) -> None:
    text = f"{HEAD}charge fee {{ on made; every month; {price} }}"
    (bill,) = billed(text, Account(datetime(2026, 3, 1), records=(used(f"{quantity} pics"),)))
    assert bill.total == Fraction(amount)


@pytest.mark.parametrize(
    ("measure", "amount"),
    [
        ("highest(quantity) in pics", 9),
        ("lowest(quantity) in pics", 1),
        ("mean(quantity) in pics", 4),
        ("first(quantity) in pics", 1),
        ("last(quantity) in pics", 2),
        ("count() * 1 pic in pics", 4),
        ("unique(quantity) * 1 pic in pics", 4),
        ("nth_highest(quantity, 2) in pics", 4),
        ("nth_highest(quantity, 9) in pics", 1),
        ("percentile(quantity, 50) in pics", 2),
        ("percentile(quantity, 51) in pics", 4),
        ("sum(highest(quantity, 2)) in pics", 13),
        ("round up (sum(quantity)) to 10 pics in pics", 20),
        ("sum(quantity where quantity > 2 pics) in pics", 13),
        ("highest(sum(quantity) each day) in pics", 10),
        ("sum(quantity) / days(period) * 31 in pics", 16),
    ],
)
def test_measures(measure: str, amount: int) -> None:
    text = f"{HEAD}meter m {{ measure {measure} }}\ncharge fee {{ on m; every month; rate 1 USD/pic }}"
    usage = tuple(
        used(f"{quantity} pics", day=day, hour=hour, meter="m")
        for quantity, day, hour in ((1, 2, 1), (9, 2, 5), (4, 3, 2), (2, 3, 3))
    )
    (bill,) = billed(text, Account(datetime(2026, 3, 1), records=usage))
    assert bill.total == amount


def test_the_smaller_of_two_at_one_instant_comes_first() -> None:
    text = f"{HEAD}meter m {{ measure last(quantity) in pics }}\ncharge fee {{ on m; every month; rate 1 USD/pic }}"
    both = (used("45 pics", meter="m"), used("2 pics", meter="m"))
    for records in (both, both[::-1]):
        assert billed(text, Account(datetime(2026, 3, 1), records=records))[0].total == 45


def test_a_level_takes_the_part_of_a_state_that_lies_in_a_window() -> None:
    text = """
        tariff x { currency USD;  timezone "UTC" }
        unit bay, bays
        unit bm = bay * minute
        meter stay { measure integral(quantity where time(at) >= 8 hours and time(at) < 20 hours) in bm }
        charge fee { on stay;  every month;  rate 0.10 USD/bm }
    """
    stay = Record("stay", "state", datetime(2026, 3, 2, 19, 30), "1 bay", datetime(2026, 3, 3, 8, 15))
    assert billed(text, Account(datetime(2026, 3, 1), records=(stay,)))[0].total == Fraction("4.50")


def test_a_series_of_sums_since_an_instant_runs() -> None:
    text = f"""{HEAD}
        meter ahead {{
          define  sums = sum(quantity since activation) each month since activation
          measure highest(sums) + lowest(sums) in pics
        }}
        charge fee {{ on ahead;  every month;  rate 1 USD/pic }}
    """
    usage = tuple(used(f"{month} pics", month=month, day=10, meter="ahead") for month in (1, 2, 3))
    account = Account(datetime(2026, 1, 1), records=usage)
    assert billed(text, account, "2026-01", "2026-02", "2026-03")[2].total == 7


def test_periods_counted_from_a_date_begin_with_it() -> None:
    text = f"{HEAD}setting first date = 2026-02-05\ncharge fee {{ every month from first; amount 18 USD }}"
    account = Account(datetime(2026, 1, 20))
    totals = [bill.total for bill in billed(text, account, "2026-01", "2026-02", "2026-03")]
    assert totals == [0, 0, 18]


def test_a_whole_period_is_not_more_than_itself() -> None:
    text = f"{HEAD}charge fee {{ every month from activation; amount 30 USD; prorated by day }}"
    account = Account(datetime(2026, 3, 10, 12))
    assert billed(text, account, "2026-03", "2026-04")[1].total == 30


def test_the_first_period_begins_with_the_list() -> None:
    text = HEAD.replace('"UTC"', '"UTC";  effective from 2026-03-01')
    text += "charge fee { every month on day 15; prorated by day; amount 28 USD }"
    (bill,) = billed(text, Account(records=(used("1 pic"),)))
    assert bill.total == 14


def test_a_meter_in_the_price_of_a_record_is_its_own() -> None:
    text = """
        tariff x { currency USD;  timezone "UTC" }
        unit trip, trips
        unit mile, miles
        meter rides  { field distance in miles;  measure sum(quantity) in trips }
        meter driven { reads rides;  measure sum(distance) in miles }
        charge fare  { on rides;  every record;  rate 2 USD/trip + driven * 1 USD/mile }
        charge long  { on rides;  every record;  when driven > 5 miles;  rate 3 USD/trip }
    """
    rides = tuple(
        Record("rides", "event", datetime(2026, 3, day), "1 trip", fields=(("distance", f"{miles} miles"),))
        for day, miles in ((2, 4), (5, 7))
    )
    assert billed(text, Account(datetime(2026, 3, 1), records=rides))[0].total == 18


PACK = f"""{HEAD}
package pack {{ covers made;  sizes {{ 10 pics 70 USD }};  valid 31 days from purchase;  refund RULE }}
charge fee {{ on made;  every month;  rate 1 USD/pic }}
deduct made from pack > fee
"""


def test_lots_given_back_one_by_one_give_back_what_was_paid() -> None:
    text = PACK.replace("RULE", "in full within 7 days of purchase if unused")
    account = Account(
        purchases=(Purchase("p1", "pack", "10 pics", datetime(2026, 3, 20), 3, "200 USD"),),
        refunds=tuple(Request(f"p1#{number}", datetime(2026, 3, 21)) for number in (1, 2, 3)),
    )
    (bill,) = billed(text, account)
    assert sorted(line.amount for line in bill.lines if line.kind == "refund") == [
        Fraction("-66.67"),
        Fraction("-66.67"),
        Fraction("-66.66"),
    ]
    assert bill.total == 0


def test_days_are_whole_days() -> None:
    text = PACK.replace("RULE", "paid * (31 - days(purchase, request)) / 31")
    bought = Purchase("p1", "pack", "10 pics", datetime(2026, 3, 1, 10), paid="31 USD")
    account = Account(purchases=(bought,), refunds=(Request("p1", datetime(2026, 3, 17, 9)),))
    assert billed(text, account)[0].total == 15


def test_quotas_are_drawn_in_order_of_time_and_by_their_rank() -> None:
    text = f"""{HEAD}
        grant welcome {{ covers made;  size 500 pics }}
        package pack {{ covers made;  sizes {{ 1,000 pics 75 USD }};  valid 1 year }}
        charge fee {{ on made;  every month;  rate 0.06 USD/pic }}
        deduct made from welcome > pack > fee
    """
    account = Account(
        datetime(2026, 3, 1),
        records=(used("400 pics", day=10), used("900 pics", day=13), used("12100 pics", day=20)),
        purchases=(Purchase("p1", "pack", "1000 pics", datetime(2026, 3, 12)),),
    )
    (bill,) = billed(text, account)
    assert bill.balances == {"welcome": 0, "p1": 0}
    assert bill.total == 75 + 11900 * Fraction("0.06")


def test_money_pays_lines_when_their_period_ends() -> None:
    text = f"""{HEAD}
        meter other in pics
        charge fee {{ on made;  every day;  rate 1 USD/pic }}
        charge more {{ on other;  every day;  rate 1 USD/pic }}
        package wallet {{ covers fee, more;  sizes {{ beyond 0 USD/USD }};  draws oldest purchase }}
        deduct fee from wallet
        deduct more from wallet
    """
    account = Account(
        records=(used("30 pics", day=2, hour=10, meter="other"), used("30 pics", day=3, hour=11)),
        purchases=tuple(Purchase(f"p{day}", "wallet", "30 USD", datetime(2026, 3, day)) for day in (1, 3)),
    )
    assert billed(text, account)[0].total == 0


def test_a_total_that_a_lot_begins_inside_is_refused() -> None:
    text = PACK.replace("RULE", "never")
    total = Record("made", "total", datetime(2026, 3, 2), "5 pics", datetime(2026, 3, 3), named="2026-03-02")
    account = Account(records=(total,), purchases=(Purchase("p1", "pack", "10 pics", datetime(2026, 3, 2, 9)),))
    with pytest.raises(Refused, match="begins or ends inside"):
        billed(text, account)


def test_a_discount_of_more_than_it_is_on_is_refused() -> None:
    text = f"{HEAD}charge fee {{ on made; every month; rate 1 USD/pic }}\ndiscount less {{ on fee; amount 5 USD }}"
    with pytest.raises(Refused, match="more than it is on"):
        billed(text, Account(datetime(2026, 3, 1), records=(used("4 pics"),)))


def test_a_state_that_two_bands_share_is_refused() -> None:
    text = f"""{HEAD}
        meter power {{
          define band = if time(at) < 7 hours then "night" else "day"
          by     band
          measure sum(quantity) in pics
        }}
        charge fee {{ on power;  every month;  rate 1 USD/pic }}
    """
    early, late = datetime(2026, 3, 2, 6), datetime(2026, 3, 2, 22)
    with pytest.raises(Refused, match="instants at which a formula differs"):
        billed(text, Account(records=(Record("power", "state", early, "160 pics", late),)))
    day = Record("power", "state", datetime(2026, 3, 2, 7), "160 pics", late)
    assert billed(text, Account(records=(day,)))[0].total == 160


def test_usage_in_an_order_of_its_own() -> None:
    """The recipe: live traffic is served first, whenever it came."""
    rules = """
tariff x { currency USD;  timezone "UTC";  bytes by 1024 }
meter   traffic { field kind one of live, recorded;  measure sum(quantity) in GB }
grant   free { covers traffic;  size 10 GB;  renews every day }
charge  traffic_fee { on traffic;  every day;  rate 1 USD/GB }
deduct  traffic in order of kind from free > traffic_fee
"""
    records = (
        Record("traffic", "event", datetime(2026, 3, 2, hour), quantity, fields=(("kind", kind),))
        for hour, quantity, kind in ((8, "6 GB", "recorded"), (9, "8 GB", "live"))
    )
    (march,) = billed(rules, Account(datetime(2026, 3, 1), (), tuple(records)))
    assert [(line.source, line.amount) for line in march.lines] == [("traffic_fee", 4)]


def test_a_charge_for_each_reading() -> None:
    """The recipe: what was read, and a fee for the reading itself; a record that names who used it is one of all."""
    rules = """
tariff x { currency USD;  timezone "UTC" }
unit call, calls
meter  water in calls
charge water_fee  { on water;  every reading;  rate 3.122 USD/call }
charge access_fee { every reading;  amount 58.77 USD }
"""
    read = Record("water", "state", datetime(2026, 1, 5), "10 calls", datetime(2026, 4, 3), (("subaccount", "north"),))
    (april,) = billed(rules, Account(records=(read,), subaccounts=("north",)), "2026-04")
    assert april.total == Fraction("89.99")


def test_a_list_in_several_currencies() -> None:
    rules = """
tariff x { currency USD, JPY;  timezone "UTC";  rounding half up to 0.05 USD or 1 JPY }
unit pic, pics
meter made in pics
table rates by volume, currency in currency/pic {
             USD     JPY
  below 100  0.08    11.5
  beyond     0.06    8
}
charge fee    { on made;  every month;  volume rates[currency];  minimum 1 USD or 100 JPY }
charge cheque { every month;  amount 3 USD;  when currency == USD }
"""
    totals = [
        bills(Rules(rules, code), Account(datetime(2026, 3, 1), records=(used("99 pics"),)), ["2026-03"])[0].total
        for code in ("USD", "JPY")
    ]
    assert totals == [Fraction("10.90"), 1139]
    with pytest.raises(Refused, match="no prices in EUR"):
        Rules(rules, "EUR")


def test_what_is_spread_evenly_meets_a_lot_that_begins_inside() -> None:
    rules = HEAD.replace("meter made in pics", "meter made { spread evenly;  measure sum(quantity) in pics }")
    rules += """
package pack { covers made;  sizes { 100 pics 0 USD };  valid 1 day }
charge fee { on made;  every month;  rate 1 USD/pic }
deduct made from pack > fee
"""
    flow = Record("made", "state", datetime(2026, 3, 2), "96 pics", datetime(2026, 3, 6))
    bought = Purchase("p1", "pack", "100 pics", datetime(2026, 3, 3, 12))
    (bill,) = billed(rules, Account(datetime(2026, 3, 1), records=(flow,), purchases=(bought,)))
    assert bill.total == 72


@pytest.mark.parametrize(("day", "totals"), [("2026-04-01", [31, 60]), ("2026-03-11", [10 + 42, 60])])
def test_a_later_version(day: str, totals: list[int]) -> None:
    """A fee by the day: at 1 USD a day, and then at 2 USD."""
    text = "charge fee { every month;  amount PRICE * days(period);  prorated by 1 }"
    heads = (f"effective from 2026-01-01 until {day}", f"effective from {day};  changes split the period")
    texts = tuple(
        HEAD.replace('"UTC"', f'"UTC";  {head}') + text.replace("PRICE", price)
        for head, price in zip(heads, ("1 USD", "2 USD"), strict=True)
    )
    made = bills(read_list(texts), Account(datetime(2026, 3, 1)), ["2026-03", "2026-04"])
    assert [bill.total for bill in made] == totals
