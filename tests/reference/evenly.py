"""Records that are spread evenly over their time: where they are divided, and the pieces in which they are served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Told
from tests.reference.clock import Span
from tests.reference.counted import Counted
from tests.reference.dividing import divided
from tests.reference.drawing import Drawing
from tests.reference.formulas import figure, truth
from tests.reference.in_force import holds_within
from tests.reference.measures import Measuring
from tests.reference.rules import statement, walk
from tests.reference.schedule import Schedule
from tests.reference.values import add


class Evenly:
    """What is served of one meter: records that are divided where something changes, and nowhere else."""

    def __init__(self, told: Told, schedule: Schedule, drawing: Drawing, measuring: Measuring) -> None:
        self.told = told
        self.rules = told.rules
        self.schedule = schedule
        self.drawing = drawing
        self.measuring = measuring
        self.lines = schedule.on(measuring.meter)
        self.ranks = told.rules.chain(measuring.meter)
        self.pools = [pool for rank in self.ranks for pool in rank]

    def pieces(self) -> list[Counted]:
        """In order of time."""
        changes = self._changes()
        found = []
        by_record: dict[int, list[Counted]] = {}
        for one in self.measuring.records:
            by_record.setdefault(id(one.whole), []).append(one)
        for parts in by_record.values():
            for piece in self._joined(parts):
                found += divided(piece, changes | self._edges(piece))
        return sorted(found, key=lambda each: each.order)

    def _joined(self, parts: list[Counted]) -> Iterator[Counted]:
        """The stretches in which every formula that is asked of a record has one answer."""
        current, answers = parts[0], self._answers(parts[0])
        for part in parts[1:]:
            if part.record.start == current.record.end and self._answers(part) == answers:
                record = replace(current.record, end=part.record.end)
                quantity = add(current.quantity, part.quantity)
                current = replace(current, record=record, quantity=quantity, times=current.times + part.times)
            else:
                yield current
                current, answers = part, self._answers(part)
        yield current

    def _answers(self, one: Counted) -> tuple[object, ...]:
        place = self.measuring.place(one)
        number = one.quantity.number
        measured = self.measuring.drawn(one).number / number if number else Fraction(0)
        lines = tuple(line.takes(one.record) for line in self.lines)
        pools: list[object] = []
        for name in self.pools:
            pool = self.rules.pools[name]
            when, covers = statement(pool, n.When), statement(pool, n.Covers)
            pools.append(when is None or truth(when.condition, place))
            assert covers is not None
            own = (each for each in covers.covered if each.name.text == self.measuring.meter)
            pools += [figure(each.ratio, place) for each in own if each.ratio is not None]
        return (one.key, measured, lines, *pools)

    def _changes(self) -> set[datetime]:
        """Where a setting changes that is asked."""
        asked = {name for line in self.lines for name in line.asked}
        asked |= self.measuring.names_in_all()
        for name in self.pools:
            for part in walk((statement(self.rules.pools[name], n.When), statement(self.rules.pools[name], n.Covers))):
                asked |= {part.name.text} if isinstance(part, n.Ref) else set()
        return {at for name, changes in self.told.changes.items() if name in asked for at, _ in changes if at}

    def _taken_back(self) -> set[datetime]:
        """Where a lot is asked back, or a part of it withdrawn."""
        account = self.told.account
        names = {*self.pools, *(each.id for each in account.purchases if each.package in self.pools)}
        requests = {each.at for each in account.refunds if each.purchase.partition("#")[0] in names}
        return requests | {each.at for each in account.withdrawals if each.source in names}

    def _edges(self, piece: Counted) -> set[datetime]:
        """Where a lot begins or ends, or a period of a line; of a meter without lines a month."""
        start, end = piece.record.start, piece.record.end
        if end is None:
            return set()
        edges = self.drawing.edges(self.ranks, {**piece.fields, **dict(piece.key)})
        edges |= self._taken_back()
        held = [line for line in self.lines if holds_within(self.told, line.declaration, Span(start, end))]
        for line in held:
            edges |= {part.end for span in line.spans(start, end) for part in self.schedule.parts(line, span)}
        if not held:
            edges |= {month.end for month in self.schedule.all_months}
        return edges
