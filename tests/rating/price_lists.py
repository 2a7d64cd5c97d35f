"""Lists of one price form, and what they come to."""

from __future__ import annotations

from fractions import Fraction

METER = "meter m { measure sum(quantity) in calls }\n"
EXACT = 'currency USD; timezone "UTC"; rounding none'
TINY = Fraction(1, 10**12)
