"""Bills read as the customer who pays: units as the list writes them, titles for names, sums that can be found."""

from __future__ import annotations

import re

import pytest

from ratewright import usage
from ratewright.diagnostics import Source
from ratewright.explain.render import Detail, render
from ratewright.explain.wording.titles import Names
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill, LineKind
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.rating.walk import statement
from ratewright.values.calendar import calendar_of
from tests.explain.bills import read_tariff

HEAD = 'tariff t "Cloud" { currency USD;  timezone "UTC";  bytes by 1000 }\nunit call, calls\nunit pass, passes\n'


def billed(rules: str, records: str, first: str = "2026-03", last: str = "", more: str = "") -> list[Bill]:
    account = f"account: a\nactivated: 2026-01-01\n{more}usage:\n{records}" if records else f"account: a\n{more}"
    read, problems = usage.read(Source("a.yaml", account))
    assert read is not None, problems
    tariff = read_tariff(rules if rules.startswith("tariff") else HEAD + rules, "t.tariff")
    periods = months(first, last or first, calendar_of(tariff.timezone))
    bills, problems = rate_account([plan_of(tariff)], read, periods)
    assert not problems, problems
    return bills


def told(bill: Bill, detail: Detail = "normal") -> str:
    return " ".join(render(bill, "text", detail, width=1000).split())


def use(meter: str, at: str, quantity: str, **more: str) -> str:
    fields = "".join(f", {name}: {value}" for name, value in more.items())
    return f'  - {{meter: {meter}, at: {at}Z, quantity: "{quantity}"{fields}}}\n'


# what is left out, and what is measured

ABROAD = """
meter data { field place one of home, abroad = home;  measure sum(quantity) in MB }
meter days_abroad {
  reads data;  where place == abroad
  define used = sum(quantity) each day
  measure count(used) in passes
}
charge day_pass { on days_abroad;  every month;  rate 3 USD/pass }
"""


def test_what_is_left_out_is_in_the_unit_of_the_records() -> None:
    used = use("data", "2026-03-03T10:00:00", "3 GB") + use("data", "2026-03-04T10:00:00", "1 MB", place="abroad")
    (bill,) = billed(ABROAD, used)

    assert "1 pass measured (1 record of 3,000 MB with place home not counted here)" in told(bill)
    assert "1 record with 3,000 MB left out" in told(bill, "full")


MINIMUM = """
meter premium { measure sum(max(60 seconds, round up (quantity) to 30 seconds)) in seconds }
charge fee { on premium;  every month;  rate 1.00 USD/minute }
"""


@pytest.mark.parametrize("detail", ["normal", "full"])
def test_a_quantity_by_a_rule_of_its_own_is_measured_and_says_by_which(detail: Detail) -> None:
    (bill,) = billed(MINIMUM, use("premium", "2026-03-04T10:00:00", "5 seconds"))

    assert "premium 60 seconds measured measured from 1 record by “sum(max(60 seconds, round up" in told(bill, detail)
    assert told(bill, detail).count("measured from 1 record") == 1


def test_records_are_counted_for_the_time_that_a_measure_looks_at() -> None:
    rules = "meter top { measure highest(quantity since activation) in calls }\n"
    rules += "charge fee { on top;  every month;  rate 1 USD/call }"
    (bill,) = billed(rules, use("top", "2026-01-10T10:00:00", "9") + use("top", "2026-03-04T10:00:00", "5"))

    assert "9 calls from 2 records since 2026-01-01 00:00 (1 in March 2026)" in told(bill)
    assert "the highest of 2 values, recorded 2026-01-10 10:00" in told(bill)


def test_a_record_that_is_spread_is_one() -> None:
    rules = "meter used { spread evenly;  measure sum(quantity) in calls }\n"
    peak = "highest(sum(quantity) each hour since activation)"
    rules += f"meter top {{ reads used;  spread evenly;  measure {peak} in calls }}\n"
    rules += "charge fee { on top;  every month;  rate 1 USD/call }"
    lasting = "  - {meter: used, from: 2026-%sT00:00:00Z, to: 2026-%sZ, quantity: %s}\n"
    first = lasting % ("01-01", "01-01T01:00:00", 1)  # from the instant on at which the measure begins to look
    (bill,) = billed(rules, first + lasting % ("03-10", "03-20T00:00:00", 240))

    assert "1 call from 2 records since 2026-01-01 00:00 (1 in March 2026)" in told(bill)


