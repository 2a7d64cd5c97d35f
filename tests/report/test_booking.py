"""Bills for booking: CSV whose figures are decimals, whose days are days, and whose rows add up."""

import csv
import io
from fractions import Fraction

import pytest

from ratewright.rating.walk import statement
from ratewright.report.bill_formats import bill_csv
from ratewright.report.decimals import added_up, decimal, endless
from tests.explain.bills import all_bills, case
from tests.laws.booking import unlike_its_bills
from tests.rating.accounts import account, event, tariff
from tests.rating.accounts import bill as rated

THIRD = "meter m in calls\ncharge fee { on m; every month; rate 1 USD/3 calls }\ndiscount d { on fee; rate 0% }"
HEAD = 'currency USD; timezone "UTC"; rounding'


def rows(*made) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bill_csv(*made))))


@pytest.mark.parametrize("name", all_bills())
def test_the_rows_of_every_bill_add_up(name: str) -> None:
    assert unlike_its_bills([all_bills()[name]]) is None


def test_a_row_for_each_line_and_a_column_for_each_key() -> None:
    told = [(row["source"], row["key_region"], row["amount"]) for row in rows(case("tiers_by_region"))]

    assert told == [
        ("traffic_fee", "AP1", "89.76"),
        ("traffic_fee", "Europe", "158.50"),
        ("sliced_fee", "", "426.00"),
    ]


def test_a_row_says_its_bill_by_days() -> None:
    row = rows(case("tiers_by_region"))[0]

    of = row["account"]
    assert (row["bill"], row["bill_start"], row["bill_end"]) == (f"2026-03 of {of}", "2026-03-01", "2026-03-31")
    assert (row["period_start"], row["period_end"]) == ("2026-03-01", "2026-03-31")
    assert row["rule"].startswith("tiers_by_region.tariff:")


def test_a_correction_stands_in_its_bill_with_the_change_of_both() -> None:
    found = [row for row in rows(all_bills()["late"]) if row["kind"] == "correction"]

    told = [(row["corrects"], row["key_region"], row["quantity"], row["amount"]) for row in found]
    assert told == [("charge", "EU", "300", "-30.00"), ("charge", "US", "20", "2.00")]
    assert {(row["bill_start"], row["period_start"]) for row in found} == {("2026-03-01", "2026-02-01")}


def test_prices_and_rates_are_figures() -> None:
    found = {row["source"]: row for row in rows(case("discounts_and_taxes"))}

    assert {name: row["tax_rate"] for name, row in found.items() if row["tax_rate"]} == {"gst": "0.1"}
    assert {name: row["unit_price"] for name, row in found.items() if row["unit_price"]} == {
        "plain_fee": "0.1",
        "fancy_fee": "0.3",
    }


def test_a_fee_on_no_usage_has_no_quantity() -> None:
    used = "meter m in calls\ncharge used_fee { on m;  every month;  minimum 1 USD;  rate 1 USD/call }"
    fee = f"charge fee {{ every month;  amount 2 USD }}\n{used}"
    (first, second) = rows(rated(tariff(fee), account()))

    assert {row["source"]: (row["quantity"], row["unit"]) for row in (first, second)} == {
        "fee": ("", ""),
        "used_fee": ("0", "calls"),
    }


def test_taxes_that_are_inside_add_nothing() -> None:
    found = [row for row in rows(case("line_by_line")) if row["kind"] == "included"]

    assert found
    assert {row["amount"] for row in found} == {"0.00"}
    assert all(Fraction(row["included_amount"]) > 0 and row["tax_rate"] for row in found)


@pytest.mark.parametrize(("used", "amounts"), [(1, ["0.33333333"]), (2, ["0.66666667"]), (3, ["1.00"])])
def test_what_does_not_end_is_a_decimal_with_its_ratio_beside_it(used: int, amounts: list[str]) -> None:
    found = rows(rated(tariff(THIRD, head=f"{HEAD} none"), account(event("2026-03-05", used))))[:1]

    assert [row["amount"] for row in found] == amounts
    assert [row["exact_amount"] for row in found] == ([f"ratio {used}/3"] if used < 3 else [""])


@pytest.mark.parametrize(("used", "rounding"), [(1, ["-0.00333333"]), (2, ["0.00333333"]), (3, [])])
def test_the_rounding_of_a_bill_is_a_row(used: int, rounding: list[str]) -> None:
    made = rated(tariff(THIRD, head=f"{HEAD} half up to 0.01 USD per bill"), account(event("2026-03-05", used)))
    found = rows(made)

    assert [row["amount"] for row in found if row["kind"] == "rounding"] == rounding
    assert sum(Fraction(row["amount"]) for row in found) == made.due


def test_several_bills_have_one_header() -> None:
    bill, other = case("tiers_by_region"), case("discounts_and_taxes")

    assert len(rows(bill, statement([other, other]))) == len(bill.lines) + 2 * len(other.lines)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (Fraction(1, 8), "0.125"),
        (Fraction(1, 3), "0.333333333333333"),
        (Fraction(-200, 3), "-66.6666666666667"),
        (Fraction(1, 3_000_000), "0.000000333333333333333"),
        (Fraction(10**20, 3), "33333333333333333333"),
    ],
)
def test_a_figure_has_as_many_digits_as_a_cell_holds(value, text) -> None:
    assert decimal(value) == text


def test_a_ratio_is_told_where_decimals_do_not_end() -> None:
    assert [endless(value) for value in (1, Fraction(1, 8), Fraction(-1, 3))] == ["", "", "ratio -1/3"]


@pytest.mark.parametrize(
    ("amounts", "least", "found"),
    [
        (["1/3", "1/3", "1/3"], 2, ["33/100", "34/100", "33/100"]),
        (["1/3", "1/2", "2/3"], 2, ["33/100", "1/2", "67/100"]),
        (["1/3", "1/6"], 0, ["3/10", "2/10"]),  # their sum needs one place
        (["1/3", "1/3"], 1, ["3/10", "4/10"]),  # their sum does not end
        (["-1/3", "-2/3"], 1, ["-3/10", "-7/10"]),
    ],
)
def test_decimals_add_up(amounts, least, found) -> None:
    assert added_up([Fraction(one) for one in amounts], least) == [Fraction(one) for one in found]


def test_hours_have_days_and_times() -> None:
    rules = tariff("meter m in calls\ncharge fee { on m; every hour; rate 1 USD/call }", head=f"{HEAD} none")
    found = rows(rated(rules, account(event("2026-03-05T22:30:00Z", 1), event("2026-03-05T23:30:00Z", 1))))

    names = ("period_start", "start_time", "period_end", "end_time")
    assert [tuple(row[name] for name in names) for row in found] == [
        ("2026-03-05", "22:00:00", "2026-03-05", "23:00:00"),
        ("2026-03-05", "23:00:00", "2026-03-05", "24:00:00"),
    ]
