"""What is known of a price list before any usage: whose turn it is, who pays for what, and of what is measured."""

from __future__ import annotations

import pickle

import pytest

from ratewright.plan.grains import unsound_grains
from ratewright.plan.line_plans import Grain
from ratewright.plan.plan import Plan, plan_of
from ratewright.values.calendar import Cadence, PeriodUnit
from tests.rating.accounts import changed, tariff

METERS = """
meter calls_made { field region text; measure sum(quantity) in calls; by region }
meter busy { reads calls_made; measure highest(quantity) in calls }
meter slow { measure highest(quantity) in calls }
"""


def plan(lines: str, meters: str = METERS) -> Plan:
    return plan_of(tariff(meters + lines))


def turns(made: Plan) -> list[str]:
    """The lines in the order of their turns, as of one instant."""
    return sorted(made.lines, key=lambda name: made.lines[name].place)


# ---------------------------------------------------------------- lines


LINES = [
    "charge b { every month; on calls_made; rate 1 USD/call }",
    "charge a { every month; on busy; amount 10% of b }",
    "discount late { on charges; rate 10% }",
    "tax vat { on subtotal; rate 20% }",
    "charge c { every month; on busy; rate 1 USD/call }",
]


@pytest.mark.parametrize("order", [LINES, LINES[::-1], [LINES[3], LINES[1], LINES[4], LINES[2], LINES[0]]])
def test_a_line_comes_behind_what_it_needs_and_else_by_its_name(order: list[str]) -> None:
    assert turns(plan("\n".join(order))) == ["b", "a", "c", "late", "vat"]


def test_behind_a_sum_are_the_lines_that_it_adds_up() -> None:
    made = plan("\n".join(LINES))
    assert {name: sorted(line.lines) for name, line in made.lines.items()} == {
        "a": ["b"],
        "b": [],
        "c": [],
        "late": ["a", "b", "c"],
        "vat": ["a", "b", "c", "late"],
    }


def test_a_line_on_a_sum_of_its_own_means_the_lines_that_name_none() -> None:
    least = "charge least { every month; on charges; amount max(5 USD - charges, 0 USD) }"
    made = plan(f"{LINES[0]}\n{LINES[4]}\n{least}\n{least.replace('least', 'other')}")
    assert sorted(made.lines["least"].lines) == sorted(made.lines["other"].lines) == ["b", "c"]


def test_needed_are_lines_that_others_name_and_those_billed_in_parts() -> None:
    parts = "charge parts { on calls_made; every month; billed every day; rate 1 USD/call }"
    assert plan("\n".join([*LINES[:2], parts])).needed == {"b", "parts"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("on calls_made; rate 1 USD/call", False),
        ("on max(calls_made, 10 calls); rate 1 USD/call", True),
        ("on calls_made; rate 1 USD/call; minimum 5 USD", True),
        ("on calls_made; rate 1 USD/call; maximum 5 USD", False),
        ("on calls_made; volume {\n beyond 5 USD + 1 USD/call\n }; flat at zero usage", True),
        ("amount 5 USD", False),
    ],
)
def test_what_may_come_to_something_at_0(line: str, expected: bool) -> None:
    assert plan(f"charge fee {{ every month; {line} }}").lines["fee"].at_zero is expected


@pytest.mark.parametrize(
    ("condition", "by_record"),
    [
        ("at < start of month(at) + 7 days", True),
        ("plan == vip", True),
        ("plan == vip and at < start of month(at) + 7 days", True),
        ("slow > 5 calls", False),
        ("b > 5 USD", False),
    ],
)
def test_a_condition_is_asked_for_each_record_where_it_knows_no_more(condition: str, by_record: bool) -> None:
    fee = f"charge fee {{ every month; on busy; rate 1 USD/call; when {condition} }}"
    line = f"setting plan one of free, vip = free\n{LINES[0]}\n{fee}"
    assert plan(line).lines["fee"].by_record is by_record


# ---------------------------------------------------------------- grains


@pytest.mark.parametrize(
    ("line", "grain"),
    [
        ("on calls_made; every month; amount slow * 1 USD/call", Grain.PERIOD),
        ("on calls_made; every record; amount calls_made * 1 USD/call", Grain.RECORD),
        ("on calls_made; every record; amount busy * 1 USD/call", Grain.RECORD),
        ("on b; every record; amount busy * 1 USD/call", Grain.RECORD),
    ],
)
def test_what_a_line_names_is_of_its_period_or_of_the_record_that_it_prices(line: str, grain: Grain) -> None:
    of_records = "charge b { on calls_made; every record; rate 1 USD/call }"
    made = plan(f"{of_records}\ncharge fee {{ {line} }}")
    assert {of for _, of in made.lines["fee"].measures} == {grain}
    assert not list(unsound_grains(made))


