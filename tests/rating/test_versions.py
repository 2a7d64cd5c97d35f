"""Price lists over time: which version bills what, and how an account goes from one to the next."""

from __future__ import annotations

import pytest

from ratewright.meaning import nodes as tree
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import LineKind
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months
from ratewright.rating.versions import in_order
from ratewright.refusal import RatingError
from ratewright.values.calendar import calendar_of
from tests.rating.accounts import account, buy, changed, charged, drawn, event, left, state, tariff, total, when
from tests.rating.versions_of_a_list import BODY, rated, refused, used, version


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
        ("highest(sum(quantity) each month)", "month"),
        ("highest(count() * 1 call each month)", "month"),
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
