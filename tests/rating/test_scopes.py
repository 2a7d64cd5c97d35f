"""Lots that pay for their own region or class only, and grants that issue one for each."""

from __future__ import annotations

import pytest

from ratewright.usage.model import Amount, GrantSize
from tests.rating.accounts import (
    HERE,
    account,
    bill,
    bills,
    buy,
    carried,
    changed,
    charged,
    drawn,
    event,
    left,
    lots,
    problem,
    tariff,
    total,
)

METER = "meter m { field region one of EU, US, AP; field class text = basic; measure sum(quantity) in calls }"


def rules(*pools: str, draws: str = "", meter: str = METER):
    names = " > ".join(f"p{n}" for n, _ in enumerate(pools))
    written = "\n".join(pool.replace("NAME", f"p{n}") for n, pool in enumerate(pools))
    return tariff(
        f"{meter}\n{written.replace('DRAWS', draws)}\ncharge fee {{ on m; every month; rate 1 USD/call }}\n"
        f"deduct m from {names} > fee"
    )


PACK = "package NAME { covers m; scope region; sizes { 10 calls 1 USD }; valid 1 year from purchase; DRAWS }"
BOTH = "package NAME { covers m; scope region, class; sizes { 10 calls 1 USD }; valid 1 year from purchase; DRAWS }"
GRANT = "grant NAME { covers m; scope region; size 10 calls; renews every month }"


def test_a_lot_pays_only_for_records_of_its_region():
    bought = (buy("e", "2026-03-01", 10, "p0", region="EU"), buy("u", "2026-03-02", 10, "p0", region="US"))
    usage = account(
        event("2026-03-05", 12, region="US"), event("2026-03-06", 3, region="EU"), event("2026-03-07", 4, region="AP"),
        purchases=bought,
    )  # fmt: skip
    made = bill(rules(PACK), usage)
    assert drawn(made) == {"u": 10, "e": 3}
    assert charged(made) == 6
    assert {lot.lot: lot.attributes for lot in lots(made)} == {"e": (("region", "EU"),), "u": (("region", "US"),)}


def test_a_lot_without_the_attribute_pays_for_all():
    bought = (buy("e", "2026-03-02", 10, "p0", region="EU"), buy("all", "2026-03-01", 10, "p0"))
    usage = account(event("2026-03-05", 3, region="US"), event("2026-03-06", 9, region="EU"), purchases=bought)
    assert drawn(bill(rules(PACK), usage)) == {"all": 10, "e": 2}  # the oldest first


@pytest.mark.parametrize(
    ("draws", "expected"),
    [
        ("draws narrowest scope, then soonest expiry", {"both": 1}),
        ("draws widest scope, then soonest expiry", {"none": 1}),
        ("draws soonest expiry", {"none": 1}),
        ("draws newest purchase", {"both": 1}),
    ],
)
def test_the_narrowest_or_the_widest_first(draws, expected):
    bought = (
        buy("none", "2026-03-01", 10, "p0"),
        buy("one", "2026-03-02", 10, "p0", region="EU"),
        buy("both", "2026-03-03", 10, "p0", region="EU", **{"class": "fine"}),
    )
    fine = {"region": "EU", "class": "fine"}
    made = rules(BOTH, draws=draws)
    assert drawn(bill(made, account(event("2026-03-05", 1, **fine), purchases=bought))) == expected
    order = list(drawn(bill(made, account(event("2026-03-05", 30, **fine), purchases=bought))))
    assert len(order) == 3
    basic = drawn(bill(made, account(event("2026-03-05", 30, region="EU"), purchases=bought)))
    assert basic == {"none": 10, "one": 10}


def test_a_grant_issues_a_lot_for_each_value_that_occurs():
    usage = account(
        event("2026-03-05", 12, region="US"), event("2026-03-06", 3, region="EU"), event("2026-04-07", 4, region="EU")
    )
    march, april = bills(rules(GRANT), usage, "2026-03", "2026-04")
    assert drawn([march, april]) == {"p0[US]@2026-03-01": 10, "p0[EU]@2026-03-01": 3, "p0[EU]@2026-04-01": 4}
    assert [(b.lot, b.remaining, b.attributes) for b in march.balances] == [
        ("p0[EU]@2026-04-01", 10, (("region", "EU"),)),
        ("p0[US]@2026-04-01", 10, (("region", "US"),)),
    ]


