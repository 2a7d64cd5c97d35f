"""Units and dimensions: what may be added, multiplied and compared.

Every figure has a dimension: a product of bases with exponents. A base is a counted unit (`pic`), the
byte, the second, the calendar month, or a currency. A price is a figure like any other, of dimension
USD/pic. While a bill is computed, figures are exact numbers in base units; a `Unit` says how many base
units it stands for and how it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from ratewright.values.durations import SECONDS_IN
from ratewright.values.exact import Exact, exact, grouped, ratio
from ratewright.values.writing import writing

Dimension = tuple[tuple[str, int], ...]

NUMBER: Dimension = ()
SECOND: Dimension = (("second", 1),)
MONTH: Dimension = (("month", 1),)
BYTE: Dimension = (("byte", 1),)

_PLURALS = {"second": "seconds", "month": "months", "byte": "bytes"}


def times(left: Dimension, right: Dimension, power: int = 1) -> Dimension:
    """The dimension of `left * right ** power`."""
    exponents = dict(left)
    for base, exponent in right:
        total = exponents.get(base, 0) + power * exponent
        if total:
            exponents[base] = total
        else:
            exponents.pop(base, None)
    return tuple(sorted(exponents.items()))


class Unit(Struct, frozen=True):
    """A unit as rule files write it.

    `scale` is how many base units one of it holds; `counted` marks what comes in whole things and may
    be left out behind a bound (`below 10,000`).
    """

    singular: str
    plural: str
    scale: Exact
    dimension: Dimension
    counted: bool = False

    def names(self) -> tuple[str, ...]:
        return (self.singular,) if self.singular == self.plural else (self.singular, self.plural)


def counted_unit(singular: str, plural: str) -> Unit:
    """A unit of things that are counted, a dimension of its own."""
    return Unit(singular, plural, 1, ((singular, 1),), counted=True)


def currency_unit(code: str) -> Unit:
    """A currency, a dimension of its own."""
    return Unit(code, code, 1, ((code, 1),))


PLAIN = Unit("", "", 1, NUMBER)
PERCENT = Unit("%", "%", ratio(1, 100), NUMBER)
"""How plain numbers are told that their author wrote as percentages; rule files name no such unit."""

_PREFIXES = ("K", "M", "G", "T", "P")


def _time_units() -> Iterable[Unit]:
    for singular, plural, scale in (
        ("nanosecond", "nanoseconds", ratio(1, 10**9)),
        ("microsecond", "microseconds", ratio(1, 10**6)),
        ("millisecond", "milliseconds", ratio(1, 1000)),
        ("ms", "ms", ratio(1, 1000)),
        ("second", "seconds", 1),
        *((unit.value, f"{unit.value}s", seconds) for unit, seconds in SECONDS_IN.items()),
    ):
        yield Unit(singular, plural, scale, SECOND)
    for word, months in (("month", 1), ("quarter", 3), ("year", 12)):
        yield Unit(word, f"{word}s", months, MONTH)


def _data_units(bytes_by: int | None) -> Iterable[Unit]:
    yield Unit("byte", "bytes", 1, BYTE)
    yield Unit("bit", "bits", ratio(1, 8), BYTE)
    for power, prefix in enumerate(_PREFIXES, start=1):
        yield Unit(f"{prefix}iB", f"{prefix}iB", 1024**power, BYTE)
        if bytes_by is not None:
            yield Unit(f"{prefix}B", f"{prefix}B", bytes_by**power, BYTE)
    rate = times(BYTE, SECOND, -1)
    yield Unit("bps", "bps", ratio(1, 8), rate)
    for power, prefix in enumerate(("k", "M", "G", "T"), start=1):
        yield Unit(f"{prefix}bps", f"{prefix}bps", ratio(1000**power, 8), rate)


BYTES_BY_NAMES = frozenset(f"{p}B" for p in _PREFIXES)
"""Units that mean nothing until a file says `bytes by 1000` or `bytes by 1024`."""


@cache
def builtin_units(bytes_by: int | None) -> dict[str, Unit]:
    """The units that need no declaration, by every name they have."""
    return {name: unit for unit in (*_time_units(), *_data_units(bytes_by)) for name in unit.names()}


def dimension_text(dimension: Dimension) -> str:
    """The dimension in the words of a message: `pics`, `USD/pic`, `a plain number`."""
    if not dimension:
        return "a plain number"
    above = [_power(b, e, plural=True) for b, e in dimension if e > 0]
    below = [_power(b, -e, plural=False) for b, e in dimension if e < 0]
    return (" × ".join(above) or "1") + "".join(f"/{b}" for b in below)


def _power(base: str, exponent: int, plural: bool) -> str:
    name = _PLURALS.get(base, base) if plural else base
    return name if exponent == 1 else f"{name}^{exponent}"


def in_unit(value: Exact, unit: Unit) -> Exact:
    """A figure in base units, expressed in `unit`."""
    return value if unit.scale == 1 else ratio(value, unit.scale)


def quantity_text(value: Exact, unit: Unit) -> str:
    """A figure in base units as a reader sees it: `9,950 pics`, `1 hour`, `0.08`."""
    shown = in_unit(value, unit)
    if not unit.singular:
        return grouped(shown)
    return writing().quantity(grouped(shown), unit.singular if exact(shown) == 1 else unit.plural)
