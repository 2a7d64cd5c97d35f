"""What a grant, a package or a limit says of itself: with the figures of its row, and not at all where one has none."""

from __future__ import annotations

import pytest

from ratewright.explain.render import render
from ratewright.explain.wording.languages import told_in
from tests.explain.one_bill import one
from tests.explain.test_as_the_customer import told, use
from tests.explain.test_own_sentences import METER, said

FEE = "charge fee { on m; every month; rate 1 USD/call }\n"


def day(number: int, quantity: str, month: int = 3) -> str:
    return use("m", f"2026-{month:02}-{number:02}T10:00:00", quantity)


def pool(sentence: str, *statements: str, pay: str = "deduct m from p > fee") -> str:
    return f"{METER}{FEE}grant p {{ {'; '.join(statements)}; {sentence} }}\n{pay}"


HUNDRED = ("covers m", "size 100 calls", "renews every month")
OF_ALL = 'say "{drawn} of {size} in {period}, {left} left"'


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ("1", "1 call of 100 calls in March 2026, 99 calls left"),
        ("99", "99 calls of 100 calls in March 2026, 1 call left"),
        ("100", "100 calls of 100 calls in March 2026, 0 calls left"),
        ("101", "100 calls of 100 calls in March 2026, 0 calls left"),
    ],
)
def test_a_grant_says_what_it_gave_and_what_is_left(used: str, expected: str) -> None:
    assert said(one(pool(OF_ALL, *HUNDRED), day(2, used))) == [expected]


def test_what_nothing_used_is_told_at_full_length() -> None:
    bill = one(pool(OF_ALL, *HUNDRED), "")
    assert (said(bill), said(bill, "full")) == ([], ["0 calls of 100 calls in March 2026, 100 calls left"])


def test_what_lapses_with_the_period_is_left_as_examples_have_it() -> None:
    rules = pool('say "{left}"', *HUNDRED)
    rules += '\nexample "as told" { use 30 calls of m on 2026-03-02; expect in 2026-03 left(p) == 70 calls }'
    assert said(one(rules, day(2, "30"))) == ["70 calls"]
    assert "70 calls lapsed" in told(one(rules, day(2, "30")))


def test_of_several_cycles_there_is_no_one_size() -> None:
    rules = pool(OF_ALL, "covers m", "size 5 calls", "renews every day")
    bill = one(rules, day(2, "3") + day(3, "4"))
    assert said(bill) == []
    assert "its own sentence is not told: 3 cycles have a size each" in told(bill, "full")
    assert "der eigene Satz wird nicht gesagt: 3 Zyklen haben je eine eigene Größe" in render(
        bill, "text", "full", width=200, language="de"
    )
    assert said(one(pool('say "{drawn}"', "covers m", "size 5 calls", "renews every day"), day(2, "3"))) == ["3 calls"]


def test_what_is_overdrawn_is_below_0() -> None:
    rules = pool('say "{left}"', *HUNDRED, "overdraws up to 40 calls")
    assert said(one(rules, day(2, "130"))) == ["-30 calls"]


def test_a_package_says_what_is_left_of_all_its_lots() -> None:
    rules = f"""{METER}{FEE}
    package pack {{ covers m; sizes {{ 1,000 calls 5 USD }}; say "{{left}} of {{size}}" }}
    deduct m from pack > fee"""
    bought = 'purchases: [{id: a, package: pack, size: "1,000", count: 2, at: 2026-03-01T00:00:00Z}]\n'
    assert said(one(rules, day(2, "1,100"), bought)) == ["900 calls of 2,000 calls"]
    assert said(one(rules, day(2, "1"))) == []  # none is held


def test_a_quota_at_a_ratio_has_its_figures_in_its_own_unit() -> None:
    rules = pool('say "{drawn}, {left}"', "covers m at 2", "size 10 calls")
    assert said(one(rules, day(2, "3"))) == ["6 calls, 4 calls"]


def test_money_says_what_it_paid_of_each_line_and_what_is_left_at_the_end() -> None:
    rules = f"""{METER}{FEE}charge base {{ every month; amount 3 USD }}
    grant credit {{ covers fee, base; size 10 USD; renews every month; say "{{drawn}} of {{size}}, {{left}} left" }}
    deduct fee from credit
    deduct base from credit"""
    assert sorted(said(one(rules, day(2, "4")))) == [
        "3.00 USD of 10.00 USD, 3.00 USD left",
        "4.00 USD of 10.00 USD, 3.00 USD left",
    ]


def test_a_setting_is_that_of_the_bill_and_untold_where_it_changes_in_it() -> None:
    rules = pool('say "the {plan} plan"', *HUNDRED)
    more = "settings:\n  plan: {2026-01-01: free, 2026-03-10T00:00:00Z: pro}\n"
    bill = one(rules, day(2, "3"), more)
    assert said(bill) == []
    assert "its own sentence is not told: plan changes 2026-03-10 00:00" in told(bill, "full")
    assert said(one(rules, day(2, "3", 4), more, "2026-04")) == ["the pro plan"]


def test_a_limit_says_how_many_waited() -> None:
    rules = f"""{METER}{FEE}unit job, jobs
    meter runs in jobs
    charge run {{ on runs; every month; rate 1 USD/job }}
    limit room {{
      on runs; default 1 job; shared by account and subaccounts
      say "{{waited}} waited {{waiting}}: {{peak}} in room for {{default}}" de "{{peak}} statt {{default}}"
    }}"""
    task = "  - {meter: runs, at: 2026-03-02T10:00:00Z, quantity: 1, lasts: 90 seconds}\n"
    assert said(one(rules, task)) == ["0 waited 0 seconds: 1 job in room for 1 job"]
    bill = one(rules, task * 2)
    assert said(bill) == ["1 waited 1 minute 30 seconds: 2 jobs in room for 1 job"]
    with told_in("de"):
        assert said(bill) == ["2 jobs statt 1 job"]


def test_text_of_others_is_made_harmless() -> None:
    rules = 'setting who text = "x"\n' + pool('say "For {who}"', *HUNDRED)
    page = render(one(rules, day(2, "1"), "settings: {who: '<b>x</b>'}\n"), "html")
    assert "<b>x" not in page and "For &lt;b&gt;x" in page


def test_a_bill_in_short_says_none() -> None:
    assert "left" not in render(one(pool(OF_ALL, *HUNDRED), day(2, "1")), "text", "short")
