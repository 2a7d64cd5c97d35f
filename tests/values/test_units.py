"""Units, dimensions and money."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.values.money import amount_plain, amount_text, currency_codes, minor_digits, minor_unit
from ratewright.values.units import (
    BYTE,
    BYTES_BY_NAMES,
    MONTH,
    NUMBER,
    SECOND,
    builtin_units,
    counted_unit,
    currency_unit,
    dimension_text,
    in_unit,
    quantity_text,
    times,
)

USD = currency_unit("USD").dimension
PIC = counted_unit("pic", "pics").dimension


def _product(parts):
    found = NUMBER
    for part in parts:
        found = times(found, part)
    return found


dimensions = st.lists(st.sampled_from([BYTE, SECOND, MONTH, USD, PIC, times(NUMBER, SECOND, -1)]), max_size=4).map(
    _product
)


@given(dimensions, dimensions)
def test_a_product_does_not_care_for_order_and_is_undone_by_division(left, right):
    assert times(left, right) == times(right, left)
    assert times(times(left, right), right, -1) == left
    assert times(left, NUMBER) == left
    assert times(left, right, 2) == times(times(left, right), right)


def test_a_price_times_its_quantity_is_money():
    price = times(USD, PIC, -1)
    assert times(price, PIC) == USD
    assert times(price, SECOND) != USD


def test_currencies_and_counted_things_are_dimensions_of_their_own():
    assert len({USD, currency_unit("EUR").dimension, PIC, counted_unit("task", "tasks").dimension, BYTE}) == 5


@pytest.mark.parametrize(
    ("name", "scale", "dimension"),
    [
        ("second", 1, SECOND),
        ("minutes", 60, SECOND),
        ("hour", 3_600, SECOND),
        ("day", 86_400, SECOND),
        ("weeks", 604_800, SECOND),
        ("ms", Fraction(1, 1_000), SECOND),
        ("microsecond", Fraction(1, 10**6), SECOND),
        ("nanoseconds", Fraction(1, 10**9), SECOND),
        ("month", 1, MONTH),
        ("quarters", 3, MONTH),
        ("year", 12, MONTH),
        ("byte", 1, BYTE),
        ("bit", Fraction(1, 8), BYTE),
        ("KiB", 1_024, BYTE),
        ("MiB", 1_024**2, BYTE),
        ("GiB", 1_024**3, BYTE),
        ("TiB", 1_024**4, BYTE),
        ("PiB", 1_024**5, BYTE),
        ("bps", Fraction(1, 8), times(BYTE, SECOND, -1)),
        ("kbps", 125, times(BYTE, SECOND, -1)),
        ("Mbps", 125_000, times(BYTE, SECOND, -1)),
        ("Gbps", 125 * 10**6, times(BYTE, SECOND, -1)),
        ("Tbps", 125 * 10**9, times(BYTE, SECOND, -1)),
    ],
)
@pytest.mark.parametrize("bytes_by", [None, 1000, 1024])
def test_units_that_need_no_declaration(name, scale, dimension, bytes_by):
    unit = builtin_units(bytes_by)[name]
    assert (unit.scale, unit.dimension, unit.counted) == (scale, dimension, False)


def test_bytes_go_by_what_the_file_says_and_by_nothing_else():
    assert not BYTES_BY_NAMES & set(builtin_units(None))
    for power, name in enumerate(["KB", "MB", "GB", "TB", "PB"], start=1):
        assert builtin_units(1000)[name].scale == 1000**power
        assert builtin_units(1024)[name].scale == 1024**power == builtin_units(None)[f"{name[0]}iB"].scale


def test_months_are_no_seconds():
    assert builtin_units(None)["month"].dimension != builtin_units(None)["day"].dimension


@given(st.fractions(max_denominator=1000), st.sampled_from(sorted(builtin_units(1000))))
def test_a_figure_in_a_unit_and_back(value, name):
    unit = builtin_units(1000)[name]
    assert in_unit(value * unit.scale, unit) == value


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (9_950, counted_unit("pic", "pics"), "9,950 pics"),
        (1, counted_unit("pic", "pics"), "1 pic"),
        (0, counted_unit("pic", "pics"), "0 pics"),
        (Fraction(1, 3), counted_unit("pic", "pics"), "1/3 pics"),
        (3_600, builtin_units(None)["hour"], "1 hour"),
        (5_400, builtin_units(None)["hour"], "1.5 hours"),
    ],
)
def test_quantities_for_readers(value, unit, text):
    assert quantity_text(value, unit) == text


@pytest.mark.parametrize(
    ("dimension", "text"),
    [
        (NUMBER, "a plain number"),
        (SECOND, "seconds"),
        (times(USD, PIC, -1), "USD/pic"),
        (times(NUMBER, SECOND, -1), "1/second"),
        (times(SECOND, SECOND), "seconds^2"),
        (times(BYTE, SECOND), "bytes × seconds"),
        (times(times(USD, BYTE, -1), SECOND, -1), "USD/byte/second"),
    ],
)
def test_dimensions_in_words(dimension, text):
    assert dimension_text(dimension) == text


# ---------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("code", "digits", "unit", "text"),
    [
        ("USD", 2, Fraction(1, 100), "1,650.00 USD"),
        ("JPY", 0, 1, "1,650 JPY"),
        ("KWD", 3, Fraction(1, 1000), "1,650.000 KWD"),
        ("CLF", 4, Fraction(1, 10_000), "1,650.0000 CLF"),
    ],
)
def test_minor_units(code, digits, unit, text):
    assert minor_digits(code) == digits
    assert minor_unit(code) == unit
    assert amount_text(1650, code) == text
    assert amount_plain(1650, code) == text.split()[0].replace(",", "")


def test_an_amount_shows_all_its_decimals():
    assert amount_text(Fraction("0.00016"), "USD") == "0.00016 USD"
    assert amount_plain(Fraction(-1, 2), "USD") == "-0.50"
    assert amount_plain(Fraction(1, 3), "USD") == "1/3"
    assert amount_text(Fraction(1, 2), "JPY") == "0.5 JPY"


def test_unknown_currencies():
    assert minor_digits("USDT") is None
    assert minor_digits("usd") is None
    assert {"USD", "EUR", "CNY", "JPY", "KWD"} <= set(currency_codes())
    assert list(currency_codes()) == sorted(currency_codes())
