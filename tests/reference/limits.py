"""Limits: how many tasks may run at once, who waits for room, and what raises it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Extension, Record, Told, written_figure
from tests.reference.clock import Length, Span, seconds
from tests.reference.problems import NotCovered, Refused
from tests.reference.rules import statement, statements
from tests.reference.values import Figure, agree

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
_HOURS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}


@dataclass(frozen=True)
class Extended:
    """An extension: for how long, by how much, at which price in all."""

    limit: str
    span: Span
    by: Figure
    price: Fraction


@dataclass(frozen=True)
class Seen:
    """What a bill tells of a limit; `waiting` in seconds."""

    tasks: int
    peak: int
    waited: int
    stuck: int
    waiting: Fraction
    capacity: tuple[tuple[datetime, Fraction], ...]  # from when on


def extended(told: Told) -> list[Extended]:
    """What the account bought of limits. Raises Refused where the list has no such offer."""
    return [_extended(told, each) for each in told.account.extensions]


def _extended(told: Told, asked: Extension) -> Extended:
    rules = told.rules.at(asked.at)
    declaration = rules.limits.get(asked.limit)
    if declaration is None:
        raise Refused(f"no limit `{asked.limit}`")
    by = written_figure(asked.by, rules)
    for offer in statements(declaration, n.Extend):
        if offer.term.text != asked.term:
            continue
        step = written_figure(f"{offer.amount.value} {offer.amount.unit.text}", rules)
        agree(step, by)
        price = next((each for each in offer.prices if each.unit.text == rules.currency), None)
        if price is None or (by.number / step.number).denominator != 1:
            raise Refused("an extension that is not sold")
        end = rules.clock.add(asked.at, _length(asked.term, asked.terms))
        whole = Fraction(price.value) * (by.number / step.number) * asked.terms
        return Extended(asked.limit, Span(asked.at, end), by, whole)
    raise Refused("an extension that is not sold")


def _length(term: str, terms: int) -> Length:
    if term in _MONTHS:
        return Length(months=_MONTHS[term] * terms)
    return Length(days=_DAYS[term] * terms) if term in _DAYS else Length(exact=_HOURS[term] * terms)


def _takes_time(record: Record) -> bool:
    """Whether a record is a task, be it left out of the meter: it ran."""
    return record.form != "total" and record.end is not None and record.end > record.start


class Limits:
    """Those of one account: when each task began, as far as it found room."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.extended = extended(told)
        self.tasks: dict[str, list[Record]] = {}
        self.begins: dict[str, list[datetime | None]] = {}
        for name, declaration in told.rules.limits.items():
            on = statement(declaration, n.LimitOn)
            assert on is not None
            meter = told.rules.recorded(on.meter.text)
            records = (each for each in told.account.records if each.meter == meter and _takes_time(each))
            self.tasks[name] = sorted(records, key=lambda each: (each.start, each.end))
            self.begins[name] = list(self._begins(name, self.tasks[name]))

    def capacity(self, name: str, at: datetime) -> Fraction:
        default = statement(self.told.rules.at(at).limits[name], n.Default)
        assert default is not None
        more = (
            each.by.number for each in self.extended if each.limit == name and each.span.start <= at < each.span.end
        )
        return sum(more, Fraction(default.amount.value))

    def _changes(self, name: str) -> list[datetime]:
        """When the capacity may be another than before."""
        ends = (at for each in self.extended if each.limit == name for at in each.span)
        return sorted({*ends, *self.told.rules.changes})

    def _begins(self, name: str, tasks: Sequence[Record]) -> Iterator[datetime | None]:
        """First come, first served: none begins before one that asked earlier."""
        running: list[datetime] = []
        last = datetime.min
        for one in tasks:
            assert one.end is not None
            last = max(last, one.start)
            later = [at for at in (*running, *self._changes(name)) if at > last]
            for at in (last, *sorted(later)):
                if sum(end > at for end in running) < self.capacity(name, at):
                    last = at
                    running.append(at + (one.end - one.start))
                    yield at
                    break
            else:
                last = datetime.max
                yield None

    def seen(self, name: str, month: Span) -> Seen:
        """What the bill of a month tells: of the tasks that asked for room in it."""
        asked = [(one, at) for one, at in zip(self.tasks[name], self.begins[name], strict=True)
                 if month.start <= one.start < month.end]  # fmt: skip
        waited = [at - record.start for record, at in asked if at is not None and at > record.start]
        stuck = sum(at is None for _, at in asked)
        peak = max((self._at_once(name, record.start) for record, _ in asked), default=0)
        at_start = self._at_once(name, month.start)
        cuts = [month.start, *(at for at in self._changes(name) if month.start < at < month.end)]
        capacity: list[tuple[datetime, Fraction]] = []
        for at in cuts:
            if not capacity or capacity[-1][1] != self.capacity(name, at):
                capacity.append((at, self.capacity(name, at)))
        waiting = sum((seconds(each) for each in waited), Fraction(0))
        return Seen(len(asked), max(peak, at_start), len(waited), stuck, waiting, tuple(capacity))

    def _at_once(self, name: str, at: datetime) -> int:
        """How many would run at an instant without the limit."""
        return sum(one.start <= at < (one.end or at) for one in self.tasks[name])


def check_covered(told: Told) -> None:
    if told.rules.limits and any(each.reported for each in told.account.records):
        raise NotCovered("late tasks of a limit")