def test_a_grant_that_is_issued_once_for_each_value():
    once = rules(
        "grant NAME { covers m; scope region, class; size 10 calls; issued once on activation; valid 1 month }"
    )
    usage = account(
        event("2026-03-05", 12, region="US"), event("2026-03-06", 3, region="US", **{"class": "fine"}),
        event("2026-04-02", 3, region="EU"), activated="2026-03-01",
    )  # fmt: skip
    made = bills(once, usage, "2026-03", "2026-04")
    assert drawn(made) == {"p0[US, basic]": 10, "p0[US, fine]": 3}
    found = problem(once, changed(usage, activated=None))
    assert found.code == "A107"


def test_a_formula_on_records_as_a_scope():
    made = rules(
        PACK.replace("region", "continent"),
        meter="""
        table continent_of by country { germany or france Europe; china Asia }
        meter m { field country text; define continent = continent_of[country]; measure sum(quantity) in calls }
        """,
    )
    usage = account(
        event("2026-03-05", 2, country="france"), event("2026-03-05", 3, country="china"),
        event("2026-03-06", 4, country="germany"), purchases=(buy("e", "2026-03-01", 10, "p0", continent="Europe"),),
    )  # fmt: skip
    assert drawn(bill(made, usage)) == {"e": 6}


def test_a_size_by_what_the_lot_is_given_for():
    made = rules(
        "grant NAME { covers m; scope region; size included[region]; renews every month }",
        meter="table included by region in calls { EU 5; US 7; AP not sold }\n" + METER,
    )
    usage = account(event("2026-03-05", 12, region="US"), event("2026-03-06", 12, region="EU"))
    assert drawn(bill(made, usage)) == {"p0[US]@2026-03-01": 7, "p0[EU]@2026-03-01": 5}
    found = problem(made, account(event("2026-03-06", 12, region="AP")))
    assert found.code == "A401"


def test_a_meter_of_whole_periods_has_what_it_is_kept_apart_by():
    made = rules(
        GRANT,
        meter="meter m { field region one of EU, US; by region; measure highest(quantity) in calls }",
    )
    usage = account(event("2026-03-05", 12, region="US"), event("2026-03-06", 3, region="EU"))
    assert drawn(bill(made, usage)) == {"p0[US]@2026-03-01": 10, "p0[EU]@2026-03-01": 3}


def test_several_meters_with_one_scope():
    made = tariff(
        """
        meter a { field region one of EU, US; measure sum(quantity) in calls }
        meter b { field region one of US, AP; measure sum(quantity) in calls }
        package pack { covers a, b; scope region; sizes { 10 calls 1 USD } }
        deduct a from pack
        deduct b from pack
        """
    )
    usage = account(
        event("2026-03-05", 2, "a", region="US"), event("2026-03-06", 3, "b", region="US"),
        event("2026-03-06", 3, "b", region="AP"), purchases=(buy("u", "2026-03-01", 10, region="US"),),
    )  # fmt: skip
    assert drawn(bill(made, usage)) == {"u": 10}  # 5, as both meters tell of it
    assert [s.covered for m in bill(made, usage).meters for s in m.sources] == [2, 3]


def test_a_total_meets_only_the_lots_of_its_region():
    bought = (buy("e", "2026-03-05", 10, "p0", region="EU"), buy("u", "2026-02-02", 10, "p0", region="US"))
    usage = account(total("2026-03-01", "2026-04-01", 12, region="US"), purchases=bought)
    assert drawn(bill(rules(PACK), usage)) == {"u": 10}
    assert (
        problem(rules(PACK), changed(usage, records=(total("2026-03-01", "2026-04-01", 12, region="EU"),))).code
        == "A301"
    )


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"region": "UE"}, "`region` is one of EU, US, AP, not `UE`"),
        ({"reigon": "EU"}, "`p0` has no scope `reigon`"),
        ({"class": "fine"}, "`p0` has no scope `class`"),
    ],
)
def test_attributes_that_cannot_be(attributes, message):
    found = problem(rules(PACK), account(purchases=(buy("e", "2026-03-01", 10, "p0", **attributes),)))
    assert (found.code, found.message) == ("A108", message)
    assert found.help


