"""What the list alone asks of a line under a contract, whatever its formulas read; and where that is not known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.explain.render import render
from ratewright.rating.bill import Bill, Line
from tests.contracts.beside import billed, contract, line, listed

HEAD = """tariff calls { currency USD;  timezone "UTC" }
unit call, calls
meter made in calls
setting left_on date = 2200-01-01
"""
USED = "usage:\n  - {meter: made, at: 2026-04-05T10:00:00Z, quantity: 20}\n"
LATE = "usage:\n  - {meter: made, at: 2026-03-12T10:00:00Z, quantity: 10, reported: 2026-04-03T00:00:00Z}\n"


def bill(rules: str, said: str, data: str = USED, *months: str) -> Bill:
    own = contract(f'contract own "Own" {{ list calls;  {said} }}')
    return billed([own], data, *months, versions=(listed(HEAD + rules, "calls.tariff"),))[-1]


def told(made: Bill) -> str:
    return " ".join(render(made, "text", "normal").split())


def asked(made: Bill, name: str) -> tuple[object, object]:
    found = line(made, name)
    return Fraction(found.amount), found.by_list


@pytest.mark.parametrize(
    "rules",
    [
        "charge fee { every month;  when at < 2200-01-01;  amount 20 USD }",
        "charge fee { on made;  every month;  when at < left_on;  rate 1 USD/call }",
        "charge fee { on made;  every record;  when at < left_on;  rate 1 USD/call }",
        "charge fee { on made;  every month;  when time(at) < 20 hours;  rate 1 USD/call }",
        "charge fee { every month;  amount if start of period < 2200-01-01 then 20 USD else 1 USD }",
        "charge fee { every month;  amount 600 USD / days(period) }",
    ],
)
def test_whatever_instant_or_length_it_asks_for(rules: str) -> None:
    made = bill(rules + "\ntax vat { on subtotal;  rate 25% }", "scale fee by 50%")
    assert asked(made, "fee") == (10, 20)
    assert asked(made, "vat") == (Fraction("2.50"), 5)


def test_a_length_that_only_the_list_asks_for() -> None:
    rules = "charge fee { every month;  amount 600 USD / days(period) }"
    assert asked(bill(rules, "replace amount of fee with 7 USD"), "fee") == (7, 20)


LEAST = """charge fee { on made;  every month;  rate 1 USD/call }
charge a_least { every month;  amount max(50 USD - fee, 0 USD) }
tax vat { on subtotal;  rate 25% }"""


@pytest.mark.parametrize(
    ("said", "amounts"),
    [
        ("replace amount of a_least with 10 USD", [(20, 20), (10, 30), (Fraction("7.50"), Fraction("12.50"))]),
        # what the list asks of the fee, and not what it costs
        ("replace amount of a_least with 10 USD;  scale fee by 50%", [(10, 20), (10, 30), (5, Fraction("12.50"))]),
        (
            "replace amount of a_least with 10 USD;  drop fee",
            [(0, 20), (10, 30), (Fraction("2.50"), Fraction("12.50"))],
        ),
    ],
)
def test_a_line_that_only_the_list_names(said: str, amounts: list[tuple[object, object]]) -> None:
    made = bill(LEAST, said)
    assert [asked(made, name) for name in ("fee", "a_least", "vat")] == amounts
    assert "by the list 30.00 USD; Own: 10 USD in place of max(50 USD - fee, 0 USD)" in told(made)


def test_a_line_of_other_months_that_only_the_list_names() -> None:
    rules = """charge fee { on made;  every month;  rate 1 USD/call }
