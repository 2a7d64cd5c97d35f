"""Every figure that a reader sees stands in the bill or its trace."""

import re
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction

import pytest
from msgspec import Struct
from whenever import Date, Instant, ZonedDateTime

from ratewright.derivation.trace import Arithmetic, IncludedTrace, SourceTrace, TermTrace
from ratewright.diagnostics import Source, Span
from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Document
from ratewright.explain.render import DETAILS, render
from ratewright.rating.bill import Bill
from ratewright.rating.walk import statement
from ratewright.values.calendar import Calendar, Period, seconds_between
from ratewright.values.money import minor_digits
from ratewright.values.units import Unit
from tests.explain.bills import all_bills, both, plain
from tests.explain.summaries import amount, check_bill, table

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
DURATION = re.compile(r"(?:\d+ (?:day|hour|minute|second)s? ?)+ in all and (?:\d+ (?:day|hour|minute|second)s? ?)+")


RATIO = re.compile(r"(\d[\d,]*)/(\d[\d,]*)")
CUT = re.compile(r"(\d[\d,]*\.\d+)…")


def ratio(match: re.Match) -> Fraction:
    return Fraction(*(int(part.replace(",", "")) for part in match.groups()))


def begins(figure: Fraction, cut: str) -> bool:
    """Whether decimals that are cut are those of the figure."""
    digits = cut.replace(",", "")
    return abs(figure) >= Fraction(digits) > abs(figure) - Fraction(1, 10 ** len(digits.partition(".")[2]))


def numbers(text: str) -> set[Fraction]:
    return {Fraction(n.replace(",", "").rstrip(".")) for n in NUMBER.findall(text)}


