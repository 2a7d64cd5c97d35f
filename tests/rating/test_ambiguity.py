"""Totals that cannot be decided are refused, and their neighbours that can are not: nothing is guessed."""

from __future__ import annotations

import pytest

from tests.rating.accounts import (
    account,
    ask,
    bill,
    bills,
    buy,
    charged,
    drawn,
    event,
    problem,
    setting,
    state,
    tariff,
    total,
)

FEE = "charge fee { on m; every month; rate 1 USD/call }"

PACK = """
meter m { measure sum(quantity) in calls }
package pack { covers m; sizes { 100 calls 10 USD }; valid 30 days from purchase; refund in full if unused }
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee
"""


# ---------------------------------------------------------------- A301: a lot begins or ends inside a total


def test_a_total_that_meets_the_start_of_a_lot():
    usage = account(total("2026-03-01", "2026-04-01", 5), purchases=(buy("p", "2026-03-10", 100),))
    found = problem(tariff(PACK), usage)
    assert found.code == "A301"
    assert found.message == (
        "lot `p` of pack starts on 2026-03-10, inside this total: how much of it the lot may cover is not known"
    )
    assert found.help == "split the total at 2026-03-10, or give the records themselves"


def test_the_same_total_split_at_the_start():
    usage = account(
        total("2026-03-01", "2026-03-10", 2),
        total("2026-03-10", "2026-04-01", 3),
        purchases=(buy("p", "2026-03-10", 100),),
    )
    made = bill(tariff(PACK), usage)
    assert (drawn(made), charged(made)) == ({"p": 3}, 2)


def test_a_total_that_meets_the_end_of_a_lot():
    usage = account(total("2026-03-01", "2026-04-01", 5), purchases=(buy("p", "2026-02-10", 100),))
    found = problem(tariff(PACK), usage)
    assert found.code == "A301"
    assert "lot `p` of pack expires on 2026-03-12, inside this total" in found.message
    assert found.help == "split the total at 2026-03-12, or give the records themselves"


@pytest.mark.parametrize(
    ("start", "end", "ambiguous"),
    [
        ("2026-03-01", "2026-03-11", False),
        ("2026-03-01", "2026-03-12", False),
        ("2026-03-01", "2026-03-13", True),
        ("2026-03-11", "2026-03-13", True),
        ("2026-03-12", "2026-03-13", False),
    ],
)
def test_a_total_may_touch_the_end_of_a_lot(start, end, ambiguous):
    usage = account(total(start, end, 5), purchases=(buy("p", "2026-02-10", 100),))
    if ambiguous:
        assert problem(tariff(PACK), usage).code == "A301"
    else:
        assert drawn(bill(tariff(PACK), usage)) == ({"p": 5} if start < "2026-03-12" else {})


def test_a_lot_that_is_not_reached_makes_nothing_ambiguous():
    """The earlier lot suffices; the one bought within the month would not be asked."""
    bought = (buy("a", "2026-03-01", 100), buy("b", "2026-03-10", 100))
    enough = account(total("2026-03-01", "2026-03-20", 100), purchases=bought)
    assert drawn(bill(tariff(PACK), enough)) == {"a": 100}
    too_much = account(total("2026-03-01", "2026-03-20", 101), purchases=bought)
    assert "lot `b` of pack starts" in problem(tariff(PACK), too_much).message


def test_a_lot_that_begins_after_a_total_makes_nothing_ambiguous():
    """The longer total looks as far as the lot of the 10th; the shorter one within it must not."""
    usage = account(
        total("2026-03-01", "2026-04-01", 100),
        total("2026-03-05", "2026-03-06", 5),
        purchases=(buy("a", "2026-03-01", 100), buy("b", "2026-03-10", 100)),
    )
    longer = tariff(PACK.replace("valid 30 days", "valid 90 days"))
    made = bill(longer, usage)
    assert (drawn(made), charged(made)) == ({"a": 100}, 5)


def test_a_lot_that_is_empty_makes_nothing_ambiguous():
    usage = account(
        event("2026-02-15", 100), total("2026-03-01", "2026-04-01", 5), purchases=(buy("p", "2026-02-10", 100),)
    )
    assert charged(bill(tariff(PACK), usage)) == 5


def test_a_lot_given_back_ends_by_that():
    usage = account(
        total("2026-03-01", "2026-03-05", 5),
        total("2026-03-05", "2026-04-01", 7),
        purchases=(buy("p", "2026-03-05", 100),),
        refunds=(ask("p", "2026-03-05"),),
    )
    assert charged(bill(tariff(PACK), usage)) == 12


