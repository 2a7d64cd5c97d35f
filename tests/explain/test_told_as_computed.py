"""Sentences that once said something else than what was computed, each a kind: what is said is what happened."""

from __future__ import annotations

import csv
import io
import json

import pytest

import ratewright
from ratewright.diagnostics import Source
from ratewright.explain.render import render
from ratewright.report.bill_formats import bill_csv, bill_json
from ratewright.usage import read
from tests.explain.one_bill import AT, one
from tests.explain.test_as_the_customer import told, use

# what is left out


def test_each_value_that_is_left_out_has_its_own_quantity() -> None:
    rules = 'meter m { field kind text;  where kind == "good";  measure sum(quantity) in calls }\n'
    rules += "charge fee { on m;  every month;  rate 1 USD/call }"
    records = "".join(use("m", AT, str(n), kind=kind) for n, kind in ((3, "bad"), (5, "poor"), (7, "ugly"), (9, "odd")))

    text = told(one(rules, records + use("m", AT, "1", kind="good")))
    assert "3 calls with kind bad, 9 calls with kind odd, 5 calls with kind poor and 7 calls with kind ugly" in text


def test_many_values_that_are_left_out_are_told_by_the_condition_alone() -> None:
    rules = 'meter m { field kind text;  where kind == "good";  measure sum(quantity) in calls }\n'
    rules += "charge fee { on m;  every month;  rate 1 USD/call }"
    records = "".join(use("m", AT, "2", kind=f"k{n}") for n in range(6))

    text = told(one(rules, records + use("m", AT, "1", kind="good")))
    assert '(6 records of 12 calls for which “kind == "good"” does not hold, not counted and not charged)' in text
    assert "with kind" not in text


# names


def test_a_field_goes_by_its_own_name_whatever_else_is_called_so() -> None:
    rules = """
    meter trips { field speed number;  field late one of yes, no;  where late == no
      measure sum(times * speed) in calls }
    charge speed "Speed charge" { on trips;  every month;  rate 1 USD/call }
    charge late "Lateness" { every month;  amount 1 USD }
    """
    records = use("trips", AT, "1", speed="3", late="no") + use("trips", AT, "1", speed="4", late="yes")

    text = told(one(rules, records))
    assert "by “sum(times * speed)”" in text
    assert "1 call with late yes" in text


def test_what_is_left_of_a_meter_is_called_so() -> None:
    rules = """
    meter m "Calls" in calls
    grant free { covers m;  size 3 calls;  renews every month }
    charge fee { on round up (m) to 10 calls;  every month;  rate 1 USD/call }
    deduct m from free > fee
    """
    bill = one(rules, use("m", AT, "12"))
    assert (
        "charged on “round up (m) to 10 calls”: round up (9 calls) to 10 calls = 10 calls, "
        "where what is left of m (Calls) is 9 calls" in told(bill, "full")
    )
    assert "9 calls, rounded up to 10 calls: 10 calls" in told(bill)
    assert "rounded" not in told(one(rules, use("m", AT, "13")))
    bare = "meter m in calls\ncharge fee { on round up (m) to 10 calls;  every month;  rate 1 USD/call }"
    assert "12 calls, rounded up to 10 calls: 20 calls" in told(one(bare, use("m", AT, "12")))


# prices


def test_the_rows_that_a_condition_chose_say_by_which() -> None:
    rules = """
    setting plan one of free, pro = free
    table cheap by n in USD/call { up to 10 calls 1;  beyond 0.5 }
    table dear by n in USD/call { up to 10 calls 3;  beyond 2 }
    meter m in calls
    charge fee { on m;  every month;  volume (if plan == pro and quantity <= 5 calls then cheap else dear) }
    """
    bill = one(rules, use("m", AT, "7"), "settings: {plan: pro}\n")
    text = told(bill, "full")
    assert (
        "the tiers are those of dear, by “if plan == pro and quantity <= 5 calls then cheap else dear”, "
        "where plan is pro" in text
    )
    assert "quantity is 7 calls" in text
    assert "the tiers are those of dear, since plan is pro and quantity is 7 calls" in told(bill)


def test_the_tier_of_a_day_goes_by_what_reached_the_line_on_that_day() -> None:
    rules = """
    meter m { field place text;  by place;  measure sum(quantity) in calls }
    grant free { covers m;  size 10 calls;  renews every month }
    charge fee { on m;  every day;  volume { below 30 calls 1 USD/call;  beyond 0.5 USD/call } }
    deduct m from free > fee
    """
    records = (
        use("m", AT, "35", place="a") + use("m", "2026-03-03T10:00:00", "40", place="a") + use("m", AT, "2", place="b")
    )
    text = told(one(rules, records))
    assert "goes by the 25 calls that reach this charge, not by the 35 calls used" in text
    assert "40 calls that reach" not in text