charge least { every quarter;  amount max(50 USD - fee, 0 USD) }"""
    used = "usage:\n" + "".join(
        f"  - {{meter: made, at: 2026-0{month}-05T10:00:00Z, quantity: 9}}\n" for month in (1, 2)
    )
    made = bill(rules, "replace amount of least with 10 USD", used, "2026-03")
    assert asked(made, "least") == (10, 32)


def test_a_meter_that_only_the_list_names() -> None:
    rules = "meter top { reads made;  measure highest(quantity) in calls }\ncharge fee { every month;  amount {} }"
    used = USED + "  - {meter: made, at: 2026-04-07T10:00:00Z, quantity: 7}\n"
    own = "replace amount of fee with 10 USD"
    assert asked(bill(rules.replace("{}", "made * 2 USD/call"), own, used), "fee") == (10, 54)
    assert asked(bill(rules.replace("{}", "top * 2 USD/call"), own, used), "fee") == (10, 40)


def test_a_sum_has_on_the_list_the_lines_that_name_it_there() -> None:
    rules = """charge fee { on made;  every month;  rate 1 USD/call }
charge other { every month;  amount {} }
charge least { every month;  amount max(25 USD - charges, 0 USD) }"""
    sums, ten = "max(50 USD - charges, 0 USD)", "10 USD"
    made = bill(rules.replace("{}", sums), f"replace amount of other with {ten}")
    assert [asked(made, name) for name in ("fee", "other", "least")] == [(20, 20), (10, 30), (0, 5)]
    made = bill(rules.replace("{}", ten), f"replace amount of other with {sums}")
    assert [asked(made, name) for name in ("fee", "other", "least")] == [(20, 20), (30, 10), (5, 0)]


def test_two_lines_that_wait_for_one_another_are_not_compared() -> None:
    rules = """charge one { every month;  amount 10% of two }
charge two { every month;  amount 20 USD }
tax vat { on subtotal;  rate 25% }"""
    made = bill(rules, "replace amount of one with 10 USD;  replace amount of two with 30% of one", "usage: []\n")
    assert [asked(made, name) for name in ("one", "two", "vat")] == [(10, None), (3, 20), (Fraction("3.25"), None)]
    assert "what the list asks is not worked out; Own: 10 USD in place of 10% of two" in told(made)


def test_a_price_that_the_list_does_not_have_is_not_compared_in_taxes_either() -> None:
    rules = """setting plan one of s, m = s
table price by plan in USD/call {
  s   not sold
  m   1
}
charge fee { on made;  every month;  rate price[plan] }
tax vat { on subtotal;  rate 25% }"""
    made = bill(rules, "replace price[s] with 1 USD/call")
    assert [asked(made, name) for name in ("fee", "vat")] == [(20, None), (5, None)]
    assert "the list has no price for it" in told(made)


def test_what_a_condition_keeps_away_counts_in_the_taxes_of_the_list() -> None:
    rules = """charge fee { on made;  every month;  rate 1 USD/call }
charge more { every month;  when fee > 15 USD;  amount 4 USD }
discount less { on more;  rate 50% }
tax vat { on subtotal;  rate 25% }"""
    made = bill(rules, "scale fee by 50%")
    lines = [(x.source, x.amount, x.by_list) for x in made.lines]
    assert lines == [("fee", 10, 20), ("more", 0, 4), ("less", 0, -2), ("vat", Fraction("2.50"), Fraction("5.50"))]
    text = told(made)
    assert "more did not apply 0.00 USD applies only when “fee > 15 USD” holds, but fee was 10.00 USD" in text
    assert "(calls.tariff:6) by the list 4.00 USD" in text
    assert not made.away


def test_a_line_that_a_condition_keeps_away_here_and_by_the_list_is_not_on_the_bill() -> None:
    rules = """charge fee { on made;  every month;  rate 1 USD/call }
charge more { every month;  when fee > {} USD;  amount 4 USD }"""
    for bound, names in ((20, ["fee"]), (19, ["fee", "more"]), (9, ["fee", "more"])):
        made = bill(rules.replace("{}", str(bound)), "scale fee by 50%")
        assert [x.source for x in made.lines] == names
        assert [each.charge.name for each in made.away] == (["more"] if bound == 20 else [])


def test_the_bound_of_a_condition_that_a_contract_moves_is_told() -> None:
    rules = """define least = 15 calls
