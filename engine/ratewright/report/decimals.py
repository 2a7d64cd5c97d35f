"""Exact figures as decimals for spreadsheets: whole where they end, rounded where they do not, and adding up."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.values.exact import Exact, decimals_of, exact, plain, ratio, summed
from ratewright.values.rounding import Way, round_to

_DIGITS = 15
"""What a cell of a spreadsheet holds."""


def decimal(value: Exact) -> str:
    """A figure that stands alone: all its decimals, or as many as a cell holds where they do not end."""
    if decimals_of(value) is not None:
        return plain(value)
    whole = abs(value.numerator) // value.denominator
    first = len(str(whole)) if whole else 1 - len(str(value.denominator // abs(value.numerator)))
    return plain(round_to(value, _step(max(_DIGITS - first, 0)), Way.HALF_EVEN))


def endless(value: Exact) -> str:
    """The ratio of a figure whose decimals do not end, in a form that is no date; nothing for any other."""
    return "" if decimals_of(value) is not None else f"ratio {plain(value)}"


def added_up(amounts: Sequence[Exact], least: int) -> list[Exact]:
    """The amounts as decimals that add up to the sum of the exact ones, or to that rounded where it does not end.

    Those that end stay as they are. Of the others the sum so far is rounded, to `least` places or as many as their
    sum needs, and each is what it adds to that: so none is a whole step away from its exact amount.
    """
    needed = decimals_of(summed(amount for amount in amounts if decimals_of(amount) is None))
    step = _step(max(least, needed or 0))
    found: list[Exact] = []
    so_far: Exact = 0
    given: Exact = 0
    for amount in amounts:
        if decimals_of(amount) is not None:
            found.append(amount)
            continue
        so_far = exact(so_far + amount)
        reached = round_to(so_far, step, Way.HALF_EVEN)
        found.append(exact(reached - given))
        given = reached
    return found


def _step(places: int) -> Exact:
    return ratio(1, 10**places)
