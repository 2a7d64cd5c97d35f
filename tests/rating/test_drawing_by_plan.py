"""Lots that renew, drawn by the start and the end of all their cycles."""

from __future__ import annotations

import pytest

from ratewright.checks.run import check
from ratewright.diagnostics import Source
from ratewright.plan.plan import plan_of
from ratewright.rating.corrections import rate_account
from tests.rating.accounts import (
    account,
    bill,
    bills,
    buy,
    carried,
    changed,
    drawn,
    event,
    left,
    periods_of,
    problem,
    tariff,
    when,
)


def plans(draws: str, one: str = "6 months", other: str = "1 year", more: str = ""):
    """Two packages: `one`, whose cycles begin on the 20th, and the `other`, on the 10th."""
    written = "\n".join(
        f"package {name} {{ covers m; sizes {{ 100 calls 10 USD }}; {f'valid {valid} from purchase;' if valid else ''}"
        f" renews every month on day {day}; draws {draws}; {more} }}"
        for name, valid, day in (("one", one, 20), ("other", other, 10))
    )
    return tariff(
        f"meter m in calls\n{written}\ncharge fee {{ on m; every month; rate 1 USD/call }}\n"
        "deduct m from one, other > fee"
    )


BOUGHT = (buy("a", "2025-12-20", package="one"), buy("b", "2025-12-10", package="other"))
USED = event("2026-03-05", 50)


@pytest.mark.parametrize(
    ("draws", "first"),
    [
        ("soonest expiry", "b"),  # on 10 March, a on the 20th
        ("latest expiry", "a"),
        ("soonest end", "a"),  # on 20 June, b on 10 December
        ("latest end", "b"),
        ("oldest start", "b"),
        ("newest start", "a"),
    ],
)
def test_by_the_cycle_or_by_all_of_them(draws, first):
    made = bill(plans(draws), account(USED, purchases=BOUGHT))

    assert [name.split("@")[0] for name, quantity in drawn(made).items() if quantity] == [first]


@pytest.mark.parametrize(("draws", "first"), [("soonest end", "a"), ("latest end", "b")])
def test_what_never_ends_ends_last(draws, first):
    made = bill(plans(draws, other=""), account(USED, purchases=BOUGHT))

    assert [name.split("@")[0] for name in drawn(made)] == [first]


@pytest.mark.parametrize(("months", "first"), [(11, "a"), (12, "b"), (13, "b")])
def test_lots_that_end_at_one_instant(months, first):
    """Of two that end together the second rule decides."""
    rules = plans("soonest end, then newest start", one=f"{months} months", other="11 months")
    usage = account(USED, purchases=(buy("a", "2025-11-10", package="one"), BOUGHT[1]))

    assert [name.split("@")[0] for name in drawn(bill(rules, usage))] == [first]


@pytest.mark.parametrize(("draws", "first"), [("oldest start", "gift"), ("newest start", "p")])
def test_a_grant_that_was_always_held_begins_first(draws, first):
    rules = tariff(
        f"""
        meter m in calls
        grant gift {{ covers m; size 100 calls; renews every month; draws {draws} }}
        package pack {{ covers m; sizes {{ 100 calls 10 USD }}; draws {draws} }}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m from gift, pack > fee
        """
    )
    made = bill(rules, account(USED, purchases=(buy("p", "2026-01-01"),)))

    assert [name.split("@")[0] for name in drawn(made)] == [first]


def test_what_rolled_over_is_valid_as_its_lot():
    """In March a has what rolled over until 20 March, and b a cycle until 10 March: a ends first with all of them."""
    rules = plans("soonest end", more="rolls over for 1 month")
    made = bill(rules, account(event("2026-03-05", 150), purchases=BOUGHT))

    assert drawn(made) == {"a@2026-01-20-rolled": 100, "a@2026-02-20": 50}


class TestAMonthAlone:
    """A bill's balances tell when all cycles of what was bought begin and end."""

    @pytest.mark.parametrize("draws", ["soonest end", "latest end", "oldest start", "newest start"])
    @pytest.mark.parametrize("more", ["", "rolls over for 1 month"])
    def test_is_the_month_out_of_a_year(self, draws, more):
        rules = plans(draws, more=more)
        used = [event(f"2026-{month:02}-05", 30 + 20 * month) for month in range(1, 8)]
        whole = bills(rules, account(*used, purchases=BOUGHT), "2026-01", "2026-07")
        for number in range(1, 7):
            alone = account(used[number], opening=whole[number].period.start, balances=carried(whole[number - 1]))
            made = bill(rules, alone, f"2026-{number + 1:02}")

            assert (made.total, drawn(made)) == (whole[number].total, drawn(whole[number]))
            assert carried(made) == carried(whole[number])

    def test_also_where_the_purchase_is_not_told(self):
        rules = plans("soonest end")
        march = bill(rules, account(purchases=BOUGHT))
        balances = tuple(changed(b, purchased=None, paid=None) for b in carried(march))
        april = bill(rules, account(event("2026-04-05", 50), opening="2026-04-01", balances=balances), "2026-04")

        assert drawn(april) == {"a@2026-03-20": 50}
        assert [(b.lot, str(b.valid_from), str(b.valid_until)) for b in april.balances] == [
            ("a@2026-04-20", "2025-12-20T00:00:00Z", "2026-06-20T00:00:00Z"),
            ("b@2026-04-10", "2025-12-10T00:00:00Z", "2026-12-10T00:00:00Z"),
        ]

    def test_of_what_is_given_the_list_says_it(self):
        rules = tariff(
            """
            meter m in calls
            grant gift { covers m; size 100 calls; renews every month; valid 1 year; draws soonest end }
            charge fee { on m; every month; rate 1 USD/call }
            deduct m from gift > fee
            """
        )
        made = bill(rules, account(USED, activated="2026-01-01"))

        assert [(b.valid_from, b.valid_until) for b in made.balances] == [(None, None)]
        assert problem(rules, account(USED, opening="2026-03-01")).message.endswith("do not say since when it is valid")


