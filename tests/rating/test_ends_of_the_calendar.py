"""Lengths that are allowed one by one and lead out of the calendar together: refused at the place that says so."""

from __future__ import annotations

import pytest

from ratewright.diagnostics import Diagnostic
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.corrections import rate_account
from ratewright.usage.model import Usage
from tests.rating.accounts import account, ask, bill, buy, charged, event, extend, periods_of, tariff

WITHIN = " + ".join(["999 years"] * 7)
AGES = f"{WITHIN} + 999 years"
"""From 2026 on: to the year 9019, and past the end."""
BODY = """
meter m in calls
{}
charge fee {{ on m; every month; rate 1 USD/call{} }}
deduct m from {}fee
"""


def rules(declared: str = "", more: str = "", pool: str = "", zone: str = "UTC") -> tree.Tariff:
    return tariff(BODY.format(declared, more, pool), f'currency USD; timezone "{zone}"')


def quota(rest: str) -> dict[str, str]:
    return {"declared": f"grant g {{ covers m; size 5 calls; issued once on activation; {rest} }}", "pool": "g > "}


def problem(made: tree.Tariff, usage: Usage) -> Diagnostic:
    """The one thing that keeps the bill of March from being made."""
    bills, (found,) = rate_account([plan_of(made)], usage, periods_of(made, "2026-03"))
    assert not bills
    return found


USED = event("2026-03-05T10:00Z", 10)


@pytest.mark.parametrize(
    ("parts", "quoted"),
    [
        ({"more": f"; when at < activation + {AGES}"}, f"activation + {AGES}"),
        ({"more": "; when at > activation - 999 years - 999 years - 999 years"}, "activation - 999 years"),
        ({"more": f"; when at < end of year(activation + {WITHIN} + 980 years)"}, "end of year("),
        ({"more": f"; when time(activation + {AGES}) > 5 seconds"}, f"activation + {AGES}"),
        (quota(f"valid until activation + {AGES}"), f"activation + {AGES}"),
        (quota(f"valid 999 years from activation + {WITHIN}"), "valid 999 years from"),
        (
            {
                "declared": "meter back { reads m; measure sum(quantity since (start of period - 999 years - 999 years"
                " - 999 years)) in calls }\ncharge other { on back; every month; rate 1 USD/call }"
            },
            "start of period - 999 years",
        ),
    ],
)
def test_each_place_of_a_rule_file(parts, quoted) -> None:
    found = problem(rules(**parts), account(USED, activated="2026-01-15T00:00Z"))
    assert found.code == "A205"
    assert "outside the years 1 to 9999" in found.message
    assert found.span is not None
    assert found.span.text.startswith(quoted)
    assert found.help


ENDLESS = "package p {{ covers m; sizes {{ 5 calls 1 USD }}; refund in full if {} }}"
BOUGHT = account(USED, purchases=(buy("b", "2026-03-02T00:00Z", 5, "p"),), refunds=(ask("b", "2026-03-03T00:00Z"),))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_end_of_a_lot_that_never_ends_is_later_than_all(zone) -> None:
    compared = rules(ENDLESS.format("expiry > request"), "", "p > ", zone)
    assert charged(bill(compared, BOUGHT)) == 10


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize(
    "reckoned",
    [
        "days(purchase, expiry)",
        "expiry - request",
        "start of month(expiry)",
        "expiry - 1 day",
        "time(expiry)",
        "weekday(expiry)",
    ],
)
def test_nothing_is_reckoned_from_the_end_of_a_lot_that_never_ends(zone, reckoned) -> None:
    found = problem(rules(ENDLESS.format(f"{reckoned} == {reckoned}"), "", "p > ", zone), BOUGHT)
    assert (found.code, found.span.text) == ("A205", reckoned)
    assert found.help == "say with `valid` how long it holds, or leave `expiry` out"


@pytest.mark.parametrize(("term", "terms"), [("year", 99_999), ("year", 10**28), ("day", 10**31), ("day", 4_000_000)])
def test_terms_in_the_data_alone(term, terms) -> None:
    made = rules(
        f"limit lim {{ on m; default 1 call; extend 1 call for 5 USD/{term}; shared by account and subaccounts }}"
    )
    found = problem(made, account(USED, extensions=(extend("e", "2026-03-01T00:00Z", 1, term, terms, "lim"),)))
    assert (found.code, found.help) == ("A205", "write fewer terms")
    assert f"`{terms:,} × {term}` from 2026-03-01T00:00:00Z is outside" in found.message


def test_a_formula_that_is_asked_in_passing_has_its_place_too() -> None:
    found = problem(
        rules(more="; when 1 / days(activation, activation) > 5"), account(USED, activated="2026-01-15T00:00Z")
    )
    assert (found.code, found.span.text) == ("A601", "days(activation, activation)")


@pytest.mark.parametrize("measure", ["sum(quantity)", "integral(quantity) / 1 hour"])
@pytest.mark.parametrize(("hours", "ends"), [(69_890_000, True), (69_900_000, False)])
def test_an_event_that_lasts_past_the_end(measure, hours, ends):
    made = tariff(f"meter m {{ measure {measure} in calls }}\ncharge fee {{ on m; every month; rate 1 USD/call }}")
    usage = account(event("2026-03-05T10:00Z", 1, lasts=f"{hours} hours"))
    found = rate_account([plan_of(made)], usage, periods_of(made, "2026-03"))[1]
    wrong = [] if ends else ["the end of what lasts so long is outside the years 1 to 9999 of the calendar"]
    assert [d.message for d in found] == wrong
