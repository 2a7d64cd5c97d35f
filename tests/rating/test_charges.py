"""Charges over time: their periods, what they say of each other, and the meters that they are on."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.rating.accounts import (
    account,
    amounts,
    bill,
    bills,
    charged,
    event,
    quantities,
    setting,
    state,
    tariff,
    total,
    unserved,
)
from tests.rating.price_lists import METER


def starts(made, source: str = "fee") -> list[str]:
    """The local day on which the period of each line begins."""
    return [
        one.calendar.date_of(line.period.start).format_iso()
        for one in made
        for line in one.lines
        if line.source == source
    ]


# ---------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("every month", ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"]),
        ("every 2 months", ["2026-01-01", "2026-03-01", "2026-05-01"]),
        ("every quarter", ["2026-01-01", "2026-04-01"]),
        ("every 4 months", ["2026-01-01"]),
        ("every month on day 15", ["2025-12-15", "2026-01-15", "2026-02-15", "2026-03-15", "2026-04-15", "2026-05-15"]),
        ("every month on day 31", ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("every 3 months on day 30", ["2025-10-30", "2026-01-30"]),
        ("every year", []),
    ],
)
def test_a_fixed_charge_is_on_the_bill_in_which_its_period_ends(every, expected):
    rules = tariff(f"charge fee {{ {every}; amount 5 USD }}")
    assert starts(bills(rules, account(), "2026-01", "2026-06")) == expected


def test_every_week_begins_on_monday():
    rules = tariff("charge fee { every week; amount 5 USD }")
    assert starts(bills(rules, account(), "2026-03")) == [
        "2026-02-23",
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
        "2026-03-23",
    ]
    assert date(2026, 3, 2).weekday() == 0


def test_every_day_and_hour():
    daily = bills(tariff("charge fee { every day; amount 1 USD }"), account(), "2026-02")
    assert starts(daily) == [(date(2026, 2, 1) + timedelta(days=n)).isoformat() for n in range(28)]
    hourly = bills(tariff("charge fee { every hour; amount 1 USD }"), account(), "2026-02")
    assert hourly[0].total == 28 * 24


def test_usage_falls_into_the_period_that_holds_it():
    rules = tariff(
        f"{METER}charge fee {{ on m; every month on day 31; graduated {{ up to 2 1 USD/call; beyond 10 USD/call }} }}"
    )
    usage = account(
        event("2026-02-27 23:59:59", 3),
        event("2026-02-28 00:00", 5),
        event("2026-03-30 23:59:59", 1),
        event("2026-03-31", 2),
    )
    made = bills(rules, usage, "2026-02", "2026-04")
    assert [quantities(b) for b in made] == [[3], [6], [2]]
    assert [b.total for b in made] == [12, 42, 2]
    assert [b.meters[0].measured for b in made] == [8, 3, 0]  # what was measured stays in its month


def test_a_charge_every_quarter_is_priced_at_its_end_alone():
    rules = tariff(
        f"{METER}charge fee {{ on m; every quarter; volume {{ below 10 1 USD/call; beyond 0.5 USD/call }} }}"
    )
    usage = account(event("2026-01-15", 4), event("2026-02-15", 4), event("2026-03-15", 4))
    assert [b.total for b in bills(rules, usage, "2026-01", "2026-03")] == [0, 0, 6]
    assert bill(rules, usage, "2026-03").total == 6
    assert bill(rules, usage, "2026-02").total == 0


def test_a_day_may_be_billed_alone():
    rules = tariff(
        f"{METER}charge fee {{ on m; every day; rate 1 USD/call }}\ncharge base {{ every month; amount 9 USD }}"
    )
    usage = account(event("2026-03-30", 4), event("2026-03-31", 5))
    made = bills(rules, usage, "2026-03-30", "2026-03-31", "2026-04-01")
    assert [b.total for b in made] == [4, 14, 0]


def test_days_and_length_of_the_period():
    rules = tariff(
        "charge a { every month; amount 1 USD * days(period) }\n"
        "charge b { every month; amount 1 USD * (length(period) / 1 hour) }"
    )
    for month, days in [("2026-02", 28), ("2028-02", 29), ("2026-03", 31)]:
        made = bill(rules, account(), month)
        assert (charged(made, "a"), charged(made, "b")) == (days, days * 24)


def test_a_charge_begins_with_the_account():
    rules = tariff("charge fee { every month; amount 5 USD }")
    made = bills(rules, account(activated="2026-03-10"), "2026-01", "2026-05")
    assert [b.total for b in made] == [0, 0, 5, 5, 5]
    at_the_bound = bills(rules, account(activated="2026-03-01"), "2026-02", "2026-03")
    assert [b.total for b in at_the_bound] == [0, 5]


# ---------------------------------------------------------------- charges that refer to others


def test_a_charge_on_another_whatever_their_order_in_the_file():
    body = """
    charge surcharge { every month; amount 12% of fee }
    charge true_up { every month; amount max(100 USD - fee - surcharge, 0 USD) }
    charge fee { on m; every month; rate 1 USD/call }
    """
    made = bill(tariff(METER + body), account(event("2026-03-02", 50)))
    assert (charged(made), charged(made, "surcharge"), charged(made, "true_up")) == (50, 6, 44)
    assert made.total == 100


def test_a_reference_reads_the_rounded_amount():
    body = "charge fee { on m; every month; rate 1 USD/call / 3 }\ncharge twice { every month; amount fee * 2 }"
    made = bill(tariff(METER + body), account(event("2026-03-02", 1)))
    assert charged(made, "twice") == Fraction("0.66")


QUARTER = "charge base { every month; amount 25 USD }\ncharge share { every quarter; amount 10% of base }"


def test_a_quarter_reads_all_its_months():
    made = bills(tariff(QUARTER), account(), "2026-01", "2026-03")
    assert [charged(b, "share") for b in made] == [0, 0, Fraction("7.5")]


def test_a_quarter_reads_all_its_months_even_if_only_the_last_is_asked_for():
    made = bill(tariff(QUARTER), account(), "2026-03")
    assert charged(made, "share") == Fraction("7.5")
    assert amounts(made, "base") == [25]


def test_months_before_the_activation_or_the_price_list_are_not_read():
    assert charged(bill(tariff(QUARTER), account(activated="2026-02-15"), "2026-03"), "share") == 5
    later = tariff(QUARTER, 'currency USD; timezone "UTC"; effective from 2026-02-01')
    assert charged(bill(later, account(), "2026-03"), "share") == 5


def test_a_month_reads_its_days():
    body = """
    charge fee { on m; every day; rate 1 USD/call; maximum 3 USD }
    charge share { every month; amount 10% of fee }
    """
    usage = account(event("2026-02-28", 9), event("2026-03-01", 9), event("2026-03-02", 2), event("2026-04-01", 9))
    assert charged(bill(tariff(METER + body), usage), "share") == Fraction("0.5")


# ---------------------------------------------------------------- meters


def test_where_leaves_records_out_and_says_why():
    rules = tariff(
        """
        meter m {
          field memory in MB
          field kind one of a, b = a
          where kind == a
          where memory > 100 MB
          measure sum(quantity * memory / (1 GB)) in calls
        }
        charge fee { on m; every month; rate 1 USD/call }
        """,
        'currency USD; timezone "UTC"; bytes by 1000; rounding none',
    )
    from tests.rating.accounts import amount

    usage = account(
        event("2026-03-01", 4, memory=amount("500 MB")),
        event("2026-03-02", 7, memory=amount("100 MB")),
        event("2026-03-03", 9, memory=amount("50 MB"), kind="b"),
    )
    made = bill(rules, usage)
    assert made.total == 2
    told = [(x.text, [(r.name, r.text) for r in x.readings], x.records, x.quantity) for x in made.meters[0].excluded]
    assert told == [
        ("kind == a", [("kind", "b")], 1, 9),
        ("memory > 100 MB", [("memory", "100 MB")], 1, 7),
    ]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("sum(quantity)", 15),
        ("highest(quantity)", 7),
        ("lowest(quantity)", 3),
        ("mean(quantity)", 5),
        ("count() * 1 call", 3),
        ("highest(quantity) - lowest(quantity)", 4),
        ("round up (sum(quantity) / 4) to 1 call", 4),
        ("sum(times * 2 calls)", 30),
    ],
)
def test_measures_of_a_month(measure, expected):
    rules = tariff(f"meter m {{ measure {measure} in calls }}\ncharge fee {{ on m; every month; rate 1 USD/call }}")
    usage = account(
        event("2026-03-01", 3), event("2026-03-02", 5), event("2026-03-31 23:59:59", 7), event("2026-04-01", 100)
    )
    assert charged(bill(rules, usage)) == expected


def test_a_peak_is_taken_in_each_period_of_its_charge():
    rules = tariff("meter m { measure highest(quantity) in calls }\ncharge fee { on m; every day; rate 1 USD/call }")
    usage = account(event("2026-03-01 08:00", 3), event("2026-03-01 09:00", 5), event("2026-03-02", 4))
    made = bill(rules, usage)
    assert amounts(made, "fee") == [5, 4]


def test_a_state_counts_in_every_period_that_it_overlaps():
    from tests.rating.accounts import state

    rules = tariff("meter m { measure highest(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }")
    usage = account(state("2026-02-10", "2026-04-01", 9), state("2026-03-31", "2026-04-02", 4))
    assert [b.total for b in bills(rules, usage, "2026-01", "2026-05")] == [0, 9, 9, 4, 0]


def test_settings_in_a_measure_are_those_of_the_record():
    rules = tariff(
        """
        setting factor number = 1
        meter m { measure sum(quantity * factor) in calls }
        charge fee { on m; every month; rate 1 USD/call }
        """
    )
    from tests.rating.accounts import amount

    usage = account(
        event("2026-03-09", 1), event("2026-03-10", 10), settings=(setting("factor", amount(3), "2026-03-10"),)
    )
    assert charged(bill(rules, usage)) == 31


def test_a_total_counts_once_whatever_it_stands_for():
    rules = tariff("meter m { measure count() * 1 call in calls }\ncharge fee { on m; every month; rate 1 USD/call }")
    usage = account(total("2026-03-01", "2026-04-01", 1_000_000), event("2026-03-05", 5))
    assert charged(bill(rules, usage)) == 2


def test_a_formula_that_takes_at_least_some_bills_a_month_without_usage():
    rules = tariff("meter m in calls\ncharge fee { on max(m, 10 calls); every month; rate 1 USD/call }")
    assert bill(rules, account()).total == 10
    assert bill(rules, account(event("2026-03-05", 12))).total == 12


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("discount other { on subtotal; rate 10% }", -3),
        ("discount other { on charges; rate 10% }", -3),
        ("charge other { every month; amount 10% of charges }", 1),
        ("tax other { on total; rate 10% }", 3),
    ],
)
def test_a_line_on_a_sum_beside_a_charge_on_all_charges(line, amount):
    """Only a charge means the other charges that name no such sum; a discount or a tax means all of them."""
    rules = tariff(
        "charge fee { every month; amount 10 USD }\n"
        f"charge least {{ every month; amount max(30 USD - charges, 0 USD) }}\n{line}"
    )
    made = bill(rules, account())
    assert (charged(made, "least"), charged(made, "other")) == (20, amount)


def test_usage_that_quotas_cover_may_run_past_the_period_and_is_told_without_what_was_used():
    body = """
    grant free { covers m; size 8 calls }
    charge fee { on m; every month; volume { below 5 calls 1 USD/call; beyond 2 USD/call } }
    deduct m from free > fee
    """
    usage = account(state("2026-03-30", "2026-04-03", 8), event("2026-03-31", 6))
    made = bill(tariff(METER + body), usage)
    assert charged(made) == 12
    (line,) = (line for line in made.lines if line.source == "fee")
    assert line.why.used is None


def test_of_a_line_that_its_condition_keeps_away_nothing_else_is_asked():
    """The state runs past the period, and what the line names is not measured for it."""
    rules = tariff(
        "setting sw = off\n" + METER + "charge fee { on m * 2; every month; when sw; "
        "volume { below 4 calls 0 USD; beyond 1 USD/call }; reached by m }"
    )
    made = bill(rules, account(state("2026-03-30", "2026-04-03", 8)))
    assert (charged(made), unserved(made)) == (0, 8)
