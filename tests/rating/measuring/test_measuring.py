"""Measuring is a function of meter, records, period and key: whoever asks, and in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from ratewright.account.binding import Account, bind
from ratewright.limits import DEFAULT
from ratewright.plan.period_grid import Grid
from ratewright.plan.plan import plan_of
from ratewright.rating.measuring.measuring import Measuring
from ratewright.rating.measuring.results_as_usage import results_as_usage, results_told
from ratewright.rating.measuring.windows import Windows
from ratewright.refusal import RatingError
from ratewright.usage.model import Place, Record
from ratewright.values.calendar import DAILY, MONTHLY, Cadence, Period, PeriodUnit
from tests.rating.accounts import HERE, account, changed, event, state, tariff, total

RULES = """
meter used { field region text; measure sum(quantity) in calls; by region }
meter peak { field region text; measure highest(quantity) in calls; by region }
meter again { reads used; measure sum(quantity * 2) in calls; by region }
charge fee { every month; on used; rate 1 USD/call }
charge top { on peak; every day; rate 1 USD/call }
charge twice { every month; amount again * 1 USD/call }
"""
MARCH = Period(Instant.from_utc(2026, 3, 1), Instant.from_utc(2026, 4, 1))


def day(number: int, days: int = 1) -> Period:
    start = Instant.from_utc(2026, 3, number)
    return Period(start, start.add(hours=24 * days))


def bound(*records: Record, rules: str = RULES, **parts: object):
    made, problems = bind(plan_of(tariff(rules)), account(*records, **parts), DEFAULT)
    assert made is not None, problems
    return made


def measuring(*records: Record, rules: str = RULES, **parts: object) -> Measuring:
    made = bound(*records, rules=rules, **parts)
    return measuring_of(made)


def measuring_of(made: Account) -> Measuring:
    grid = Grid(made.tariff, made.calendar)
    return Measuring(made, grid, Windows(made, grid))


def both(at: str, quantity: int, region: str) -> list[Record]:
    return [event(at, quantity, meter, region=region) for meter in ("used", "peak")]


RECORDS = [
    *both("2026-03-01 00:00", 3, "EU"),
    *both("2026-03-01 12:00", 5, "US"),
    *both("2026-03-02 00:00", 7, "EU"),
    *both("2026-03-31 23:00", 2, "EU"),
    *both("2026-04-01 00:00", 11, "EU"),
]


@pytest.mark.parametrize(
    ("meter", "period", "keys", "value"),
    [
        ("used", MARCH, {}, 17),
        ("used", MARCH, {"region": "EU"}, 12),
        ("used", MARCH, {"region": "Mars"}, 0),
        ("used", MARCH, {"other": "EU"}, 17),
        ("used", day(1), {}, 8),
        ("used", day(2), {}, 7),
        ("used", day(3), {}, 0),
        ("again", day(1), {"region": "US"}, 10),
        ("peak", MARCH, {}, 7 + 5),
        ("peak", MARCH, {"region": "EU"}, 7),
        ("peak", day(1), {"region": "EU"}, 3),
        ("peak", day(31), {}, 2),
        ("peak", day(3), {}, 0),
    ],
)
def test_a_period_is_measured_for_the_keys_that_are_asked(meter, period, keys, value):
    assert measuring(*RECORDS).of_period(meter, period, keys) == value


@given(
    st.lists(st.sampled_from([(m, p) for m in ("used", "peak", "again") for p in (MARCH, day(1), day(2), day(1, 2))]))
)
def test_what_was_asked_before_changes_no_answer(asked):
    one = measuring(*RECORDS)
    for meter, period in asked:
        one.of_period(meter, period, {"region": "EU"})
    for meter, period in asked:
        assert one.of_period(meter, period, {}) == measuring(*RECORDS).of_period(meter, period, {})


@given(st.permutations(RECORDS))
def test_the_order_of_records_changes_no_answer(records):
    made = measuring(*records)
    assert [made.of_period(meter, MARCH, {"region": "EU"}) for meter in ("used", "again", "peak")] == [12, 24, 7]


# ---------------------------------------------------------------- one record, one reading


def test_of_a_record_alone_is_what_it_has_itself():
    made = bound(*RECORDS)
    alone = measuring_of(made)
    for record in RECORDS:
        of = next(m for m in ("used", "peak") if record.meter == m)
        other = "peak" if of == "used" else "used"
        quantity = record.quantity.number
        assert alone.of_record(of, record, {}) == quantity
        assert alone.of_record(other, record, {}) == 0
        if of == "used":
            assert alone.of_record("again", record, {}) == 2 * quantity
        assert alone.of_record(of, record, {"region": "Mars"}) == 0


def test_of_a_reading_are_the_readings_of_exactly_its_stretch():
    rules = RULES.replace("by region", "")
    readings = [
        total(f"2026-03-{start:02d}", f"2026-03-{end:02d}", quantity, meter, region="EU")
        for meter in ("used", "peak")
        for start, end, quantity in ((1, 3, 4), (1, 3, 6), (3, 5, 9), (1, 5, 1))
    ]
    made = measuring(*readings, rules=rules)
    assert [made.of_reading("used", day(1, days), {}) for days in (1, 2, 4)] == [0, 10, 1]
    assert [made.of_reading("peak", day(start, 2), {}) for start in (1, 2, 3)] == [6, 0, 9]


# ---------------------------------------------------------------- what a period divides


@pytest.mark.parametrize("meter", ["used", "peak"])
@pytest.mark.parametrize(("start", "end"), [("2026-02-27", "2026-03-02"), ("2026-03-31", "2026-04-02")])
def test_a_total_that_the_period_divides_is_refused(meter, start, end):
    made = measuring(total(start, end, 8, meter, region="EU"))
    with pytest.raises(RatingError) as caught:
        made.of_period(meter, MARCH, {})
    assert caught.value.diagnostics[0].code == "A303"


@pytest.mark.parametrize("meter", ["used", "peak"])
def test_a_total_that_ends_with_the_period_lies_in_it(meter):
    made = measuring(total("2026-03-30", "2026-04-01", 8, meter, region="EU"))
    assert made.of_period(meter, MARCH, {}) == 8


def test_the_refusal_names_the_total_that_is_divided():
    whole = total("2026-03-30", "2026-04-01", 8, "used", region="EU")
    across = changed(total("2026-03-31", "2026-04-02", 9, "used", region="EU"), place=Place(HERE.source, 7))
    with pytest.raises(RatingError) as caught:
        measuring(whole, across).of_period("used", MARCH, {})
    assert caught.value.diagnostics[0].span == across.place.span


LOOKING_BACK = """
meter high { measure highest(quantity since activation) in calls }
charge fee { every month; amount high * 1 USD/call }
"""


def test_a_result_that_is_given_stands_for_what_a_measure_looks_back_at():
    result = changed(total("2026-03-01", "2026-04-01", 30, "high"), measured=True)
    made = measuring(event("2026-02-10", 20, "high"), result, rules=LOOKING_BACK, activated="2026-01-01")
    assert made.of_period("high", MARCH, {}) == 30


def test_a_state_is_in_each_period_that_it_meets():
    made = measuring(state("2026-02-27", "2026-03-02", 8, "peak", region="EU"))
    assert [made.of_period("peak", period, {}) for period in (MARCH, day(1), day(2))] == [8, 8, 0]


# ---------------------------------------------------------------- results as usage


def test_results_are_those_of_each_period_that_has_records():
    made = measuring(*RECORDS)
    found = list(made.results(bound(*RECORDS).plan.meters["peak"], DAILY, MARCH.end))
    assert sorted((r.period.start, r.key, r.amount, r.records) for r in found) == [
        (day(1).start, ("EU",), 3, 1),
        (day(1).start, ("US",), 5, 1),
        (day(2).start, ("EU",), 7, 1),
        (day(31).start, ("EU",), 2, 1),
    ]
    monthly = list(made.results(bound(*RECORDS).plan.meters["peak"], MONTHLY, MARCH.end))
    assert sorted((r.key, r.amount) for r in monthly) == [(("EU",), 7), (("US",), 5)]


def test_for_each_record_the_result_knows_it():
    alone = Cadence(PeriodUnit.RECORD)
    found = list(measuring(*RECORDS).results(bound(*RECORDS).plan.meters["peak"], alone, MARCH.end))
    assert {id(r.record) for r in found} == {id(r) for r in RECORDS[:-2] if r.meter == "peak"}


def test_a_result_is_usage_for_the_lines_of_its_period():
    made = bound(*RECORDS)
    own = measuring_of(made)
    pieces = results_as_usage(made, own, {"fee": MONTHLY, "top": DAILY, "twice": MONTHLY}, MARCH.end)
    assert {(p.meter, p.lines) for p in pieces} == {("peak", ("top",))}
    assert sorted((p.start, p.amount, p.tags["region"]) for p in pieces)[:2] == [
        (day(1).start, 3, "EU"),
        (day(1).start, 5, "US"),
    ]
    assert results_told(made, own, {"fee": MONTHLY, "top": DAILY, "twice": MONTHLY}, MARCH.end) == []


def test_in_the_period_of_the_activation_a_result_counts_from_then_on():
    made = bound(*RECORDS[2:], activated="2026-03-01 06:00")
    own = measuring_of(made)
    first, *_ = results_as_usage(made, own, {"fee": MONTHLY, "top": DAILY, "twice": MONTHLY}, MARCH.end)
    assert (first.start, first.end) == (Instant.from_utc(2026, 3, 1, 6), day(1).end)


def test_what_is_asked_of_a_meter_on_demand_is_told_once():
    rules = RULES.replace(
        "charge top { on peak; every day; rate 1 USD/call }", "charge top { every month; amount peak * 1 USD/call }"
    )
    made = measuring(*RECORDS, rules=rules)
    assert made.asked_since() == []
    for _ in range(2):
        made.of_period("peak", MARCH, {"region": "US"})
    assert [(name, r.key, r.amount) for name, r in made.asked_since()] == [("peak", ("US",), 5)]
    made.of_period("peak", MARCH, {})
    assert [(name, r.key, r.amount) for name, r in made.asked_since()] == [("peak", ("EU",), 7)]
