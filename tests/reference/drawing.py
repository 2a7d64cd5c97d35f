"""Drawing: which lots pay for usage, in which order, and how much of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from ratewright.syntax import nodes as n
from tests.reference.account import Withdrawal, written_figure
from tests.reference.clock import LAST, Span
from tests.reference.formulas import Place, Value, figure, truth
from tests.reference.lots import SOONEST_THEN_OLDEST, Lot, Part, drawn_in_order
from tests.reference.pools import Pools
from tests.reference.problems import Refused
from tests.reference.rules import statement, walk
from tests.reference.values import Figure, agree, multiply, plain


class Drawing:
    """What the lots of an account pay for. `by_totals`: the lots that totals drew from, and when those were."""

    def __init__(self, pools: Pools) -> None:
        self.pools = pools
        self.told = pools.told
        self.rules = pools.rules
        self.by_totals: list[tuple[Lot, Span]] = []

    def draw(
        self,
        ranks: list[list[str]],
        covered: str,
        rest: Figure,
        at: datetime,
        place: Place,
        marks: Mapping[str, Value],
        inside: Span | None = None,
        closes: datetime = LAST,
    ) -> tuple[Figure, list[tuple[Lot, Fraction]]]:
        """Serve a quantity from the ranks in their order. Returns what is left, and what each lot paid for.

        `inside`: the time of a total, whose usage before and after an edge of a lot is not known. `closes`: when the
        bill of the usage is closed; what is bought from then on comes too late.
        """
        paid: list[tuple[Lot, Fraction]] = []
        self.last: list[tuple[Part, Fraction, Fraction]] = []
        left = rest.number
        self.meet(ranks, marks)
        self.pools.roll_over(at)
        for rank in ranks:
            if left > 0 and inside:
                self._same_throughout(rank, inside, place)
            for part in self._queue(rank, marks, place):
                if left <= 0:
                    break
                lot = part.lot
                if part.remaining <= 0 or lot.given_back or part.start >= part.end or lot.start < lot.bought >= closes:
                    continue
                if not self._meets(part, at, inside, "draw from"):
                    continue
                ratio = self._ratio(lot.pool, covered, place, rest, lot.size)
                taken = min(left, part.remaining / ratio) if ratio else left
                part.take(taken * ratio)
                left -= taken
                paid.append((lot, taken))
                self.last.append((part, taken, ratio))
            left = self._overdraw(rank, covered, Figure(left, rest.dimension), at, place, marks, inside, closes, paid)
        return Figure(left, rest.dimension), paid

    def _overdraw(
        self,
        rank: list[str],
        covered: str,
        rest: Figure,
        at: datetime,
        place: Place,
        marks: Mapping[str, Value],
        inside: Span | None,
        closes: datetime,
        paid: list[tuple[Lot, Fraction]],
    ) -> Fraction:
        """Let cycles that are used up give more, which the next ones have less. Returns what is left."""
        left = rest.number
        for part in self._queue(rank, marks, place):
            lot, rule = part.lot, statement(self.rules.at(at).pools[part.lot.pool], n.Overdraws)
            ends = part.end >= lot.end or part.older != LAST
            if left <= 0 or rule is None or ends or lot.given_back or lot.start < lot.bought >= closes:
                continue
            most = None if rule.most is None else figure(rule.most, place).number + min(part.remaining, 0)
            if most is not None and most <= 0:
                continue
            if not self._meets(part, at, inside, "overdraw"):
                continue
            ratio = self._ratio(lot.pool, covered, place, rest, lot.size)
            taken = left if most is None else min(left, most / ratio)
            part.take(taken * ratio)
            left -= taken
            paid.append((lot, taken))
        return left

    def _meets(self, part: Part, at: datetime, inside: Span | None, what: str) -> bool:
        """Whether usage meets a part of a lot; a total lies all in its time, or outside of it."""
        if inside and any(inside.start < edge < inside.end for edge in (part.start, part.end)):
            raise Refused(f"a total that would {what} a lot that begins or ends inside it")
        if not part.covers(at):
            return False
        if inside:
            self._ratio_throughout(part.lot.pool, inside)
            self.by_totals.append((part.lot, inside))
        return True

    def meet(self, ranks: list[list[str]], marks: Mapping[str, Value]) -> None:
        """Give the lots of grants with a scope for what usage or a line is marked with."""
        for pool in (pool for rank in ranks for pool in rank):
            scope = statement(self.rules.pools[pool], n.ScopeOf)
            if scope and self.rules.pools[pool].word == "grant":
                self.pools.scoped(pool, tuple((each.text, str(marks[each.text])) for each in scope.names))

    def edges(self, ranks: list[list[str]], marks: Mapping[str, Value]) -> set[datetime]:
        """Where a lot begins or ends that usage may meet; none is given by asking."""
        lots, lots_of = list(self.pools.lots), dict(self.pools.lots_of)
        self.meet(ranks, marks)
        names = [pool for rank in ranks for pool in rank]
        parts = (part for name in names for lot in self.pools.lots_of[name] for part in lot.parts)
        found = {at for part in parts for at in self.pools.edges(part)}
        self.pools.lots, self.pools.lots_of = lots, lots_of
        return found

    def withdraw(self, asked: Withdrawal) -> None:
        """Take back a part of what is left of the lots that are valid; all of it where usage that became known later
        left less. Raises Refused where less is left."""
        names = {each.id: each.package for each in self.told.account.purchases}
        pool = names.get(asked.source.partition("#")[0], asked.source)
        if pool in self.rules.at(asked.at).absent:
            raise Refused("a withdrawal from what is not there")
        if asked.kind == "grant" and asked.scope:
            self.pools.scoped(asked.source, asked.scope)
        self.pools.roll_over(asked.at)
        lots = [
            lot
            for lot in self.pools.lots
            if asked.source in ((lot.id, lot.name) if asked.kind == "purchase" else (lot.pool,))
            and (not asked.scope or lot.scope == asked.scope)
            and lot.bought <= asked.at
        ]
        if any(drawn in lots and span.start < asked.at < span.end for drawn, span in self.by_totals):
            raise Refused("a withdrawal inside a total: how much was left is not known")
        parts = [
            part
            for lot in lots
            for part in lot.parts
            if part.covers(asked.at) and not (lot.filled and part.older == LAST)
        ]
        late = any(record.reported and record.reported >= asked.at for record in self.told.account.records)
        missing = written_figure(asked.quantity, self.rules).number
        if missing > sum(part.remaining for part in parts) and not late:
            raise Refused("more is withdrawn than is left")
        rules = self._order(self.rules.pools[lots[0].pool]) if lots else ()
        for part in sorted(parts, key=lambda part: self._place(rules, part)):
            taken = min(missing, part.remaining)
            part.remaining -= taken
            missing -= taken

    def _same_throughout(self, rank: list[str], inside: Span, place: Place) -> None:
        """Refuses where the answer of a condition changes with a setting inside a stretch of time."""

        def holds(condition: n.Expression, at: datetime) -> bool:
            def names(name: str) -> Value | None:
                return self.told.setting(name, at) if name in self.rules.settings else place.names(name)

            return truth(condition, replace(place, names=names))

        instants = (inside.start, *self.told.changes_in(inside))
        for pool in rank:
            when = statement(self.rules.pools[pool], n.When)
            if when is not None and len({holds(when.condition, at) for at in instants}) > 1:
                raise Refused("a setting changes inside usage, and with it whether a quota pays")

    def _ratio_throughout(self, pool: str, inside: Span) -> None:
        for each in walk(statement(self.rules.pools[pool], n.Covers)):
            if isinstance(each, n.Ref) and each.name.text in self.rules.settings:
                self.told.setting_in(each.name.text, inside)

    def _ratio(self, pool: str, covered: str, place: Place, rest: Figure, size: Figure) -> Fraction:
        covers = statement(self.rules.pools[pool], n.Covers)
        assert covers is not None
        for each in covers.covered:
            if each.name.text == covered:
                ratio = plain(1) if each.ratio is None else figure(each.ratio, place)
                agree(multiply(rest, ratio), size)
                return ratio.number
        raise Refused(f"`{pool}` does not cover `{covered}`")

    def _queue(self, rank: list[str], marks: Mapping[str, Value], place: Place) -> list[Part]:
        parts = []
        for pool in rank:
            declaration = self.rules.pools[pool]
            when = statement(declaration, n.When)
            for lot in self.pools.lots_of[pool]:
                if any(marks.get(name) != value for name, value in lot.scope):
                    continue
                if when is not None and not truth(when.condition, place):
                    continue
                parts += lot.parts
        rules = self._order(self.rules.pools[rank[0]])
        return sorted(parts, key=lambda part: self._place(rules, part))

    def _order(self, pool: n.Declaration) -> tuple[tuple[str, str], ...]:
        draws = statement(pool, n.Draws)
        return tuple(rule.words for rule in draws.rules) if draws else SOONEST_THEN_OLDEST

    def _place(self, rules: tuple[tuple[str, str], ...], part: Part) -> tuple[object, ...]:
        return (*drawn_in_order(rules, part), part.lot.id, part.lot.number, part.began)
