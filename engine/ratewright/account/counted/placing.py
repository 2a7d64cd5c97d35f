"""The place of each record among those of its meter: the third of its month, the first of its day.

Records may be given in any order, so they wait until all are known; they are numbered in order of time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator

from msgspec.structs import replace

from ratewright.account.binder import Binder
from ratewright.account.counted.pieces import BoundRecord, in_order
from ratewright.account.counted.record_reader import Facts
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import parts
from ratewright.usage.model import Form
from ratewright.values.calendar import Period, moment_text

Kept = Callable[[Facts], Hashable | None]
"""What a record is kept apart by; None for one that does not count."""


class Placing:
    """The places that the formulas of one meter ask for."""

    def __init__(self, asked: list[tree.RecordPlace], binder: Binder) -> None:
        self._asked = asked
        self._binder = binder
        self._waiting: list[Facts] = []
        self._past: set[int] = set()

    @classmethod
    def of(cls, meter: tree.Meter, binder: Binder) -> Placing | None:
        """None for a meter that asks for none, as most do."""
        formulas = (meter.measure, *(s.expression for s in meter.steps), *(t.expression for t in meter.tags))
        asked = {p.key: p for formula in formulas for p in parts(formula) if isinstance(p, tree.RecordPlace)}
        return cls(list(asked.values()), binder) if asked else None

    def wait(self, facts: Facts, *, past: bool) -> None:
        """Take up a record, or one from before the opening; one that has no place is reported."""
        why, help = self._why_not(facts, past=past)
        if why:
            self._binder.problems.add("A307", why, facts.record.place, help, cause=self._asked[0].span.text)
        else:
            self._waiting.append(facts)
            if past:
                self._past.add(id(facts.record))

    def placed(self, kept: Kept) -> Iterator[tuple[Facts, bool]]:
        """The records in order of time, with the places of those that count, and whether each is from before the
        opening."""
        counts: Counter[Hashable] = Counter()
        for facts in self._in_order():
            key = kept(facts)
            values = dict(facts.values)
            for asked in self._asked:
                among = asked.key, key, self._period(asked, facts)
                counts[among] += key is not None
                values[asked.key] = counts[among]
            yield replace(facts, values=values), id(facts.record) in self._past

    def _in_order(self) -> Iterator[Facts]:
        found = {id(facts.record): facts for facts in self._waiting}
        bound = (BoundRecord(f.start, f.end, f.record, f.values, f.lasted) for f in self._waiting)
        return (found[id(one.record)] for one in in_order(bound))

    def _period(self, asked: tree.RecordPlace, facts: Facts) -> Period:
        return self._binder.calendar.period_of(facts.start, asked.cadence)

    def _why_not(self, facts: Facts, *, past: bool) -> tuple[str, str]:
        if facts.record.form is Form.TOTAL:
            why = f"`{self._asked[0].span.text}` asks which record this is, and a total stands for many"
            return why, "give the records themselves, each at its instant"
        known, activated = self._binder.known_from, self._binder.activated
        for asked in self._asked:
            begin = self._period(asked, facts).start
            if not past and known is not None and max(begin, activated or begin) < known:
                since, first = (moment_text(at, self._binder.calendar) for at in (begin, known))
                why = f"`{asked.span.text}` counts from {since}, and the account's data begin on {first}"
                return why, f"give the records from {since} on: those from before an opening under `history`"
        return "", ""
