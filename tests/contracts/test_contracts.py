"""What a contract changes, for whom and when, by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.rating.bill import Bill
from ratewright.refusal import RatingError
from tests.contracts.beside import LIST, USED, amount, billed, contract, line, listed


def by_list(bill: Bill, name: str) -> object:
    return line(bill, name).why.contract.by_list


def test_a_bound_and_a_factor() -> None:
    (bill,) = billed([contract("replace below 10,000 of photo_fee with below 5,000;  scale photo_fee by 80%")])
    assert (amount(bill, "photo_fee"), by_list(bill, "photo_fee")) == (48, 120)
    why = line(bill, "photo_fee").why.contract
    assert [(c.operation.value, c.before, c.after) for c in why.changes] == [
        ("replaced", "below 10,000", "below 5,000"),
        ("scaled", "", "80%"),
    ]
    assert (why.factor, why.before, why.after) == (Fraction(4, 5), 60, 48)


@pytest.mark.parametrize(
    ("said", "name", "asked", "of_list"),
    [
        ("replace beyond of photo_fee with 0.02 USD/photo + 1 USD", "photo_fee", 120, None),
        ("replace below 10,000 photos of photo_fee with 0.01 USD/photo", "photo_fee", 60, 120),
        ("replace below 10,000 of photo_fee with up to 6,000", "photo_fee", 120, 120),
        ("replace below 10,000 of photo_fee with below 6,000", "photo_fee", 60, 120),
        ("scale below 10,000 of photo_fee by 50%", "photo_fee", 60, 120),
        ("replace amount of support_fee with 15 USD", "support_fee", 15, 20),
        ("scale amount of support_fee by 0.9", "support_fee", 18, 20),
        ("scale support_fee by 90%", "support_fee", 18, 20),
        ("scale support_fee by 9.99", "support_fee", Fraction("199.80"), 20),
        ("scale support_fee by 1,000%", "support_fee", 200, 20),
        ("replace amount of support_fee with 0 USD", "support_fee", 0, 20),
        ("drop support_fee", "support_fee", 0, 20),
        ("replace below 100 of volume_fee with 0.5 USD/photo", "volume_fee", 11850, 11901),
        ("replace rate of loyal with 20%", "loyal", -24, -12),
        ("drop vat", "vat", 0, None),
        ("replace steps[x] with 1 USD/photo", None, None, None),
        ("scale steps by 50%", "table_fee", 6000, 12000),
        ("replace beyond of steps with 1 USD/photo", "table_fee", 6000, 12000),
        ("replace by_volume[beyond, mainland] with 1 USD/photo", "ranged_fee", 6000, 18000),
    ],
)
def test_one_statement(said: str, name: str | None, asked: object, of_list: object) -> None:
    if name is None:
        with pytest.raises(RatingError, match="no cell"):
            billed([contract(said)])
        return
    (bill,) = billed([contract(said)])
    assert amount(bill, name) == asked
    if of_list is not None:
        assert by_list(bill, name) == of_list


@pytest.mark.parametrize(
    ("said", "name", "asked"),
    [
        ("scale by_volume[abroad] by 50%", "ranged_fee", [1, 50, 250]),
        ("scale by_volume[beyond, abroad] by 50%", "ranged_fee", [1, 100, 250]),
        ("replace by_volume[below 100, abroad] with 7 USD/photo", "ranged_fee", [1, 350, 500]),
        ("scale below 100 of by_volume by 200%", "ranged_fee", [2, 200, 500]),
        ("scale tiered_fee[home] by 50%", "tiered_fee", [Fraction("0.5"), 25, 150]),
        ("replace tiered_fee[beyond, home] with 8 USD/photo", "tiered_fee", [1, 50, 800]),
    ],
)
def test_a_column_of_ranges_and_one_cell_of_it(said: str, name: str, asked: list[object]) -> None:
    def of(photos: int, region: str) -> Fraction:
        more = f"  - {{meter: placed, at: 2026-04-02, quantity: {photos}, zone: home}}\n"
        used = f"usage:\n  - {{meter: improved, in: 2026-04, quantity: {photos}}}\n{more}"
        return amount(billed([contract(said)], f"settings: {{region: {region}}}\n{used}")[0], name)

    assert [of(1, "mainland"), of(50, "abroad"), of(100, "abroad")] == asked


TRAFFIC = """usage:
  - {meter: traffic, in: 2026-04, quantity: 100 GB}
