"""Price lists over time: which version bills what, and how an account goes from one to the next."""

from __future__ import annotations

import pytest

from ratewright.diagnostics import Diagnostic
from ratewright.rating.bill import Bill
from ratewright.rating.history import in_order, rate_history
from ratewright.rating.periods import months
from ratewright.rating.problems import RatingError
from ratewright.tree import nodes as tree
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, buy, charged, drawn, event, left, state, tariff, total

BODY = """
meter m {{ measure sum(quantity) in calls }}
grant free {{ covers m; size 10 calls; issued once on activation }}
package pack {{ covers m; sizes {{ 100 calls 1 USD }}; valid 1 year from purchase }}
charge fee {{ on m; every {every}; rate {price} USD/call }}
deduct m from free > pack > fee
"""


def version(start: str, until: str, price: int, every: str = "month", extra: str = "", more: str = "") -> tree.Tariff:
    times = f"effective from {start}" + (f" until {until}" if until else "")
    head = f'currency USD; timezone "UTC"; {times}{extra}'
    return tariff(BODY.format(price=price, every=every) + more, head)


def rated(versions: list[tree.Tariff], usage: Usage, first: str, last: str) -> list[Bill]:
    periods = months(first, last, calendar_of("UTC"))
    found, problems = rate_history(versions, usage, periods)
    assert not problems, problems
    return found


def refused(versions: list[tree.Tariff], usage: Usage) -> Diagnostic:
    found, problems = rate_history(versions, usage, months("2026-01", "2026-06", calendar_of("UTC")))
    assert not found
    return problems[0]


def used(*days: str, **parts: object) -> Usage:
    return account(*(event(f"{day} 10:00", 20) for day in days), activated="2026-01-01", **parts)


def test_a_period_is_billed_by_the_version_at_its_start():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    made = rated(versions, used("2026-02-28", "2026-03-01", "2026-03-31"), "2026-02", "2026-03")
    assert [charged(bill) for bill in made] == [10, 80]
    assert [bill.tariff.effective for bill in made] == [v.effective for v in versions]


def test_the_order_of_the_files_decides_nothing():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    usage = used("2026-02-28", "2026-03-01")
    assert [b.total for b in rated(versions[::-1], usage, "2026-01", "2026-03")] == [0, 10, 40]


def test_a_period_that_has_begun_goes_on_by_its_version():
    versions = [version("2026-01-01", "2026-03-15", 1), version("2026-03-15", "", 2)]
    made = rated(versions, used("2026-01-10", "2026-03-10", "2026-03-20", "2026-04-10"), "2026-03", "2026-04")
    assert [charged(bill) for bill in made] == [40, 40]


def test_days_go_over_on_the_day():
    versions = [version("2026-01-01", "2026-03-15", 1, "day"), version("2026-03-15", "", 2, "day")]
    made = rated(versions, used("2026-01-10", "2026-03-14", "2026-03-15"), "2026-03", "2026-03")
    assert [charged(bill) for bill in made] == [20, 40]


def test_changes_split_the_period():
    split = "; changes split the period"
    base = "charge base { every month; amount 31 USD; prorated by day }"
    versions = [
        version("2026-01-01", "2026-03-11", 1, extra=split, more=base),
        version("2026-03-11", "", 2, extra=split, more=base),
    ]
    made = rated(versions, used("2026-01-10", "2026-03-10", "2026-03-11"), "2026-03", "2026-03")
    assert [charged(bill) for bill in made] == [20, 40]
    assert [charged(bill, "base") for bill in made] == [10, 21]


def test_a_month_asked_for_alone_is_the_same():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    usage = used("2026-01-05", "2026-02-28", "2026-03-01", "2026-05-01", purchases=(buy("p", "2026-02-01", 100),))
    together = rated(versions, usage, "2026-01", "2026-06")
    alone = [rated(versions, usage, f"2026-0{n}", f"2026-0{n}")[0] for n in range(1, 7)]
    assert [b.total for b in together] == [b.total for b in alone]
    assert [sorted(drawn(b).items()) for b in together] == [sorted(drawn(b).items()) for b in alone]


