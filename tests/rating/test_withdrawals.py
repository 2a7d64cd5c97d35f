"""What is taken back of a quota: from whom, in which order, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ratewright.diagnostics import Diagnostic
from ratewright.plan.plan import plan_of
from ratewright.rating.corrections import rate_account
from ratewright.usage.model import Withdrawal
from tests.rating.accounts import (
    HERE,
    account,
    amount,
    ask,
    bill,
    bills,
    buy,
    carried,
    changed,
    charged,
    corrected,
    drawn,
    event,
    lots,
    periods_of,
    problem,
    setting,
    state,
    tariff,
    total,
    unserved,
    when,
)


def back(quantity: str, at: str, of: str = "gift", **attributes: str) -> Withdrawal:
    """A part of a pool (`gift`), or of a purchase (`p`), that is taken back."""
    pool = None if of.startswith("p#") or of in ("p", "q") else of
    purchase = of if pool is None else None
    return Withdrawal(amount(quantity), when(at), HERE, pool, purchase, "a mistake", attributes)


GIFT = tariff(
    """
    meter m in calls
    grant gift { covers m; size 100 calls }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from gift > fee
    """
)


def packs(draws: str = "", more: str = "", valid: str = "1 month"):
    return tariff(
        f"""
        meter m in calls
        package pack {{ covers m; sizes {{ 100 calls 10 USD; 30 calls 4 USD }}; valid {valid}; {draws} {more} }}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m from pack > fee
        """
    )


@pytest.mark.parametrize(
    ("used_at", "covered"),
    [("2026-03-09 23:59:59", 70), ("2026-03-10 00:00:00", 60), ("2026-03-10 00:00:01", 60)],
)
def test_it_comes_before_usage_of_the_same_instant(used_at, covered):
    made = bill(
        GIFT,
        account(
            event(used_at, 70),
            withdrawals=(back("30 calls", "2026-03-10"), back("10 calls", "2026-03-10"))
            if covered == 60
            else (back("30 calls", "2026-03-10"),),
        ),
    )

    assert drawn(made) == {"gift": covered}
    assert charged(made) == 70 - covered


@pytest.mark.parametrize(("used", "holds"), [(60, True), (61, False)])
def test_no_more_than_is_left(used, holds):
    usage = account(event("2026-03-09", used), withdrawals=(back("40 calls", "2026-03-10"),))

    if holds:
        assert [lot.remaining for lot in lots(bill(GIFT, usage))] == [0]
    else:
        found = problem(GIFT, usage)
        assert found.code == "A310"
        assert found.message == "40 calls withdrawn on 2026-03-10, and gift has 39 calls left then"


@pytest.mark.parametrize("at", ["2026-03-04", "2026-04-05", "2026-05-01"])
def test_a_lot_that_is_not_valid_is_refused(at):
    usage = account(purchases=(buy("p", "2026-03-05"),), withdrawals=(back("1 call", at, "p"),))

    found = problem(packs(), usage, "2026-03", "2026-05")

    assert found.code == "A310"
    assert "p has no lot that is valid then" in found.message


def test_the_last_instant_of_a_validity():
    usage = account(purchases=(buy("p", "2026-03-05"),), withdrawals=(back("1 call", "2026-04-04 23:59:59", "p"),))

    assert [lot.withdrawn for made in bills(packs(), usage, "2026-03", "2026-04") for lot in lots(made)] == [0, 1]


def test_nothing_is_no_withdrawal():
    found = problem(GIFT, account(withdrawals=(back("0 calls", "2026-03-10"),)))

    assert (found.code, found.message) == ("A310", "what is withdrawn is nothing")


@pytest.mark.parametrize(
    ("draws", "left"),
    [
        ("draws oldest purchase;", {"p": 0, "q": 15}),
        ("draws newest purchase;", {"p": 85, "q": 0}),
        ("draws smallest remaining;", {"p": 85, "q": 0}),
        ("draws largest remaining;", {"p": 0, "q": 15}),
    ],
)
def test_in_the_order_of_drawing(draws, left):
    bought = (buy("p", "2026-03-01"), buy("q", "2026-03-02", 30))
    quantity = {"p": "115 calls", "q": "45 calls"}["p" if left["p"] == 0 else "q"]
    made = bill(
        packs(draws, valid="1 year"), account(purchases=bought, withdrawals=(back(quantity, "2026-03-03", "pack"),))
    )

    assert {lot.lot: lot.remaining for lot in lots(made)} == left


def test_lots_are_drawn_by_what_is_left_after_it():
    """The larger one is no longer the larger."""
    bought = (buy("p", "2026-03-01"), buy("q", "2026-03-01", 30))
    usage = account(
        event("2026-03-02", 1),
        event("2026-03-04", 5),
        purchases=bought,
        withdrawals=(back("80 calls", "2026-03-03", "p"),),
    )

    assert drawn(bill(packs("draws largest remaining;"), usage)) == {"p": 1, "q": 5}


@pytest.mark.parametrize(("of", "left"), [("p", [70, 100]), ("p#2", [100, 70])])
def test_of_a_purchase_or_of_one_of_its_lots(of, left):
    usage = account(purchases=(buy("p", "2026-03-01", count=2),), withdrawals=(back("30 calls", "2026-03-02", of),))

    assert [lot.remaining for lot in lots(bill(packs(valid="1 year"), usage))] == left


def test_something_that_was_never_bought():
    found = problem(
        packs(), account(purchases=(buy("q", "2026-03-01"),), withdrawals=(back("1 call", "2026-03-02", "p"),))
    )

    assert found.code == "A206"


def test_what_was_given_back_is_not_withdrawn():
    usage = account(
        purchases=(buy("p", "2026-03-01"),),
        refunds=(ask("p", "2026-03-02"),),
        withdrawals=(back("1 call", "2026-03-03", "p"),),
    )

    assert problem(packs(more="refund in full"), usage).code == "A310"


def test_a_refund_of_the_rest_does_not_see_it():
    rules = packs(more="refund paid * (size - drawn) / size if not unused; refund in full")
    usage = account(
        event("2026-03-02", 20),
        purchases=(buy("p", "2026-03-01"), buy("q", "2026-03-01")),
        refunds=(ask("p", "2026-03-04"), ask("q", "2026-03-04")),
        withdrawals=(back("30 calls", "2026-03-04", "p"), back("30 calls", "2026-03-04", "q")),
    )

    made = bill(rules, usage)

    assert charged(made, "pack") == 20 - 8 - 10
    assert [(lot.refunded, lot.withdrawn) for lot in lots(made)] == [(50, 30), (70, 30)]


RENEWING = tariff(
    """
    meter m in calls
    grant gift { covers m; size 100 calls; renews every month; rolls over for 1 month }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from gift > fee
    """
)


def test_a_cycle_that_renews_is_whole_again():
    usage = account(
        activated="2026-03-01", withdrawals=(back("40 calls", "2026-03-10"), back("130 calls", "2026-04-10"))
    )

    march, april = bills(RENEWING, usage, "2026-03", "2026-04")

    assert [(lot.size, lot.withdrawn, lot.rolled) for lot in lots(march)] == [(100, 40, 60)]
    assert [(lot.size, lot.withdrawn, lot.rolled) for lot in lots(april)] == [(60, 60, 0), (100, 70, 30)]


def test_months_alone_are_the_months_out_of_a_year():
    rules = packs(more="refund paid * (size - drawn) / size")
    usage = account(
        event("2026-03-12", 20),
        event("2026-04-01", 5),
        purchases=(buy("p", "2026-03-05"),),
        refunds=(ask("p", "2026-04-03"),),
        withdrawals=(back("30 calls", "2026-03-10", "p"), back("1 call", "2026-04-02", "p")),
    )
    march, april = bills(rules, usage, "2026-03", "2026-04")
    alone = replace(usage, opening=when("2026-04-01"), balances=carried(march), purchases=(), records=usage.records[1:])

    (again,) = bills(rules, alone, "2026-04")

    assert charged(april, "pack") == charged(again, "pack") == -7.5
    assert lots(again) == [changed(lot, purchase=None) for lot in lots(april)]


def test_more_than_a_lot_held_is_refused():
    balance = changed(carried(bill(GIFT, account(event("2026-03-01", 60))))[0], withdrawn=amount("61 calls"))
    usage = account(opening="2026-04-01", balances=(balance,))

    assert "more is left of, and was withdrawn from, lot `gift`" in problem(GIFT, usage, "2026-04").message


def test_inside_a_total_that_drew_from_it():
    usage = account(total("2026-03-09", "2026-03-11", 50), withdrawals=(back("40 calls", "2026-03-10"),))

    assert problem(GIFT, usage).code == "A304"
    assert charged(bill(GIFT, account(total("2026-03-10", "2026-03-12", 70), withdrawals=usage.withdrawals))) == 10


def test_usage_that_is_served_in_an_order_of_its_own_is_refused():
    rules = tariff(
        """
        meter m { field kind one of a, b; measure sum(quantity) in calls; by kind }
        grant gift { covers m; size 100 calls }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m in order of kind from gift > fee
        """
    )
    usage = account(event("2026-03-09", 50, kind="a"), withdrawals=(back("40 calls", "2026-03-10"),))

    found = problem(rules, usage)

    assert found.code == "A306"
    assert "was withdrawn from on 2026-03-10" in found.message
    assert charged(bill(rules, account(event("2026-03-10", 70, kind="b"), withdrawals=usage.withdrawals))) == 10


@pytest.mark.parametrize("each", ["record", "reading"])
def test_a_record_that_is_priced_alone_is_served_when_it_ends(each):
    rules = tariff(
        f"""
        meter m in calls
        grant gift {{ covers m; size 100 calls }}
        charge fee {{ on m; every {each}; rate 1 USD/call }}
        deduct m from gift > fee
        """
    )
    usage = account(state("2026-03-09", "2026-03-11", 70), withdrawals=(back("40 calls", "2026-03-10"),))

    assert charged(bill(rules, usage)) == 10


def test_a_quota_of_money():
    rules = tariff(
        """
        meter m in calls
        grant gift { covers fee; size 20 USD }
        charge fee { on m; every month; rate 1 USD/call }
        deduct fee from gift
        """
    )
    made = bill(rules, account(event("2026-03-09", 30), withdrawals=(back("15 USD", "2026-03-10"),)))

    assert (made.total, charged(made, "gift")) == (25, -5)
    assert [lot.withdrawn for fund in made.funds for lot in fund.lots] == [15]


SCOPED = tariff(
    """
    meter m { field region text; measure sum(quantity) in calls; by region }
    grant gift { covers m; scope region; size 100 calls }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from gift > fee
    """
)


def test_a_grant_for_each_region():
    records = (event("2026-03-15", 70, region="eu"), event("2026-03-15", 70, region="us"))
    made = bill(SCOPED, account(*records, withdrawals=(back("40 calls", "2026-03-10", region="eu"),)))

    assert charged(made) == 10
    assert problem(SCOPED, account(*records, withdrawals=(back("40 calls", "2026-03-10"),))).code == "A310"


def test_a_later_one_gives_no_lot_before():
    usage = account(event("2026-03-15", 70, region="eu"), withdrawals=(back("40 calls", "2026-05-10", region="us"),))

    assert [balance.lot for balance in bill(SCOPED, usage).balances] == ["gift[eu]"]


def test_what_is_left_goes_where_usage_was_reported_later():
    late = changed(event("2026-03-05", 75), reported=when("2026-04-03"))
    march, april = corrected(GIFT, account(late, withdrawals=(back("40 calls", "2026-03-10"),)), "2026-03", "2026-04")

    assert [lot.withdrawn for lot in lots(march)] == [40]
    assert [(line.source, line.quantity) for line in april.lines] == [("gift", 75)]
    assert unserved(april) == 0
    (before,) = corrected(
        GIFT,
        account(changed(late, reported=when("2026-03-20")), withdrawals=(back("40 calls", "2026-03-10"),)),
        "2026-03",
    )
    ((withdrawn,),) = [lot.withdrawals for lot in lots(before)]
    assert (withdrawn.quantity, withdrawn.short) == (25, 15)


def test_what_was_known_by_then_is_no_excuse():
    known = changed(event("2026-03-05", 75), reported=when("2026-03-09"))
    usage = account(known, withdrawals=(back("40 calls", "2026-03-10"),))

    found: list[Diagnostic] = rate_account((plan_of(GIFT),), usage, periods_of(GIFT, "2026-03"))[1]

    assert [each.code for each in found] == ["A310"]


def test_before_an_opening_it_is_settled():
    balances = carried(bill(GIFT, account(withdrawals=(back("40 calls", "2026-03-10"),))))
    usage = account(opening="2026-04-01", balances=balances, withdrawals=(back("40 calls", "2026-03-10"),))

    assert [(lot.remaining, lot.withdrawn_before, lot.before) for lot in lots(bill(GIFT, usage, "2026-04"))] == [
        (60, 40, 0)
    ]


def test_a_quota_may_be_frozen_and_withdrawn_all_the_same():
    rules = tariff(
        """
        setting pro = off
        meter m in calls
        grant gift { covers m; size 100 calls; when pro }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from gift > fee
        """
    )
    usage = account(
        event("2026-03-15", 70),
        settings=(setting("pro", "on", "2026-03-12"),),
        withdrawals=(back("40 calls", "2026-03-10"),),
    )

    assert charged(bill(rules, usage)) == 10


def test_what_is_taken_back_of_a_grant_that_comes_later_is_told_at_once():
    """Else the next bill would begin with less than the one before left."""
    rules = tariff("""
    setting plan one of free, pro = free
    meter m in calls
    grant gift { covers m; size 10 calls; when plan == pro }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from gift > fee
    """)
    later = (setting("plan", "pro", "2026-04-01"),)
    for taken, march in (((), []), ((back("4 calls", "2026-03-10"),), [("gift", 6)])):
        data = account(event("2026-03-05", 1), withdrawals=taken, settings=later, activated="2026-01-01")
        first, second = bills(rules, data, "2026-03", "2026-04")
        assert [(held.lot, held.remaining) for held in first.balances] == march
        assert [(held.lot, held.remaining) for held in second.balances] == [("gift", 6 if taken else 10)]
