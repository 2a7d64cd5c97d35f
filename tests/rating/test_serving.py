"""`in order of`: which usage is served first within a period, and lots that meet usage in any order of time."""

from __future__ import annotations

from whenever import Instant

from tests.rating.accounts import account, ask, bill, bills, buy, charged, drawn, event, lots, problem, tariff


def rules(pool: str, order: str = "kind, region", meter: str = "", tables: str = ""):
    fields = meter or "field kind one of LEB, LVB; field region one of EU, US = EU"
    return tariff(
        f"""
        {tables}
        meter m {{ {fields}; measure sum(quantity) in calls }}
        {pool}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m in order of {order} from p > fee
        """
    )


PACK = "package p { covers m; sizes { 10 calls 1 USD; 5 calls 1 USD }; valid 10 days from purchase }"
HELD = "grant p { covers m; size 10 calls; renews every month }"


def test_the_first_choice_is_served_first_whenever_it_happened():
    """Of 10 calls the LEB takes all, though the LVB came before."""
    weighted = "grant p { covers m at weight[kind]; size 20 calls; renews every month }"
    made = bill(
        rules(weighted, "kind", tables="table weight by kind { LVB 1; LEB 2 }"),
        account(event("2026-03-02", 10, kind="LVB"), event("2026-03-20", 7, kind="LEB")),
    )
    (source,) = made.meters[0].sources
    assert [(r.value, r.covered) for r in source.ratios] == [(1, 6), (2, 7)]
    assert charged(made) == 4


def test_each_period_is_served_for_itself():
    usage = account(
        event("2026-03-02", 8, kind="LVB"), event("2026-03-20", 8, kind="LEB"), event("2026-04-02", 3, kind="LVB")
    )
    march, april = bills(rules(HELD, "kind"), usage, "2026-03", "2026-04")
    assert [charged(b) for b in (march, april)] == [6, 0]


def test_a_lot_that_ended_before_one_record_covers_the_next():
    usage = account(
        event("2026-03-05", 4, kind="LVB"), event("2026-03-25", 4, kind="LEB"),
        purchases=(buy("a", "2026-03-01", 10, "p"), buy("b", "2026-03-20", 10, "p")),
    )  # fmt: skip
    assert drawn(bill(rules(PACK, "kind"), usage)) == {"b": 4, "a": 4}


def test_a_later_record_empties_the_lot_for_an_earlier_one():
    usage = account(
        event("2026-03-05", 4, kind="LVB"), event("2026-03-06", 8, kind="LEB"),
        purchases=(buy("a", "2026-03-01", 10, "p"),),
    )  # fmt: skip
    made = bill(rules(PACK, "kind"), usage)
    assert (drawn(made), charged(made)) == ({"a": 10}, 2)


def test_cycles_meet_records_in_any_order():
    made = rules("grant p { covers m; size 10 calls; renews every day }", "kind")
    usage = account(
        event("2026-03-05 01:00", 4, kind="LVB"), event("2026-03-06 01:00", 7, kind="LVB"),
        event("2026-03-06 02:00", 8, kind="LEB"), event("2026-03-05 02:00", 8, kind="LEB"),
    )  # fmt: skip
    found = bill(made, usage)
    assert (drawn(found), charged(found)) == ({"p@2026-03-05": 10, "p@2026-03-06": 10}, 7)


def test_the_rows_of_a_table_say_the_order():
    tables = "table ratio by kind, zone { \n EU US\n big 1 1\n small 1 1 }"
    fields = "field kind text; field zone text"
    weighted = "grant p { covers m at ratio[kind, zone]; size 10 calls; renews every month }"
    found = bill(
        rules(weighted, "zone, kind", fields, tables),
        account(
            event("2026-03-02", 4, kind="big", zone="US"), event("2026-03-03", 4, kind="small", zone="EU"),
            event("2026-03-04", 4, kind="big", zone="EU"), event("2026-03-05", 4, kind="small", zone="US"),
        ),
    )  # fmt: skip
    assert charged(found) == 6


def test_what_rolled_over_before_its_usage_is_settled_is_refused():
    pool = "grant p { covers m; size 10 calls; renews every week; rolls over for 1 week; issued once on activation }"
    usage = account(event("2026-03-05", 4, kind="LVB"), event("2026-03-25", 14, kind="LEB"), activated="2026-03-01")
    found = problem(rules(pool, "kind"), usage)
    assert found.code == "A306"
    assert "lot `p` of p rolled over on 2026-03-23" in found.message
    assert "usage of 2026-03-05" in found.message
    whole = pool.replace("every week", "every month").replace("for 1 week", "for 1 month")
    assert charged(bill(rules(whole, "kind"), usage)) == 8