def test_what_a_formula_prices_at_rows_is_told_row_by_row() -> None:
    rules = "table steps by made in USD { up to 20 calls 3 USD/call;  beyond 2 USD/call + 10 USD }\n"
    rules += "meter made in calls\ncharge fee { on made;  every month;  amount graduated(steps, made) }"
    text = told(*billed(rules, use("made", "2026-03-04T10:00:00", "25")))

    assert "graduated(steps, 25 calls) is 80.00 USD (20 calls × 3 USD/call + 20.00 USD)" in text


# prices as they are written

PRICES = """
setting plan one of free, pro = pro
table price by service in USD/minute { hotline 1.00;  chat 0.30 }
define base = 0.50 USD/hour
define picked = if plan == pro then price["chat"] else price[service]
meter talk { field service text;  by service;  measure sum(quantity) in seconds }
charge talk_fee { on talk;  every month;  rate %s }
"""
HOTLINE = use("talk", "2026-03-04T10:00:00", "90 seconds", service="hotline")


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("price[service]", "90 seconds × 1.00 USD/minute = 1.50 USD"),
        ("price[service] * 2", "90 seconds × 2 USD/minute = 3.00 USD"),
        ("picked", "90 seconds × 0.30 USD/minute = 0.45 USD"),
        ("base", "90 seconds × 0.50 USD/hour = 0.0125 USD"),
        ("base * days(period)", "90 seconds × 15.5 USD/hour = 0.3875 USD"),
        ("3.60 USD/hour", "90 seconds × 3.60 USD/hour = 0.09 USD"),
    ],
)
def test_a_price_keeps_the_unit_and_the_decimals_of_its_author(rate: str, shown: str) -> None:
    assert shown in told(billed(PRICES % rate, HOTLINE)[0])


def test_so_do_prices_of_tiers_with_their_unit_at_the_top() -> None:
    rules = """
    table price by volume in USD/minute { up to 60 seconds 1.00;  beyond 0.50 }
    meter talk in seconds
    charge talk_fee { on talk;  every month;  graduated price }
    """
    (bill,) = billed(rules, use("talk", "2026-03-04T10:00:00", "90 seconds"))

    assert "0 < usage ≤ 60 seconds: 60 seconds × 1.00 USD/minute = 1.00 USD" in told(bill)
    assert "30 seconds × 0.50 USD/minute = 0.25 USD" in told(bill)


def test_so_does_the_price_of_a_size() -> None:
    rules = """
    meter used in GB
    charge use_fee { on used;  every month;  rate 1 USD/GB }
    package pack { covers used;  sizes { up to 10 TB  0.20 USD/GB };  valid 1 year from purchase }
    deduct used from pack > use_fee
    """
    bought = 'purchases:\n  - {id: p1, package: pack, size: 50 GB, at: "2026-03-02T10:00:00Z"}\n'
    (bill,) = billed(rules, use("used", "2026-03-04T10:00:00", "5 GB"), more=bought)

    assert "50 GB × 0.20 USD/GB = 10.00 USD" in told(bill)


def test_a_number_needs_no_parentheses() -> None:
    rules = """
    define a = 60
    define b = 3
    charge fee { every month;  amount 1 USD * days(period) / (a * b) + 2 * (0.30 USD - (days(period)) * 0.01 USD) }
    """

    assert "1 USD × 31 / 180 + 2 × (0.30 USD - 31 × 0.01 USD)" in told(billed(rules, "")[0])


# names

NAMES = """
meter energy "energy" { measure sum(quantity) in calls }
meter demand_ever "Highest demand" { reads energy;  measure highest(quantity) in calls }
charge energy_fee "energy" { on energy;  every month;  rate 1 USD/call }
charge demand_fee "demand charge" { on max(demand_ever, 2 calls);  every month;  rate 1 USD/call }
charge off_peak "20% off" { every month;  amount 1 USD }
charge share_fee { every month;  amount 10% of (energy_fee + off_peak) }
"""


def test_a_formula_is_quoted_as_the_file_has_it_and_its_names_are_told_with_their_titles() -> None:
    text = told(billed(NAMES, use("energy", "2026-03-04T10:00:00", "5"))[0])

    assert (
        "charged on “max(demand_ever, 2 calls)”: max(5 calls, 2 calls) = 5 calls, "
        "where demand_ever (Highest demand) is 5 calls" in text
    )
    assert (
        "“10% of (energy_fee + off_peak)”, where energy_fee (energy) is 5.00 USD "
        "and off_peak (20% off) is 1.00 USD" in text
    )


def test_every_quoted_formula_is_found_in_the_file() -> None:
    text = told(billed(NAMES, use("energy", "2026-03-04T10:00:00", "5"))[0])
    quoted = re.findall("“([^”]*)”", text)

    assert quoted
    assert all(formula in NAMES for formula in quoted)