"""


@pytest.mark.parametrize(
    ("said", "asked", "of_list"),
    [
        ("replace traffic_price[mainland] with 0.05 USD/GB", 5, 9),
        ("replace traffic_price[abroad or islands] with 0.05 USD/GB", 9, 9),
        ("scale traffic_price by 50%", 5, 9),  # at least 5 USD
        ("scale traffic_fee by 10%;  scale minimum of traffic_fee by 10%;  factors compound", Fraction("0.90"), 9),
        ("scale traffic_fee by 10%;  scale minimum of traffic_fee by 10%", Fraction("0.90"), 9),
        ("replace least with 20 USD", 20, 9),
        ("replace maximum of traffic_fee with 8 USD", 8, 9),
        ("replace size of free_traffic with 50 GB", 5, 5),  # fed 50 GB: the list asks the same of them
        ("drop free_traffic", 10, 10),
    ],
)
def test_parts_of_other_kinds(said: str, asked: object, of_list: object) -> None:
    (bill,) = billed([contract(said)], TRAFFIC)
    assert amount(bill, "traffic_fee") == asked
    told = line(bill, "traffic_fee").why.contract
    assert (told.by_list if told is not None else amount(bill, "traffic_fee")) == of_list


def test_the_rest_of_a_table() -> None:
    own = contract("replace else of minute_price with 1.50 USD/photo")
    for region, asked in (("abroad", 9000), ("mainland", 6000)):
        (bill,) = billed([own], f"settings: {{region: {region}}}\n{USED}")
        assert amount(bill, "else_fee") == asked


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("replace price[below 10, else] with 5 USD/photo", [1, 5, 40]),
        ("scale price[beyond, else] by 50%", [1, 2, 20]),
        ("scale price[else] by 50%", [1, 1, 20]),
        ("replace price[below 10, eu] with 5 USD/photo", [5, 2, 40]),
    ],
)
def test_a_cell_in_the_column_of_the_rest(said: str, asked: list[int]) -> None:
    rules = """tariff photo_api { currency USD;  timezone "UTC" }
