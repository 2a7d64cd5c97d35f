"""Exact numbers: read, written, limited; and rounded, against the decimal module."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.values.exact import (
    NumberError,
    decimals_of,
    exact,
    grouped,
    parse_number,
    plain,
    ratio,
    to_decimal,
)
from ratewright.values.rounding import Way, round_to

decimals = st.builds(
    lambda digits, places: Fraction(digits, 10**places), st.integers(-(10**30), 10**30), st.integers(0, 18)
)
fractions = st.fractions(max_denominator=10**9)


# ---------------------------------------------------------------- reading and writing


@given(decimals)
def test_what_is_written_reads_back(value):
    sign = -1 if value < 0 else 1
    for text in (plain(exact(value)), grouped(exact(value))):
        assert sign * parse_number(text.removeprefix("-")) == value
        assert Fraction(text.replace(",", "")) == value


@given(fractions)
def test_a_ratio_is_written_as_one(value):
    text = plain(exact(value))
    assert Fraction(text) == value
    ends = value.denominator
    for prime in (2, 5):
        while ends % prime == 0:
            ends //= prime
    assert ("/" in text) == (ends != 1)


@given(decimals, st.integers(0, 20))
def test_at_least_so_many_decimals_and_never_a_zero_more(value, least):
    text = plain(exact(value), least)
    places = len(text.partition(".")[2])
    needed = decimals_of(exact(value))
    assert places == max(needed, least)
    assert Fraction(text) == value


@given(st.integers(0, 10**38 - 1))
def test_38_digits_are_read(value):
    assert parse_number(str(value)) == parse_number(f"{value:,}") == value
    assert isinstance(parse_number(str(value)), int)


def test_one_digit_more_is_not():
    nines = "9" * 38
    assert parse_number(nines) == 10**38 - 1
    with pytest.raises(NumberError) as raised:
        parse_number(nines + "9")
    assert "39 digits" in str(raised.value)
    assert "38 digits" in raised.value.help


def test_18_decimals_are_read_and_19_are_not():
    assert parse_number("0." + "0" * 17 + "1") == Fraction(1, 10**18)
    with pytest.raises(NumberError):
        parse_number("0." + "0" * 18 + "1")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("007", 7),
        ("1,000", 1000),
        ("1,000.50", Fraction(2001, 2)),
        ("0.10", Fraction(1, 10)),
        ("10,000,000", 10**7),
        ("2.000", 2),
        ("999,999.999", Fraction(999_999_999, 1000)),
    ],
)
def test_forms_that_are_numbers(text, value):
    found = parse_number(text)
    assert found == value
    assert isinstance(found, int) == (Fraction(value).denominator == 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-1",
        "+1",
        "1.",
        ".5",
        "1,00",
        "1,0000",
        "10,00,000",
        ",100",
        "1e5",
        "0x10",
        "1_000",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "1.5.2",
        "1 000",
        "NaN",
        "1,000,",
        "1.0,000",
    ],
)
def test_forms_that_are_not(text):
    with pytest.raises(NumberError):
        parse_number(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9950, "9,950"),
        (Fraction(1, 3), "1/3"),
        (Fraction(10_000, 3), "10,000/3"),
        (Fraction(-2, 25), "-0.08"),
        (-1234567, "-1,234,567"),
        (Fraction(123456789, 10), "12,345,678.9"),
        (0, "0"),
        (Fraction(-1, 6), "-1/6"),
    ],
)
def test_numbers_for_readers(value, text):
    assert grouped(value) == text


@pytest.mark.parametrize(
    ("value", "least", "text"),
    [
        (796, 2, "796.00"),
        (Fraction(1, 2), 2, "0.50"),
        (Fraction(1, 8), 2, "0.125"),
        (0, 3, "0.000"),
        (Fraction(1, 3), 2, "1/3"),
        (-5, 1, "-5.0"),
    ],
)
def test_decimals_at_least(value, least, text):
    assert plain(value, least) == text


@given(decimals)
def test_as_a_decimal(value):
    assert Fraction(to_decimal(exact(value))) == value


def test_a_third_is_no_decimal():
    with pytest.raises(ValueError, match="1/3"):
        to_decimal(Fraction(1, 3))


@given(fractions, fractions.filter(bool))
def test_a_ratio_is_exact_and_whole_where_it_can_be(left, right):
    found = ratio(exact(left), exact(right))
    assert found * right == left
    assert isinstance(found, int) == ((left / right).denominator == 1)


# ---------------------------------------------------------------- rounding

WAYS = {
    Way.HALF_UP: decimal.ROUND_HALF_UP,
    Way.HALF_DOWN: decimal.ROUND_HALF_DOWN,
    Way.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Way.UP: decimal.ROUND_UP,
    Way.DOWN: decimal.ROUND_DOWN,
}


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.integers(0, 5), st.sampled_from(Way))
def test_rounding_is_that_of_the_decimal_module(digits, places, to, way):
    value = Decimal(digits).scaleb(-places)
    expected = value.quantize(Decimal(1).scaleb(-to), rounding=WAYS[way])
    assert round_to(exact(Fraction(value)), exact(Fraction(1, 10**to)), way) == Fraction(expected)


@given(fractions, fractions.filter(lambda step: step > 0), st.sampled_from(Way))
def test_a_rounded_figure_is_a_multiple_of_the_step_and_near(value, step, way):
    found = round_to(exact(value), exact(step), way)
    assert (Fraction(found) / step).denominator == 1
    gap = abs(found - value)
    assert gap < step
    assert round_to(found, exact(step), way) == found
    assert round_to(exact(-value), exact(step), way) == -found  # a credit is rounded like its charge
    if way is Way.UP:
        assert abs(found) >= abs(value)
    elif way is Way.DOWN:
        assert abs(found) <= abs(value)
    else:
        assert gap <= step / 2


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "up", "down"),
    [
        ("0.5", 1, 0, 1, 0),
        ("1.5", 2, 2, 2, 1),
        ("2.5", 3, 2, 3, 2),
        ("-0.5", -1, 0, -1, 0),
        ("-1.5", -2, -2, -2, -1),
        ("-2.5", -3, -2, -3, -2),
        ("0.49", 0, 0, 1, 0),
        ("-0.51", -1, -1, -1, 0),
        ("2", 2, 2, 2, 2),
        ("0", 0, 0, 0, 0),
    ],
)
def test_halves(value, half_up, half_even, up, down):
    figure = exact(Fraction(value))
    found = [round_to(figure, 1, way) for way in (Way.HALF_UP, Way.HALF_EVEN, Way.UP, Way.DOWN)]
    assert found == [half_up, half_even, up, down]
    assert all(isinstance(x, int) for x in found)


@pytest.mark.parametrize(
    ("value", "step", "expected"), [("7", "5", 5), ("7.5", "5", 10), ("0.074", "0.05", "0.05"), ("1/3", "1/6", "1/3")]
)
def test_steps_that_are_no_power_of_ten(value, step, expected):
    assert round_to(exact(Fraction(value)), exact(Fraction(step)), Way.HALF_UP) == Fraction(expected)


@pytest.mark.parametrize("step", [0, -1, Fraction(-1, 2)])
def test_a_step_is_positive(step):
    with pytest.raises(ValueError, match="positive"):
        round_to(1, step, Way.UP)