def test_balances_keep_what_a_lot_pays_for():
    made = rules(GRANT, PACK)
    bought = (buy("e", "2026-03-01", 10, "p1", region="EU"), buy("all", "2026-03-02", 10, "p1"))
    records = (
        event("2026-03-05", 14, region="EU"), event("2026-03-06", 3, region="US"),
        event("2026-04-05", 17, region="EU"), event("2026-04-06", 13, region="US"),
        event("2026-04-06", 12, region="AP"),
    )  # fmt: skip
    usage = account(*records, purchases=bought, activated="2026-01-01")
    march, april = bills(made, usage, "2026-03", "2026-04")
    for purchases in ((), bought):
        later = changed(
            usage, opening=march.period.end, balances=carried(march), records=records[2:], purchases=purchases
        )
        again = bill(made, later, "2026-04")
        assert drawn(again) == drawn(april)
        assert carried(again) == carried(april)


def test_the_balance_of_a_grant_says_for_what_it_is():
    usage = account(event("2026-03-05", 14, region="EU"), balances=(left("p0", 5),), opening="2026-03-01")
    found = problem(rules(GRANT), usage)
    assert (found.code, found.message) == ("A107", "the balance does not say for which `region` it is")
    told = changed(usage, balances=(left("p0", 5, attributes={"region": "EU"}),))
    assert drawn(bill(rules(GRANT), told)) == {"p0[EU]@2026-03-01": 5}
    once = rules("grant NAME { covers m; scope region; size 10 calls }")
    both = changed(told, records=(*told.records, event("2026-03-05", 14, region="US")))
    assert drawn(bill(once, both)) == {"p0[EU]": 5, "p0[US]": 10}


def test_sizes_that_an_account_brings_for_each_region():
    made = rules("grant NAME { covers m; scope region; size per account; renews every month }")
    given = (
        GrantSize("p0", Amount(5, "calls"), HERE),
        GrantSize("p0", Amount(7, "calls"), HERE, {"region": "US"}),
        GrantSize("p0", Amount(0, "calls"), HERE, {"region": "AP"}),
    )
    usage = account(*(event("2026-03-05", 12, region=region) for region in ("EU", "US", "AP")), grants=given)
    assert drawn(bill(made, usage)) == {"p0[EU]@2026-03-01": 5, "p0[US]@2026-03-01": 7}
    assert drawn(bill(made, changed(usage, grants=given[1:]))) == {"p0[US]@2026-03-01": 7}
    found = problem(made, changed(usage, grants=(*given, given[1])))
    assert (found.code, found.message) == ("A107", "the size of `p0` is given twice")


@pytest.mark.parametrize("renews", ["renews every month", ""])
def test_a_grant_has_its_lot_also_where_another_source_pays_for_all(renews):
    """The value occurs: what is left is on the bill, from then on."""
    first = "grant NAME { covers m; size 100 calls; renews every month }"
    rules_ = rules(first, GRANT.replace("renews every month", renews))
    one, other = bills(
        rules_, account(event("2026-04-05", 3, region="EU"), activated="2026-03-01"), "2026-03", "2026-04"
    )
    assert [lot.lot for lot in one.balances if lot.source == "p1"] == []
    assert [(lot.attributes, lot.remaining) for lot in other.balances if lot.source == "p1"] == [
        ((("region", "EU"),), 10)
    ]


def test_a_grant_of_money_has_its_lot_for_each_key_of_its_line():
    made = bill(
        tariff(
            "meter m { field region one of EU, US; by region; measure sum(quantity) in calls }\n"
            "charge fee { on m; every month; rate 0 USD; flat at zero usage }\n"
            "grant w { covers fee; scope region; size 10 USD }\ndeduct fee from w"
        ),
        account(event("2026-03-05", 3, region="EU")),
    )
    assert [(lot.attributes, lot.remaining) for lot in made.balances] == [((("region", "EU"),), 10)]