def test_a_price_of_a_table_is_in_the_unit_in_which_it_is_written() -> None:
    rules = """
    table price by kind { a 9.00 USD/1,000,000 calls;  b 4 USD/1,000 calls }
    meter m { field kind text;  by kind;  measure sum(quantity) in calls }
    charge fee { on m;  every month;  rate price[kind] }
    """
    text = told(one(rules, use("m", AT, "2,000,000", kind="a") + use("m", AT, "500", kind="b")))
    assert "2,000,000 × 9.00 USD/1,000,000 calls = 18.00 USD" in text
    assert "500 × 4 USD/1,000 calls = 2.00 USD" in text


def test_a_quantity_has_its_unit_where_the_price_is_for_another() -> None:
    rules = "unit thousand = 1000 call\nmeter m in calls\ncharge fee { on m;  every month;  rate 2.83 USD/thousand }"
    assert "90,000 calls × 2.83 USD/thousand = 254.70 USD" in told(one(rules, use("m", AT, "90,000")))


# parts of a period, and what comes to nothing


def test_a_part_of_a_period_has_its_own_quantity_in_every_format() -> None:
    rules = "meter m in calls\ncharge fee { on m;  every month;  billed every day;  "
    rules += "graduated { up to 10 calls 1 USD/call;  beyond 0.5 USD/call } }"
    bill = one(rules, use("m", "2026-03-01T10:00:00", "8") + use("m", "2026-03-02T10:00:00", "4"))
    lines = json.loads(bill_json(bill))["lines"]
    rows = list(csv.DictReader(io.StringIO(bill_csv(bill))))

    assert [(line["quantity"], line["so_far"]) for line in lines] == [("8", "8"), ("4", "12")]
    assert [(row["quantity"], row["so_far"]) for row in rows] == [("8", "8"), ("4", "12")]
    assert "fee, 2026-03-02 4 calls" in told(bill)
    assert "12 calls: 11.00 USD for March 2026 so far, and 8.00 USD were billed before: 3.00 USD more" in told(bill)


def test_usage_of_one_period_that_comes_to_nothing_is_told_beside_the_lines_of_others() -> None:
    rules = "meter m in calls\ncharge fee { on round half up (m) to 10 calls;  every day;  rate 1 USD/call }"
    text = told(one(rules, use("m", "2026-03-01T10:00:00", "4") + use("m", "2026-03-02T10:00:00", "5")))

    assert (
        "4 calls counted for fee, 2026-03-01, which comes to nothing by “round half up (m) to 10 calls”: "
        "round half up (4 calls) to 10 calls = 0 calls" in text
    )
    assert "fee, 2026-03-02 10 calls" in text


def test_of_few_records_each_step_of_their_formula_is_told() -> None:
    rules = """
    meter m { define step = round up (quantity / 10 calls);  measure sum(step * 10 calls) in calls }
    charge fee { on m;  every month;  rate 1 USD/call }
    """
    text = told(one(rules, use("m", AT, "11")))
    assert (
        "2026-03-02 10:00: “step * 10 calls”: 2 × 10 calls = 20 calls, where step is 2 (round up (11 calls / 10 calls))"
        in text
    )
    assert "2026-03-02 10:00: " not in told(one(rules, use("m", AT, "11") * 6))


def test_an_empty_bill_says_so() -> None:
    bill = one("meter m in calls\ncharge fee { on m;  every month;  rate 1 USD/call }", "")

    for form in ("text", "markdown", "html"):
        assert "nothing was used, bought or owed in this period" in render(bill, form)  # type: ignore[arg-type]


def test_a_short_bill_without_a_line_does_not_say_that_nothing_was_used() -> None:
    covered = "meter m in calls\ngrant free { covers m;  size 9 calls;  renews every month }\n"
    covered += "charge fee { on m;  every month;  rate 1 USD/call }\ndeduct m from free > fee"
    yearly = "meter m in calls\ncharge fee { on m;  every year;  rate 1 USD/call }"  # its period ends later

    for rules in (covered, yearly):
        for used, said in ((use("m", AT, "5"), "no line is charged in this period"), ("", "nothing was used")):
            if used or rules is yearly:  # what is left of a quota is known too
                assert said in render(one(rules, used), "text", detail="short")


