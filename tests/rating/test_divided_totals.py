"""Totals that a meter would have to divide by the time are refused; those with one answer are billed."""

from __future__ import annotations

import pytest

from ratewright.usage.model import Form
from tests.rating.accounts import account, bill, bills, buy, changed, event, given, problem, state, tariff, total
from tests.rating.versions_of_a_list import rated, refused

BERLIN = 'currency USD; timezone "Europe/Berlin"'
NIGHT = """
table prices by tariff_time in USD/call { day 2;  night 1 }
meter m {
  define   tariff_time = if time(at) < 7 hours or weekday(at) == sunday then "night" else "day"
  by       tariff_time
  measure  sum(quantity) in calls
}
charge fee { on m; every month; rate prices[tariff_time] }
"""
DAILY = "meter m { define d = sum(quantity) each day; measure highest(d) in calls }\n" + (
    "charge fee { on m; every month; rate 1 USD/call }"
)


def hours(start: str, end: str, quantity: int = 10):
    """A total between two instants."""
    return changed(state(start, end, quantity), form=Form.TOTAL)


@pytest.mark.parametrize(
    ("start", "end", "owed"),
    [
        ("2026-03-03T00:00", "2026-03-03T07:00", 10),
        ("2026-03-03T07:00", "2026-03-04T00:00", 20),
        ("2026-03-01T00:00", "2026-03-02T07:00", 10),  # a Sunday, and the night behind it
        ("2026-03-29T00:00", "2026-03-30T07:00", 10),  # the Sunday on which the clocks are set forward
    ],
)
def test_a_total_within_one_time_of_the_tariff(start, end, owed):
    assert bill(tariff(NIGHT, BERLIN), account(hours(start, end))).total == owed


@pytest.mark.parametrize(
    ("start", "end", "turn"),
    [
        ("2026-03-03T00:00", "2026-03-03T07:00:01", "2026-03-03 07:00"),
        ("2026-03-03T06:59:59", "2026-03-04T00:00", "2026-03-03 07:00"),
        ("2026-03-03T07:00", "2026-03-04T00:00:01", "2026-03-04"),
        ("2026-03-01T00:00", "2026-04-01T00:00", "2026-03-02 07:00"),
        ("2026-03-30T00:00", "2026-03-30T07:30", "2026-03-30 07:00"),
    ],
)
def test_a_total_over_two_times_of_the_tariff(start, end, turn):
    found = problem(tariff(NIGHT, BERLIN), account(hours(start, end)))
    assert found.code == "A307"
    assert f"`tariff_time` has another value from {turn} on, inside this total" in found.message


def test_a_time_of_day_on_the_day_on_which_the_clocks_are_set():
    """02:30 does not exist on 29 March in Berlin; 02:15 exists twice on 25 October."""
    rules = tariff(NIGHT.replace("7 hours or weekday(at) == sunday", "2 hours + 30 minutes"), BERLIN)
    march = problem(rules, account(hours("2026-03-29T01:00", "2026-03-29T04:00")))
    assert "from 2026-03-29 03:00 on" in march.message
    once = hours("2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+02:00")
    assert bill(rules, account(once), "2026-10").total == 10
    october = problem(rules, account(hours("2026-10-25T01:00:00+02:00", "2026-10-25T02:45:00+02:00")), "2026-10")
    assert "from 2026-10-25 02:30+02:00 on" in october.message


def test_a_state_is_never_judged_by_its_first_instant():
    """One minute before seven is night, the rest of it day; from seven on it is day alone."""
    found = problem(tariff(NIGHT, BERLIN), account(state("2026-03-03T06:59", "2026-03-03T12:00", 10)))
    assert (found.code, "from 2026-03-03 07:00 on, inside this record" in found.message) == ("A307", True)
    night = account(state("2026-03-03T06:00", "2026-03-03T07:00", 10))
    day = account(state("2026-03-03T07:00", "2026-03-03T12:00", 10))
    assert [bill(tariff(NIGHT, BERLIN), usage).total for usage in (night, day)] == [10, 20]


@pytest.mark.parametrize(
    ("condition", "owed"), [("at < 2026-03-15", 10), ("at < 2026-04-01", 10), ("start of month(at) >= 2026-02-01", 10)]
)
def test_a_condition_that_holds_for_all_of_a_total(condition, owed):
    rules = f"meter m {{ where {condition}; measure sum(quantity) in calls }}\ncharge fee {{ on m; every month; "
    made = bill(tariff(rules + "rate 1 USD/call }"), account(total("2026-03-01", "2026-03-15", 10)))
    assert made.total == owed


