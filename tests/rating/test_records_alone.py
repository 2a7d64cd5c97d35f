"""Lines for each record on other lines for each record: of the same record, however many share its instant."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rating.accounts import account, amounts, bill, bills, buy, event, state, tariff

HAUL = "meter goods { measure sum(quantity) in calls }\ncharge haul { on goods; every record; rate 1 USD/call }\n"
AT = ("2026-03-08 10:00", "2026-03-08 10:00", "2026-03-08 10:00", "2026-03-08 11:00")
SIZES = (100, 50, 30, 0)


def of(made, source):
    return sum(amounts(made, source))


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("charge fuel { on goods; every record; amount 10% of haul }", 18),
        ("charge fuel { on haul; every record; rate 10% }", 18),
        ("charge fuel { on goods; every record; amount max(0 USD, 60 USD - haul) }", 0 + 10 + 30),
        ("charge fuel { on goods; every record; amount 1 USD; when haul > 60 USD }", 1),
        ("charge fuel { on goods; every month; amount 10% of haul }", 18),
        ("discount fuel { on haul; every record; rate 10% }", -18),
        ("discount fuel { on haul; rate 10% }", -18),
        ("tax fuel { on subtotal; every record; rate 10% }", 18),
        ("charge fuel { on haul; every record; rate 1; maximum 40 USD }", 40 + 40 + 30),
    ],
)
def test_a_line_on_a_line_for_each_record(line, total):
    usage = account(*(event(at, size, "goods") for at, size in zip(AT, SIZES, strict=True)))
    made = bill(tariff(HAUL + line), usage)
    assert (of(made, "haul"), of(made, "fuel")) == (180, total)


def test_of_states_that_end_in_another_month():
    rules = tariff(HAUL + "charge fuel { on haul; every record; rate 10% }\ntax vat { on subtotal; rate 10% }")
    usage = account(state("2026-03-30", "2026-04-02", 100, "goods"), state("2026-03-30", "2026-04-01", 10, "goods"))
    made = bills(rules, usage, "2026-03", "2026-04")
    assert [of(one, "fuel") for one in made] == [1, 10]
    assert [of(one, "vat") for one in made] == [Fraction(11, 10), 11]


def test_of_the_record_that_two_meters_read():
    rules = tariff(
        "meter weight { measure sum(quantity) in calls }\n"
        "meter heavy { reads weight; where quantity > 40 calls; measure sum(quantity) in calls }\n"
        "charge haul { on weight; every record; rate 1 USD/call }\n"
        "charge extra { on heavy; every record; amount 10% of haul }"
    )
    usage = account(*(event(at, size, "weight") for at, size in zip(AT, SIZES, strict=True)))
    made = bill(rules, usage)
    assert [(line.amount) for line in made.lines if line.source == "extra"] == [
        5,
        10,
    ]  # at one instant the smaller comes first


def test_money_pays_each_of_two_records_of_one_instant():
    rules = tariff(
        HAUL + "package money { covers haul; sizes { 120 USD 1 USD }; valid 1 year from purchase }\n"
        "discount half { on haul; every record; rate 50% }\ndeduct haul from money"
    )
    usage = account(
        *(event(at, size, "goods") for at, size in zip(AT, SIZES, strict=True)),
        purchases=(buy("p", "2026-03-01", "120 USD", "money"),),
    )
    made = bill(rules, usage)
    assert of(made, "money") == -120 + 1
    assert of(made, "half") == -Fraction(1, 2) * (180 - 120)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50)), max_size=8))
def test_the_sum_is_that_of_the_records(records):
    rules = tariff(HAUL + "charge fuel { on haul; every record; rate 10% }")
    made = bill(rules, account(*(event(f"2026-03-0{day}", size, "goods") for day, size in records)))
    assert of(made, "fuel") == Fraction(sum(size for _, size in records), 10)


SO_FAR = """
    meter water {{ measure sum(quantity) in calls }}
    charge c {{ on water; every day; rate 1 USD/call }}
    charge x {{ {x}; every month; billed every day }}
