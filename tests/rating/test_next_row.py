"""Advice about the next row of a price: what it says is what a bill with that much more says."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.accounts import account, amounts, ask, bill, buy, charged, event, setting, tariff

HEAD = 'currency USD; timezone "UTC"; bytes by 1000'
TWO = "volume { below 1,000 0.02 USD/call; beyond 0.01 USD/call }"


def rules_of(charge: str, more: str = "", unit: str = "calls"):
    return tariff(
        f"meter m {{ measure sum(quantity) in {unit} }}\n{more}\ncharge fee {{ every month; {charge} }}", HEAD
    )


def advice(charge: str, used: object, more: str = "", unit: str = "calls"):
    """What is told about a line, as (how much more, exactly, amount, just over); None where nothing is."""
    (line,) = bill(rules_of(charge, more, unit), account(event("2026-03-02", used))).lines
    told = line.why.next_row
    return None if told is None else (told.more, told.exactly, told.amount, told.just_over)


@pytest.mark.parametrize(
    ("charge", "used", "told"),
    [
        (f"on m; {TWO}", 990, (10, True, 10, False)),
        (f"on m; {TWO}", 999, (1, True, 10, False)),
        (f"on m; {TWO}", 500, (500, True, 10, False)),  # it is 10 USD now: no more for twice as much
        (f"on m; {TWO}", 499, (501, True, 10, False)),  # it is 9.98 USD now: the line would rise
        (f"on m; {TWO}", 1000, None),
        (f"on m; {TWO.replace('below', 'up to')}", 1000, (1, True, Fraction("10.01"), False)),
        (f"on m; {TWO}; minimum 15 USD", 990, (10, True, 15, False)),
        (f"on m; {TWO}; minimum 15 USD", 700, None),  # 15 USD for the minimum, in either row
        (f"on m; {TWO}; maximum 9.50 USD", 990, None),
        (f"on m; {TWO}; maximum 12.345 USD", 990, (10, True, 10, False)),
        (f"on max(m, 990 calls); {TWO}", 490, (510, True, 10, False)),
        (f"on round up (m) to 90 calls; {TWO}", 989, (2, True, Fraction("10.80"), False)),
        (f"on round up (m) to 90 calls; {TWO}", 490, (501, True, Fraction("10.80"), False)),
        (f"on m * 2 - 10 calls; {TWO}", 490, (15, True, 10, False)),
        (f"on m; {TWO}; prorated by 1 / 3", 990, (10, True, Fraction("3.33"), False)),
        (
            "on m; volume { up to 1,000 10 USD per started 1,000 calls; beyond 8 USD per started 1,000 calls }",
            990,
            (11, True, 16, False),
        ),
        ("on m; volume { below 1,000 0.02 USD/call; beyond not sold }", 990, None),
    ],
)
def test_by_hand(charge, used, told):
    assert advice(charge, used) == told


@pytest.mark.parametrize(
    ("charge", "used", "told"),
    [
        ("on m; volume { up to 50 GB 2 USD/GB; beyond 1 USD/GB }", "40 GB", (10 * 10**9, False, 50, True)),
        ("on m; volume { up to 50 GB 2 USD/GB; beyond 1 USD/GB }", "50 GB", (0, False, 50, True)),
        ("on m; volume { below 50 GB 2 USD/GB; beyond 1 USD/GB }", "40 GB", (10 * 10**9, True, 50, False)),
        ("on m; volume { up to 50 GB 2 USD/GB; beyond 60 USD }", "40 GB", (10 * 10**9, False, 60, False)),
        (
            "on round up (m) to 30 GB; volume { up to 50 GB 2 USD/GB; beyond 1 USD/GB }",
            "21 GB",
            (9 * 10**9, False, 60, False),
        ),
    ],
)
def test_what_is_no_whole_number_comes_as_close_as_one_likes(charge, used, told):
    assert advice(charge, used, unit="GB") == told


COUNTED = st.sampled_from(
    [
        "m",
        "max(m, 40 calls)",
        "round up (m) to 9 calls",
        "round half even (m) to 10 calls",
        "m * 3 / 2",
        "min(m, 70 calls)",
    ]
)
PRICE = st.sampled_from(
    ["0.02 USD/call", "0.013 USD/call", "5 USD per started 10 calls", "1 USD", "1 USD + 0.01 USD/call"]
)
ROWS = st.tuples(
    st.sampled_from(["below 50", "up to 50"]), PRICE, st.sampled_from(["below 60", "up to 60"]), PRICE, PRICE
)
AROUND = st.sampled_from(["", "minimum 1.5 USD", "maximum 2.345 USD", "prorated by 2 / 3", "rounding up to 0.1 USD"])


@given(COUNTED, ROWS, AROUND, st.integers(1, 80))
def test_with_so_much_more_the_bill_says_so(on, rows, around, used):
    """And nothing less than that reaches the row."""
    first, one, second, two, three = rows
    text = f"on {on}; volume {{ {first} {one}; {second} {two}; beyond {three} }}"
    rules = rules_of(f"{text}\n{around}")
    lines = bill(rules, account(event("2026-03-02", used))).lines
    told = lines[0].why.next_row if lines else None
    if told is None:
        return
    (then,) = bill(rules, account(event("2026-03-02", used), event("2026-03-03", told.more))).lines
    assert told.amount == then.amount
    assert told.now == lines[0].amount
    assert (told.less, told.rises) == (then.amount < lines[0].amount, then.amount > lines[0].amount)

    def row(made):
        return [tier.reached for tier in made.why.price.tiers].index(True)

    assert row(then) > row(lines[0])
    if told.more > 1:
        (less,) = bill(rules, account(event("2026-03-02", used), event("2026-03-03", told.more - 1))).lines
        assert row(less) == row(lines[0])


# ---------------------------------------------------------------- where it is not decided

TIERS = "volume { below 100 2 USD/call; beyond 1 USD/call }"


@pytest.mark.parametrize(
    "body",
    [
        f"meter m in calls\nmeter n in calls\ncharge fee {{ on m + n; every month; {TIERS} }}",
        "meter m in calls\n"
        "charge fee { on m; every month; volume { below 100 2 USD/call; beyond m / (100 calls) * 1 USD/call } }",
        f"meter m in calls\ncharge base {{ every month; amount 1 USD }}\n"
        f"charge fee {{ on m; every month; {TIERS}; minimum base }}",
        f"meter m in calls\ncharge fee {{ on m; every month; billed every day; {TIERS} }}",
        f"meter m in calls\ncharge fee {{ on m; every record; {TIERS} }}",
        f"meter m {{ measure highest(quantity) in calls }}\ncharge fee {{ on m; every month; {TIERS} }}",
        "meter m in calls\n"
        "charge fee { on m; every month; reached by m * 2; volume { below 199 2 USD/call; beyond 1 USD/call } }",
        f"meter m in calls\ncharge fee {{ on max(198 calls - m, 99 calls); every month; {TIERS} }}",
        f"meter m in calls\ncharge fee {{ on m; every month; when quantity < 100 calls; {TIERS} }}",
    ],
)
def test_nothing_is_told_where_more_than_the_quantity_decides(body):
    (line,) = (x for x in bill(tariff(body, HEAD), account(event("2026-03-02", 99))).lines if x.source == "fee")
    assert line.amount == 198
    assert line.why.next_row is None


QUOTA = f"""
meter m in calls
package pack {{ covers m; sizes {{ 10 calls 1 USD }}; valid 1 month }}
charge fee {{ on m; every month; {TIERS} }}
deduct m from pack > fee
"""


def test_a_quota_that_is_used_up_decides_nothing_more():
    made = bill(tariff(QUOTA, HEAD), account(event("2026-03-02", 109), purchases=(buy("p", "2026-03-01", 10),)))
    assert amounts(made, "fee") == [198]
    (line,) = (line for line in made.lines if line.source == "fee")
    assert (line.why.next_row.more, line.why.next_row.amount) == (1, 100)


def test_a_quota_with_a_rest_would_pay_for_more():
    """Bought after the usage: what is used later in the month is covered."""
    made = bill(tariff(QUOTA, HEAD), account(event("2026-03-02", 99), purchases=(buy("p", "2026-03-03", 10),)))
    (line,) = (line for line in made.lines if line.source == "fee")
    assert line.amount == 198
    assert line.why.next_row is None


@pytest.mark.parametrize(("used", "told"), [(("2026-03-02", 104), False), (("2026-03-02", 109), False)])
def test_a_cycle_that_nothing_used_would_pay_for_more(used, told):
    body = f"""
    meter m in calls
    grant weekly {{ covers m; size 5 calls; renews every week; valid 1 year }}
    charge fee {{ on m; every month; {TIERS} }}
    deduct m from weekly > fee
    """
    usage = account(event(*used), activated="2026-03-01")
    (line,) = bill(tariff(body, HEAD), usage).lines
    assert (line.why.next_row is not None) is told


def test_asking_for_more_leaves_the_account_as_it_is():
    """The next month, and what the list's examples reach, do not know of it."""
    table = "table price by plan in USD/call { free 0.02;  pro 0.01 }\nsetting plan one of free, pro = free\n"
    form = "volume { below 1,000 (price[plan]); beyond (price[pro]) }"
    body = f"meter m in calls\n{table}charge fee {{ on m; every month; {form} }}"
    rules = tariff(body, HEAD)
    made = bill(rules, account(event("2026-03-02", 990), settings=(setting("plan", "free"),)))
    assert made.lines[0].why.next_row.amount == 10
    assert {span.text for span in made.reached} == {"0.02"}
    assert charged(bill(rules, account(event("2026-03-02", 990)), "2026-04")) == 0


def test_a_quota_that_was_given_back_would_have_paid_for_more_before():
    body = QUOTA.replace("valid 1 month", "valid 1 month; refund in full")
    usage = account(event("2026-03-25", 99), purchases=(buy("p", "2026-03-01", 10),), refunds=(ask("p", "2026-03-20"),))
    (line,) = (line for line in bill(tariff(body, HEAD), usage).lines if line.source == "fee")
    assert line.amount == 198
    assert line.why.next_row is None
