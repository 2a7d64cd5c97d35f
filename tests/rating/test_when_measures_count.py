"""Results of whole periods are known, drawn and told when their period ends."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, bills, carried, state, tariff

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