def test_a_record_has_nothing_of_the_records_of_another_meter() -> None:
    rules = tariff(METERS + "charge fee { on calls_made; every month; amount slow * 1 USD/call }")
    fee = changed(rules.charges["fee"], every=Cadence(PeriodUnit.RECORD))
    (found,) = unsound_grains(plan_of(changed(rules, charges={"fee": fee})))
    assert (found.code, found.span.text if found.span else "") == ("R224", "slow")


# ---------------------------------------------------------------- meters


def test_the_lines_of_a_meter_stand_in_groups_by_their_periods() -> None:
    made = plan(
        """
        charge a { on slow; every day; rate 1 USD/call }
        charge b { on slow; every month; rate 1 USD/call }
        charge c { on slow; every day; rate 2 USD/call }
        charge d { on calls_made; every day; rate 2 USD/call }
        """
    )
    slow = made.meters["slow"]
    assert slow.groups == (("a", "c"), ("b",))
    assert [slow.group_of(name) for name in "abc"] == [0, 1, 0]
    assert made.meters["busy"].groups == ((),)


def test_who_pays_for_usage_is_what_deduct_says_and_else_the_lines_on_it() -> None:
    pools = """
        grant gift { covers calls_made; size 5 calls; issued once on activation; valid 1 year }
        grant more { covers calls_made; size 5 calls; issued once on activation; valid 1 year }
        charge a { every month; on calls_made; rate 1 USD/call }
    """
    assert plan(pools + "deduct calls_made from gift > more > a").meters["calls_made"].ranks == (
        ("gift",),
        ("more",),
    )
    unstated = plan("\n".join(LINES[:1])).meters["calls_made"]
    assert (unstated.ranks, unstated.lines) == ((), ("b",))


@pytest.mark.parametrize(
    ("draws", "second", "scans"),
    [
        (
            "smallest remaining",
            "gift > more",
            {("gift",): False, ("more",): False},
        ),  # one rank in two orders is one queue
        ("smallest remaining", "gift, more", {("gift",): True, ("gift", "more"): True}),
        ("soonest expiry", "gift, more", {("gift",): False, ("gift", "more"): False}),
    ],
)
def test_lots_in_two_queues_are_looked_for_anew(draws: str, second: str, scans: dict) -> None:
    """Where they are drawn by what remains: being drawn in one queue changes their place in the other."""
    terms = f"size 5 calls; issued once on activation; valid 1 year; draws {draws}"
    made = plan(
        f"""
        meter other in calls
        grant gift {{ covers calls_made, other; {terms} }}
        grant more {{ covers other; {terms} }}
        charge a {{ every month; on calls_made; rate 1 USD/call }}
        charge b {{ every month; on other; rate 1 USD/call }}
        deduct calls_made from gift > a
        deduct other from {second} > b
        """
    )
    assert made.ranks == scans


@pytest.mark.parametrize(
    ("lines", "serves", "on_demand"),
    [
        ("charge fee { every month; on slow; rate 1 USD/call }", False, False),
        ("charge fee { every month; amount slow * 1 USD/call }", True, True),
        ("charge fee { every month; on slow; amount slow * 1 USD/call }", False, False),
        ("charge fee { every month; amount 1 USD }", False, False),
    ],
)
def test_a_meter_that_only_serves_formulas_is_measured_when_they_ask(lines: str, serves: bool, on_demand: bool) -> None:
    slow = plan(lines).meters["slow"]
    assert (slow.serves, slow.on_demand) == (serves, on_demand)


def test_a_meter_knows_whose_records_it_measures_and_who_measures_its_own() -> None:
    made = plan(LINES[0]).meters
    assert (made["busy"].records, made["calls_made"].readers) == ("calls_made", ("calls_made", "busy"))
    assert (made["slow"].whole, made["calls_made"].whole) == (True, False)


def test_tags_are_what_is_asked_of_usage_once_it_is_measured() -> None:
    asked = """
        grant gift { covers calls_made; size 5 calls; issued once on activation; valid 1 year;
            when kind == "a" }
        deduct calls_made from gift > fee
        charge fee { every month; on calls_made; rate 1 USD/call }
    """
    fields = "meter calls_made { field region, kind, other text; measure sum(quantity) in calls; by region }"
    assert plan(asked, fields).meters["calls_made"].tags == {"region", "kind"}


def test_a_plan_can_be_sent_to_another_process() -> None:
    made = plan("\n".join(LINES))
    again = pickle.loads(pickle.dumps(made))
    assert (turns(again), again.needed, again.meters["busy"].ranks) == (turns(made), made.needed, ())


def test_a_plan_for_another_time_has_the_same_lines() -> None:
    made = plan(LINES[0])
    later = made.in_time(changed(made.tariff, splits=True))
    assert later.tariff.splits
    assert later.lines is made.lines