"""


@pytest.mark.parametrize("x", ["on c; rate 10%", "amount 10% of c", "amount water * 0.1 USD/call"])
def test_what_is_owed_so_far_counts_what_was_billed_so_far(x):
    """Of the whole period up to the day that is billed, and of nothing behind it."""
    days = [f"2026-03-{day:02}" for day in range(1, 32)]
    usage = account(event("2026-03-03", 100, "water"), event("2026-03-20", 50, "water"))
    made = [bill(tariff(SO_FAR.format(x=x)), usage, day) for day in days]
    assert {one.period.start.format_iso()[8:10]: of(one, "x") for one in made if of(one, "x")} == {"03": 10, "20": 5}
    assert sum(of(one, "x") for one in bills(tariff(SO_FAR.format(x=x)), usage, "2026-03")) == 15


@pytest.mark.parametrize(
    ("end", "dear"),
    [("2026-03-10", True), ("2026-03-09 23:59:59", True), ("2026-03-10 00:00:01", False), ("2026-03-20", False)],
)
def test_a_stretch_is_priced_as_of_its_last_instant(end, dear):
    """Until before 10 March a call costs 2 USD: one that ends just then still does."""
    rules = tariff(
        "meter goods in calls\n"
        "charge haul { on goods; every record; rate (if at < 2026-03-10 then 2 USD/call else 1 USD/call) }\n"
        "charge fuel { on goods; every reading; when quantity > 5 calls and at < 2026-03-10; amount 1 USD }"
    )
    made = bill(rules, account(state("2026-03-02", end, 10, "goods")))
    assert (of(made, "haul"), of(made, "fuel")) == ((20, 1) if dear else (10, 0))


def test_a_record_at_the_first_instant_of_a_month_is_taxed_in_that_month():
    rules = tariff(HAUL + "tax vat { on haul; every month; rate 10% }")
    made = bills(
        rules, account(event("2026-03-01", 100, "goods"), event("2026-04-01", 50, "goods")), "2026-03", "2026-04"
    )
    assert [of(one, "vat") for one in made] == [10, 5]


TRIPS = """
    meter made in calls
    meter driven { reads made; measure integral(times * 0.10 USD/minute) in USD }
    charge time_fee { on driven; every record; rate 100% }