def test_records_are_never_ambiguous():
    usage = account(event("2026-03-09", 5), event("2026-03-10", 5), purchases=(buy("p", "2026-03-10", 100),))
    assert drawn(bill(tariff(PACK), usage)) == {"p": 5}


def test_a_total_that_spans_the_activation_stands_for_what_came_after():
    rules = tariff(
        """
        meter m { measure sum(quantity) in calls }
        grant free { covers m; size 30 calls; issued once on activation; valid 1 year }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from free > fee
        """
    )
    made = bill(rules, account(total("2026-03-01", "2026-04-01", 50), activated="2026-03-10 09:00"))
    assert (drawn(made), charged(made)) == ({"free": 30}, 20)
    before = account(total("2026-03-01", "2026-03-10 09:00", 50), activated="2026-03-10 09:00")
    assert problem(rules, before).code == "A201"


def test_a_peak_of_the_month_of_the_activation():
    """A meter that measures a whole period counts from the activation on, as totals do."""
    rules = tariff(
        """
        meter m { measure highest(quantity) in calls }
        grant free { covers m; size 30 calls; issued once on activation; valid 1 year }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from free > fee
        """
    )
    usage = account(event("2026-03-11", 10), event("2026-03-12", 50), activated="2026-03-10 09:00")
    made = bill(rules, usage)
    assert (drawn(made), charged(made)) == ({"free": 30}, 20)
    assert made.meters[0].measured == 50


def test_a_peak_that_meets_the_purchase_of_a_lot():
    rules = tariff(PACK.replace("sum(quantity)", "highest(quantity)"))
    usage = account(event("2026-03-20", 50), purchases=(buy("p", "2026-03-10", 100),))
    found = problem(rules, usage)
    assert found.code == "A301"
    assert "starts on 2026-03-10" in found.message


# ---------------------------------------------------------------- A302: a condition changes inside a total

SWITCH = """
setting postpaid "postpaid billing" = off
meter m { measure sum(quantity) in calls }
grant free { covers m; size 30 calls; issued once on activation }
charge fee { on m; every month; when postpaid; rate 1 USD/call }
deduct m from free > fee
"""


def switched(used: int, *changes: tuple[str, str], start: str = "2026-03-01", end: str = "2026-04-01"):
    return account(
        total(start, end, used),
        activated="2026-01-01",
        settings=tuple(setting("postpaid", value, at) for at, value in changes),
    )


def test_a_total_over_which_the_switch_is_set():
    found = problem(tariff(SWITCH), switched(50, ("2026-03-10", "on")))
    assert found.code == "A302"
    assert found.message == (
        "postpaid billing changes on 2026-03-10, inside this total: how much of it came before is not known"
    )
    assert found.help == "split the total at that time, or give the records themselves"
    assert [(note, span.text) for note, span in found.related] == [("the condition", "postpaid")]


def test_a_total_that_the_packages_cover_whatever_the_switch_says():
    assert bill(tariff(SWITCH), switched(30, ("2026-03-10", "on"))).total == 0


@pytest.mark.parametrize(("at", "expected"), [("2026-03-01", 20), ("2026-04-01", 0)])
def test_the_switch_set_where_a_total_begins_or_ends(at, expected):
    assert charged(bill(tariff(SWITCH), switched(50, (at, "on")))) == expected


def test_the_switch_set_to_what_it_was():
    assert charged(bill(tariff(SWITCH), switched(50, ("2026-02-01", "on"), ("2026-03-10", "on")))) == 20


def test_a_frozen_pool_over_which_the_condition_changes():
    rules = tariff(
        """
        setting plan one of basic, pro = basic
        meter m { measure sum(quantity) in calls }
        package pack { covers m; sizes { 100 calls 10 USD }; when plan == pro }
        deduct m from pack
        """
    )
    usage = account(
        total("2026-03-01", "2026-04-01", 5),
        purchases=(buy("p", "2026-02-10", 100),),
        settings=(setting("plan", "pro", "2026-03-10"),),
    )
    assert problem(rules, usage).code == "A302"


# ---------------------------------------------------------------- A303: a total runs past a charge's period


def test_a_total_longer_than_the_charges_period():
    rules = tariff("meter m { measure sum(quantity) in calls }\ncharge fee { on m; every day; rate 1 USD/call }")
    found = problem(rules, account(total("2026-03-01", "2026-03-03", 5)))
    assert found.code == "A303"
    assert found.message == ("this total of 5 calls runs past 2026-03-02, where a period of fee ends (every day)")
    assert found.help == "give a total for each period: every day"
    assert charged(bill(rules, account(total("2026-03-01", "2026-03-02", 5)))) == 5


