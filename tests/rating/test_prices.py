"""Price forms: each against a plain reckoning of its own, at its bounds and a little beside them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.rating.accounts import account, amounts, bill, charged, event, problem, quantities, setting, tariff
from tests.rating.price_lists import EXACT, METER, TINY


def price(form: str, used: Fraction | int | str, more: str = "", head: str = EXACT, **parts):
    """What `used` calls cost under a price form."""
    rules = tariff(f"{METER}charge fee {{ on m; every month; {form}\n{more} }}", head)
    return charged(bill(rules, account(event("2026-03-02", used), **parts)))


def cost(form: str, used: Fraction | int | str, *settings: str) -> Fraction:
    """The same with settings declared: `threshold 50 calls`."""
    declared = "".join(f"setting {s.split()[0]} = {' '.join(s.split()[1:])}\n" for s in settings)
    rules = tariff(f"{declared}{METER}charge fee {{ on m; every month; {form} }}", EXACT)
    return charged(bill(rules, account(event("2026-03-02", used))))


# ---------------------------------------------------------------- bounds by name

LADDER = "volume { below 100 3 USD/call; up to 200 2 USD/call; beyond 1 USD/call }"


@pytest.mark.parametrize(
    ("used", "rate"),
    [
        (99, 3),
        (100 - TINY, 3),
        (100, 2),
        (100 + TINY, 2),
        (101, 2),
        (199, 2),
        (200 - TINY, 2),
        (200, 2),
        (200 + TINY, 1),
        (201, 1),
    ],
)
def test_below_excludes_its_bound_and_up_to_includes_it(used, rate):
    assert price(LADDER, f"{used} calls") == used * rate


def test_next_is_a_width():
    form = "graduated { next 100 1 USD/call; next 50 2 USD/call; beyond 3 USD/call }"
    assert price(form, 160) == 100 + 50 * 2 + 10 * 3
    assert price(form, 150) == 200
    assert price("volume { next 100 1 USD/call; next 50 2 USD/call; beyond 3 USD/call }", 150) == 300
    assert price("volume { next 100 1 USD/call; next 50 2 USD/call; beyond 3 USD/call }", 151) == 453


@pytest.mark.parametrize(
    ("threshold", "expected"), [(150, 100 + 50 * 2 + 10 * 3), (120, 100 + 20 * 2 + 40 * 3), (300, 220)]
)
def test_a_bound_may_be_a_formula(threshold, expected):
    form = "graduated { below 100 1 USD/call; up to (threshold) 2 USD/call; beyond 3 USD/call }"
    assert cost(form, 160, f"threshold {threshold} calls") == expected


@pytest.mark.parametrize(("used", "rate"), [(99, 1), (100, 3), (101, 3)])
def test_a_row_whose_formula_leaves_it_no_room_is_never_reached(used, rate):
    form = "volume { below 100 1 USD/call; up to (threshold) 2 USD/call; beyond 3 USD/call }"
    assert cost(form, used, "threshold 50 calls") == used * rate
    graduated = form.replace("volume", "graduated")
    assert cost(graduated, used, "threshold 50 calls") == min(used, 100) + max(used - 100, 0) * 3


@pytest.mark.parametrize(("used", "rate"), [(99, 1), (100, 1), (101, 3)])
def test_a_row_without_room_behind_an_included_bound(used, rate):
    form = "volume { up to 100 1 USD/call; below (threshold) 2 USD/call; beyond 3 USD/call }"
    assert cost(form, used, "threshold 50 calls") == used * rate


def test_a_row_of_one_single_quantity():
    form = "volume { below 100 1 USD/call; up to 100 5 USD/call; beyond 3 USD/call }"
    assert [price(form, used) for used in (99, 100, 101)] == [99, 500, 303]


def test_bounds_in_other_units_than_the_meter():
    rules = tariff(
        """
        meter m { measure sum(quantity) in MB }
        charge fee { on m; every month; volume { below 1 GB 0.002 USD/MB; beyond 1 USD/GB } }
        """,
        EXACT + "; bytes by 1024",
    )
    below = charged(bill(rules, account(event("2026-03-02", "1023 MB"))))
    assert below == Fraction(1023 * 2, 1000)
    assert charged(bill(rules, account(event("2026-03-02", "1024 MB")))) == 1


# ---------------------------------------------------------------- rates, blocks, flat parts


@pytest.mark.parametrize(
    ("form", "used", "expected"),
    [
        ("rate 0.08 USD/call", 3, Fraction("0.24")),
        ("rate 1.40 USD/1,000 calls", 1, Fraction("0.0014")),
        ("rate 1.40 USD/1,000 calls", 1_001, Fraction("1.4014")),
        ("rate 2 USD per started 1,000 calls", 1, 2),
        ("rate 2 USD per started 1,000 calls", 1_000, 2),
        ("rate 2 USD per started 1,000 calls", 1_001, 4),
        ("rate 2 USD per started 1,000 calls", "1/3 calls", 2),
        ("rate 0.5 USD/call + 3 USD", 4, 5),
        ("rate 0.5 USD/call + 3 USD + 1 USD per started 3 calls", 4, 7),
        ("rate 1 USD/call / 3", 2, Fraction(2, 3)),
        ("amount quantity * (0.5 USD/call) + m / (2 calls) * 1 USD", 4, 4),
        ("amount if quantity > 3 calls then 9 USD else 1 USD", 4, 9),
        ("amount if quantity > 3 calls then 9 USD else 1 USD", 3, 1),
        ("graduated { up to 10 1 USD per started 4 calls; beyond 2 USD per started 4 calls }", 13, 3 + 2),
        ("graduated { up to 10 1 USD per started 4 calls; beyond 2 USD per started 4 calls }", 15, 3 + 4),
        ("volume { up to 10 1 USD per started 4 calls; beyond 2 USD per started 4 calls }", 13, 8),
        ("volume { up to 10 0 USD; up to 20 1.60 USD; beyond 0.00016 USD/call }", 15, Fraction("1.6")),
    ],
)
def test_forms(form, used, expected):
    assert price(form, used) == expected


def test_nothing_used_is_not_priced():
    rules = tariff(f"{METER}charge fee {{ on m; every month; volume {{ below 10 5 USD; beyond not sold }} }}", EXACT)
    assert bill(rules, account()).lines == ()


@pytest.mark.parametrize("word", ["volume", "graduated"])
def test_the_flat_part_at_zero_usage_is_charged_only_where_it_says_so(word):
    form = f"{word} {{ up to 10 5 USD + 1 USD/call; beyond 20 USD + 2 USD/call }}"
    silent = tariff(f"{METER}charge fee {{ on m; every month; {form} }}", EXACT)
    assert bill(silent, account()).total == 0
    said = tariff(f"{METER}charge fee {{ on m; every month; {form}\nflat at zero usage }}", EXACT)
    made = bill(said, account())
    assert made.total == 5
    assert quantities(made) == [0]
    assert bill(said, account(event("2026-03-02", 2))).total == 7


def test_the_flat_part_of_a_rate_at_zero_usage():
    said = tariff(f"{METER}charge fee {{ on m; every month; rate 4 USD + 1 USD/call; flat at zero usage }}", EXACT)
    assert [b.total for b in (bill(said, account()), bill(said, account(event("2026-03-02"))))] == [4, 5]


# ---------------------------------------------------------------- minimum and maximum


@pytest.mark.parametrize(("used", "expected"), [(0, 5), (1, 5), (5, 5), (6, 6), (19, 19), (20, 20), (21, 20)])
def test_minimum_and_maximum(used, expected):
    assert price("rate 1 USD/call", used, "minimum 5 USD; maximum 20 USD") == expected


def test_a_minimum_holds_without_any_usage():
    rules = tariff(f"{METER}charge fee {{ on m; every month; rate 1 USD/call; minimum 5 USD }}", EXACT)
    made = bill(rules, account())
    assert amounts(made, "fee") == [5]
    (bound,) = made.lines[0].why.bounds
    assert (bound.limit, bound.before, bound.applied) == (5, 0, True)


def test_a_maximum_may_be_a_formula():
    assert price("rate 1 USD/call", 8, "maximum 0.5 USD/call * quantity + 1 USD") == 5


# ---------------------------------------------------------------- not sold


@pytest.mark.parametrize(("word", "used"), [("volume", 10), ("graduated", "10 calls"), ("graduated", "100 calls")])
def test_a_row_that_is_not_sold_refuses(word, used):
    form = f"{word} {{ below 10 1 USD/call; beyond not sold }}"
    rules = tariff(f"{METER}charge fee {{ on m; every month; {form} }}", EXACT)
    usage = account(event("2026-03-02", used))
    found = problem(rules, usage)
    assert found.code == "A401"
    assert "not sold" in found.message
    assert found.message.startswith(str(used).split()[0])
    assert found.span is not None
    assert found.span.text == "not sold"


@pytest.mark.parametrize("word", ["volume", "graduated"])
def test_what_ends_in_its_own_row_does_not_reach_the_next(word):
    assert price(f"{word} {{ up to 10 1 USD/call; beyond not sold }}", 10) == 10


def test_the_last_quantity_that_is_sold():
    form = "volume { below 10 1 USD/call; beyond not sold }"
    assert price(form, f"{10 - TINY} calls") == 10 - TINY


def test_a_division_by_zero_names_the_divisor():
    rules = tariff(
        f"setting seats number = 0\n{METER}charge fee {{ on m; every month; rate 1 USD/call / seats }}", EXACT
    )
    found = problem(rules, account(event("2026-03-02")))
    assert found.code == "A601"
    assert found.message == "`seats` is 0, and nothing can be divided by it"


# ---------------------------------------------------------------- exactness and rounding


def test_a_tenth_ten_times_is_one():
    rules = tariff(f"{METER}charge fee {{ on m; every month; rate 1 USD/call }}", EXACT)
    usage = account(*(event(f"2026-03-{day:02}", "1/10 calls") for day in range(1, 11)))
    assert bill(rules, usage).total == 1


def test_a_third_stays_a_third_until_it_is_rounded():
    rules = tariff(f"{METER}charge fee {{ on m; every month; rate 1 USD/call / 3 }}", EXACT)
    made = bill(rules, account(event("2026-03-02", 1)))
    assert made.total == Fraction(1, 3)
    cents = tariff(f"{METER}charge fee {{ on m; every month; rate 1 USD/call / 3 }}")
    made = bill(cents, account(event("2026-03-02", 1)))
    assert (made.lines[0].exact, made.lines[0].amount) == (Fraction(1, 3), Fraction("0.33"))


THREE = f"""{METER}
meter n {{ measure sum(quantity) in calls }}
charge a {{ on m; every month; rate 0.005 USD/call }}
charge b {{ on n; every month; rate 0.005 USD/call }}
"""


@pytest.mark.parametrize(
    ("rounding", "lines", "total"),
    [
        ("", ["0.02", "0.01"], "0.03"),  # half up to the minor unit, each line, without a word said
        ("rounding half up to 0.01 USD per line", ["0.02", "0.01"], "0.03"),
        ("rounding half even to 0.01 USD", ["0.02", "0.00"], "0.02"),
        ("rounding down to 0.01 USD", ["0.01", "0.00"], "0.01"),
        ("rounding up to 0.1 USD", ["0.1", "0.1"], "0.2"),
        ("rounding half up to 0.01 USD per bill", ["0.015", "0.005"], "0.02"),
        ("rounding none", ["0.015", "0.005"], "0.02"),
        ("rounding down to 0.03 USD per bill", ["0.015", "0.005"], "0"),
    ],
)
def test_roundings(rounding, lines, total):
    rules = tariff(THREE, f'currency USD; timezone "UTC"; {rounding}')
    made = bill(rules, account(event("2026-03-02", 3), event("2026-03-02", 1, "n")))
    assert [line.amount for line in made.lines] == [Fraction(x) for x in lines]
    assert made.total == Fraction(total)


def test_a_line_may_round_in_its_own_way():
    rules = tariff(THREE.replace("charge a {", "charge a { rounding up to 1 USD;"))
    made = bill(rules, account(event("2026-03-02", 3), event("2026-03-02", 1, "n")))
    assert [line.amount for line in made.lines] == [1, Fraction("0.01")]


@pytest.mark.parametrize(("currency", "expected"), [("JPY", 2), ("KWD", Fraction("1.667")), ("EUR", Fraction("1.67"))])
def test_the_minor_unit_is_the_currencys(currency, expected):
    rules = tariff(
        f"{METER}charge fee {{ on m; every month; rate 5 {currency}/call / 3 }}", f'currency {currency}; timezone "UTC"'
    )
    assert bill(rules, account(event("2026-03-02"))).total == expected


# ---------------------------------------------------------------- what the quantity is


def test_on_may_round_or_compare_what_is_left():
    body = f"{METER}charge fee {{ on round up (m) to 10 calls; every month; rate 1 USD/call }}"
    made = bill(tariff(body), account(event("2026-03-02", 11)))
    assert (quantities(made), charged(made)) == ([20], 20)
    body = f"{METER}charge fee {{ on max(m, 100 calls); every month; rate 1 USD/call }}"
    assert charged(bill(tariff(body), account(event("2026-03-02", 11)))) == 100


def test_a_meters_name_outside_on_is_what_was_measured():
    body = f"""{METER}
    grant free {{ covers m; size 30 calls; issued once on activation }}
    charge fee {{ on m; every month; amount quantity * (1 USD/call) + m * (100 USD/call) }}
    deduct m from free > fee
    """
    made = bill(tariff(body), account(event("2026-03-02", 50), activated="2026-03-01"))
    assert charged(made) == 20 + 5_000


def test_prices_may_hang_on_settings():
    body = f"""setting plan one of basic, pro = basic
    {METER}
    charge fee {{ on m; every month; rate (if plan == pro then 1 USD/call else 2 USD/call) }}
    """
    usage = account(event("2026-03-02", 5), settings=(setting("plan", "pro"),))
    assert charged(bill(tariff(body), usage)) == 5
    assert charged(bill(tariff(body), account(event("2026-03-02", 5)))) == 10


@pytest.mark.parametrize(("used", "owed"), [(100, 100), (101, 102), (150, 200), (151, 203), (160, 230)])
def test_a_width_by_formula_is_a_width(used, owed):
    """100 at 1, the next 50 at 2, the rest at 3, where the 50 are a setting."""
    rules = tariff(
        "setting w in calls = 50 calls\nmeter m in calls\ncharge fee { on m; every month\n graduated {\n"
        " next 100 calls 1 USD/call\n next (w) 2 USD/call\n beyond 3 USD/call\n }\n}"
    )
    assert bill(rules, account(event("2026-03-05", used))).total == owed
