"""Windows from a first use: where each begins and ends, who has which, and what cannot be known."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.plan.plan import plan_of
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months, spanned, touched
from ratewright.rating.versions import rate_history
from ratewright.usage.model import Form
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import (
    account,
    amount,
    amounts,
    bill,
    bills,
    buy,
    changed,
    charged,
    drawn,
    event,
    problem,
    quantities,
    setting,
    state,
    tariff,
    total,
    unserved,
    when,
)
from tests.tries import tries

SUM = "meter m { measure sum(quantity) in calls }\n"
HIGHEST = "meter m { measure highest(quantity) in calls }\n"
FEE = "charge fee { on m; every 60 minutes from first use; rate 1 USD/call }"
UTC = calendar_of("UTC")


def at(*times, quantity=1):
    return [event(f"2026-03-02 {time}", quantity) for time in times]


def windows(rules, *records, name="2026-03", **parts):
    """From when to when the windows of a bill go, and what each holds."""
    made = bill(tariff(rules), account(*records, **parts), name)
    found = [line for line in made.lines if line.source == "fee"]
    return [(_clock(line.period.start), _clock(line.period.end), line.amount) for line in found]


def _clock(instant):
    return instant.format_iso()[11:16]


@pytest.mark.parametrize("meter", [SUM, HIGHEST])
def test_one_begins_with_the_first_use_that_none_holds_and_ends_before_its_end(meter):
    records = at("07:10", "08:09:59", "08:10", "09:09", "10:00")
    most = [2, 2, 1] if meter is SUM else [1, 1, 1]
    begun = [("07:10", "08:10"), ("08:10", "09:10"), ("10:00", "11:00")]
    assert windows(meter + FEE, *records) == [(*each, owed) for each, owed in zip(begun, most, strict=True)]
    assert windows(meter + FEE, *reversed(records)) == windows(meter + FEE, *records)


def test_what_comes_at_one_instant_is_in_one():
    assert windows(SUM + FEE, *at("07:10", "07:10", "08:10", "08:10")) == [("07:10", "08:10", 2), ("08:10", "09:10", 2)]


def test_each_key_has_its_own():
    rules = "meter m { field car text; by car; measure sum(quantity) in calls }\n" + FEE
    records = [
        event("2026-03-02 07:10", car="a"),
        event("2026-03-02 07:40", car="b"),
        event("2026-03-02 08:20", car="b"),
    ]
    assert windows(rules, *records) == [("07:10", "08:10", 1), ("07:40", "08:40", 2)]


def test_what_a_where_leaves_out_begins_none_and_what_comes_to_0_does():
    rules = "meter m { where quantity > 1 calls; measure sum(quantity - 2 calls) in calls }\n" + FEE
    left_out, of_nothing, three = event("2026-03-02 07:00"), event("2026-03-02 07:10", 2), event("2026-03-02 08:05", 3)
    assert windows(rules, left_out, of_nothing, three) == [("07:10", "08:10", 1)]


def test_each_length_has_windows_of_its_own_on_one_meter():
    rules = SUM + FEE + "\ncharge day_fee { on m; every day from first use; rate 1 USD/call }"
    made = bill(tariff(rules), account(*at("07:10", "08:10", "23:00"), event("2026-03-03 07:10")))
    assert amounts(made, "fee") == [1, 1, 1, 1]
    assert amounts(made, "day_fee") == [3, 1]


def test_what_is_measured_of_a_period_is_measured_for_each_window_and_for_the_month():
    rules = HIGHEST + FEE + "\ncharge month_fee { on m; every month; rate 1 USD/call }"
    made = bill(tariff(rules), account(*at("07:10", quantity=3), *at("07:30"), *at("09:00", quantity=2)))
    assert (amounts(made, "fee"), amounts(made, "month_fee")) == ([3, 2], [3])


@pytest.mark.parametrize(
    ("length", "begins", "ends"),
    [
        ("1 hour", "2026-03-29 01:30", "2026-03-29T01:30:00Z"),  # the clocks go from 02:00 to 03:00
        ("24 hours", "2026-03-28 12:00", "2026-03-29T11:00:00Z"),
        ("1 day", "2026-03-28 12:00", "2026-03-29T10:00:00Z"),
        ("1 month", "2026-01-31 12:00", "2026-02-28T11:00:00Z"),
        ("quarter", "2026-01-31 12:00", "2026-04-30T10:00:00Z"),
        ("2 weeks", "2026-03-20 12:00", "2026-04-03T10:00:00Z"),
    ],
)
def test_hours_are_elapsed_time_and_days_those_of_the_calendar(length, begins, ends):
    rules = tariff(SUM + f"charge fee {{ on m; every {length} from first use; rate 1 USD/call }}",
                   'currency USD; timezone "Europe/Berlin"')  # fmt: skip
    made = bills(rules, account(event(begins)), "2026-01", "2026-06")
    (line,) = [line for one in made for line in one.lines]
    assert line.period.end.format_iso() == ends


def test_it_is_billed_in_the_month_in_which_it_ends_and_is_of_the_day_in_which_it_begins():
    rules = tariff(SUM + FEE.replace("rate", "maximum 5 USD each day; rate"))
    usage = account(event("2026-03-31 20:00", 4), event("2026-03-31 23:30", 3), event("2026-04-01 00:40", 4))
    assert [amounts(one, "fee") for one in bills(rules, usage, "2026-03", "2026-04")] == [[4], [1, 4]]
    assert [amounts(one, "fee") for one in bills(rules, usage, "2026-03-31", "2026-04-01")] == [[4], [1, 4]]
    assert amounts(bill(rules, usage, "2026-04"), "fee") == [1, 4]


def test_the_time_that_data_tell_of_goes_on_until_windows_have_ended():
    rules = tariff(SUM + FEE)
    last, early = account(event("2026-03-31 23:30")), account(event("2026-03-31 22:59"))
    assert [len(spanned(usage, [rules], UTC)) for usage in (last, early)] == [2, 1]
    assert [len(touched(usage, rules, UTC)) for usage in (last, early)] == [2, 1]


def test_the_list_ends_them_and_another_version_has_its_own():
    def version(times, price):
        return plan_of(tariff(SUM + FEE.replace("1 USD", f"{price} USD"), f'currency USD; timezone "UTC"; {times}'))

    first, second = version("effective from 2026-01-01 until 2026-04-01", 1), version("effective from 2026-04-01", 9)
    usage = account(*(event(f"2026-0{each}") for each in ("3-31 23:30", "4-01 00:10", "4-01 01:09", "4-01 01:10")))
    made, problems = rate_history([first, second], usage, months("2026-03", "2026-04", UTC))
    assert not problems
    assert [amounts(one, "fee") for one in made] == [[1], [18, 9]]
    made, problems = rate_history([first], account(event("2026-03-31 23:30")), months("2026-03", "2026-03", UTC))
    assert [amounts(one, "fee") for one in made] == [[1]]


def test_a_quota_that_pays_opens_them_and_what_is_bought_inside_pays_for_what_came_before():
    rules = SUM + (
        "package pack { covers m; sizes { 2 calls 1 USD }; valid from start of day(purchase) until 2027-01-01 }\n"
        + FEE
        + "\ndeduct m from pack > fee"
    )
    records = at("07:10", "07:20", "08:05", "09:30")
    assert windows(rules, *records, purchases=(buy("p", "2026-03-02 07:50", 2),)) == [
        ("07:10", "08:10", 1),
        ("09:30", "10:30", 1),
    ]
    too_late = account(*records, purchases=(buy("p", "2026-03-02 08:10", 2),))
    made = bill(tariff(rules), too_late)
    assert (amounts(made, "fee"), drawn(made)) == ([3], {"p": 1})


def test_a_result_that_a_quota_pays_for_is_served_when_the_window_ends():
    rules = HIGHEST + "grant free { covers m; size 4 calls }\n" + FEE + "\ndeduct m from free > fee"
    made = bill(tariff(rules), account(*at("07:10", "07:20", quantity=3), *at("08:10", quantity=2)))
    assert (quantities(made), drawn(made)) == ([1], {"free": 4})


def test_usage_that_the_condition_leaves_opens_them_too():
    rules = "setting pro = off\n" + SUM + FEE.replace("rate", "when pro; rate")
    on = setting("pro", "on", "2026-03-02 07:30")
    made = bill(tariff(rules), account(*at("07:10", "07:40", "08:10"), settings=(on,)))
    assert (amounts(made, "fee"), unserved(made)) == ([1, 1], 1)


def test_a_condition_on_what_is_used_is_asked_for_each():
    rules = SUM + FEE.replace("rate", "when quantity > 1 calls; rate")
    made = bill(tariff(rules), account(*at("07:10", "07:40", "08:10")))
    assert (amounts(made, "fee"), unserved(made)) == ([2], 1)


def test_what_they_leave_a_month_may_take():
    rules = (
        SUM
        + FEE.replace("rate", "when quantity > 1 calls; rate")
        + ("\ncharge rest { on m; every month; when quantity > 5 calls; rate 1 USD/call }")
    )
    made = bill(tariff(rules), account(*at("07:10", "07:40", "08:10")))
    assert (amounts(made, "fee"), amounts(made, "rest"), unserved(made)) == ([2], [], 1)
    made = bill(tariff(rules), account(*at("07:10", "07:40", "08:10", quantity=2)))
    assert (amounts(made, "fee"), amounts(made, "rest"), unserved(made)) == ([4, 2], [6], 0)


def test_a_setting_that_changes_inside_one_is_refused_where_it_is_asked_once():
    rules = tariff("setting price in USD/call = 1 USD/call\n" + SUM + FEE.replace("1 USD/call", "price"))
    change = setting("price", amount("2 USD/call"), "2026-03-02 07:30")
    assert problem(rules, account(*at("07:10", "07:20"), settings=(change,))).code == "A305"
    assert charged(bill(rules, account(*at("06:30", "07:30"), settings=(change,)))) == 3


def test_other_lines_are_seen_in_its_time_and_see_it_when_it_ends():
    rules = (
        SUM
        + FEE
        + (
            "\ncharge each { on m; every record; rate 3 USD/call }"
            "\ncharge share { on m; every 90 minutes from first use; amount 10% of each }"
            "\ntax vat { on fee; rate 10% }"
            "\ndiscount less { on fee; every month; rate 50% }"
        )
    )
    made = bill(tariff(rules), account(*at("07:10", "07:40", "08:39", "08:40")))
    assert amounts(made, "share") == [Fraction("0.9"), Fraction("0.3")]
    assert [line.amount for line in made.lines if line.source == "vat"] == [Fraction("0.4")]
    assert charged(made, "less") == -2


def test_a_record_of_some_time_begins_one_and_ends_in_it():
    held = state("2026-03-02 07:10", "2026-03-02 08:10", 2)
    for meter in (SUM, HIGHEST):
        assert windows(meter + FEE, held, *at("08:10")) == [("07:10", "08:10", 2), ("08:10", "09:10", 1)]
        found = problem(tariff(meter + FEE), account(*at("07:00"), held))
        assert (found.code, found.help) == ("A303", "split it at 2026-03-02 08:00")


@pytest.mark.parametrize("meter", [SUM, HIGHEST])
def test_a_total_does_not_say_when_it_was_first_used(meter):
    held = total("2026-03-02 07:10", "2026-03-02 07:20", 2)
    found = problem(tariff(meter + FEE), account(held))
    assert found.code == "A311"
    assert "a total does not say" in found.message
    assert windows(meter + FEE, *at("07:10"), changed(held, start=when("2026-04-01"), end=when("2026-04-02"))) == [
        ("07:10", "08:10", 1)
    ]  # of a later month: no bill that is closed depends on it


def test_nor_does_a_result_that_is_given():
    given = changed(total("2026-03-02 07:10", "2026-03-02 08:10", 2), form=Form.TOTAL, measured=True)
    assert "a result that is given does not say" in problem(tariff(HIGHEST + FEE), account(given)).message


def test_late_usage_may_move_them():
    usage = account(
        *at("07:40", "08:30"),
        changed(event("2026-03-02 07:10"), reported=when("2026-04-02")),
        activated="2026-03-01",
    )
    rules = plan_of(tariff(SUM + "charge fee { on m; every 60 minutes from first use; amount 5 USD }"))
    found, problems = rate_account([rules], usage, months("2026-03", "2026-04", UTC))
    assert not problems
    assert [one.total for one in found] == [5, 5]  # from 07:40 there was one; from 07:10 and from 08:30 there are two


def test_an_opening_lies_in_none_and_that_is_known():
    rules = tariff(SUM + FEE)
    usage = account(event("2026-04-01 00:10"), opening="2026-04-01", activated="2026-01-01")
    found = problem(rules, usage, "2026-04")
    assert found.code == "A204"
    assert "is not known" in found.message
    assert charged(bill(rules, changed(usage, history=()), "2026-04")) == 1
    assert charged(bill(rules, changed(usage, activated=when("2026-04-01")), "2026-04")) == 1
    before = tuple(event(f"2026-03-31 {time}") for time in ("21:30", "22:25", "22:40", "23:05"))
    assert charged(bill(rules, changed(usage, history=before), "2026-04")) == 1  # until 22:30 and 23:40
    inside = problem(rules, changed(usage, history=(*before, event("2026-03-31 23:40"))), "2026-04")
    assert inside.message.endswith("which goes from 2026-03-31 23:40 to 2026-04-01 00:40")
    assert inside.help == "open where no window is open, 2026-04-01 00:40 at the earliest"
    other = (*before[:2], before[3])  # where one begins follows from the one before
    assert "from 2026-03-31 23:05" in problem(rules, changed(usage, history=other), "2026-04").message


def test_windows_that_are_not_in_force_at_an_opening_do_not_matter():
    rules = tariff("setting pro = off\n" + SUM + FEE.replace("rate", "when pro; rate"))
    usage = account(event("2026-04-02 12:10"), opening="2026-04-01", activated="2026-01-01")
    later, soon = setting("pro", "on", "2026-04-01 01:00"), setting("pro", "on", "2026-04-01 00:59")
    assert charged(bill(rules, changed(usage, settings=(later,)), "2026-04")) == 1
    assert problem(rules, changed(usage, settings=(soon,)), "2026-04").code == "A204"


def test_a_list_that_begins_with_the_opening_has_none_open():
    rules = tariff(SUM + FEE, 'currency USD; timezone "UTC"; effective from 2026-04-01')
    assert charged(bill(rules, account(event("2026-04-01 00:10"), opening="2026-04-01"), "2026-04")) == 1


@tries(60)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=12), st.sampled_from([30, 60, 90]))
def test_no_two_overlap_each_use_is_in_one_and_each_begins_with_one(minutes, length):
    rules = tariff(SUM + FEE.replace("60", str(length)))
    begin = when("2026-03-02T00:00:00Z")
    made = bill(rules, account(*(event(begin.add(minutes=each)) for each in minutes)))
    begins = [int((line.period.start - begin).total("minutes")) for line in made.lines]
    assert set(begins) <= set(minutes)
    assert all(second - first >= length for first, second in pairwise(begins))
    held = [sum(first <= each < first + length for each in minutes) for first in begins]
    assert [line.amount for line in made.lines] == held
    assert sum(held) == len(minutes)