def test_a_refund_before_its_usage_is_settled_is_refused():
    pool = PACK.replace("valid", "refund in full; valid")
    usage = account(
        event("2026-03-05", 4, kind="LVB"),
        purchases=(buy("a", "2026-03-01", 10, "p"),),
        refunds=(ask("a", "2026-03-07"),),
    )
    found = problem(rules(pool, "kind"), usage)
    assert found.code == "A306"
    assert "was given back on 2026-03-07" in found.message
    after = account(
        event("2026-03-08", 4, kind="LVB"),
        purchases=(buy("a", "2026-03-01", 10, "p"),),
        refunds=(ask("a", "2026-03-07"),),
    )
    assert charged(bill(rules(pool, "kind"), after)) == 4


def test_a_lot_that_renews_and_was_given_back_is_refused_too():
    pool = """package p { covers m; sizes { 10 calls 1 USD }; renews every day; valid 20 days from purchase
                          refund in full }"""
    usage = account(
        event("2026-03-05", 4, kind="LVB"),
        purchases=(buy("a", "2026-03-01", 10, "p"),),
        refunds=(ask("a", "2026-03-07"),),
    )
    assert problem(rules(pool, "kind"), usage).code == "A306"


WAITS = """
    meter m {{ field kind one of LEB, LVB; measure sum(quantity) in calls }}
    grant p {{ covers m; size 41 calls; {} }}
    charge fee {{ on m; every month on day 15; rate 1 USD/call }}
    deduct m in order of kind from p > fee
"""
ONCE = "issued once on activation; valid until {}"


def rests(found):
    """Of each lot of a bill: what is left, what waits for usage that is settled later, and what lapsed."""
    return {lot.lot: (lot.remaining, lot.waiting, lot.lapsed) for lot in lots(found)}


def test_a_lot_that_ends_before_its_usage_is_settled_waits_and_does_not_lapse():
    usage = account(
        event("2026-03-18", 30, kind="LVB"), event("2026-03-20", 9, kind="LEB"), activated="2026-03-01"
    )  # fmt: skip
    march, april, may = bills(tariff(WAITS.format(ONCE.format("2026-03-25"))), usage, "2026-03", "2026-04", "2026-05")
    assert [rests(found) for found in (march, april, may)] == [{"p": (0, 41, 0)}, {"p": (0, 0, 2)}, {"p": (0, 0, 0)}]
    (waits,) = lots(march)
    assert waits.settled == Instant.from_utc(2026, 4, 15)
    assert [drawn(found).get("p", 0) for found in (march, april)] == [0, 39]


def test_a_lot_waits_up_to_the_instant_at_which_the_period_of_the_charge_ends():
    last, first = (
        bill(tariff(WAITS.format(ONCE.format(end))), account(activated="2026-03-01"), "2026-03")
        for end in ("2026-03-15", "2026-03-15 00:01")
    )
    assert (rests(last), rests(first)) == ({"p": (0, 0, 41)}, {"p": (0, 41, 0)})


def test_what_waited_is_told_alike_by_a_month_that_is_billed_alone():
    rules = tariff(WAITS.format("renews every day; issued once on activation; valid until 2026-03-25"))
    usage = account(event("2026-03-18", 30, kind="LVB"), activated="2026-03-01")
    march, april = bills(rules, usage, "2026-03", "2026-04")
    assert rests(march) == {"p@2026-03-24": (0, 41, 0)}
    assert rests(april) == {"p@2026-03-18": (0, 0, 11)} == rests(bill(rules, usage, "2026-04"))
    unused = account(activated="2026-03-01")
    assert rests(bills(rules, unused, "2026-03", "2026-04")[1]) == {"p@2026-03-24": (0, 0, 41)}
    assert rests(bill(rules, unused, "2026-04")) == {"p@2026-03-24": (0, 0, 41)}


def test_what_rolled_over_waits_for_nothing():
    rules = tariff(WAITS.format("renews every month on day 20; rolls over up to 10 calls; issued once on activation"))
    found = {lot.lot: lot for lot in lots(bill(rules, account(activated="2026-02-20"), "2026-03"))}
    assert (found["p@2026-02-20"].rolled, found["p@2026-02-20"].lapsed, found["p@2026-02-20"].waiting) == (10, 31, 0)


def test_a_day_tells_of_what_waits_for_the_end_of_the_month():
    rules = tariff(WAITS.format(ONCE.format("2026-03-25")).replace(" on day 15", ""))
    usage = account(event("2026-03-18", 30, kind="LVB"), activated="2026-03-01")
    days = bills(rules, usage, *(f"2026-03-{day}" for day in range(24, 32)))
    assert [rests(day)["p"] for day in days] == [*[(0, 41, 0)] * 7, (0, 0, 11)]
