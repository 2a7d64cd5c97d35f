"""From when until when a contract holds: gaps, periods that it cuts, versions of its list, packages that are left."""

from __future__ import annotations

import pytest

from ratewright.refusal import RatingError
from tests.contracts.beside import LIST, USED, amount, billed, contract, listed


def test_contracts_follow_one_another_and_the_list_holds_in_the_gap() -> None:
    first = contract("effective from 2026-02-01 until 2026-03-01;  replace amount of support_fee with 18 USD", "1")
    second = contract("effective from 2026-04-01;  replace amount of support_fee with 17 USD", "2")
    bills = billed([second, first], USED, "2026-01", "2026-05")
    assert [amount(bill, "support_fee") for bill in bills] == [20, 18, 20, 17, 17]
    assert [bill.tariff.contract.titles for bill in bills] == [(), ("acme",), (), ("acme",), ("acme",)]


def test_a_month_alone_is_the_month_out_of_a_year() -> None:
    own = contract("effective from 2026-03-01;  replace size of free_traffic with 50 GB;  scale traffic_fee by 50%")
    data = "".join(["usage:\n", *(f"  - {{meter: traffic, in: 2026-0{m}, quantity: 60 GB}}\n" for m in (2, 3, 4))])
    together = billed([own], data, "2026-02", "2026-04")
    assert [amount(bill, "traffic_fee") for bill in together] == [5, 5, 5]
    assert [amount(billed([own], data, m)[0], "traffic_fee") for m in ("2026-02", "2026-03", "2026-04")] == [5, 5, 5]


def test_a_period_goes_on_as_it_began() -> None:
    own = contract("effective from 2026-04-10 until 2026-05-20;  replace amount of support_fee with 10 USD")
    bills = billed([own], USED, "2026-04", "2026-06")
    assert [amount(bill, "support_fee") for bill in bills] == [20, 10, 20]


def test_a_contract_within_a_month_never_holds() -> None:
    own = contract("effective from 2026-04-10 until 2026-04-20;  replace amount of support_fee with 10 USD")
    bills = billed([own], USED, "2026-04", "2026-05")
    assert [amount(bill, "support_fee") for bill in bills] == [20, 20]


def test_the_size_of_a_quota_holds_from_the_next_cycle() -> None:
    text = """contract c { list photo_api;  effective from 2026-04-16;  changes split the period
      replace size of free_traffic with 30 GB }"""
    data = """usage:
  - {meter: traffic, in: 2026-04-10, quantity: 10 GB}
  - {meter: traffic, in: 2026-04-20, quantity: 10 GB}
  - {meter: traffic, in: 2026-05-20, quantity: 30 GB}
"""
    first, second, may = billed([contract(text)], data, "2026-04", "2026-05")
    left = [sum(m.measured - sum(s.covered for s in m.sources) for m in b.meters) for b in (first, second, may)]
    assert left == [0, 10 * 10**9, 0]


def test_a_contract_follows_its_list_or_is_pinned() -> None:
    old = listed(LIST.replace("from 2026-01-01 }", "from 2026-01-01 until 2026-05-01 }"))
    new = listed(LIST.replace("from 2026-01-01 }", "from 2026-05-01 }").replace("amount 20 USD", "amount 30 USD"))
    for said, asked in (
        ("scale support_fee by 50%", [10, 15]),
        ("replace amount of support_fee with 18 USD", [18, 18]),
        ("scale photo_fee by 50%", [20, 30]),
    ):
        bills = billed([contract(said)], USED, "2026-04", "2026-05", versions=[new, old])
        assert [amount(bill, "support_fee") for bill in bills] == asked
    pinned = contract("contract c { list photo_api as of 2026-01-01;  scale support_fee by 50% }")
    bills = billed([pinned], USED, "2026-04", "2026-05", versions=[old, new])
    assert [amount(bill, "support_fee") for bill in bills] == [10, 10]
    with pytest.raises(RatingError, match="is kept on the list of 2026-02-01"):
        billed([pinned], f"version: 2026-02-01\n{USED}", versions=[old, new])
    own = contract("scale support_fee by 50%")
    bills = billed([own], f"version: 2026-02-01\n{USED}", "2026-04", "2026-05", versions=[old, new])
    assert [amount(bill, "support_fee") for bill in bills] == [10, 10]


def test_a_row_that_a_later_version_lacks_is_found_out() -> None:
    old = listed(LIST.replace("from 2026-01-01 }", "from 2026-01-01 until 2026-05-01 }"))
    new = listed(LIST.replace("from 2026-01-01 }", "from 2026-05-01 }").replace("below 10,000", "below 12,000"))
    with pytest.raises(RatingError, match="no row `below 10,000`"):
        billed([contract("replace below 10,000 of photo_fee with below 5,000")], versions=[old, new])