unit photo, photos
table price by photos, region in USD/photo {
            eu  else
  below 10   1   2
  beyond     3   4
}
meter improved { field region text;  by region;  measure sum(quantity) in photos }
charge fee { on improved;  every month;  volume price[region] }
"""
    used = [("eu", 1), ("us", 1), ("else", 10)]  # a region may be called so
    records = [f"{{meter: improved, in: 2026-04, region: {region}, quantity: {n}}}" for region, n in used]
    data = "usage:\n" + "".join(f"  - {each}\n" for each in records)
    (bill,) = billed([contract(said)], data, versions=(listed(rules),))
    amounts = {dict(each.key)["region"]: each.amount for each in bill.lines}
    assert [amounts[region] for region, _ in used] == asked


def test_sizes_on_sale() -> None:
    data = "purchases:\n  - {id: p1, package: prepaid, size: 1000 photos, at: 2026-04-02}\n"
    for said, paid in (
        ("scale prepaid by 80%", 12),
        ("replace 1,000 photos of prepaid with 14 USD", 14),
        ("replace 10,000 photos of prepaid with 14 USD", 15),
    ):
        (bill,) = billed([contract(said)], data)
        assert amount(bill, "prepaid") == paid


def test_taxes_and_discounts_are_compared_by_the_lists_amounts() -> None:
    (bill,) = billed([contract("scale photo_fee by 50%")])
    assert (amount(bill, "loyal"), by_list(bill, "loyal")) == (-6, -12)
    subtotal, of_list = bill.subtotal, bill.subtotal + 60 - 6
    assert (amount(bill, "vat"), by_list(bill, "vat")) == (subtotal / 5, Fraction(of_list) / 5)
    assert line(bill, "support_fee").why.contract is None


def test_what_is_added_has_no_amount_by_the_list() -> None:
    text = "contract c { list photo_api }\ncharge own_fee { every month;  amount 7 USD }\n"
    (bill,) = billed([contract(text)])
    told = line(bill, "own_fee").why.contract
    assert (amount(bill, "own_fee"), told.known, told.by_list) == (7, False, None)
    assert by_list(bill, "vat") == amount(bill, "vat") - Fraction(7, 5)


def test_a_line_that_comes_to_nothing_is_told_where_the_list_asks_for_something() -> None:
    (bill,) = billed([contract("drop traffic_fee")], "usage:\n  - {meter: traffic, in: 2026-04, quantity: 1 GB}\n")
    assert (amount(bill, "traffic_fee"), by_list(bill, "traffic_fee")) == (0, 5)


def test_for_whom() -> None:
    own = contract("for acme, bolt;  drop support_fee")
    assert [amount(billed([own], account=who)[0], "support_fee") for who in ("acme", "bolt", "core")] == [0, 0, 20]


def test_the_narrower_holds_whatever_the_order() -> None:
    everybody = contract("replace amount of support_fee with 18 USD", "all.contract")
    group = contract("for acme, bolt;  replace amount of support_fee with 17 USD", "group.contract")
    own = contract("for acme;  replace amount of support_fee with 16 USD", "own.contract")
    accounts, asked = ("acme", "bolt", "core"), [16, 17, 18]
    for order in ([everybody, group, own], [own, group, everybody], [group, own, everybody]):
        assert [amount(billed(order, account=who)[0], "support_fee") for who in accounts] == asked


def test_a_narrower_replacement_holds_against_a_wider_drop() -> None:
    group = contract("for acme, bolt;  drop support_fee", "group.contract")
    own = contract("for acme;  replace amount of support_fee with 16 USD", "own.contract")
    assert [amount(billed([group, own], account=who)[0], "support_fee") for who in ("acme", "bolt")] == [16, 0]


def test_two_contracts_that_tie_are_refused_with_both_places() -> None:
    one = contract("for acme;  replace amount of support_fee with 18 USD", "one.contract")
    other = contract("for acme;  replace amount of support_fee with 18 USD", "other.contract")
    with pytest.raises(RatingError) as refused:
        billed([one, other])
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.span.source.name) == ("D103", "other.contract")
    assert [span.source.name for _, span in problem.related] == ["one.contract"]


@pytest.mark.parametrize(("way", "asked"), [("compound", "72.675"), ("add", "70"), ("largest", "85")])
def test_factors_of_several_contracts(way: str, asked: str) -> None:
    data = "usage:\n  - {meter: improved, in: 2026-04, quantity: 5000}\n"  # 100 USD
    offs = [contract(f"scale photo_fee by {p}%;  factors {way}", f"{p}.contract") for p in (95, 90, 85)]
    (bill,) = billed(offs, data)
    assert line(bill, "photo_fee").exact == Fraction(asked)
    assert amount(bill, "photo_fee") == round(Fraction(asked) + Fraction(1, 1000), 2)  # rounded once, a half up


def test_factors_of_two_contracts_must_say_the_same() -> None:
    one, other = (contract(f"scale photo_fee by 90%;  factors {way}", f"{way}.contract") for way in ("add", "largest"))
    with pytest.raises(RatingError, match="`factors add`, `acme` `factors largest`"):
        billed([one, other])


def test_a_replaced_figure_is_scaled() -> None:
    said = ["replace amount of support_fee with 10 USD", "scale support_fee by 50%"]
    for order in (said, said[::-1]):
        (bill,) = billed([contract(";  ".join(order))])
        assert amount(bill, "support_fee") == 5


def test_a_line_in_parts_is_compared_in_parts() -> None:
    text = LIST.replace(
        "charge photo_fee { on improved;  every month;",
        "charge photo_fee { on improved;  every month;  billed every day;",
    )
    data = """usage:
  - {meter: improved, in: 2026-04-01, quantity: 6000}
  - {meter: improved, in: 2026-04-02, quantity: 6000}
"""
    own = contract("replace below 10,000 of photo_fee with below 5,000")
    (bill,) = billed([own], data, versions=[listed(text)])
    found = [(x.amount, x.why.contract.by_list) for x in bill.lines if x.source == "photo_fee"]
    assert found == [(60, 120), (60, 0)]  # 12,000 photos: 120 of both


CAPPED = """
tariff photo_api "Capped" { currency USD; timezone "UTC"; bytes by 1000 }
unit ride, rides
meter parked in hours
charge parking_fee { on parked; every record; rate 2 USD per started 1 hour; maximum 14 USD each 24 hours }
meter ridden in rides
charge fare { on ridden; every record; rate 3 USD/ride; maximum 8 USD each day }
"""
STAYS = """usage:
  - {meter: parked, at: 2026-04-02T08:00:00Z, quantity: 27 hours}
  - {meter: ridden, at: 2026-04-02T08:00:00Z, quantity: 1}
  - {meter: ridden, at: 2026-04-02T12:00:00Z, quantity: 1}
  - {meter: ridden, at: 2026-04-02T18:00:00Z, quantity: 1}
