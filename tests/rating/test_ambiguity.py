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
    given,
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


@pytest.mark.parametrize(
    "steps",
    [
        "measure sum(lasted / 1 minute * 1 call) in calls",
        "define taken = lasted;  measure sum(taken / 1 minute * 1 call) in calls",
        "where lasted >= 0 minutes;  measure sum(quantity) in calls",
    ],
)
def test_how_long_a_record_lasted_is_never_0_unsaid(steps):
    rules = tariff(f"meter m {{ {steps} }}\n{FEE}")
    for record in (total("2026-03-01", "2026-04-01", 5), event("2026-03-02 10:00", 5)):
        found = problem(rules, account(record))
        assert (found.code, found.message.partition(",")[0]) == (
            "A307",
            "the meter `m` asks how long each record lasted",
        )
        assert found.span is not None
        assert found.help == "say how long it lasted, `lasts: 5 minutes`; what took no time has `lasts: 0 minutes`"
    for length, minutes in (("5 minutes", 5), ("0 minutes", 0)):
        made = bill(rules, account(event("2026-03-02 10:00", 5, lasts=length)))
        assert charged(made) == (5 if steps.startswith("where") else minutes)
    assert charged(bill(rules, account(given("2026-03-01", "2026-04-01", 5)))) == 5  # what a meter measured stands


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
