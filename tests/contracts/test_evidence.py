"""What a bill tells of a contract: what a line used of it, with the list's amount, and nothing that it did not use."""

from __future__ import annotations

import pytest

from ratewright.explain.render import render
from tests.contracts.beside import billed, contract, line, listed

LIST = """
tariff photo_api "Evidence" { currency USD; timezone "UTC" }
unit photo, photos
setting region one of mainland, abroad = mainland
setting staff one of yes, no = no
define step = 100 photos
define least = 2 USD
define floor = least + 1 USD
table price by region { small large;  mainland 1 USD 2 USD;  abroad 3 USD 4 USD }
table bands by photos { below 100 1 USD/photo;  below 200 2 USD/photo;  beyond 3 USD/photo }
table zones by photos, region { mainland abroad;  below 100 1 USD/photo 2 USD/photo;  beyond 3 USD/photo 4 USD/photo }
table cells by photos { below 100 1 USD;  below 200 2 USD;  beyond 3 USD }
meter made in photos
charge tiers { on made;  every month;  volume { below 100 1 USD/photo;  below 200 2 USD/photo;  below 300 3 USD/photo;
  beyond 4 USD/photo } }
charge slices { on made;  every month;  graduated { next (step) 1 USD/photo;  next 100 2 USD/photo
  beyond 3 USD/photo } }
charge widths { on made;  every month;  volume { next (step) 1 USD/photo;  next 100 2 USD/photo;  beyond 3 USD/photo } }
charge branch { every month;  amount if staff == yes then price[region].small else price[region].large }
charge fees { on made;  every month;  rate 0.01 USD/photo;  minimum floor;  maximum 500 USD }
charge asked { every month;  amount volume(bands, made) }
charge chosen { on made;  every month;  volume zones[region] }
charge looked { every month;  amount cells[made] }
charge some { every month;  amount if made > 150 photos and made < step * 10 then 1 USD else 2 USD }
charge least_of { on made;  every month;  volume cheapest { below 100 1 USD/photo;  below 200 0.1 USD/photo
  beyond 3 USD/photo } }
discount off { on tiers;  rate 10% }
deduct made from tiers, slices, widths, fees, chosen, least_of
"""


def told(said: str, name: str, photos: int, settings: str = "") -> list[str] | None:
    """The words of the contract that a line of so many photos tells; None where nothing is told."""
    data = f"settings: {{{settings}}}\nusage:\n  - {{meter: made, in: 2026-04, quantity: {photos}}}\n"
    (bill,) = billed([contract(said)], data, versions=(listed(LIST),))
    why = line(bill, name).why.contract
    return None if why is None else [change.after for change in why.changes]