charge fee { on made;  every month;  when quantity > least;  rate 1 USD/call;  minimum 5 USD }"""
    made = bill(rules, "replace least with 30 calls")
    assert asked(made, "fee") == (0, 20)
    assert "by the list 20.00 USD; Own: 30 calls in place of 15 calls" in told(made)
    assert "not covered 20 calls billed nothing" in told(made)


def test_a_line_that_is_dropped_and_kept_away_tells_both() -> None:
    rules = """charge fee { on made;  every month;  rate 1 USD/call }
charge more { every month;  when fee > 15 USD;  amount 4 USD }"""
    made = bill(rules, "scale fee by 50%;  drop more")
    assert asked(made, "more") == (0, 4)
    assert "by the list 4.00 USD; Own: not charged" in told(made)


def test_what_is_told_of_a_line_that_is_kept_away_moves_no_other() -> None:
    rules = """charge fee { on made;  every record;  rate 1 USD/call }
charge more { every record;  on made;  when fee > 15 USD;  rate 2 USD/call }
discount less { on more;  every record;  amount 3 USD;  maximum more }
discount off { on fee;  when fee > 15 USD;  rate 50%;  spread by amount }
tax vat { on fee;  every month;  rate 25% }
grant gift { covers more;  size 10 USD }
deduct more from gift"""
    made = bill(rules, "scale fee by 50%")
    lines = [(x.source, x.amount, x.by_list) for x in made.lines]
    assert lines == [("fee", 10, 20), ("more", 0, 40), ("off", 0, -10), ("vat", Fraction("2.5"), Fraction("2.5"))]
    assert [balance.remaining for balance in made.balances] == [10]


def test_a_part_of_a_period_that_is_kept_away_bills_nothing_and_takes_nothing_back() -> None:
    rules = """charge fee { on made;  every month;  billed every day;  when quantity < 25 calls;  rate 1 USD/call }
charge more { on made;  every month;  billed every day;  when fee > 12 USD;  rate 2 USD/call }"""
    used = USED + "  - {meter: made, at: 2026-04-07T10:00:00Z, quantity: 10}\n"
    made = bill(rules, "scale fee by 50%", used)
    found = [(x.source, x.amount, x.by_list) for x in made.lines]
    assert found == [("fee", 10, 20), ("more", 0, 40), ("more", 0, 20)]


@pytest.mark.parametrize(("off", "by_list"), [("0.01", Fraction("-4.99")), ("0", -5), ("-0.01", None)])
def test_a_discount_that_the_list_would_refuse_is_not_compared(off: str, by_list: object) -> None:
    rules = f"""charge fee {{ on made;  every month;  rate 0.25 USD/call }}
discount less {{ on fee;  amount 5 USD - {off} USD }}"""
    made = bill(rules, "scale fee by 400%")
    assert asked(made, "fee") == (20, 5)
    assert asked(made, "less") == (Fraction(off) - 5, by_list)


def test_a_package_that_the_contract_adds_is_in_no_tax_of_the_list() -> None:
    own = """contract own "Own" { list calls }
