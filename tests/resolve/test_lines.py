"""What no line can mean, though its types fit."""

from __future__ import annotations

import pytest

from tests.resolve.formulas import errors

BASE = 'tariff demo { currency USD; timezone "UTC" }\nunit call, calls\nmeter m in calls\n'
FEE = "charge fee { on m; every month; rate 0.1 USD/call }\n"


def said(text: str) -> list[tuple[str, str]]:
    return [(code, quoted) for code, quoted, _ in errors(BASE + FEE + text) if code[0] == "R"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("discount d { on fee; rate 10% }", []),
        ("discount d { on charges; rate 100% }", []),
        ("discount d { on fee; rate 0.1 }", []),
        ("discount d { on fee; rate 10 }", [("R219", "10")]),
        ("discount d { on fee; rate 110% }", [("R219", "110%")]),
        ("discount d { on fee; rate -10% }", [("R219", "-10%")]),
        ("discount d { on fee; amount -5 USD }", [("R219", "-5 USD")]),
        ("discount d { on fee; amount 5 USD }", []),
        ("discount d { on fee; graduated { up to 10 USD 1%; beyond 200% } }", [("R219", "200%")]),
        ("tax d { on subtotal; rate 110% }", []),
        ("tax d { on subtotal; rate 19 }", [("R219", "19")]),
        ("charge d { on fee; every month; rate 19 }", [("R219", "19")]),
        ("charge d { on fee; every month; rate 150% }", []),
        ("discount d { on m; rate 10% }", [("R205", "m")]),
        ("tax d { on m + 3 calls; rate 10% }", [("R205", "m + 3 calls")]),
        ("discount d { on fee; billed every day; rate 10% }", [("R203", "billed every day")]),
        ("discount d { amount 5 USD }", []),
    ],
)
def test_discounts_and_taxes(line, expected):
    assert said(line + "\n") == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("on m; every month; rate 1 USD/call; minimum 5 USD; maximum 5 USD", []),
        ("on m; every month; rate 1 USD/call; minimum 6 USD; maximum 5 USD", [("R219", "6 USD")]),
        ("on m; every month; rate 1 USD/call; minimum 10% of fee; maximum 5 USD", []),
        ("on m; every month; rate 1 USD/call; prorated by 0", []),
        ("on m; every month; rate 1 USD/call; prorated by 1", []),
        ("on m; every month; rate 1 USD/call; prorated by 1.01", [("R219", "1.01")]),
        ("on m; every month; rate 1 USD/call; prorated by -1", [("R219", "-1")]),
        ("on m; every month; rate 1 USD/call; prorated by m / 5 calls", []),
        ("on m; every month; rate 1 USD/call; prorated by week", [("R205", "week")]),
        ("on m; every month; rate 1 USD/call; flat at zero usage", [("R203", "flat at zero usage")]),
        ("on m; every month; rate 1 USD/call + 5 USD; flat at zero usage", []),
        ("on m; every month; amount 5 USD; flat at zero usage", [("R203", "flat at zero usage")]),
        ("on m; every month; volume { up to 9 5 USD; beyond 1 USD/call }; flat at zero usage", []),
        (
            "on m; every month; volume { up to 9 1 USD/call; beyond 5 USD }; flat at zero usage",
            [("R203", "flat at zero usage")],
        ),
        ("on m; every month; rate 1 USD/call; reached by m", [("R203", "reached by m")]),
        ("on m; every record; rate 1 USD/call", []),
        ("every record; amount 1 USD", [("R203", "x")]),
        ("on m; every month; billed every month; rate 1 USD/call", [("R219", "billed every month")]),
        ("on m; every month; billed every 2 days; rate 1 USD/call", [("R219", "2 days")]),
        ("on m; every month; billed every day; rate 1 USD/call", []),
        ("on m; every 2 months; billed every month; rate 1 USD/call", []),
        ("on m; every month; rate 1 USD/call; when due > 5 USD", [("R201", "due")]),
    ],
)
def test_charges(statements, expected):
    assert said(f"charge x {{ {statements} }}\n") == expected


def test_a_charge_on_a_sum_is_billed_as_seldom_as_its_lines():
    daily = "charge small { on m; every day; rate 1 USD/call }\n"
    assert said("tax t { on subtotal; every day; rate 10% }\n") == []  # it is on what is billed on the day
    assert said("tax t { on subtotal; every year; rate 10% }\n") == []
    assert said(daily + "tax t { on small; every day; rate 10% }\n") == []
    assert said(daily + "tax t { on subtotal; rate 10% }\n") == []  # it has the periods of the lines
    assert said("charge t { every day; amount max(5 USD - charges, 0 USD) }\n")[0][0] == "R220"


def test_readings_need_a_meter_that_is_read():
    access = "charge access { every reading; amount 1 USD }\n"
    assert [code for code, _ in said(access)] == ["R213"]
    assert said(access + "meter w in calls\ncharge water { on w; every reading; rate 1 USD/call }\n") == []


def test_a_circle_through_a_sum_names_it():
    lines = "discount d { on fee; rate 1% * (t / 1 USD) }\ntax t { on subtotal; rate 10% }\n"
    found = [message for code, _, message in errors(BASE + FEE + lines) if code == "R215"]
    assert found == ["lines refer to each other in a circle: d > t > subtotal > d"]


def test_a_name_that_is_a_meter_and_a_line_is_told_once():
    text = "charge m { on m; every month; rate 0.1 USD/call }\n"
    assert said(text) == [("R202", "m")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("valid 0 days", [("R219", "0 days")]),
        ("valid 1 day", []),
        ("refund in full within 0 days of purchase", [("R219", "0 days")]),
    ],
)
def test_lengths_of_time(text, expected):
    pool = f"package p {{ covers m; sizes {{ 9 calls 1 USD }}; {text} }}\ndeduct m from p > fee\n"
    assert said(pool) == expected