class Figures:
    """All figures below a node, in base units and in every unit that the bill knows."""

    def __init__(self, bill: Bill) -> None:
        self.calendar = bill.calendar
        self.found: set[Fraction] = set()
        self.counts: set[Fraction] = set()
        self.prices: set[Fraction] = set()
        self.seen: set[int] = set()
        self.scales = {Fraction(unit.scale) for unit in bill.tariff.units.values()} | {Fraction(10**9)}
        self.walk(bill)
        self.to_pay(bill)
        self.found |= {value / scale for value in self.found for scale in self.scales} | self.counts
        self.found |= {value * scale for value in self.prices for scale in self.scales}

    def to_pay(self, bill: Bill) -> None:
        """What a rounding of the bill changed, and what is due in whole units of the currency, where that differs."""
        step = Fraction(1, 10 ** (minor_digits(bill.tariff.currency) or 0))
        whole = (abs(bill.due) / step + Fraction(1, 2)) // 1 * step
        self.found |= {step, whole, abs(whole - abs(bill.due)), abs(Fraction(bill.total - bill.exact_total))}

    def walk(self, node: object) -> None:
        if id(node) in self.seen and not isinstance(node, int | Fraction | str):
            return
        self.seen.add(id(node))
        match node:
            case bool() | None | Enum() | Calendar():
                pass
            case int() | Fraction():
                self.found.add(abs(Fraction(node)))
            case str():
                self.counts |= numbers(node)
            case Date():
                self.counts |= {Fraction(node.year), Fraction(node.month), Fraction(node.day)}
            case Instant():
                self.moment(self.calendar.local(node))
                self.moment(self.calendar.local(node.subtract(nanoseconds=1)))
            case SourceTrace():
                self.found.add(Fraction(sum(lot.remaining for lot in node.lots)))
                self.fields(node)
            case IncludedTrace():
                self.found.add(Fraction(node.gross) * 100)  # told as a percentage, as in the rule file
                self.fields(node)
            case TermTrace():
                self.prices.add(Fraction(node.price))
                self.fields(node)
            case Period():
                self.lasting(seconds_between(node.start, node.end))
                self.fields(node)
            case Source():
                self.walk(node.name)
            case Span():
                self.counts |= {Fraction(node.line)} | numbers(node.text)
            case Unit():
                self.walk(node.scale)
            case dict():
                for value in node.values():
                    self.walk(value)
            case tuple() | list():
                self.counts |= {Fraction(n) for n in range(len(node) + 1)}
                for value in node:
                    self.walk(value)
            case _ if is_dataclass(node):
                for field in fields(node):
                    self.walk(getattr(node, field.name))
            case Struct():
                self.fields(node)
            case Arithmetic():
                self.walk((node.text, node.filled, node.readings, node.span))
            case _ if hasattr(node, "items"):
                for value in node.values():
                    self.walk(value)

    def fields(self, node: Struct) -> None:
        for name in node.__struct_fields__:
            self.walk(getattr(node, name))

    def moment(self, local: ZonedDateTime) -> None:
        parts = (local.year, local.month, local.day, local.hour, local.minute, local.second)
        self.counts |= set(map(Fraction, parts))

    def lasting(self, seconds: int | Fraction) -> None:
        days, rest = divmod(seconds, 86400)
        self.counts |= {Fraction(days), Fraction(rest // 3600), Fraction(rest % 3600 // 60), Fraction(rest % 60)}


QUOTED = "The rules, as they were read"
"""Behind it stands the rule file itself."""


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("bill", all_bills().values(), ids=all_bills())
def test_no_figure_is_made_up(bill: Bill, detail) -> None:
    told = DURATION.sub("", render(bill, "text", detail, width=1000).partition(QUOTED)[0])
    allowed = Figures(bill).found | section_amounts(bill)
    assert numbers(RATIO.sub(lambda m: "" if ratio(m) in allowed else m[0], CUT.sub("", told))) - allowed == set()
    assert {cut for cut in CUT.findall(told) if not any(begins(figure, cut) for figure in allowed)} == set()


def section_amounts(bill: Bill) -> set[Fraction]:
    """What the sections of a bill come to, at its head; it is that of their rows."""
    document = assemble(bill, "normal")
    assert isinstance(document, Document)
    check_bill(bill, document)
    told = table(document.summary, "sections")
    return set() if told is None else {amount(row[-1]) for row in told.rows}


def test_the_check_would_notice() -> None:
    assert Fraction(797) not in Figures(plain()).found
    assert Fraction(796) in Figures(plain()).found


def test_the_sketched_bill_is_complete() -> None:
    told = " ".join(render(plain(), "text").split())
    for words in (
        "Bill for acme, March 2026",
        "price list of 2026-01-21",
        "issued 1 to 3 April 2026",
        "10,000 pics used",
        "12 pics with status failed not counted and not charged",
        "free resource package 50 pics 0 left, valid to 4 January 2027 0.00 USD",
        "none held: prepaid resource package",
        "pay as you go 9,950 pics 9,950 × 0.08 USD/pic = 796.00 USD 796.00 USD",
        "0.08 USD/pic because 9,950 is in the tier 0 < usage < 10,000",
        "the tier goes by the 9,950 pics that reach this charge, not by the 10,000 pics used",
        "50 pics more would reach 0.06 USD/pic and this line would fall to 600.00 USD",
        "concurrent tasks 3 tasks the default, nothing added 0.00 USD",
        "total 796.00 USD",
    ):
        assert words in told


def test_why_not_the_other_tiers() -> None:
    told = " ".join(render(plain(), "text", "full").split())
    assert "10,000 ≤ usage < 100,000 at 0.06 USD/pic: not reached, 50 pics short" in told
    assert "usage ≥ 1,000,000 at 0.04 USD/pic: not reached, 990,050 pics short" in told
    passed = " ".join(render(all_bills()["busy-march"], "text", "full").split())
    assert "0 < usage < 10,000 at 0.08 USD/pic: passed, 120,000 is not below 10,000" in passed


@pytest.mark.parametrize(
    "words",
    [
        "0.52 EUR + 3.60 EUR + 2.00 EUR = 6.12 EUR",
        "100 < usage ≤ 1,000: 900 × 0.004 EUR/call = 3.60 EUR",
        "1 × 2 EUR per started 1,000 calls = 2.00 EUR",
        "1.2915 EUR exactly, rounded half even to 0.01 EUR: 1.29 EUR",
        "lowered from 123.00 EUR to 20.00 EUR",
        "1 call more would reach 0.01 EUR/call and this line would fall to 1.01 EUR",
        "calls, rounded up to 100 calls: ",
        "12% of 6.12 EUR = 0.7344 EUR",
        "“12% of call_fee”, where call_fee is 6.12 EUR",
    ],
)
def test_each_price_form_shows_its_arithmetic(words: str) -> None:
    assert words in " ".join(render(all_bills()["parts"], "text").split())


TOLD = {
    "tiers_by_region": [
        "traffic fee, Europe 2,500 GB 2,500 GB × 0.0634 USD/GB = 158.50 USD",
        "0.0634 USD/GB because 2,500 GB is in the tier 2 TB ≤ usage < 50 TB",
        "the tiers are those of traffic price [Europe]",
        "1 TB < usage ≤ 5 TB: 4,000 GB × 0.08 USD/GB = 320.00 USD",
        "usage > 5 TB: 3 × 2 USD per started 500 GB = 6.00 USD",
    ],
    "tables_and_formulas": [
        "terms [standard] fee = 399.00 USD",
        "0.375 USD/user is “seat_price[region_of[country]] * share”: 0.50 USD/user × 0.75",
        "region_of[germany] is Europe",
        "where extra is 0 users (max(3 users - 1,000 users, 0 users))",
        "charged on “max(peak, guaranteed)”: max(120 users, 80 users) = 120 users",
        "3.99 USD is “terms[plan].fee / 100”: 399.00 USD / 100, where terms[standard].fee is",
        "the bound “included / 10”: 1,000 users / 10 = 100 users",
        "the tier goes by peak: 120 users",
        "3 users from 4 records: ann, bob, eve",
    ],
    "peaks": [
        "9 Mbps from 3 records, the highest of 3 values, recorded 2026-03-02 00:15",
        "“highest(daily_peak, 5)”, 5 of 6 values: 60 Mbps (2026-03-06), 50 Mbps (2026-03-05)",
        "valid_days is 6 (“count(daily_peak)”)",
        "a share of it, “days_with_use / 31 days_used”: 6 days_used / 31 days_used = 0.1935483…",
        "billed nothing itself; top fee goes by it",
    ],
    "levels": [
        "“integral(quantity) / length(period)”, that is 126,000 GB × hours / 30 days",
        "100 GB for 15 days, 2026-04-01 00:00 to 2026-04-16 00:00",
        "250 GB for 15 days, 2026-04-16 00:00 to 2026-05-01 00:00",
    ],
    "discounts_and_taxes": [
        "welcome credit pays 10.00 USD of 100.00 USD -10.00 USD",
        "credit@2026-03-01: 10.00 USD drawn, 0.00 USD left",
        "for 17 of 31 days: 25.00 USD × 17/31 = 13.709677… USD",
        "taken off plain calls, fancy calls and base fee: 90.00 USD + 99.90 USD + 13.71 USD = 203.61 USD",
        "6.30 USD on plain calls; 6.99 USD on fancy calls; 0.96 USD on base fee",
        "a tax on what is left of the subtotal: 184.36 USD",
        "charges 203.61 USD loyalty discount -14.25 USD subtotal 189.36 USD coupon -5.00 USD left of the subtotal"
        " 184.36 USD GST, 10% of 184.36 USD 18.44 USD total 202.80 USD voucher -100.00 USD due 102.80 USD",
    ],
    "pools": [
        "1 GB takes 1.7692 GB of it: 365.221569… GB took 646.15 GB",
        "s1@2026-03-10 (STANDARD): 10 GB drawn, 0 GB left, valid to 10 March 2026",
        "included@2026-02-01-rolled: 400 calls drawn, 0 left, valid to 31 March 2026",
        "1 package of 10 GB for STANDARD, bought 2026-03-10 00:00 as s1",
    ],
    "parts_of_a_month": [
        "18.00 USD for March 2026 so far, and 12.00 USD were billed before: 6.00 USD more",
        "12.00 USD for March 2026 so far, nothing of it billed before",
        "upgrade 10 orders 7 lines 40.00 USD",
        "7 lines, of which the sum stands above",
        "1 × 3 USD/order = 3.00 USD raised from 3.00 USD to 5.00 USD",
        "5 lines 5 orders 25.00 USD",
    ],
    "refunds": [
        "36.50 USD - round up ((2026-03-13 12:00 - 2026-03-02) / 1 day) / 365 × 36.50 USD = 35.30 USD",
        "500 GB × 0.04 USD/GB = 20.00 USD",
        "does not fit: drawn was 600 GB",
    ],
    "readings": [
        "the bound 69.863013… kL is threshold (300 kL / 365 × 85), where days(period) is 85",
        "“sum(quantity) * 1.02264 * calorific_value”, that is 80 m3 × 1.02264 × 39.5 MJ/m3",
        "supply, 2026-01-05 to 0.40 USD × 85 = 34.00 USD",
    ],
    "conditions": [
        "50 calls with hour 5 (time(2026-03-02 05:00) / 1 hour) not counted and not charged",
        "11.03 USD exactly, rounded half up to 1.00 USD: 11.00 USD",
    ],
    "late": [
        "calls, EU, February 2026 300 calls 60.00 USD - 90.00 USD billed before -30.00 USD",
        "worked out again with 1 record reported late: 1,200 × 0.05 USD/call = 60.00 USD",
        "reported late: Calls of 2026-02-20 10:00, reported 2026-03-05 08:00: 300 calls",
        "subtotal 1.00 USD corrections of earlier bills -28.00 USD total -27.00 USD",
    ],
}


@pytest.mark.parametrize(("name", "words"), [(name, words) for name, told in TOLD.items() for words in told])
def test_each_construct_says_where_its_figures_come_from(name: str, words: str) -> None:
    assert words in " ".join(render(all_bills()[name], "text").split())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("conditions", "heavy use did not apply applies only when “heavy” holds, but heavy was off (400 calls > 1,000"),
        ("conditions", "usage > 100, not sold: not reached, 40 is not above 100"),
        ("conditions", "applies because “not heavy and plan == free” holds: heavy is off (400 calls > 1,000 calls)"),
        ("discounts_and_taxes", "fancy calls: 6.99 USD for 99.90 USD"),
        ("discounts_and_taxes", "voucher 100.00 USD drawn, 0.00 USD left, valid to 31 December 2026"),
        ("peaks", "daily_peak, 6 values of “nth_highest(quantity, 2) each day where highest(quantity) > 1 Mbps”"),
        ("pools", "a lot has its whole size again every month, and what is left rolls over for 1 month"),
        (
            "tables_and_formulas",
            "extra is “max(active - included, 0 users)”, where active (active users) is 3 users and included is",
        ),
        (
            "tables_and_formulas",
            "region of [germany], where country is germany, is written at tables_and_formulas.tariff:12",
        ),
    ],
)
def test_the_full_length_says_more(name: str, words: str) -> None:
    assert words in " ".join(render(all_bills()[name], "text", "full").split())
    assert words not in " ".join(render(all_bills()[name], "text").split())