package extra { covers made;  valid 1 month from purchase;  sizes { 10 calls 8 USD } }
deduct made from extra > fee
"""
    rules = "charge fee { on made;  every month;  rate 1 USD/call }\ntax vat { on subtotal;  rate 25% }"
    bought = "purchases:\n  - {id: p1, package: extra, size: 10 calls, at: 2026-04-02}\n" + USED
    (made,) = billed([contract(own)], bought, versions=(listed(HEAD + rules, "calls.tariff"),))
    assert asked(made, "extra") == (8, 0)
    assert asked(made, "vat") == (Fraction("4.50"), Fraction("2.50"))


def corrected(rules: str, said: str) -> list[Line]:
    return [x for x in bill(rules, said, LATE, "2026-03", "2026-04").lines if x.kind.value == "correction"]


def test_a_correction_tells_the_factor_and_what_the_list_alone_corrects() -> None:
    rules = (
        "charge fee { on made;  every month;  rate 1 USD/call }\ncharge extra { on made;  every month;  amount 3 USD }"
    )
    made = corrected(rules, "scale fee by 80%;  drop extra")
    assert [(x.source, x.amount, x.by_list) for x in made] == [("fee", 8, 10), ("extra", 0, 3)]
    text = told(bill(rules, "scale fee by 80%;  drop extra", LATE, "2026-03", "2026-04"))
    assert "80% of 10.00 USD = 8.00 USD by the list 10.00 USD; Own: 80% (acme.contract:1)" in text
    assert "by the list 3.00 USD; Own: not charged (acme.contract:1)" in text


def test_a_correction_by_the_list_is_the_difference_of_what_it_asks() -> None:
    rules = (
        "charge fee { on made;  every month;  volume { up to 5 1 USD/call;  beyond 0.50 USD/call };  minimum 4 USD }"
    )
    data = LATE + "  - {meter: made, at: 2026-03-02T10:00:00Z, quantity: 5}\n"
    own = contract('contract own "Own" { list calls;  scale fee by 50% }')
    (_, made) = billed([own], data, "2026-03", "2026-04", versions=(listed(HEAD + rules, "calls.tariff"),))
    (found,) = [x for x in made.lines if x.kind.value == "correction"]
    assert (found.amount, found.by_list) == (Fraction("-0.00"), Fraction("2.50"))


def test_a_correction_of_a_line_that_the_contract_leaves_alone_tells_nothing_of_it() -> None:
    rules = "charge fee { on made;  every month;  rate 1 USD/call }\ncharge other { every month;  amount 3 USD }"
    assert [(x.source, x.contract) for x in corrected(rules, "scale other by 50%")] == [("fee", None)]


@pytest.mark.parametrize(
    ("used", "rules", "said", "found"),
    [
        (4, "maximum 15 USD", "replace maximum of fee with 8 USD", []),
        (8, "maximum 15 USD", "replace maximum of fee with 8 USD", []),
        (9, "maximum 15 USD", "replace maximum of fee with 8 USD", ["8 USD"]),
        (15, "maximum 15 USD", "replace maximum of fee with 20 USD", []),
        (
            16,
            "maximum 15 USD",
            "replace maximum of fee with 20 USD",
            ["20 USD"],
        ),  # the list caps, the contract does not
        (3, "minimum 3 USD", "replace minimum of fee with 2 USD", []),
        (2, "minimum 3 USD", "replace minimum of fee with 2 USD", ["2 USD"]),
        (2, "minimum 3 USD;  maximum 15 USD", "replace maximum of fee with 8 USD", []),
        (4, "maximum 15 USD", "scale rate of fee by 50%;  replace maximum of fee with 8 USD", ["50%"]),
        (12, "maximum 15 USD each 10 calls", "replace maximum of fee with 11 USD", []),
        (12, "maximum 10 USD each 10 calls", "replace maximum of fee with 8 USD", ["8 USD"]),
        (12, "maximum 5 USD each 10 calls", "replace maximum of fee with 20 USD", ["20 USD"]),
    ],
)
def test_a_bound_is_told_where_it_makes_a_difference_here_or_by_the_list(
    used: int, rules: str, said: str, found: list[str]
) -> None:
    data = f"usage:\n  - {{meter: made, at: 2026-04-05T10:00:00Z, quantity: {used}}}\n"
    made = line(bill(f"charge fee {{ on made;  every month;  rate 1 USD/call;  {rules} }}", said, data), "fee")
    assert [change.after for change in made.contract.changes] == found if found else made.contract is None