@pytest.mark.parametrize(
    ("said", "name", "photos", "expected"),
    [
        # the price of a tier, and the bounds around the one that is reached
        ("replace below 200 of tiers with 5 USD/photo", "tiers", 99, None),
        ("replace below 200 of tiers with 5 USD/photo", "tiers", 100, ["5 USD/photo"]),
        ("replace below 200 of tiers with 5 USD/photo", "tiers", 200, None),
        ("replace below 200 of tiers with below 150", "tiers", 99, None),
        ("replace below 200 of tiers with below 150", "tiers", 149, ["below 150"]),
        ("replace below 200 of tiers with below 150", "tiers", 299, ["below 150"]),
        ("replace below 200 of tiers with below 150", "tiers", 300, None),
        ("scale below 200 of tiers by 50%", "tiers", 100, ["50%"]),
        ("scale below 200 of tiers by 50%", "tiers", 50, None),
        ("scale tiers by 50%", "tiers", 50, ["50%"]),
        ("replace below 200 of tiers with 5 USD/photo;  scale below 200 of tiers by 50%", "tiers", 100,
         ["5 USD/photo", "50%"]),
        ("scale below 200 of tiers by 50%;  scale below 200 of tiers by 90%;  factors compound", "tiers", 100,
         ["50%", "90%"]),
        ("replace below 200 of tiers with 5 USD/photo;  scale tiers by 50%", "tiers", 50, ["50%"]),
        # slices: those that the usage comes to; a width moves what stands above it
        ("replace next 100 of slices with 5 USD/photo", "slices", 100, None),
        ("replace next 100 of slices with 5 USD/photo", "slices", 101, ["5 USD/photo"]),
        ("replace beyond of slices with 5 USD/photo", "slices", 200, None),
        ("replace step with 50 photos", "slices", 10, ["50 photos"]),
        ("replace step with 50 photos", "slices", 1000, ["50 photos"]),
        ("replace step with 50 photos", "widths", 1000, ["50 photos"]),
        ("replace next 100 of widths with next 50", "widths", 99, None),
        ("replace next 100 of widths with next 50", "widths", 1000, ["next 50"]),
        # a branch, a cell with its column, a member of `and` that was asked
        ("replace price[mainland].small with 9 USD", "branch", 1, None),
        ("replace price[mainland].large with 9 USD", "branch", 1, ["9 USD"]),
        ("replace price[abroad].large with 9 USD", "branch", 1, None),
        ("scale price by 50%", "branch", 1, ["50%"]),
        ("replace step with 50 photos", "some", 150, None),
        ("replace step with 50 photos", "some", 151, ["50 photos"]),
        # bounds of a line are asked whatever it costs; a formula that was worked out beforehand keeps its figures
        ("replace least with 4 USD", "fees", 1, ["4 USD"]),
        ("replace floor with 4 USD", "fees", 1, ["4 USD"]),
        ("replace maximum of fees with 400 USD", "fees", 1, None),
        ("replace maximum of fees with 400 USD", "fees", 50_000, ["400 USD"]),
        # tables by ranges: looked up, as tiers, and in a formula
        ("replace below 200 of cells with 9 USD", "looked", 99, None),
        ("replace below 200 of cells with 9 USD", "looked", 199, ["9 USD"]),
        ("replace below 200 of cells with below 150", "looked", 50, None),
        ("replace below 200 of cells with below 150", "looked", 160, ["below 150"]),
        ("replace below 200 of bands with 9 USD/photo", "asked", 99, None),
        ("replace below 200 of bands with 9 USD/photo", "asked", 100, ["9 USD/photo"]),
        ("replace below 200 of bands with below 150", "asked", 160, ["below 150"]),
        ("replace below 200 of bands with below 150", "asked", 50, None),
        ("scale zones by 50%", "chosen", 50, ["50%"]),
        # every row that was compared, where the cheapest holds
        ("replace beyond of least_of with 1 USD/photo", "least_of", 50, ["1 USD/photo"]),
        ("replace below 100 of least_of with 2 USD/photo", "least_of", 150, None),
        # what only comes of other lines has no place of its own
        ("replace below 200 of tiers with 5 USD/photo", "off", 100, []),
        ("replace below 200 of tiers with 5 USD/photo", "off", 50, None),
    ],
)  # fmt: skip
def test_only_what_was_used_is_told(said: str, name: str, photos: int, expected: list[str] | None) -> None:
    assert told(said, name, photos) == expected


def test_a_scaled_table_tells_the_cell() -> None:
    own = contract("scale price by 50%")
    (bill,) = billed([own], "settings: {region: abroad}\nusage: []\n", versions=(listed(LIST),))
    why = line(bill, "branch").why.contract
    assert [(change.before, change.after) for change in why.changes] == [("4 USD", "50%")]
    assert (line(bill, "branch").amount, why.by_list) == (2, 4)


def test_another_key_and_another_branch() -> None:
    both = "replace price[abroad].small with 9 USD;  replace price[mainland].large with 8 USD"
    assert told(both, "branch", 1) == ["8 USD"]
    assert told(both, "branch", 1, "region: abroad, staff: yes") == ["9 USD"]
    assert told(both, "branch", 1, "region: abroad") is None


def test_each_contract_is_named_before_what_it_says() -> None:
    group = contract('contract group "Group" { list photo_api;  scale branch by 50% }', "group.contract")
    own = contract(
        'contract own "Own" { list photo_api;  for acme;  replace price[mainland].large with 8 USD }', "own.contract"
    )
    (bill,) = billed([group, own], "usage: []\n", versions=(listed(LIST),))
    said = " ".join(render(bill, "text", "normal").split())
    assert "by the list 2.00 USD; Own: 8 USD in place of 2 USD (own.contract:1); Group: 50% (group.contract:1)" in said


@pytest.mark.parametrize(
    ("said", "told_as"),
    [("scale off by 50%", "by the list -2.00 USD; acme"), ("scale fee by 50%", "by the list -2.00 USD, on 20.00 USD")],
)
def test_what_the_line_of_the_list_is_on_is_told_where_it_is_another_amount(said: str, told_as: str) -> None:
    rules = 'tariff photo_api { currency USD;  timezone "UTC" }\ncharge fee { every month;  amount 20 USD }\n'
    rules += "discount off { on fee;  rate 10% }\n"
    (bill,) = billed([contract(said)], "usage: []\n", versions=(listed(rules),))
    assert told_as in " ".join(render(bill, "text", "normal").split())