def test_a_total_longer_than_an_hour():
    rules = tariff("meter m { measure sum(quantity) in calls }\ncharge fee { on m; every hour; rate 1 USD/call }")
    found = problem(rules, account(total("2026-03-01", "2026-03-02", 5)))
    assert found.help == "give a record for each period, the first `from 2026-03-01 to 2026-03-01 01:00`"
    assert charged(bill(rules, account(state("2026-03-01", "2026-03-01 01:00", 5)))) == 5


def test_a_total_on_a_level_is_given_as_a_state():
    rules = tariff("meter m { measure integral(quantity) / length(period) in calls }\n" + FEE)
    found = problem(rules, account(total("2026-03-01", "2026-04-01", 5)))
    assert (found.code, found.message) == (
        "A307",
        "`integral(quantity)` asks how long each quantity held, and this is a total",
    )
    assert found.help == "give it as a state, `from` one time `to` another, or say how long it lasted: `lasts`"
    assert charged(bill(rules, account(state("2026-03-01", "2026-04-01", 5)))) == 5


def test_a_total_whose_time_cannot_be_told_is_not_to_be_split():
    asked = "at - start of day(at) == at - start of week(at)"
    rules = tariff(f"meter m {{ measure sum(quantity where {asked}) in calls }}\n" + FEE)
    found = problem(rules, account(total("2026-03-01", "2026-04-01", 5)))
    assert (found.code, "asks for the time" in found.message) == ("A307", True)
    assert found.help == "give the records themselves, each at its instant"


def test_a_total_over_the_end_of_the_month():
    rules = tariff("meter m { measure sum(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }")
    assert problem(rules, account(total("2026-03-31", "2026-04-02", 5))).code == "A303"
    made = bills(rules, account(total("2026-03-31", "2026-04-01", 5)), "2026-03", "2026-04")
    assert [b.total for b in made] == [5, 0]


# ---------------------------------------------------------------- A304: a refund inside a total


def test_a_refund_inside_a_total_that_drew_from_the_lot():
    usage = account(
        total("2026-03-01", "2026-03-20", 5),
        purchases=(buy("p", "2026-03-01", 100),),
        refunds=(ask("p", "2026-03-05"),),
    )
    found = problem(tariff(PACK), usage)
    assert found.code == "A304"
    assert found.message == (
        "a refund of lot `p` is asked for on 2026-03-05, inside a total that drew from it: "
        "whether it was unused by then is not known"
    )
    assert found.help == "split the total at that time, or give the records themselves"


def test_a_refund_inside_the_second_total_that_drew_from_the_lot():
    usage = account(
        total("2026-03-01", "2026-03-05", 5),
        total("2026-03-05", "2026-03-20", 5),
        purchases=(buy("p", "2026-03-01", 100),),
        refunds=(ask("p", "2026-03-10"),),
    )
    assert problem(tariff(PACK), usage).code == "A304"


def test_a_refund_where_the_total_ends_or_before_it_begins():
    bought = (buy("p", "2026-03-01", 100),)
    after = account(total("2026-03-01", "2026-03-05", 5), purchases=bought, refunds=(ask("p", "2026-03-05"),))
    made = bill(tariff(PACK), after)
    assert [r.granted for r in made.refusals] == [False]
    before = account(total("2026-03-05", "2026-04-01", 5), purchases=bought, refunds=(ask("p", "2026-03-05"),))
    made = bill(tariff(PACK), before)
    assert made.refusals == ()
    assert charged(made) == 5


def test_a_refund_inside_a_total_that_another_lot_covers():
    usage = account(
        total("2026-03-01", "2026-03-20", 5),
        purchases=(buy("a", "2026-02-25", 100), buy("p", "2026-03-01", 100)),
        refunds=(ask("p", "2026-03-05"),),
    )
    assert charged(bill(tariff(PACK), usage), "pack") == -10 + 10


# ---------------------------------------------------------------- A305: a setting changes inside a period

PLANS = """
setting plan one of basic, pro = basic
meter m { measure sum(quantity) in calls }
"""


