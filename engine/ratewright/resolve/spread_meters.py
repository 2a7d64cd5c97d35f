"""`spread evenly`: what a meter may ask of records that are divided in time.

A record may be divided anywhere, so only what is the same wherever that is has a meaning: the parts of a quantity are
added up, and each is taken in proportion.
"""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.meaning import nodes as n
from ratewright.meaning.walk import of_the_period, parts
from ratewright.resolve.findings import Report

_SIZES = ("quantity", "times")


def check_spread(meter: n.Meter, report: Report) -> None:
    """Report what a meter that spreads its records asks of one as a whole."""
    measured = (meter.measure, *(step.expression for step in meter.steps))
    places = (p for e in (*measured, *(t.expression for t in meter.tags)) for p in parts(e))
    placed = next((part for part in places if isinstance(part, n.RecordPlace)), None)
    if placed is not None:
        report.error(
            "R224",
            f"`{placed.span.text}` asks which record one is, and one that is spread is divided",
            placed.span,
            "delete `spread evenly`, or ask it in another meter that `reads` the same records",
            (("the meter", meter.span),),
        )
    for expression in (*(where.condition for where in meter.where), *(tag.expression for tag in meter.tags)):
        for part in parts(expression):
            if _is_size(part):
                report.error(
                    "R224",
                    f"`{expression.span.text}` asks how large a record is, and one that is spread is divided",
                    expression.span,
                    "ask a field of the record, or the time: `where time(at) < 7 hours`",
                    (("the meter", meter.span),),
                )
                break
    told: set[object] = set()
    for part in _not_in_proportion(meter):
        if part.span not in told:
            told.add(part.span)
            report.error(
                "R224",
                f"`{part.span.text}` takes each record as one, and one that is spread is divided",
                part.span,
                "add up the quantities, each in proportion: `sum(quantity)`, `highest(sum(quantity) each hour)`",
                (("the meter", meter.span),),
            )


def _not_in_proportion(meter: n.Meter) -> Iterator[n.Expression]:
    """The aggregations and series over records that are another where a record is divided."""
    for formula in (meter.measure, *(step.expression for step in meter.steps)):
        for part in of_the_period(formula):
            if isinstance(part, n.Aggregate) and (part.operand is None or not part.operand.type.many):
                asked = part.operand is not None and _in_proportion(part.operand)
                sized = part.condition is not None and any(_is_size(p) for p in parts(part.condition))
                if part.aggregation is not n.Aggregation.SUM or not asked or sized:
                    yield part
            elif isinstance(part, n.Series) and part.cadence is None and not _names_apart(part):
                yield part


def _names_apart(series: n.Series) -> bool:
    """Whether a series has a value for each name, which no quantity makes another."""
    return series.key is not None and not any(_is_size(part) for part in parts(series.key))


def _in_proportion(node: n.Expression) -> bool:
    """Whether a formula on a record is so many times as large where its quantity is."""
    match node:
        case n.RecordFact():
            return node.name in _SIZES
        case n.Constant(value=value):
            return value == 0 and not isinstance(value, bool)
        case n.Defined(expression=inner) | n.Negative(operand=inner):
            return _in_proportion(inner)
        case n.Sum(terms=terms):
            return all(_in_proportion(term) for _, term in terms)
        case n.Product(factors=factors):
            sized = [(divides, factor) for divides, factor in factors if any(_is_size(p) for p in parts(factor))]
            return len(sized) == 1 and not sized[0][0] and _in_proportion(sized[0][1])
        case n.Choose(condition=condition, yes=yes, no=no):
            free = not any(_is_size(part) for part in parts(condition))
            return free and _in_proportion(yes) and _in_proportion(no)
    return False


def _is_size(node: n.Expression) -> bool:
    return isinstance(node, n.RecordFact) and node.name in _SIZES