def test_what_is_named_outside_of_a_formula() -> None:
    names = Names(read_tariff(HEAD + NAMES, "t"))

    assert names.of("demand_ever") == "Highest demand"
    assert names.of("some_step") == "some step"
    assert names.of("days(period)") == "days(period)"
    assert names.of("price_list[day_time, 2].per_call") == "price list [day_time, 2] per call"


def test_what_shares_its_title_is_said_once() -> None:
    text = told(billed(NAMES, use("energy", "2026-03-04T10:00:00", "5"))[0], "short")

    assert " energy 5 calls 5.00 USD" in text
    assert "energy, energy" not in text


# sums

SUMS = """
meter used in calls
charge use_fee { on used;  every month;  rate 1 USD/call }
charge least { every month;  amount max(10 USD - charges, 0 USD) }
grant credit { covers subtotal;  size per account }
deduct subtotal from credit
tax vat "VAT" { on subtotal;  rate 10% }
"""
CREDIT = "grants:\n  - {grant: credit, size: 4 USD}\n"


def test_a_tax_goes_by_a_sum_that_stands_at_the_foot() -> None:
    used, credit = use("used", "2026-03-04T10:00:00", "30"), CREDIT.replace("4 USD", "24 USD")
    with_credit, without = told(billed(SUMS, used, more=credit)[0]), told(billed(SUMS, used)[0])

    assert "a tax on what is left of the subtotal: 26.00 USD" in with_credit
    assert with_credit.endswith(
        "subtotal 30.00 USD credit -4.00 USD left of the subtotal 26.00 USD"
        " VAT, 10% of 26.00 USD 2.60 USD total 28.60 USD"
    )
    assert "a tax on subtotal: 30.00 USD" in without
    assert without.endswith("subtotal 30.00 USD VAT, 10% of 30.00 USD 3.00 USD total 33.00 USD")


def test_a_line_of_a_sum_that_it_names_means_the_lines_before_it() -> None:
    assert "“max(10 USD - charges, 0 USD)”, where charges so far is 2.00 USD" in told(
        billed(SUMS, use("used", "2026-03-04T10:00:00", "2"))[0]
    )


LATE = """
meter energy { measure sum(quantity) in calls }
meter ever { reads energy;  measure highest(quantity since activation) in calls }
charge use_fee { on energy;  every month;  rate 1 USD/call }
charge peak_fee { on max(ever, 0 calls);  every month;  rate 2 USD/call }
tax vat "VAT" { on subtotal;  rate 10% }
"""
RECORDS = (
    use("energy", "2026-01-04T10:00:00", "1")
    + use("energy", "2026-01-05T10:00:00", "5", reported="2026-03-02T09:00:00Z")
    + use("energy", "2026-02-04T10:00:00", "2")
    + use("energy", "2026-03-04T10:00:00", "3")
)


def test_corrections_stand_apart_from_the_sums_of_the_period() -> None:
    bill = billed(LATE, RECORDS)[0]
    corrected = sum(line.amount for line in bill.lines if line.kind is LineKind.CORRECTION)

    assert (bill.charges, bill.subtotal) == (13, 13)
    assert bill.corrections == corrected
    assert bill.total == bill.subtotal + sum(x.amount for x in bill.lines if x.kind is LineKind.TAX) + corrected
    assert bill.exact_total == sum(line.amount for line in bill.lines)
    assert told(bill).endswith(
        "subtotal 13.00 USD VAT, 10% of 13.00 USD 1.30 USD corrections of earlier bills 20.90 USD total 35.20 USD"
    )


def test_a_correction_names_the_late_record_and_what_follows_from_it() -> None:
    text = told(billed(LATE, RECORDS)[0])

    assert "reported late: energy of 2026-01-05 10:00, reported 2026-03-02 09:00" in text
    assert "worked out again with 1 record reported late: 6 × 1 USD/call = 6.00 USD" in text
    assert "none of its own records came late: this follows from 1 record of January 2026 reported late" in text


def test_negative_amounts_are_not_subtracted_from_one_another() -> None:
    rules = """
    meter energy in calls
    charge use_fee { on energy;  every month;  rate 1 USD/call }
    grant credit { covers use_fee;  size per account }
    deduct use_fee from credit
    """
    text = told(billed(rules, RECORDS, more=CREDIT)[0])

    assert "credit, January 2026 -4.00 USD now, -1.00 USD billed before -3.00 USD" in text
    assert "use fee, January 2026 5 calls 6.00 USD - 1.00 USD billed before 5.00 USD" in text


