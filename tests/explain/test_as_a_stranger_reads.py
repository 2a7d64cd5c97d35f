"""What a stranger stumbled over: what is left out for its size, units of others, steps, a tax in many lines."""

from __future__ import annotations

from ratewright.explain.render import render
from ratewright.rating.walk import statement
from tests.explain.one_bill import one
from tests.explain.test_as_the_customer import billed, told, use


def used(quantity: str, day: int = 2) -> str:
    return use("m", f"2026-03-{day:02}T10:00:00", quantity)


def test_what_is_left_out_for_its_quantity_is_told_together() -> None:
    rules = "meter m { where quantity >= 2 calls;  measure sum(quantity) in calls }\n"
    rules += "charge fee { on m;  every month;  rate 1 USD/call }"
    text = told(one(rules, used("0.5") + used("1") + used("1", 3) + used("5")))
    assert "(3 records of 2.5 calls for which “quantity >= 2 calls” does not hold, not counted and not charged)" in text


def test_what_is_left_out_in_the_unit_of_the_records_is_told_as_records() -> None:
    rules = """unit kWh
meter m in kWh
meter blocked { reads m;  field kind text;  where kind == "car";  measure sum(times * 1 minute) in minutes }
charge fee { on blocked;  every month;  rate 1 USD/minute }
charge energy { on m;  every month;  rate 1 USD/kWh }"""
    rules = rules.replace("meter m in kWh", "meter m { field kind text;  measure sum(quantity) in kWh }")
    text = told(
        one(
            rules, use("m", "2026-03-02T10:00:00", "0.5", kind="bus") + use("m", "2026-03-02T10:00:00", "3", kind="car")
        )
    )
    assert "(1 record of 0.5 kWh with kind bus not counted here)" in text


STEPS = """meter m {
  define a_twice = quantity * 2
  define b_more = max(a_twice - 4 calls, 0 calls)
  define c_all = b_more * 3
  measure sum(c_all) in calls
}
charge fee { on m;  every month;  rate 1 USD/call }"""


def test_steps_stand_in_the_order_in_which_they_are_worked_out() -> None:
    text = told(one(STEPS, used("5")))
    assert -1 < text.index("a_twice is 10 calls") < text.index("b_more is 6 calls")


def test_steps_of_a_record_that_comes_to_nothing_are_for_the_full_length() -> None:
    made = one(STEPS, used("5") + used("1", 3))
    normal, full = (" ".join(render(made, "text", detail).split()) for detail in ("normal", "full"))
    assert "a_twice is 2 calls" not in normal
    assert "a_twice is 10 calls" in normal
    assert "a_twice is 2 calls" in full


INSIDE = """meter m in calls
charge fee { on m;  every day;  rate 1.21 USD/call }
tax vat "VAT" { on fee;  rate 19%;  included }"""


def test_a_tax_inside_prices_in_several_lines_has_its_sum_at_the_foot() -> None:
    text = told(one(INSIDE, used("1", 2) + used("1", 3) + used("1", 4)))
    # 1.21 × 19 / 119 are 0.193…, three times 0.19; of 3.63 at once they would be 0.58
    assert text.endswith("of it VAT, 19% of 3.63 USD: 0.57 USD in all, in 3 lines that were each rounded")
    assert "in all" not in told(one(INSIDE, used("1", 2)))
    assert "in all" not in told(one(INSIDE.replace("rate 19%", "every month;  rate 19%"), used("1", 2) + used("1", 3)))


def test_taxes_of_two_rates_inside_prices_are_told_apart() -> None:
    rules = (
        INSIDE
        + '\ncharge other { on m;  every day;  rate 1 USD/call }\ntax low "Low" { on other;  rate 7%;  included }'
    )
    text = told(one(rules, used("1", 2) + used("1", 3)))
    assert "of it VAT, 19% of 2.42 USD: 0.38 USD in all" in text
    assert "of it Low, 7% of 2.00 USD: 0.14 USD in all" in text


def test_what_cancels_is_no_reason_for_a_change() -> None:
    rules = """meter m in calls
charge energy { on m;  every month;  rate 1 USD/call }
charge least { every month;  amount max(100 USD - energy, 0 USD) }
charge extra { on m;  every record;  when at >= 2026-04-01;  amount 4 USD }"""
    plan = rules.replace("charge extra { on m;  every record;", "charge extra { every month;")
    (before, after) = billed(plan, used("60") + use("m", "2026-04-02T10:00:00", "20"), "2026-03", "2026-04")
    text = " ".join(render(statement([before, after]), "text", "normal").split())
    assert "4.00 USD more than the bill before: mainly extra +4.00 USD" in text
    assert "energy -40.00" not in text


def test_an_account_that_used_nothing_of_what_is_shared_has_no_row() -> None:
    rules = "meter m in calls\ncharge fee { on m;  every month;  rate 1 USD/call }"
    own = "subaccounts: [van 1, van 2]\n"
    text = told(one(rules, use("m", "2026-03-02T10:00:00", "3", subaccount="van 1"), own))
    assert "van 1 3 calls of m 3.00 USD" in text
    assert "a 0 calls" not in text
    both = told(one(rules, use("m", "2026-03-02T10:00:00", "3", subaccount="van 1") + used("1"), own))
    assert "a 1 call of m 1.00 USD van 1 3 calls of m 3.00 USD" in both


def test_a_state_that_is_left_out_is_told_in_each_month_that_it_meets() -> None:
    """Its records are: how many it has of them adds up to nothing where different ones are counted."""
    rules = """meter held { field iccid text;  field state one of live, held_back;  measure unique(iccid) in calls }
meter active { reads held;  where state == live;  measure unique(iccid) in calls }
charge fee { on active;  every month;  rate 1 USD/call }"""
    data = "".join(
        f"  - {{meter: held, from: {start}, to: {end}, quantity: 1, iccid: {iccid}, state: {state}}}\n"
        for start, end, iccid, state in (
            ("2026-03-01", "2026-04-10", "a", "live"),
            ("2026-04-10", "2026-06-01", "a", "held_back"),
            ("2026-03-01", "2026-07-01", "b", "live"),
        )
    )
    bills = billed(rules, data, "2026-03", "2026-06")
    said = [" ".join(render(each, "text", "normal").split()) for each in bills]
    assert ["(1 record with state held_back not counted here)" in text for text in said] == [False, True, True, False]
    assert ["active 2 calls measured" in text for text in said] == [True, True, False, False]


def test_an_amount_that_chooses_among_named_formulas_says_how_they_came_about() -> None:
    rules = """meter m in calls
charge fee {
  on m
  every month
  define by_call = calls * 3 USD/call
  define flat = 20 USD + calls * 1 USD/call
  amount if calls > 5 calls then min(by_call, flat) else by_call
}""".replace("calls *", "m *").replace("if calls", "if m")
    few, many = (told(one(rules, used(quantity))) for quantity in ("4", "40"))
    assert "12.00 USD = 12.00 USD" not in few
    assert "where m is 4 calls and by_call is 12.00 USD (4 calls × 3 USD/call)" in few
    assert "min(120.00 USD, 60.00 USD) = 60.00 USD" in many
    assert (
        "by_call is 120.00 USD (40 calls × 3 USD/call) and flat is 60.00 USD (20 USD + 40 calls × 1 USD/call)" in many
    )
