"""An account's data against a tariff: what it may not say, each with its remedy; and the engine's own limits."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ratewright.limits import DEFAULT
from ratewright.plan.plan import plan_of
from ratewright.rating.walk import rate
from tests.account.one_list import rules
from tests.rating.accounts import (
    account,
    amount,
    bill,
    bills,
    buy,
    changed,
    charged,
    event,
    extend,
    of_codes,
    periods_of,
    problem,
    problems,
    setting,
    state,
    tariff,
    total,
)

PRICE = setting("price", amount("2 USD/call"))


def call(**fields):
    return event("2026-03-02", 5, size=amount("10 MB"), **fields)


def test_all_of_it_is_well():
    made = bill(rules(), account(call(kind="b", note="x"), settings=(PRICE,)))
    assert charged(made) == 10


@pytest.mark.parametrize(
    ("usage", "code", "message", "help"),
    [
        (account(event("2026-03-02", 5, "n"), settings=(PRICE,)), "A101", "the price list has no meter `n`", ""),
        (account(call(kid="a"), settings=(PRICE,)), "A102", "meter `m` has no field `kid`", "did you mean `kind`?"),
        (account(call(last="5"), settings=(PRICE,)), "A102", "meter `m` has no field `last`", "did you mean `lasts`?"),
        (
            account(event("2026-03-02", 5), settings=(PRICE,)),
            "A102",
            "this record does not say its `size`",
            "add `size: …`",
        ),
        (account(call(kind="c"), settings=(PRICE,)), "A102", "`kind` is one of a, b, not `c`", "write one of a, b"),
        (
            account(event("2026-03-02", 5, size=amount("10 calls")), settings=(PRICE,)),
            "A102",
            "`size` is in calls, and it is counted in MB",
            "give it in MB",
        ),
        (
            account(event("2026-03-02", 5, size="big"), settings=(PRICE,)),
            "A102",
            "`size` is a figure, not `big`",
            "write a number in MB",
        ),
        (
            account(event("2026-03-02", "5 GB", size=amount("1 MB")), settings=(PRICE,)),
            "A103",
            "the quantity is in GB, and it is counted in calls",
            "give it in calls",
        ),
        (
            account(event("2026-03-02", "5 quarks", size=amount("1 MB")), settings=(PRICE,)),
            "A103",
            "the quantity is in `quarks`, which is no unit of the price list",
            "",
        ),
        (
            account(call(), settings=(PRICE, setting("pln", "pro"))),
            "A104",
            "the price list has no setting `pln`",
            "did you mean `plan`?",
        ),
        (
            account(call(), settings=(PRICE, setting("plan", "gold"))),
            "A104",
            "setting `plan` is one of basic, pro, not `gold`",
            "write one of",
        ),
        (
            account(call(), settings=(PRICE, setting("open", "yes"))),
            "A104",
            "setting `open` is on or off, not `yes`",
            "write on or off",
        ),
        (
            account(call(), settings=(PRICE, setting("since", "2026-02-30"))),
            "A104",
            "setting `since` is a date, not `2026-02-30`",
            "",
        ),
        (
            account(
                call(), settings=(PRICE, setting("plan", "pro", "2026-03-01"), setting("plan", "basic", "2026-03-01"))
            ),
            "A104",
            "setting `plan` changes twice at one instant",
            "keep one",
        ),
        (
            account(call()),
            "A104",
            "setting `price` has no value, and `price` asks for it",
            "give it in the account's data",
        ),
        (
            account(purchases=(buy("p", "2026-03-01", 50),)),
            "A105",
            "pack is not sold in 50 calls",
            "it is sold in 100 calls, 30 calls",
        ),
        (
            account(purchases=(buy("p", "2026-03-01", "100 GB"),)),
            "A105",
            "the size is in GB, and it is counted in calls",
            "",
        ),
        (
            account(purchases=(buy("p", "2026-03-01", 100, "pck"),)),
            "A105",
            "the price list has no package `pck`",
            "did you mean `pack`?",
        ),
        (
            account(extensions=(extend("x", "2026-03-01", 2, "day", limit="task"),)),
            "A106",
            "the price list has no limit `task`",
            "did you mean",
        ),
        (
            account(extensions=(extend("x", "2026-03-01", 2, "year"),)),
            "A106",
            "tasks is not extended by the year",
            "it is sold by the `day`",
        ),
        (
            account(extensions=(extend("x", "2026-03-01", 3, "day"),)),
            "A106",
            "tasks is extended by whole 2 calls and whole terms",
            "",
        ),
        (
            account(extensions=(extend("x", "2026-03-01", 2, "day", 0),)),
            "A106",
            "tasks is extended by whole 2 calls and whole terms",
            "",
        ),
        (
            account(state("2026-03-02", "2026-03-02", 1, size=amount("1 MB"))),
            "A205",
            "this record ends before it begins",
            "`to` comes after",
        ),
    ],
)
def test_what_data_may_not_say(usage, code, message, help):
    found = problem(rules(), usage)
    assert (found.code, found.message) == (code, message)
    assert help in found.help


def test_problems_are_told_all_at_once():
    usage = account(event("2026-03-02", 5, "n"), call(kind="c"), purchases=(buy("p", "2026-03-01", 50),))
    assert of_codes(problems(rules(), usage)) == ["A101", "A102", "A105"]


def test_a_setting_that_nothing_asks_for_may_be_missing():
    assert bill(rules(), account()).total == 0


def test_extensions_are_sold_in_their_own_amount():
    made = bill(rules(), account(extensions=(extend("x", "2026-03-01", 4, "days", 3),), settings=(PRICE,)))
    assert made.total == 2 * 3 * 5
    assert max(step.capacity for step in made.limits[0].steps) == 7


# ---------------------------------------------------------------- settings over time


def test_a_setting_holds_from_its_instant_on():
    gated = tariff(
        "setting plan one of basic, pro = basic\nmeter m { measure sum(quantity) in calls }\n"
        "charge fee { on m; every month; when plan == pro; rate 1 USD/call }"
    )
    usage = account(
        event("2026-03-09 23:59:59", 1),
        event("2026-03-10", 10),
        event("2026-03-19 23:59:59", 100),
        event("2026-03-20", 1_000),
        settings=(setting("plan", "pro", "2026-03-10"), setting("plan", "basic", "2026-03-20")),
    )
    assert charged(bill(gated, usage)) == 110


def test_a_setting_without_an_instant_replaces_the_default_until_it_changes():
    gated = tariff(
        "setting open = off\nmeter m { measure sum(quantity) in calls }\n"
        "charge fee { on m; every month; when open; rate 1 USD/call }"
    )
    usage = account(
        event("2026-03-09", 1),
        event("2026-03-10", 10),
        settings=(setting("open", "off", "2026-03-10"), setting("open", "on")),
    )
    assert charged(bill(gated, usage)) == 1


def test_the_bill_tells_the_settings_of_its_period():
    usage = account(
        settings=(
            PRICE,
            setting("plan", "pro", "2026-02-10"),
            setting("plan", "basic", "2026-03-10"),
            setting("plan", "basic", "2026-03-12"),
        )
    )
    made = bill(rules(), usage)
    told = {s.name: [str(value) for _, value in values] for s, values in made.settings}
    assert told["plan"] == ["pro", "basic"]
    assert told["open"] == ["off"]


# ---------------------------------------------------------------- limits of the engine


@pytest.mark.parametrize(("limit", "ok"), [(12, True), (11, False)])
def test_as_many_periods_as_the_limit(limit, ok):
    limits = changed(DEFAULT, periods=limit)
    made, diagnostics = rate(
        plan_of(rules()), account(settings=(PRICE,)), periods_of(rules(), "2026-01", "2026-12"), limits
    )
    assert len(made) == (12 if ok else 0)
    assert of_codes(diagnostics) == ([] if ok else ["A602"])
    if not ok:
        assert diagnostics[0].message == "12 periods asked for; the limit is 11"


@pytest.mark.parametrize(("limit", "ok"), [(5, True), (4, False)])
def test_as_many_lots_as_the_limit(limit, ok):
    usage = account(
        purchases=(buy("a", "2026-03-01", 100, count=3), buy("b", "2026-03-01", 100, count=2)), settings=(PRICE,)
    )
    made, diagnostics = rate(plan_of(rules()), usage, periods_of(rules(), "2026-03"), changed(DEFAULT, lots=limit))
    assert (len(made) == 1, of_codes(diagnostics)) == ((True, []) if ok else (False, ["A602"]))
    if not ok:
        assert diagnostics[0].message == "the account has 5 lots; the limit is 4"
        assert "--max-lots" in diagnostics[0].help


def test_a_purchase_of_nothing_is_refused():
    found = problem(rules(), account(purchases=(buy("p", "2026-03-01", 100, count=0),)))
    assert (found.code, found.message) == ("A105", "a purchase of 0 lots")
    assert found.help == "write a count from 1 on"


# ---------------------------------------------------------------- which periods


@pytest.mark.parametrize(
    ("period", "ok"),
    [("2026-02", False), ("2026-03", True), ("2026-04", True), ("2026-05", True), ("2026-06", False)],
)
def test_a_price_list_holds_from_and_until(period, ok):
    dated = tariff(
        "charge fee { every month; amount 5 USD }",
        'currency USD; timezone "UTC"; effective from 2026-03-10 until 2026-06-01',
    )
    if ok:
        assert bill(dated, account(), period).total == 5
    else:
        found = problem(dated, account(), period)
        assert found.code == "A203"
        assert "the price list holds from 2026-03-10 until 2026-06-01" in found.message


@pytest.mark.parametrize(
    ("day", "ok"), [("2026-03-09", False), ("2026-03-10", True), ("2026-05-31", True), ("2026-06-01", None)]
)
def test_nothing_is_billed_by_a_list_that_was_not_in_force(day, ok):
    dated = tariff(
        "meter m in calls\ncharge fee { on m; every month; rate 1 USD/call }",
        'currency USD; timezone "UTC"; effective from 2026-03-10 until 2026-06-01',
    )
    used = account(event(f"{day} 12:00", 5))
    if ok:
        assert bill(dated, used, day[:7]).total == 5
    else:
        found = problem(dated, used, day[:7])
        assert (found.code, "2026-03-10 until 2026-06-01" in found.message) == ("A203", True)


PEAKS = "meter m { measure highest(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }"


def measured(quantity: int):
    """A meter's own result for March."""
    return replace(total("2026-03-01", "2026-04-01", quantity), measured=True)


@pytest.mark.parametrize("measure", ["highest(quantity)", "count()", "sum(quantity)"])
def test_a_measured_result_stands_for_the_meter_whatever_it_measures(measure):
    rules = tariff(PEAKS.replace("highest(quantity)", measure))
    made = bill(rules, account(measured(120)))
    assert (made.total, made.meters[0].measured) == (120, 120)


def test_a_measured_result_and_records_of_the_same_time_are_refused():
    found = problem(tariff(PEAKS), account(measured(120), event("2026-03-05", 7)))
    assert found.code == "A103"
    assert "has a measured result here and a record" in found.message


def test_what_came_before_the_first_month_asked_for_is_drawn():
    usage = account(
        event("2026-01-10", 60, size=amount("1 MB")),
        event("2026-03-10", 60, size=amount("1 MB")),
        purchases=(buy("p", "2026-01-05", 100),),
        settings=(PRICE,),
    )
    assert charged(bill(rules(), usage)) == 2 * 20
    assert [b.total for b in bills(rules(), usage, "2026-03", "2026-04")] == [40, 0]
