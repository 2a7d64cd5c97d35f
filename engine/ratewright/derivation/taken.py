"""What the aggregations of a measure took of the records of a period, or of a series of theirs, as was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from msgspec.structs import replace
from whenever import Instant

from ratewright.derivation import trace
from ratewright.derivation.seen import Seen
from ratewright.derivation.value_texts import LateText
from ratewright.diagnostics import Span
from ratewright.formula.aggregations import AGGREGATIONS
from ratewright.formula.observer import Chosen, Counted, Stretches
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import kept_with_node, of_the_period
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact

_STRETCHES_KEPT = 100
_NAMES_KEPT = 20

Text = Callable[[tree.Expression, Any], str]


def all_taken(measure: tree.Expression, seen: Seen, text: Text) -> tuple[trace.TakenTrace, ...]:
    """What each aggregation of a measure took; nothing of those that are asked for each value of a series."""
    found: dict[Span, trace.TakenTrace] = {}
    for node in _aggregates(measure):
        if node.span not in found and seen.knows(node):
            told = _told(node, seen, text)
            if told is not None:
                found[node.span] = told
    return tuple(found.values())


@kept_with_node
def _aggregates(measure: tree.Expression) -> Iterator[tree.Aggregate]:
    return (node for node in of_the_period(measure) if isinstance(node, tree.Aggregate))


def _told(node: tree.Aggregate, seen: Seen, text: Text) -> trace.TakenTrace | None:
    match seen.taken(node):
        case Stretches(levels=levels):
            assert node.operand is not None
            joined = _joined(levels)
            kept = tuple(joined[:_STRETCHES_KEPT])
            dimension, more = node.operand.type.dimension, len(joined) - len(kept)
            return trace.LevelsTrace(node.span.text, dimension, kept, more, seen.value(node))
        case Counted(different=different):
            assert node.operand is not None
            names = tuple(LateText(partial(text, node.operand, value)) for value in different[:_NAMES_KEPT])
            return trace.DistinctTrace(node.span.text, len(different), names, len(different) - len(names))
        case Chosen(count=count, place=place, members=members) if members and node.type.kind is Kind.FIGURE:
            dimension = node.type.dimension
            if place is None:
                return trace.SeveralTrace(node.aggregation, node.span.text, dimension, count, members)
            if AGGREGATIONS[node.aggregation].told:
                ((at, value),) = members
                return trace.SampleTrace(node.aggregation, node.span.text, dimension, count, place, value, at)
    return None


def _joined(levels: tuple[tuple[Instant, Instant, Exact], ...]) -> list[tuple[Period, Exact]]:
    """The stretches of a level; those that adjoin at one value are one."""
    stretches: list[tuple[Period, Exact]] = []
    for begins, ends, level in levels:
        last = stretches[-1] if stretches else None
        if last is not None and last[1] == level and last[0].end == begins:
            stretches[-1] = (replace(last[0], end=ends), level)
        else:
            stretches.append((Period(begins, ends), level))
    return stretches