@pytest.mark.parametrize(
    "words",
    [
        "not covered 3,005 pics billed nothing",
        "pay as you go applies only when “postpaid” holds, but postpaid (postpaid billing) was off",
        "5 tasks from 2026-03-05 00:00 to 2026-03-08 00:00, with c1",
        "2 tasks had to wait, 1 minute 53 seconds in all and 57 seconds at most",
        "no task would have waited with 2 tasks more for a day from 2026-03-09 00:00, for 400.00 USD",
        "1 package of 10,000 pics, bought 2026-03-01 09:00 as p2, valid to 2027-03-01 09:00",
        "fits: asked 2026-03-26 10:00, in time until 2026-04-01 09:00",
        "too late: “refund in full within 7 days of purchase if unused” ended 2026-03-08 09:00",
        "the price list does not allow it: “pause never”",
        "off, then on from 2026-03-20 00:00",
    ],
)
def test_what_happened_beside_the_charge_is_told(words: str) -> None:
    assert words in " ".join(render(all_bills()["busy-march"], "text").split())


def test_a_statement_says_what_is_due_where_it_is_not_the_total() -> None:
    bill = all_bills()["discounts_and_taxes"]
    told = " ".join(render(statement([bill, bill]), "text", "short").split())

    assert told.endswith("total of all bills 405.60 USD voucher -200.00 USD due 205.60 USD")
    assert "due" not in render(both(), "text", "short").rpartition("total of all bills")[2]


def test_what_was_bought_says_how_it_was_rounded() -> None:
    from tests.rating.accounts import account, bill, buy, tariff

    body = "meter m in calls\npackage pack { covers m; sizes { 10 calls 33.33 USD }; valid 1 month }\n"
    body += "deduct m from pack"
    rules = tariff(body, 'currency USD; timezone "UTC"; rounding half up to 1 USD')
    made = bill(rules, account(purchases=(buy("p", "2026-03-02", 10, count=3),)))
    told = " ".join(render(made, "text").split())
    assert "3 × 33.33 USD = 99.99 USD 100.00 USD" in told
    assert "99.99 USD exactly, rounded half up to 1.00 USD: 100.00 USD" in told
