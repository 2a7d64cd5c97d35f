"""Usage of a meter that nothing prices: that lines on another meter price the same records is said where it is so."""

from __future__ import annotations

import pytest

from ratewright.explain.render import render
from tests.explain.one_bill import one

RULES = """tariff t "T" {{ currency EUR;  timezone "UTC" }}
unit stay, stays
setting pro = off
setting free_day date = 2200-01-01
meter begun {{ field weight number = 1;  measure sum(quantity) in stays }}
meter long {{ reads begun;  measure integral(1) in minutes }}
meter much {{ reads begun;  {where}measure integral(2) in minutes }}
charge by_day {{ on long;  every day;  when {own};  rate 1 EUR/minute }}
charge by_night {{ on much;  every day;  {other}rate 1 EUR/minute }}
"""
STAY = "  - {{meter: begun, from: 2026-03-{0:02}T09:00:00Z, to: 2026-03-{0:02}T10:00:00Z, quantity: 1}}\n"
NEVER = "at < 2026-01-01"
SAID = "the same records are priced by by night"


def told(own: str, other: str, days: tuple[int, ...] = (1, 2), *, data: str = "", where: str = "") -> str:
    bill = one(RULES.format(own=own, other=other, where=where), "".join(map(STAY.format, days)), data)
    return " ".join(render(bill, "text", width=100_000).split())


def test_it_is_said_of_lines_that_price_all_there_is() -> None:
    for other in ("", "when not pro;  "):
        text = told(NEVER, other)
        assert "priced otherwise 60 minutes" in text
        assert SAID in text


@pytest.mark.parametrize(
    ("own", "other", "data"),
    [
        ("start of period < free_day", "when start of period < free_day;  ", "settings: {free_day: 2026-03-02}\n"),
        (NEVER, "when at < free_day;  ", "settings: {free_day: 2026-03-02}\n"),
        (NEVER, "when not pro;  ", "settings: {pro: {2026-03-02T00:00:00Z: on}}\n"),
        (NEVER, "when quantity > 200 minutes;  ", ""),
    ],
)
def test_it_is_not_said_of_lines_that_price_some_of_it(own: str, other: str, data: str) -> None:
    """A line that priced the record of one day has not priced that of another."""
    text = told(own, other, data=data)
    assert "not covered" in text
    assert "the same records are priced" not in text
    assert "priced otherwise" not in text


def test_it_is_not_said_of_a_meter_that_leaves_records_out() -> None:
    assert "the same records are priced" not in told(NEVER, "", where="where weight > 0;  ")


def test_it_is_not_said_of_a_meter_of_other_records() -> None:
    rules = RULES.format(own=NEVER, other="", where="").replace("much { reads begun;", "much {")
    usage = STAY.format(1) + STAY.format(1).replace("begun", "much").replace("quantity: 1", "quantity: 1 minute")
    text = " ".join(render(one(rules, usage), "text", width=100_000).split())
    assert "not covered 60 minutes" in text
    assert "120.00 EUR" in text
    assert "the same records are priced" not in text
