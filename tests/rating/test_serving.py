"""`in order of`: which usage is served first within a period, and lots that meet usage in any order of time."""

from __future__ import annotations

from tests.rating.accounts import account, ask, bill, bills, buy, charged, drawn, event, problem, tariff


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
