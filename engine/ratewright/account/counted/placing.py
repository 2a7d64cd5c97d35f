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

    @classmethod
    def of(cls, meter: tree.Meter, binder: Binder) -> Placing | None:
        """None for a meter that asks for none, as most do."""
        formulas = (meter.measure, *(s.expression for s in meter.steps), *(t.expression for t in meter.tags))
        asked = {p.key: p for formula in formulas for p in parts(formula) if isinstance(p, tree.RecordPlace)}
        return cls(list(asked.values()), binder) if asked else None

    def wait(self, facts: Facts) -> None:
        """Take up a record; one that has no place is reported."""
        why, help = self._why_not(facts)
        if why:
            self._binder.problems.add("A307", why, facts.record.place, help, cause=self._asked[0].span.text)
        else:
            self._waiting.append(facts)

    def refuse_past(self, facts: Facts) -> None:
        """Report a record from before the opening that is looked back at: its place is not known."""
        why = f"`{self._asked[0].span.text}` asks which record this is, and from before the opening not all are known"
        self._binder.problems.add("A307", why, facts.record.place, "look back no further than the opening")

    def placed(self, kept: Kept) -> Iterator[Facts]:
        """The records in order of time, with the places of those that count."""
        counts: Counter[Hashable] = Counter()
        for facts in self._in_order():
            key = kept(facts)
            values = dict(facts.values)
            for asked in self._asked:
                among = asked.key, key, self._period(asked, facts)
                counts[among] += key is not None
                values[asked.key] = counts[among]
            yield replace(facts, values=values)

    def _in_order(self) -> Iterator[Facts]:
        found = {id(facts.record): facts for facts in self._waiting}
        bound = (BoundRecord(f.start, f.end, f.record, f.values, f.lasted) for f in self._waiting)
        return (found[id(one.record)] for one in in_order(bound))

    def _period(self, asked: tree.RecordPlace, facts: Facts) -> Period:
        return self._binder.calendar.period_of(facts.start, asked.cadence)

    def _why_not(self, facts: Facts) -> tuple[str, str]:
        text = self._asked[0].span.text
        if facts.record.form is Form.TOTAL:
            why = f"`{text}` asks which record this is, and a total stands for many"
            return why, "give the records themselves, each at its instant"
        opening = self._binder.opening
        for asked in self._asked:
            begin = self._period(asked, facts).start
            if opening is not None and begin < opening:
                since = moment_text(begin, self._binder.calendar)
                why = f"`{asked.span.text}` counts from {since}, and the account's data begin with a later opening"
                return why, f"let the balances be those of {since}"
        return "", ""