@pytest.mark.parametrize(
    ("draws", "until", "message"),
    [
        ("soonest end", None, "the balance does not tell until when `a` is valid, and it is drawn by `soonest end`"),
        (
            "newest start",
            when("2026-06-20"),
            "the balance does not tell since when `a` is valid, and it is drawn by `newest start`",
        ),
    ],
)
def test_a_balance_that_does_not_tell_it_is_refused(draws, until, message):
    held = left("one", "50 calls", lot="a@2026-02-20", starts="2026-02-20", expires="2026-03-20")
    held = changed(held, valid_until=until)
    usage = account(USED, opening="2026-03-01", balances=(held,))

    assert problem(plans(draws), usage).message == message
    told = changed(held, valid_from=when("2025-12-20"), valid_until=when("2026-06-20"))
    assert drawn(bill(plans(draws), changed(usage, balances=(told,)))) == {"a@2026-02-20": 50}


def test_a_balance_of_what_ends_tells_it_however_it_is_drawn():
    held = left("one", "50 calls", lot="a@2026-02-20", starts="2026-02-20", expires="2026-03-20")
    usage = account(USED, opening="2026-03-01", balances=(held,))

    found = problem(plans("soonest expiry"), usage)
    assert found.message == "the balance does not tell until when `a` is valid, and the list lets it end"
    assert found.help == "write in the account's data when it was `purchased`, or `valid_until`"
    bought = changed(held, purchased=when("2025-12-20"))
    assert drawn(bill(plans("soonest expiry"), changed(usage, balances=(bought,)))) == {"a@2026-02-20": 50}


def test_no_end_need_be_told_of_what_has_none():
    held = left("other", "50 calls", lot="b@2026-02-10", starts="2026-02-10", expires="2026-03-10")
    usage = account(USED, opening="2026-03-01", balances=(held,))

    assert drawn(bill(plans("soonest end", other=""), usage)) == {"b@2026-02-10": 50}


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        ("package once { covers m; sizes { 100 calls 10 USD } }", "and `once` is filled once"),
        ("grant once { covers m; size 100 calls; renews every month }", "and `once` is given"),
    ],
)
def test_only_what_is_bought_and_renews_is_told_so(pool, message):
    rules = tariff(
        f"meter m in calls\n{pool}\ncharge fee {{ on m; every month; rate 1 USD/call }}\ndeduct m from once > fee"
    )
    held = changed(left("once", "50 calls"), valid_until=when("2026-06-20"))
    found = problem(rules, account(USED, opening="2026-03-01", balances=(held,)))

    assert found.message == f"`valid_until` is of a package that renews, {message}"


def test_a_purchase_and_a_balance_must_agree():
    march = bill(plans("soonest end"), account(purchases=BOUGHT))
    other = tuple(changed(b, valid_until=when("2026-07-20")) for b in carried(march) if b.source == "one")
    found = problem(plans("soonest end"), account(opening="2026-04-01", purchases=BOUGHT, balances=other), "2026-04")

    assert found.message == "`valid_until` is not that of lot `a` by its purchase or another balance"


VERSION = """
tariff t "T" {{ currency USD;  timezone "UTC";  effective {time} }}
unit call, calls
meter m in calls
package pack {{ covers m; sizes {{ 100 calls 10 USD }}; valid {valid} from purchase; renews every month }}
charge fee {{ on m; every month; rate 1 USD/call }}
deduct m from pack > fee
"""


@pytest.mark.parametrize(("valid", "later"), [("3 months", "1 year"), ("1 year", "3 months")])
def test_a_later_version_leaves_what_was_bought_as_long_as_it_was(valid, later):
    first = VERSION.format(time="from 2026-01-01 until 2026-03-01", valid=valid)
    second = VERSION.format(time="from 2026-03-01", valid=later)
    made = [plan_of(check(Source("t.tariff", text))[0]) for text in (first, second)]
    used = [event(f"2026-{month:02}-05", 10) for month in range(1, 6)]
    found, problems = rate_account(
        made, account(*used, purchases=(buy("p", "2026-01-01"),)), periods_of(made[1].tariff, "2026-01", "2026-05")
    )

    assert not problems
    fees = [sum(line.amount for line in one.lines if line.source == "fee") for one in found]
    assert fees == ([0, 0, 0, 10, 10] if valid == "3 months" else [0, 0, 0, 0, 0])