def test_a_stretch_in_which_the_clocks_change_says_so() -> None:
    rules = """
    tariff t { currency USD;  timezone "Europe/Berlin";  bytes by 1000 }
    unit GBh = GB * hour
    meter disk in GB
    meter held { reads disk;  measure integral(quantity) in GBh }
    charge fee { on held;  every month;  rate 1 USD/GBh }
    """
    spring = "  - {meter: disk, from: 2026-03-29T00:00:00+01:00, to: 2026-03-29T04:10:00+02:00, quantity: 6 GB}\n"
    autumn = "  - {meter: disk, from: 2026-10-25T00:00:00+02:00, to: 2026-10-25T04:10:00+01:00, quantity: 6 GB}\n"

    assert "3 hours 10 minutes, 2026-03-29 00:00 to 2026-03-29 04:10, in which the clocks go forward by 1 hour" in told(
        one(rules, spring)
    )
    assert "5 hours 10 minutes, 2026-10-25 00:00 to 2026-10-25 04:10, in which the clocks go back by 1 hour" in told(
        one(rules, autumn, first="2026-10")
    )


def test_a_formula_is_quoted_without_the_comments_between_its_lines() -> None:
    rules = """
    meter m in calls
    charge fee {
      on (m        # all of it
        + 5 calls) # and what comes with it
      every month
      rate 1 USD/call
    }
    """
    assert "charged on “m + 5 calls”: 10 calls + 5 calls = 15 calls" in told(one(rules, use("m", AT, "10")))


def test_a_peak_of_two_periods_is_told_with_the_lines_of_each() -> None:
    rules = """tariff t "T" { currency USD;  timezone "UTC" }
unit kW
meter peak { measure highest(quantity) in kW }
charge day_peak   { on peak;  every day;    rate 1 USD/kW }
charge month_peak { on peak;  every month;  rate 10 USD/kW }
"""
    usage = "account: a\ntimezone: UTC\nusage: [{meter: peak, at: 2026-03-02T10:00:00, quantity: 5}]\n"
    loaded = ratewright.loads(rules)
    account, problems = read(Source("a.yaml", usage))
    assert account is not None, problems
    text = loaded.bill(account, "2026-03").explain()
    assert text.count("day peak") == text.count("month peak") == 1
    assert "5 kW measured every month" in text


def test_a_peak_of_months_that_begin_on_two_days_is_told_with_the_lines_of_each() -> None:
    rules = """tariff t "T" { currency USD;  timezone "UTC" }
unit kW
meter peak { measure highest(quantity) in kW }
charge calendar { on peak;  every month;                 rate 1 USD/kW }
charge own      { on peak;  every month from activation; rate 10 USD/kW }
"""
    usage = (
        "account: a\nactivated: 2026-02-10T00:00:00Z\n"
        "usage:\n  - {meter: peak, at: 2026-03-02T10:00:00Z, quantity: 5}\n"
        "  - {meter: peak, at: 2026-03-12T10:00:00Z, quantity: 9}\n"
    )
    account, problems = read(Source("a.yaml", usage))
    assert account is not None, problems
    text = " ".join(ratewright.loads(rules).bill(account, "2026-03").explain().split())
    assert "9 kW measured every month calendar 9 kW" in text
    assert "5 kW measured every month from activation own, 2026-02-10 to 2026-03-09 5 kW" in text


@pytest.mark.parametrize(
    ("rows", "tier"), [("below 10 2 USD; beyond 1 USD", "0 ≤ usage < 10"), ("beyond 1 USD", "usage ≥ 0")]
)
def test_a_tier_that_a_quantity_of_0_picks_has_0_in_it(rows: str, tier: str) -> None:
    form = f"on n;  every month;  volume {{ {rows} }};  reached by m"
    rules = f"meter m in calls\nmeter n in calls\ncharge fee {{ {form} }}\n"
    assert f"because 0 is in the tier {tier} (" in told(one(rules, use("n", AT, "3")))


@pytest.mark.parametrize("every", ["every month from activation", "every month on day own_day", "every month"])
def test_a_line_is_charged_as_often_as_the_list_says(every: str) -> None:
    rules = (
        'tariff t "T" { currency USD;  timezone "UTC" }\nsetting own_day number = 10\n'
        f"charge fee {{ {every};  amount 2 USD }}\n"
    )
    account, problems = read(Source("a.yaml", "account: a\nactivated: 2026-01-10T00:00:00Z\n"))
    assert account is not None, problems
    text = ratewright.loads(rules).bill(account, "2026-03").explain(detail="full")
    assert f"charged {every}\n" in text