"""


@pytest.mark.parametrize(
    ("said", "name", "asked", "of_list"),
    [
        ("replace maximum of parking_fee with 10 USD", "parking_fee", [16], [20]),
        ("scale maximum of parking_fee by 50%", "parking_fee", [13], [20]),
        ("scale parking_fee by 90%", "parking_fee", [18], [20]),
        ("replace maximum of fare with 5 USD", "fare", [3, 2, 0], [3, 3, 2]),
        ("replace rate of fare with 1 USD/ride", "fare", [1, 1, 1], [3, 3, 2]),
        ("scale fare by 200%", "fare", [6, 2, 0], [3, 3, 2]),
        ("drop fare", "fare", [0, 0, 0], [3, 3, 2]),
    ],
)
def test_a_maximum_for_blocks_and_one_for_a_longer_time(
    said: str, name: str, asked: list[int], of_list: list[int]
) -> None:
    (bill,) = billed([contract(said)], STAYS, versions=(listed(CAPPED),))
    lines = [x for x in bill.lines if x.source == name]
    assert [x.amount for x in lines] == asked
    assert [x.amount if x.why.contract is None else x.why.contract.by_list for x in lines] == of_list


def test_what_the_list_leaves_of_a_maximum_goes_by_what_the_list_asked_before() -> None:
    text = CAPPED.replace("every record; rate 3 USD/ride; maximum 8 USD each day", "every day; rate 3 USD/ride")
    text += "charge levy { every day; amount fare + 4 USD; maximum 8 USD each month }\n"
    data = "usage:\n  - {meter: ridden, at: 2026-04-01T08:00:00Z, quantity: 1}\n"
    (bill,) = billed([contract("replace rate of fare with 1 USD/ride")], data, versions=(listed(text),))
    first, second, third, *_ = [x for x in bill.lines if x.source == "levy"]
    assert [(x.amount, x.why.contract.by_list) for x in (first, second)] == [(5, 7), (3, 1)]
    assert (third.amount, third.why.contract) == (0, None)


def test_a_tax_by_the_list_is_less_by_what_the_list_takes_off() -> None:
    text = """
tariff photo_api "Spread" { currency USD; timezone "UTC" }
charge one { every month;  amount 100 USD }
charge other { every month;  amount 100 USD }
discount off { on one + other;  rate 10%;  spread by amount }
tax vat { on one;  rate 20% }
"""
    (bill,) = billed([contract("replace rate of off with 50%")], "usage: []\n", versions=(listed(text),))
    assert (amount(bill, "off"), by_list(bill, "off")) == (-100, -20)
    assert (amount(bill, "vat"), by_list(bill, "vat")) == (10, 18)


def test_a_cell_of_a_table_with_a_unit_is_replaced_by_a_number_or_a_price() -> None:
    text = """
tariff photo_api "Cells" { currency USD; timezone "UTC" }
unit photo, photos
setting region one of eu, us = eu
table price by region in USD/photo { eu 1;  us 2 }
meter improved in photos
charge fee { on improved;  every month;  rate price[region] }
"""
    for said, asked in (("0.5", 3000), ("0.5 USD/photo", 3000), ("2 * 0.5", None)):
        own = contract(f"replace price[eu] with {said}")
        if asked is None:
            with pytest.raises(RatingError):
                billed([own], versions=(listed(text),))
        else:
            (bill,) = billed([own], versions=(listed(text),))
            assert (amount(bill, "fee"), by_list(bill, "fee")) == (asked, 6000)


def test_a_line_that_is_dropped_refuses_no_bill() -> None:
    """Its price has no answer in the middle of a month in which the plan changes; it costs nothing all the same."""
    rules = 'tariff photo_api "P" { currency USD;  timezone "UTC" }\nsetting plan one of a, b = a\n'
    rules += "charge base { every month;  amount if plan == a then 1 USD else 2 USD }\n"
    rules += "charge fee { every month;  amount 7 USD }\n"
    data = "settings: {plan: {2026-04-10T00:00:00Z: b}}\nusage: []\n"
    with pytest.raises(RatingError, match="plan changes on 2026-04-10"):
        billed([contract("scale base by 50%")], data, versions=[listed(rules)])
    (made,) = billed([contract("drop base")], data, versions=[listed(rules)])
    assert made.total == 7