@pytest.mark.parametrize(
    ("condition", "turn"),
    [
        ("at + 3 days < 2026-05-01", ""),
        ("at + 3 days < 2026-03-12", "2026-03-09"),
        ("at + 1 month < 2026-04-10", "2026-03-10"),
        ("at - start of month(at) < 36 hours", "2026-03-02 12:00"),
        ("at < start of year(at) + 2 months + 5 days", "2026-03-06"),
        ("at < end of month(at - 3 days)", "2026-03-04"),
        ("start of week(at) < 2026-03-09", "2026-03-09"),
        ("weekday(at - 12 hours) == sunday", "2026-03-01 12:00"),
        ("month(at) == march", ""),
        ("month(at + 20 days) == march", "2026-03-12"),
        ('kind_of[at] == "free"', "2026-03-08"),
        ('kind_of[at - 6 hours] == "free"', "2026-03-08 06:00"),
        ('kind_of[at + 1 month] == "dear"', ""),
        ("days(start of month(at), at) < 4", "2026-03-05"),
        ("time(at) < 25 hours", ""),
    ],
)
def test_a_condition_reckoned_from_the_time_turns_when_it_turns(condition, turn):
    """A total over the first half of March: refused at the first instant of another answer, and taken where none is."""
    rules = tariff(
        "table kind_of by day { 2026-03-08 or 2026-03-10 free; else dear }\n"
        f"meter m {{ where {condition}; measure sum(quantity) in calls }}\n"
        "charge fee { on m; every month; rate 1 USD/call }"
    )
    usage = account(total("2026-03-01", "2026-03-15", 10))
    if not turn:
        assert bill(rules, usage).total == 10
        return
    found = problem(rules, usage)
    assert found.code == "A307"
    assert f"from {turn} on, inside this total" in found.message.replace("+00:00", "")


def test_a_time_that_meets_another_more_than_once_cannot_be_told():
    rules = "meter m { where at - start of day(at) == at - start of week(at); measure sum(quantity) in calls }\n"
    found = problem(
        tariff(rules + "charge fee { on m; every month; rate 1 USD/call }"),
        account(total("2026-03-01", "2026-03-15", 10)),
    )
    assert (found.code, "asks for the time" in found.message) == ("A307", True)


def test_rows_by_time_of_day():
    rules = tariff(
        """
        table prices by moment in USD/call { below 6 hours 1;  below 22 hours 3;  beyond 2 }
        meter m { define price_now = prices[time(at)];  by price_now;  measure sum(quantity) in calls }
        charge fee { on m; every month; rate price_now }
        """
    )
    assert bill(rules, account(hours("2026-03-03T06:00", "2026-03-03T22:00"))).total == 30
    found = problem(rules, account(hours("2026-03-03T06:00", "2026-03-03T22:00:01")))
    assert "from 2026-03-03 22:00 on" in found.message


def test_a_total_of_more_than_one_day_has_no_daily_values():
    rules = tariff(DAILY)
    assert bill(rules, account(total("2026-03-02", "2026-03-03", 10))).total == 10
    found = problem(rules, account(total("2026-03-02", "2026-03-04", 10)))
    assert found.code == "A307"
    assert "`sum(quantity) each day` asks for each day, and another begins on 2026-03-03" in found.message


def test_nothing_of_it_is_asked_of_events():
    assert bill(tariff(NIGHT), account(event("2026-03-03T06:59:59", 10), event("2026-03-03T07:00", 10))).total == 30


def test_a_total_was_not_held_for_any_time():
    rules = tariff(
        "meter raw in calls\nmeter area { reads raw; measure integral(quantity) / 1 hour in calls }\n"
        "charge fee { on area; every month; rate 1 USD/call }"
    )
    found = problem(rules, account(changed(total("2026-03-01", "2026-04-01", 10), meter="raw")))
    assert found.code == "A307"
    assert "`integral(quantity)` asks how long each quantity held, and this is a total" in found.message


def test_a_total_is_not_measured_in_each_of_two_periods():
    rules = tariff("meter m { measure highest(quantity) in calls }\ncharge fee { on m; every day; rate 1 USD/call }")
    assert bill(rules, account(total("2026-03-02", "2026-03-03", 10))).total == 10
    found = problem(rules, account(total("2026-03-02", "2026-03-04", 10)))
    assert (found.code, "runs past 2026-03-03" in found.message) == ("A303", True)


@pytest.mark.parametrize(
    ("measure", "measured"),
    [("round up (sum(quantity)) to 1 call", [6, 4]), ("max(sum(quantity), 5 calls)", [6, 5])],
)
def test_a_record_that_is_added_up_is_not_counted_in_each_of_two_periods(measure, measured):
    rules = tariff(f"meter m {{ measure {measure} in calls }}\ncharge fee {{ on m; every month; rate 1 USD/call }}")
    found = problem(rules, account(state("2026-03-20", "2026-04-10", 10)), "2026-03", "2026-04")
    assert found.code == "A303"
    assert found.message.startswith("this record runs past 2026-04-01")
    assert found.help == "split it at 2026-04-01: a sum would count it in each of the two"
    parts = account(state("2026-03-20", "2026-04-01", 6), state("2026-04-01", "2026-04-10", 4))
    assert [one.meters[0].measured for one in bills(rules, parts, "2026-03", "2026-04")] == measured


