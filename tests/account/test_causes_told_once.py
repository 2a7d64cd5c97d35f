"""Problems of many records: one cause is told once, and at the record that has it."""

from __future__ import annotations

import pytest

from ratewright.diagnostics import Source
from ratewright.usage.model import Place
from tests.rating.accounts import account, amount, buy, changed, event, problem, state, tariff, total

# ---------------------------------------------------------------- one cause is told once


def at_lines(*records):
    """Records, each at a line of its own."""
    source = Source("many.csv", "a row\n" * 40)
    return [changed(record, place=Place(source, line)) for line, record in enumerate(records, start=10)]


@pytest.mark.parametrize(
    ("rules", "records", "code", "words"),
    [
        (
            "meter m { measure mean(sum(quantity) each minute) in calls }",
            [state(f"2026-03-01 {hour:02}:00", f"2026-03-01 {hour:02}:10", 1) for hour in range(20)],
            "A307",
            "another begins on 2026-03-01 00:01, inside this record: how much of it came before is not known",
        ),
        (
            "meter m { measure sum(quantity where time(at) < 6 hours) in calls }",
            [total(f"2026-03-{day:02}", f"2026-03-{day + 1:02}", 1) for day in range(1, 21)],
            "A307",
            "has another value from 2026-03-01 06:00 on, inside this total: how much of it came before is not known",
        ),
        (
            "unit item, items\nmeter m in items",
            [event(f"2026-03-{day:02}", f"{day} calls") for day in range(1, 21)],
            "A103",
            "the quantity is in calls, and it is counted in items",
        ),
        (
            "meter m { field size in calls; measure sum(quantity) in calls }",
            [event(f"2026-03-{day:02}", 1, size=amount(f"{day} bits")) for day in range(1, 21)],
            "A102",
            "`size` is in bits, and it is counted in calls",
        ),
    ],
)
def test_a_cause_in_many_records_is_told_once(rules, records, code, words):
    rules = tariff(rules + "\ncharge fee { on m; every month; amount 1 USD }")
    found = problem(rules, account(*at_lines(*records)))
    assert (found.code, found.span.line) == (code, 10)
    assert words in found.message
    assert found.message.endswith(" (and so 19 more records)")


# ---------------------------------------------------------------- what a record causes is told at the record

REGIONS = """
table prices by region in USD/call { eu 1; us 0; ap not sold }
table factor by region             { eu 1; us 0; ap not sold }
"""


@pytest.mark.parametrize(
    "rules",
    [
        "meter m { field region text; by region; measure sum(quantity) in calls }\n"
        "charge fee { on m; every month; rate prices[region] }",
        "meter m { field region text; by region; measure highest(quantity) in calls }\n"
        "charge fee { on m; every month; rate prices[region] }",
        "meter m { field region text; measure sum(quantity) in calls }\n"
        "charge fee { on m; every record; rate prices[region] }",
        "meter m { field region text; measure sum(quantity * factor[region]) in calls }\n"
        "charge fee { on m; every month; rate 1 USD/call }",
        "meter m { field region text; measure highest(quantity * factor[region]) in calls }\n"
        "charge fee { on m; every month; rate 1 USD/call }",
        "meter m { field region text; measure sum(quantity) in calls }\n"
        "package pack { covers m at factor[region]; sizes { 100 calls 1 USD } }\n"
        "charge fee { on m; every month; rate 1 USD/call }\ndeduct m from pack > fee",
    ],
    ids=["keyed", "keyed peak", "each record", "sum", "peak", "ratio"],
)
@pytest.mark.parametrize(
    ("region", "code", "words"), [("paris", "A402", "has no row for region `paris`"), ("ap", "A401", "for region `ap`")]
)
def test_a_row_that_a_record_asks_for_in_vain(rules, region, code, words):
    records = [event(f"2026-03-{day:02}", 1, region="eu" if day == 1 else region) for day in range(1, 5)]
    bought = (buy("p", "2026-03-01", 100),) if "pack" in rules else ()
    found = problem(tariff(REGIONS + rules), account(*at_lines(*records), purchases=bought))
    assert (found.code, found.span.line) == (code, 11)
    assert words in found.message
    assert [note for note, _ in found.related] == ["the rule"]
