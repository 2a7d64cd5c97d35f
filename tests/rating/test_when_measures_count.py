"""Results of whole periods are known, drawn and told when their period ends."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bills, buy, carried, event, given, state, tariff

PEAKS = """
    meter held {{ measure {measure} in calls }}
    grant free {{ covers held; size 16 calls; issued once on activation }}
    charge fee {{ on held; every {every}; rate 4 USD/call }}
    deduct held from free > fee
"""
BEGUN = [
    state("2026-01-02", "2026-02-12", 5, "held"),
    state("2026-02-12", "2026-05-03", 9, "held"),
    state("2026-05-03", "2026-07-01", 4, "held"),
]


@pytest.mark.parametrize("every", ["month", "month on day 15", "quarter", "2 months from 2026-01-10", "year"])
@pytest.mark.parametrize("measure", ["highest(quantity)", "integral(quantity) / length(period)", "last(quantity)"])
def test_a_measure_counts_when_its_period_ends(every, measure):
    """What a bill says does not depend on records from after it, nor on the bills that are asked with it."""
    rules = tariff(PEAKS.format(every=every, measure=measure))
    months = [f"2026-{month:02}" for month in range(1, 8)]
    together = bills(rules, account(*BEGUN, activated="2025-01-01"), months[0], months[-1])
    for name, made in zip(months, together, strict=True):
        alone = bills(rules, account(*(r for r in BEGUN if str(r.start)[:7] <= name), activated="2025-01-01"), name)[0]
        assert alone.total == made.total
        assert carried(alone) == carried(made)
        assert [m.measured for m in alone.meters] == [m.measured for m in made.meters]
        assert [m.period.end <= made.period.end for m in made.meters[0].measures] == [True] * len(
            made.meters[0].measures
        )


@pytest.mark.parametrize("every", ["reading", "record"])
def test_a_reading_and_a_record_priced_alone_count_when_they_end(every):
    rules = tariff(
        f"""
        meter water {{ measure sum(quantity) in calls }}
        grant free {{ covers water; size 20 calls; issued once on activation }}
        charge fee {{ on water; every {every}; rate 1 USD/call }}
        deduct water from free > fee
        """
    )
    usage = account(
        state("2026-01-10", "2026-04-12", 120, "water"),
        state("2026-04-12", "2026-05-01", 30, "water"),
        activated="2026-01-01",
    )
    months = [f"2026-{month:02}" for month in range(1, 6)]
    together = bills(rules, usage, months[0], months[-1])
    assert [one.meters[0].measured for one in together] == [0, 0, 0, 150, 0]
    assert [one.total for one in together] == [0, 0, 0, 130, 0]
    assert [sum(b.remaining.number for b in carried(one)) for one in together] == [20, 20, 20, 0, 0]
    assert [bills(rules, usage, name)[0].total for name in months] == [one.total for one in together]


TWO_METERS = """
    meter held { measure highest(quantity) in calls }
    meter made in calls
    package pack { covers held, made; sizes { 16 calls 1 USD }; valid from 2026-03-01 until 2026-05-01 }
    charge fee { on held; every month; rate 4 USD/call }
    charge made_fee { on made; every month; rate 1 USD/call }
    deduct held from pack > fee
    deduct made from pack > made_fee
"""


@pytest.mark.parametrize("bought", ["2026-03-10", "2026-04-01"])
def test_a_result_that_is_given_counts_when_one_of_records_does(bought):
    """Who draws first from a quota of two meters, and what a purchase may still pay for, is the same for both."""
    rules = tariff(TWO_METERS)
    used = [event("2026-03-20", 12, "made"), event("2026-04-02", 3, "made")]
    figures = []
    for of_march in (event("2026-03-05", 9, "held"), given("2026-03-01", "2026-04-01", 9, "held")):
        usage = account(*used, of_march, purchases=(buy("p", bought, 16),))
        made = bills(rules, usage, "2026-03", "2026-04")
        figures.append([[(line.source, line.amount) for line in one.lines] for one in made])
    assert figures[0] == figures[1]
    in_time = [("pack", 1), ("fee", 20)], [("made_fee", 3)]
    too_late = [("fee", 36), ("made_fee", 12)], [("pack", 1)]
    assert figures[0] == list(map(list, in_time if bought == "2026-03-10" else too_late))


@pytest.mark.parametrize(("day", "told"), [("2026-03-01", 0), ("2026-03-31", 9)])
def test_a_result_that_is_given_is_told_of_the_day_on_which_it_ends(day, told):
    usage = account(given("2026-03-01", "2026-04-01", 9, "held"))
    assert bills(tariff(TWO_METERS), usage, day)[0].meters[0].measured == told
