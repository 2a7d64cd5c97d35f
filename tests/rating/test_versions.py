"""Price lists over time: which version bills what, and how an account goes from one to the next."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ratewright.derivation.trace import PauseTrace
from ratewright.diagnostics import Diagnostic
from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill, LineKind
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.rating.versions import in_order, rate_history
from ratewright.refusal import RatingError
from ratewright.usage.model import Usage
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, ask, buy, changed, charged, drawn, event, left, state, tariff, total, when

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
    found, problems = rate_history([plan_of(v) for v in versions], usage, periods)
    assert not problems, problems
    return found


def refused(versions: list[tree.Tariff], usage: Usage) -> Diagnostic:
    found, problems = rate_history(
        [plan_of(v) for v in versions], usage, months("2026-01", "2026-06", calendar_of("UTC"))
    )
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


@pytest.mark.parametrize("opening", ["2026-03-01", "2026-04-01"])
def test_an_opening_in_the_time_of_a_later_version(opening):
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    usage = account(
        event("2026-04-10 10:00", 20),
        activated="2026-01-01",
        opening=opening,
        balances=(left("free", 3, lot="free"),),
    )
    assert [charged(bill) for bill in rated(versions, usage, "2026-04", "2026-04")] == [34]


def test_the_balances_at_a_change_have_no_cycle_that_the_next_version_gives():
    body = """
    meter m { measure sum(quantity) in calls }
    grant free { covers m; size %d calls; renews every month }
    package pack { covers m; sizes { 100 calls 1 USD }; renews every month }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from free > pack > fee
    """
    versions = [
        tariff(body % size, f'currency USD; timezone "UTC"; effective from {times}')
        for size, times in (
            (10, "2026-01-01 until 2026-03-01"),
            (15, "2026-03-01 until 2026-04-01"),
            (20, "2026-04-01"),
        )
    ]
    usage = account(event("2026-03-10 10:00", 7), activated="2026-01-01", purchases=(buy("p", "2026-01-01", 100),))
    made = rated(versions, usage, "2026-01", "2026-04")
    assert [{b.source: b.remaining for b in bill.balances} for bill in made] == [
        {"free": 10, "pack": 100},
        {"pack": 100},
        {"pack": 100},
        {"free": 20, "pack": 100},
    ]
    assert drawn(made[2]) == {"free@2026-03-01": 7}


@pytest.mark.parametrize(
    ("day", "cycle", "splits"),
    [
        ("2026-03-10", "month", True),
        ("2026-03-01", "month", False),
        ("2026-03-10", "month on day 10", False),
        ("2026-03-01", "month from activation", True),
    ],
)
def test_a_cycle_that_usage_fills_is_not_split(day, cycle, splits):
    body = f"""
    meter m {{ measure sum(quantity) in calls }}
    meter fed {{ measure sum(quantity) in calls }}
    grant kept {{ covers m; size fed; renews every {cycle} }}
    charge fee {{ on m; every {cycle}; rate 1 USD/call }}
    deduct m from kept > fee
    """
    versions = [
        tariff(body, f'currency USD; timezone "UTC"; changes split the period; effective from {times}')
        for times in (f"2026-01-01 until {day}", day)
    ]
    usage = account(event("2026-03-05 10:00", 7), event("2026-03-05 10:00", 9, "fed"), activated="2026-01-15")
    if not splits:
        assert charged(rated(versions, usage, "2026-03", "2026-03")[0]) == 0
        return
    found = refused(versions, usage)
    assert (found.code, "which usage fills" in found.message) == ("A209", True)


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


RENEWING = """
meter m {{ measure sum(quantity) in calls }}
grant free {{ covers m; size {size} calls; renews every {every}{rolls} }}
charge fee {{ on m; every {period}; rate 1 USD/call }}
deduct m from free > fee
"""


def quota(start: str, until: str, size: int, **parts: str) -> tree.Tariff:
    body = RENEWING.format(**{"every": "month", "rolls": "", "period": "month", "size": size, **parts})
    until = f" until {until}" if until else ""
    return tariff(body, f'currency USD; timezone "UTC"; effective from {start}{until}')


@pytest.mark.parametrize(("old", "new"), [(10, 15), (15, 10)])
@pytest.mark.parametrize("activated", ["2025-01-01", "2026-03-01"])
def test_a_grant_that_begins_with_a_version_has_its_size(old, new, activated):
    versions = [quota("2025-01-01", "2026-03-01", old), quota("2026-03-01", "", new)]
    (made,) = rated(versions, account(event("2026-03-05", 20), activated=activated), "2026-03", "2026-03")
    assert charged(made) == 20 - new


@pytest.mark.parametrize(("old", "new"), [(10, 15), (15, 10)])
def test_a_cycle_that_runs_over_a_change_keeps_its_size(old, new):
    """The week from Monday 23 February runs on to 2 March: what is left of it is drawn by the new list."""
    versions = [
        quota("2025-01-01", "2026-03-01", old, every="week", period="day"),
        quota("2026-03-01", "", new, every="week", period="day"),
    ]
    usage = account(event("2026-02-27", 4), event("2026-03-01", 20), event("2026-03-02", 20), activated="2026-01-01")
    _, march = rated(versions, usage, "2026-02", "2026-03")
    assert [line.amount for line in march.lines] == [20 - (old - 4), 20 - new]


def test_what_rolled_over_out_of_the_earlier_list_is_kept():
    versions = [
        quota("2025-01-01", "2026-03-01", 10, rolls="; rolls over for 1 month"),
        quota("2026-03-01", "", 15, rolls="; rolls over for 1 month"),
    ]
    usage = account(event("2026-02-05", 4), event("2026-03-05", 30), activated="2026-02-01")
    _, march = rated(versions, usage, "2026-02", "2026-03")
    assert charged(march) == 30 - 6 - 15


def test_a_grant_that_the_new_list_does_not_have_ends_with_the_old():
    versions = [
        quota("2025-01-01", "2026-03-01", 10),
        tariff(
            "meter m { measure sum(quantity) in calls }\ncharge fee { on m; every month; rate 1 USD/call }",
            'currency USD; timezone "UTC"; effective from 2026-03-01',
        ),
    ]
    usage = account(event("2026-02-05", 20), event("2026-03-05", 20), activated="2026-02-01")
    assert [charged(made) for made in rated(versions, usage, "2026-02", "2026-03")] == [10, 20]


def test_a_new_list_may_give_a_grant_of_its_own_time():
    promotion = "grant extra { covers m; size 7 calls; valid from 2026-03-15 until 2026-04-01 }"
    versions = [
        quota("2025-01-01", "2026-03-01", 10),
        tariff(
            f"meter m {{ measure sum(quantity) in calls }}\n{promotion}\n"
            "charge fee { on m; every month; rate 1 USD/call }\ndeduct m from extra > fee",
            'currency USD; timezone "UTC"; effective from 2026-03-01',
        ),
    ]
    usage = account(event("2026-03-14", 20), event("2026-03-15", 20), activated="2026-02-01")
    assert [charged(made) for made in rated(versions, usage, "2026-03", "2026-03")] == [33]


@pytest.mark.parametrize("stated", [(True, False), (False, True), (True, True)])
def test_either_list_may_state_that_the_change_splits_the_period(stated):
    first, second = ("; changes split the period" if one else "" for one in stated)
    flat = "charge fee {{ every month; prorated by day; amount {} USD }}"
    versions = [
        tariff(flat.format(28), f'currency USD; timezone "UTC"; effective from 2025-01-01 until 2026-02-15{first}'),
        tariff(flat.format(56), f'currency USD; timezone "UTC"; effective from 2026-02-15{second}'),
    ]
    made = rated(versions, account(activated="2026-01-01"), "2026-01", "2026-03")
    assert [bill.total for bill in made] == [28, 14, 28, 56]


def test_a_bill_names_the_list_by_the_day_on_which_it_took_effect():
    versions = [version("2026-01-01", "2026-02-15", 1), version("2026-02-15", "", 2)]
    made = rated(versions, used("2026-02-28", "2026-03-05"), "2026-02", "2026-03")
    assert [(charged(bill), bill.tariff.effective) for bill in made] == [
        (10, versions[0].effective),
        (40, versions[1].effective),
    ]


STATE = """
meter m {{ measure {measure} in calls }}
charge fee {{ on m; every {every}; rate {price} USD/call }}
"""


def split_versions(measure: str, every: str) -> list[tree.Tariff]:
    first = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-15; changes split the period'
    second = 'currency USD; timezone "UTC"; effective from 2026-03-15'
    return [
        tariff(STATE.format(measure=measure, every=every, price=price), head)
        for price, head in ((1, first), (2, second))
    ]


@pytest.mark.parametrize(
    ("measure", "every"),
    [
        ("sum(quantity)", "reading"),
        ("sum(quantity)", "month"),
        ("round up (sum(quantity)) to 1 call", "month"),
        ("max(sum(quantity), 5 calls)", "reading"),
        ("sum(quantity * 2)", "month"),
    ],
)
def test_what_a_record_adds_up_is_not_counted_before_and_after_a_change(measure, every):
    found = refused(split_versions(measure, every), account(state("2026-03-02", "2026-03-22", 200)))
    assert found.code == "A301"
    assert "prices change on 2026-03-15, inside this record" in found.message
    assert found.help == "split it at 2026-03-15, with what each part has"
    parts = account(state("2026-03-02", "2026-03-15", 130), state("2026-03-15", "2026-03-22", 70))
    assert sum(bill.total for bill in rated(split_versions("sum(quantity)", every), parts, "2026-03", "2026-03")) == 270


@pytest.mark.parametrize(
    ("measure", "totals"),
    [
        ("highest(quantity)", [200, 400]),
        ("sum(quantity * (lasted / 1 day))", [200 * 13, 2 * 200 * 7]),
        ("integral(quantity) / 1 day", [200 * 13, 2 * 200 * 7]),
    ],
)
def test_a_level_holds_before_and_after_a_change(measure, totals):
    made = rated(
        split_versions(measure, "month"), account(state("2026-03-02", "2026-03-22", 200)), "2026-03", "2026-03"
    )
    assert [bill.total for bill in made] == totals


def test_the_part_before_a_change_holds_what_was_known_when_it_ended():
    versions = split_versions("sum(quantity)", "month")
    late = changed(event("2026-03-14", 5), reported=when("2026-03-20"))
    usage = account(event("2026-03-10", 10), late, event("2026-03-20", 1))
    made, problems = rate_account(
        [plan_of(v) for v in versions], usage, months("2026-03", "2026-03", calendar_of("UTC"))
    )
    assert not problems
    assert [[(line.kind, line.amount) for line in bill.lines] for bill in made] == [
        [(LineKind.CHARGE, 10)],
        [(LineKind.CHARGE, 2), (LineKind.CORRECTION, 5)],
    ]
    alone, _ = rate_account([plan_of(v) for v in versions], usage, months("2026-04", "2026-04", calendar_of("UTC")))
    assert alone[0].total == 0


def test_what_was_used_before_a_change_is_in_no_measure_of_the_part_behind_it():
    versions = split_versions("highest(quantity)", "month")
    usage = account(event("2026-03-12", 9), event("2026-03-22", 7), event("2026-04-02", 1))
    assert [bill.total for bill in rated(versions, usage, "2026-03", "2026-04")] == [9, 2 * 7, 2 * 1]


FEES = """
charge fee { every day; amount 1 USD }
charge used { on m; every month; rate 1 USD/call }
discount off { on fee + used; amount 4 USD }
"""


def test_a_month_before_a_change_is_billed_without_the_months_between():
    heads = ("effective from 2026-01-01 until 2026-04-01", "effective from 2026-04-01")
    versions = [tariff("meter m in calls" + FEES, f'currency USD; timezone "UTC"; {times}') for times in heads]
    made = rated(versions, account(activated="2026-02-01"), "2026-02", "2026-02")
    assert [bill.total for bill in made] == [28 - 4]


REFUNDED = """
meter m in calls
package pack { covers m; sizes { 100 calls 1 USD }; refund in full if refunds_before < 1 }
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee
limit at_once { on m; default 1 call; shared by account and subaccounts }
"""


def once_changed(body: str) -> list[tree.Tariff]:
    heads = ("effective from 2026-01-01 until 2026-03-01", "effective from 2026-03-01")
    return [tariff(body, f'currency USD; timezone "UTC"; {times}') for times in heads]


@pytest.mark.parametrize("first", ["2026-01", "2026-02", "2026-03"])
def test_refunds_are_counted_over_a_change(first):
    usage = account(
        purchases=(buy("a", "2026-01-05", 100), buy("b", "2026-01-06", 100)),
        refunds=(ask("a", "2026-02-10"), ask("b", "2026-03-10")),
    )
    last = rated(once_changed(REFUNDED), usage, first, "2026-03")[-1]
    assert [line.amount for line in last.lines if line.kind is LineKind.REFUND] == []
    assert [(refused.purchase, refused.granted) for refused in last.refusals] == [("b", False)]


def test_tasks_run_on_over_a_change():
    usage = account(event("2026-02-28 23:30", 1, lasts="50 minutes"), event("2026-03-01 00:05", 1, lasts="5 minutes"))
    (limit,) = rated(once_changed(REFUNDED), usage, "2026-03", "2026-03")[0].limits
    assert (limit.tasks, limit.waited, limit.peak) == (1, 1, 2)


def test_a_state_over_a_change_is_one_task():
    body = (
        REFUNDED.replace("meter m in calls", "meter m { measure integral(quantity) / length(period) in calls }")
        .replace("deduct m from pack > fee", "")
        .replace("package pack { covers m; sizes { 100 calls 1 USD }; refund in full if refunds_before < 1 }", "")
    )
    days = ("2026-01-01 until 2026-03-01", "2026-03-01 until 2026-04-01", "2026-04-01")
    one, *versions = (
        tariff(body, f'currency USD; timezone "UTC"; effective from {each}') for each in ("2026-01-01", *days)
    )
    usage = account(
        state("2026-02-27", "2026-04-02", 1),
        state("2026-02-28 12:00", "2026-03-20", 1),
        state("2026-03-01", "2026-03-02", 1),
    )
    there, here = ([bill.limits for bill in rated(lists, usage, "2026-02", "2026-04")] for lists in ([one], versions))
    figures = [[(limit.tasks, limit.peak, limit.waited, limit.longest) for limit in each] for each in there]
    assert figures == [[(2, 2, 1, 2_808_000)], [(1, 3, 1, 4_449_600)], [(0, 1, 0, 0)]]
    assert figures == [[(limit.tasks, limit.peak, limit.waited, limit.longest) for limit in each] for each in here]


LISTED = """
charge daily {{ every day; amount 1 USD }}
charge weekly {{ every week; amount 10 USD }}
charge monthly {{ every month; billed every day; amount 100 USD }}
tax vat {{ on monthly; every day; rate 10% }}
"""


@pytest.mark.parametrize(
    ("times", "month", "amounts"),
    [
        # from the list on, though the account is older
        ("from 2026-02-26", "2026-02", {"daily": 3, "weekly": 0, "monthly": 100, "vat": 10}),
        # 10 days; the weeks of 23 February, 2 March and 9 March have begun by then, and so has the month
        ("from 2026-01-01 until 2026-03-11", "2026-03", {"daily": 10, "weekly": 30, "monthly": 100, "vat": 10}),
        ("from 2026-01-01 until 2026-03-10", "2026-03", {"daily": 9, "weekly": 30, "monthly": 100, "vat": 10}),
        ("from 2026-01-01 until 2026-03-09", "2026-03", {"daily": 8, "weekly": 20, "monthly": 100, "vat": 10}),
        # cut: the week of 9 March has two days
        (
            "from 2026-01-01 until 2026-03-11; changes split the period",
            "2026-03",
            {"daily": 10, "weekly": 30, "monthly": 100, "vat": 10},
        ),
    ],
)
def test_what_is_billed_whatever_is_used_is_so_while_the_list_holds(times, month, amounts):
    rules = tariff(LISTED.format(), f'currency USD; timezone "UTC"; effective {times}')
    (made,) = rated([rules], account(activated="2026-01-16"), month, month)
    assert {name: sum(line.amount for line in made.lines if line.source == name) for name in amounts} == amounts


def test_a_grant_of_a_later_list_only_was_not_drawn_before_it():
    before = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-15; changes split the period'
    after = 'currency USD; timezone "UTC"; effective from 2026-03-15'
    meter = "meter m in calls\ncharge fee { on m; every month; rate 1 USD/call }\n"
    given = "grant free { covers m; size 10 calls; renews every month }\ndeduct m from free > fee"
    versions = [tariff(meter, before), tariff(meter + given, after)]
    made = rated(versions, account(event("2026-03-20", 30), activated="2026-01-01"), "2026-03", "2026-04")
    assert [charged(bill) for bill in made[:2]] == [0, 30]
    assert all(lot.before == 0 for meter in made[1].meters for source in meter.sources for lot in source.lots)
    assert [one.remaining for one in made[1].balances] == [10]


@pytest.mark.parametrize(
    ("used_before", "message"), [(10, None), (7, "has no `free`, and 3 calls of `free@2026-03-01`")]
)
def test_a_quota_that_a_later_list_has_no_more_is_used_up_or_kept(used_before, message):
    before = 'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-15; changes split the period'
    after = 'currency USD; timezone "UTC"; effective from 2026-03-15'
    meter = "meter m in calls\ncharge fee { on m; every month; rate 1 USD/call }\n"
    given = "grant free { covers m; size 10 calls; renews every month }\ndeduct m from free > fee"
    versions = [tariff(meter + given, before), tariff(meter, after)]
    usage = account(event("2026-03-10", used_before), event("2026-03-20", 30), activated="2026-03-01")
    if message is None:
        assert [charged(bill) for bill in rated(versions, usage, "2026-03", "2026-03")] == [0, 30]
    else:
        found = refused(versions, usage)
        assert found.code == "A209"
        assert message in found.message


def test_usage_in_an_order_is_served_where_a_change_cuts_its_period():
    head = 'currency USD; timezone "UTC"; effective from {}; changes split the period'
    body = """
    meter m { field kind one of LEB, LVB; measure sum(quantity) in calls }
    grant free { covers m; size 41 calls; issued once on activation; valid until 2026-03-25 }
    charge fee { on m; every month on day 15; rate 1 USD/call }
    deduct m in order of kind from free > fee
    """
    versions = [tariff(body, head.format("2026-01-01 until 2026-04-01")), tariff(body, head.format("2026-04-01"))]
    usage = account(event("2026-03-18", 30, kind="LVB"), event("2026-03-20", 20, kind="LEB"), activated="2026-03-01")
    assert [charged(bill) for bill in rated(versions, usage, "2026-03", "2026-04")] == [9, 0]


SOLD = """
meter m { field kind text = any; measure sum(quantity) in calls }
package pack {
  covers m;  sizes { 100 calls 3 USD };  valid 20 days from purchase;  renews every day
  refund in full within 10 days of purchase if unused
  refund paid * drawn / 300 calls within 60 days of purchase
}
charge fee { on m; every month; rate 1 USD/call }
deduct m from pack > fee
"""


@pytest.mark.parametrize("renews", ["renews every day\n", "\n"])
@pytest.mark.parametrize(
    "asked",
    [
        [ask("p", "2026-03-05")],
        [ask("p", "2026-02-05"), ask("p", "2026-03-05"), ask("p", "2026-04-05")],
        [ask("p#1", "2026-02-20"), ask("p", "2026-03-05")],
        [ask("p#2", "2026-02-05"), ask("p#1", "2026-03-25"), ask("p#2", "2026-04-25")],
        [ask("late#1", "2026-02-27"), ask("late", "2026-03-02")],
    ],
)
def test_what_is_asked_of_purchases_that_are_over_is_decided_as_by_one_list(asked, renews):
    body = SOLD.replace("renews every day\n", renews)
    days = ["2026-01-01", "2026-03-01", "2026-04-01"]
    heads = [*(f"{first} until {last}" for first, last in pairwise(days)), days[-1]]
    one, *versions = (
        tariff(body, f'currency USD; timezone "UTC"; effective from {dates}') for dates in ("2026-01-01", *heads)
    )
    usage = account(
        event("2026-02-10 10:00", 40), activated="2026-01-01", refunds=asked, pauses=[ask("p", "2026-04-01")],
        purchases=[buy("p", "2026-02-01", 100, "pack", count=2), buy("late", "2026-02-25", 100, "pack", count=2)],
    )  # fmt: skip
    there, here = (
        [
            ([(line.label, line.amount) for line in bill.lines], [_refused(each) for each in bill.refusals])
            for bill in rated(lists, usage, "2026-02", "2026-04")
        ]
        for lists in ([one], versions)
    )
    assert here == there


def _refused(request) -> tuple[object, ...]:
    if isinstance(request, PauseTrace):
        return request.purchase, request.request
    figures = (request.size, request.drawn, request.paid, request.returned, request.purchased, request.request)
    return request.purchase, request.lots, request.already, len(request.tried), *figures


def test_a_request_for_what_no_list_knew_or_the_later_one_does_not_know_is_refused():
    versions = [version("2026-01-01", "2026-03-01", 1), version("2026-03-01", "", 2)]
    bought = {"purchases": (buy("p", "2026-01-05", 100, "pack"),)}
    assert refused(versions, used("2026-01-06", refunds=(ask("q", "2026-03-05"),), **bought)).code == "A206"
    without = tariff(
        "meter m { measure sum(quantity) in calls }", 'currency USD; timezone "UTC"; effective from 2026-03-01'
    )
    short = tariff(
        BODY.replace("1 year", "20 days").format(price=1, every="month"),
        'currency USD; timezone "UTC"; effective from 2026-01-01 until 2026-03-01',
    )
    found = refused([short, without], used("2026-01-06", refunds=(ask("p", "2026-03-05"),), **bought))
    assert (found.code, found.message) == (
        "A209",
        "the version from 2026-03-01 has no `pack`, and a request speaks of `p` then",
    )
