"""What a line is taken apart into, by hand."""

from __future__ import annotations

from tests.comparison.sides import calls, parts, rules, side

METER = "meter used in calls\n"
VOLUME = rules(METER + "charge fee { on used; every month; volume { below 100 0.10 USD/call; beyond 0.08 USD/call } }")
QUOTA = rules(
    METER
    + "setting on_demand = off\ngrant free { covers used; size 30 calls; renews every month }\n"
    + "charge fee { on used; every month; rate 0.10 USD/call; when on_demand }\ndeduct used from free > fee\n"
)
SLICES = rules(
    METER + "charge fee { on used; every month; graduated { up to 100 0.10 USD/call; beyond 0.08 USD/call } }"
)
TAXED = rules(
    METER
    + "charge fee { on used; every month; rate 0.10 USD/call }\n"
    + "discount off { on fee; rate 10% }\ntax vat { on subtotal; rate 20% }\n"
)
ON = "settings: {on_demand: on}\n"


def test_usage_at_the_old_price_then_the_row_that_was_reached() -> None:
    was, now = side(VOLUME, calls("2026-03 50"), "2026-03"), side(VOLUME, calls("2026-03 120"), "2026-03")
    # 70 × 0.10, and 120 × (0.08 - 0.10)
    assert parts(was, now) == [("used", "used", "fee", "7"), ("used", "row", "fee", "-2.4")]
    assert parts(now, was) == [("used", "used", "fee", "-5.6"), ("used", "row", "fee", "1")]


def test_another_price_is_no_other_row() -> None:
    dearer = rules(METER + "charge fee { on used; every month; volume { below 100 0.11 USD/call; beyond 1 USD/call } }")
    account = calls("2026-03 50")
    assert parts(side(VOLUME, account, "2026-03"), side(dearer, account, "2026-03")) == [
        ("list", "price", "fee", "0.5")
    ]


def test_quotas_pay_for_a_part_of_the_usage() -> None:
    account = "activated: 2026-01-01\n" + ON
    was = side(QUOTA, account + calls("2026-03 20", "2026-04 50"), "2026-03")
    now = side(QUOTA, account + calls("2026-03 45", "2026-04 50"), "2026-03")
    # 25 × 0.10 more used, of which the quota pays 10
    assert parts(was, now) == [("used", "used", "fee", "2.5"), ("used", "quota", "fee", "-1")]


def test_what_nothing_covers_is_told_where_a_line_begins() -> None:
    account = "activated: 2026-01-01\n" + calls("2026-03 50")
    was, now = side(QUOTA, account, "2026-03"), side(QUOTA, account + ON, "2026-03")
    assert parts(was, now) == [("settings", "unserved", "fee", "2")]


def test_each_slice_by_itself() -> None:
    was, now = side(SLICES, calls("2026-03 80"), "2026-03"), side(SLICES, calls("2026-03 150"), "2026-03")
    assert parts(was, now) == [("used", "slice", "fee", "2"), ("used", "slice", "fee", "4")]


def test_a_line_that_was_not_there_is_priced_as_it_is_now() -> None:
    was, now = side(VOLUME, "usage: []\n", "2026-03"), side(VOLUME, calls("2026-03 120"), "2026-03")
    assert parts(was, now) == [("used", "used", "fee", "9.6")]
    was = side(SLICES, "usage: []\n", "2026-03")
    assert parts(was, side(SLICES, calls("2026-03 120"), "2026-03")) == [
        ("used", "slice", "fee", "10"),
        ("used", "slice", "fee", "1.6"),
    ]


def test_discounts_take_off_and_taxes_follow() -> None:
    was, now = side(TAXED, calls("2026-03 100"), "2026-03"), side(TAXED, calls("2026-03 200"), "2026-03")
    assert parts(was, now) == [
        ("used", "used", "fee", "10"),
        ("used", "quantity", "off", "-1"),
        ("used", "quantity", "vat", "1.8"),
    ]


def test_a_formula_is_told_as_a_whole() -> None:
    formula = rules(METER + "charge fee { on used; every month; rate 5 USD + 0.10 USD/call;  minimum 8 USD }")
    was, now = side(formula, calls("2026-03 10"), "2026-03"), side(formula, calls("2026-03 40"), "2026-03")
    # 6 is raised to 8; 9 is not
    assert parts(was, now) == [("used", "amount", "fee", "3"), ("used", "rest", "fee", "-2")]


def test_roundings_are_a_part_of_their_own() -> None:
    thirds = rules(METER + "charge fee { on used; every month; rate 1 USD/3 calls; rounding up to 1 USD }")
    was, now = side(thirds, calls("2026-03 1"), "2026-03"), side(thirds, calls("2026-03 2"), "2026-03")
    # 1/3 and 2/3 are 1 each
    assert parts(was, now) == [("used", "used", "fee", "0.33"), ("", "rounding", "", "-0.33")]


def test_of_bills_that_are_rounded_as_well() -> None:
    head = 'tariff t "T" { currency USD; timezone "UTC"; rounding half up to 1 USD per bill }\nunit call, calls\n'
    whole = rules(METER + "charge fee { on used; every month; rate 0.40 USD/call }", head)
    was, now = side(whole, calls("2026-03 1"), "2026-03"), side(whole, calls("2026-03 2"), "2026-03")
    assert parts(was, now) == [("used", "used", "fee", "0.4"), ("", "rounding", "", "0.6")]


def test_parts_are_as_fine_as_the_bills() -> None:
    fine = rules(METER + "charge fee { on used; every month; rate 0.0001 USD/call; rounding none }")
    was, now = side(fine, calls("2026-03 1"), "2026-03"), side(fine, calls("2026-03 3"), "2026-03")
    assert parts(was, now) == [("used", "used", "fee", "0.0002")]


def test_purchases_are_told_by_package() -> None:
    sold = rules(METER + "package pack { covers used; sizes { 10 calls 3 USD }; valid 1 year }\n"
                 "charge fee { on used; every month; rate 1 USD/call }\ndeduct used from pack > fee")  # fmt: skip
    bought = "purchases:\n  - {id: p1, package: pack, size: 10 calls, at: 2026-03-01}\n"
    was = side(sold, calls("2026-03-05 12"), "2026-03")
    now = side(sold, bought + calls("2026-03-05 12"), "2026-03")
    assert parts(was, now) == [("bought", "quota", "fee", "-10"), ("bought", "amount", "pack", "3")]


def test_nothing_is_another() -> None:
    account = calls("2026-03 50")
    assert parts(side(VOLUME, account, "2026-03"), side(VOLUME, account, "2026-03")) == []