def test_what_is_below_0_is_a_credit_and_what_is_finer_than_a_cent_is_rounded_to_be_paid() -> None:
    rules = "meter used in calls\ncharge fee {{ on used;  every month;  rate {};  rounding none }}\n"
    used = use("used", "2026-03-04T10:00:00", "1")

    assert told(billed(rules.format("1 USD/call - 6 USD/call"), used)[0]).endswith(
        "total -5.00 USD credit to you 5.00 USD"
    )
    assert told(billed(rules.format("1 USD/3 calls"), used)[0]).endswith(
        "total 0.333333… USD rounding to 0.01 USD -0.00333333… USD payable amount 0.33 USD"
        " the payable amount is rounded half up to 0.01 USD, the smallest unit of USD"
    )


# headings

ONE = 'tariff t "Cloud" {{ currency USD;  timezone "UTC";  effective from {};  changes split the period }}\n'


def test_a_statement_names_one_plain_stretch_of_time_and_all_its_lists() -> None:
    rest = "unit call\nmeter used in call\ncharge fee { on used;  every month;  rate 1 USD/call }\n"
    old = read_tariff(ONE.format("2026-01-01 until 2026-02-15") + rest, "old")
    new = read_tariff(ONE.format("2026-02-15") + rest, "new")
    read, _ = usage.read(Source("a", "account: ida\nusage:\n" + use("used", "2026-02-20T10:00:00", "1")))
    assert read is not None
    bills, problems = rate_account([plan_of(old), plan_of(new)], read, months("2026-02", "2026-03", calendar_of("UTC")))
    assert not problems

    for shown, title in (
        (bills, "Statement for ida, February 2026 to March 2026"),
        (bills[:2], "Statement for ida, February 2026"),
        (bills[1:], "Statement for ida, 2026-02-15 to 2026-03-31"),
    ):
        text = " ".join(render(statement(shown), "text", "short", width=1000).split())
        assert text.startswith(f"{title} Cloud, price list")
    assert "Cloud, price lists of 2026-01-01 and 2026-02-15" in " ".join(render(statement(bills), "text").split())


def test_a_charge_that_comes_to_nothing_says_by_which_formula() -> None:
    rules = (
        "meter peak { measure highest(quantity) in calls }\n"
        'charge over "Overage" { on max(peak - 10 calls, 0 calls); every month; rate 1 USD/call }'
    )
    (bill,) = billed(rules, use("peak", "2026-03-01T10:00:00", "8"))
    assert (
        "8 calls counted for Overage, which comes to nothing by “max(peak - 10 calls, 0 calls)”: "
        "max(8 calls - 10 calls, 0 calls) = 0 calls" in told(bill)
    )


def test_what_usage_is_kept_apart_by_says_its_formula() -> None:
    rules = (
        "table prices by tariff_time in USD/call { day 2; night 1 }\n"
        'meter used { define tariff_time = if time(at) < 7 hours then "night" else "day"; by tariff_time; '
        "measure sum(quantity) in calls }\n"
        "charge fee { on used; every month; rate prices[tariff_time] }"
    )
    (bill,) = billed(rules, use("used", "2026-03-01T06:59:59", "8") + use("used", "2026-03-01T07:00:00", "1"))
    assert 'tariff_time is “if time(at) < 7 hours then "night" else "day"”' in told(bill, "full")


def test_a_late_record_that_is_priced_alone_is_the_one_that_came_late() -> None:
    rules = "meter pay { measure sum(quantity) in USD }\ncharge fee { on pay; every record; rate 2%; maximum 5 USD }"
    late = use("pay", "2026-03-10T10:00:00", "1000 USD", reported="2026-04-03T00:00:00Z")
    _, bill = billed(rules, late + use("pay", "2026-03-11T10:00:00", "100 USD"), "2026-03", "2026-04")
    text = told(bill)
    assert "worked out again with 1 record reported late: 1,000.00 USD × 2% = 20.00 USD" in text
    assert "lowered from 20.00 USD to 5.00 USD, the most that this line may cost" in text


def test_a_name_alone_is_told_by_its_title() -> None:
    rules = (
        'charge credit "feed-in credit" { every month; amount 5 USD }\n'
        'charge base "standing charge" { every month; amount 5 USD }\n'
        "tax one { on credit; rate 10% }\ntax both { on credit + base; rate 10% }"
    )
    (bill,) = billed(rules, "")
    text = told(bill)
    assert "a tax on feed-in credit: 5.00 USD" in text
    assert (
        "a tax on “credit + base”: 5.00 USD + 5.00 USD = 10.00 USD, "
        "where credit (feed-in credit) is 5.00 USD and base (standing charge) is 5.00 USD" in told(bill, "full")
    )
    assert "a tax on feed-in credit and standing charge: 5.00 USD + 5.00 USD = 10.00 USD" in text
