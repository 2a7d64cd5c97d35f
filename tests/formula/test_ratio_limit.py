"""A kept ratio has a limit: at it the exact value, one past it a refusal that says what to declare."""

from __future__ import annotations

from fractions import Fraction

import pytest

from ratewright.diagnostics import Source, Span
from ratewright.formula.interpreter import EvaluationError, evaluate
from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.meaning.types import PLAIN_NUMBER

SPAN = Span(Source("t.tariff", "1 / quantity"), 0, 12)
RATIO = n.Product(
    SPAN,
    PLAIN_NUMBER,
    (
        (False, n.Constant(SPAN, PLAIN_NUMBER, 1)),
        (True, n.RecordFact(SPAN, PLAIN_NUMBER, "quantity")),
    ),
)


def test_a_ratio_of_as_many_bits_as_the_limit_is_kept():
    largest = 2 ** (DEFAULT.ratio_bits - 1)
    assert largest.bit_length() == DEFAULT.ratio_bits
    assert evaluate(RATIO, {"record:quantity": largest}) == Fraction(1, largest)


def test_a_ratio_of_one_bit_more_is_refused():
    with pytest.raises(EvaluationError) as refused:
        evaluate(RATIO, {"record:quantity": 2**DEFAULT.ratio_bits})
    found = refused.value.diagnostic
    assert (found.code, found.span) == ("A601", SPAN)
    assert "4,096 bits" in found.message
    assert "declare a rounding" in found.help
