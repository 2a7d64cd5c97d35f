"""Quotas that give more than they hold, at the cost of their next cycle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ratewright.plan.plan import plan_of
from ratewright.rating.corrections import rate_account
from tests.rating.accounts import (
    account,
    ask,
    bill,
    bills,
    buy,
    carried,
    charged,
    corrected,
    event,
    late,
    left,
    lots,
    periods_of,
    problem,
    setting,
    tariff,
    total,
    unserved,
    when,
)


def hundred(overdraws: str = "overdraws", more: str = "", chain: str = "hundred", every: str = "month"):
    return tariff(
        f"""
        meter m in calls
        grant hundred {{ covers m; size 100 calls; renews every {every}; {overdraws}; {more} }}
        grant spare {{ covers m; size 50 calls }}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m from {chain}{"" if "spare" in chain else " > spare"} > fee
        """
    )


BOUNDED = hundred("overdraws up to 40 calls", chain="spare > hundred")


def told(made) -> list[tuple[object, ...]]:
    """Of each cycle what it paid back, gave, has left, and gave too much."""
    return [(lot.repaid, lot.drawn, lot.remaining + lot.lapsed, lot.overdrawn) for lot in lots(made) if "@" in lot.lot]


@pytest.mark.parametrize(
    ("used", "expected", "fee"),
    [
        (149, (0, 99, 1, 0), 0),
        (150, (0, 100, 0, 0), 0),
        (151, (0, 101, 0, 1), 0),
        (190, (0, 140, 0, 40), 0),
        (191, (0, 140, 0, 40), 1),
    ],
)
def test_up_to_a_bound_and_not_before_other_sources(used, expected, fee):
    made = bill(BOUNDED, account(event("2026-03-10", used)))

    assert told(made) == [expected]
    assert charged(made) == fee


@pytest.mark.parametrize(("used", "begins"), [(250, 50), (280, 20), (300, 0), (301, -1), (450, -150)])
def test_the_next_cycle_has_that_much_less_below_0_too(used, begins):
    rules = tariff(
        """
        meter m in calls
        grant hundred { covers m; size 100 calls; renews every month; overdraws }
        deduct m from hundred
        """
    )
    march, april, may = bills(rules, account(event("2026-03-10", used - 100)), "2026-03", "2026-05")

    assert march.balances[0].remaining == begins
    ((repaid, drawn, remaining, owed),) = told(april)
    assert (repaid, drawn, remaining - owed) == (used - 200, 0, begins)
    ((repaid, _, remaining, owes),) = told(may)
    assert (repaid, remaining - owes) == (owed, 100 - owed)


def test_the_bound_is_on_how_far_below_0_it_is():
    usage = account(event("2026-03-10", 190), event("2026-04-10", 100), event("2026-05-10", 101))

    march, april, may = bills(BOUNDED, usage, "2026-03", "2026-05")

    assert [told(made) for made in (march, april, may)] == [[(0, 140, 0, 40)], [(40, 100, 0, 40)], [(40, 100, 0, 40)]]
    assert [charged(made) for made in (march, april, may)] == [0, 0, 1]


def test_what_all_lots_of_a_rank_have_comes_first():
    rules = tariff(
        """
        meter m in calls
        grant hundred { covers m; size 100 calls; renews every month; overdraws up to 30 calls }
        package pack { covers m; sizes { 50 calls 5 USD } }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from hundred, pack > fee
        """
    )
    made = bill(rules, account(event("2026-03-10", 185), purchases=(buy("p", "2026-03-01", 50),)))

    assert [(lot.whole, lot.drawn, lot.overdrawn) for lot in lots(made)] == [("hundred", 130, 30), ("p", 50, 0)]
    assert charged(made) == 5


def test_both_signs_go_on():
    rules = hundred("overdraws up to 40 calls", more="rolls over up to 30 calls")
    usage = account(event("2026-04-10", 150), event("2026-05-10", 80), activated="2026-03-01")

    march, april, may = bills(rules, usage, "2026-03", "2026-05")

    assert [lot.rolled for lot in lots(march) if "@" in lot.lot] == [30]
    cycles = {(lot.size, lot.drawn, lot.overdrawn) for lot in lots(april) if "@" in lot.lot}
    assert cycles == {(30, 30, 0), (100, 120, 20)}
    assert [(lot.repaid, lot.drawn, lot.rolled) for lot in lots(may) if lot.repaid] == [(20, 80, 0)]


def test_the_last_cycle_is_not_overdrawn():
    rules = hundred(more="valid 2 months from activation")
    usage = account(event("2026-03-10", 130), event("2026-04-10", 130), activated="2026-03-01")

    march, april = bills(rules, usage, "2026-03", "2026-04")

    assert (told(march), told(april)) == ([(0, 130, 0, 30)], [(30, 70, 0, 0)])
    assert charged(april) == 10


@pytest.mark.parametrize(
    ("off", "april", "may"),
    [
        ("2026-04-02", (30, 0, 70, 0), (0, 1, 99, 0)),  # in force on the first day of April: it pays back
        ("2026-04-01", None, (30, 1, 69, 0)),  # no cycle in April: the debt waits for the next one
    ],
)
def test_while_its_condition_does_not_hold_the_debt_is_paid_by_the_next_cycle_there_is(off, april, may):
    rules = tariff(
        """
        setting pro = off
        meter m in calls
        grant hundred { covers m; size 100 calls; renews every month; overdraws; when pro }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from hundred > fee
        """
    )
    changes = (
        setting("pro", "on", "2026-03-01"),
        setting("pro", "off", off),
        setting("pro", "on", "2026-05-01"),
    )
    usage = account(event("2026-03-10", 130), event("2026-04-10", 5), event("2026-05-10", 1), settings=changes)

    first, second, third = bills(rules, usage, "2026-03", "2026-05")

    assert (told(first), told(second), told(third)) == ([(0, 130, 0, 30)], [april] if april else [], [may])
    assert charged(second) == 5


PACK = tariff(
    """
    meter m in calls
    package pack { covers m; sizes { 100 calls 10 USD }; valid 1 year from purchase; renews every month from purchase;
                   overdraws up to 50 calls; refund max(paid - drawn * 0.01 USD/call, 0 USD) }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from pack > fee
    """
)


def test_what_was_overdrawn_was_drawn():
    usage = account(event("2026-03-10", 130), purchases=(buy("p", "2026-03-05"),), refunds=(ask("p", "2026-03-20"),))
    made = bill(PACK, usage)

    assert charged(made, "pack") * 10 == 13
    assert told(made) == [(0, 130, 0, 30)]
    assert not made.balances


@pytest.mark.parametrize("day", ["2026-04-01", "2026-05-01"])
def test_from_pasted_balances_it_goes_on_below_0(day):
    """A refund and the cycles after see the same, wherever the balances are taken."""
    usage = account(
        event("2026-03-10", 130),
        event("2026-04-10", 90),
        event("2026-05-10", 70),
        purchases=(buy("p", "2026-03-05"),),
        refunds=(ask("p", "2026-05-20"),),
    )
    whole = bills(PACK, usage, "2026-05")[0]
    opening = when(day)
    before = bills(PACK, usage, *[f"2026-03-{n:02}" for n in range(5, 32)], *[f"2026-04-{n:02}" for n in range(1, 31)])
    last = next(made for made in before if str(made.period.end).startswith(day))
    later = tuple(record for record in usage.records if str(record.start) >= day)
    alone = replace(usage, opening=opening, balances=carried(last), purchases=(), records=later)

    (again,) = bills(PACK, alone, "2026-05")

    assert charged(again, "pack") * 10 == charged(whole, "pack") * 10 == -71
    assert told(again) == told(whole)
    assert again.balances == whole.balances


def test_less_than_nothing_of_what_does_not_renew_is_refused():
    found = problem(BOUNDED, account(balances=(left("spare", "-10 calls"),)))

    assert (found.code, found.message) == ("A107", "less than nothing is left of `spare`, and it has no next cycle")


def test_a_total_over_the_end_of_a_cycle_is_refused():
    rules = hundred("overdraws up to 10 calls", every="day", chain="spare > hundred")

    assert problem(rules, account(event("2026-03-10", 150), total("2026-03-10", "2026-03-12", 5))).code == "A301"


def test_a_quota_of_money():
    rules = tariff(
        """
        meter m in calls
        grant credit { covers fee; size 20 USD; renews every month; overdraws up to 10 USD }
        charge fee { on m; every month; rate 1 USD/call }
        deduct fee from credit
        """
    )
    made = bills(rules, account(event("2026-03-10", 25), event("2026-04-10", 30)), "2026-03", "2026-04")

    assert [one.total for one in made] == [0, 5]


def test_a_lot_for_each_region():
    rules = tariff(
        """
        meter m { field region text; measure sum(quantity) in calls; by region }
        grant ten { covers m; scope region; size 10 calls; renews every month; overdraws up to 5 calls }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from ten > fee
        """
    )
    usage = account(event("2026-03-10", 16, region="eu"), event("2026-03-11", 12, region="us"))

    march, april = bills(rules, usage, "2026-03", "2026-04")

    assert charged(march) == 1
    assert {lot.lot: lot.repaid for lot in lots(april)} == {"ten[eu]@2026-04-01": 5, "ten[us]@2026-04-01": 2}


def test_at_a_ratio():
    rules = tariff(
        """
        meter m in calls
        grant ten { covers m at 3; size 10 calls; renews every month; overdraws up to 5 calls }
        charge fee { on m; every month; rate 3 USD/call }
        deduct m from ten > fee
        """
    )
    made = bill(rules, account(event("2026-03-10", 6)))

    assert told(made) == [(0, 15, 0, 5)]
    assert charged(made) == 3


def test_usage_of_a_cycle_that_comes_when_the_next_has_begun_is_refused():
    rules = tariff(
        """
        meter m { field kind one of a, b; measure sum(quantity) in calls; by kind }
        grant ten { covers m; size 10 calls; renews every day; overdraws }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m in order of kind from ten
        """.replace("charge fee { on m; every month; rate 1 USD/call }", "")
    )
    usage = account(event("2026-03-02", 5, kind="a"), event("2026-03-01", 5, kind="b"))

    found = problem(rules, usage)

    assert found.code == "A306"
    assert "went on with its next cycle on 2026-03-02" in found.message


def test_late_usage_moves_the_debt():
    rules = hundred("overdraws up to 40 calls", chain="spare > hundred")
    usage = account(event("2026-03-10", 150), late(event("2026-03-20", 30), "2026-04-03"), event("2026-04-10", 120))
    march, april, may = corrected(rules, usage, "2026-03", "2026-05")

    assert (told(march), told(april), told(may)) == ([(0, 100, 0, 0)], [(30, 110, 0, 40)], [(40, 0, 60, 0)])
    assert charged(april) == 10


VERSION = """
tariff t "T" {{ currency USD;  timezone "UTC";  effective {time} }}
unit call, calls
meter m in calls
grant quota {{ covers m; size {size} calls; {renews} }}
charge fee {{ on m; every month; rate 1 USD/call }}
deduct m from quota > fee
"""


def versions(**later: str):
    from ratewright.checks.run import check
    from ratewright.diagnostics import Source

    first = {
        "time": "from 2026-01-01 until 2026-04-01",
        "size": "100",
        "renews": "renews every month; overdraws up to 50 calls",
    }
    second = {"time": "from 2026-04-01", "size": "200", "renews": "renews every month", **later}
    trees = [check(Source("t.tariff", VERSION.format(**parts)))[0] for parts in (first, second)]
    return [plan_of(each) for each in trees]


def test_a_later_version_takes_the_debt_on():
    usage = account(event("2026-03-10", 130), event("2026-04-10", 200))
    plans = versions()
    found, problems = rate_account(plans, usage, periods_of(plans[1].tariff, "2026-03", "2026-05"))

    assert not problems
    assert [told(made) for made in found] == [[(0, 130, 0, 30)], [(30, 170, 0, 0)], [(0, 0, 200, 0)]]
    assert [charged(made) for made in found] == [0, 30, 0]


@pytest.mark.parametrize("size", ["200", "20"])
@pytest.mark.parametrize(
    "renews", ["renews every month", "renews every month; overdraws up to 50 calls", "renews every week"]
)
def test_balances_at_a_change_have_the_debt_as_the_later_version_has_it(size, renews):
    """Pasted into April they make its bill: with the size that the later version gives."""
    used = event("2026-03-10", 130), event("2026-04-02", 60), event("2026-04-10", 150)
    plans = versions(size=size, renews=renews)
    periods = periods_of(plans[1].tariff, "2026-03", "2026-05")
    (march, *later), problems = rate_account(plans, account(*used, activated="2026-01-01"), periods)
    assert not problems

    assert [(held.size, held.remaining, held.repaid) for held in march.balances] == [(int(size), int(size) - 30, 30)]
    pasted = account(*used[1:], activated="2026-01-01", opening="2026-04-01", balances=carried(march))
    alone, problems = rate_account(plans[1:], pasted, periods[1:])
    assert not problems
    assert [(told(made), charged(made)) for made in alone] == [(told(made), charged(made)) for made in later]


def test_a_later_version_that_does_not_renew_cannot():
    plans = versions(renews="")
    usage = account(event("2026-03-10", 130), event("2026-04-10", 200))
    found, (problem,) = rate_account(plans, usage, periods_of(plans[1].tariff, "2026-03", "2026-04"))

    assert not found
    assert problem.code == "A209"
    assert "does not renew `quota`, and 30 calls were used beforehand" in problem.message


def test_nothing_is_left_unserved():
    rules = tariff(
        "meter m in calls\ngrant ten { covers m; size 10 calls; renews every month; overdraws }\ndeduct m from ten"
    )

    assert unserved(bill(rules, account(event("2026-03-10", 1000)))) == 0