def test_quotas_go_on():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    usage = used("2026-02-10", "2026-03-10", "2026-04-10", purchases=(buy("p", "2026-02-01", 100),))
    made = rated(versions, usage, "2026-02", "2026-04")
    assert [drawn(bill) for bill in made] == [{"free": 10, "p": 10}, {"p": 20}, {"p": 20}]
    assert [sum(b.remaining for b in bill.balances if b.lot == "p") for bill in made] == [90, 70, 50]


def test_an_opening_of_ones_own_holds():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    usage = account(
        event("2026-02-10 10:00", 20),
        event("2026-03-10 10:00", 20),
        activated="2026-01-01",
        opening="2026-02-01",
        balances=(left("free", 3, lot="free"),),
    )
    assert [charged(bill) for bill in rated(versions, usage, "2026-02", "2026-03")] == [17, 40]


def test_a_state_is_cut_at_the_change_and_a_total_is_refused():
    body = """
    meter level { measure integral(quantity) / 1 day in calls }
    charge fee { on level; every day; rate %d USD/call }
    """
    versions = [
        tariff(body % price, f'currency USD; timezone "UTC"; effective from {times}')
        for price, times in ((1, "2026-01-01 until 2026-03-15"), (2, "2026-03-15"))
    ]
    usage = account(state("2026-03-13", "2026-03-17", 5, "level"), activated="2026-01-01")
    assert [charged(bill) for bill in rated(versions, usage, "2026-03", "2026-03")] == [10, 20]
    days = [version("2026-01-01", "2026-03-15", 1, "day"), version("2026-03-15", "", 2, "day")]
    found = refused(days, account(total("2026-03-01", "2026-04-01", 5), activated="2026-01-01"))
    assert found.code == "A301"


def test_what_looks_back_sees_the_time_of_earlier_versions():
    body = """
    meter m { measure sum(quantity) in calls }
    meter busy { reads m; define d = sum(quantity) each day since activation; measure count(d) in calls }
    charge fee { on m; every month; rate 1 USD/call }
    charge so_far { on busy; every month; rate %d USD/call }
    """
    versions = [
        tariff(body % price, f'currency USD; timezone "UTC"; effective from {times}')
        for price, times in ((1, "2026-01-01 until 2026-03-01"), (1, "2026-03-01"))
    ]
    made = rated(versions, used("2026-01-05", "2026-02-05", "2026-03-05"), "2026-01", "2026-03")
    assert [charged(bill, "so_far") for bill in made] == [1, 2, 3]


def test_an_account_kept_on_an_earlier_version():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    kept = used("2026-02-10", "2026-03-10", version="2026-02-28")
    assert [charged(bill) for bill in rated(versions, kept, "2026-02", "2026-03")] == [10, 20]
    first_day = used("2026-03-10", version="2026-03-01")
    assert [charged(bill) for bill in rated(versions, first_day, "2026-03", "2026-03")] == [20]
    assert refused(versions, used("2026-03-10", version="2025-12-31")).code == "A209"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("2026-02-28", "2026-03-01", "leave a gap"),
        ("2026-03-02", "2026-03-01", "overlap"),
        ("", "2026-03-01", "overlap"),
    ],
)
def test_an_overlap_or_a_gap_is_an_error(first, second, said):
    versions = [version("2026-01-01", first, 1), version(second, "", 2)]
    with pytest.raises(RatingError) as caught:
        in_order(versions)
    assert said in caught.value.diagnostics[0].message


def test_versions_share_their_currency():
    other = tariff(BODY.format(price=1, every="month").replace("USD", "EUR"), 'currency EUR; timezone "UTC"')
    with pytest.raises(RatingError):
        in_order([version("2026-01-01", "", 1), other])


def test_lines_that_do_not_agree_on_the_day_must_split():
    daily = "meter n { measure sum(quantity) in calls }; charge by_day { on n; every day; rate 1 USD/call }"
    versions = [version("2026-01-01", "2026-03-15", 1, more=daily), version("2026-03-15", "", 2, more=daily)]
    found = refused(versions, used("2026-03-10"))
    assert found.code == "A209"
    assert "changes split the period" in found.help
