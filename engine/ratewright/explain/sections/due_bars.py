"""A small picture: what is due of each bill, as bars beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ratewright.explain.document import Bar, Bars
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import phrase
from ratewright.rating.bill import Bill
from ratewright.values.exact import Exact, exact
from ratewright.values.rounding import Way, round_to

_HIGHEST = 1000


def due_bars(bills: Sequence[Bill], seen: str, say: Phrases) -> Bars | None:
    """A bar for each bill, whose heights are to one another as what is due; None where nothing is due of any."""
    most = max((bill.due if bill.due > 0 else -bill.due for bill in bills), default=0)
    if not most:
        return None
    bars = []
    below = ""
    for bill in bills:
        label, of = say.short(bill.period)
        text = f"{say.stretch(bill.period.start, bill.period.end)}: {say.money(bill.due)}"
        bars.append(Bar(label, "" if of == below else of, _height(bill.due, most), text))
        below = of
    return Bars(phrase("summary", "picture", seen, say), tuple(bars))


def _height(due: Exact, most: Exact) -> int:
    """In thousandths of the highest; what is not nothing is seen."""
    height = int(round_to(exact(Fraction(due) * _HIGHEST / most), 1, Way.HALF_UP))
    return height or (due > 0) - (due < 0)
