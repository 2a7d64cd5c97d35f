"""Which lines may be on which others, by how often both are billed."""

from __future__ import annotations

import pytest

from tests.resolve.formulas import errors

HEAD = 'tariff demo { currency USD; timezone "UTC" }\nunit call, calls\nmeter m in calls\nmeter w in calls\n'
LINES = {
    "minute": "charge minutely { on m; every minute; rate 1 USD/call }\n",
    "hour": "charge hourly { on m; every hour; rate 1 USD/call }\n",
    "day": "charge daily { every day; amount 1 USD }\n",
    "month": "charge monthly { every month; amount 1 USD }\n",
    "quarter": "charge quarterly { every quarter; amount 1 USD }\n",
    "record": "charge recorded { on m; every record; rate 1 USD/call }\n",
    "reading": "charge read { on w; every reading; rate 1 USD/call }\n",
}
CALENDAR = ("minute", "hour", "day", "month", "quarter")
ALONE = ("record", "reading")


def codes(every, of, word="charge", on=""):
    line = LINES[of]
    on = on or line.split()[1]
    found = errors(f"{HEAD}{line}{word} asks {{ on {on}; every {every}; rate 10% }}\n")
    return [code for code, _, _ in found if code == "R220"]


@pytest.mark.parametrize("every", [*CALENDAR, *ALONE])
@pytest.mark.parametrize("of", [*CALENDAR, *ALONE])
def test_a_charge_is_not_billed_before_what_it_is_on(every, of):
    fits = of == every or (every not in ALONE and (of in ALONE or CALENDAR.index(of) < CALENDAR.index(every)))
    assert codes(every, of) == ([] if fits else ["R220"])
    assert codes(every, of, on="charges") == ([] if fits else ["R220"])


@pytest.mark.parametrize("word", ["discount", "tax"])
@pytest.mark.parametrize("every", [*CALENDAR, *ALONE])
@pytest.mark.parametrize("of", [*CALENDAR, *ALONE])
def test_a_discount_or_a_tax_is_on_what_ends_in_its_period(word, every, of):
    fits = every not in ALONE or of == every
    assert codes(every, of, word) == ([] if fits else ["R220"])