READ = """
meter water {{ field device text = "A"; {by} measure sum(quantity) in calls }}
charge fee {{ on water; every reading; rate 1 USD/call }}
"""
READINGS = (("2026-01-10", "2026-04-12", 90, "A"), ("2026-04-10", "2026-07-09", 80, "B"))


@pytest.mark.parametrize("order", [1, -1])
def test_readings_that_overlap_would_bill_days_twice(order):
    rules = tariff(READ.format(by=""))
    first, second = (state(start, end, quantity, "water") for start, end, quantity, _ in READINGS)
    found = problem(rules, account(*(first, second)[::order]), "2026-01", "2026-07")
    assert found.code == "A308"
    assert found.message == (
        "this reading of `water` begins on 2026-04-10, and another goes on until 2026-04-12: "
        "the time between would be billed twice"
    )
    assert [one.total for one in bills(rules, account(first, changed(second, start=first.end)), "2026-07")] == [80]


def test_readings_of_two_devices_may_overlap():
    records = [state(start, end, quantity, "water", device=device) for start, end, quantity, device in READINGS]
    made = bills(tariff(READ.format(by="by device;")), account(*records), "2026-04", "2026-07")
    assert [one.total for one in made] == [90, 0, 0, 80]


@pytest.mark.parametrize(("begins", "hours"), [("2026-03-31T12:00Z", [12, 24]), ("2026-03-30T00:00Z", [48, 24])])
@pytest.mark.parametrize("each", ["day", "week", "month"])
def test_a_level_of_a_series_ends_with_the_month(each, begins, hours):
    """In whatever parts it is taken: the week of Monday, 30 March 2026 is in both months."""
    rules = tariff(
        f"meter m {{ define parts = integral(quantity) / 1 hour each {each}; measure sum(parts) in calls }}\n"
        "charge fee { on m; every month; rate 1 USD/call }"
    )
    made = bills(rules, account(state(begins, "2026-04-02T00:00Z", 1)), "2026-03", "2026-04")
    assert [one.total for one in made] == hours


SERIES = "meter m {{ {spread} measure {measure} in calls }}\ncharge fee {{ on m; every month; rate 1 USD/call }}"


@pytest.mark.parametrize("of", [state, total])
@pytest.mark.parametrize("measure", ["highest(sum(quantity) each week)", "sum(sum(quantity) each week)"])
def test_what_a_series_adds_up_runs_past_no_period_unless_it_is_spread(of, measure):
    """The week of Monday, 30 March 2026 is in both months: what is added up there would count in both."""
    whole = account(of("2026-03-30", "2026-04-02", 9))
    rules = tariff(SERIES.format(spread="", measure=measure))
    found = problem(rules, whole, "2026-03", "2026-04")
    assert found.code == "A303"
    assert "runs past 2026-04-01" in found.message
    parts = account(of("2026-03-30", "2026-04-01", 6), of("2026-04-01", "2026-04-02", 3))
    assert [one.total for one in bills(rules, parts, "2026-03", "2026-04")] == [6, 3]
    spread = tariff(SERIES.format(spread="spread evenly;", measure=measure))
    assert [one.total for one in bills(spread, whole, "2026-03", "2026-04")] == [6, 3]


@pytest.mark.parametrize("spread", ["", "spread evenly;"])
def test_what_a_series_adds_up_is_cut_by_no_other_version(spread):
    measure = "highest(sum(quantity) each week)"
    times = ("from 2026-01-01 until 2026-04-01", "from 2026-04-01")
    heads = [f'currency USD; timezone "UTC"; effective {time}' for time in times]
    lists = [tariff(SERIES.format(spread=spread, measure=measure), head) for head in heads]
    assert refused(lists, account(state("2026-03-30", "2026-04-02", 9)), "2026-03", "2026-04").code == "A301"
    parts = account(state("2026-03-30", "2026-04-01", 6), state("2026-04-01", "2026-04-02", 3))
    assert [one.total for one in rated(lists, parts, "2026-03", "2026-04")] == [6, 3]


def test_what_a_series_takes_the_highest_of_goes_on_in_both_periods():
    rules = tariff(SERIES.format(spread="", measure="highest(highest(quantity) each week)"))
    made = bills(rules, account(state("2026-03-30", "2026-04-02", 9)), "2026-03", "2026-04")
    assert [one.total for one in made] == [9, 9]


@pytest.mark.parametrize("spread", ["", "spread evenly;"])
def test_what_is_given_of_a_whole_period_is_divided_among_no_lots(spread):
    """A peak has no flow that could be spread: it is one quantity, and known when its period ends."""
    rules = tariff(
        f"meter m {{ {spread} measure highest(sum(quantity) each week) in calls }}\n"
        "charge fee { on m; every month; rate 1 USD/call }\n"
        "package pack { covers m; sizes { 10 calls 5 USD }; valid 10 days }\ndeduct m from pack > fee"
    )
    month = given("2026-03-01", "2026-04-01", 31)
    found = problem(rules, account(month, purchases=(buy("p", "2026-03-11", 10),)))
    assert (found.code, "inside this total" in found.message) == ("A301", True)
