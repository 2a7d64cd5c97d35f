"""What a bill tells of a contract at what was bought: the size that was, with the list's price."""

from __future__ import annotations

import pytest

from ratewright.contracts.contract import Contract
from tests.contracts.beside import billed, contract, line, listed

LIST = """
tariff photo_api "Sizes" { currency USD; timezone "UTC" }
unit photo, photos
define each_photo = 0.05 USD/photo
meter made in photos
package pack {
  covers made
  sizes {
    1,000 photos         75 USD
    2,000 photos         140 USD
    below 500 photos     not sold
    below 5,000 photos   each_photo
    beyond               0.04 USD/photo
  }
  valid 1 year from purchase
}
charge fee { on made;  every month;  rate 1 USD/photo }
tax vat { on subtotal;  rate 20% }
deduct made from pack > fee
"""


def bought(said: str | Contract, size: int, more: str = "") -> tuple[object, object, list[str] | None, object]:
    """What a package of a size costs, by the list too, what is told of the contract, and the tax by the list."""
    data = f"purchases: [{{id: p, package: pack, size: {size} photos, at: 2026-04-02{more}}}]\nusage: []\n"
    own = contract(said) if isinstance(said, str) else said
    (bill,) = billed([own], data, versions=(listed(LIST),))
    made, vat = line(bill, "pack"), line(bill, "vat")
    told = made.contract
    tax = vat.amount if vat.contract is None else vat.contract.by_list
    if told is None:
        return made.amount, None, None, tax
    return made.amount, told.by_list, [change.after for change in told.changes], tax


@pytest.mark.parametrize(
    ("said", "size", "expected"),
    [
        ("replace 1,000 photos of pack with 70 USD", 1000, (70, 75, ["70 USD"], 15)),
        ("replace 1,000 photos of pack with 70 USD", 2000, (140, None, None, 28)),
        ("scale pack by 50%", 1000, (37.5, 75, ["50%"], 15)),
        ("replace each_photo with 0.03 USD/photo", 1500, (45, 75, ["0.03 USD/photo"], 15)),
        ("replace each_photo with 0.03 USD/photo", 6000, (240, None, None, 48)),
        ("replace below 5,000 of pack with below 1,200 photos", 1500, (60, 75, ["below 1,200 photos"], 15)),
        ("replace below 5,000 of pack with below 1,200 photos", 1100, (55, 55, ["below 1,200 photos"], 11)),
    ],
)
def test_the_size_that_was_bought(said: str, size: int, expected: tuple[object, ...]) -> None:
    assert bought(said, size) == expected


def test_what_was_paid_instead_is_no_price_of_the_list() -> None:
    assert bought("scale pack by 50%", 1000, ", paid: 20 USD") == (20, None, None, 4)


def test_a_package_of_the_contract_is_not_on_the_list() -> None:
    text = """contract c { list photo_api }
package own { covers made;  sizes { 100 photos 5 USD };  valid 1 year from purchase }
deduct made from own > pack > fee
"""
    data = "purchases: [{id: p, package: own, size: 100 photos, at: 2026-04-02}]\nusage: []\n"
    (bill,) = billed([contract(text)], data, versions=(listed(LIST),))
    told = line(bill, "own").contract
    assert (told.known, told.by_list, [change.operation.value for change in told.changes]) == (False, None, ["added"])