"""
LEAST = TRIPS + "charge least { on made; every record; amount max(5 USD - time_fee, 0 USD) }\n"


def lasting(*minutes, at="2026-03-02 10:00"):
    return account(*(event(at, 1, "made", lasts=f"{each} minutes") for each in minutes))


@pytest.mark.parametrize(
    ("usage", "fees", "rest"),
    [
        (account(state("2026-03-02 10:00", "2026-03-02 10:10", 1, "made")), [1], [4]),
        (lasting(10), [1], [4]),
        (lasting(10, 10), [1, 1], [4, 4]),
        (lasting(10, 30, 60), [1, 3, 6], [4, 2, 0]),
    ],
)
def test_lines_of_one_record_meet_whatever_times_each_takes_it_for(usage, fees, rest):
    """One line takes an event at its instant, the other for as long as it lasted."""
    made = bill(tariff(LEAST), usage)
    assert (amounts(made, "time_fee"), amounts(made, "least")) == (fees, rest)


@pytest.mark.parametrize("word", ["discount", "tax"])
def test_a_line_on_lines_of_one_record_has_it_once(word):
    """It is on both, though one knows its record ten minutes before the other."""
    made = bill(tariff(f"{LEAST} {word} part {{ on charges; every record; rate 10% }}"), lasting(10, 10))
    assert [abs(each) for each in amounts(made, "part")] == [Fraction(1, 2)] * 2


def test_a_line_on_two_meters_that_read_one_record_has_it_once():
    rules = tariff(TRIPS + "meter paid { reads made; measure sum(times * 2 USD) in USD }\n"
                   "charge both { on driven + paid; every record; rate 10% }")  # fmt: skip
    assert amounts(bill(rules, lasting(10)), "both") == [Fraction(3, 10)]


def test_a_record_is_known_to_lines_that_reckon_with_one_another_when_it_ends():
    rules = tariff(LEAST + "charge trip { on made; every record; rate 1 USD/call }\ntax vat { on subtotal; rate 10% }")
    made = bills(rules, lasting(10, at="2026-03-31 23:55"), "2026-03", "2026-04")
    assert [[(line.source, line.amount) for line in one.lines] for one in made] == [
        [("trip", 1), ("vat", Fraction(1, 10))],
        [("time_fee", 1), ("least", 4), ("vat", Fraction(1, 2))],
    ]


def test_a_line_that_was_kept_away_leaves_the_record_to_the_others():
    """The fee comes to nothing when the trip ends, and the discount on both still has the trip."""
    fee = TRIPS.replace("rate 100%", "rate 100%; when quantity > 5 USD")
    lines = "charge trip { on made; every record; rate 1 USD/call }\n"
    rules = tariff(f"{fee} {lines} discount off {{ on trip + time_fee; every record; rate 10% }}")
    made = bills(rules, lasting(10, at="2026-03-31 23:55"), "2026-03", "2026-04")
    assert [amounts(one, "off") for one in made] == [[], [-Fraction(1, 10)]]


@pytest.mark.parametrize("word", ["charge", "discount", "tax"])
def test_what_is_bought_while_a_record_lasts_is_none_of_it(word):
    rules = tariff(
        HAUL + "meter other in calls\npackage pack { covers other; sizes { 1 call 7 USD } }\ndeduct other from pack\n"
        f"{word} part {{ on charges; every record; rate 10% }}"
    )
    usage = account(
        state("2026-03-02", "2026-03-04", 10, "goods"),
        state("2026-03-02", "2026-03-05", 20, "goods"),
        purchases=(buy("p", "2026-03-03", 1, "pack"),),
    )
    made = bill(rules, usage)
    assert (of(made, "haul"), abs(of(made, "part"))) == (30, 3)


@pytest.mark.parametrize(
    "other", ["", "charge whole { on goods; every month; when quantity > 50 calls; amount 1 USD }"]
)
def test_what_a_condition_leaves_of_records_of_one_instant_is_told_of_each(other):
    when = "charge haul { on goods; every record; when quantity > 5 calls; amount 1 USD }"
    rules = tariff(f"meter goods in calls\n{when}\n{other}")
    usage = account(*(event("2026-03-02 10:00", size, "goods") for size in (3, 4, 10)))
    assert sorted(one.quantity for one in bill(rules, usage).meters[0].unserved) == [3, 4]


@pytest.mark.parametrize(
    ("measure", "each"),
    [
        ("integral(1)", [60, 10, 5]),
        ("integral(1) + count() * 1 minute", [61, 11, 6]),
        ("count() * 2 minutes", [2, 2, 2]),
        ("count() * 2 minutes + integral(quantity) / 1 call", [62, 22, 17]),
    ],
)
def test_a_record_is_measured_by_itself_also_by_what_names_nothing_of_it(measure, each):
    """How long it lasted is of the record, though no name stands for it."""
    rules = tariff(
        f"meter raw in calls\nmeter held {{ reads raw; measure {measure} in minutes }}\n"
        "charge fee { on held; every record; rate 1 USD/minute }"
    )
    records = (
        state("2026-03-01 09:00", "2026-03-01 10:00", 1, "raw"),
        state("2026-03-02 09:00", "2026-03-02 09:10", 2, "raw"),
        event("2026-03-03 09:00", 3, "raw", lasts="5 minutes"),
    )
    assert amounts(bill(rules, account(*records)), "fee") == each


def test_the_steps_of_a_meter_that_counts_are_those_of_each_record():
    rules = tariff(
        "meter raw in calls\nmeter held { reads raw; define most = highest(quantity); measure count() in calls }\n"
        "charge fee { on held; every record; rate 1 USD/call }"
    )
    made = bill(rules, account(event("2026-03-02 09:00", 2, "raw"), event("2026-03-03 09:00", 3, "raw")))
    steps = [step.value for meter in made.meters for measure in meter.measures for step in measure.steps]
    assert steps == [2, 3]
