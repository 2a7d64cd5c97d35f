"""Text → amounts: an exact number, with the unit's name where one is written.

One form of number is taken, and each other form that people write gets a message of its own, because
`1e5`, `010`, `1_000` and `0x10` mean different things to different programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from ratewright.limits import DEFAULT
from ratewright.usage import codes
from ratewright.usage.model import Amount, FieldAmount, field_text
from ratewright.usage.problem import Problem, require_visible
from ratewright.values.exact import NumberError, parse_plain, ratio

_T = TypeVar("_T")
_UNIT = r"[^\W\d_]\w*(?:/[^\W\d_]\w*)*"
_NUMBER = r"(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?"
_RATIO = re.compile(rf"([1-9][0-9]*)/([1-9][0-9]*)(?: +({_UNIT}))?", re.ASCII)
_RATIO_DIGITS = DEFAULT.ratio_bits * 3 // 10
_AMOUNT = re.compile(rf"({_NUMBER})(?: +({_UNIT}))?")
_EXPONENT = re.compile(r"([0-9][0-9,]*)(?:\.([0-9]+))?[eE]([+-]?[0-9]+)")
_LASTED = re.compile(r"[0-9]{1,3}(?::[0-9]{2}){1,2}(?:\.[0-9]+)?|P(?:[0-9.]+D)?T(?:[0-9.]+[HMS])+", re.ASCII)
_GLUED = re.compile(rf"([0-9][0-9.,]*)({_UNIT})")
_NOT_FINITE = frozenset(("nan", "inf", "infinity", ".nan", ".inf"))
_REMEMBERED = 50_000


class Amounts:
    """Reads amounts, and remembers what it has read: usage repeats the same few texts."""

    def __init__(self) -> None:
        self._amounts: dict[str, Amount] = {}
        self.known_values: dict[str, str | Amount] = {}
        """What `value` has read, for a caller that looks there first."""
        self._units: dict[str, str] = {}

    def read(self, text: str) -> Amount:
        """`9.31 GB` → Amount(931/100, "GB"). Raises Problem for everything that is no amount."""
        amount = self._amounts.get(text)
        if amount is None:
            amount = self._parse(text)
            if amount is None:
                raise _explained(text)
            if len(self._amounts) >= _REMEMBERED:
                self._amounts.clear()
            self._amounts[text] = amount
        return amount

    def read_exact(self, text: str) -> Amount:
        """`read` for balances, which bills also write as a ratio where no decimals end: `52/3 GB`. Raises Problem."""
        match = _RATIO.fullmatch(text)
        if match is None:
            return self.read(text)
        if max(len(match[1]), len(match[2])) > _RATIO_DIGITS:
            raise Problem(codes.TOO_MANY_DIGITS, f"`{_short(text)}` has too many digits", "round the balance down")
        return Amount(ratio(int(match[1]), int(match[2])), match[3])

    def read_signed(self, text: str) -> Amount:
        """`read_exact` for what may be below 0: `-10 calls`. Raises Problem."""
        if not text.startswith("-"):
            return self.read_exact(text)
        number, unit = self.read_exact(text[1:])
        return Amount(-number, unit)

    def read_quantity(self, text: str) -> Amount:
        """`read` for what a record brings, below 0 where it takes usage back: `-10 calls`. Raises Problem."""
        if text.startswith("−"):
            raise Problem(codes.NOT_AMOUNT, f"`{_short(text)}` has a sign that is no `-`", f"write -{text[1:]}")
        if not text.startswith("-"):
            return self.read(text)
        number, unit = self.read(text[1:])
        return Amount(-number, unit)

    def read_quantities(self, texts: list[str]) -> list[Amount]:
        """`read_quantity` for many texts at once."""
        return self._each(texts, self._amounts, self.read_quantity)

    def _each(self, texts: list[str], known: dict[str, _T], read: Callable[[str], _T]) -> list[_T]:
        for text in set(texts).difference(known):
            read(text)
        try:
            return list(map(known.__getitem__, texts))
        except KeyError:  # below 0, or forgotten meanwhile to make room
            return list(map(read, texts))

    def value(self, text: str) -> str | Amount:
        """A field or a setting: an amount if the text is one, else the text.

        Whether `1.10` is a number or a version only the tariff knows, so the text can be had back.
        Raises Problem for hidden characters.
        """
        value = self.known_values.get(text)
        if value is None:
            value = self._value(text)
            if len(self.known_values) >= _REMEMBERED:
                self.known_values.clear()
            self.known_values[text] = value
        return value

    def _value(self, text: str) -> str | Amount:
        try:
            amount = self._parse(text.removeprefix("-"))
        except Problem:
            amount = None
        if amount is None:
            return require_visible(text)
        if text.startswith("-"):
            amount = Amount(-amount.number, amount.unit)
        return amount if field_text(amount) == text else FieldAmount.of(amount, text)

    def _parse(self, text: str) -> Amount | None:
        match = _AMOUNT.fullmatch(text)
        if match is None:
            return None
        unit = match[2]
        if unit is not None:
            if not unit.isascii() and any(c.isdecimal() and not c.isascii() for c in unit):
                return None
            unit = self._units.setdefault(unit, unit)
        try:
            return Amount(parse_plain(match[1].replace(",", "")), unit)
        except NumberError as error:
            raise Problem(codes.TOO_MANY_DIGITS, f"`{_short(text)}` has too many digits", error.help) from error


def read_count(text: str) -> int:
    """A whole number of at least 1 without a unit: `3`. Raises Problem."""
    amount = Amounts().read(text)
    if amount.unit is not None or not isinstance(amount.number, int) or amount.number < 1:
        raise Problem(codes.NOT_COUNT, f"`{text}` is not a count", "write a whole number from 1 on, without a unit: 3")
    return amount.number


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _explained(text: str) -> Problem:
    """Why the text is no amount, and what to write."""
    try:
        require_visible(text)
    except Problem as problem:
        return problem
    shown = _short(text)
    head, _, rest = text.partition(" ")
    unit = f" {rest.strip()}" if rest else ""
    bare = head.lstrip("+-−").lower()
    if bare in _NOT_FINITE:
        return Problem(codes.NOT_FINITE, f"`{shown}` is not a finite number", "write the figure, or leave the key out")
    if head[0] in "-−" and (bare[:1].isdigit() or bare[:1] == "."):
        return Problem(
            codes.NEGATIVE,
            f"`{shown}` is negative",
            "usage and balances cannot be less than nothing; leave out what did not happen",
        )
    if re.fullmatch(r"0[xob][0-9a-f_]+", bare):
        return Problem(codes.OTHER_BASE, f"`{shown}` is in another base", "write the number in decimal digits")
    if re.fullmatch(r"[0-9][0-9_.,]*_[0-9_.,]*", bare):
        return Problem(
            codes.UNDERSCORE,
            f"`{shown}` has underscores",
            f"write {bare.replace('_', '')}{unit}, or group with commas",
        )
    if exponent := _EXPONENT.fullmatch(bare):
        return Problem(
            codes.EXPONENT,
            f"`{shown}` has an exponent",
            f"write the number out{_written_out(exponent, unit)}",
        )
    if re.fullmatch(r"0[0-9][0-9.,]*", bare):
        return Problem(
            codes.LEADING_ZERO,
            f"`{shown}` has a leading zero",
            f"some programs read that as octal; write {_without_zeros(bare)}{unit}",
        )
    if glued := _GLUED.fullmatch(head):
        return Problem(codes.UNIT_GLUED, f"`{shown}` lacks a space", f"write {glued[1]} {glued[2]}{unit}")
    if _LASTED.fullmatch(shown):
        return Problem(
            codes.NOT_AMOUNT,
            f"`{shown}` is not an amount",
            "how long something took is a number with its unit: 90 minutes, 5,400 seconds, 1.5 hours",
        )
    return Problem(
        codes.NOT_AMOUNT,
        f"`{shown}` is not an amount",
        "write a number such as 10,000 or 0.5, and after a space its unit if it has one: 9.31 GB",
    )


def _without_zeros(digits: str) -> str:
    stripped = digits.lstrip("0")
    return stripped if stripped[:1].isdigit() else f"0{stripped}"


def _written_out(match: re.Match[str], unit: str) -> str:
    whole, decimals, exponent = match[1].replace(",", ""), match[2] or "", match[3]
    if len(whole) > 20 or len(decimals) > 20 or len(exponent) > 3 or abs(int(exponent)) > 18:
        return ""
    point = len(whole) + int(exponent)
    digits = whole + decimals
    if point <= 0:
        digits = "0" * (1 - point) + digits
        point = 1
    digits = digits.ljust(point, "0")
    tail = digits[point:].rstrip("0")
    return f": {_without_zeros(digits[:point])}{'.' + tail if tail else ''}{unit}"
