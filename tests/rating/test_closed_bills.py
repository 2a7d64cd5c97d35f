"""What happens later never changes a bill that is closed: purchases whose quota reaches back, requests, usage."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from ratewright.rating.bill import Bill
from ratewright.usage.model import Usage
from tests.rating.accounts import (
    account,
    amounts,
    bill,
    bills,
    buy,
    charged,
    drawn,
    event,
    lots,
    setting,
    tariff,
    total,
)
from tests.rating.pool_oracle import day_name
from tests.rating.test_pool_laws import DAYS, KEYS, cases
from tests.tries import tries

YEAR = "from start of year(purchase) until end of year(purchase)"


def rules(every: str = "month", valid: str = YEAR, more: str = "", deduct: str = ""):
    return tariff(
        f"""
        meter m {{ measure sum(quantity) in calls }}
        package pack {{ covers m; sizes {{ 100 calls 10 USD }}; valid {valid}; {more} }}
        charge fee {{ on m; every {every}; rate 1 USD/call }}
        deduct m {deduct} from pack > fee
        """
    )


def paid_for(used: str, bought: str, every: str = "month", **parts: str) -> bool:
    """Whether a lot that was bought at a time pays for a call at another."""
    usage = account(event(used), purchases=(buy("p", bought, 100),))
    return drawn(bills(rules(every, **parts), usage, "2026-01", "2026-12")) == {"p": 1}


@pytest.mark.parametrize(
    ("used", "bought", "expected"),
    [
        ("2026-05-31 23:59:59.999999999", "2026-06-01", False),
        ("2026-06-01", "2026-06-15", True),
        ("2026-06-01", "2026-06-30 23:59:59.999999999", True),
        ("2026-06-01", "2026-07-01", False),
        ("2026-06-20", "2026-06-15", True),
        ("2026-12-31", "2026-06-15", True),
    ],
)
def test_a_month_is_closed_when_it_ends(used, bought, expected):
    assert paid_for(used, bought) is expected


@pytest.mark.parametrize(
    ("every", "used", "bought", "expected"),
    [
        ("day", "2026-06-05 10:00", "2026-06-05 23:59:59", True),
        ("day", "2026-06-05 10:00", "2026-06-06", False),
        ("hour", "2026-06-05 10:10", "2026-06-05 10:59:59.999999999", True),
        ("hour", "2026-06-05 10:10", "2026-06-05 11:00", False),
        ("week", "2026-06-29", "2026-06-30", True),
        ("week", "2026-06-30", "2026-07-01", False),
        ("month on day 15", "2026-06-14", "2026-06-14 12:00", True),
        ("month on day 15", "2026-06-14", "2026-06-15", False),
        ("year", "2026-06-01", "2026-06-30", True),
        ("year", "2026-06-01", "2026-07-01", False),
        ("month; billed every day", "2026-06-05", "2026-06-06", False),
        ("record", "2026-06-05 10:00", "2026-06-05 10:00", True),
        ("record", "2026-06-05 10:00", "2026-06-05 10:00:00.000000001", False),
    ],
)
def test_so_is_a_period_of_the_charge(every, used, bought, expected):
    """Of a longer period the months are closed as well: their bills tell what was paid for."""
    assert paid_for(used, bought, every) is expected


def test_without_a_charge_behind_it_only_the_month_counts():
    text = "meter m { measure sum(quantity) in calls }\n"
    text += f"package pack {{ covers m; sizes {{ 100 calls 10 USD }}; valid {YEAR} }}\ndeduct m from pack"
    usage = account(event("2026-05-31"), event("2026-06-01", 2), purchases=(buy("p", "2026-06-30", 100),))
    assert drawn(bills(tariff(text), usage, "2026-05", "2026-06")) == {"p": 2}


def test_a_total_of_the_month_is_not_cut_by_the_purchase():
    usage = account(total("2026-06-01", "2026-07-01", 40), purchases=(buy("p", "2026-06-15", 100),))
    assert charged(bill(rules(), usage, "2026-06")) == 0


def test_a_peak_counts_when_its_period_ends():
    text = f"""
        meter m {{ measure highest(quantity) in calls }}
        package pack {{ covers m; sizes {{ 100 calls 10 USD }}; valid {YEAR} }}
        charge fee {{ on m; every year; rate 1 USD/call }}
        deduct m from pack > fee
        """
    usage = account(event("2026-01-10", 30), purchases=(buy("p", "2026-12-31 12:00", 100),))
    assert drawn(bills(tariff(text), usage, "2026-01", "2026-12")) == {"p": 30}


@pytest.mark.parametrize(("bought", "june"), [("2026-06-30 23:59:59.999999999", 3), ("2026-07-01", 5)])
def test_a_voucher_pays_the_bills_that_are_open(bought, june):
    text = f"""
        meter m {{ measure sum(quantity) in calls }}
        package voucher {{ covers fee; sizes {{ 2 USD 1 USD }}; valid {YEAR} }}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m from fee
        deduct fee from voucher
        """
    usage = account(event("2026-06-02", 5), purchases=(buy("v", bought, "2 USD", "voucher"),))
    made = bill(tariff(text), usage, "2026-06")
    assert amounts(made, "fee")[0] + sum(line.amount for line in made.lines if line.kind.value == "payment") == june


@pytest.mark.parametrize("renews", ["month", "week", "day", "month from purchase"])
def test_cycles_of_a_package_bought_later_are_not_told_of(renews):
    usage = account(event("2026-01-10", 7), event("2026-06-02", 7), purchases=(buy("p", "2026-06-15", 100),))
    without = changed_purchases(usage)
    made, plain = (bills(rules(more=f"renews every {renews}"), u, "2026-01", "2026-06") for u in (usage, without))
    assert [as_told(one) for one in made[:5]] == [as_told(one) for one in plain[:5]]
    assert lots(made[5])


def changed_purchases(usage: Usage) -> Usage:
    return replace(usage, purchases=())


def as_told(made: Bill) -> object:
    """Everything that a bill tells of an account."""
    return with_fields(made, reached=frozenset())


def reaching_back(text: str) -> str:
    """The price list of a case whose packages are valid from the beginning of the month in which they are bought."""
    return re.sub(r"(?m)^( *package .* valid [0-9]+ days)", r"\1 from start of month(purchase)", text)


@pytest.mark.parametrize("every", ["month", "week", "day"])
@pytest.mark.parametrize("closed", range(1, 5))
@given(
    case=cases(),
    asked=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90)), max_size=2),
    back=st.booleans(),
)
@tries(13)
def test_bills_are_the_same_with_and_without_what_comes_later(case, asked, closed, back, every):
    text = (reaching_back(case.text) if back else case.text).replace("every month; rate", f"every {every}; rate")
    made_from = tariff.__wrapped__(text)
    whole = replace(case.usage, refunds=case.requests(asked))

    def by_then(moment) -> bool:
        return str(moment) < f"2026-0{closed + 1}"

    known = replace(
        whole,
        records=tuple(r for r in whole.records if by_then(r.start)),
        purchases=tuple(p for p in whole.purchases if by_then(p.at)),
        refunds=tuple(r for r in whole.refunds if by_then(r.at)),
    )
    names = ("2026-01", f"2026-0{closed}")
    assert [as_told(b) for b in bills(made_from, known, *names)] == [
        as_told(b) for b in bills(made_from, whole, *names)
    ]


@pytest.mark.parametrize("draws", KEYS)
@pytest.mark.parametrize("count", range(1, 5))
@given(data=st.data())
@tries(5)
def test_lots_bought_together_or_one_by_one_cover_the_same(draws, data, count):
    """Quota and money: the lots of one purchase are as many purchases of one lot at the same instant."""
    case = data.draw(cases(draws=draws))
    pool = case.pools[0]
    at, size = f"{day_name(data.draw(st.integers(0, DAYS - 1)))} 0{count}:00", pool.size
    together = (buy("z", at, size, pool.name, count=count),)
    apart = tuple(buy(f"z#{n}", at, size, pool.name) for n in range(1, count + 1)) if count > 1 else together
    made_from = tariff.__wrapped__(case.text)
    first, second = (
        bills(made_from, replace(case.usage, purchases=(*case.usage.purchases, *more)), "2026-01", "2026-05")
        for more in (together, apart)
    )
    assert [(b.total, drawn(b), unsorted(b)) for b in first] == [(b.total, drawn(b), unsorted(b)) for b in second]


def unsorted(made: Bill) -> set[tuple[str, object]]:
    return {(balance.lot, balance.remaining) for balance in made.balances}


def test_before_the_time_that_a_line_counts_from_the_month_alone_closes():
    """The line has no period before 10 March, so none that had ended when the package was bought."""
    rules = tariff(
        "setting first date = 2026-03-10\nmeter m { measure sum(quantity) in calls }\n"
        "package p { covers m; sizes { 10 calls 20 USD }; valid from start of month(purchase) until 2027-01-01 }\n"
        "charge fee { on m; every month from first; rate 1 USD/call }\ndeduct m from p > fee"
    )
    usage = account(event("2026-03-05", 4), purchases=(buy("a", "2026-03-12", 10, "p"),))
    assert drawn(bill(rules, usage)) == {"a": 4}


@pytest.mark.parametrize(("since", "held"), [("2026-01-31", 5), ("2026-02-01", 0), ("2026-03-01", 0)])
def test_a_grant_that_comes_into_force_later_is_on_no_closed_bill(since: str, held: int) -> None:
    rules = tariff(
        """
        setting pro = off
        meter m { measure sum(quantity) in calls }
        grant gift { covers m; size 5 calls; when pro }
        charge fee { on m; every month; rate 1 USD/call }
        deduct m from gift > fee
        """
    )
    usage = account(event("2026-03-10", 7), settings=(setting("pro", "on", since),))
    january, _, march = bills(rules, usage, "2026-01", "2026-03")
    assert sum(each.remaining for each in january.balances) == held
    assert (drawn([march]), march.total) == ({"gift": 5}, 2)


def test_a_package_that_was_bought_is_held_also_where_its_condition_no_longer_holds():
    rules = tariff("""
    setting plan one of free, pro = free
    meter m in calls
    package pack { covers m; when plan == pro; sizes { 100 calls 1 USD }; valid 1 year from purchase }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from pack > fee
    """)
    data = account(
        event("2026-03-05", 1),
        purchases=(buy("p", "2026-02-10", "100 calls", "pack"),),
        settings=(setting("plan", "pro"), setting("plan", "free", "2026-02-20")),
    )
    made = bill(rules, data)
    assert [(held.lot, held.remaining) for held in made.balances] == [("p", 100)]
