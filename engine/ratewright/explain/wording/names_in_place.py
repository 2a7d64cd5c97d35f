"""What a name means in the formulas of one place, where that is not what the rest of the bill means by it.

A field, a key or a step goes by its own name, whatever else is declared under it. By the name of a meter that a line
is on, what is left of it is meant. And `charges`, `subtotal` and `total` may not be the sums at the foot of the bill.
What is meant is told with `{}` for the name, which is a title or as the rule file has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ratewright.derivation import trace
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import wording
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import charge_expressions
from ratewright.meaning.sums import SUMS, is_in
from ratewright.meaning.walk import Identity, parts

_OF_ITS_PLACE = (tree.FieldValue, tree.TagValue, tree.KeyValue, tree.LotFact, tree.Defined)


def of_meter(meter: tree.Meter, say: Phrases) -> Phrases:
    """The phrases for what a meter reads of its records."""
    formulas = [meter.measure, *(where.condition for where in meter.where), *(tag.expression for tag in meter.tags)]
    return say.where(_own([*formulas, *(step.expression for step in meter.steps)]), {})


def of_pool(pool: tree.Pool, say: Phrases) -> Phrases:
    """The phrases for what a pool asks of usage and of its lots."""
    asked = [pool.when, *(ratio.expression for ratio in pool.ratios.values())]
    asked += [formula for rule in pool.refunds for formula in (rule.formula, rule.condition)]
    return say.where(_own(formula for formula in asked if formula is not None), {})


def of_charge(charge: tree.Charge, say: Phrases) -> Phrases:
    """The phrases for the formulas of a line."""
    return say.where(_own_of_charge(Identity(charge)), {})


def of_line(why: trace.ChargeTrace, say: Phrases, *, on: bool = False) -> Phrases:
    """The phrases for a line: a sum to which it belongs itself is that of the lines before it; `on subtotal` is
    what pools of money left of it; and a line of another period speaks of that. What it is `on` is what is left of
    a meter."""
    sums = _sums_read(Identity(why.charge))
    meant = {name: meant for name in sums if (meant := _meant(name, why, say, on)) != "{}"}
    return (of_line_on if on else of_charge)(why.charge, say.where(frozenset(), meant))


def of_line_on(charge: tree.Charge, say: Phrases) -> Phrases:
    """The phrases for what a line is `on`: a meter is what is left of it, where something may have covered some."""
    orders = ((name, say.tariff.deductions.get(name)) for name in charge.meters)
    left = {name: wording("reading", "left_of", "{}") for name, order in orders if order is not None and order.pools}
    return of_charge(charge, say).where(frozenset(), left)


def _own(formulas: Iterable[tree.Expression]) -> frozenset[str]:
    return frozenset(name for formula in formulas for name in _named_in(Identity(formula)))


@lru_cache(maxsize=1024)
def _own_of_charge(charge: Identity) -> frozenset[str]:
    return _own(charge_expressions(charge.node))


@lru_cache(maxsize=1024)
def _sums_read(charge: Identity) -> tuple[str, ...]:
    """The sums of a bill that a line's formulas name."""
    named = {getattr(part, "name", "") for formula in charge_expressions(charge.node) for part in parts(formula)}
    return tuple(name for name in SUMS if name in named)


@lru_cache(maxsize=1024)
def _named_in(formula: Identity) -> frozenset[str]:
    return frozenset(part.name for part in parts(formula.node) if isinstance(part, _OF_ITS_PLACE))


def _meant(name: str, why: trace.ChargeTrace, say: Phrases, on: bool) -> str:
    meant = "{}"
    if is_in(why.charge, name):
        meant = wording("reading", "so_far", meant)
    elif on and name == "subtotal" and say.subtotal_paid:
        meant = wording("reading", "left_of_sum", meant)
    if why.period is not None and why.period != say.period:
        meant = wording("reading", "of_time", meant, say.stretch(why.period.start, why.period.end))
    return meant
