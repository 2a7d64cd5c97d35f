"""Lines for each record beside a month that goes on by the old list: what is used after a change is of the new."""

from __future__ import annotations

import pytest

from tests.rating.accounts import account, event, state
from tests.rating.versions_of_a_list import rated, refused, version


def test_a_line_for_each_record_that_a_change_leaves_as_it_is_may_meet_it_anywhere():
    """It says the same at another place in its file."""
    each = "meter n in calls; charge each { on n; every record; rate 2 USD/call }"
    versions = [
        version(first, until, price, more=f"{moved}{each}")
        for first, until, price, moved in (("2026-01-01", "2026-04-16", 1, ""), ("2026-04-16", "", 2, "# moved\n\n"))
    ]
    made = rated(versions, account(event("2026-04-20", 1, "n"), activated="2026-01-01"), "2026-04", "2026-05")
    assert [line.amount for bill in made for line in bill.lines if line.source == "each"] == [2]


@pytest.mark.parametrize("alone", ["every record", "every reading", "every 1 month from first use"])
@pytest.mark.parametrize(("every", "day", "fine"), [("month", 16, False), ("month", 1, True), ("day", 16, True)])
def test_what_is_used_after_the_change_is_of_the_new_list(alone, every, day, fine):
    """Beside a month that goes on by the old list, what each record costs by itself would be of the old list too."""
    meter = "meter n { measure highest(quantity) in calls }" if alone == "every reading" else "meter n in calls"
    change = f"2026-04-{day:02}"
    versions = [
        version(first, until, 1, every, more=f"{meter}; charge each {{ on n; {alone}; rate {price} USD/call }}")
        for first, until, price in (("2026-01-01", change, 2), (change, "", 3))
    ]
    used = state("2026-04-20", "2026-04-21", 1, "n") if alone == "every reading" else event("2026-04-20", 1, "n")
    usage = account(used, activated="2026-01-01")
    if fine:
        made = rated(versions, usage, "2026-04", "2026-05")
        assert [line.amount for bill in made for line in bill.lines if line.source == "each"] == [3]
    else:
        found = refused(versions, usage)
        assert (found.code, "`each` prices what is used from then on by the new list" in found.message) == (
            "A209",
            True,
        )


N = "meter n in calls"
ALONE = "every record"
QUOTA = "grant g {{ covers n; size {} calls; renews every month }}; deduct n from g > each"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (N, "meter n { where quantity > 1 call; measure sum(quantity) in calls }"),
        (N, "meter n { measure sum(quantity * 3) in calls }"),
        (
            "meter raw { field size number = 1; measure sum(quantity) in calls }; "
            "meter n { reads raw; measure sum(quantity * size) in calls }",
            "meter raw { field size number = 2; measure sum(quantity) in calls }; "
            "meter n { reads raw; measure sum(quantity * size) in calls }",
        ),
        (f"{N}; {QUOTA.format(10)}", f"{N}; {QUOTA.format(20)}"),
        (N, f"{N}; {QUOTA.format(10)}"),
        (
            f"setting pro = off; {N}; charge more {{ on n; every record; amount 1 USD; when pro }}",
            f"setting pro = on; {N}; charge more {{ on n; every record; amount 1 USD; when pro }}",
        ),
        (
            f"{N}; charge haul {{ on n; every record; rate 1 USD/call }}; charge tip {{ on haul; {ALONE}; rate 9% }}",
            f"{N}; charge haul {{ on n; every record; rate 2 USD/call }}; charge tip {{ on haul; {ALONE}; rate 9% }}",
        ),
    ],
    ids=["where", "measure", "reads", "size", "quota", "setting", "line"],
)
def test_a_line_for_each_record_hangs_on_more_than_its_prices(before, after):
    """Its record of after the change would be measured, covered or priced by the old list until the month ends."""
    each = "charge each { on n; every record; rate 2 USD/call }"
    versions = [
        version("2026-01-01", "2026-04-16", 1, more=f"{before}; {each}"),
        version("2026-04-16", "", 2, more=f"{after}; {each}"),
    ]
    found = refused(versions, account(event("2026-04-20", 1, "n"), activated="2026-01-01"))
    assert found.code == "A209"
    assert "prices what is used from then on by the new list" in found.message


def test_a_line_for_each_record_hangs_on_how_the_list_rounds():
    each = f"{N}; charge each {{ on n; every record; rate 2 USD/call }}"
    versions = [
        version("2026-01-01", "2026-04-16", 1, more=each),
        version("2026-04-16", "", 2, extra="; rounding up to 1 USD per line", more=each),
    ]
    assert refused(versions, account(event("2026-04-20", 1, "n"), activated="2026-01-01")).code == "A209"


@pytest.mark.parametrize("added", [True, False])
def test_a_line_for_each_record_that_the_new_list_adds_or_drops(added):
    """It would be missing until the month ends, or there until then."""
    own = "charge each { on n; every record; rate 2 USD/call }"
    before, after = ("", own) if added else (own, "")
    versions = [
        version("2026-01-01", "2026-04-16", 1, more=f"{N}; {before}"),
        version("2026-04-16", "", 2, more=f"{N}; {after}"),
    ]
    assert refused(versions, account(event("2026-04-20", 1, "n"), activated="2026-01-01")).code == "A209"


def test_what_a_line_for_each_record_does_not_hang_on_may_change_anywhere():
    each = f"{N}; charge each {{ on n; every record; rate 2 USD/call }}"
    versions = [
        version("2026-01-01", "2026-04-16", 1, more=f"define p = 2 USD; {each}; setting a = off; meter o in calls"),
        version(
            "2026-04-16",
            "",
            2,
            more=f"define p = 3 USD; {each}; setting a = on; meter o {{ measure count() in calls }}",
        ),
    ]
    made = rated(versions, account(event("2026-04-20", 1, "n"), activated="2026-01-01"), "2026-04", "2026-05")
    assert [line.amount for bill in made for line in bill.lines if line.source == "each"] == [2]