@pytest.mark.parametrize(
    "charge",
    [
        "charge fee { on m; every month; when plan == pro and quantity > 3 calls; rate 1 USD/call }",
        "charge fee { every month; when plan == pro; amount 5 USD }",
        "charge fee { on m; every month; rate (if plan == pro then 1 USD/call else 2 USD/call) }",
        "charge fee { on m; every month; rate 1 USD/call; minimum (if plan == pro then 1 USD else 2 USD) }",
        "charge fee { on m; every month; volume { below ((if plan == pro then 10 calls else 20 calls)) 1 USD/call; "
        "beyond 2 USD/call } }",
    ],
)
def test_what_is_asked_once_for_a_period_must_not_change_inside_it(charge):
    rules = tariff(PLANS + charge)
    usage = account(event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-03-10"),))
    found = problem(rules, usage)
    assert found.code == "A305"
    assert found.message.startswith("plan changes on 2026-03-10, inside a period for which `")
    by_day = ", write `prorated by day` to bill the days on which it holds" if "amount" in charge else ""
    assert found.help == (
        f"let the setting change where a period ends{by_day}, or ask it in the `when` of a charge on a meter: there it "
        "is asked for each record"
    )
    at_the_bound = account(event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-03-01"),))
    assert bill(rules, at_the_bound).total > 0
    next_month = account(event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-04-01"),))
    assert bill(rules, next_month)


def test_a_fee_for_the_days_on_which_its_condition_holds():
    rules = tariff(PLANS + "charge fee { every month; when plan == pro; prorated by day; amount 31 USD }")
    assert charged(bill(rules, account(settings=(setting("plan", "pro", "2026-03-10"),)))) == 22


PEAK = """
setting plan one of basic, pro = basic
meter m { measure percentile(quantity, 95) in calls }
"""


def test_the_result_of_a_month_in_which_a_condition_changes():
    usage = account(event("2026-03-09", 1), event("2026-03-20", 5), settings=(setting("plan", "pro", "2026-03-10"),))
    found = problem(tariff(PEAK + "charge fee { on m; every month; when plan == pro; rate 1 USD/call }"), usage)
    assert found.code == "A302"
    assert found.message == (
        "plan changes on 2026-03-10, inside this result that `m` has for March 2026: how much of it came before is not "
        "known"
    )
    assert found.help == (
        "let it change where the period ends, or ask it of each record, in a `where` of the meter, or bill the days on "
        "which it holds: `prorated by day` with an `amount` of the meter, without `on`"
    )
    of_records = "meter k { reads m; where plan == pro; measure percentile(quantity, 95) in calls }\n"
    assert charged(bill(tariff(PEAK + of_records + "charge fee { on k; every month; rate 1 USD/call }"), usage)) == 5
    by_day = "charge fee { every month; when plan == pro; prorated by day; amount m * 31 USD/call }"
    assert charged(bill(tariff(PEAK + by_day), usage)) == 5 * 22


def test_a_condition_on_settings_alone_is_asked_for_each_record():
    rules = tariff(PLANS + "charge fee { on m; every month; when plan == pro; rate 1 USD/call }")
    usage = account(event("2026-03-09", 1), event("2026-03-10", 5), settings=(setting("plan", "pro", "2026-03-10"),))
    assert charged(bill(rules, usage)) == 5


TIMED = "meter m in calls\ncharge late { on m; every month; when at >= 2026-03-15; rate 1 USD/call }"


def test_a_total_over_the_time_that_a_condition_asks_for_is_refused():
    found = problem(tariff(TIMED), account(total("2026-03-01", "2026-04-01", 10)))
    assert found.code == "A307"
    assert "`at >= 2026-03-15` has another value from 2026-03-15 on, inside this total" in found.message


@pytest.mark.parametrize(("first", "last", "owed"), [("2026-03-01", "2026-03-15", 0), ("2026-03-15", "2026-04-01", 10)])
def test_a_total_on_one_side_of_that_time_is_billed(first, last, owed):
    assert bill(tariff(TIMED), account(total(first, last, 10))).total == owed


def test_a_total_over_the_change_of_a_setting_that_its_meter_asks_for_is_refused():
    rules = tariff(
        "setting live = off\nmeter m { where live; measure sum(quantity) in calls }\n"
        "charge fee { on m; every month; rate 1 USD/call }"
    )
    usage = account(total("2026-03-01", "2026-04-01", 10), settings=(setting("live", "on", "2026-03-10"),))
    found = problem(rules, usage)
    assert (found.code, "live changes on 2026-03-10" in found.message) == ("A302", True)


@pytest.mark.parametrize(("to", "charge"), [("max", "when plan != basic"), ("max", "when not (plan == pro)")])
def test_a_change_that_leaves_the_answer_as_it_was_refuses_no_total(to, charge):
    rules = tariff(
        "setting plan one of basic, pro, max, free = free\nmeter m { measure sum(quantity) in calls }\n"
        f"charge fee {{ on m; every month; {charge}; rate 1 USD/call }}"
    )
    usage = account(total("2026-03-01", "2026-04-01", 10), settings=(setting("plan", to, "2026-03-10"),))
    assert charged(bill(rules, usage)) == 10
    other = account(
        total("2026-03-01", "2026-04-01", 10),
        settings=(setting("plan", "basic", "2026-03-10"), setting("plan", "pro", "2026-03-20")),
    )
    assert problem(rules, other).code == "A302"