def test_late_usage_is_corrected_under_the_contract_of_its_period() -> None:
    own = contract("effective from 2026-04-01;  scale photo_fee by 50%")
    data = f"{USED}  - {{meter: improved, at: 2026-03-05, quantity: 100, reported: 2026-05-02}}\n"
    data += "  - {meter: improved, at: 2026-04-05, quantity: 100, reported: 2026-05-02}\n"
    *_, may = billed([own], data, "2026-03", "2026-05")
    corrected = {x.why.period.start.format_iso()[:7]: x.amount for x in may.lines if x.source == "photo_fee"}
    assert corrected == {"2026-03": 2, "2026-04": 1}


def test_a_pinned_contract_has_no_change_where_the_list_has_one() -> None:
    text = """
tariff photo_api "Pinned" {{ currency USD; timezone "UTC"; effective {days} }}
unit photo, photos
meter improved in photos
charge fee {{ on improved;  every month from activation;  rate {price} USD/photo }}
"""
    versions = [
        listed(text.format(days="from 2026-01-01 until 2026-04-10", price=1), "one.tariff"),
        listed(text.format(days="from 2026-04-10", price=2), "two.tariff"),
    ]
    data = "activated: 2026-01-05\nusage: [{meter: improved, at: 2026-04-20T00:00:00Z, quantity: 6000}]\n"
    with pytest.raises(RatingError, match="an account's own"):
        billed([], data, versions=versions)
    own = contract("contract c { list photo_api as of 2026-02-01 }")
    bills = billed([own], data, "2026-04", "2026-05", versions=versions)
    assert [x.amount for bill in bills for x in bill.lines if x.source == "fee"] == [6000]


BOUGHT = "purchases:\n  - {id: p, package: prepaid, size: 1000 photos, at: 2026-03-01}\nusage: []\n"


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ("drop prepaid", "A105", "the contract drops the package `prepaid`: acme (acme.contract:1)"),
        (
            "effective from 2026-04-01;  drop prepaid",
            "A209",
            "acme drops `prepaid` from 2026-04-01, and 1,000 photos of `p` are left",
        ),
    ],
)
def test_a_package_that_is_dropped_is_told_with_its_contract(said: str, code: str, words: str) -> None:
    with pytest.raises(RatingError) as refused:
        billed([contract(said)], BOUGHT)
    (found,) = refused.value.diagnostics
    assert (found.code, found.message) == (code, words)
    assert found.span is not None
    assert found.span.source.name == ("acme.yaml" if code == "A105" else "acme.contract")


def test_a_line_for_each_record_beside_a_month_changes_with_the_month_or_not_at_all() -> None:
    """The month goes on by the list until it ends; a record after the contract's first day would be by the list too."""
    rules = 'tariff photo_api "P" { currency USD;  timezone "UTC" }\nunit call, calls\nmeter asked in calls\n'
    rules += "setting plan one of a, b = a\ntable price by plan { a 1 USD/call;  b 2 USD/call }\n"
    rules += (
        "charge ask_fee { on asked;  every record;  rate price[plan] }\ncharge base { every month;  amount 20 USD }\n"
    )
    data = "usage:\n  - {meter: asked, at: 2026-04-20T10:00:00Z, quantity: 1}\n"
    late = "effective from 2026-04-16;  "
    april, may = billed([contract(late + "scale base by 50%")], data, "2026-04", "2026-05", versions=[listed(rules)])
    assert (amount(april, "base"), amount(april, "ask_fee"), amount(may, "base")) == (20, 1, 10)
    for changed in ("scale ask_fee by 50%", "replace price[a] with 3 USD/call", "drop ask_fee"):
        with pytest.raises(RatingError) as caught:
            billed([contract(late + changed)], data, "2026-04", "2026-05", versions=[listed(rules)])
        assert caught.value.diagnostics[0].code == "A209", changed
    same = contract(late + "replace price[a] with 1 USD/call;  scale base by 50%")
    april, may = billed([same], data, "2026-04", "2026-05", versions=[listed(rules)])
    assert (amount(april, "ask_fee"), amount(may, "base")) == (1, 10)
    (first,) = billed(
        [contract("effective from 2026-04-01;  replace price[a] with 3 USD/call")], data, versions=[listed(rules)]
    )
    assert amount(first, "ask_fee") == 3
