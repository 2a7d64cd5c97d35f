"""Figures with units, in fractions.

A figure is a number and what it is measured in: powers of base units, to which every unit is converted. The base of
time is the second, of the calendar the month, of data the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from tests.reference.problems import Refused

Dimension = tuple[tuple[str, int], ...]
SECOND: Dimension = (("second", 1),)
MONTH: Dimension = (("month", 1),)


class Figure(NamedTuple):
    """An exact number of base units. `dimension` is None for the nothing of no records, which has any unit."""

    number: Fraction
    dimension: Dimension | None = ()


NOTHING = Figure(Fraction(0), None)


def plain(number: int | Fraction) -> Figure:
    return Figure(Fraction(number))


def agree(a: Figure, b: Figure) -> Dimension | None:
    """The unit that both have. Raises Refused."""
    if a.dimension is None:
        return b.dimension
    if b.dimension is None or a.dimension == b.dimension:
        return a.dimension
    raise Refused(f"{a.dimension} and {b.dimension} do not add up or compare")


def add(a: Figure, b: Figure, sign: int = 1) -> Figure:
    return Figure(a.number + sign * b.number, agree(a, b))


def multiply(a: Figure, b: Figure, power: int = 1) -> Figure:
    """`a` times `b`, or divided by it where `power` is -1."""
    if power < 0 and not b.number:
        raise Refused("a division by 0")
    number = a.number * b.number if power > 0 else a.number / b.number
    if a.dimension is None or b.dimension is None:
        return Figure(number, None if not number else ())
    powers = dict(a.dimension)
    for name, exponent in b.dimension:
        powers[name] = powers.get(name, 0) + power * exponent
    return Figure(number, tuple(sorted((name, exponent) for name, exponent in powers.items() if exponent)))


def round_number(number: Fraction, step: Fraction, way: str) -> Fraction:
    """A whole number of steps, by the way that is said."""
    if step <= 0:
        raise Refused("a step of nothing")
    whole, rest = divmod(abs(number) / step, 1)
    up = {
        "up": rest > 0,
        "down": False,
        "half up": rest >= Fraction(1, 2),
        "half down": rest > Fraction(1, 2),
        "half even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
    }[way]
    return (whole + up) * step * (-1 if number < 0 else 1)


_TIME = {
    "nanosecond": Fraction(1, 10**9),
    "microsecond": Fraction(1, 10**6),
    "millisecond": Fraction(1, 1000),
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 7 * 86400,
}
_CALENDAR = {"month": 1, "quarter": 3, "year": 12}


class Units:
    """The units of one price list: those that need no declaration, its currency, and the declared ones."""

    def __init__(self, currency: str, bytes_by: int | None) -> None:
        self.known: dict[str, Figure] = {currency: Figure(Fraction(1), ((currency, 1),))}
        self.pending: dict[str, Callable[[], Figure]] = {}
        for name, size in _TIME.items():
            self._put((name, f"{name}s"), size, "second")
        self._put(("ms",), Fraction(1, 1000), "second")
        for name, size in _CALENDAR.items():
            self._put((name, f"{name}s"), size, "month")
        self._put(("bit", "bits"), 1, "bit")
        self._put(("byte", "bytes"), 8, "bit")
        for power, letter in enumerate("KMGTP", 1):
            self._put((f"{letter}iB",), 8 * 1024**power, "bit")
            if bytes_by:
                self._put((f"{letter}B",), 8 * bytes_by**power, "bit")
        for power, letter in enumerate(("", "k", "M", "G", "T")):
            self.known[f"{letter}bps"] = Figure(Fraction(1000**power), (("bit", 1), ("second", -1)))

    def _put(self, names: tuple[str, ...], size: int | Fraction, base: str) -> None:
        for name in names:
            self.known[name] = Figure(Fraction(size), ((base, 1),))

    def declare(self, names: tuple[str, ...], formula: Callable[[], Figure] | None) -> None:
        if formula is not None:
            self.pending.update((name, formula) for name in names)
            return
        self._put(names, 1, names[0])

    def get(self, name: str) -> Figure | None:
        if name in self.pending:
            self.known[name] = self.pending.pop(name)()
        return self.known.get(name)

    def __getitem__(self, name: str) -> Figure:
        found = self.get(name)
        if found is None:
            raise Refused(f"no unit `{name}`")
        return found
