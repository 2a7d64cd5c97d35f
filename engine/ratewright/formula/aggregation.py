"""Aggregations at work: the records of a period, or a series of values, become one value or a few.

What each does with its members is in `aggregations`; here is what the members are, and what an observer is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from whenever import Instant

from ratewright.formula.aggregations import AGGREGATIONS, Combines, OverTime, Takes
from ratewright.formula.compiler import Compiler, function_of
from ratewright.formula.given import HISTORY, OBSERVER, RECORDS, SERIES, TURNS, Evaluator, Record, Values
from ratewright.formula.levels import held
from ratewright.formula.observer import Chosen, Counted, Label, Many, Stretches
from ratewright.meaning import nodes as n
from ratewright.meaning.walk import parts
from ratewright.values.calendar import Period, seconds_between
from ratewright.values.exact import Exact, exact, summed

__all__ = ["HISTORY", "RECORDS", "SERIES", "Evaluator", "Values"]

_FIGURE = itemgetter(1)


@function_of.register
def _(node: n.Aggregate, compile_: Compiler) -> Evaluator:
    work = AGGREGATIONS[node.aggregation].work
    if isinstance(work, OverTime):
        return _integral(node, compile_) if _of_records(node) else _integral_of_levels(node, compile_)
    members = _members(node, compile_)
    rank = compile_(node.rank) if node.rank is not None else None
    if isinstance(work, Combines):
        return _combined(node, work, members, compile_)
    return _taken(node, work, members, rank, compile_)


def _members(node: n.Aggregate, compile_: Compiler) -> Evaluator:
    """The values that an aggregation is over: a series, or one of each record that its condition lets in."""
    operand = node.operand
    if operand is None:
        return itemgetter(RECORDS)
    if operand.type.many:
        return compile_(operand)
    value_of = compile_.of_each(operand)
    condition = compile_.of_each(node.condition) if node.condition is not None else None
    observed = compile_.observed

    def of_records(values: Values) -> list[Any]:
        records: list[Record] = values[RECORDS]
        if condition is not None:
            records = [record for record in records if condition(record)]
        figures = [value_of(record) for record in records]
        return Many(figures, [record["record:at"] for record in records]) if observed else figures

    return of_records


def _combined(node: n.Aggregate, work: Combines, members: Evaluator, compile_: Compiler) -> Evaluator:
    """The function of an aggregation that takes all members alike."""
    combine = work.value
    if not compile_.observed or not work.different:
        return lambda values: combine(members(values))

    def combined(values: Values) -> Any:
        figures = members(values)
        values[OBSERVER].took(node, Counted(len(figures), tuple(dict.fromkeys(figures))))
        return combine(figures)

    return combined


def _taken(node: n.Aggregate, work: Takes, members: Evaluator, rank: Evaluator | None, compile_: Compiler) -> Evaluator:
    """The function of an aggregation that takes one member, or several. Of nothing it takes 0, or no value."""
    several, observed = node.type.many, compile_.observed

    def taken(values: Values) -> Any:
        found = members(values)
        asked: Any = rank(values) if rank is not None else None
        if not observed:
            if several:
                return work.some(found, asked, None)
            return work.one(found, work.place(asked, len(found)), None) if found else 0
        count, place = len(found), None
        labelled: list[tuple[Label, Any]] = list(zip(found.labels, found, strict=True))
        if several:
            chosen = work.some(labelled, asked, _FIGURE)
        else:
            place = work.place(asked, count)
            chosen = [work.one(labelled, place, _FIGURE)] if labelled else []
        values[OBSERVER].took(node, Chosen(count, place, tuple(chosen)))
        if several:
            return Many([value for _, value in chosen], [label for label, _ in chosen])
        return chosen[0][1] if chosen else 0

    return taken


def _integral(node: n.Aggregate, compile_: Compiler) -> Evaluator:
    """Each value times the seconds for which it held within the period.

    A state holds from its beginning to its end, an event for as long as it lasted. Where the value or the condition
    asks for the time, a record is divided at the instants at which their answer may turn.
    """
    assert node.operand is not None
    value_of = compile_.of_each(node.operand)
    condition = compile_.of_each(node.condition) if node.condition is not None else None
    timed = tuple(e for e in (node.operand, node.condition) if e is not None and _asks_time(e))
    observed = compile_.observed

    def integral(values: Values) -> Any:
        start, end = values["period:start"], values["period:end"]
        turns = values.get(TURNS) if timed else None
        total: Exact = 0
        levels: list[tuple[Instant, Instant, Exact]] = []
        for record in values[RECORDS]:
            at, until, rest = held(record)
            first, last = max(at, start), min(until, end)
            if first >= last and not (rest and start <= at < end):
                continue
            instants = {i for e in timed for i in turns(e, first, last, record)} if turns is not None else ()
            for begins, ends in _divided(first, last, sorted(instants)):
                asked = record if begins == at or turns is None else {**record, "record:at": begins}
                if condition is not None and not condition(asked):
                    continue
                level = value_of(asked)
                seconds = seconds_between(begins, ends)
                total += level * (seconds + rest if rest and ends == until else seconds)
                if observed:
                    levels.append((begins, ends, level))
        if observed:
            values[OBSERVER].took(node, Stretches(tuple(levels)))
        return exact(total)

    return integral


def _of_records(node: n.Aggregate) -> bool:
    return node.operand is None or not node.operand.type.many


def _integral_of_levels(node: n.Aggregate, compile_: Compiler) -> Evaluator:
    """Each value of a series for each instant times the seconds for which it held."""
    assert node.operand is not None
    levels_of = compile_(node.operand)
    observed = compile_.observed

    def integral(values: Values) -> Any:
        levels: Many = levels_of(values)
        if observed:
            periods = [label for label in levels.labels if isinstance(label, Period)]
            stretches = ((p.start, p.end, level) for p, level in zip(periods, levels, strict=True) if level)
            values[OBSERVER].took(node, Stretches(tuple(stretches)))
        return exact(summed(level * seconds for level, seconds in zip(levels, levels.seconds, strict=True)))

    return integral


def _divided(first: Instant, last: Instant, instants: list[Instant]) -> Iterator[tuple[Instant, Instant]]:
    """The parts of a stretch between the instants that lie inside it."""
    for instant in instants:
        if first < instant < last:
            yield first, instant
            first = instant
    yield first, last


def _asks_time(node: n.Expression) -> bool:
    return any(isinstance(part, n.RecordFact) and part.name == "at" for part in parts(node))
