"""Bills for machines: their sums, what lines are kept apart by, what discounts and payments are of."""

import json
from fractions import Fraction

import pytest

from ratewright.rating.walk import statement
from ratewright.report.bill_formats import bill_json, harmless
from ratewright.report.bill_schema import BillModel
from tests.explain.bills import all_bills, case


def data(name: str) -> dict:
    return json.loads(bill_json(case(name)))


@pytest.mark.parametrize("name", all_bills())
def test_every_bill_fits_its_schema(name: str) -> None:
    BillModel.model_validate_json(bill_json(all_bills()[name]))


def test_the_sums_follow_on_one_another() -> None:
    bill = data("discounts_and_taxes")

    assert [bill[name] for name in ("charges", "subtotal", "total", "due")] == ["203.61", "189.36", "202.80", "102.80"]


def test_corrections_of_earlier_bills_are_a_sum_of_their_own() -> None:
    bill = json.loads(bill_json(all_bills()["late"]))

    assert [bill[name] for name in ("charges", "subtotal", "corrections", "total")] == [
        "1.00",
        "1.00",
        "-28.00",
        "-27.00",
    ]
    assert "corrections" not in data("discounts_and_taxes")


@pytest.mark.parametrize("name", all_bills())
def test_the_lines_add_up_to_what_is_due(name: str) -> None:
    bill = json.loads(bill_json(all_bills()[name]))
    rounded = Fraction(bill["total"]) - all_bills()[name].exact_total

    lines = [line for line in bill["lines"] if line["kind"] != "included"]
    assert sum(Fraction(line["amount"]) for line in lines) + rounded == Fraction(bill["due"])


def test_what_is_taken_off_is_negative() -> None:
    signs = {line["kind"]: Fraction(line["amount"]) > 0 for line in data("discounts_and_taxes")["lines"]}

    assert signs == {"charge": True, "payment": False, "discount": False, "tax": True}


def test_a_payment_says_what_it_pays() -> None:
    paid = {line["source"]: line["pays"] for line in data("discounts_and_taxes")["lines"] if "pays" in line}

    assert paid == {"credit": "plain_fee", "coupon": "subtotal", "voucher": "total"}


def test_a_discount_says_how_it_is_spread() -> None:
    (discount,) = [line for line in data("discounts_and_taxes")["lines"] if line["kind"] == "discount"]

    shares = {share["source"]: (share["amount"], share["share"]) for share in discount["spread"]}
    assert shares == {"plain_fee": ("90.00", "6.30"), "fancy_fee": ("99.90", "6.99"), "base": ("13.71", "0.96")}
    assert sum(Fraction(share) for _, share in shares.values()) == -Fraction(discount["amount"])


def test_a_line_says_what_its_usage_is_kept_apart_by() -> None:
    lines = [line for line in data("tiers_by_region")["lines"] if line["source"] == "traffic_fee"]

    assert [line["key"] for line in lines] == [{"region": "AP1"}, {"region": "Europe"}]
    assert "key" not in data("levels")["lines"][0]


def test_a_correction_is_a_line_of_its_period() -> None:
    lines = json.loads(bill_json(all_bills()["late"]))["lines"]

    corrected = [
        (line["key"], line["amount"], line["period"]["start"]) for line in lines if line["kind"] == "correction"
    ]
    assert corrected == [
        ({"region": "EU"}, "-30.00", "2026-02-01T00:00:00+00:00"),
        ({"region": "US"}, "2.00", "2026-02-01T00:00:00+00:00"),
    ]


def test_a_balance_says_for_which_usage_it_is() -> None:
    (balance,) = [balance for balance in data("pools")["balances"] if balance["source"] == "storage_pack"]

    assert balance["with"] == {"class": "STANDARD"}


def test_a_statement_says_what_is_due() -> None:
    bill = case("discounts_and_taxes")
    both = json.loads(bill_json(statement([bill, bill])))

    assert (both["total"], both["due"]) == ("405.60", "205.60")


OTHER_FORMS = ["\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "\ufe661", "\ufe621", "\ufe631", "\ufe6bx"]
"""The signs as wide and small characters, which some spreadsheets read alike."""


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", *OTHER_FORMS])
def test_no_cell_of_text_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "x", "1", "'=1", " =1", "A=1", "图=1", "\uff15", "−1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell
