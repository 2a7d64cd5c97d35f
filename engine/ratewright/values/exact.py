"""Exact numbers: read, written and limited.

An exact number is an `int`, or a `Fraction` where it is not whole. `exact()` keeps that form, so whole
figures stay plain integers and cost no more than that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import gcd

from ratewright.limits import DEFAULT
from ratewright.values.writing import writing

Exact = int | Fraction

_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?", re.ASCII)


class NumberError(ValueError):
    """A number that cannot be taken as it is written. `help` says what to write instead."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.help = help


def exact(value: int | Fraction) -> Exact:
    """The same number, as an `int` if it is whole."""
    if type(value) is int:  # by far the most common, and `isinstance` of a Fraction is slow
        return value
    return value.numerator if value.denominator == 1 else value


def lowest(numerator: int, denominator: int) -> tuple[int, int]:
    """A quotient in lowest terms, above a denominator that is positive. Raises ZeroDivisionError."""
    reduced = Fraction(numerator, denominator)
    return reduced.numerator, reduced.denominator


def quotient(numerator: int, denominator: int) -> Exact:
    """The exact quotient of two whole numbers. Raises ZeroDivisionError."""
    whole, rest = divmod(numerator, denominator)  # a Fraction takes five times as long
    return exact(Fraction(numerator, denominator)) if rest else whole


def summed(values: Iterable[Exact]) -> Exact:
    """The sum of exact numbers, brought to lowest terms once: a Fraction does it at each step."""
    numerator, denominator = 0, 1
    for value in values:
        over = value.denominator
        if over == denominator:
            numerator += value.numerator
        else:
            shared = gcd(denominator, over)
            numerator = numerator * (over // shared) + value.numerator * (denominator // shared)
            denominator *= over // shared
    return quotient(numerator, denominator)


def ratio(numerator: Exact, denominator: Exact) -> Exact:
    """The exact quotient. Raises ZeroDivisionError."""
    return quotient(numerator.numerator * denominator.denominator, numerator.denominator * denominator.numerator)


def parse_number(text: str) -> Exact:
    """Read an unsigned decimal such as `1,000` or `0.08`; commas group three digits.

    Raises NumberError for any other form, and past 38 digits.
    """
    if not _NUMBER.fullmatch(text):
        raise NumberError(
            f"`{text}` is not a number",
            "write digits, with a point before decimals and a comma between groups of three: 1,000.50",
        )
    return parse_plain(text.replace(",", ""))


def parse_plain(text: str) -> Exact:
    """Read digits with an optional point, already known to be well formed. Raises NumberError past 38 digits."""
    whole, _, decimals = text.partition(".")
    digits = len(whole) + len(decimals)
    if digits > DEFAULT.number_digits or len(decimals) > DEFAULT.number_exponent:
        raise NumberError(
            f"a number of {digits} digits, {len(decimals)} of them decimals, is over the limit",
            f"at most {DEFAULT.number_digits} digits, {DEFAULT.number_exponent} of them decimals",
        )
    if not decimals:
        return int(whole)
    return exact(Fraction(int(whole + decimals), 10 ** len(decimals)))


def decimals_of(value: Exact) -> int | None:
    """How many decimals the number needs; None if its decimal form does not end."""
    denominator = value.denominator
    twos = (denominator & -denominator).bit_length() - 1
    rest = denominator >> twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def plain(value: Exact, least_decimals: int = 0) -> str:
    """The exact number for machines: `9950`, `0.08`, or a ratio `1/3` where decimals do not end."""
    return _written(value, least_decimals, "")


def grouped(value: Exact, least_decimals: int = 0) -> str:
    """The exact number for readers: `9,950`, `0.08`, or a ratio `1/3` where decimals do not end."""
    return writing().number(_written(value, least_decimals, ","))


def _written(value: Exact, least_decimals: int, separator: str) -> str:
    if isinstance(value, int) and least_decimals == 0:
        return f"{value:,}" if separator else str(value)
    needed = decimals_of(value)
    if needed is None:
        return f"{value.numerator:{separator}}/{value.denominator:{separator}}"
    decimals = max(needed, least_decimals)
    scaled = value.numerator * 10**decimals // value.denominator
    sign = "-" if scaled < 0 else ""
    digits = str(abs(scaled)).rjust(decimals + 1, "0")
    whole = int(digits[:-decimals]) if decimals else int(digits)
    head = f"{whole:,}" if separator else str(whole)
    return f"{sign}{head}.{digits[-decimals:]}" if decimals else f"{sign}{head}"


def to_decimal(value: Exact) -> Decimal:
    """The number as a Decimal, exactly. Raises ValueError where its decimal form does not end."""
    if decimals_of(value) is None:
        raise ValueError(f"{value} has no finite decimal form")
    return Decimal(plain(value))