@pytest.mark.parametrize(("form", "said"), [("volume", "5% because -3.00 USD is in the tier "), ("graduated", "")])
def test_the_first_tier_holds_what_is_below_0(form: str, said: str) -> None:
    rules = (
        "charge back { every month; amount -5 USD }\ncharge fee { every month; amount 2 USD }\n"
        f"discount d {{ on back + fee; {form} {{ up to 34 USD 5%; beyond 10% }} }}\n"
    )
    text = told(one(rules, ""))
    assert f"{said}amount ≤ 34.00 USD" in text
    assert "-3.00 USD × 5% = -0.15 USD" in text
    assert "0 < amount" not in text


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_usage_that_is_left_out_is_told_in_every_format_where_nothing_else_was_used(format: str) -> None:
    rules = 'meter m { field kind text;  where kind == "good";  measure sum(quantity) in calls }\n'
    rules += "charge fee { on max(m, 1 calls);  every month;  rate 1 USD/call }"
    made = one(rules, use("m", AT, "44", kind="bad"))
    assert "44 calls with kind bad not counted" in render(made, format)


# what decided


def test_what_applies_names_the_condition_and_what_it_read() -> None:
    rules = """
    setting plan "What was agreed" one of free, pro = pro
    meter m in calls
    charge fee { on m;  every month;  when plan == pro and quantity > 2 calls;  rate 1 USD/call }
    """
    text = told(one(rules, use("m", AT, "3")), "full")

    assert "applies because “plan == pro and quantity > 2 calls” holds: plan (What was agreed) is pro" in text


def test_what_is_left_out_says_by_which_value() -> None:
    rules = "meter m { field size number;  where size > 2;  measure sum(quantity) in calls }\n"
    rules += "charge fee { on m;  every month;  rate 1 USD/call }"
    text = told(one(rules, use("m", AT, "3", size="2") + use("m", AT, "1", size="3")), "full")

    assert "1 record with 3 calls left out: only “size > 2” counts, and size was 2 (t.tariff:" in text


@pytest.mark.parametrize(("each", "words"), [("1", "1 pass/call = 1 pass"), ("3", "3 passes/call = 3 passes")])
def test_one_of_a_unit_that_is_made_of_others_is_in_the_singular(each: str, words: str) -> None:
    rules = f"""
    table weight by kind in pass/call {{ long {each};  short 1 }}
    meter m {{ field kind one of long, short;  measure sum(times * 1 call * weight[kind]) in passes }}
    charge fee {{ on m;  every month;  rate 1 USD/pass }}
    """
    assert f"1 × 1 call × {words}" in told(one(rules, use("m", AT, "1", kind="long")))


def test_steps_of_a_record_that_rest_on_each_other_are_lines_of_their_own() -> None:
    rules = (
        "unit kg; unit cm\nmeter m {\n  field length, width in cm\n  define area = length * width\n"
        "  define light = round up (area / (10 cm * cm / kg)) to 1 kg\n  measure sum(max(quantity, light)) in kg\n}\n"
        "charge fee { on m;  every record;  rate 1 USD/kg }\n"
    )
    lines = render(one(rules, use("m", AT, "2 kg", length="10 cm", width="12 cm")), "text").splitlines()
    assert "  area is 120 cm^2 (10 cm × 12 cm)" in lines
    assert not any("<U+" in line for line in lines)


@pytest.mark.parametrize("begins", ["07:00", "12:00"])
def test_each_part_of_a_record_that_is_spread_has_its_own_quantity(begins: str) -> None:
    """The night ends inside the record; so may what a lot covers, where the formula's own parts are cut once more."""
    rules = """
    unit kWh
    meter energy {
      field loss number;  spread evenly
      define tariff_time = if time(at) < 7 hours then "night" else "day"
      by tariff_time
      measure sum(quantity * loss) in kWh
    }
    package pack { covers energy;  sizes { 40 kWh 1 USD };  valid 1 month }
    charge fee { on energy;  every month;  rate 1 USD/kWh }
    deduct energy from pack > fee
    """
    record = "{meter: energy, from: 2026-03-01T06:00:00Z, to: 2026-03-01T22:00:00Z, quantity: 160 kWh, loss: 1.5}"
    bought = f"purchases:\n  - {{id: p, package: pack, size: 40 kWh, at: 2026-03-01T{begins}:00Z}}\n"
    bill = one(rules, f"  - {record}\n", bought)
    parts = {"07:00": [(10, 15), (150, 225)], "12:00": [(10, 15), (50, 75), (100, 150)]}[begins]

    text = told(bill, "full")
    for part, amount in parts:
        assert f"{part} kWh × 1.5 = {amount} kWh" in text
    figures = json.loads(render(bill, "json"))["sections"][0]["figures"]["made"]
    assert [each["how"]["readings"][0] for each in figures] == [
        {"name": "quantity", "value": f"{part} kWh"} for part, _ in parts
    ]
    assert [each["quantity"] for each in figures] == [str(amount) for _, amount in parts]
